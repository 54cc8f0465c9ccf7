"""Codes for new places, after those that are beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, count

from stockshop.services.locations import Place


def next_code(everything: Sequence[Place], kind: str, parent: Place | None) -> str:
    """A code for a new place after those beside it: A-07 after A-06, C-01 first in the zone SHOP-C.

    `everything` is `places(shop, archived=True)`: what is out of use keeps its code.
    """
    taken = {place.code.upper() for place in everything}
    beside = [
        place.code
        for place in everything
        if place.kind == kind and place.parent_id == (parent.id if parent else None) and not place.archived
    ]
    codes: Iterable[str]
    numbered = [found for code in beside if (found := _NUMBERED.match(code))]
    lettered = [found for code in beside if (found := _LETTERED.match(code))]
    if numbered:
        stem, last = numbered[-1][1], numbered[-1][2]
        highest = max(int(found[2]) for found in numbered if found[1] == stem)
        codes = (f"{stem}{number:0{len(last)}}" for number in count(highest + 1))
    elif lettered:
        stem, first = lettered[0][1], lettered[0][2]
        letters = (chr(code) for code in range(ord(first) + 1, ord("Z" if first.isupper() else "z") + 1))
        codes = chain((stem + letter for letter in letters), (f"{stem}{number:02}" for number in count(1)))
    elif beside:
        codes = (f"{beside[-1]}-{number}" for number in count(2))
    elif parent is None:
        codes = chain(("SHOP",), (f"SHOP-{number}" for number in count(2)))
    elif kind == "zone":
        codes = (f"{parent.code}-{chr(code)}" for code in range(ord("A"), ord("Z") + 1))
    else:
        codes = (f"{parent.code.rpartition('-')[2]}-{number:02}" for number in count(1))
    return next((code for code in codes if code.upper() not in taken), "")


_NUMBERED = re.compile(r"^(.*?)(\d{1,9})$")
_LETTERED = re.compile(r"^(.*[-. /])([A-Za-z])$")

"""Labels for places: the code large enough to be read from afar, and the barcode that opens the bin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stockshop.errors import InvalidInput, NotFound
from stockshop.language import tr
from stockshop.services.locations import Place, find_in, place_of_id
from stockshop.services.printing import Progress, sheet_for
from stockshop.services.shop import Shop

if TYPE_CHECKING:
    from stockshop.documents.labels import LabelReport, ShelfLabel


def print_bin_labels(
    shop: Shop,
    codes: Sequence[str],
    out: Path,
    *,
    sheet: str = "",
    dpi: int | None = None,
    start: int = 1,
    copies: int = 1,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LabelReport:
    """Write a label for each of these places, in this order, to a PDF.

    A place is named by its code or barcode. `sheet` is a brand and part or a size; empty: the one used
    last. Characters of a name that no font has are printed as "?". Raises NotFound, InvalidInput, and
    what `documents.labels.write_labels` raises.
    """
    from stockshop.documents.labels import write_labels

    if not codes:
        raise InvalidInput(tr("Name at least one bin."), field="bin")
    if copies < 1:
        raise InvalidInput(tr("Print at least one of each."), field="copies")
    found = sheet_for(shop, sheet)
    return write_labels(
        out,
        bin_labels(shop, codes),
        found,
        dpi=dpi,
        start=start,
        copies=copies,
        title=tr("Bin labels, {shop}", shop=shop.settings.name),
        author=shop.settings.name,
        replace_missing=True,
        on_progress=on_progress,
        should_stop=should_stop,
    )


def bin_labels(shop: Shop, codes: Sequence[str]) -> list[ShelfLabel]:
    """What stands on the label of each place; without a name of its own it has that of its zone."""
    from stockshop.documents.labels import ShelfLabel

    labels = []
    above: dict[int, Place] = {}
    with shop.store.reading() as session:
        for code in codes:
            place = find_in(session, code)
            if place is None:
                raise NotFound(tr("There is no place '{place}'.", place=code[:40]), field="bin")
            shown = place
            if place.name == place.code and place.parent_id is not None:
                if place.parent_id not in above:
                    above[place.parent_id] = place_of_id(session, place.parent_id)
                shown = replace(place, name=above[place.parent_id].name)
            labels.append(
                ShelfLabel(
                    name=shown.name if shown.name != place.code else "",
                    sku="",
                    code=place.barcode,
                    locale=shop.settings.locale,
                    headline=place.code,
                )
            )
    return labels

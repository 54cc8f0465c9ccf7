"""Places: sites, zones and bins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, group, subcommand
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.services.locations import Place


@group("place")
def place() -> None:
    """Sites, zones and bins: list, add, change, archive.

    A site holds zones, a zone holds bins, and only bins hold stock.
    """


@subcommand(place, "list")
@click.option("--archived", is_flag=True, help="Those out of use, too.")
def list_places(choices: Choices, archived: bool) -> None:
    """All places, in walking order.

    \b
    Example:
      stockshop place list
    """
    from stockshop.services import locations

    with choices.open() as shop:
        everything = locations.places(shop, archived=archived)
    codes = {one.id: one.code for one in everything}
    if choices.json:
        output.emit_rows(_as_data(one, codes) for one in everything)
        return
    output.table(
        output.columns("code kind in ~name barcode"),
        [
            (one.code, output.heading(one.kind), codes.get(one.parent_id or 0, ""), one.name, one.barcode)
            for one in everything
        ],
    )


def _as_data(one: Place, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "kind": one.kind,
        "in": codes.get(one.parent_id or 0),
        "name": one.name,
        "walk_order": one.walk_order,
        "barcode": one.barcode,
        "archived": one.archived,
    }


def _tell(choices: Choices, one: Place, done: str) -> None:
    """`done` is a sentence about `{kind}`, `{place}` and its `{barcode}`, looked up already."""
    if choices.json:
        output.emit({"code": one.code, "kind": one.kind, "name": one.name, "barcode": one.barcode})
    else:
        output.say(done.format(kind=output.heading(one.kind), place=one.code, barcode=one.barcode))


@subcommand(place, "add")
@click.argument("kind", type=click.Choice(["site", "zone", "bin"]), help="What it is.")
@click.argument("code", help="Its code, such as A-07.")
@click.option("--in", "parent", metavar="CODE", default="", help="The site or zone it lies in.")
@click.option("--name", default="", help="What people call it.")
@click.option("--walk", type=int, metavar="NUMBER", help="Its place in walking order (else the last).")
@click.option("--barcode", default="", help="What its label says (else BIN- and the code).")
def add(
    choices: Choices, kind: str, code: str, parent: str, name: str, walk: int | None, barcode: str
) -> None:
    """Add a site, a zone or a bin.

    \b
    Examples:
      stockshop place add bin A-07 --in SHOP-A --name "Shelf 7"
      stockshop place add zone SHOP-C --in SHOP --name "Cold room"
    """
    from stockshop.services import locations

    with choices.open() as shop:
        made = locations.add_place(
            shop, choices.who, kind, code, name, parent=parent, walk_order=walk, barcode=barcode
        )
    _tell(choices, made, tr("The {kind} {place} is added; its barcode is {barcode}."))


@subcommand(place, "change")
@click.argument("code", help="The code of the place.")
@click.option("--code", "new_code", metavar="CODE", help="Another code.")
@click.option("--name", help="Another name.")
@click.option("--in", "parent", metavar="CODE", help="Another site or zone it lies in.")
@click.option("--walk", type=int, metavar="NUMBER", help="Its place in walking order.")
@click.option("--barcode", help="What its label says.")
def change(
    choices: Choices,
    code: str,
    new_code: str | None,
    name: str | None,
    parent: str | None,
    walk: int | None,
    barcode: str | None,
) -> None:
    """Rename, renumber or move a place.

    \b
    Example:
      stockshop place change A-07 --name "Shelf 7, left"
    """
    from stockshop.services import locations

    with choices.open() as shop:
        changed = locations.change_place(
            shop, choices.who, code,
            new_code=new_code, name=name, parent=parent, walk_order=walk, barcode=barcode,
        )  # fmt: skip
    _tell(choices, changed, tr("The {kind} {place} is changed; its barcode is {barcode}."))


@subcommand(place, "archive")
@click.argument("code", help="The code of the place.")
def archive(choices: Choices, code: str) -> None:
    """Put an empty place out of use; what happened there stays in the books.

    \b
    Example:
      stockshop place archive A-07
    """
    from stockshop.services import locations

    with choices.open() as shop:
        locations.archive_place(shop, choices.who, code)
    if choices.json:
        output.emit({"code": code, "archived": True})
    else:
        output.say(tr("{place} is out of use.", place=code))


COMMANDS = {"place": place}

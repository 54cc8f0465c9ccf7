"""Looking at stock: levels, history, what runs low; and undoing an entry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, command
from stockshop.cli.output import columns
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.services.reports import HistoryRow, LowRow, StockRow
    from stockshop.services.shop import Shop

_PAGE = 5_000
_ON_A_TERMINAL = 50


@command("stock")
@click.argument("code", required=False, help="A SKU or any barcode; without it, everything.")
@click.option("--bin", "bin_code", metavar="BIN", help="Only this bin, zone or site.")
@click.option(
    "--at",
    metavar="INSTANT",
    help="As it was then: 2026-01-31 17:05 in the shop's time; a date alone is its first moment.",
)
def stock(choices: Choices, code: str | None, bin_code: str | None, at: str | None) -> None:
    """How many there are, and where.

    \b
    Examples:
      stockshop stock 4006381333931
      stockshop stock --bin A-01
      stockshop stock TEA-100 --at "2026-01-31 18:00"
      stockshop stock --json
    """
    from stockshop import clock
    from stockshop.services.reports import stock_rows

    with choices.open() as shop:
        at_us = None if at is None else clock.parse_instant(at, shop.zone)
        rows = stock_rows(shop, code, bin_code=bin_code, at_us=at_us)
        if choices.json:
            output.emit_rows(_stock_data(row, is_now=at_us is None) for row in rows)
        elif at_us is None:
            output.table(
                columns("sku ~name bin lot >on_hand >available >on_order unit >value"),
                [_stock_line(row, shop) for row in rows],
                empty=tr("There is nothing."),
            )
        else:
            output.table(
                columns("sku ~name bin lot >on_hand unit"),
                [
                    (row.sku, row.name, row.bin, row.lot, output.quantity(row.on_hand_milli, row.unit, shop),
                     row.unit)
                    for row in rows
                ],
                empty=tr("There was nothing."),
            )  # fmt: skip


def _stock_data(row: StockRow, *, is_now: bool) -> dict[str, Any]:
    """What was promised, ordered and worth is known of the present only."""
    from stockshop.money import plain_value
    from stockshop.quantity import plain

    return {
        "sku": row.sku,
        "name": row.name,
        "bin": row.bin or None,
        "lot": row.lot or None,
        "on_hand": plain(row.on_hand_milli),
        "allocated": plain(row.allocated_milli) if is_now else None,
        "available": plain(row.available_milli) if is_now else None,
        "on_order": plain(row.on_order_milli) if is_now else None,
        "value": plain_value(row.value_e4) if is_now else None,
        "unit": row.unit,
        "expiry": row.expiry,
    }


def _stock_line(row: StockRow, shop: Shop) -> tuple[str, ...]:
    numbers = (row.on_hand_milli, row.available_milli, row.on_order_milli)
    shown = [output.quantity(number, row.unit, shop) for number in numbers]
    lot = f"{row.lot} ({row.expiry})" if row.expiry and row.expiry != row.lot else row.lot
    return (row.sku, row.name, row.bin, lot, *shown, row.unit, output.value(row.value_e4, shop))


@command("history")
@click.argument("code", help="A SKU or any barcode.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help=f"Only the newest so many (on a terminal {_ON_A_TERMINAL}, unless you say).",
)
def history(choices: Choices, code: str, limit: int | None) -> None:
    """Why the number is what it is: every movement of a product.

    The newest comes first, each with what was on hand after it.

    \b
    Examples:
      stockshop history 4006381333931
      stockshop history TEA-100 --limit 10 --json
    """
    from stockshop.services.catalogue import find_product

    with choices.open() as shop:
        if choices.json:
            output.emit_rows(map(_history_data, islice(_history(shop, code), limit)))
            return
        product = find_product(shop, code)
        is_short = limit is None and sys.stdout.isatty()
        wanted = _ON_A_TERMINAL if is_short else limit
        rows = list(islice(_history(shop, code), wanted))
        output.say(
            tr("{product}  ({sku}), in {unit}", product=product.name, sku=product.sku, unit=product.unit)
        )
        output.table(
            columns("entry when kind from to lot >change >on_hand by ~why"),
            [_history_line(row, product.unit, shop) for row in rows],
            empty=tr("It has never moved."),
        )
        if is_short and len(rows) == _ON_A_TERMINAL:
            output.note(tr("These are the newest {count}; '--limit' shows more.", count=_ON_A_TERMINAL))


def _history(shop: Shop, code: str) -> Iterator[HistoryRow]:
    """All rows, newest first, read page by page."""
    from stockshop.services import reports

    before_id: int | None = None
    while page := reports.history(shop, code, limit=_PAGE, before_id=before_id):
        yield from page
        before_id = page[-1].movement_id


def _history_data(row: HistoryRow) -> dict[str, Any]:
    from stockshop import clock
    from stockshop.money import plain_value
    from stockshop.quantity import plain

    return {
        "entry": row.entry_id,
        "kind": row.kind,
        "at": clock.iso(row.occurred_at_us),
        "recorded_at": clock.iso(row.recorded_at_us),
        "actor": row.actor,
        "reference": row.reference,
        "note": row.note,
        "lot": row.lot or None,
        "from": row.from_place,
        "to": row.to_place,
        "quantity": plain(row.quantity_milli),
        "change": plain(row.change_milli),
        "balance": plain(row.balance_milli),
        "value": plain_value(row.value_e4),
        "reverses": row.reverses_id,
    }


def _history_line(row: HistoryRow, unit: str, shop: Shop) -> tuple[str, ...]:
    change = output.quantity(row.change_milli, unit, shop)
    why = "; ".join(word for word in (row.reference, row.note) if word)
    if row.reverses_id is not None:
        why = tr("undoes entry {number}: {why}", number=row.reverses_id, why=why)
    return (
        str(row.entry_id),
        output.when(row.occurred_at_us, shop),
        row.kind,
        row.from_place,
        row.to_place,
        row.lot,
        f"+{change}" if row.change_milli > 0 else change,
        output.quantity(row.balance_milli, unit, shop),
        row.actor,
        why,
    )


@command("low")
@click.option("--supplier", metavar="NAME", help="Only what is bought from this supplier.")
@click.option("--site", metavar="CODE", help="Only the rules of this site.")
def low(choices: Choices, supplier: str | None, site: str | None) -> None:
    """What has to be ordered, the emptiest first.

    These are the products at or below their reorder point, what is on order counted in.
    Suggested is what fills up to the order-up-to level, in whole packs of the supplier.

    \b
    Examples:
      stockshop low
      stockshop low --supplier "Wholesale Ltd" --json
    """
    from stockshop.services import reports

    with choices.open() as shop:
        rows = reports.low(shop, supplier=supplier, site=site)
        if choices.json:
            output.emit_rows(map(_low_data, rows))
        else:
            output.table(
                columns("sku ~name >on_hand >projected >reorder_at >suggested unit supplier"),
                [_low_line(row, shop) for row in rows],
                empty=tr("Nothing runs low."),
            )


def _low_data(row: LowRow) -> dict[str, Any]:
    from stockshop.quantity import plain

    return {
        "sku": row.sku,
        "name": row.name,
        "on_hand": plain(row.on_hand_milli),
        "available": plain(row.available_milli),
        "on_order": plain(row.on_order_milli),
        "projected": plain(row.projected_milli),
        "reorder_point": plain(row.reorder_point_milli),
        "order_up_to": plain(row.order_up_to_milli),
        "suggested": plain(row.suggested_milli),
        "supplier": row.supplier or None,
        "unit": row.unit,
        "site": row.site or None,
        "supplier_code": row.supplier_code or None,
    }


def _low_line(row: LowRow, shop: Shop) -> tuple[str, ...]:
    numbers = (row.on_hand_milli, row.projected_milli, row.reorder_point_milli, row.suggested_milli)
    shown = [output.quantity(number, row.unit, shop) for number in numbers]
    return (row.sku, row.name, *shown, row.unit, row.supplier)


@command("undo")
@click.argument("entry", type=int, help="The number of the entry, as 'history' shows it.")
@click.option("--reason", required=True, help="Why it is undone; it is kept with it.")
@click.option("--id", "client_id", metavar="ID", help="An id of your own, so that a repeat undoes it once.")
def undo(choices: Choices, entry: int, reason: str, client_id: str | None) -> None:
    """Undo an entry by a counter-entry; both stay in the books.

    \b
    Example:
      stockshop undo 1234 --reason "Booked on the wrong product"
    """
    from stockshop.services.stock import reverse_entry

    with choices.open() as shop:
        done = reverse_entry(shop, choices.who, entry, reason, client_id=client_id)
    if choices.json:
        output.emit({"id": done.client_id, "entry": done.entry_id, "status": done.status})
    else:
        said = (
            tr("Entry {number} is undone by entry {other}.", number=entry, other=done.entry_id)
            if done.status == "posted"
            else tr("Entry {number} was undone before, by entry {other}.", number=entry, other=done.entry_id)
        )
        output.say(said)


COMMANDS = {"stock": stock, "history": history, "low": low, "undo": undo}

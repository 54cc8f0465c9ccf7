"""Playing the story to the shop's services, each event at its own time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from stockshop.quantity import MILLI
from stockshop.services import catalogue, counting, locations, ordering, scanning
from stockshop.services.catalogue.merging import merge_products
from stockshop.services.demo.events import (
    Archived,
    Counted,
    Event,
    Merged,
    OrderClosed,
    Ordered,
    Posted,
    Priced,
    Ruled,
    Unknown,
)
from stockshop.services.demo.goods import Article, World
from stockshop.services.shop import Shop
from stockshop.services.stock import EntryRequest
from stockshop.storage.session import Session

Progress = Callable[[int, int], None]
"""Told (done, total); what it raises ends the work."""

# Few enough that a bar moves, many enough that the disk is seldom waited for.
_ENTRIES_AT_ONCE = 500
_SITE = "SHOP"
_FLOOR, _BACK, _YARD = "SHOP-A", "SHOP-B", "SHOP-Y"
_ZONES = {"A": _FLOOR, "B": _BACK, "Y": _YARD}
_WALK = {"A": 0, "Y": 500, "B": 1_000}
_SECOND_SUPPLIER_EVERY = 11


class StoryClock:
    """Tells the time of the event that is being played."""

    def __init__(self, at_us: int) -> None:
        self.at_us = at_us

    def __call__(self) -> int:
        return self.at_us


def furnish(shop: Shop, actor: str, world: World) -> None:
    """Add the zones and bins, in walking order, beside those every shop starts with."""
    there = {place.code for place in locations.places(shop)}
    for code, name in world.zones:
        locations.add_place(shop, actor, "zone", code, name, parent=_SITE)
    for number, (code, name) in enumerate(world.bins, start=1):
        walk_order = _WALK[code[0]] + number * 10
        if code in there:
            locations.change_place(shop, actor, code, name=name, walk_order=walk_order)
        else:
            locations.add_place(shop, actor, "bin", code, name, parent=_ZONES[code[0]], walk_order=walk_order)


def stock_catalogue(shop: Shop, actor: str, world: World) -> None:
    """Add every article, with its barcodes, suppliers and a first reorder rule, in one go."""

    def work(session: Session) -> None:
        for number, article in enumerate(world.articles):
            _add_article(session, shop, actor, world, article, number)

    shop.store.writing(work)


def _add_article(
    session: Session, shop: Shop, actor: str, world: World, article: Article, number: int
) -> None:
    codes: list[catalogue.BarcodeRequest] = [article.barcode] if article.barcode else []
    if article.case_pieces:
        codes.append((article.case_barcode, article.case_pieces * MILLI))
    product_id = catalogue.add_product_in(
        session,
        shop,
        actor,
        {
            "sku": article.sku,
            "name": article.name,
            "label_name": article.label,
            "category": article.category,
            "unit": article.unit,
            "net_content_milli": article.content_milli,
            "net_content_unit": article.content_unit,
            "price_minor": article.price_minor,
            "tax_rate_milli": article.tax_rate_milli,
            "tracking": "lot" if article.life_days else "none",
            "preferred_bin": article.bin,
        },
        barcodes_of=tuple(codes),
        reason="First price",
    )
    suppliers = {each.name: each for each in world.suppliers}
    catalogue.set_supplier_in(
        session,
        actor,
        product_id,
        article.supplier,
        supplier_code=article.supplier_code,
        pack_milli=article.pack_milli,
        minimum_milli=article.minimum_milli,
        unit_cost_e4=article.cost_e4,
        lead_time_days=suppliers[article.supplier].lead_days,
    )
    if number % _SECOND_SUPPLIER_EVERY == 0 and article.supplier != "Homestead Wholesale":
        catalogue.set_supplier_in(
            session,
            actor,
            product_id,
            "Homestead Wholesale",
            supplier_code=f"HW-{90_000 + number}",
            pack_milli=article.pack_milli,
            unit_cost_e4=article.cost_e4 * 108 // 100,
            lead_time_days=suppliers["Homestead Wholesale"].lead_days,
        )


class Player:
    """Plays events to an open shop."""

    def __init__(self, shop: Shop, clock_hands: StoryClock) -> None:
        self.shop = shop
        self.hands = clock_hands
        self._order_lines: dict[str, tuple[int, ...]] = {}
        self._order_ids: dict[str, int] = {}

    def play(self, events: Sequence[Event], on_progress: Progress | None) -> None:
        """Play them all; entries that follow one another share a transaction."""
        done = 0
        for together, group in groupby(events, key=lambda event: isinstance(event, Posted)):
            run = list(group)
            size = _ENTRIES_AT_ONCE if together else 1
            for start in range(0, len(run), size):
                part = run[start : start + size]
                if together:
                    self._post([event for event in part if isinstance(event, Posted)])
                else:
                    self.hands.at_us = part[0].at_us
                    self._one(part[0])
                done += len(part)
                if on_progress is not None:
                    on_progress(done, len(events))

    def _post(self, entries: Sequence[Posted]) -> None:
        requests = [(entry.at_us, self._request(entry)) for entry in entries]

        def work(session: Session) -> None:
            for at_us, request in requests:
                self.hands.at_us = at_us
                request(session)

        self.shop.store.writing(work)

    def _request(self, entry: Posted) -> EntryRequest:
        lines = list(entry.lines)
        if entry.order:
            known = self._order_lines[entry.order]
            lines = [
                replace(line, order_line_id=known[position])
                for line, position in zip(lines, entry.order_lines, strict=True)
            ]
        return EntryRequest(
            self.shop, entry.actor, entry.kind, lines, client_id=entry.client_id, at_us=entry.at_us,
            reference=entry.reference, note=entry.note,
        )  # fmt: skip

    def _one(self, event: Event) -> None:
        shop, actor = self.shop, event.actor
        match event:
            case Counted():
                counting.post_count(shop, actor, event.looks, client_id=event.client_id, note=event.note)
            case Ordered():
                self._order(event)
            case OrderClosed():
                ordering.close_order(shop, actor, self._order_ids[event.order])
            case Priced():
                self._price(event)
            case Ruled():
                self._rule(event)
            case Unknown():
                scanning.keep_unknown(shop, actor, event.code, event.place, client_id=event.client_id)
            case Archived():
                catalogue.archive(shop, actor, event.product)
            case Merged():
                merge_products(shop, actor, event.into, event.product, client_id=f"merge-{event.product}")
            case _:
                raise AssertionError(event)

    def _order(self, event: Ordered) -> None:
        opened = ordering.open_order(
            self.shop, event.actor, event.kind, event.lines, supplier=event.supplier,
            reference=event.reference, client_id=event.client_id,
        )  # fmt: skip
        self._order_ids[event.client_id] = opened.id
        self._order_lines[event.client_id] = tuple(line.id for line in opened.lines)
        if event.kind == "sales":
            for number, line in enumerate(opened.lines):
                ordering.allocate(
                    self.shop, event.actor, line.id, line.quantity_milli,
                    client_id=f"{event.client_id}-{number}",
                )  # fmt: skip

    def _price(self, event: Priced) -> None:
        def work(session: Session) -> None:
            for code, price_minor in event.prices:
                product_id = catalogue.product_id_in(session, code)
                catalogue.change_product_in(
                    session, self.shop, event.actor, product_id, {"price_minor": price_minor},
                    reason=event.reason,
                )  # fmt: skip

        self.shop.store.writing(work)

    def _rule(self, event: Ruled) -> None:
        def work(session: Session) -> None:
            for code, point_milli, up_to_milli in event.rules:
                product_id = catalogue.product_id_in(session, code)
                if point_milli is None or up_to_milli is None:
                    catalogue.remove_reorder_rule_in(session, event.actor, product_id)
                else:
                    catalogue.set_reorder_rule_in(session, event.actor, product_id, point_milli, up_to_milli)

        self.shop.store.writing(work)

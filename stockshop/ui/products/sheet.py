"""Everything the shop knows about a product, painted at any width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from stockshop import clock
from stockshop.ui.counter.card import sparkline
from stockshop.ui.counter.lines import (
    BAD,
    GOOD,
    KEY,
    PRICE,
    QUIET,
    STRONG,
    WARN,
    Line,
    content,
    heading,
    part,
    wrap,
)
from stockshop.ui.wording import DONE, Wording

if TYPE_CHECKING:
    from stockshop.services.catalogue.records import ProductDetail
    from stockshop.services.counter import CardLevel, ProductCard, ProductPast
    from stockshop.services.reports import HistoryRow
    from stockshop.services.shop import Shop

_EXPIRES_SOON_DAYS = 30
_PRICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """A product, its stock, and what has lately become of it."""

    detail: ProductDetail
    card: ProductCard
    past: ProductPast


def read_facts(shop: Shop, product_id: int, movements: int = 6) -> Facts:
    """Everything about a product, in three looks. Raises NotFound."""
    from stockshop.services import catalogue, counter

    return Facts(
        catalogue.product(shop, product_id),
        counter.product_card(shop, product_id),
        counter.product_past(shop, product_id, movements),
    )


def signed(quantity_milli: int, unit: str, words: Wording) -> str:
    """`+12` or `−3`."""
    shown = words.number(quantity_milli, unit)
    return f"+{shown}" if quantity_milli > 0 else shown


def movement_words(row: HistoryRow) -> str:
    """What happened, and where: `sold  from A-03`."""
    ways = {
        "sell": f"from {row.from_place}",
        "receive": f"to {row.to_place}",
        "opening": f"in {row.to_place}",
    }
    way = ways.get(row.kind, f"{row.from_place} → {row.to_place}")
    note = " · ".join(filter(None, (row.reference, row.note)))
    return f"{DONE.get(row.kind, row.kind)} {way}{f' · {note}' if note else ''}"


class ProductSheet(Widget):
    """One product from top to bottom; as high as it needs."""

    DEFAULT_CSS = """
    ProductSheet { height: auto; padding: 0 1; }
    """

    def __init__(self, words: Wording, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.words = words
        self.facts: Facts | None = None
        self.with_movements = True
        """Off where the movements stand beside it."""
        self.empty = ""
        """What is said without a product."""
        self.hints: dict[str, str] = {}
        """What can be done here: a hint beside `barcode` and `why`."""

    def show(self, facts: Facts | None) -> None:
        """Another product, or the same one anew."""
        self.facts = facts
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there is to say."""
        return max(1, len(self._rows(width)))

    def render(self) -> Content:
        """The sheet."""
        return content(self._rows(self.size.width), 10_000)

    def _rows(self, width: int) -> list[Line]:
        facts = self.facts
        if facts is None:
            return [[part(row, width, QUIET)] for row in wrap(self.empty, width, 4)] if self.empty else []
        if width < 16:
            return []
        return [
            *self._head(facts, width),
            [],
            *self._numbers(facts.card, width),
            [],
            *self._where(facts, width),
            *self._rules(facts, width),
            *self._barcodes(facts, width),
            *self._prices(facts, width),
            *self._suppliers(facts, width),
            *self._movements(facts, width),
            *self._rest(facts, width),
        ]

    # -- parts -----------------------------------------------------------------------------------

    def _head(self, facts: Facts, width: int) -> list[Line]:
        card, product = facts.card, facts.detail.product
        price = self.words.price(card.price_minor) or "no price"
        unit = "" if card.unit == "each" else f" / {card.unit}"
        price += unit
        room = max(10, width - len(price) - 2)
        names = wrap(card.name, room, 3)
        style = PRICE if card.price_minor is not None else QUIET
        rows: list[Line] = [[part(names[0], room, STRONG), ("  ", ""), part(price, len(price), style)]]
        rows += [[part(name, room, STRONG)] for name in names[1:]]
        words = [card.sku, card.category, *(f"was {sku}" for sku in facts.detail.merged_skus)]
        if product.net_content_milli is not None and product.net_content_unit:
            words.append(self.words.quantity(product.net_content_milli, product.net_content_unit))
        if product.tracking == "lot":
            words.append("kept by lots")
        rows.append([part(" · ".join(filter(None, words)), width, QUIET)])
        if product.label_name:
            rows.append([part(f"on labels: {product.label_name}", width, QUIET)])
        rows += [[part(text, width, look)] for text, look in self._badges(card)]
        return rows

    def _badges(self, card: ProductCard) -> list[tuple[str, str]]:
        found = []
        if card.archived:
            found.append(("✗ archived: not for sale any more", BAD))
        if any(level.quantity_milli < 0 for level in card.levels):
            found.append(("▼ below zero in the books: count it", BAD))
        if card.is_low:
            found.append(("▼ low: at or below its reorder point", WARN))
        elif card.on_hand_milli == 0:
            found.append(("○ out: nothing on hand", WARN))
        if not card.barcodes:
            found.append((f"no barcode yet{self.hints.get('barcode', '')}", QUIET))
        return found

    def _numbers(self, card: ProductCard, width: int) -> list[Line]:
        number = self.words.quantity
        facts = [
            ("on hand", number(card.on_hand_milli, card.unit), BAD if card.on_hand_milli < 0 else STRONG),
            ("available", number(card.available_milli, card.unit), STRONG),
            ("on order", number(card.on_order_milli, card.unit), STRONG),
        ]
        cells = min(14, max(9, (width - 4) // 3))
        titles: Line = []
        numbers: Line = []
        for title, shown, style in facts:
            titles += [part(title, cells, QUIET, "right"), ("  ", "")]
            numbers += [part(shown, cells, style, "right"), ("  ", "")]
        return [titles, numbers]

    def _where(self, facts: Facts, width: int) -> list[Line]:
        card = facts.card
        belongs = f"belongs in {card.preferred_bin}" if card.preferred_bin else ""
        rows = [heading("Where", width, belongs)]
        rows += [self._level(level, card.unit, width) for level in card.levels]
        if not card.levels:
            rows.append([part("  Nothing in any bin.", width, QUIET)])
        return [*rows, []]

    def _level(self, level: CardLevel, unit: str, width: int) -> Line:
        lot, look = self._lot(level)
        name = level.bin_name if level.bin_name != level.bin else ""
        number = self.words.quantity(level.quantity_milli, unit)
        style = BAD if level.quantity_milli < 0 else STRONG
        return [
            ("★ " if level.preferred else "  ", KEY),
            part(level.bin, 12),
            part(number, 10, style, "right"),
            ("  ", ""),
            part(lot or name, max(0, width - 26), look),
        ]

    def _lot(self, level: CardLevel) -> tuple[str, str]:
        from datetime import date

        if not level.lot:
            return "", QUIET
        if not level.expiry:
            return f"lot {level.lot}", QUIET
        days = (date.fromisoformat(level.expiry) - clock.today(self.words.zone)).days
        shown = f"{self.words.date(level.expiry)} · lot {level.lot}"
        if days < 0:
            return f"✗ expired {shown}", BAD
        return (f"! until {shown}", WARN) if days <= _EXPIRES_SOON_DAYS else (f"until {shown}", QUIET)

    def _rules(self, facts: Facts, width: int) -> list[Line]:
        unit = facts.card.unit
        if not facts.detail.rules:
            return []
        rows = [heading("Reorder", width)]
        for rule in facts.detail.rules:
            where = f" in {rule.site}" if rule.site else ""
            point = self.words.quantity(rule.reorder_point_milli, unit)
            up_to = self.words.quantity(rule.order_up_to_milli, unit)
            rows.append([part(f"  at {point}, up to {up_to}{where}", width)])
        return [*rows, []]

    def _barcodes(self, facts: Facts, width: int) -> list[Line]:
        if not facts.detail.barcodes:
            return []
        rows = [heading("Barcodes", width)]
        for barcode in facts.detail.barcodes:
            many = self.words.quantity(barcode.quantity_milli, facts.card.unit)
            own = {"in-store": "own number", "gtin": ""}.get(barcode.kind, "")
            pack = f"{many} of it" if barcode.quantity_milli != 1_000 else own
            code = min(max(14, len(barcode.code)), width - 4)
            rows.append([("  ", ""), part(barcode.code, code), part(f"  {pack}", width - code - 2, QUIET)])
        return [*rows, []]

    def _prices(self, facts: Facts, width: int) -> list[Line]:
        prices = facts.detail.prices
        if not prices:
            return []
        rows = [heading("Prices", width)]
        for number, point in enumerate(prices[:_PRICES_SHOWN]):
            shown = self.words.price(point.price_minor) or "none"
            why = f" · {point.reason}" if point.reason else ""
            text = f"  since {self.words.time(point.valid_from_us)} · {point.actor}{why}"
            rows.append([part(shown, 12, "" if number else STRONG, "right"), part(text, width - 12, QUIET)])
        if len(prices) > _PRICES_SHOWN:
            rows.append([part(f"  … and {len(prices) - _PRICES_SHOWN} before", width, QUIET)])
        return [*rows, []]

    def _suppliers(self, facts: Facts, width: int) -> list[Line]:
        if not facts.detail.suppliers:
            return []
        rows = [heading("Suppliers", width)]
        unit = facts.card.unit
        for terms in facts.detail.suppliers:
            words = [
                self.words.cost(terms.unit_cost_e4) if terms.unit_cost_e4 is not None else "",
                f"packs of {self.words.quantity(terms.pack_milli, unit)}"
                if terms.pack_milli != 1_000
                else "",
                f"at least {self.words.quantity(terms.minimum_milli, unit)}" if terms.minimum_milli else "",
                f"{terms.lead_time_days} days" if terms.lead_time_days is not None else "",
                terms.supplier_code,
            ]
            rows.append([part(f"  {terms.supplier}", width)])
            said = " · ".join(filter(None, words))
            if said:
                rows.append([part(f"    {said}", width, QUIET)])
        return [*rows, []]

    def _movements(self, facts: Facts, width: int) -> list[Line]:
        past = facts.past
        words = []
        if past.sold_today_milli:
            words.append(f"sold {self.words.quantity(past.sold_today_milli, facts.card.unit)} today")
        if past.last_counted_us:
            words.append(f"counted {self.words.ago(past.last_counted_us)}")
        rows = [heading("Movements", width, self.hints.get("why", ""))]
        bars = sparkline(past.sold_by_week_milli)
        if bars:
            words.insert(0, "12 weeks")
        text = " · ".join(words or ["never sold, never counted"])
        rows.append(
            [(f"  {bars}  " if bars else "  ", KEY), part(text, max(0, width - len(bars) - 4), QUIET)]
        )
        if self.with_movements:
            rows += [self._movement(row, facts.card.unit, width) for row in past.movements]
        return [*rows, []]

    def _movement(self, row: HistoryRow, unit: str, width: int) -> Line:
        change = signed(row.change_milli, unit, self.words)
        balance = self.words.number(row.balance_milli, unit)
        look = GOOD if row.change_milli > 0 else ""
        return [
            part(self.words.time(row.occurred_at_us), 8, QUIET, "right"),
            part(change, 6, look, "right"),
            part(f"  {movement_words(row)}", max(0, width - 21)),
            part(f"→ {balance}", 7, QUIET, "right"),
        ]

    def _rest(self, facts: Facts, width: int) -> list[Line]:
        product = facts.detail.product
        rows: list[Line] = []
        if product.notes:
            rows.append(heading("Notes", width))
            for note in product.notes.splitlines()[:20]:
                rows += [[part(f"  {text}", width)] for text in wrap(note, max(8, width - 2), 6)]
        return rows

"""Everything the shop knows about a product, painted at any width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from stockshop import clock
from stockshop.language import tr, trn
from stockshop.quantity import unit_sign
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
from stockshop.ui.movements.wording import done, place, signed, way
from stockshop.ui.wording import Wording

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


def movement_words(row: HistoryRow) -> str:
    """What happened, and where: `sold  from A-03`."""
    values = {"kind": done(row.kind), "from_place": place(row.from_place), "to_place": place(row.to_place)}
    if row.kind == "sell":
        said = tr("{kind} from {from_place}", **values)
    elif row.kind == "receive":
        said = tr("{kind} to {to_place}", **values)
    elif row.kind == "opening":
        said = tr("{kind} in {to_place}", **values)
    else:
        said = f"{done(row.kind)} {way(row.from_place, row.to_place)}"
    return " · ".join(filter(None, (said, row.reference, row.note)))


class ProductSheet(Widget):
    """One product from top to bottom; as high as it needs."""

    DEFAULT_CSS = """
    ProductSheet { height: auto; padding: 0 1; }
    """

    def __init__(self, words: Wording, *, part: str = "", id: str | None = None) -> None:  # noqa: A002
        """`part` is `top` for name and numbers, `rest` for all below them, else everything."""
        super().__init__(id=id)
        self.part = part
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
        top = [*self._head(facts, width), [], *self._numbers(facts.card, width), []]
        if self.part == "top":
            return top
        return [
            *(() if self.part == "rest" else top),
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
        price = self.words.price(card.price_minor) or tr("no price")
        unit = "" if card.unit == "each" else f" / {unit_sign(card.unit)}"
        price += unit
        room = max(10, width - len(price) - 2)
        names = wrap(card.name, room, 3)
        style = PRICE if card.price_minor is not None else QUIET
        rows: list[Line] = [[part(names[0], room, STRONG), ("  ", ""), part(price, len(price), style)]]
        rows += [[part(name, room, STRONG)] for name in names[1:]]
        words = [card.sku, card.category]
        words += [tr("was {sku}", sku=sku) for sku in facts.detail.merged_skus]
        if product.net_content_milli is not None and product.net_content_unit:
            words.append(self.words.quantity(product.net_content_milli, product.net_content_unit))
        if product.tracking == "lot":
            words.append(tr("kept by lots"))
        rows.append([part(" · ".join(filter(None, words)), width, QUIET)])
        if product.label_name:
            rows.append([part(tr("on labels: {name}", name=product.label_name), width, QUIET)])
        rows += [[part(text, width, look)] for text, look in self._badges(card)]
        return rows

    def _badges(self, card: ProductCard) -> list[tuple[str, str]]:
        found = []
        if card.archived:
            found.append((tr("✗ archived: not for sale any more"), BAD))
        if any(level.quantity_milli < 0 for level in card.levels):
            found.append((tr("▼ below zero in the books: count it"), BAD))
        if card.is_low:
            found.append((tr("▼ low: at or below its reorder point"), WARN))
        elif card.on_hand_milli == 0:
            found.append((tr("○ out: nothing on hand"), WARN))
        if not card.barcodes:
            hint = self.hints.get("barcode", "")
            found.append((tr("no barcode yet") + hint, QUIET))
        return found

    def _numbers(self, card: ProductCard, width: int) -> list[Line]:
        number = self.words.quantity
        facts = [
            (tr("on hand"), number(card.on_hand_milli, card.unit), BAD if card.on_hand_milli < 0 else STRONG),
            (tr("available"), number(card.available_milli, card.unit), STRONG),
            (tr("on order"), number(card.on_order_milli, card.unit), STRONG),
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
        belongs = tr("belongs in {bin}", bin=card.preferred_bin) if card.preferred_bin else ""
        rows = [heading(tr("Where"), width, belongs)]
        codes = min(12, max((len(level.bin) for level in card.levels), default=0))
        rows += [self._level(level, card.unit, width, codes) for level in card.levels]
        if not card.levels:
            rows.append([part("  " + tr("Nothing in any bin."), width, QUIET)])

        return [*rows, []]

    def _level(self, level: CardLevel, unit: str, width: int, codes: int) -> Line:
        lot, look = self._lot(level)
        name = level.bin_name if level.bin_name != level.bin else ""
        number = self.words.quantity(level.quantity_milli, unit)
        style = BAD if level.quantity_milli < 0 else STRONG
        return [
            ("★ " if level.preferred else "  ", KEY),
            part(level.bin, codes),
            part(number, 10, style, "right"),
            ("  ", ""),
            part(lot or name, max(0, width - codes - 14), look),
        ]

    def _lot(self, level: CardLevel) -> tuple[str, str]:
        from datetime import date

        if not level.lot:
            return "", QUIET
        if not level.expiry:
            return tr("lot {lot}", lot=level.lot), QUIET
        days = (date.fromisoformat(level.expiry) - clock.today(self.words.zone)).days
        values = {"date": self.words.date(level.expiry), "lot": level.lot}
        if days < 0:
            return tr("✗ expired {date} · lot {lot}", **values), BAD
        if days <= _EXPIRES_SOON_DAYS:
            return tr("! until {date} · lot {lot}", **values), WARN
        return tr("until {date} · lot {lot}", **values), QUIET

    def _rules(self, facts: Facts, width: int) -> list[Line]:
        unit = facts.card.unit
        if not facts.detail.rules:
            return []
        rows = [heading(tr("Reorder"), width)]
        for rule in facts.detail.rules:
            values = {
                "point": self.words.quantity(rule.reorder_point_milli, unit),
                "up_to": self.words.quantity(rule.order_up_to_milli, unit),
            }
            said = tr("at {point}, up to {up_to}", **values)
            if rule.site:
                said = tr("at {point}, up to {up_to} in {site}", site=rule.site, **values)
            rows.append([part(f"  {said}", width)])
        return [*rows, []]

    def _barcodes(self, facts: Facts, width: int) -> list[Line]:
        if not facts.detail.barcodes:
            return []
        rows = [heading(tr("Barcodes"), width)]
        for barcode in facts.detail.barcodes:
            many = self.words.quantity(barcode.quantity_milli, facts.card.unit)
            own = tr("own number") if barcode.kind == "in-store" else ""
            pack = tr("{quantity} of it", quantity=many) if barcode.quantity_milli != 1_000 else own
            code = min(max(14, len(barcode.code)), width - 4)
            rows.append([("  ", ""), part(barcode.code, code), part(f"  {pack}", width - code - 2, QUIET)])
        return [*rows, []]

    def _prices(self, facts: Facts, width: int) -> list[Line]:
        prices = facts.detail.prices
        if not prices:
            return []
        cost_e4 = facts.card.last_cost_e4
        cost = "" if cost_e4 is None else tr("last cost {cost}", cost=self.words.cost(cost_e4))
        rows = [heading(tr("Prices"), width, cost)]
        for number, point in enumerate(prices[:_PRICES_SHOWN]):
            shown = self.words.price(point.price_minor) or tr("none")
            before = prices[number + 1].price_minor if number + 1 < len(prices) else None
            text = tr("since {time} · {who}", time=self.words.time(point.valid_from_us), who=point.actor)
            said = " · ".join(filter(None, (self._change(before, point.price_minor), text, point.reason)))
            rows.append(
                [part(shown, 12, "" if number else STRONG, "right"), part(f"  {said}", width - 12, QUIET)]
            )
        if len(prices) > _PRICES_SHOWN:
            said = tr("… and {count} before", count=len(prices) - _PRICES_SHOWN)
            rows.append([part(f"  {said}", width, QUIET)])
        return [*rows, []]

    def _change(self, before_minor: int | None, now_minor: int | None) -> str:
        """By how much the price went up or down: `▲ 4 %`."""
        if not before_minor or now_minor is None or now_minor == before_minor:
            return ""
        from babel.numbers import format_percent

        change = abs(now_minor - before_minor) / before_minor
        shown = format_percent(change, format="#,##0.# %" if change < 0.1 else None, locale=self.words.locale)
        return f"{'▲' if now_minor > before_minor else '▼'} {shown}"

    def _suppliers(self, facts: Facts, width: int) -> list[Line]:
        if not facts.detail.suppliers:
            return []
        rows = [heading(tr("Suppliers"), width)]
        unit = facts.card.unit
        for terms in facts.detail.suppliers:
            words = [
                self.words.cost(terms.unit_cost_e4) if terms.unit_cost_e4 is not None else "",
                tr("packs of {quantity}", quantity=self.words.quantity(terms.pack_milli, unit))
                if terms.pack_milli != 1_000
                else "",
                tr("at least {quantity}", quantity=self.words.quantity(terms.minimum_milli, unit))
                if terms.minimum_milli
                else "",
                trn("{count} day", "{count} days", terms.lead_time_days)
                if terms.lead_time_days is not None
                else "",
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
            many = self.words.quantity(past.sold_today_milli, facts.card.unit)
            words.append(tr("sold {quantity} today", quantity=many))
        if past.last_counted_us:
            words.append(tr("counted {time}", time=self.words.ago(past.last_counted_us)))
        rows = [heading(tr("Movements"), width, self.hints.get("why", ""))]
        bars = sparkline(past.sold_by_week_milli)
        if bars:
            words.insert(0, trn("{count} week", "{count} weeks", len(past.sold_by_week_milli)))
        text = " · ".join(words or [tr("never sold, never counted")])
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
            rows.append(heading(tr("Notes"), width))
            for note in product.notes.splitlines()[:20]:
                rows += [[part(f"  {text}", width)] for text in wrap(note, max(8, width - 2), 6)]
        return rows

"""The shop itself: opening it, making a new one, and its settings.

A `Shop` is handed to every service; it holds the store and what is read of the settings on each
action, so that a scan does not read them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from stockshop import clock, money, text
from stockshop.barcodes import REGIONS, ScanSettings, compile_pattern
from stockshop.errors import InvalidInput, Refused, StoreCorrupt, StoreForeign
from stockshop.language import tr
from stockshop.storage.database import Store, create_store, open_store
from stockshop.storage.session import Session

COSTING = ("average", "fifo")


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """What a shop decides once. Empty text means "not set"."""

    name: str
    currency: str
    """ISO 4217."""
    locale: str
    """As babel writes it: `de_DE`."""
    timezone: str = ""
    """IANA name; empty: the computer's own."""
    tax_rate_milli: int = 0
    """For products without a rate of their own, in thousandths of a percent (19 % = 19000)."""
    price_includes_tax: bool = True
    """Whether selling prices are what the customer pays."""
    receiving_bin: str = ""
    """Code of the bin where goods arrive that have no preferred bin."""
    rcn_region: str = ""
    """Country whose in-store weight and price codes the scale prints; empty: from the locale."""
    rcn_pattern: str = ""
    """A pattern of the shop's own scale, before the country's."""
    scan_prefix: str = ""
    """What the scanner sends before each code."""
    sheet: str = ""
    """The label sheet used last."""


class Shop:
    """An open shop."""

    def __init__(self, store: Store, settings: ShopSettings) -> None:
        self.store = store
        self.settings = settings

    @property
    def currency(self) -> str:
        """ISO 4217 code of every price and value."""
        return self.settings.currency

    @property
    def usual_paper(self) -> str:
        """The paper of the shop's country: Letter or A4."""
        return "Letter" if self.settings.locale.endswith(("_US", "_CA", "_MX")) else "A4"

    @property
    def zone(self) -> ZoneInfo | None:
        """The shop's time zone; None: the computer's own."""
        return clock.local_zone(self.settings.timezone)

    @property
    def scan_settings(self) -> ScanSettings:
        """How scanned text is read here."""
        settings = self.settings
        country = settings.rcn_region or settings.locale.rpartition("_")[2].lower()
        return ScanSettings(
            region=country if country in REGIONS else None,
            scale_patterns=(settings.rcn_pattern,) if settings.rcn_pattern else (),
            prefix=settings.scan_prefix,
        )

    def close(self) -> None:
        """End every connection."""
        self.store.close()


def clean_actor(actor: str) -> str:
    """The person's name as it is kept with what they did. Raises InvalidInput when it is empty."""
    cleaned = text.clean(actor, limit=80, field="actor")
    if not cleaned:
        raise InvalidInput(tr("Say who does it: the name is empty."), field="actor")
    return cleaned


def read_settings(session: Session) -> ShopSettings:
    """The settings as they are stored.

    Raises StoreForeign when the store holds no shop, StoreCorrupt when a setting that every price
    and number needs is missing or makes no sense.
    """
    stored: dict[str, str] = dict(session.rows("SELECT key, value FROM setting"))
    if not stored:
        raise StoreForeign(
            tr("This store holds no shop: its making was cut short. Remove it and make a new one.")
        )
    values: dict[str, object] = {}
    for item in fields(ShopSettings):
        raw = stored.get(item.name)
        if raw is not None:
            values[item.name] = _decode(item.name, raw)
        elif item.default is MISSING:
            raise _unusable(tr("the setting '{name}' is missing", name=item.name))
    settings = ShopSettings(**values)  # type: ignore[arg-type]
    if not money.is_currency(settings.currency):
        raise _unusable(tr("'{code}' is not a currency", code=text.printable(settings.currency)[:20]))
    if settings.locale not in _USUAL_LOCALES.split() and _locale(settings.locale) is None:
        raise _unusable(tr("'{code}' is not a locale", code=text.printable(settings.locale)[:20]))
    return settings


def _unusable(what: str) -> StoreCorrupt:
    return StoreCorrupt(
        tr(
            "The shop's settings are damaged: {what}. Bring back the last backup with 'stockshop restore'.",
            what=what,
        )
    )


_USUAL_LOCALES = """
    cs_CZ da_DK de_AT de_CH de_DE en_AU en_CA en_GB en_IE en_NZ en_US en_ZA es_ES es_MX fi_FI fr_BE
    fr_CA fr_CH fr_FR hu_HU it_IT ja_JP nb_NO nl_BE nl_NL pl_PL pt_BR pt_PT sv_SE
"""
"""Known to be locales without asking babel, which takes longer to load than a shop to open."""


def _locale(code: str) -> str | None:
    """The locale as babel writes it, or None where it knows none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(code.replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return None


_FLAGS = {"price_includes_tax"}
_NUMBERS = {"tax_rate_milli"}


def _decode(name: str, raw: str) -> object:
    if name in _FLAGS:
        if raw not in ("0", "1"):
            shown = text.printable(raw)[:20]
            raise _unusable(tr("the setting '{name}' is '{value}', neither 1 nor 0", name=name, value=shown))
        return raw == "1"
    if name not in _NUMBERS:
        return raw
    try:
        return int(raw)
    except ValueError as error:
        shown = text.printable(raw)[:20]
        raise _unusable(
            tr("the setting '{name}' is '{value}', which is no number", name=name, value=shown)
        ) from error


def _encode(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _save(session: Session, settings: ShopSettings, before: ShopSettings | None, actor: str) -> None:
    now = clock.now_us()
    for item in fields(ShopSettings):
        new = _encode(getattr(settings, item.name))
        old = None if before is None else _encode(getattr(before, item.name))
        if new == old:
            continue
        session.run(
            "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = "
            "excluded.value",
            (item.name, new),
        )
        record_change(session, "setting", 0, item.name, old, new, actor, now)


def record_change(
    session: Session,
    noun: str,
    noun_id: int,
    field: str,
    old: str | None,
    new: str | None,
    actor: str,
    changed_at_us: int,
) -> None:
    """Keep who changed which field of what, from what to what, and when."""
    session.run(
        "INSERT INTO change (noun, noun_id, field, old_value, new_value, changed_at_us, actor) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (noun, noun_id, field, old, new, changed_at_us, actor),
    )


def checked(settings: ShopSettings) -> ShopSettings:
    """The settings with cleaned text. Raises InvalidInput naming the field that cannot be."""
    name = text.clean(settings.name, limit=80, field="name")
    if not name:
        raise InvalidInput(tr("The shop needs a name."), field="name")
    locale = _locale(settings.locale)
    if locale is None:
        raise InvalidInput(
            tr(
                "'{code}' is not a locale; write de_DE, en_GB, fr_FR…",
                code=text.printable(settings.locale)[:20],
            ),
            field="locale",
        )
    clock.local_zone(settings.timezone)
    if not 0 <= settings.tax_rate_milli <= 100_000:
        raise InvalidInput(tr("A tax rate lies between 0 and 100 %."), field="tax_rate")
    if settings.rcn_region and settings.rcn_region not in REGIONS:
        known = ", ".join(REGIONS)
        raise InvalidInput(
            tr("The scale's country is one of: {countries}.", countries=known), field="rcn_region"
        )
    if settings.rcn_pattern:
        compile_pattern(settings.rcn_pattern)
    return replace(
        settings,
        name=name,
        locale=locale,
        currency=money.check_currency(settings.currency),
        receiving_bin=text.clean_code(settings.receiving_bin, field="receiving_bin"),
        sheet=text.clean(settings.sheet, field="sheet"),
        scan_prefix=text.clean_code(settings.scan_prefix, limit=10, field="scan_prefix"),
    )


def open_shop(url: str | Path) -> Shop:
    """Open the shop at a path or URL. Raises what `open_store` raises."""
    store = open_store(url)
    try:
        with store.reading() as session:
            return Shop(store, read_settings(session))
    except BaseException:
        store.close()
        raise


def check_big_store(shop: Shop) -> None:
    """Look through a file that is too large to be checked at every opening; may take seconds.

    Raises StoreCorrupt when SQLite finds it damaged.
    """
    from stockshop.storage.sqlite import QUICK_CHECK_LIMIT_BYTES, quick_check

    path = shop.store.path
    if path is None or path.stat().st_size <= QUICK_CHECK_LIMIT_BYTES:
        return
    with shop.store.reading() as session:
        quick_check(session, path)


def create_shop(
    url: str | Path,
    actor: str,
    settings: ShopSettings,
    *,
    costing: str = "average",
) -> Shop:
    """Make a shop with a site, three zones and a few bins to start with, and open it.

    Raises InvalidInput for settings that cannot be, Conflict when there is a shop already.
    """
    settings = checked(settings)
    store = create_store(url)
    try:
        return furnish(store, actor, settings, costing=costing)
    except BaseException:
        store.close()
        if store.path is not None:
            store.path.unlink(missing_ok=True)
        raise


def furnish(store: Store, actor: str, settings: ShopSettings, *, costing: str = "average") -> Shop:
    """Make a shop out of an empty store: its settings, its rules and the places it begins with.

    Raises InvalidInput for settings that cannot be.
    """
    from stockshop.services.locations import START_RECEIVING_BIN, add_starting_places

    if costing not in COSTING:
        raise InvalidInput(tr("Costing is 'average' or 'fifo'."), field="costing")
    settings = checked(replace(settings, receiving_bin=settings.receiving_bin or START_RECEIVING_BIN))
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        session.run("UPDATE ledger_head SET costing = ? WHERE id = 1", (costing,))
        add_starting_places(session, settings.locale)
        _save(session, settings, None, actor)

    store.writing(work)
    return Shop(store, settings)


def change_settings(shop: Shop, actor: str, **changes: object) -> ShopSettings:
    """Change some settings; who, when and what is kept. Raises InvalidInput.

    The currency cannot be changed once there are prices or entries: no number would mean the same.
    The receiving bin must be a bin of the shop.
    """
    actor = clean_actor(actor)
    checked(replace(shop.settings, **changes))  # type: ignore[arg-type]

    def work(session: Session) -> ShopSettings:
        # What is stored counts: another till may have changed other settings meanwhile.
        before = read_settings(session)
        settings = checked(replace(before, **changes))  # type: ignore[arg-type]
        if settings.currency != before.currency and currency_is_fixed(session):
            raise Refused(tr("The currency cannot change once there are prices or stock."), field="currency")
        if settings.receiving_bin != before.receiving_bin:
            _check_receiving_bin(session, settings.receiving_bin)
        _save(session, settings, before, actor)
        return settings

    shop.settings = shop.store.writing(work)
    return shop.settings


def _check_receiving_bin(session: Session, code: str) -> None:
    from stockshop.services.locations import find_in

    place = find_in(session, code) if code else None
    if place is None or place.kind != "bin" or place.archived:
        raise InvalidInput(
            tr("There is no bin '{code}' to receive goods in; F4 shows the bins.", code=code),
            field="receiving_bin",
        )


def reread_settings(shop: Shop) -> ShopSettings:
    """The settings as they are stored now: another till may have changed them. They hold from now on."""
    with shop.store.reading() as session:
        shop.settings = read_settings(session)
    return shop.settings


def currency_is_fixed(session: Session) -> bool:
    """Whether there are prices or entries: no number would mean the same in another currency."""
    return bool(session.value("SELECT 1 FROM price LIMIT 1") or session.value("SELECT 1 FROM entry LIMIT 1"))


@contextmanager
def opened(url: str | Path) -> Iterator[Shop]:
    """`open_shop`, closed at the end of the block."""
    shop = open_shop(url)
    try:
        yield shop
    finally:
        shop.close()

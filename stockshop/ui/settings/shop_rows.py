"""The settings that belong to the shop: what it is, the rules of its stock, its scale, its safety."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from stockshop import clock
from stockshop.barcodes import REGIONS
from stockshop.errors import InvalidInput
from stockshop.language import spoken, tr
from stockshop.quantity import plain
from stockshop.ui.settings.examples import in_locale, in_zone, of_scale, of_tax
from stockshop.ui.settings.model import ACTION, CHOICE, Facts, Setting

_LOCALES = (
    "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "en_AU", "en_CA", "en_GB", "en_IE", "en_US", "es_ES",
    "es_MX", "fi_FI", "fr_BE", "fr_CA", "fr_CH", "fr_FR", "it_IT", "ja_JP", "nb_NO", "nl_BE", "nl_NL",
    "pl_PL", "pt_BR", "pt_PT", "sv_SE",
)  # fmt: skip
_CURRENCIES = ("EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY")
_OLD_BACKUP = timedelta(days=7)


def read_percent(text: str) -> int:
    """A tax rate as typed, in thousandths of a percent. Raises InvalidInput."""
    from stockshop.quantity import parse_decimal, to_milli

    return to_milli(parse_decimal(text.replace("%", "") or "0", field="tax_rate"), field="tax_rate")


def shop_settings(facts: Facts) -> Iterator[Setting]:
    """Name, money, numbers, time, tax."""
    settings, words = facts.settings, facts.words
    currency, locale = settings.currency, settings.locale
    yield Setting(
        "shop.name", "shop", tr("Name"), settings.name,
        tr("What the shop is called, on the screen and on paper."), raw=settings.name,
    )  # fmt: skip
    yield Setting(
        "shop.currency", "shop", tr("Currency"), currency, tr("The currency of all prices and values."),
        raw=currency, offers=_CURRENCIES, hint="EUR",
        fixed=tr("It cannot change any more: there are prices or stock, and no number would mean the same.")
        if facts.rules.currency_is_fixed
        else "",
    )  # fmt: skip
    yield Setting(
        "shop.locale", "shop", tr("Language and country"),
        locale,
        tr("How numbers, prices and days are written, in fields too; and what stockshop speaks, where this "
           "computer has no language of its own.") + "\n" + in_locale(locale, currency),
        raw=locale, offers=_LOCALES, example=lambda text: in_locale(text, currency), hint="de_DE",
    )  # fmt: skip
    yield Setting(
        "shop.timezone", "shop", tr("Time zone"), settings.timezone or tr("this computer's"),
        tr("When a day begins and ends in the books."), raw=settings.timezone, offers=_zones(),
        example=lambda text: in_zone(text, locale), usual="", hint="Europe/Berlin",
        tone="" if settings.timezone else "quiet",
    )  # fmt: skip
    rate = words.number(settings.tax_rate_milli)
    included = settings.price_includes_tax

    def tax_example(text: str) -> str:
        return of_tax(read_percent(text), included, words)

    yield Setting(
        "shop.tax_rate_milli", "shop", tr("Tax rate"), tr("{rate} %", rate=rate),
        tr("For products that have no rate of their own, in percent."),
        raw=plain(settings.tax_rate_milli), example=tax_example, hint="19",
    )  # fmt: skip
    choices = (("1", tr("include tax")), ("0", tr("come without tax")))
    yield Setting(
        "shop.price_includes_tax", "shop", tr("Prices"), dict(choices)[str(int(included))],
        tr("Whether a selling price is what the customer pays; labels say so where it is not.")
        + "\n" + of_tax(settings.tax_rate_milli, included, words),
        kind=CHOICE, raw=str(int(included)), choices=choices,
    )  # fmt: skip


def _zones() -> tuple[str, ...]:
    from zoneinfo import available_timezones

    return tuple(sorted(name for name in available_timezones() if "/" in name))


def rule_settings(facts: Facts) -> Iterator[Setting]:
    """Costing, below zero, where goods arrive, what is closed."""
    rules, settings, words = facts.rules, facts.settings, facts.words
    costing = (("average", tr("moving average")), ("fifo", tr("first in, first out")))
    yield Setting(
        "rules.costing", "rules", tr("Costing"), dict(costing)[rules.ledger.costing],
        tr("What goods are worth when they leave, and what the stock is worth that stays."),
        kind=CHOICE, raw=rules.ledger.costing, choices=costing,
        remarks=(tr("each piece is worth the average of what was paid"),
                 tr("the oldest goods leave first, at what was paid for them")),
        fixed=tr("It is chosen before the first entry: the values in the books would not fit any more.")
        if rules.has_entries
        else "",
    )  # fmt: skip
    policies = (
        ("till", tr("by sales only")),
        ("always", tr("by everything")),
        ("never", tr("never")),
    )
    yield Setting(
        "rules.negative_policy", "rules", tr("Below zero"), dict(policies)[rules.ledger.negative_policy],
        tr("What may take a bin below zero. A sale that is refused stops the till, though the goods are in "
           "the customer's hand; each dip is kept and asks for a count."),
        kind=CHOICE, raw=rules.ledger.negative_policy, choices=policies, usual="till",
        remarks=(tr("the till never stops; moves and scrap are refused"), tr("nothing is refused"),
                 tr("sales are refused too")),
    )  # fmt: skip
    yield Setting(
        "shop.receiving_bin", "rules", tr("Goods arrive in"), settings.receiving_bin,
        tr("The bin for goods whose product has no bin of its own."), raw=settings.receiving_bin,
        offers=facts.bins,
    )  # fmt: skip
    closed_us = rules.ledger.closed_through_us
    closed = tr("not at all")
    if closed_us is not None:
        day = clock.to_datetime(closed_us, words.zone).date().isoformat()
        closed = tr("up to the end of {day}", day=words.date(day))
    yield Setting(
        "rules.close", "rules", tr("Books are closed"),
        closed,
        tr("Nothing can be posted into days that are closed; a mistake in them is put right by an entry of "
           "today. It cannot be taken back."),
        raw="", hint="2026-05-31", tone="quiet" if closed_us is None else "",
        example=lambda text: _closes(text, facts),
    )  # fmt: skip


def _closes(text: str, facts: Facts) -> str:
    day = clock.parse_date(text, field="close")
    return tr("Everything up to the end of {day} is closed.", day=facts.words.date(day))


def scale_settings(facts: Facts) -> Iterator[Setting]:
    """Codes with a weight or a price inside."""
    from babel import Locale

    settings, words = facts.settings, facts.words
    names = Locale.parse(spoken()).territories
    own = settings.locale.rpartition("_")[2].lower()
    as_usual = tr("as in {country}", country=names.get(own.upper(), own)) if own in REGIONS else tr("none")
    choices = (
        ("", as_usual),
        *((code, names.get(code.upper(), region.name)) for code, region in REGIONS.items()),
    )
    region = settings.rcn_region or (own if own in REGIONS else "")
    known = REGIONS.get(region)
    source = ""
    if known is not None and not settings.rcn_pattern:
        source = "\n" + (
            tr("By the rules of GS1 there.") if known.published
            else tr("Customary there, not published: try it with a label of your scale.")
        )  # fmt: skip
    yield Setting(
        "shop.rcn_region", "numbers", tr("Scale's country"), dict(choices)[settings.rcn_region],
        tr("Whose weight and price codes the scale prints on its labels.") + source + "\n"
        + of_scale(region, settings.rcn_pattern, words),
        kind=CHOICE, raw=settings.rcn_region, choices=choices, usual="",
        tone="" if settings.rcn_region else "quiet",
    )  # fmt: skip
    yield Setting(
        "shop.rcn_pattern", "numbers", tr("Scale's own layout"), settings.rcn_pattern or tr("none"),
        tr("A layout that goes before the country's: 13 places, the fixed digits first, then I item, W "
           "weight in grams, P price, N pieces, V verifier, and C for the check digit at the end."),
        raw=settings.rcn_pattern, usual="", hint="21IIIIIWWWWWC",
        example=lambda text: of_scale(region, text.strip().upper(), words),
        tone="" if settings.rcn_pattern else "quiet",
    )  # fmt: skip


def safety_settings(facts: Facts) -> Iterator[Setting]:
    """Copies, and the doctor."""
    rules, words = facts.rules, facts.words
    at_us = rules.backup_at_us
    if at_us is None:
        said, tone = tr("none that this shop knows of"), "warn"
    else:
        is_old = clock.now_us() - at_us > _OLD_BACKUP // timedelta(microseconds=1)
        said, tone = words.ago(at_us), "warn" if is_old else "good"
    where = tr("It went to {path}.", path=rules.backup_path) if rules.backup_path else ""
    yield Setting(
        "safety.backup", "safety", tr("Last backup"), said,
        tr("A copy of the whole shop in one file, made while others go on selling. Keep one on another "
           "computer or drive. 'stockshop restore' brings it back.") + ("\n" + where if where else "")
        + "\n" + tr("Enter makes one now, in {path}.", path=facts.backups),
        kind=ACTION, tone=tone,
    )  # fmt: skip
    yield Setting(
        "safety.doctor", "safety", tr("Check everything"), tr("Enter begins"),
        tr("The file, the books, the catalogue, the places: everything is added up again and compared. "
           "Nothing is changed, and others may go on selling."),
        kind=ACTION, tone="quiet",
    )  # fmt: skip


def closing_instant_us(text: str, facts: Facts) -> int:
    """The last microsecond of the day that was typed. Raises InvalidInput."""
    from datetime import date

    if not text:
        raise InvalidInput(tr("Say up to which day, as in 2026-05-31."), field="close")
    day = date.fromisoformat(clock.parse_date(text, field="close"))
    return clock.day_start_us(day + timedelta(days=1), facts.words.zone) - 1

"""The shop itself: making one, its settings, closing a period."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from stockshop.cli.base import Choices, command
from stockshop.cli.output import columns, emit, heading, note, say, table
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.services.shop import Shop

_YES_NO = {"yes": True, "no": False}


@command("new")
@click.option("--name", required=True, help="What the shop is called, as on its labels.")
@click.option("--currency", required=True, metavar="CODE", help="The currency of all prices: EUR, GBP, USD…")
@click.option(
    "--locale",
    metavar="LOCALE",
    help="How numbers and prices are written: de_DE, en_GB, fr_FR… (else as this computer does).",
)
@click.option(
    "--costing",
    type=click.Choice(["average", "fifo"]),
    default="average",
    show_default=True,
    help="How stock is valued: at the moving average, or the oldest goods leave first.",
)
@click.option("--timezone", metavar="ZONE", default="", help="Such as Europe/Berlin (else this computer's).")
@click.option("--tax-rate", metavar="PERCENT", help="The usual tax rate of the shop, such as 19.")
@click.option(
    "--prices-include-tax",
    type=click.Choice(["yes", "no"]),
    default="yes",
    show_default=True,
    help="Whether selling prices are what the customer pays.",
)
def new(
    choices: Choices,
    name: str,
    currency: str,
    locale: str | None,
    costing: str,
    timezone: str,
    tax_rate: str | None,
    prices_include_tax: str,
) -> None:
    """Make an empty shop.

    It begins with a shop floor, a back room and a receiving table, each with a few bins.

    \b
    Examples:
      stockshop new --name "Corner shop" --currency EUR --locale de_DE
      stockshop --shop trial.shop new --name Trial --currency GBP
    """
    from stockshop.services.shop import ShopSettings, create_shop

    settings = ShopSettings(
        name=name,
        currency=currency,
        locale=locale or _usual_locale(),
        timezone=timezone,
        tax_rate_milli=_percent(tax_rate or "0"),
        price_includes_tax=_YES_NO[prices_include_tax],
    )
    shop = create_shop(choices.url, choices.who, settings, costing=costing)
    try:
        where = str(shop.store.path or tr("the server"))
        if choices.json:
            made = shop.settings
            emit({"shop": where, "name": made.name, "currency": made.currency, "locale": made.locale})
        else:
            say(tr("The shop '{name}' is ready: {path}", name=shop.settings.name, path=where))
    finally:
        shop.close()


def _usual_locale() -> str:
    """As the computer is set up, where it says so; else plain English with a dot."""
    from babel import UnknownLocaleError, default_locale
    from babel.core import Locale

    try:
        found = Locale.parse(default_locale() or "en_GB")
    except (ValueError, UnknownLocaleError):
        return "en_GB"
    return str(found) if found.territory else "en_GB"


def _percent(text: str) -> int:
    from stockshop.quantity import parse_decimal, to_milli

    return to_milli(parse_decimal(text.replace("%", ""), field="tax_rate"), field="tax_rate")


@command("settings")
@click.option("--name", help="What the shop is called.")
@click.option("--currency", metavar="CODE", help="The currency; only before the first price and entry.")
@click.option("--locale", metavar="LOCALE", help="How numbers and prices are written: de_DE, en_GB…")
@click.option("--timezone", metavar="ZONE", help="Such as Europe/Berlin; '' for this computer's.")
@click.option("--tax-rate", metavar="PERCENT", help="The usual tax rate.")
@click.option(
    "--prices-include-tax", type=click.Choice(["yes", "no"]), help="Whether prices are what customers pay."
)
@click.option("--receiving-bin", metavar="BIN", help="Where goods arrive that have no bin of their own.")
@click.option("--scale-country", metavar="CC", help="Whose weight and price codes the scale prints: de, gb…")
@click.option("--scale-pattern", metavar="PATTERN", help="The layout of your own scale's codes.")
@click.option("--scan-prefix", metavar="TEXT", help="What the scanner sends before each code.")
@click.option("--sheet", metavar="SHEET", help="The label sheet that is taken when none is named.")
@click.option(
    "--costing", type=click.Choice(["average", "fifo"]), help="How stock is valued; before the first entry."
)
@click.option(
    "--below-zero",
    type=click.Choice(["till", "always", "never"]),
    help="What may take a bin below zero: sales only, everything, nothing.",
)
def settings(choices: Choices, **given: str | None) -> None:
    """Show the shop's settings, or change some.

    \b
    Examples:
      stockshop settings
      stockshop settings --tax-rate 20 --sheet "Avery L7160"
      stockshop settings --below-zero never
    """
    from stockshop.services import rules
    from stockshop.services import shop as shops

    with choices.open() as shop:
        changes = {
            field: reads(given[name]) for name, (field, reads) in _SETTINGS.items() if given[name] is not None
        }
        if changes:
            shops.change_settings(shop, choices.who, **changes)
        if given["costing"] is not None:
            rules.set_costing(shop, choices.who, given["costing"])
        if given["below_zero"] is not None:
            rules.set_negative_policy(shop, choices.who, given["below_zero"])
        shown = _shown(shop)
    if choices.json:
        emit(shown)
    else:
        table(columns("setting value"), [(heading(key), _text(one)) for key, one in shown.items()])


def _same(text: Any) -> Any:
    return text


_SETTINGS: dict[str, tuple[str, Any]] = {
    "name": ("name", _same),
    "currency": ("currency", _same),
    "locale": ("locale", _same),
    "timezone": ("timezone", _same),
    "tax_rate": ("tax_rate_milli", _percent),
    "prices_include_tax": ("price_includes_tax", _YES_NO.__getitem__),
    "receiving_bin": ("receiving_bin", _same),
    "scale_country": ("rcn_region", _same),
    "scale_pattern": ("rcn_pattern", _same),
    "scan_prefix": ("scan_prefix", _same),
    "sheet": ("sheet", _same),
}
"""Each option: the setting it changes, and how its text is read."""


def _shown(shop: Shop) -> dict[str, Any]:
    from stockshop import clock
    from stockshop.quantity import plain
    from stockshop.services.rules import ledger_rules

    stored = asdict(shop.settings)
    ledger = ledger_rules(shop)
    shown = {name: stored[field] for name, (field, _) in _SETTINGS.items()}
    shown["tax_rate"] = plain(shop.settings.tax_rate_milli)
    shown["costing"] = ledger.costing
    shown["below_zero"] = ledger.negative_policy
    closed_us = ledger.closed_through_us
    shown["closed_through"] = None if closed_us is None else clock.iso(closed_us, shop.zone)
    return shown


def _text(setting: Any) -> str:
    if isinstance(setting, bool):
        return tr("yes") if setting else tr("no")
    return "" if setting is None else str(setting)


@command("close-period")
@click.argument("through", metavar="DATE", help="The last day that is closed, such as 2026-05-31.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
def close_period(choices: Choices, through: str, yes: bool) -> None:
    """Close the books up to the end of a day, for good.

    Nothing can be posted into a closed period any more; a mistake in it is put right by an entry
    of today.

    \b
    Example:
      stockshop close-period 2026-05-31
    """
    from datetime import date, timedelta

    from stockshop import clock
    from stockshop.services import rules

    day = date.fromisoformat(clock.parse_date(through, field="through"))
    with choices.open() as shop:
        if not yes and not choices.json:
            click.confirm(
                tr("Close everything up to the end of {day}? It cannot be reopened", day=day), abort=True
            )
        through_us = clock.day_start_us(day + timedelta(days=1), shop.zone) - 1
        rules.close_period(shop, choices.who, through_us)
        closed = clock.iso(through_us, shop.zone)
    if choices.json:
        emit({"closed_through": closed})
    else:
        note(tr("The books are closed up to the end of {day}.", day=day))


COMMANDS = {"new": new, "settings": settings, "close-period": close_period}

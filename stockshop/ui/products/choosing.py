"""What the list of products asks: which category, which place, which column, and about unknown codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stockshop.language import tr
from stockshop.ui.products.find_picker import FindPicker
from stockshop.ui.products.list_columns import SORTS
from stockshop.ui.screens.dialogs import Chosen, Confirm, Confirmed, Offer

if TYPE_CHECKING:
    from stockshop.services.locations import Place
    from stockshop.ui.at_work import WorkScreen


def _choose(
    screen: WorkScreen,
    offers: list[Offer],
    current: str | None,
    title: str,
    chosen: Callable[[str | None], None],
) -> None:
    def answered(answer: Chosen | None) -> None:
        if answer is not None:
            chosen(answer.key or None)

    screen.app.push_screen(FindPicker(offers, title=title, current=current), answered)


def choose_category(screen: WorkScreen, current: str | None, chosen: Callable[[str | None], None]) -> None:
    """Ask for a category; None: any."""
    from stockshop.services import catalogue

    shop = screen.shop

    def read(names: tuple[str, ...]) -> None:
        if not names:
            screen.say(tr("No product has a category yet; give one in a product's form."))
            return
        offers = [Offer("", tr("any category")), *(Offer(name, name) for name in names)]
        _choose(screen, offers, current, tr("Which category?"), chosen)

    screen.look(
        lambda: catalogue.categories(shop), read, group="choosing", doing=tr("reading the categories")
    )


def choose_place(screen: WorkScreen, current: str | None, chosen: Callable[[str | None], None]) -> None:
    """Ask for a bin, a zone or a site; None: anywhere."""
    from stockshop.services import locations

    shop = screen.shop
    kinds = {"bin": "", "zone": tr("zone"), "site": tr("site")}

    def read(places: tuple[Place, ...]) -> None:
        offers = [Offer("", tr("anywhere"))]
        for place in places:
            remark = "  ".join(part for part in (kinds[place.kind], place.name) if part)
            offers.append(Offer(place.code, place.code, remark))
        _choose(screen, offers, current, tr("In which bin?"), chosen)

    screen.look(lambda: locations.places(shop), read, group="choosing", doing=tr("reading the bins"))


def choose_order(
    screen: WorkScreen, current: str, *, descending: bool, chosen: Callable[[str], None]
) -> None:
    """Ask for the column to sort by."""
    arrow = "▼" if descending else "▲"
    offers = [
        Offer(
            order, tr(heading), tr("{arrow}  Enter turns it round", arrow=arrow) if order == current else ""
        )
        for order, heading in SORTS
    ]

    def picked(order: str | None) -> None:
        if order is not None:
            chosen(order)

    _choose(screen, offers, current, tr("Sort by"), picked)


def ask_for_new_product(screen: WorkScreen, code: str, add: Callable[[str], None]) -> None:
    """Offer a new product for a code nobody knows."""

    def answered(answer: Confirmed | None) -> None:
        if answer is not None:
            add(code)

    question = Confirm(
        tr(
            "Nobody knows {code}. To put it on a product that is there, open that one and scan again.",
            code=code,
        ),
        title=tr("Unknown code"),
        yes=tr("New product"),
        no=tr("Not now"),
        danger=True,
    )
    screen.app.push_screen(question, answered)

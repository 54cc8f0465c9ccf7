"""What this computer prints with: its own settings come first, then the shop's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockshop.errors import NotWritten
from stockshop.ui.base import ShopApp

if TYPE_CHECKING:
    from stockshop.services.shop import Shop


def usual_sheet(app: ShopApp, shop: Shop) -> str:
    """The label sheet used last on this computer, else in the shop; empty: none yet."""
    return app.station.sheet or shop.settings.sheet


def remember_labels(app: ShopApp, shop: Shop, actor: str, sheet: str, dpi: int) -> None:
    """Keep the sheet and the printer's fineness for the next labels; called in a thread."""
    from stockshop.services.shop import change_settings
    from stockshop.services.station import change_station

    if app.station_file is not None:
        if (app.station.sheet, app.station.dpi) == (sheet, dpi):
            return
        try:
            station = change_station(app.station_file, sheet=sheet, dpi=dpi)
        except NotWritten:
            # A settings file that cannot be written is no reason to speak of labels that are there.
            return
        app.call_from_thread(app.take_station, station)
    elif shop.settings.sheet != sheet:
        change_settings(shop, actor, sheet=sheet)

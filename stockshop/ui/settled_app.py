"""The app's side of the settings: what changes while it is open, when the shop's or this computer's do."""

from __future__ import annotations

from stockshop.config import Station
from stockshop.language import speak, spoken, tr
from stockshop.ui.base import ShopScreen
from stockshop.ui.scanning import ScanSettings
from stockshop.ui.store_app import StoreApp
from stockshop.ui.wording import Wording


class SettledApp(StoreApp):
    """The frame on a shop, as the shop and this computer are set."""

    def speak(self, locale: str) -> None:
        """Show texts in the language of this locale from now on."""
        before = spoken()
        if speak(locale) == before or not self.is_running:
            return
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, ShopScreen):
                    screen.retell()

    def take_settings(self) -> None:
        """The shop's settings hold from now on, in the frame and on every screen."""
        settings = self.shop.settings
        self.wording = Wording(self.shop.currency, settings.locale, self.shop.zone)
        self.speak(self.station.language or settings.locale)
        self._take_scanner()
        self.show_in_frame(shop_name=settings.name, locale=settings.locale, zone=self.shop.zone)
        self.forget_screens()

    def take_station(self, station: Station) -> None:
        """The settings of this computer hold from now on."""
        before = self.station
        super().take_station(station)
        self._take_scanner()
        if station.keys != before.keys:
            self.check_keys()
        if station.language != before.language:
            self.speak(station.language or ("" if self._shop is None else self._shop.settings.locale))
            self.forget_screens()

    def check_keys(self) -> None:
        """Say which keys of this computer's settings cannot be as they are wished."""
        if self.station.keys:
            self.run_worker(self._check_keys, thread=True, group="keys", exit_on_error=False,
                            description=tr("checking the keys"))  # fmt: skip

    def _check_keys(self) -> None:
        from stockshop.ui.keys import faults

        for fault in faults(self.station.keys):
            self.call_from_thread(self.say, fault, severity="warning")

    def _take_scanner(self) -> None:
        prefix = self.station.scan_prefix or ("" if self._shop is None else self._shop.settings.scan_prefix)
        self.scan_settings = ScanSettings(
            prefix=prefix, gap_ms=self.station.scan_gap_ms, keyboard=self.station.keyboard
        )

    def leave_pages(self) -> None:
        """Back to the screen itself from what was opened over it; a form and what is at work stay."""
        while getattr(self.screen, "is_page", False) and getattr(self.screen, "job", None) is None:
            self.pop_screen()

    def forget_screens(self) -> None:
        """Screens that nobody looks at are made anew when they are: their words have changed."""
        for mode, stack in list(self._screen_stacks.items()):
            # Not one with a form over it, nor one at work.
            if mode != self.current_mode and len(stack) == 1 and getattr(stack[0], "job", None) is None:
                made = self._modes[mode]
                self.remove_mode(mode)
                self.add_mode(mode, made)

"""What every dialog can do: close where it stands, even when another screen has come in between."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from stockshop.ui.quick import FittingScreen, ResultT


class Dialog(FittingScreen[ResultT], ModalScreen[ResultT]):
    """A modal screen. Its work may end while another mode is shown: that mode's screens stay."""

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Close with an answer; once it is closed, nothing happens."""
        app = self.app
        shown = app.current_mode
        here = [mode for mode, stack in app._screen_stacks.items() if stack and stack[-1] is self]
        if not here:
            return AwaitComplete()
        # The app pops whatever is shown; for this moment that has to be the dialog's own mode.
        app._current_mode = here[0]
        try:
            return super().dismiss(result)
        finally:
            app._current_mode = shown

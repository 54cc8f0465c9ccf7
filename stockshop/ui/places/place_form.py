"""Adding a place, or changing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.widgets import Input

from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.ui.screens.record_form import Field, RecordForm, Values
from stockshop.ui.widgets.cycle import Cycle

if TYPE_CHECKING:
    from stockshop.services.locations import Place
    from stockshop.services.shop import Shop

_KINDS = (("bin", mark("bin")), ("zone", mark("zone")), ("site", mark("site")))


class PlaceForm(RecordForm["Place"]):
    """Adding a place, or changing one."""

    def __init__(
        self, shop: Shop, actor: str, places: Sequence[Place], here: Place | None, *, is_new: bool
    ) -> None:
        self._shop, self._actor = shop, actor
        self._places = tuple(places)
        self._here = here
        self._place = None if is_new else here
        self._offered = ""
        if is_new:
            kind = _new_kind(here)
            self._offered, parent = self._offer(kind)
            kinds = [(key, tr(word)) for key, word in _KINDS]
            fields = [
                Field("kind", tr("It is a"), kind, choices=kinds),
                Field("code", tr("Code"), self._offered, tr("such as {code}", code="A-07")),
            ]
            walk, name, barcode = "", "", ""
        else:
            assert here is not None
            above = self._by_id(here.parent_id)
            parent = above.code if above is not None else ""
            fields = [Field("code", tr("Code"), here.code)]
            walk, name, barcode = str(here.walk_order), here.name, here.barcode
        around = [place.code for place in places if place.kind != "bin" and not place.archived]
        fields += [
            Field("name", tr("Name"), name, tr("what people call it")),
            Field("parent", tr("Lies in"), parent, tr("a zone for a bin, a site for a zone"), offers=around),
            Field("walk_order", tr("Walking order"), walk, tr("empty: comes last"), decimals=0),
            Field("barcode", tr("Barcode"), barcode, tr("empty: BIN- and its code"), takes_scan=True),
        ]
        title = tr("A new place") if is_new or here is None else tr("Change {place}", place=here.code)
        super().__init__(
            title, fields, self._store, aliases={"place": "parent", "kind": "kind"},
            draft_key="place.new" if self._place is None else f"place.{self._place.id}",
        )  # fmt: skip

    def _by_id(self, place_id: int | None) -> Place | None:
        return next((place for place in self._places if place.id == place_id), None)

    def _offer(self, kind: str) -> tuple[str, str]:
        """A free code for a new place of this kind near the cursor, and the code of what it lies in."""
        from stockshop.services.place_codes import next_code

        above: Place | None = self._here
        wanted = {"bin": "zone", "zone": "site"}.get(kind)
        while above is not None and above.kind != wanted:
            above = self._by_id(above.parent_id)
        if above is None and wanted is not None:
            # From a site there is no zone above: the first one in it, else the first there is.
            around = [place for place in self._places if place.kind == wanted and not place.archived]
            here = self._here
            inside = [place for place in around if here is not None and place.parent_id == here.id]
            above = next(iter([*inside, *around]), None)
        if above is None and wanted is not None:
            return "", ""
        return next_code(self._places, kind, above), above.code if above is not None else ""

    def on_cycle_changed(self, event: Cycle.Changed) -> None:
        """Another kind has another code and lies in something else, unless these were typed."""
        if event.cycle.id != "field-kind":
            return
        code, parent = self._offer(event.key)
        field = self.query_one("#field-code", Input)
        if field.value in ("", self._offered):
            field.value = self._offered = code
            self.query_one("#field-parent", Input).value = parent

    def _store(self, values: Values) -> Place:
        from stockshop.services import locations

        walk = int(values["walk_order"]) if values["walk_order"] else None
        if self._place is None:
            return locations.add_place(
                self._shop, self._actor, values["kind"], values["code"], values["name"],
                parent="" if values["kind"] == "site" else values["parent"], walk_order=walk,
                barcode=values["barcode"],
            )  # fmt: skip
        if not values["code"]:
            raise InvalidInput(tr("A place keeps a code; type the new one."), field="code")
        before = self._place
        return locations.change_place(
            self._shop, self._actor, before.code, new_code=values["code"], name=values["name"],
            parent=values["parent"] if before.kind != "site" else None, walk_order=walk,
            barcode=None if values["barcode"] == before.barcode else values["barcode"],
        )  # fmt: skip


def _new_kind(here: Place | None) -> str:
    """What is probably to be added beside or in the place under the cursor."""
    if here is None:
        return "site"
    return "zone" if here.kind == "site" else "bin"

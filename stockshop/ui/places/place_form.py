"""Adding a place, or changing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stockshop.errors import InvalidInput
from stockshop.ui.screens.record_form import Field, RecordForm, Values

if TYPE_CHECKING:
    from stockshop.services.locations import Place
    from stockshop.services.shop import Shop

_KINDS = (("bin", "bin"), ("zone", "zone"), ("site", "site"))


class PlaceForm(RecordForm["Place"]):
    """Adding a place, or changing one."""

    def __init__(
        self, shop: Shop, actor: str, places: Sequence[Place], here: Place | None, *, is_new: bool
    ) -> None:
        self._shop, self._actor = shop, actor
        self._place = None if is_new else here
        codes = {place.id: place.code for place in places}
        if is_new:
            kind, parent = _new_kind(here, codes)
            fields = [Field("kind", "It is a", kind, choices=_KINDS), Field("code", "Code", hint="A-07")]
            walk, name, barcode = "", "", ""
        else:
            assert here is not None
            parent = codes.get(here.parent_id or 0, "")
            fields = [Field("code", "Code", here.code)]
            walk, name, barcode = str(here.walk_order), here.name, here.barcode
        around = [place.code for place in places if place.kind != "bin"]
        fields += [
            Field("name", "Name", name, "what people call it"),
            Field("parent", "Lies in", parent, "a zone for a bin, a site for a zone", offers=around),
            Field("walk_order", "Walking order", walk, "empty: comes last", decimals=0),
            Field("barcode", "Barcode", barcode, "empty: BIN- and its code", takes_scan=True),
        ]
        title = "A new place" if is_new or here is None else f"Change {here.code}"
        super().__init__(title, fields, self._store, aliases={"place": "parent", "kind": "kind"})

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
            raise InvalidInput("A place keeps a code; type the new one.", field="code")
        before = self._place
        return locations.change_place(
            self._shop, self._actor, before.code, new_code=values["code"], name=values["name"],
            parent=values["parent"] if before.kind != "site" else None, walk_order=walk,
            barcode=None if values["barcode"] == before.barcode else values["barcode"],
        )  # fmt: skip


def _new_kind(here: Place | None, codes: dict[int, str]) -> tuple[str, str]:
    """What is probably to be added beside or in the place under the cursor, and in what."""
    if here is None:
        return "site", ""
    if here.kind == "site":
        return "zone", here.code
    return "bin", here.code if here.kind == "zone" else codes.get(here.parent_id or 0, "")

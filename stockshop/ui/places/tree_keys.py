"""What the keys of the tree do: places made, changed, walked past earlier or later, labelled, counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from stockshop.language import mark, tr, trn
from stockshop.ui.labels.paper_screen import PaperScreen
from stockshop.ui.places.place_form import PlaceForm
from stockshop.ui.places.tree import BranchItem, Known
from stockshop.ui.screens.dialogs import Confirm, Confirmed
from stockshop.ui.widgets.progress import Job
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.documents.labels import LabelReport
    from stockshop.services.locations import Place
    from stockshop.services.walking import Step
    from stockshop.ui.places.labels_form import BinLabels, Group


class TreeKeys(PaperScreen):
    """The part of the bins' screen that works on the tree."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+b", "free", mark("Free"), id="bins.free",
                tooltip=mark("Bins that are empty, or nearly")),
        Binding("ctrl+n,insert", "add", mark("New"), id="bins.add",
                tooltip=mark("Add a bin, a zone or a site")),
        Binding("ctrl+r", "edit", mark("Change"), id="bins.edit",
                tooltip=mark("Rename it, renumber it, move it")),
        Binding("ctrl+l", "labels", mark("Labels"), id="bins.labels",
                tooltip=mark("Labels for this bin, its zone, those marked, or all")),
        Binding("alt+c", "count_sheet", mark("Count sheet"), id="bins.count-sheet",
                tooltip=mark("A count sheet of this zone")),
        Binding("ctrl+y", "why", mark("Why"), show=False, id="bins.why",
                tooltip=mark("Why there are so many of it in this bin: its ledger")),
        Binding("ctrl+up,shift+up", "walk(-1)", mark("Earlier"), id="bins.earlier",
                tooltip=mark("Walk past it before the one above; past the first, into the zone before")),
        Binding("ctrl+down,shift+down", "walk(1)", mark("Later"), id="bins.later",
                tooltip=mark("Walk past it after the one below; past the last, into the next zone")),
        Binding("ctrl+t", "renumber", mark("Renumber"), id="bins.renumber",
                tooltip=mark("Number the walk anew, as the tree shows it")),
        Binding("delete", "archive", mark("Archive"), id="bins.archive",
                tooltip=mark("Put an empty place out of use, or bring one back")),
        Binding("ctrl+k", "show_archived", mark("Out of use"), show=False, id="bins.archived",
                tooltip=mark("Show places that are out of use, too; Del brings them back")),
        Binding("ctrl+g", "open", mark("Open PDF"), show=False, id="bins.open-pdf",
                tooltip=mark("Show the labels that were written")),
    ]  # fmt: skip

    nothing_written = mark("No labels have been written here yet; Ctrl+L writes them.")

    def __init__(self) -> None:
        super().__init__()
        self.everything: tuple[Place, ...] = ()
        """All places, those out of use too."""
        self.places: tuple[Place, ...] = ()
        """Those that the tree shows."""
        self.by_id: Mapping[int, Place] = {}
        self.known = Known()
        self.shows_archived = False

    @property
    def tree_list(self) -> RecordList[BranchItem]:
        """The tree."""
        raise NotImplementedError

    def place_scanned(self, place: Place) -> None:
        """Go to it."""
        raise NotImplementedError

    def after_saving(self, place: Place) -> None:
        """Go to a place once it has been read."""
        raise NotImplementedError

    def in_use(self) -> tuple[Place, ...]:
        """Those that are not out of use."""
        return tuple(place for place in self.everything if not place.archived)

    def _here(self) -> Place | None:
        item = self.tree_list.current
        if item is None:
            self.app.bell()
        return item.value.place if item is not None else None

    # -- making and changing -----------------------------------------------------------------------

    def action_add(self) -> None:
        """A new place, by the one under the cursor."""
        item = self.tree_list.current
        here = item.value.place if item is not None else None
        self._open_form(here, is_new=True)

    def action_edit(self) -> None:
        """Change the place under the cursor."""
        here = self._here()
        if here is not None:
            self._open_form(here, is_new=False)

    def _open_form(self, here: Place | None, *, is_new: bool) -> None:
        form = PlaceForm(self.shop, self.actor, self.everything, here, is_new=is_new)
        self.app.push_screen(form, self._place_saved)

    def _place_saved(self, place: Place | None) -> None:
        if place is None:
            return
        self.say(tr("{place} is saved.", place=place.code))
        self.tell_stock_changed()
        self.after_saving(place)

    def action_archive(self) -> None:
        """Put the place under the cursor out of use, or bring it back."""
        here = self._here()
        if here is None:
            return
        from stockshop.services import locations

        shop, actor, code = self.shop, self.actor, here.code
        if here.archived:
            self.write(
                lambda: locations.restore_place(shop, actor, code),
                lambda _: self.told_by.say(tr("{place} is in use again.", place=code)),
                doing=tr("bringing a place back"),
            )
            return

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self.write(
                    lambda: locations.archive_place(shop, actor, code),
                    lambda _: self.told_by.say(tr("{place} is out of use.", place=code)),
                    doing=tr("archiving a place"),
                )

        question = Confirm(
            tr("Nothing is put into {place} any more. What happened there stays in the books.", place=code),
            title=tr("Out of use?"),
            yes=tr("Archive"),
            danger=True,
        )
        self.app.push_screen(question, answered)

    def action_show_archived(self) -> None:
        """With the places that are out of use, or without."""
        self.shows_archived = not self.shows_archived
        self.look_again()

    # -- the walk ----------------------------------------------------------------------------------

    def action_walk(self, by: int) -> None:
        """Change places with the neighbour in the walk; at the end of a zone, go on into the next."""
        here = self._here()
        if here is None:
            return
        from stockshop.services import walking

        shop, actor = self.shop, self.actor

        def walked(step: Step) -> None:
            if step.zone is not None:
                self.told_by.say(
                    tr("{place} lies in {zone} now.", place=step.place.code, zone=step.zone.name)
                )

        self.write(
            lambda: walking.walk(shop, actor, here.id, by), walked, doing=tr("changing the walking order")
        )

    def action_renumber(self) -> None:
        """Number the walk anew."""
        from stockshop.services import walking

        shop, actor = self.shop, self.actor

        def renumbered(changed: int) -> None:
            self.told_by.say(
                trn("{count} place has another number in the walk now.",
                    "{count} places have another number in the walk now.", changed,
                    count=self.words.whole(changed))
                if changed
                else tr("The walk is numbered as the tree shows it already.")
            )  # fmt: skip

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self.write(
                    lambda: walking.renumber(shop, actor), renumbered, doing=tr("numbering the walk anew")
                )

        question = Confirm(
            tr("Zones and bins get new numbers by tens, in the order of the tree. Labels stay as they are."),
            title=tr("Number the walk anew?"),
            yes=tr("Renumber"),
        )
        self.app.push_screen(question, answered)

    # -- other screens ------------------------------------------------------------------------------

    def action_free(self) -> None:
        """Where is room; the bin that is chosen there is gone to, or moved to."""
        from stockshop.ui.places.free_screen import FreeBinsScreen

        here = self.tree_list.current
        zone = here.value.place if here is not None else None
        if zone is not None and zone.kind == "bin":
            zone = self.by_id.get(zone.parent_id or 0)
        self.app.push_screen(FreeBinsScreen(self.in_use(), self.place_scanned, zone))

    def action_count_sheet(self) -> None:
        """A count sheet of the zone the cursor is in, or of the whole site."""
        from stockshop.ui.screens.count_sheets import CountSheetsScreen

        here = self._here()
        if here is None:
            return
        zone = self.by_id.get(here.parent_id or 0, here) if here.kind == "bin" else here
        screen = CountSheetsScreen(is_page=True)
        screen.chosen.add(zone.code)
        self.app.push_screen(screen)

    def action_why(self) -> None:
        """The ledger of the line under the cursor, in this bin; or of a product in one of its bins."""
        from stockshop.ui.places.pane import PlacePane
        from stockshop.ui.products.history import open_why

        here, pane = self._here(), self.query_one(PlacePane)
        row = pane.records.current
        if row is not None and pane.product_id is not None:
            open_why(self.app, pane.product_id, location_id=row.value.place.id)
        elif row is not None and here is not None and pane.view == "bin":
            open_why(self.app, row.line.product_id, location_id=here.id, lot_id=row.lot_id or None)
        else:
            self.app.bell()

    # -- labels ------------------------------------------------------------------------------------

    def action_labels(self) -> None:
        """Choose what gets labels, and write them."""
        from stockshop.ui.labels.habits import usual_sheet
        from stockshop.ui.places.labels_form import BinLabelsForm

        groups = self._label_groups()
        if groups:
            sheet = usual_sheet(self.told_by, self.shop)
            form = BinLabelsForm(self.shop, self.words, groups, sheet=sheet)
            self.app.push_screen(form, self._write_labels)
        else:
            self.app.bell()

    def _label_groups(self) -> list[Group]:
        from stockshop.ui.places.labels_form import Group

        in_tree = self._in_walk()
        groups = [Group(tr("those marked"), tuple(one for one in in_tree if one.id in self.known.marked))]
        item = self.tree_list.current
        here = item.value.place if item is not None else None
        if here is not None and here.kind == "bin":
            groups.append(Group(here.code, (here,)))
        while here is not None:
            if here.kind != "bin":
                inside = {here.id} | {one.id for one in in_tree if one.parent_id == here.id}
                bins = (one for one in in_tree if one.kind == "bin" and one.parent_id in inside)
                groups.append(Group(tr("all bins in {place}", place=here.name), tuple(bins)))
            here = self.by_id.get(here.parent_id or 0)
        groups.append(Group(tr("all bins"), tuple(one for one in in_tree if one.kind == "bin")))
        return [group for group in groups if group.places]

    def _in_walk(self) -> list[Place]:
        from stockshop.ui.places.tree import branches

        return [branch.place for branch in branches(self.in_use(), ())]

    def _write_labels(self, wanted: BinLabels | None) -> None:
        if wanted is None:
            return
        from stockshop.services import printing_bins

        shop = self.shop

        def work(job: Job) -> LabelReport:
            return printing_bins.print_bin_labels(
                shop, wanted.codes, wanted.path, sheet=wanted.sheet, start=wanted.start,
                copies=wanted.copies, on_progress=job.progress, should_stop=job.should_stop,
            )  # fmt: skip

        def written(report: LabelReport) -> None:
            self.written = wanted.path
            words = self.words
            labels = trn("{count} label", "{count} labels", report.printed,
                         count=words.whole(report.printed))  # fmt: skip
            pages = trn("{count} page", "{count} pages", report.pages,
                        count=words.whole(report.pages))  # fmt: skip
            self.told_by.say(
                tr("{labels} on {pages}: {path}. Print it at 100 %; Ctrl+G shows it.", labels=labels,
                   pages=pages, path=wanted.path),
                title=tr("Labels are written"),
            )  # fmt: skip

        self.work_on(tr("Writing labels"), work, written, changes=False)

"""The label sheets and rolls one can buy, and where on the page each label lies.

The library is the gLabels template database (see assets/sheets/LICENSE) and a list of rolls.
Geometry is in points, measured from the top left corner of the page as printers register it.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.language import tr
from stockshop.resources import asset

MM = 72 / 25.4
"""Points in a millimetre."""

OFFICE_DPI = 300
"""Sheets go through laser and inkjet printers: whole dots of 300 are whole dots of 600 and 1200."""
ROLL_DPI = {"Zebra": 203}
SLIGHT_OVERRUN_PT = 1.5 * MM
"""Labels that run past the page by no more than this are kept clear of the edge instead of refused."""
_CUSTOM = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:mm)?\s*[x×*]\s*(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:mm)?", re.I
)
_NEGLIGIBLE_PT = 0.05


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangular arrangement of labels; most sheets have one, some with large labels several."""

    columns: int
    rows: int
    x_pt: float
    y_pt: float
    pitch_x_pt: float
    pitch_y_pt: float


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle inside a label, in points from the label's top left corner."""

    x_pt: float
    y_pt: float
    w_pt: float
    h_pt: float


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """One purchasable sheet or roll of labels."""

    brand: str
    part: str
    description: str
    page_name: str
    page_w_pt: float
    page_h_pt: float
    shape: str
    """rectangle, round, ellipse, cd, path or continuous."""
    label_w_pt: float
    label_h_pt: float
    corner_pt: float
    blocks: tuple[Block, ...]
    equiv_of: str = ""
    dpi: int = OFFICE_DPI
    """Resolution of the printer it is meant for; 203 stands for 8 dots a millimetre."""
    overrun_pt: float = 0
    """How far the labels reach past the page, by the maker's data; 0 for sound sheets."""
    has_overlaps: bool = False
    """Whether labels overlap in the maker's data; each is then taken as large as their spacing."""

    @property
    def name(self) -> str:
        """Brand and part, as people ask for it: `Avery 5160`."""
        return f"{self.brand} {self.part}"

    @property
    def cells(self) -> tuple[tuple[float, float], ...]:
        """Top left corner of every label, from the page's top left, in reading order."""
        return _cells(self.blocks)

    @property
    def capacity(self) -> int:
        """Labels on one page."""
        return sum(block.columns * block.rows for block in self.blocks)

    @property
    def is_roll(self) -> bool:
        """Whether the page is the label."""
        return self.capacity == 1 and self.page_w_pt - self.label_w_pt < 1

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of a label, in mm."""
        return self.label_w_pt / MM, self.label_h_pt / MM

    @property
    def usable(self) -> Area:
        """The rectangle of a label in which print certainly stays on it.

        A circle or ellipse holds a rectangle of 0.8 by 0.6 of its axes (3-4-5 triangle); on a disc
        it lies between the hole and the upper rim.
        """
        w, h = self.label_w_pt, self.label_h_pt
        if self.shape in ("round", "ellipse"):
            return Area(0.1 * w, 0.2 * h, 0.8 * w, 0.6 * h)
        if self.shape == "cd":
            radius = min(w, h) / 2
            return Area(w / 2 - 0.6 * radius, h / 2 - 0.8 * radius, 1.2 * radius, 0.38 * radius)
        if self.shape == "path":
            return Area(0.08 * w, 0.08 * h, 0.84 * w, 0.84 * h)
        return Area(0, 0, w, h)

    @property
    def note(self) -> str:
        """What had to be mended in the maker's data, for a person; empty for sound sheets."""
        said = []
        if self.has_overlaps:
            said.append(
                tr("Its labels overlap in the maker's data; each is taken as large as their spacing.")
            )
        if 0 < self.overrun_pt <= SLIGHT_OVERRUN_PT:
            said.append(
                tr(
                    "Its outer labels run {many} mm past the page; print stays clear of that edge.",
                    many=f"{self.overrun_pt / MM:.1f}",
                )
            )
        return " ".join(said)

    def check(self) -> None:
        """Raise Refused when labels lie outside the page, so that nothing could be printed right."""
        if self.overrun_pt > SLIGHT_OVERRUN_PT:
            raise Refused(
                tr(
                    "The maker's data of {sheet} puts labels {many} mm past the edge of the page; use an "
                    "equivalent sheet, or give the size of a roll such as '57x32 mm'.",
                    sheet=self.name,
                    many=f"{self.overrun_pt / MM:.0f}",
                ),
                field="sheet",
            )


@lru_cache(maxsize=64)
def _cells(blocks: tuple[Block, ...]) -> tuple[tuple[float, float], ...]:
    corners = [
        (block.x_pt + column * block.pitch_x_pt, block.y_pt + row * block.pitch_y_pt)
        for block in blocks
        for row in range(block.rows)
        for column in range(block.columns)
    ]
    return tuple(sorted(corners, key=lambda corner: (round(corner[1]), corner[0])))


@lru_cache(maxsize=1)
def all_sheets() -> tuple[LabelSheet, ...]:
    """The whole library, sheets before rolls, each part once."""
    gathered: dict[tuple[str, str], list[dict[str, str]]] = {}
    with asset("sheets", "label_sheets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            gathered.setdefault((row["brand"], row["part"].strip()), []).append(row)
    library = [_sheet(rows) for rows in gathered.values()]
    return (*library, *(roll for roll in _rolls() if (roll.brand, roll.part) not in gathered))


def _rolls() -> list[LabelSheet]:
    with asset("sheets", "rolls.csv").open(encoding="utf-8", newline="") as file:
        return [
            _roll(row["brand"], row["part"], row["description"], float(row["width_mm"]),
                  float(row["length_mm"]), int(row["dpi"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip


def _roll(brand: str, part: str, description: str, w_mm: float, h_mm: float, dpi: int) -> LabelSheet:
    w, h = w_mm * MM, h_mm * MM
    block = Block(1, 1, 0, 0, w, h)
    return LabelSheet(brand, part, description, "roll", w, h, "rectangle", w, h, 0, (block,), dpi=dpi)


def _number(text: str) -> float:
    return float(text) if text else 0.0


def _sheet(rows: list[dict[str, str]]) -> LabelSheet:
    first = rows[0]
    # A tape has no height of its own, a label of free outline no rectangle: the other one serves.
    page_w = _number(first["page_w_pt"])
    page_h = _number(first["page_h_pt"]) or _number(first["label_h_pt"])
    blocks = tuple(
        Block(int(row["cols"]), int(row["rows"]), _number(row["x0_pt"]), _number(row["y0_pt"]),
              _number(row["pitch_x_pt"]), _number(row["pitch_y_pt"]))
        for row in sorted(rows, key=lambda row: int(row["layout_index"]))
    )  # fmt: skip
    sheet = LabelSheet(
        brand=first["brand"],
        part=first["part"].strip(),
        description=first["description"],
        page_name=first["page_id"],
        page_w_pt=page_w,
        page_h_pt=page_h,
        shape=first["shape"],
        label_w_pt=_number(first["label_w_pt"]) or page_w,
        label_h_pt=_number(first["label_h_pt"]) or page_h,
        corner_pt=_number(first["corner_radius_pt"]),
        blocks=blocks,
        equiv_of=first["equiv_of"],
    )
    return replace(_mended(sheet), dpi=ROLL_DPI.get(sheet.brand, OFFICE_DPI))


def _mended(sheet: LabelSheet) -> LabelSheet:
    """Labels that overlap or slightly overrun the page shrink to what is surely their own."""
    w, h = sheet.label_w_pt, sheet.label_h_pt
    for block in sheet.blocks:
        if block.columns > 1:
            w = min(w, block.pitch_x_pt)
        if block.rows > 1:
            h = min(h, block.pitch_y_pt)
    has_overlaps = max(sheet.label_w_pt - w, sheet.label_h_pt - h) > 0.2
    right = max(x for x, _ in sheet.cells) + w - sheet.page_w_pt
    bottom = max(y for _, y in sheet.cells) + h - sheet.page_h_pt
    left, top = (-min(corner[axis] for corner in sheet.cells) for axis in (0, 1))
    overrun = max(right, bottom, left, top)
    if overrun <= _NEGLIGIBLE_PT:
        overrun = 0.0
    elif overrun <= SLIGHT_OVERRUN_PT:
        w, h = w - max(right, 0), h - max(bottom, 0)
    return replace(sheet, label_w_pt=w, label_h_pt=h, overrun_pt=overrun, has_overlaps=has_overlaps)


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[LabelSheet, ...]]:
    index: dict[str, tuple[LabelSheet, ...]] = {}
    for sheet in all_sheets():
        for key in {_key(sheet.name), _key(sheet.part)}:
            index[key] = (*index.get(key, ()), sheet)
    return index


def find_sheet(text: str) -> LabelSheet:
    """The sheet called `text`: "Avery 5160", "5160", "l7160", or a roll's size as "57x32 mm".

    Raises NotFound with the nearest names, and InvalidInput when two makers use the same number
    for different sheets.
    """
    key = _key(text)
    # Avery took over Zweckform; its parts are sold under both names.
    found = _index().get(key, ()) or _index().get(key.replace("avery", "zweckform", 1), ())
    if not found:
        return _custom(text)
    if len({(sheet.page_w_pt, sheet.label_w_pt, sheet.label_h_pt, sheet.blocks) for sheet in found}) > 1:
        raise InvalidInput(
            tr(
                "More than one maker has a '{part}'; say one of: {names}.",
                part=text.strip()[:40], names=", ".join(f"'{sheet.name}'" for sheet in found),
            ),
            field="sheet",
        )  # fmt: skip
    return found[0]


def _custom(text: str) -> LabelSheet:
    size = _CUSTOM.fullmatch(text.strip())
    if size is None:
        near = difflib.get_close_matches(_key(text), list(_index()), n=3, cutoff=0.75)
        names = ", ".join(dict.fromkeys(f"'{_index()[key][0].name}'" for key in near))
        part = text.strip()[:40]
        said = (
            tr("No label sheet is called '{part}'; did you mean {names}?", part=part, names=names)
            if names
            else tr(
                "No label sheet is called '{part}'; `stockshop sheets` lists them; a roll goes by its size, "
                "'57x32 mm'.",
                part=part,
            )
        )
        raise NotFound(said, field="sheet")
    return custom_roll(*(float(part.replace(",", ".")) for part in size.groups()))


def custom_roll(width_mm: float, length_mm: float, *, dpi: int = 203) -> LabelSheet:
    """A roll of the user's own: `width_mm` along the print head, `length_mm` of each label.

    Raises InvalidInput outside 10 to 1,200 mm.
    """
    if not (10 <= width_mm <= 1200 and 10 <= length_mm <= 1200):
        raise InvalidInput(tr("A label is 10 to 1,200 mm wide and long."), field="sheet")
    return _roll("Roll", f"{width_mm:g}x{length_mm:g} mm", "Own size", width_mm, length_mm, dpi)


def equivalents(sheet: LabelSheet) -> tuple[LabelSheet, ...]:
    """The other parts that are cut like this one, by the makers' own lists."""
    root = sheet.equiv_of or sheet.part
    return tuple(
        other
        for other in all_sheets()
        if other.brand == sheet.brand and other.part != sheet.part and root in (other.part, other.equiv_of)
    )


def search_sheets(text: str, *, limit: int = 50) -> tuple[LabelSheet, ...]:
    """Sheets whose brand, part or description hold every word of `text`, or whose label has that size.

    A size is given as "38x21"; a millimetre either way is near enough.
    """
    size = _CUSTOM.fullmatch(text.strip())
    if size is not None:
        wanted = tuple(float(part.replace(",", ".")) for part in size.groups())
        matches = (sheet for sheet in all_sheets() if _is_near(sheet.size_mm, wanted))
        return tuple(sheet for sheet, _ in zip(matches, range(limit), strict=False))
    words = [word for word in map(_key, text.split()) if word]
    matches = (
        sheet
        for sheet in all_sheets()
        if all(word in _key(f"{sheet.name} {sheet.description} {sheet.page_name}") for word in words)
    )
    return tuple(sheet for sheet, _ in zip(matches, range(limit), strict=False))


def _is_near(size_mm: tuple[float, float], wanted: tuple[float, ...]) -> bool:
    return all(math.isclose(side, want, abs_tol=1) for side, want in zip(size_mm, wanted, strict=True))

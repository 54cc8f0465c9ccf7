"""What the scanner check has found, in words: the codes heard, the facts, and what to do about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stockshop.barcodes.scanner_check import CODES, Diagnosis, Heard
from stockshop.config import Station
from stockshop.language import tr, trn
from stockshop.ui.counter.lines import BAD, GOOD, QUIET, STRONG, WARN, Line, heading, part, wrap
from stockshop.ui.safe import line
from stockshop.ui.scanning import GS

_LABEL = 13
_SHOWN = 8
"""Characters of a wrong layout that are shown as examples."""
_WANTED = ("digits", "letters", "signs", "gs1")
"""Without these nobody knows that all is well; a scanner may not read QR codes at all."""
_ENOUGH = 3
"""Codes from which on the scanner is known."""


class Fact(NamedTuple):
    """One thing about the scanner."""

    label: str
    value: str
    is_good: bool | None = None
    """None: neither good nor bad."""


class Findings(NamedTuple):
    """The facts, what a person should do, and what can be kept for this computer."""

    facts: tuple[Fact, ...]
    todo: tuple[str, ...]
    keep: Mapping[str, object]
    """Names of station settings, and what they should be."""


def shown(text: str) -> str:
    """A received text as one line; separators are seen."""
    return line(text.replace(GS, "␝"))


def codes_heard(found: Diagnosis, width: int, keyboard: Mapping[str, str]) -> list[Line]:
    """Every code of the page: waited for, come as printed, or come as something else.

    `keyboard` is the layout that is undone here.
    """
    rows: list[Line] = [heading(tr("Codes of the page"), width)]
    for code in CODES:
        label = tr(code.label)
        one = found.heard.get(code.name)
        if code.name == "line-1":
            rows.append([part("  " + tr("every character"), width, QUIET)])
        if one is None:
            rows.append([part(f"  · {label}", width, QUIET)])
            continue
        if _came_as_printed(one, keyboard):
            rows.append([("  ✓ ", GOOD), part(label, width - 4)])
            continue
        room = max(0, width - _LABEL - 6)
        rows.append([("  ✗ ", WARN), part(label, _LABEL + 2), part(shown(one.scan.text), room, QUIET)])
    for text in found.strange[-2:]:
        rows.append([("  ? ", WARN), part(shown(text), width - 4, WARN)])
    return rows


def _came_as_printed(one: Heard, keyboard: Mapping[str, str]) -> bool:
    arrived = "".join(keyboard.get(char, char) for char in one.arrived)
    return one.is_whole and arrived == one.code.text.replace(GS, "") and (
        GS not in one.code.text or one.separator == GS
    )  # fmt: skip


def findings(found: Diagnosis, station: Station, *, can_keep: bool) -> Findings:
    """What the scans so far tell about a scanner at a station set like this."""
    if not found.heard:
        return Findings((), (_first_words(found),), {})
    facts: list[Fact] = []
    todo: list[str] = []
    keep: dict[str, object] = {}
    for judge in (_layout, _end, _speed, _separator, _frames):
        judge(found, station, facts, todo, keep)
    if len(found.heard) < _ENOUGH:
        keep.clear()
        todo.append(tr("Scan more of the page: three codes tell enough."))
    elif keep and can_keep:
        todo.insert(0, tr("Ctrl+T keeps for this computer: {what}.", what=", ".join(_kept(keep))))
    elif keep:
        todo.insert(
            0, tr("It cannot be kept here: this computer has no settings file. Set the scanner instead.")
        )
    if not todo:
        waited_for = [
            tr(code.label) for code in CODES if code.name in _WANTED and code.name not in found.heard
        ]
        if waited_for:
            todo.append(tr("So far all is well. Scan these too: {codes}", codes=", ".join(waited_for)))
        else:
            todo.append(tr("This scanner is set up well. There is nothing to do."))
    return Findings(tuple(facts), tuple(todo), keep)


def _first_words(found: Diagnosis) -> str:
    if found.strange:
        return tr(
            "That is no code of the check page. Ctrl+S writes the page; print it and scan its codes here."
        )
    return tr(
        "Ctrl+S writes a page of codes. Print it, and scan them here in any order: "
        "what the scanner sends, and what to change, stands here at once."
    )


def _kept(keep: Mapping[str, object]) -> list[str]:
    names = []
    for name, value in keep.items():
        if name == "keyboard":
            names.append(tr("the keyboard layout"))
        elif name == "scan_gap_ms":
            names.append(tr("the pause between characters ({ms} ms)", ms=value))
        else:
            names.append(tr("the prefix {prefix}", prefix=shown(str(value))))
    return names


def _layout(
    found: Diagnosis, station: Station, facts: list[Fact], todo: list[str], keep: dict[str, object]
) -> None:
    label = tr("Keyboard")
    if found.caps_lock:
        facts.append(Fact(label, tr("Caps Lock is on"), is_good=False))
        todo.append(tr("Switch Caps Lock off, then begin again with Ctrl+N."))
        return
    if found.one_case:
        facts.append(Fact(label, tr("small and capital letters arrive alike"), is_good=False))
        todo.append(tr("Set the scanner to leave letters as they are (case conversion: none)."))
        return
    if not found.layout_is_wrong:
        facts.append(Fact(label, tr("as printed"), is_good=True))
        if station.keyboard:
            todo.append(tr("A keyboard layout is kept that this scanner does not need: Ctrl+B forgets it."))
        return
    if found.map_is_complete and dict(found.keyboard) == dict(station.keyboard) and not found.lost:
        facts.append(Fact(label, tr("another layout, which is undone"), is_good=True))
        return
    pairs = sorted(found.keyboard.items(), key=lambda pair: pair[1])[:_SHOWN]
    examples = "  ".join(f"{printed}→{arrived}" for arrived, printed in pairs)
    facts.append(Fact(label, tr("another layout: {examples}", examples=examples), is_good=False))
    todo.append(
        tr("Best: set the scanner's keyboard country to this computer's layout, then begin again (Ctrl+N).")
    )
    if found.missing_lines:
        todo.append(
            trn(
                "Or scan {count} more line of the second part, and the layout can be undone here.",
                "Or scan {count} more lines of the second part, and the layout can be undone here.",
                found.missing_lines,
            )
        )
    elif found.keyboard:
        keep["keyboard"] = dict(found.keyboard)
    if found.lost and not found.missing_lines:
        todo.append(
            tr("These get lost or run together, and nothing can bring them back: {signs}",
               signs=" ".join("␣" if sign == " " else sign for sign in found.lost))
        )  # fmt: skip


def _end(
    found: Diagnosis, station: Station, facts: list[Fact], todo: list[str], keep: dict[str, object]
) -> None:
    names = {"CR": tr("Enter (CR)"), "LF": tr("line feed (LF)"), "TAB": tr("Tab"), "": tr("nothing")}
    said = ", ".join(names[end] for end in found.ends)
    facts.append(Fact(tr("Ends with"), said, is_good=len(found.ends) == 1 and found.ends[0] != ""))
    if found.ends == ("",):
        todo.append(tr("Set the scanner to send Enter (CR) behind each code: it is heard at once then."))
    elif len(found.ends) > 1:
        todo.append(tr("The codes end differently: set the scanner to send Enter (CR) behind each."))


def _speed(
    found: Diagnosis, station: Station, facts: list[Fact], todo: list[str], keep: dict[str, object]
) -> None:
    gap = found.slowest_gap_ms or 0.0
    wanted = found.gap_ms
    facts.append(Fact(tr("Slowest gap"), tr("{ms} ms", ms=round(gap)), is_good=gap <= station.scan_gap_ms))
    if wanted is None:
        todo.append(tr("It is too slow: shorten its delay between characters, or set it to send a prefix."))
    elif wanted != station.scan_gap_ms and (gap > station.scan_gap_ms or station.scan_gap_ms > 60):
        keep["scan_gap_ms"] = wanted
    if wanted is not None and wanted > 70 and not (found.prefix or station.scan_prefix):
        todo.append(
            tr("It is as slow as quick fingers: a prefix, such as ~ before each code, tells them apart.")
        )


def _separator(
    found: Diagnosis, station: Station, facts: list[Fact], todo: list[str], keep: dict[str, object]
) -> None:
    if found.separator is None:
        return
    label = tr("Separator")
    if found.separator == GS:
        facts.append(Fact(label, tr("arrives (GS)"), is_good=True))
        return
    said = tr("arrives as {what}", what=shown(found.separator)) if found.separator else tr("is lost")
    facts.append(Fact(label, said, is_good=False))
    todo.append(
        tr("Set the scanner to send the GS1 separator as GS (Ctrl+]): lots and dates run together else.")
    )


def _frames(
    found: Diagnosis, station: Station, facts: list[Fact], todo: list[str], keep: dict[str, object]
) -> None:
    on = tr("are sent (good)") if found.identifiers else tr("are not sent (no matter)")
    facts.append(Fact(tr("Identifiers"), on, is_good=True if found.identifiers else None))
    if found.prefix:
        facts.append(
            Fact(tr("Prefix"), shown(found.prefix), is_good=found.prefix == station.scan_prefix or None)
        )
        if found.prefix != station.scan_prefix:
            keep["scan_prefix"] = found.prefix
    elif station.scan_prefix:
        facts.append(Fact(tr("Prefix"), tr("is not sent"), is_good=False))
        if len(found.heard) >= _ENOUGH:
            keep["scan_prefix"] = ""
    if found.suffix:
        facts.append(Fact(tr("Behind it"), shown(found.suffix), is_good=False))
        todo.append(tr("Set the scanner to send nothing but Enter behind the code."))


def painted(told: Findings, width: int) -> list[Line]:
    """The facts in a column, then what to do."""
    rows: list[Line] = []
    if told.facts:
        rows.append(heading(tr("This scanner"), width))
    for fact in told.facts:
        mark, look = {True: ("✓", GOOD), False: ("✗", BAD), None: ("·", QUIET)}[fact.is_good]
        said = wrap(fact.value, max(8, width - _LABEL - 4), 2)
        rows.append(
            [(f"  {mark} ", look), part(fact.label, _LABEL, QUIET), part(said[0], width - _LABEL - 4)]
        )
        rows += [[("", ""), part(" " * (_LABEL + 4) + more, width)] for more in said[1:]]
    if told.facts:
        rows += [[], heading(tr("What to do"), width)]
    for text in told.todo:
        if not told.facts:
            rows += [[part(row, width)] for row in wrap(text, max(10, width), 6)]
            continue
        for number, row in enumerate(wrap(text, max(10, width - 4), 5)):
            rows.append(
                [
                    ("  • " if not number else "    ", QUIET),
                    part(row, width - 4, STRONG if len(told.todo) == 1 else ""),
                ]
            )
    return rows

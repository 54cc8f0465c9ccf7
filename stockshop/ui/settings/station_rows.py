"""The settings that belong to this computer: its language and look, its papers, its scanner, its keys."""

from __future__ import annotations

from collections.abc import Iterator

from stockshop.config import DPIS, GAP_RANGE_MS, PAPERS, Station
from stockshop.language import tr
from stockshop.ui import files
from stockshop.ui.settings.keys import shown_keys
from stockshop.ui.settings.model import ACTION, CHOICE, KEY, Facts, Setting


def station_settings(facts: Facts) -> Iterator[Setting]:
    """Language, look, folders, paper, printer."""
    station, fixed = facts.station, nowhere(facts)
    languages = (("", tr("as the shop")), *facts.languages)
    known = dict(languages)
    yield Setting(
        "station.language", "station", tr("Language"), known.get(station.language, station.language),
        tr("What stockshop speaks on this computer. Numbers and days stay those of the shop."),
        kind=CHOICE, raw=station.language, choices=languages, usual="", fixed=fixed, is_quick=True,
        tone="" if station.language else "quiet",
    )  # fmt: skip
    looks = (("dark", tr("dark")), ("light", tr("light")))
    yield Setting(
        "station.look", "station", tr("Look"), dict(looks)[station.look],
        tr("Dark is slate, for the evening; light is paper, for a bright shop."),
        also=tr("theme colour color appearance"),
        kind=CHOICE, raw=station.look, choices=looks, usual=Station().look, fixed=fixed, is_quick=True,
    )  # fmt: skip
    yield Setting(
        "station.papers_folder", "station", tr("Folder for papers"),
        station.papers_folder or tr("{path} (your documents)", path=files.documents_folder()),
        tr("Where labels, count sheets and lists are written, unless another place is typed."),
        raw=station.papers_folder, usual="", fixed=fixed, hint=str(files.documents_folder()),
        tone="" if station.papers_folder else "quiet",
    )  # fmt: skip
    beside = tr("{path} (as usual)", path=facts.backups)
    yield Setting(
        "station.backups_folder", "station", tr("Folder for backups"),
        station.backups_folder or beside,
        tr("Where copies of the shop are put; a drive that is not always plugged in is best."),
        raw=station.backups_folder, usual="", fixed=fixed, hint=str(facts.backups),
        tone="" if station.backups_folder else "quiet",
    )  # fmt: skip
    sheet = station.sheet or facts.settings.sheet
    yield Setting(
        "station.sheet", "station", tr("Label sheet"), sheet or tr("a usual one"),
        tr("The sheet or roll that is proposed for labels; it is the one that was used last."),
        kind=ACTION, raw=station.sheet, usual="", fixed=fixed, tone="" if sheet else "quiet",
    )  # fmt: skip
    papers = tuple((paper, paper or tr("as usual here")) for paper in PAPERS)
    yield Setting(
        "station.paper", "station", tr("Paper"), dict(papers)[station.paper],
        tr("The size of the paper in the ordinary printer."),
        kind=CHOICE, raw=station.paper, choices=papers, usual="", fixed=fixed, is_quick=True,
        tone="" if station.paper else "quiet",
    )  # fmt: skip
    dpis = tuple((str(dpi), tr("{dpi} dpi", dpi=dpi) if dpi else tr("as the sheet's")) for dpi in DPIS)
    yield Setting(
        "station.dpi", "station", tr("Label printer"), dict(dpis)[str(station.dpi)],
        tr("How fine the label printer prints: bars that fall on its dots are scanned more easily."),
        kind=CHOICE, raw=str(station.dpi), choices=dpis, usual="0", fixed=fixed, is_quick=True,
        tone="" if station.dpi else "quiet",
    )  # fmt: skip


def nowhere(facts: Facts) -> str:
    """Why nothing of this computer can be kept; empty: it can."""
    if facts.station_file is not None:
        return ""
    return tr("This app was opened without a file for this computer's settings, so it cannot be kept.")


def scanner_settings(facts: Facts) -> Iterator[Setting]:
    """How the scanner types."""
    station, fixed = facts.station, nowhere(facts)
    prefix = station.scan_prefix or facts.settings.scan_prefix
    yield Setting(
        "station.scan_prefix", "scanner", tr("Prefix"), prefix or tr("none"),
        tr("What the scanner is set to send before each code. With one, a scan is never taken for typing."),
        raw=station.scan_prefix, usual="", fixed=fixed, hint="~", tone="" if prefix else "quiet",
    )  # fmt: skip
    low, high = GAP_RANGE_MS
    yield Setting(
        "station.scan_gap_ms", "scanner", tr("Longest gap"), tr("{ms} ms", ms=station.scan_gap_ms),
        tr("The longest time between two characters of one code, {low} to {high}. A slow wireless scanner "
           "needs 80 to 150; above 70 a quick typist may be taken for it.", low=low, high=high),
        raw=str(station.scan_gap_ms), usual=str(Station().scan_gap_ms), fixed=fixed, hint="60",
    )  # fmt: skip
    many = len(station.keyboard)
    yield Setting(
        "station.keyboard", "scanner", tr("Keyboard map"),
        tr("set: {count} characters", count=many) if many else tr("not needed so far"),
        tr("Puts right what a scanner set to another country's keyboard types. The scanner check finds it "
           "out."),
        kind=ACTION, raw="set" if many else "", usual="", fixed="" if not many else fixed,
        tone="" if many else "quiet",
    )  # fmt: skip
    yield Setting(
        "scanner.check", "scanner", tr("Scanner check"), tr("Enter opens it (Alt+K)"),
        tr("A page of codes to print and scan: it tells what the scanner sends, and what to set."),
        kind=ACTION, tone="quiet",
    )  # fmt: skip


def key_settings(facts: Facts) -> Iterator[Setting]:
    """Every key by the id of its binding."""
    fixed = nowhere(facts)
    where = tr("They are kept in {path}.", path=facts.station_file) if facts.station_file is not None else ""
    own = len(facts.station.keys)
    yield Setting(
        "keys.all", "keys", tr("All keys"),
        tr("{count} of your own", count=own) if own else tr("as usual"),
        tr("Enter sets every key back to what it was. {where}", where=where).strip(),
        kind=ACTION, fixed=fixed, tone="" if own else "quiet",
    )  # fmt: skip
    for one in facts.keys:
        mine = one.id in facts.station.keys
        now = one.now(facts.station)
        meaning = [tr(one.tooltip), tr("Its name in the file: {name}.", name=one.id)]
        if mine:
            meaning.append(tr("It came as {keys}; Del sets it back.", keys=shown_keys(one.usual)))
        if where:
            meaning.append(where)
        yield Setting(
            f"keys.{one.id}", "keys", tr("{group}: {what}", group=tr(one.group), what=tr(one.label)),
            shown_keys(now), "\n".join(meaning), kind=KEY, raw=",".join(now),
            usual=",".join(one.usual) if mine else None, fixed=fixed, tone="good" if mine else "",
        )  # fmt: skip

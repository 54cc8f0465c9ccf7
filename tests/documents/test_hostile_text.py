"""Whatever text a store may hold, documents are made of it, or it is refused with a reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from stockshop.documents.count_sheets import CountSheet, CountSheetLine, write_count_sheets
from stockshop.documents.fonts import FontBook
from stockshop.documents.labels import ShelfLabel, write_labels
from stockshop.documents.sheets import find_sheet
from tests.documents.rendering import page_texts, pages, read
from tests.shared_data import shared


def hostile_texts() -> list[str]:
    """Every line and value of the shared hostile data, and a few of our own."""
    texts = shared("hostile", "blns.txt").read_text(encoding="utf-8").splitlines()

    def walk(value: object) -> None:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                walk(key)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for name in ("formula_injection.json", "terminal_escape_samples.json"):
        walk(json.loads(shared("hostile", name).read_text(encoding="utf-8")))
    return [
        *texts,
        "\ud800\udfff",
        "\0",
        "(\\)",
        "\u202eabc",
        "x" * 5000,
        "[b]bold[/b]",
        "%s%n",
        "a" + "\u0301" * 200,
    ]


def test_hostile_text_in_every_field_of_a_label(tmp_path: Path) -> None:
    texts = hostile_texts()
    book = FontBook([])
    as_names = [ShelfLabel(text, text, "96385074", 100, "EUR", "de_DE", tax_note=text) for text in texts]
    report = write_labels(
        tmp_path / "a.pdf", as_names, find_sheet("5160"), book=book, skip_refused=True, replace_missing=True
    )
    assert report.printed == len(texts) and report.refused == ()
    as_codes = [ShelfLabel("Name", "SKU", text, 100, "EUR", "de_DE") for text in texts[::3]]
    report = write_labels(
        tmp_path / "b.pdf", as_codes, find_sheet("L7165"), book=book, skip_refused=True, replace_missing=True
    )
    assert report.printed + len(report.refused) == len(as_codes)
    assert all(trouble.why.endswith(".") for trouble in report.refused)
    shown = "".join(page_texts(tmp_path / "a.pdf"))
    assert not any(char in shown for char in "\x1b\x9b\u202e\u2066")


def test_hostile_text_on_a_count_sheet(tmp_path: Path) -> None:
    texts = hostile_texts()
    lines = tuple(
        CountSheetLine(number, text, text, text, "each", 12_000, text, text)
        for number, text in enumerate(texts, start=1)
    )
    sheets = [CountSheet(texts[5], "C-1", texts[-1], texts[9], lines)]
    report = write_count_sheets(tmp_path / "a.pdf", sheets, book=FontBook([]), replace_missing=True)
    assert report.lines == len(texts)


@pytest.fixture(scope="module")
def real_products() -> list[tuple[str, str]]:
    with shared("catalogues", "openfoodfacts_gtin_5k.csv").open(encoding="utf-8", newline="") as file:
        return [(row["gtin"], row["name"]) for row in csv.DictReader(file)]


def test_five_thousand_real_names_in_all_scripts_are_printed(
    real_products: list[tuple[str, str]], tmp_path: Path
) -> None:
    labels = [
        ShelfLabel(name, gtin, gtin, 199, "EUR", "fr_FR", "each", 250_000, "g")
        for gtin, name in real_products
    ]
    report = write_labels(
        tmp_path / "a.pdf", labels, find_sheet("L7160"), book=FontBook([]), replace_missing=True
    )
    assert report.printed == len(labels) == 5_000
    assert {item.field for item in report.replaced} == {"name"}
    wanted = [gtin for gtin, _ in real_products[:42]]
    found = []
    for image, _ in zip(pages(tmp_path / "a.pdf", 300), range(2), strict=False):
        found += read(image)
    assert sorted(found) == sorted(wanted)


def test_five_thousand_real_names_go_on_count_sheets(
    real_products: list[tuple[str, str]], tmp_path: Path
) -> None:
    lines = tuple(
        CountSheetLine(number, "A-1", gtin, name)
        for number, (gtin, name) in enumerate(real_products, start=1)
    )
    sheets = [CountSheet("Shop", "C-1", "All", "now", lines)]
    report = write_count_sheets(tmp_path / "a.pdf", sheets, book=FontBook([]), replace_missing=True)
    assert report.pages == 201

"""Our own export read back: exactly, in every format, and after a spreadsheet has had it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from stockshop.barcodes import lookup_key
from stockshop.services.exporting import columns as own
from stockshop.services.exporting.codes import format_barcodes
from stockshop.services.exporting.files import FORMATS, write_table
from stockshop.services.importing.drafts import BarcodeDraft, ProductDraft
from stockshop.services.importing.formats import recognise
from stockshop.services.importing.products import CheckedProducts, check_products
from stockshop.services.importing.tables import open_table
from stockshop.text import NOTE_LIMIT, clean, clean_code


def checked(tmp_path: Path, text: str) -> CheckedProducts:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return check_products(recognise(open_table(path)), currency="EUR")


LINE = st.text(max_size=25).map(clean)
NAME = LINE.filter(bool)
CODE = st.text(max_size=20).map(clean_code).filter(bool)
QUANTITY = st.none() | st.integers(0, 10**9)
MEASURE = st.none() | st.integers(0, 10**6)


def _plain(milli: int | None) -> str:
    return "" if milli is None else f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


@st.composite
def own_products(draw: st.DrawFn) -> ProductDraft:
    low = draw(QUANTITY)
    content = draw(
        st.none() | st.tuples(st.integers(1, 10**8), st.sampled_from(["g", "ml", "each", "fl oz"]))
    )
    price = draw(st.none() | st.integers(0, 10**8))
    return ProductDraft(
        row=0, sku=draw(CODE), is_sku_made=False, name=draw(NAME), label_name=draw(LINE) or None,
        category=draw(LINE) or None, unit=draw(st.sampled_from(["each", "kg", "fl oz"])), price_minor=price,
        cost_e4=None, tax_rate_milli=draw(st.none() | st.integers(0, 100_000)),
        price_includes_tax=draw(st.none() | st.booleans()), net_content_milli=content and content[0],
        net_content_unit=content and content[1],
        barcodes=tuple(BarcodeDraft(code, pack) for code, pack in
                       draw(st.dictionaries(CODE, st.integers(1, 10**7), max_size=3)).items()),
        weight_g=draw(MEASURE), length_mm=draw(MEASURE), width_mm=draw(MEASURE), height_mm=draw(MEASURE),
        tracking=draw(st.sampled_from(["none", "lot"])), reorder_point_milli=low,
        order_up_to_milli=None if low is None else low + draw(st.integers(0, 10**6)),
        preferred_bin=draw(st.none() | CODE), supplier=draw(LINE) or None,
        supplier_code=draw(st.none() | CODE),
        supplier_pack_milli=draw(st.none() | st.integers(1, 10**9)), minimum_order_milli=draw(QUANTITY),
        notes=clean(draw(st.text(max_size=40)), limit=NOTE_LIMIT, multiline=True) or None,
        archived=draw(st.booleans()), on_hand=(),
    )  # fmt: skip


def as_row(draft: ProductDraft) -> list[str | bool | int | None]:
    return [
        draft.sku, draft.name, draft.label_name, draft.category, draft.unit,
        None if draft.price_minor is None else f"{draft.price_minor // 100}.{draft.price_minor % 100:02}",
        draft.price_includes_tax, _plain(draft.tax_rate_milli), _plain(draft.net_content_milli),
        draft.net_content_unit, format_barcodes((one.code, one.quantity_milli) for one in draft.barcodes),
        draft.weight_g, draft.length_mm, draft.width_mm, draft.height_mm, draft.tracking, draft.preferred_bin,
        _plain(draft.reorder_point_milli), _plain(draft.order_up_to_milli), draft.supplier,
        draft.supplier_code,
        _plain(draft.supplier_pack_milli), _plain(draft.minimum_order_milli), draft.notes, draft.archived,
    ]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(products=st.lists(own_products(), min_size=1, max_size=6, unique_by=lambda draft: draft.sku))
def test_our_own_export_comes_back_exactly_in_every_format(
    tmp_path: Path, products: list[ProductDraft]
) -> None:
    keys = [lookup_key(one.code) for draft in products for one in draft.barcodes]
    assume(len(set(keys)) == len(keys))
    seen = []
    for file_format in FORMATS:
        path = tmp_path / f"out.{file_format}"
        write_table(path, own.PRODUCTS, map(as_row, products), file_format=file_format)
        recognised = recognise(open_table(path))
        assert recognised.format == "stockshop"
        found = check_products(recognised, currency="EUR")
        assert found.problems == () and found.notices == ()
        seen.append([as_row(draft) for draft in found.drafts])
        assert {"notes", "price_minor", "supplier"} <= found.speaks_for
    assert seen == [[as_row(draft) for draft in products]] * 3


def test_our_own_file_saved_by_a_german_spreadsheet_still_reads(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        "sku;name;price;barcodes;weight_g;reorder_point;archived\n"
        "A;Tea;1.234,50;4006381333931;250;1,5;FALSCH\nB;Salt;0,99;;;;WAHR\n",
    )
    assert found.problems == ()
    assert [(d.price_minor, d.reorder_point_milli, d.archived) for d in found.drafts] == [
        (123_450, 1_500, False), (99, None, True),
    ]  # fmt: skip


def test_only_our_own_file_speaks_for_empty_cells(tmp_path: Path) -> None:
    assert checked(tmp_path, "name,price\nA,1\n").speaks_for == frozenset()
    ours = checked(tmp_path, "sku,name,label_name,price\nA,A,,\n")
    assert ours.speaks_for == {"sku", "name", "label_name", "price_minor"}


def test_pack_barcodes_carry_their_quantity(tmp_path: Path) -> None:
    found = checked(tmp_path, 'sku,name,barcodes,label_name\nA,A,"4006381333931; 14006381333938 x12",\n')
    assert found.drafts[0].barcodes == (
        BarcodeDraft("4006381333931"), BarcodeDraft("14006381333938", 12_000),
    )  # fmt: skip

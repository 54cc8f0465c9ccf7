"""Whose file is this? Recognised by its headings, or mapped column by column.

Case, spaces, underscores and question marks in headings do not matter. A mapping a person has
given is worth keeping: `fingerprint` is the same for every file with the same headings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.services.exporting import columns as own
from stockshop.services.importing import shop_columns
from stockshop.services.importing.headings import FIELDS, Heading, find_field, key, read_heading
from stockshop.services.importing.tables import Table

FORMATS = ("auto", "stockshop", "shopify", "woocommerce", "square")
"""What a person may ask for; `square-sales` and `mapped` are found by `auto` (and the first by `square`)."""

STOCK_FIELDS = ("sku", "barcode", "name", "bin", "lot", "expiry", "quantity", "unit_cost")
_OWN_FIELDS = {"weight_g": "weight", "length_mm": "length", "width_mm": "width", "height_mm": "height"}
_OWN_UNITS = {"weight": "g", "length": "mm", "width": "mm", "height": "mm"}
_OWN_KEYS = {key(column.name): column.name for column in own.PRODUCTS}
_OWN_MARKS = frozenset(
    key(name)
    for name in ("label_name", "price_includes_tax", "net_content_unit", "barcodes", "order_up_to",
                 "supplier_pack", "minimum_order", "preferred_bin", "weight_g")
)  # fmt: skip


class ColumnsUnknown(InvalidInput):
    """No column is the name of the product; `headers` are those of the file, for a person to map."""

    title = mark("Which column is which?")

    def __init__(self, message: str, headers: tuple[str, ...]) -> None:
        super().__init__(message, field="columns")
        self.headers = headers

    def __reduce__(self) -> tuple[type[ColumnsUnknown], tuple[str, tuple[str, ...]]]:
        # Another process may have to tell it.
        return type(self), (self.message, self.headers)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table and what its columns mean."""

    table: Table
    format: str
    """stockshop, shopify, woocommerce, square, square-sales, mapped or stock."""
    columns: Mapping[str, int]
    """Our field to the index of its column."""
    barcode_columns: tuple[int, ...] = ()
    """Every column with barcodes, in order; the first is `columns["barcodes"]`."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Our field to the unit its heading names: weight to kg, length to cm."""
    price_includes_tax: bool | None = None
    """As the heading of the price says (brutto, HT)."""
    currency: str | None = None
    """As the heading of the price says; an ISO code, `$` or `¥`."""
    unused: tuple[str, ...] = ()
    """Headings of columns that are left out."""

    @property
    def fingerprint(self) -> str:
        """The same for every file with the same headings, in whatever order."""
        return fingerprint(self.table.headers)

    def heading(self, name: str) -> str:
        """The file's own heading of our field, for messages."""
        index = self.columns.get(name)
        return name if index is None else self.table.headers[index]


def fingerprint(headers: Sequence[str]) -> str:
    """Sixteen hexadecimal digits that stand for a set of headings."""
    keys = "\n".join(sorted(key(header) for header in headers))
    return hashlib.sha256(keys.encode()).hexdigest()[:16]


def recognise(table: Table, *, wanted: str = "auto", mapping: Mapping[str, str] | None = None) -> Recognised:
    """Find out what the columns of a list of products mean.

    `wanted` is one of FORMATS; `mapping` is our field to their heading and beats recognition.
    Raises InvalidInput for a format the file does not have, a heading used twice or an unknown
    name, ColumnsUnknown when no column can be the name of the product.
    """
    if wanted not in FORMATS:
        raise InvalidInput(
            tr(
                "'{wanted}' is not a format I read; use one of: {formats}.",
                wanted=wanted,
                formats=", ".join(FORMATS),
            ),
            field="format",
        )
    table = _with_best_header(table)
    _check_headers(table)
    if mapping and wanted == "auto":
        return _mapped(table, mapping)
    found = _detect(table) if wanted in ("auto", "square") else wanted
    if wanted == "square" and not found.startswith("square"):
        found = "square"
    if found == "stockshop":
        return _own(table)
    if found == "mapped":
        return _mapped(table, mapping or {})
    return _of_shop(table, found)


def recognise_stock(table: Table, *, mapping: Mapping[str, str] | None = None) -> Recognised:
    """Find out what the columns of a list of stock mean: STOCK_FIELDS, at least a code and a quantity.

    Raises InvalidInput or ColumnsUnknown as `recognise` does.
    """
    table = _with_best_header(table)
    _check_headers(table)
    columns = _explicit(table, mapping or {}, STOCK_FIELDS)
    names = {"barcodes": "barcode", "preferred_bin": "bin", "cost": "unit_cost"}
    for index, header in enumerate(table.headers):
        found = find_field(read_heading(header), stock=True)
        if found is None or index in columns.values():
            continue
        name = names.get(found[0], found[0])
        if name in STOCK_FIELDS:
            columns.setdefault(name, index)
    if not columns.keys() & {"sku", "barcode"} or "quantity" not in columns:
        raise ColumnsUnknown(
            tr(
                "A list of stock needs a column 'sku' or 'barcode' and one 'quantity'; '{name}' has: "
                "{headers}.",
                name=table.name,
                headers=_listed(table.headers),
            ),
            table.headers,
        )
    return Recognised(table, "stock", columns, unused=_unused(table, columns.values()))


def _detect(table: Table) -> str:
    keys = {key(header) for header in table.headers}
    if keys >= {"sku", "name"} and keys & _OWN_MARKS and keys <= _OWN_KEYS.keys():
        return "stockshop"
    for name, required in shop_columns.REQUIRED.items():
        if keys >= {key(header) for header in required}:
            return name
    return "mapped"


def _own(table: Table) -> Recognised:
    columns: dict[str, int] = {}
    unused = []
    for index, header in enumerate(table.headers):
        name = _OWN_KEYS.get(key(header))
        if name is None:
            unused.append(header)
        else:
            columns[_OWN_FIELDS.get(name, name)] = index
    if "name" not in columns or "sku" not in columns:
        raise InvalidInput(
            tr(
                "'{name}' is not one of stockshop's own files: it lacks the columns sku and name.",
                name=table.name,
            ),
            field="format",
        )
    codes = (columns["barcodes"],) if "barcodes" in columns else ()
    return Recognised(table, "stockshop", columns, codes, _OWN_UNITS, unused=tuple(unused))


def _of_shop(table: Table, found: str) -> Recognised:
    by_key = {key(header): index for index, header in enumerate(table.headers)}
    missing = [name for name in shop_columns.REQUIRED[found] if key(name) not in by_key]
    if missing:
        raise InvalidInput(
            tr(
                "'{name}' is not a {found} export: it lacks {missing}. Use '--format auto' to have "
                "the columns looked at.",
                name=table.name,
                found=found,
                missing=_listed(missing),
            ),
            field="format",
        )
    columns: dict[str, int] = {}
    for name, header in shop_columns.COLUMNS[found]:
        index = by_key.get(key(header))
        if index is not None:
            columns.setdefault(name, index)
    headings = [read_heading(header) for header in table.headers]
    units = {"weight": "g"} if found == "shopify" else {}
    for name in ("weight", "length", "width", "height") if found != "shopify" else ():
        for index, heading in enumerate(headings):
            if heading.bare_key == name and heading.unit:
                columns[name], units[name] = index, heading.unit
    codes = (columns["barcodes"],) if "barcodes" in columns else ()
    return Recognised(table, found, columns, codes, units)


def _mapped(table: Table, mapping: Mapping[str, str]) -> Recognised:
    columns = _explicit(table, mapping, FIELDS)
    claimed = set(columns.values())
    headings = [read_heading(header) for header in table.headers]
    candidates = _candidates(headings, claimed)
    descriptions = candidates.pop("name or notes", [])
    for name in ("name", "notes"):
        if descriptions and name not in candidates and name not in columns:
            candidates[name] = [descriptions.pop(0)]
    for name, indexes in candidates.items():
        if name not in mapping:
            columns[name] = indexes[0]
    if "name" not in columns:
        raise ColumnsUnknown(
            tr(
                "No column of '{name}' can be told to be the product's name; say which it is. The "
                "columns are: {headers}.",
                name=table.name,
                headers=_listed(table.headers),
            ),
            table.headers,
        )
    _refuse_doubles(table, columns)
    codes = [columns["barcodes"]] if "barcodes" in columns else []
    codes += [index for index in candidates.get("barcodes", ()) if index not in columns.values()]
    priced = headings[columns["price"]] if "price" in columns else None
    return Recognised(
        table,
        "mapped",
        columns,
        tuple(codes),
        {name: unit for name, index in columns.items() if (unit := headings[index].unit)},
        priced.is_gross if priced else None,
        priced.currency if priced else None,
        _unused(table, [*columns.values(), *codes]),
    )


def _candidates(headings: Sequence[Heading], claimed: Container[int]) -> dict[str, list[int]]:
    """For each field the columns that may hold it, the best word first.

    Of prices the one with tax is best: it is what a shelf label shows.
    """
    found: dict[str, list[tuple[bool, int, int]]] = {}
    for index, heading in enumerate(headings):
        match = find_field(heading)
        if match is not None and index not in claimed:
            name, rank = match
            is_second = name == "price" and heading.is_gross is not True
            found.setdefault(name, []).append((is_second, rank, index))
    return {name: [index for _, _, index in sorted(ranked)] for name, ranked in found.items()}


def _explicit(table: Table, mapping: Mapping[str, str], fields: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    exact = {header: index for index, header in reversed(list(enumerate(table.headers)))}
    loose = {key(header): index for index, header in reversed(list(enumerate(table.headers)))}
    for name, header in mapping.items():
        if name not in fields:
            raise InvalidInput(
                tr(
                    "'{name}' is not a field of ours; use one of: {fields}.",
                    name=name,
                    fields=", ".join(fields),
                ),
                field="mapping",
            )
        if not header:
            continue
        index = exact.get(header, loose.get(key(header)))
        if index is None:
            raise InvalidInput(
                tr(
                    "'{file}' has no column '{header}' for {field}; it has: {headers}.",
                    file=table.name,
                    header=header,
                    field=name,
                    headers=_listed(table.headers),
                ),
                field="mapping",
            )
        columns[name] = index
    return columns


def _with_best_header(table: Table) -> Table:
    """Lists made for people begin with a title; the headings are the row with most known words."""
    if _detect(table) != "mapped":
        return table

    def known(values: Sequence[str]) -> int:
        found = (find_field(read_heading(value), stock=True) for value in values)
        return len({match[0] for match in found if match is not None})

    score, row = known(table.headers), table.header_row
    for number, values in table.preview:
        if (found := known(values)) >= 2 and found > score:
            score, row = found, number
    return table if row == table.header_row else table.with_header(row)


def _check_headers(table: Table) -> None:
    if all(not header or header.replace(".", "").replace(",", "").isdigit() for header in table.headers):
        raise InvalidInput(
            tr("'{name}' has no headings: put the names of the columns into its first row.", name=table.name),
            field="columns",
        )


def _refuse_doubles(table: Table, columns: Mapping[str, int]) -> None:
    headers = [header.casefold() for header in table.headers]
    for index in columns.values():
        if headers.count(headers[index]) > 1:
            raise InvalidInput(
                tr(
                    "The column '{header}' is there twice; rename or delete one of them.",
                    header=table.headers[index],
                ),
                field="columns",
            )


def _unused(table: Table, used: Iterable[int]) -> tuple[str, ...]:
    taken = set(used)
    return tuple(header for index, header in enumerate(table.headers) if index not in taken and header)


def _listed(names: Sequence[str]) -> str:
    shown = [f"'{name[:30]}'" for name in names[:30]]
    return ", ".join(shown) + (" …" if len(names) > 30 else "")

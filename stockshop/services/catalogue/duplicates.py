"""Warning of products that are probably there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from stockshop import clock
from stockshop import text as texts
from stockshop.barcodes import interpret
from stockshop.errors import InvalidInput, Refused
from stockshop.language import tr
from stockshop.services.catalogue import naming
from stockshop.services.catalogue.likeness import likeness, signatures, why_same_name, why_same_sku
from stockshop.services.catalogue.products import product_id_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage import search
from stockshop.storage.session import Row, Session

_CANDIDATES = 100
"""Products looked at per question: more than that share a common word, not a name."""
_QUESTIONS = 6
_MOST_IN_GROUP = 50
_COLUMNS = "p.id, p.sku, p.name, p.archived_at_us"


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A product that is probably the same."""

    product_id: int
    sku: str
    name: str
    is_archived: bool
    why: str


@dataclass(frozen=True, slots=True)
class NearDuplicatePair:
    """Two products of the catalogue that are probably one."""

    first: NearDuplicate
    second: NearDuplicate

    @property
    def why(self) -> str:
        return self.second.why


def near_duplicates(
    shop: Shop,
    name: str,
    sku: str = "",
    barcodes: Sequence[str] = (),
    *,
    product_id: int | None = None,
    limit: int = 10,
) -> tuple[NearDuplicate, ...]:
    """Products that a product of this name, SKU and barcodes probably is already, likeliest first.

    `product_id` leaves the product itself out, and those it was found to differ from.
    """
    with shop.store.reading() as session:
        return near_duplicates_in(session, name, sku, barcodes, product_id=product_id, limit=limit)


def near_duplicates_in(
    session: Session,
    name: str,
    sku: str = "",
    barcodes: Sequence[str] = (),
    *,
    product_id: int | None = None,
    limit: int = 10,
) -> tuple[NearDuplicate, ...]:
    """As `near_duplicates`, inside a transaction."""
    passed = set() if product_id is None else {product_id, *_passed(session, product_id)}
    found: dict[int, NearDuplicate] = {}
    for candidate in (
        *_by_barcode(session, barcodes),
        *_by_sku(session, sku),
        *_by_name(session, name),
    ):
        if candidate.product_id not in passed:
            found.setdefault(candidate.product_id, candidate)
    return tuple(found.values())[:limit]


def _passed(session: Session, product_id: int) -> list[int]:
    rows = session.rows(
        "SELECT other_id FROM near_duplicate_pass WHERE product_id = ? "
        "UNION SELECT product_id FROM near_duplicate_pass WHERE other_id = ?",
        (product_id, product_id),
    )
    return [row[0] for row in rows]


def _by_barcode(session: Session, barcodes: Sequence[str]) -> Iterable[NearDuplicate]:
    for code in barcodes:
        try:
            readings = interpret(code)
        except InvalidInput:
            continue
        for reading in readings:
            for key in reading.keys:
                row = session.row(
                    f"SELECT {_COLUMNS} FROM barcode b JOIN product p ON p.id = b.product_id "
                    "WHERE b.lookup_key = ?",
                    (key,),
                )
                if row is not None:
                    why = (
                        tr("its barcode is that of a piece in this case")
                        if reading.kind == "pack"
                        else (
                            tr("the same barcode")
                            if reading is readings[0]
                            else tr("the same number in another form")
                        )
                    )
                    yield _found(row, why)


def _by_sku(session: Session, sku: str) -> Iterable[NearDuplicate]:
    sku = texts.printable(sku).strip()
    alike = naming.look_alike(sku)
    if not alike:
        return
    rows = session.rows(
        f"SELECT {_COLUMNS} FROM product p WHERE p.sku_fold IN (?, ?) AND +p.merged_into_id IS NULL",
        (naming.sku_fold(sku), alike),
    )
    condition, params = search.by_index(session.engine, naming.look_alike_mark(sku))
    rows += session.rows(
        f"SELECT {_COLUMNS} FROM product p WHERE {condition} AND +p.merged_into_id IS NULL LIMIT ?",
        [*params, _CANDIDATES],
    )
    for row in rows:
        why = why_same_sku(sku, row[1])
        if why is not None:
            yield _found(row, why)


def _by_name(session: Session, name: str) -> Iterable[NearDuplicate]:
    seen: set[int] = set()
    for question in _questions(name):
        ids = [found for found in search.find(session, question, _CANDIDATES) if found not in seen]
        seen.update(ids)
        if not ids:
            continue
        marks = ", ".join("?" * len(ids))
        for row in session.rows(
            f"SELECT {_COLUMNS} FROM product p WHERE p.id IN ({marks}) AND +p.merged_into_id IS NULL", ids
        ):
            why = why_same_name(name, row[2])
            if why is not None:
                yield _found(row, why)


def _questions(name: str) -> list[str]:
    """Searches that between them find every name that may be the same: all words, then all but one.

    Words are cut a letter short where they are long, so that an ending does not hide them.
    """
    parts = likeness(name)
    words = [*dict.fromkeys((*parts.words, *(number for number in parts.numbers if "." not in number)))]
    if not words:
        return [texts.fold(name)] if texts.fold(name).strip() else []
    if len(words) == 1 and len(words[0]) > 6:
        half = len(words[0]) // 2
        return [words[0], words[0][:half], words[0][-half:]]
    questions = [" ".join(words)]
    # Leaving out a short or a numeric word would only find other products.
    longest = sorted((word for word in parts.words if len(word) > 3), key=len, reverse=True)
    for left_out in longest[: _QUESTIONS - 1]:
        rest = [word for word in words if word != left_out]
        if rest and max(map(len, rest)) >= 3:
            questions.append(" ".join(rest))
        elif len(left_out) > 6:
            questions += [left_out[: len(left_out) // 2], left_out[-(len(left_out) // 2) :]]
    return questions


def _found(row: Sequence[object], why: str) -> NearDuplicate:
    product_id, sku, name, archived_at_us = row
    return NearDuplicate(int(str(product_id)), str(sku), str(name), archived_at_us is not None, why)


def mark_different(shop: Shop, actor: str, one: str | int, other: str | int) -> None:
    """Remember that two products are different ones, so that nobody is asked again.

    Raises NotFound, and Refused for one and the same.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        pair = sorted((product_id_in(session, one), product_id_in(session, other)))
        if pair[0] == pair[1]:
            raise Refused(tr("That is one and the same product; name two."), field="other")
        session.run(
            "INSERT INTO near_duplicate_pass (product_id, other_id, actor, decided_at_us) "
            "VALUES (?, ?, ?, ?) ON CONFLICT (product_id, other_id) DO NOTHING",
            (*pair, actor, clock.now_us()),
        )

    shop.store.writing(work)


def duplicate_report(shop: Shop, limit: int = 500) -> tuple[NearDuplicatePair, ...]:
    """Pairs of the whole catalogue that are probably one, at most `limit`; takes seconds for 100,000.

    Archived products and pairs marked as different are left out.
    """
    with shop.store.reading(snapshot=True) as session:
        products = {
            row[0]: row
            for row in session.stream(
                f"SELECT {_COLUMNS} FROM product p WHERE p.archived_at_us IS NULL ORDER BY p.id"
            )
        }
        passed = set(session.rows("SELECT product_id, other_id FROM near_duplicate_pass"))
    pairs: dict[tuple[int, int], str] = {}
    for group in _groups({key: row[1] for key, row in products.items()}, _sku_signature):
        _compare(group, products, 1, pairs, passed)
    for group in _groups({key: row[2] for key, row in products.items()}, signatures):
        _compare(group, products, 2, pairs, passed)
        if len(pairs) >= limit:
            break
    return tuple(
        NearDuplicatePair(_found(products[one], why), _found(products[other], why))
        for (one, other), why in sorted(pairs.items())[:limit]
    )


def _sku_signature(sku: str) -> frozenset[str]:
    alike = naming.look_alike(sku)
    return frozenset((alike,)) if alike else frozenset()


def _groups(named: Mapping[int, str], signed: Callable[[str], frozenset[str]]) -> Iterable[Sequence[int]]:
    """Ids that have a signature in common; very large groups share a word, not a name."""
    first: dict[int, int] = {}
    more: dict[int, list[int]] = {}
    for product_id, name in named.items():
        for signature in signed(name):
            # The hash alone: at a million products the texts would not fit.
            mark = hash(signature)
            if mark in first:
                more.setdefault(mark, [first[mark]]).append(product_id)
            else:
                first[mark] = product_id
    return (group for group in more.values() if len(group) <= _MOST_IN_GROUP)


def _compare(
    group: Sequence[int],
    products: Mapping[int, Row],
    column: int,
    pairs: dict[tuple[int, int], str],
    passed: set[Row],
) -> None:
    compare = why_same_sku if column == 1 else why_same_name
    for one, other in combinations(group, 2):
        if (one, other) in pairs or (one, other) in passed:
            continue
        why = compare(products[one][column], products[other][column])
        if why is not None:
            pairs[one, other] = why

"""The catalogue as a list of pages, on both engines."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput
from stockshop.services import catalogue, ordering
from stockshop.services.catalogue import ProductListing
from stockshop.services.catalogue import listing as listing_module
from stockshop.services.shop import Shop
from stockshop.storage.database import Store
from stockshop.storage.session import Session
from tests.services.catalogue_shop import make_shop, receive, sell

NAMES = ["Zebra", "apple", "Äpfel", "banana", "Cherry 10", "cherry 2", "日本", "ß", "apple", "Ωmega"]


@pytest.fixture
def shop(store: Store) -> Shop:
    return make_shop(store)


def fill(shop: Shop, count: int) -> None:
    def work(session: Session) -> None:
        for number in range(count):
            catalogue.add_product_in(
                session,
                shop,
                "Kim",
                {
                    "name": f"{'Bolt' if number % 2 else 'Nut'} {number * 7919 % count:05d}",
                    "sku": f"S{number:05d}",
                    "category": "Odd" if number % 2 else "Even",
                },
            )

    shop.store.writing(work)


def all_skus(listing: ProductListing, page: int = 3) -> list[str]:
    """Every SKU of the list, read page after page, each from the key of the last row."""
    rows = listing.page_from(None, page)
    found = [row.sku for row in rows]
    while rows:
        rows = listing.page_from(rows[-1].key, page)[1:]
        found += [row.sku for row in rows]
    return found


def test_pages_are_in_the_order_of_names_without_case_and_accents(shop: Shop) -> None:
    for name in NAMES:
        catalogue.add_product(shop, "Kim", name=name)
    rows = ProductListing(shop).page_from(None, 100)
    assert [row.name for row in rows] == [
        "Äpfel", "apple", "apple", "banana", "Cherry 10", "cherry 2", "ß", "Zebra", "Ωmega", "日本"
    ]  # fmt: skip
    assert [row.key for row in rows] == sorted(row.key for row in rows)


@pytest.mark.parametrize("order", ["name", "sku"])
@pytest.mark.parametrize("filters", [{}, {"text": "bolt"}, {"category": "Odd"}, {"no_barcode": True}])
@pytest.mark.parametrize("few", [0, 2_000])
def test_every_way_to_a_page_leads_to_the_same_rows(
    shop: Shop, order: str, filters: dict[str, object], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With 0 even these few rows are read along the index of the order, as a million would be.
    monkeypatch.setattr(listing_module, "_FEW_MATCHES", few)
    fill(shop, 60)
    listing = ProductListing(shop, order=order, **filters)  # type: ignore[arg-type]
    walked = all_skus(listing, 7)
    wanted = [
        row[0]
        for row in sorted(
            ((product.sku, product.name) for product in catalogue_of(shop)),
            key=lambda row: row[0] if order == "sku" else (row[1].lower(), row[0]),
        )
        if not (filters.keys() & {"text", "category"}) or row[1].startswith("Bolt")
    ]
    assert walked == wanted
    assert listing.count() == len(wanted)
    keys = listing.first_keys(8)
    assert len(keys) == -(-len(wanted) // 8)
    for number, key in enumerate(keys):
        page = wanted[number * 8 : number * 8 + 8]
        assert [row.sku for row in listing.page_from(key, 8)] == page
        assert [row.sku for row in listing.page_at(number * 8, 8)] == page
    assert listing.page_at(1_000, 8) == []
    assert all_skus(listing, 7) == wanted


def catalogue_of(shop: Shop) -> list[catalogue.Product]:
    with shop.store.reading() as session:
        return [
            catalogue.product_in(session, row[0])
            for row in session.rows("SELECT id FROM product ORDER BY id")
        ]


def test_a_row_shows_price_stock_and_places_ready_to_read(shop: Shop) -> None:
    pen = catalogue.add_product(shop, "Kim", name="Pen", sku="PEN", price_minor=123_450, category="Writing")
    receive(shop, pen.id, 1_200, into="B-01")
    receive(shop, pen.id, 34, into="A-02")
    sale = ordering.open_order(shop, "Kim", "sales", [("PEN", 4_000)])
    ordering.allocate(shop, "Kim", sale.lines[0].id, 4_000)
    (row,) = ProductListing(shop).page_from(None, 10)
    assert (row.sku, row.name, row.category) == ("PEN", "Pen", "Writing")
    assert row.price == "1.234,50\xa0€"
    assert (row.on_hand, row.available) == ("1.234", "1.230")
    assert row.bins == "A-02 34, B-01 1.200"
    assert not (row.is_low or row.is_out or row.is_below_zero)


def test_one_bin_is_shown_by_its_code_and_fractions_by_the_unit(shop: Shop) -> None:
    cheese = catalogue.add_product(shop, "Kim", name="Cheese", unit="kg")
    catalogue.add_product(shop, "Kim", name="Nothing yet")
    receive(shop, cheese.id, 3)
    first, second = ProductListing(shop).page_from(None, 10)
    assert (first.bins, first.on_hand, first.price) == ("A-01", "3", "")
    assert (second.bins, second.on_hand) == ("", "0")
    assert second.is_out


def test_the_bin_that_holds_most_stands_for_all_of_them(shop: Shop) -> None:
    for name, levels in (
        ("a most", {"A-01": 1, "A-02": 18}),
        ("b home", {"A-01": 5, "B-01": 5}),
        ("c code", {"A-02": 4, "A-01": 4}),
    ):
        product = catalogue.add_product(shop, "Kim", name=name, preferred_bin="B-01")
        for code, units in levels.items():
            receive(shop, product.id, units, into=code)
    catalogue.add_product(shop, "Kim", name="d nowhere", preferred_bin="B-01")
    rows = ProductListing(shop).page_from(None, 10)
    assert [row.main_bin for row in rows] == ["A-02", "B-01", "A-01", ""]


def test_the_filters_find_low_out_below_zero_archived_and_without_barcode(shop: Shop) -> None:
    names = ("low", "plenty", "ordered", "out", "below", "unwatched")
    ids = {
        name: catalogue.add_product(shop, "Kim", name=name, sku=name.upper(), barcodes=(f"code {name}",)).id
        for name in names
    }
    for name in ("low", "plenty", "ordered"):
        catalogue.set_reorder_rule(shop, "Kim", ids[name], 5_000, 10_000)
    receive(shop, ids["low"], 5)
    receive(shop, ids["plenty"], 6)
    receive(shop, ids["ordered"], 1)
    ordering.open_order(shop, "Kim", "purchase", [("ORDERED", 5_000)])
    receive(shop, ids["below"], 4, into="B-01")
    sell(shop, ids["below"], 1)
    receive(shop, ids["unwatched"], 1)
    catalogue.add_product(shop, "Kim", name="bare", sku="BARE")
    catalogue.archive(shop, "Kim", catalogue.add_product(shop, "Kim", name="old", sku="OLD").id)

    def found(**filters: bool | None) -> list[str]:
        return all_skus(ProductListing(shop, **filters))  # type: ignore[arg-type]

    assert found(low=True) == ["LOW"]
    assert found(out=True) == ["BARE", "OUT"]
    assert found(below_zero=True) == ["BELOW"]
    assert found(no_barcode=True) == ["BARE"]
    assert found(archived=True) == ["OLD"]
    assert found(out=True, archived=None) == ["BARE", "OLD", "OUT"]
    assert found(out=True, no_barcode=True) == ["BARE"]
    low = {row.sku for row in ProductListing(shop).page_from(None, 20) if row.is_low}
    assert low == {"LOW"}


def test_what_was_merged_is_listed_nowhere(shop: Shop) -> None:
    keep = catalogue.add_product(shop, "Kim", name="Pen", sku="PEN")
    other = catalogue.add_product(shop, "Kim", name="Ballpoint", sku="BALL")
    catalogue.merge_products(shop, "Kim", keep.id, other.id)
    for archived in (False, None):
        assert all_skus(ProductListing(shop, archived=archived)) == ["PEN"]
    assert all_skus(ProductListing(shop, archived=True)) == []
    assert all_skus(ProductListing(shop, text="ball")) == ["PEN"]


def test_search_and_category_go_together_and_hostile_text_finds_nothing(shop: Shop) -> None:
    fill(shop, 20)
    assert len(all_skus(ProductListing(shop, text="bolt", category="Odd"))) == 10
    assert all_skus(ProductListing(shop, text="bolt", category="Even")) == []
    for text in ("'; --", '"', "%", "_", "a" * 5_000, "\\", "(", "* OR"):
        assert all_skus(ProductListing(shop, text=text)) == []
    assert len(all_skus(ProductListing(shop, text=" \x1b "))) == 20
    with pytest.raises(InvalidInput):
        ProductListing(shop, order="colour")


def test_a_list_follows_what_changes_under_it(shop: Shop) -> None:
    fill(shop, 12)
    plain, out, found = (
        ProductListing(shop),
        ProductListing(shop, out=True),
        ProductListing(shop, text="bolt"),
    )
    assert [len(all_skus(listing)) for listing in (plain, out, found)] == [12, 12, 6]
    first = out.page_from(None, 5)
    receive(shop, first[0].id, 1)
    catalogue.change_product(shop, "Kim", first[1].id, name="Aardvark bolt")
    catalogue.archive(shop, "Kim", first[2].id)
    assert [listing.count() for listing in (plain, out, found)] == [11, 10, 5]
    assert plain.page_from(None, 1)[0].name == "Aardvark bolt"
    # The page from a row that is gone begins with the one after its place.
    assert plain.page_from(first[2].key, 1)[0].key > first[2].key
    assert out.page_from(first[2].key, 1)[0].key > first[2].key


def test_a_page_costs_two_questions(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shop, 30)
    asked: list[str] = []
    with shop.store.reading() as session:
        rows = type(session).rows

        def counted(self: Session, sql: str, params: object = ()) -> object:
            asked.append(sql)
            return rows(self, sql, params)  # type: ignore[arg-type]

        monkeypatch.setattr(type(session), "rows", counted)
    assert len(ProductListing(shop).page_from(None, 25)) == 25
    assert len(asked) == 2


def priced(shop: Shop, count: int = 40) -> list[dict[str, object]]:
    """Products with prices, categories and stock that repeat, and some without."""
    made = []
    for number in range(count):
        product = catalogue.add_product(
            shop, "Kim", sku=f"S{number * 7 % count:03}", name=f"Thing {number * 11 % count:03}",
            price_minor=None if number % 5 == 0 else 100 * (number % 3),
            category=(None, "paint", "Brushes", "Äcker")[number % 4],
        )  # fmt: skip
        if number % 3:
            receive(shop, product.id, number % 3, into="A-01" if number % 2 else "B-01")
        made.append(
            {
                "sku": product.sku,
                "name": product.name,
                "price": -1 if product.price_minor is None else product.price_minor,
                "on_hand": number % 3,
                "category": {None: 0, "Äcker": 1, "Brushes": 2, "paint": 3}[product.category],
                "id": product.id,
            }
        )
    return made


@pytest.mark.parametrize("order", ["name", "sku", "price", "on_hand", "category"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("filters", [{}, {"out": True}, {"text": "thing 0"}, {"category": "paint"}])
@pytest.mark.parametrize("few", [0, 2_000])
def test_every_order_goes_up_and_down_whatever_is_asked(
    shop: Shop, order: str, descending: bool, filters: dict[str, object], few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(listing_module, "_FEW_MATCHES", few)
    monkeypatch.setattr(listing_module, "_FIRST_PIECE", 4)
    monkeypatch.setattr(listing_module, "_LARGEST_PIECE", 8)
    matching = [
        row
        for row in priced(shop)
        if (not filters.get("out") or row["on_hand"] == 0)
        and (not filters.get("category") or row["category"] == 3)
        and (not filters.get("text") or str(row["name"]).startswith("Thing 0"))
    ]
    matching.sort(key=lambda row: (row[order], row["name"], row["id"]), reverse=descending)
    wanted = [row["sku"] for row in matching]
    listing = ProductListing(shop, order=order, descending=descending, **filters)  # type: ignore[arg-type]
    assert all_skus(listing, 7) == wanted
    assert listing.count() == len(wanted)
    assert [row.sku for row in listing.page_from(None, 100)] == wanted
    keys = listing.first_keys(8)
    for number, key in enumerate(keys):
        assert [row.sku for row in listing.page_from(key, 8)] == wanted[number * 8 : number * 8 + 8]
        assert [row.sku for row in listing.page_at(number * 8, 8)] == wanted[number * 8 : number * 8 + 8]
    assert list(listing.ids()) == [row["id"] for row in matching]


def test_a_place_lists_what_lies_in_it_and_below_it(shop: Shop) -> None:
    made = priced(shop, 12)
    lying = {row["sku"] for row in made if row["on_hand"]}
    in_bin = {row["sku"] for number, row in enumerate(made) if row["on_hand"] and number % 2}
    assert set(all_skus(ProductListing(shop, place="A-01"))) == in_bin
    with shop.store.reading() as session:
        zone, site = session.rows(
            "SELECT z.code, s.code FROM location b JOIN location z ON z.id = b.parent_id "
            "JOIN location s ON s.id = z.parent_id WHERE b.code = 'A-01'"
        )[0]
    assert in_bin <= set(all_skus(ProductListing(shop, place=zone)))
    assert set(all_skus(ProductListing(shop, place=site))) == lying
    assert all_skus(ProductListing(shop, place="NOWHERE")) == []


def test_a_listing_that_is_closed_stops_looking(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_module, "_FEW_MATCHES", 0)
    monkeypatch.setattr(listing_module, "_FIRST_PIECE", 2)
    fill(shop, 30)
    listing = ProductListing(shop, no_barcode=True)
    listing.close()
    assert listing.page_from(None, 10) == []
    # What was looked through by then is not taken for the whole list.
    assert listing.count() == 0
    assert ProductListing(shop, no_barcode=True).count() == 30

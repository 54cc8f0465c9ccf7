"""Which products are marked for something that is done to several."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockshop.services.catalogue import ProductListing


class Marks:
    """Single products, or everything a listing lists but some: a rule, however many they are."""

    def __init__(self) -> None:
        self._single: dict[int, None] = {}
        self._listing: ProductListing | None = None
        self._without: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._single) or self._listing is not None

    @property
    def are_all(self) -> bool:
        """Whether they are what a listing lists."""
        return self._listing is not None

    def has(self, product_id: int) -> bool:
        """Whether a product of the listing shown is marked."""
        if self._listing is not None:
            return product_id not in self._without
        return product_id in self._single

    def put(self, product_id: int, *, marked: bool) -> None:
        """Mark a product, or not."""
        if self._listing is not None:
            (self._without.discard if marked else self._without.add)(product_id)
        elif marked:
            self._single[product_id] = None
        else:
            self._single.pop(product_id, None)

    def take_all(self, listing: ProductListing) -> None:
        """Everything that this lists."""
        self._single, self._without = {}, set()
        self._listing = listing

    def clear(self) -> None:
        """Nothing is marked."""
        self._single, self._without, self._listing = {}, set(), None

    def listing_changed(self, listing: ProductListing, *, same_products: bool) -> None:
        """Something else is listed: what was "all of it" holds on only where it lists the same."""
        if self._listing is not None:
            if same_products:
                self._listing = listing
            else:
                self.clear()

    def count(self, listed: int) -> int:
        """How many are marked, where so many are listed."""
        return max(0, listed - len(self._without)) if self._listing is not None else len(self._single)

    def ids(self) -> array[int]:
        """All of them by id; read in a thread, since a listing may be long. Raises what a store raises."""
        if self._listing is None:
            return array("q", self._single)
        listed = self._listing.ids()
        if not self._without:
            return listed
        return array("q", (one for one in listed if one not in self._without))

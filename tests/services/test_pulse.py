"""Whether anybody has written meanwhile."""

from __future__ import annotations

from stockshop.services import catalogue, locations, scanning, stock
from stockshop.services.pulse import pulse
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


def test_whatever_another_till_does_shows_in_the_pulse(shop: Shop) -> None:
    seen = [pulse(shop)]

    def beats() -> bool:
        seen.append(pulse(shop))
        return seen[-1] != seen[-2]

    assert not beats()
    product = catalogue.add_product(shop, "Ada", sku="CUP", name="Cup", price_minor=300)
    assert beats()
    stock.post_entry(shop, "Ada", "receive", [LineRequest("CUP", 5_000)])
    assert beats()
    catalogue.change_product(shop, "Ada", product.id, price_minor=310)
    assert beats()
    kept = scanning.keep_unknown(shop, "Ada", "999", "Counter")
    assert beats()
    scanning.resolve_unknown(shop, "Ada", kept.id, "not ours")
    assert beats()
    locations.change_place(shop, "Ada", "A-01", name="By the door")
    assert beats()
    assert not beats()

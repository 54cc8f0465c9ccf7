"""What is typed and not saved is there again after a crash."""

from __future__ import annotations

from stockshop.services.drafts import LIMIT_CHARS, Draft, drop_draft, keep_draft, kept_draft
from stockshop.services.shop import Shop, open_shop

TYPED = {"name": "Bolt [M6] 'x\" 🔩", "price": "0,3", "note": "two\nlines"}


def test_a_form_has_no_draft_before_anything_is_typed(shop: Shop) -> None:
    assert kept_draft(shop, "product.new") is None


def test_what_was_typed_last_is_kept_with_who_and_when(shop: Shop) -> None:
    keep_draft(shop, "Ada", "product.new", {"name": "Bo"})
    keep_draft(shop, "Grace", "product.new", TYPED)
    found = kept_draft(shop, "product.new")
    assert isinstance(found, Draft)
    assert dict(found.values) == TYPED
    assert found.actor == "Grace"
    assert found.saved_at_us > 0


def test_a_draft_is_there_when_the_shop_is_opened_again(shop: Shop, shop_url: str) -> None:
    keep_draft(shop, "Ada", "product.new", TYPED)
    again = open_shop(shop_url)
    try:
        found = kept_draft(again, "product.new")
        assert found is not None and dict(found.values) == TYPED
    finally:
        again.close()


def test_a_saved_form_has_no_draft_any_more_and_others_keep_theirs(shop: Shop) -> None:
    keep_draft(shop, "Ada", "product.1", TYPED)
    keep_draft(shop, "Ada", "product.2", TYPED)
    drop_draft(shop, "product.1")
    drop_draft(shop, "product.1")
    assert kept_draft(shop, "product.1") is None
    assert kept_draft(shop, "product.2") is not None


def test_an_endless_text_is_not_kept(shop: Shop) -> None:
    keep_draft(shop, "Ada", "product.new", {"note": "x" * (LIMIT_CHARS + 1)})
    assert kept_draft(shop, "product.new") is None

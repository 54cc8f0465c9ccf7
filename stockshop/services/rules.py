"""The rules that every posting obeys, and what of a shop can still be changed."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import clock
from stockshop.errors import InvalidInput, Refused
from stockshop.language import tr
from stockshop.ledger import posting
from stockshop.services.shop import COSTING, Shop, clean_actor, currency_is_fixed, record_change
from stockshop.storage.session import Session

NEGATIVE_POLICIES = ("till", "always", "never")
_LAST_BACKUP = "last_backup"


@dataclass(frozen=True, slots=True)
class LedgerRules:
    """The rules every posting obeys."""

    costing: str
    """`average` or `fifo`."""
    negative_policy: str
    """`till`: only sales may take a bin below zero; `always`; `never`."""
    closed_through_us: int | None
    """No entry may lie at or before this instant."""


def ledger_rules(shop: Shop) -> LedgerRules:
    """The rules as they stand."""
    with shop.store.reading() as session:
        row = session.row("SELECT costing, negative_policy, closed_through_us FROM ledger_head WHERE id = 1")
    assert row is not None
    return LedgerRules(*row)


def set_negative_policy(shop: Shop, actor: str, policy: str) -> None:
    """Say which entries may take a bin below zero. Raises InvalidInput."""
    if policy not in NEGATIVE_POLICIES:
        raise InvalidInput(
            tr("Below zero is allowed for 'till', 'always' or 'never'."), field="negative_policy"
        )
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        head = posting.lock(session)
        session.run("UPDATE ledger_head SET negative_policy = ? WHERE id = 1", (policy,))
        record_change(
            session, "ledger", 1, "negative_policy", head.negative_policy, policy, actor, clock.now_us()
        )

    shop.store.writing(work)


def close_period(shop: Shop, actor: str, through_us: int) -> None:
    """Refuse entries at or before an instant from now on. Raises Refused when it would reopen one."""
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        head = posting.lock(session)
        now = max(clock.now_us(), head.recorded_at_us)
        if through_us > now:
            raise InvalidInput(tr("A period can only be closed when it is over."), field="through")
        if head.closed_through_us is not None and through_us < head.closed_through_us:
            raise Refused(tr("A closed period stays closed."), field="through")
        session.run(
            "UPDATE ledger_head SET closed_through_us = ?, closed_entry_id = entry_sequence WHERE id = 1",
            (through_us,),
        )
        record_change(session, "ledger", 1, "closed_through_us", None, str(through_us), actor, now)

    shop.store.writing(work)


def set_costing(shop: Shop, actor: str, costing: str) -> None:
    """Choose the costing method. Raises Refused once there are entries: their values would not fit."""
    if costing not in COSTING:
        raise InvalidInput(tr("Costing is 'average' or 'fifo'."), field="costing")
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        head = posting.lock(session)
        if head.entry_sequence:
            raise Refused(tr("The costing method is chosen before the first entry."), field="costing")
        session.run("UPDATE ledger_head SET costing = ? WHERE id = 1", (costing,))
        record_change(session, "ledger", 1, "costing", head.costing, costing, actor, clock.now_us())

    shop.store.writing(work)


@dataclass(frozen=True, slots=True)
class ShopRules:
    """The rules, what is fixed by now, and when the shop was last copied."""

    ledger: LedgerRules
    has_entries: bool
    """Whether the costing method is fixed."""
    currency_is_fixed: bool
    backup_at_us: int | None
    backup_path: str
    """Where the last copy was put; empty: nobody knows of one."""


def shop_rules(shop: Shop) -> ShopRules:
    """Everything at one instant."""
    with shop.store.reading(snapshot=True) as session:
        row = session.row(
            "SELECT costing, negative_policy, closed_through_us, entry_sequence FROM ledger_head WHERE id = 1"
        )
        assert row is not None
        is_fixed = currency_is_fixed(session)
        copied = session.value("SELECT value FROM setting WHERE key = ?", (_LAST_BACKUP,))
    at_us, _, path = str(copied or "").partition(" ")
    return ShopRules(
        LedgerRules(*row[:3]), bool(row[3]), is_fixed, int(at_us) if at_us.isdecimal() else None, path
    )


def note_backup(shop: Shop, path: str) -> None:
    """Remember that the shop was copied just now, and where to.

    Not a part of copying itself: a copy is the shop, to the last row.
    """
    value = f"{clock.now_us()} {path}"

    def work(session: Session) -> None:
        session.run(
            "INSERT INTO setting (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_LAST_BACKUP, value),
        )

    shop.store.writing(work)

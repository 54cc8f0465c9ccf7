"""Other processes that post until they are done or killed, and what they post."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from random import Random

from stockshop.errors import StoreLocked
from stockshop.ledger.posting import Draft, Line, post
from stockshop.storage.database import Store, open_store
from stockshop.storage.models.locations import CUSTOMER, SUPPLIER
from tests.ledger.books import BACK, COFFEE, EURO, SHELF, TEA, UNIT

_IMPORTS = ["stockshop.storage.sqlite", "stockshop.storage.postgres", "tests.ledger.sellers"]


def sale(name: str, number: int) -> Draft:
    """The same draft for the same name and number: mostly one line, now and then a basket or a delivery."""
    chance = Random(f"{name} {number}")
    if number % 7:
        return Draft(f"{name} {number}", "sell", (Line(COFFEE, UNIT, SHELF, CUSTOMER),), name)
    if number % 3 == 0:
        basket = [Line(TEA, chance.randrange(1, 5 * UNIT), SHELF, CUSTOMER) for _ in range(8)]
        return Draft(f"{name} {number}", "sell", tuple(basket), name)
    delivery = [
        Line(TEA, chance.randrange(1, 5 * UNIT), SUPPLIER, place, unit_cost_e4=chance.randrange(EURO))
        for place in chance.choices([SHELF, BACK], k=8)
    ]
    return Draft(f"{name} {number}", "receive", tuple(delivery), name)


def carry_out(store: Store, name: str, number: int) -> bool:
    """Post it; True when it had been there already."""
    return store.writing(lambda session: post(session, sale(name, number))).already


def sell(url: str, name: str, numbers: Iterable[int], acknowledge: Connection) -> None:
    """Post one after the other and acknowledge each when it is posted: what runs in the process."""
    store = open_store(url)
    for number in numbers:
        while True:
            try:
                carry_out(store, name, number)
                break
            except StoreLocked:
                # A person tries again; with the same id that is harmless.
                continue
        acknowledge.send(number)
    store.close()


class Seller:
    """A process that posts `numbers`, one after the other."""

    def __init__(self, url: str, name: str, numbers: Iterable[int]) -> None:
        ways = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
        if "forkserver" in ways:
            # Only the first process pays for the imports.
            context.set_forkserver_preload(_IMPORTS)
        self.name = name
        self.acknowledged: list[int] = []
        self._ear, mouth = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=sell, args=(url, name, numbers, mouth), daemon=True
        )
        self._process.start()
        # With our end closed, the pipe ends when the process does.
        mouth.close()

    def hear(self, wanted: int) -> None:
        """Wait for so many acknowledgements, or for the end."""
        while len(self.acknowledged) < wanted:
            try:
                self.acknowledged.append(self._ear.recv())
            except EOFError:
                break

    def kill(self) -> None:
        """kill -9, then hear what had been acknowledged before it."""
        self._process.kill()
        self.finish()

    def finish(self) -> None:
        """Hear it out to the end."""
        self.hear(2**31)
        self._process.join()
        self._ear.close()
        self.exit_code = self._process.exitcode
        self._process.close()

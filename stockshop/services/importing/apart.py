"""An import in a process of its own, so that no key waits while a large file is read.

Threads of one process share one interpreter: a file of 100,000 rows in a thread would hold up every
key. The other process ends with the one that started it, however that ends, and SQLite or the server
then undoes what it had not finished.

    python -m stockshop.services.importing.apart     (the request comes on its standard input)
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from stockshop import language
from stockshop.errors import ShopError, StoreError
from stockshop.language import tr
from stockshop.services.importing.storing import ImportResult, Progress
from stockshop.services.shop import Shop

SMALL_BYTES = 128 * 1024
"""A smaller file is done before another process has started."""
_POLL_S = 0.1
_LENGTH_BYTES = 8
_POLITENESS = 5
"""How much the other process stands back for the screen where both want the processor (Unix)."""
_STOP = b"stop\n"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported, into which shop."""

    url: str
    actor: str
    path: str
    is_stock: bool
    mapping: dict[str, str] | None
    dry_run: bool
    skip_bad: bool
    language: str


def import_file(
    shop: Shop,
    actor: str,
    path: Path,
    *,
    is_stock: bool = False,
    mapping: dict[str, str] | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    on_progress: Progress,
    should_stop: Callable[[], bool],
) -> ImportResult:
    """`import_products` or `import_stock`, a large file in a process of its own.

    Raises what they raise, and StoreError when that process has ended before its time.
    """
    if not sys.executable or not path.is_file() or path.stat().st_size <= SMALL_BYTES:
        return _work(is_stock)(
            shop, actor, path, mapping=mapping, dry_run=dry_run, skip_bad=skip_bad,
            on_progress=on_progress, should_stop=should_stop,
        )  # fmt: skip
    request = Request(
        shop.store.url, actor, str(path), is_stock, mapping, dry_run, skip_bad, language.spoken()
    )
    return _Apart(request).run(on_progress, should_stop)


def _work(is_stock: bool) -> Callable[..., ImportResult]:
    from stockshop.services.importing import storing_products, storing_stock

    return storing_stock.import_stock if is_stock else storing_products.import_products


# -- this side ---------------------------------------------------------------------------------------


class _Apart:
    """The other process, from this side."""

    def __init__(self, request: Request) -> None:
        house = str(Path(__file__).resolve().parents[3])
        ways = [house, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stockshop.services.importing.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The terminal is the app's.
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(ways)},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._said: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._request = request

    def run(self, on_progress: Progress, should_stop: Callable[[], bool]) -> ImportResult:
        to, said = self._process.stdin, self._process.stdout
        assert to is not None and said is not None
        listener = threading.Thread(target=self._listen, args=(said,), daemon=True)
        listener.start()
        try:
            # Where the other process has ended already, what it has said last tells why.
            with suppress(OSError):
                _send(to, self._request)
            return self._follow(to, on_progress, should_stop)
        finally:
            with suppress(OSError):
                to.close()
            self._process.wait()
            listener.join()
            said.close()

    def _listen(self, said: IO[bytes]) -> None:
        while (message := _received(said)) is not None:
            self._said.put(message)
        self._said.put(None)

    def _follow(self, to: IO[bytes], on_progress: Progress, should_stop: Callable[[], bool]) -> ImportResult:
        is_stopping = False
        while True:
            try:
                message = self._said.get(timeout=_POLL_S)
            except queue.Empty:
                message = ()
            if not is_stopping and should_stop():
                is_stopping = True
                with suppress(OSError):
                    to.write(_STOP)
                    to.flush()
            if message is None:
                raise StoreError(
                    tr(
                        "The import broke off before it was done. Import the file again: what should be in "
                        "already is not taken twice."
                    )
                )
            if isinstance(message, ImportResult):
                return message
            if isinstance(message, ShopError):
                raise message
            if message:
                on_progress(*message)


def _send(to: IO[bytes], message: object) -> None:
    data = pickle.dumps(message)
    to.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    to.flush()


def _received(source: IO[bytes]) -> Any:
    head = source.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    data = source.read(int.from_bytes(head, "big"))
    # Only ever from the process that was started here.
    return pickle.loads(data)


# -- the other side ----------------------------------------------------------------------------------


def main() -> None:
    """Carry out the request on standard input; tell how far it is, and what became of it."""
    source, to = sys.stdin.buffer, sys.stdout.buffer
    # What anything prints must not stand between the messages.
    sys.stdout = sys.stderr
    request = _received(source)
    if not isinstance(request, Request):
        return
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    stopping = threading.Event()
    threading.Thread(target=_watch, args=(source, stopping), daemon=True).start()
    language.speak(request.language)
    answer: object
    try:
        answer = _carry_out(request, lambda done, total: _send(to, (done, total)), stopping)
    except ShopError as error:
        answer = _portable(error)
    _send(to, answer)


def _watch(source: IO[bytes], stopping: threading.Event) -> None:
    if source.readline() == _STOP:
        stopping.set()
        source.read()
    # Nobody is left to be told: what is not finished is undone by the store.
    os._exit(1)


def _carry_out(request: Request, on_progress: Progress, stopping: threading.Event) -> ImportResult:
    from stockshop.services.shop import opened

    with opened(request.url) as shop:
        return _work(request.is_stock)(
            shop, request.actor, Path(request.path), mapping=request.mapping, dry_run=request.dry_run,
            skip_bad=request.skip_bad, on_progress=on_progress, should_stop=stopping.is_set,
        )  # fmt: skip


def _portable(error: ShopError) -> ShopError:
    error.__cause__ = error.__context__ = error.__traceback__ = None
    return error


if __name__ == "__main__":
    # As the module it is, so that the request is of the class that is asked for.
    from stockshop.services.importing.apart import main as run

    run()

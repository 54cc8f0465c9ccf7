"""The store: one database, two seams.

`reading()` gives a session to look with; `writing(work)` runs `work(session)` in one outermost
transaction and answers what it answered. On PostgreSQL the whole of it runs again when the server
asks for that (40001, 40P01), so `work` must not touch anything but the session.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from stockshop.errors import InvalidInput, ShopError
from stockshop.language import tr
from stockshop.storage.session import Session

T = TypeVar("T")


class Engine(Protocol):
    """What differs between SQLite and PostgreSQL."""

    name: str
    url: str
    patience_s: float
    """How long a write waits while another program is writing, where the engine can tell."""

    def connect(self) -> Session:
        """A new session of the calling thread."""

    def usable(self, session: Session) -> bool:
        """False when the server or the file behind the session is gone."""

    def close(self, session: Session) -> None:
        """Give the connection back."""

    def begin(self, session: Session) -> None:
        """Start a transaction that may write."""

    def begin_reading(self, session: Session) -> None:
        """Start a transaction in which every look sees the same instant."""

    def end(self, session: Session, *, commit: bool) -> None:
        """Finish the transaction."""

    def translate(self, error: BaseException) -> BaseException:
        """The error as one of the ShopError family where a person can act on it, else itself."""

    def wants_retry(self, error: BaseException) -> bool:
        """True when the server asks to run the whole transaction again."""

    @property
    def driver_errors(self) -> tuple[type[BaseException], ...]:
        """The errors that `translate` knows."""


# Each retry waits for the lock of the one before it, so contention thins out by itself.
RETRIES = 20


class Store:
    """An open shop. Sessions are per thread and stay open until the thread or the store ends."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._local = threading.local()
        self._sessions: list[tuple[threading.Thread, Session]] = []
        self._lock = threading.Lock()
        self._closed = False

    @property
    def url(self) -> str:
        """What `--shop` would say to open it again (a path or a URL)."""
        return self.engine.url

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store; None for PostgreSQL."""
        return Path(self.engine.url) if self.engine.name == "sqlite" else None

    def _session(self) -> Session:
        if self._closed:
            raise ShopError(tr("The shop has been closed."))
        session: Session | None = getattr(self._local, "session", None)
        if session is not None and self.engine.usable(session):
            return session
        if session is not None:
            self._forget(session)
        with self._lock:
            gone = [pair for pair in self._sessions if not pair[0].is_alive()]
            for pair in gone:
                self._sessions.remove(pair)
        for _, left in gone:
            self.engine.close(left)
        try:
            session = self.engine.connect()
        except self.engine.driver_errors as error:
            raise self.engine.translate(error) from error
        self._local.session = session
        with self._lock:
            self._sessions.append((threading.current_thread(), session))
        return session

    def _forget(self, session: Session) -> None:
        self._local.session = None
        with self._lock:
            self._sessions = [pair for pair in self._sessions if pair[1] is not session]
        self.engine.close(session)

    @contextmanager
    def reading(self, *, snapshot: bool = False) -> Iterator[Session]:
        """A session to look with; with `snapshot`, every look sees the same instant.

        Inside `writing()` or a snapshot of the same thread it is the session of that transaction.
        Raises StoreError (StoreUnavailable, StoreLocked…) when the store fails.
        """
        if getattr(self._local, "writing", False) or getattr(self._local, "snapshot", False):
            yield self._local.session
            return
        session = self._session()
        try:
            if not snapshot:
                yield session
                return
            session = self._begun(session, self.engine.begin_reading)
            self._local.snapshot = True
            try:
                yield session
            finally:
                self._local.snapshot = False
                self.engine.end(session, commit=False)
        except self.engine.driver_errors as error:
            raise self.engine.translate(error) from error

    def writing(self, work: Callable[[Session], T]) -> T:
        """Run `work(session)` in one transaction: all of it, durably, or nothing.

        Raises whatever `work` raises, after undoing everything, and StoreError when the store
        fails. Transactions do not nest.
        """
        if getattr(self._local, "writing", False) or getattr(self._local, "snapshot", False):
            raise RuntimeError("a transaction is open already: pass its session on instead")
        self._local.writing = True
        try:
            for attempt in range(RETRIES):
                session = self._session()
                try:
                    return self._once(session, work)
                except self.engine.driver_errors as error:
                    if attempt + 1 < RETRIES and self.engine.wants_retry(error):
                        continue
                    raise self.engine.translate(error) from error
            raise AssertionError("unreachable")
        finally:
            self._local.writing = False

    def _once(self, session: Session, work: Callable[[Session], T]) -> T:
        session = self._begun(session, self.engine.begin)
        try:
            answer = work(session)
        except BaseException:
            self.engine.end(session, commit=False)
            raise
        try:
            self.engine.end(session, commit=True)
        except BaseException:
            self.engine.end(session, commit=False)
            raise
        return answer

    def _begun(self, session: Session, begin: Callable[[Session], None]) -> Session:
        """Begin a transaction, on a new connection if the server has dropped the idle one meanwhile.

        Nothing has been done yet at that moment, so beginning again is harmless.
        """
        try:
            begin(session)
        except self.engine.driver_errors:
            if self.engine.usable(session):
                raise
            session = self._session()
            begin(session)
        return session

    def close(self) -> None:
        """End every session, of this thread and of all others."""
        self._closed = True
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for _, session in sessions:
            self.engine.close(session)


# Two letters at least: `C://shop.shop` is a path.
_OTHER_SERVER = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://")


def is_server(url: str) -> bool:
    """True for a PostgreSQL URL, False for the path of a SQLite file."""
    return url.startswith(("postgresql://", "postgres://"))


def shown(url: str) -> str:
    """The path or URL as it may be shown: without a password."""
    if not is_server(url):
        return url
    return re.sub(r"(password=)[^&]*", r"\1…", re.sub(r"(//[^:/@]*):[^@]*@", r"\1:…@", url))


def open_store(url: str | Path) -> Store:
    """Open the shop at a path or URL, checking whose it is and bringing it up to date.

    Raises NotFound when there is none; StoreForeign, StoreNewer, StoreCorrupt, StoreLocked or
    StoreUnavailable when it cannot be used.
    """
    return Store(_engine(url, create=False))


def create_store(url: str | Path) -> Store:
    """Make an empty store with the current schema. Raises Conflict when one is there already."""
    return Store(_engine(url, create=True))


def _engine(url: str | Path, *, create: bool) -> Any:
    if is_server(str(url)):
        from stockshop.storage.postgres import PostgresEngine

        return PostgresEngine.create(str(url)) if create else PostgresEngine.open(str(url))
    scheme = _OTHER_SERVER.match(str(url))
    if scheme is not None:
        raise InvalidInput(
            tr("A shop is a file, or postgresql://… on a server; '{scheme}' is neither.", scheme=scheme[0]),
            field="shop",
        )
    from stockshop.storage.sqlite import SqliteEngine

    path = Path(str(url)).expanduser()
    return SqliteEngine.create(path) if create else SqliteEngine.open(path)

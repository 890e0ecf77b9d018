"""What asking and keeping share: statements, transactions, and openings out of their packed form.

Everything is read inside one transaction, so that an answer is of one moment. SQLite's errors never leave this room:
they become DataError, with what to do.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.store import payload
from hb_engine.store.sqlite import files, upkeep
from hb_engine.store.sqlite.connect import connect, refusals, told
from hb_engine.store.sqlite.packing import unpack
from hb_engine.store.sqlite.schema import REPAIR
from hb_engine.wire import inventory_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from sqlite3 import Connection
    from types import TracebackType
    from typing import Any

    from hb_engine.model.inventory import Coverage
    from hb_engine.model.opening import Opening

    Row = tuple[Any, ...]

# What a row that is lost, or holds what it should not, makes of the lines that read it.
MISREAD = (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError)
LATEST = "(SELECT payload FROM state WHERE state.span = span.id ORDER BY since DESC LIMIT 1)"


class Rows:
    """A file that is open. It must be closed."""

    def __init__(self, path: str, connection: Connection | None = None) -> None:
        self.path = path
        self._left_open = files.was_left_open(path)
        self._connection = connection or connect(path)
        self._unpacked: dict[int, tuple[Opening, ...]] = {}
        self._coverages: dict[int, Coverage] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _transaction(self, kind: str = "DEFERRED") -> Transaction:
        self._unpacked.clear()  # another hb may have used the numbers again
        self._coverages.clear()
        return Transaction(self._connection, self.path, kind)

    def _asked(self, ask: Callable[..., Any], *words: Any) -> Any:
        """What a question outside of a transaction answers; SQLite's errors as ours."""
        try:
            return ask(*words)
        except refusals() as error:
            raise told(error, self.path) from error

    def _openings(self, number: int) -> tuple[Opening, ...]:
        known = self._unpacked.get(number)
        if known is None:
            told = self._one("SELECT told FROM payload WHERE id = ?", number)[0]
            known = self._unpacked[number] = payload.read(unpack(told))
        return known

    def _times(self, *times: Any) -> Any:
        """Times out of a row; DataError for what is none."""
        if all(one is None or isinstance(one, (float, int)) for one in times):
            return times
        raise DataError(f"{self.path} is damaged (a time is none)", REPAIR)

    def _coverage(self, number: int) -> Coverage:
        known = self._coverages.get(number)
        if known is None:
            told = self._one("SELECT told FROM coverage WHERE id = ?", number)[0]
            known = self._coverages[number] = inventory_json.coverage(inventory_json.loaded(unpack(told)))
        return known

    def _rows(self, sql: str, *words: Any) -> Iterator[Row]:
        return self._connection.execute(sql, words)

    def _first(self, sql: str, *words: Any) -> Any:
        return self._connection.execute(sql, words).fetchone()

    def _one(self, sql: str, *words: Any) -> Row:
        row: Row = self._connection.execute(sql, words).fetchone()
        return row

    def _do(self, sql: str, *words: Any) -> int:
        return self._connection.execute(sql, words).lastrowid or 0

    def _count(self, sql: str, *words: Any) -> int:
        return self._connection.execute(sql, words).rowcount


class Transaction:
    """From BEGIN to COMMIT, or back. SQLite's errors become DataError on the way out."""

    def __init__(self, connection: Connection, path: str, kind: str) -> None:
        self._connection, self._path, self._kind = connection, path, kind

    def __enter__(self) -> None:
        try:
            self._connection.execute(f"BEGIN {self._kind}")
        except refusals() as error:
            raise told(error, self._path) from error

    def __exit__(
        self, _kind: type[BaseException] | None, raised: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if raised is None:
                self._connection.execute("COMMIT")
        except refusals() as error:
            self._back()
            raise told(error, self._path) from error
        if raised is not None:
            self._back()
            if isinstance(raised, refusals()):
                raise told(raised, self._path) from raised
            if isinstance(raised, MISREAD):
                self._look_over()

    def _look_over(self) -> None:
        """Raise DataError for a file that is damaged: that explains why a row could not be read."""
        try:
            upkeep.check(self._connection, self._path)
        except refusals() as error:
            raise told(error, self._path) from error

    def _back(self) -> None:
        try:
            if self._connection.in_transaction:  # SQLite itself goes back when the disk is full
                self._connection.execute("ROLLBACK")
        except refusals():
            pass  # the file goes back when it is opened next

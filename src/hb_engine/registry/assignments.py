"""What the registries say of a port: the one door to IANA's assignments.

Two files can answer: the one that came with the program, and a newer one that `hb update` wrote. A broken file of the
person's is said (`problem`) and passed over; a broken one of ours is an error, since then nothing can be answered.
An assignment is no endorsement: traffic on a registered port need not be the registered service (IANA says so itself).
This module refuses to write, to go to the network, and to know what is open here.
"""

from __future__ import annotations

import os

from hb_engine.model.assignment import Assignment
from hb_engine.model.errors import DataError
from hb_engine.model.opening import Registered
from hb_engine.registry import search
from hb_engine.registry.table import BLOCK, LAST_ASSIGNABLE, PADDING, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

FILE = "assignments.tsv"
TCP, UDP, ANY = b"tcp\t", b"udp\t", b"-\t"  # how the second cell of a row begins
ASKED_AS = {
    "tcp": (TCP, ANY),
    "mptcp": (TCP, ANY),
    "udp": (UDP, ANY),
    "udplite": (UDP, ANY),
    "sctp": (b"sctp\t", ANY),
    "dccp": (b"dccp\t", ANY),
}
SINGLE, RANGE = len("01703\t"), len("06000-06063\t")  # where that cell begins
RANKS = {"assigned": 0, "alias": 1, "unassigned": 2, "unconfirmed": 3, "deassigned": 4, "reserved": 5, "dynamic": 6}
NAMELESS = 7  # added to the rank of a row without a name
LIMIT = 64 << 20  # bytes of a person's file: IANA's table would have to grow fiftyfold
DYNAMIC = "Dynamic and private ports: never assigned (RFC 6335 section 6)"
REINSTALL = "Install hb-engine again: this file came with it."
UPDATE_AGAIN = "Run: hb update (the data that came with hb is used until then)."


class Registry:
    """IANA's registry, open for questions. `origin` is "packaged" or a path; dates are YYYY-MM-DD.

    `as_of` dates names and descriptions, `details_as_of` the other columns. `problem` is empty, or a sentence and a
    remedy that say why the person's newer data is not used.
    """

    __slots__ = ("_short", "_table", "_wide", "as_of", "details_as_of", "origin", "problem")

    def __init__(self, table: Table, origin: str, problem: str = "") -> None:
        """Answer from a checked table."""
        self._table = table
        self._short: dict[tuple[str, int], tuple[Registered, ...]] = {}
        self._wide: list[tuple[int, int, bytes]] | None = None
        self.as_of, self.details_as_of = table.names, table.details
        self.origin, self.problem = origin, problem

    @classmethod
    def open(cls, user_folder: str | None = None) -> Registry:
        """The newest data that is whole. Raises DataError only if the packaged file cannot be used."""
        problem = ""
        if user_folder:
            path = os.path.join(user_folder, FILE)
            try:
                return cls(Table(_read(path), repr(path)), path)
            except FileNotFoundError:
                pass
            except OSError as error:
                problem = f"{path!r} cannot be read: {error.strerror or error}. {UPDATE_AGAIN}"
            except DataError as error:
                problem = f"{error.message}. {UPDATE_AGAIN}"
        try:
            return cls(Table(packaged(FILE), f"the packaged {FILE}"), "packaged", problem)
        except DataError as error:
            raise DataError(error.message, REINSTALL) from error

    @property
    def rows_known(self) -> int:
        """How many rows the table has."""
        return self._table.rows

    def rows(self, port: int) -> tuple[Assignment, ...]:
        """All rows for a number of 0 to 65535, ranges included: by transport, the best name first.

        () where the table has a gap: IANA covers every number, but the packaged data lacks 757 and 11023.
        """
        if port > LAST_ASSIGNABLE:
            return (dynamic(self.as_of),)
        table = self._table
        found = [table.parse(row) for row in table.singles(port)]
        key = b"%05d" % port
        ranges = table.lines(*table.ranges)
        found += [table.parse(row) for row in ranges if row[:5] <= key <= row[6:11]]
        found.sort(key=lambda row: (search.transport_rank(row.transport), _rank(row.status, row.name)))
        return tuple(found)

    def short(self, transport: str, port: int) -> tuple[Registered, ...]:
        """What is registered for a transport and a port, in short, the best name first; () for nothing.

        MPTCP is asked as tcp and UDP-Lite as udp. Dynamic ports, and numbers that are only unassigned, give ().
        """
        if port > LAST_ASSIGNABLE:
            return ()
        found = self._short.get((transport, port))
        if found is None:
            found = self._short[transport, port] = self._shorten(transport, port)
        return found

    def named(self, name: str) -> tuple[Assignment, ...]:
        """The rows of a service name, in whatever case; for an alias, the rows that it stands for follow."""
        return search.named(self._table, name)

    def search(self, words: str, limit: int = 20) -> tuple[Assignment, ...]:
        """Rows with all of these words in name and description, the likeliest first."""
        return search.words(self._table, words, limit)

    def suggest(self, name: str, limit: int = 5) -> tuple[str, ...]:
        """Names that are nearly this one, the nearest first."""
        return search.suggest(self._table, name, limit)

    def near(self, port: int) -> tuple[Assignment, ...]:
        """The nearest assigned numbers below and above: none, one or two rows."""
        below = max(self._candidates(port, -1), key=lambda row: row.last or 0, default=None)
        above = min(self._candidates(port, 1), key=lambda row: row.first or 0, default=None)
        return tuple(row for row in (below, above) if row)

    def all(self) -> Iterator[Assignment]:
        """Every row of the table, in the order of the file."""
        return self._table.assignments(*self._table.body)

    def _shorten(self, transport: str, port: int) -> tuple[Registered, ...]:
        asked = ASKED_AS.get(transport)
        if not asked:
            return ()
        rows = [row for row in self._table.singles(port) if row.startswith(asked, SINGLE)]
        for first, last, row in self._notable_ranges():
            if first <= port <= last and row.startswith(asked, RANGE):
                rows.append(row)
        found = []
        for row in rows:
            _, _, name, status, _, _, description, *_ = (row + PADDING).split(b"\t", 7)
            if name or status != b"unassigned":
                found.append(Registered(_text(name), _text(description), _text(status) or "assigned"))
        if len(found) > 1:
            found.sort(key=lambda one: _rank(one.status, one.name))
        return tuple(found)

    def _notable_ranges(self) -> list[tuple[int, int, bytes]]:
        """Ranges other than the hundreds that are just unassigned."""
        if self._wide is None:
            rows = self._table.lines(*self._table.ranges)
            self._wide = [(int(row[:5]), int(row[6:11]), row) for row in rows if b"\t\tunassigned" not in row]
        return self._wide

    def _candidates(self, port: int, step: int) -> Iterator[Assignment]:
        """Assigned rows on one side of a port: those of the nearest number, and of all ranges."""
        wide = [self._table.parse(row) for first, last, row in self._notable_ranges() if not first <= port <= last]
        for row in wide:
            if row.status == "assigned" and ((row.first or 0) > port) == (step > 0):
                yield row
        index = min(port, LAST_ASSIGNABLE) // BLOCK
        while 0 <= index <= LAST_ASSIGNABLE // BLOCK:
            for line in self._table.block(index)[::step]:
                number = int(line[:5])
                if (number - port) * step > 0 and not (line + PADDING).split(b"\t", 4)[3]:
                    yield next(row for row in self.rows(number) if row.status == "assigned" and row.first == row.last)
                    return
            index += step


def dynamic(as_of: str) -> Assignment:
    """The row that IANA does not list: nothing is ever assigned from 49152 on."""
    return Assignment(
        "", None, LAST_ASSIGNABLE + 1, 65535, DYNAMIC, references=("RFC6335",), status="dynamic", as_of=as_of
    )


def packaged(name: str) -> bytes:
    """A file of the package's data folder, from disk or out of a zip archive. Raises DataError."""
    path = os.path.join(os.path.dirname(__file__), "data", name)
    loader: Any = __spec__.loader if __spec__ else None
    try:
        data: bytes = loader.get_data(path)
    except OSError as error:
        raise DataError(f"the packaged {name} cannot be read: {error.strerror or error}", REINSTALL) from error
    return data


def _read(path: str) -> bytes:
    """A person's file, at most LIMIT bytes of it: more cannot pass the check, and need not fill the memory."""
    os.stat(path)
    if not os.path.isfile(path):  # a named pipe would keep us waiting for ever
        raise DataError(f"{path!r} is not a file", "")
    with open(path, "rb", buffering=0) as file:
        return file.read(LIMIT)


def _rank(status: str, name: str) -> int:
    return RANKS[status] + (0 if name else NAMELESS)


def _text(cell: bytes) -> str:
    if b"\\" in cell:
        from hb_engine.registry.tsv import unescape  # already loaded; one cell in a thousand

        return unescape(cell.decode("utf-8", "replace"))
    return cell.decode("utf-8", "replace")

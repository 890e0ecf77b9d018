"""The table of assignments as bytes, and how to find a row among 14,000 without reading them all.

Rows lie in three sections: single numbers, ranges, and service names without a number; each is sorted. Single numbers
come in blocks of 32, whose lengths stand in the header: a lookup is one search in about 700 bytes. Nothing is parsed
before it is asked for. This module refuses to judge which row is best (assignments.py) and what a cell of IANA's
means (fields.py).
"""

from __future__ import annotations

from itertools import accumulate

from hb_engine.model.assignment import STATUSES, Assignment
from hb_engine.model.errors import DataError
from hb_engine.registry import tsv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KIND = "hb-assignments"
VERSION = 1
FIELDS = (
    "number",
    "transport",  # - for any
    "name",
    "status",  # empty for assigned
    "known",  # empty: name and details; n: only name and description; d: only in the data that the details come from
    "alias_of",
    "description",
    "assignee",
    "contact",  # = for the same as the assignee
    "registered",
    "modified",
    "references",  # as IANA writes them: [RFC7858][RFC8094]
    "service_code",
    "unauthorized",
    "notes",
)
PADDING = b"\t" * len(FIELDS)  # added before a raw row is split: empty cells at its end are left out
ORDER = ("tcp", "udp", "sctp", "dccp")
LAST_ASSIGNABLE = 49151  # RFC 6335 6: above are dynamic ports, never assigned
BLOCK = 32  # numbers in a block: about 700 bytes to search


class Table:
    """The rows of one file. `names` and `details` are the dates of the data (YYYY-MM-DD)."""

    __slots__ = ("_blocks", "_lowered", "body", "data", "details", "names", "ranges", "rows", "unnumbered", "where")

    def __init__(self, data: bytes, where: str) -> None:
        """Check a whole file. Raises DataError where it is not one, not whole, or of another format."""
        found = tsv.check(data, KIND, VERSION, where)
        self.data, self.where, self.rows = data, where, found.rows
        self.names, self.details = found.header.get("names", ""), found.header.get("details", "")
        lengths = found.numbers("sections")
        blocks = found.numbers("blocks")
        if len(lengths) != 3 or sum(lengths) != found.end - found.start or sum(blocks) != lengths[0]:
            raise DataError(f"{where}: the lengths of its sections do not fit", "")
        self.body = (found.start, found.end)
        self.ranges = (found.start + lengths[0], found.start + lengths[0] + lengths[1])
        self.unnumbered = (self.ranges[1], found.end)
        self._blocks = list(accumulate(blocks, initial=found.start))
        self._lowered: bytes | None = None

    def singles(self, port: int) -> list[bytes]:
        """The rows of exactly this number, in the order of the file."""
        block = port // BLOCK
        if block + 1 >= len(self._blocks):
            return []
        start, end = self._blocks[block], self._blocks[block + 1]
        key = b"\n%05d\t" % port
        at = self.data.find(key, start - 1, end)
        found: list[bytes] = []
        while at >= 0:
            stop = self.data.index(b"\n", at + 1)
            found.append(self.data[at + 1 : stop])
            at = stop if self.data.startswith(key, stop) else -1
        return found

    def block(self, index: int) -> list[bytes]:
        """All rows of single numbers from 32 * index on, 32 numbers long; empty where nothing is."""
        if not 0 <= index < len(self._blocks) - 1:
            return []
        return self.lines(self._blocks[index], self._blocks[index + 1])

    def lines(self, start: int, end: int) -> list[bytes]:
        """Rows between two places of the data."""
        return self.data[start : end - 1].split(b"\n") if end > start else []

    def lowered(self) -> bytes:
        """The data in lower case (ASCII letters), for searches; made once."""
        if self._lowered is None:
            self._lowered = self.data.lower()
        return self._lowered

    def line_at(self, place: int) -> bytes:
        """The row that covers a place within the body."""
        start = self.data.rfind(b"\n", 0, place) + 1
        return self.data[start : self.data.index(b"\n", place)]

    def assignments(self, start: int, end: int) -> Iterator[Assignment]:
        """Rows between two places of the data, parsed."""
        for row in self.lines(start, end):
            yield self.parse(row)

    def parse(self, row: bytes) -> Assignment:
        """A row as an Assignment. Raises DataError for a row that no version of this program wrote."""
        try:
            cells = tsv.cells(row, len(FIELDS))
            number, transport, name, status, known, alias_of, description, assignee, contact = cells[:9]
            first, last = (None, None) if number == "-" else (int(number[:5]), int(number[-5:]))
            status = status or "assigned"
            STATUSES.index(status)
        except ValueError:
            raise DataError(f"{self.where} has a row that cannot be read: {row[:40]!r}", "") from None
        return Assignment(
            name,
            None if transport == "-" else transport,
            first,
            last,
            description,
            assignee,
            assignee if contact == "=" else contact,
            cells[9],
            cells[10],
            _references(cells[11]),
            cells[12],
            cells[13],
            cells[14],
            status,
            alias_of,
            self.details if known == "d" else self.names,
            "" if known == "n" else self.details,
        )


def encode(rows: Iterable[Assignment], names: str, details: str, source: str) -> bytes:
    """A whole file of these rows. Each row's dates are `names` and `details`, both `details`, or `names` and none."""
    numbered = [row for row in rows if row.first is not None]
    numbered.sort(key=_place)  # stable: what IANA lists first for a number and transport stays first
    singles = [row for row in numbered if row.first == row.last]
    lines = [(row.first or 0, _line(row, names, details)) for row in singles]
    lengths = [0] * (max((number for number, _ in lines), default=0) // BLOCK + 1)
    for number, line in lines:
        lengths[number // BLOCK] += len(line)
    loose = sorted((row for row in rows if row.first is None), key=lambda row: (row.name.lower(), row.name, _rank(row)))
    sections = [
        b"".join([line for _, line in lines]),
        b"".join([_line(row, names, details) for row in numbered if row.first != row.last]),
        b"".join([_line(row, names, details) for row in loose]),
    ]
    header = [
        ("names", names),
        ("details", details),
        ("source", tsv.escape(source)),
        ("sections", " ".join(str(len(section)) for section in sections)),
        ("blocks", " ".join(map(str, lengths))),
    ]
    return tsv.build(KIND, VERSION, header, FIELDS, b"".join(sections))


def _line(row: Assignment, names: str, details: str) -> bytes:
    """One row as bytes. Raises KeyError for dates that this file cannot say."""
    known = {(names, details): "", (names, ""): "n", (details, details): "d"}[row.as_of, row.details_as_of]
    return tsv.line(
        (
            _number(row),
            row.transport or "-",
            row.name,
            "" if row.status == "assigned" else row.status,
            known,
            row.alias_of,
            row.description,
            row.assignee,
            "=" if row.contact and row.contact == row.assignee else row.contact,
            row.registered,
            row.modified,
            "".join(f"[{part}]" for part in row.references),
            row.service_code,
            row.unauthorized,
            row.notes,
        )
    )


def _number(row: Assignment) -> str:
    if row.first is None:
        return "-"
    return f"{row.first:05}" if row.first == row.last else f"{row.first:05}-{row.last:05}"


def _place(row: Assignment) -> tuple[int, int, int, str]:
    return row.first or 0, row.last or 0, _rank(row), row.transport or ""


def _rank(row: Assignment) -> int:
    """tcp, udp, sctp, dccp, others, any."""
    if row.transport is None:
        return len(ORDER) + 1
    return ORDER.index(row.transport) if row.transport in ORDER else len(ORDER)


def _references(text: str) -> tuple[str, ...]:
    return tuple(text[1:-1].split("][")) if text else ()

"""The data files as they lie on disk: sorted text that diffs well, and that proves that it is whole.

    #hb-assignments 1           what it is, and the version of the format      (fields are separated by tabs)
    #names 2026-09-17           any number of header lines
    #columns number transport ...
    01703   tcp     hb-engine   rows, sorted; empty cells at the end are left out
    #end    13981   1a2b3c4d    the count of rows, and the CRC-32 of all bytes before the sum

A file cut anywhere has no last line, or the wrong sum. Cells escape backslash and control characters as \\t, \\n, \\\\
and \\x1b, so that a line is a row. This module refuses to know what the columns mean: table.py and threats.py do.
"""

from __future__ import annotations

from zlib import crc32

from hb_engine.model.errors import DataError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHORT = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
LONG = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
COLUMNS = b"\n#columns\t"
END = b"\n#end\t"


@record
class Container:
    """A file that was checked: its header, its bytes, and where the rows lie in them (`start`, `end`)."""

    data: bytes
    where: str
    header: dict[str, str]
    start: int
    end: int
    rows: int

    def numbers(self, name: str) -> list[int]:
        """A header line as numbers between spaces, at least one. Raises DataError."""
        try:
            return [int(word) for word in self.header[name].split()] or [int("")]
        except (KeyError, ValueError):
            raise DataError(f"{self.where}: the header line {name!r} is not numbers", "") from None


def check(data: bytes, kind: str, version: int, where: str) -> Container:
    """A whole file, checked by its first and last line. Raises DataError (without a remedy: the caller knows it)."""
    if not data.startswith(f"#{kind}\t".encode()):
        raise DataError(f"{where} is not a file of {kind}", "")
    spoken = data[len(kind) + 2 : len(kind) + 12].partition(b"\n")[0].decode("utf-8", "replace")
    if spoken != str(version):
        raise DataError(f"{where} is of format {spoken!r}, and this version reads format {version}", "")
    end, rows = _check_sum(data, where)
    columns = data.find(COLUMNS)
    start = data.find(b"\n", columns + 1) + 1
    if columns < 0 or not 0 < start <= end:
        raise DataError(f"{where} has no line of columns", "")
    lines = data[:columns].decode("utf-8", "replace").split("\n")
    header = dict(line.removeprefix("#").split("\t", 1) for line in lines if "\t" in line)
    return Container(data, where, header, start, end, rows)


def build(kind: str, version: int, header: Iterable[tuple[str, str]], columns: Sequence[str], body: bytes) -> bytes:
    """The bytes of a whole file. `body` is rows, each with its line feed."""
    lines = [f"#{kind}\t{version}", *(f"#{name}\t{value}" for name, value in header), "#columns\t" + "\t".join(columns)]
    data = "\n".join(lines).encode() + b"\n" + body + b"#end\t%d\t" % body.count(10)
    return data + b"%08x\n" % crc32(data)


def line(cells: Iterable[str]) -> bytes:
    """One row with its line feed; empty cells at its end are left out."""
    return ("\t".join([escape(cell) for cell in cells]).rstrip("\t") + "\n").encode()


def cells(row: bytes, count: int) -> list[str]:
    """The cells of a row, filled up to `count`."""
    found = row.decode("utf-8", "replace").split("\t")
    if b"\\" in row:
        found = [unescape(cell) for cell in found]
    return found + [""] * (count - len(found))


def escape(text: str) -> str:
    """Text for one cell: no control characters, and a backslash is two."""
    if text.isprintable() and "\\" not in text:
        return text
    return "".join([SHORT.get(char) or (f"\\x{ord(char):02x}" if _is_control(char) else char) for char in text])


def unescape(text: str) -> str:
    """What `escape` was given. Anything else after a backslash stays as it is."""
    head, *pieces = text.split("\\")
    parts = [head]
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        if not piece and pieces:  # two backslashes: this empty piece lies between them
            parts.append("\\" + pieces.pop())
        elif piece[:1] in LONG:
            parts.append(LONG[piece[0]] + piece[1:])
        elif piece[:1] == "x" and _is_hex(piece[1:3]):
            parts.append(chr(int(piece[1:3], 16)) + piece[3:])
        else:
            parts.append("\\" + piece)
    return "".join(parts)


def _check_sum(data: bytes, where: str) -> tuple[int, int]:
    """The place where rows end, and their count. Raises DataError for a file that is not whole."""
    at = data.rfind(END) + 1
    words = data[at:].split(b"\t") if at else []
    if len(words) != 3 or not data.endswith(b"\n"):
        raise DataError(f"{where} ends before its last line: it was written by half", "")
    if words[2] != b"%08x\n" % crc32(memoryview(data)[: -len(words[2])]):
        raise DataError(f"{where} is damaged: its check sum does not fit", "")
    if not words[1].isdigit():
        raise DataError(f"{where} does not say how many rows it has", "")
    return at, int(words[1])


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f"


def _is_hex(text: str) -> bool:
    return len(text) == 2 and all(char in "0123456789abcdef" for char in text)

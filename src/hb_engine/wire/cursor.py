"""The one reader through which strangers' bytes pass: it knows where they end.

Every parser of this room that is not a measured hot loop reads through a Cursor, so that a structure that promises more
than there is becomes one documented error, Truncated, and never a wrong value or an IndexError somewhere else. It
refuses to guess: no padding, no defaults, no reading past the end.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import Truncated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Bytes = bytes | bytearray | memoryview

_U8 = Struct("=B")
_U16, _U32, _U64, _I32 = Struct("=H"), Struct("=I"), Struct("=Q"), Struct("=i")
_BE16, _BE32 = Struct("!H"), Struct("!I")


class Cursor:
    """A place in some bytes, between `offset` and `end` (offsets from the start of the bytes, end not included).

    Integers are in the byte order of this machine unless the name says be (big-endian, network order). Every reader
    moves on by what it read, and raises Truncated without moving where less is left.
    """

    __slots__ = ("_data", "end", "offset")

    def __init__(self, data: Bytes, offset: int = 0, end: int | None = None) -> None:
        self._data = data
        self.offset = offset
        self.end = len(data) if end is None else end
        if not 0 <= self.offset <= self.end <= len(data):
            raise Truncated(f"bytes {offset} to {self.end} were promised, {len(data)} are there")

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self.end - self.offset

    def take(self, size: int) -> bytes:
        """The next `size` bytes, as a copy."""
        start = self._advance(size)
        return bytes(self._data[start : start + size])

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        self._advance(size)

    def part(self, size: int) -> Cursor:
        """A cursor over the next `size` bytes only; this one goes on behind them."""
        start = self._advance(size)
        return Cursor(self._data, start, start + size)

    def align(self, size: int) -> None:
        """Move on to a multiple of `size` from the start of the bytes, or to the end where that comes first."""
        self.offset = min(-(-self.offset // size) * size, self.end)

    def unpack(self, layout: Struct) -> tuple[Any, ...]:
        """The values of a compiled struct."""
        return layout.unpack_from(self._data, self._advance(layout.size))

    def text(self, limit: int = 4096) -> str:
        """The rest up to the first NUL, decoded as the kernel's names are (surrogateescape); at most `limit` bytes."""
        raw = bytes(self._data[self.offset : min(self.end, self.offset + limit)])
        self.offset = self.end
        return raw.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")

    def u8(self) -> int:
        """An unsigned byte."""
        return int(self.unpack(_U8)[0])

    def u16(self) -> int:
        """An unsigned integer of two bytes."""
        return int(self.unpack(_U16)[0])

    def u32(self) -> int:
        """An unsigned integer of four bytes."""
        return int(self.unpack(_U32)[0])

    def u64(self) -> int:
        """An unsigned integer of eight bytes."""
        return int(self.unpack(_U64)[0])

    def i32(self) -> int:
        """A signed integer of four bytes."""
        return int(self.unpack(_I32)[0])

    def be16(self) -> int:
        """An unsigned integer of two bytes, big-endian."""
        return int(self.unpack(_BE16)[0])

    def be32(self) -> int:
        """An unsigned integer of four bytes, big-endian."""
        return int(self.unpack(_BE32)[0])

    def _advance(self, size: int) -> int:
        start = self.offset
        if size < 0 or size > self.end - start:
            raise Truncated(f"{size} bytes were promised at byte {start}, {self.end - start} are left")
        self.offset = start + size
        return start

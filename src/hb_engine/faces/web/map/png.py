"""Pictures of 256 x 256 cells as PNG, a byte a cell and colours by table: ISO/IEC 15948 with zlib, and no library.

The cells are compressed once; the same cells in other colours (a light page, a dark one, a layer left out) differ in
the table alone. It refuses everything that such pictures do not need.
"""

from __future__ import annotations

import struct
import zlib

from hb_engine.faces.web.map.hilbert import SIDE

SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BITS, INDEXED = 8, 3

Colour = tuple[int, int, int, int]  # red, green, blue, and how much it covers; 0 to 255 each


def packed(rows: bytes) -> bytes:
    """Cells, row by row, as a picture's data: each row begins with its filter, 0 for none."""
    lines = [b"\0" + rows[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    return zlib.compress(b"".join(lines), 9)


def picture(data: bytes, colours: list[Colour]) -> bytes:
    """A PNG of packed cells, in colours by their numbers (256 at most)."""
    head = struct.pack(">IIBBBBB", SIDE, SIDE, EIGHT_BITS, INDEXED, 0, 0, 0)
    table = b"".join([bytes(colour[:3]) for colour in colours])
    cover = bytes([colour[3] for colour in colours]).rstrip(b"\xff")
    chunks = [(b"IHDR", head), (b"PLTE", table), (b"tRNS", cover), (b"IDAT", data), (b"IEND", b"")]
    return SIGNATURE + b"".join([_chunk(kind, body) for kind, body in chunks if body or kind == b"IEND"])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

"""A reader of PNG, written from ISO/IEC 15948 and not from png.py: it refuses whatever a decoder might pass over."""

from __future__ import annotations

import struct
import zlib


def chunks(body: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and data of each chunk, their checksums checked."""
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    at, found = 8, []
    while at < len(body):
        (length,) = struct.unpack_from(">I", body, at)
        kind, data = body[at + 4 : at + 8], body[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", body, at + 8 + length)
        assert checksum == zlib.crc32(kind + data), kind
        found.append((kind, data))
        at += 12 + length
    assert at == len(body)
    return found


def pixels(body: bytes) -> list[list[tuple[int, int, int, int]]]:
    """The picture, row by row, as red, green, blue and cover."""
    parts = chunks(body)
    kinds = [kind for kind, _ in parts]
    assert kinds[0] == b"IHDR"
    assert kinds[-1] == b"IEND"
    assert sorted(kinds, key=[b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"].index) == kinds
    told = dict(parts)
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", told[b"IHDR"])
    assert (depth, colour, rest) == (8, 3, [0, 0, 0])
    table, cover = told[b"PLTE"], told.get(b"tRNS", b"")
    assert len(table) % 3 == 0
    assert len(cover) <= len(table) // 3 <= 256
    colours = [(*table[at : at + 3], cover[at // 3] if at // 3 < len(cover) else 255) for at in range(0, len(table), 3)]
    rows = zlib.decompress(told[b"IDAT"])
    assert len(rows) == height * (width + 1)
    lines = [rows[start : start + width + 1] for start in range(0, len(rows), width + 1)]
    assert {line[0] for line in lines} == {0}  # no filter
    return [[colours[number] for number in line[1:]] for line in lines]

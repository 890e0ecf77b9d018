"""Headers as rpm's databases hold them, built from a few facts: for shapes that a real package does not have."""

from __future__ import annotations

from struct import pack

Tag = tuple[int, int, int, bytes]  # tag, type, count, data


def text(tag: int, value: bytes) -> Tag:
    return tag, 6, 1, value + b"\0"


def texts(tag: int, values: list[bytes]) -> Tag:
    return tag, 8, len(values), b"".join(value + b"\0" for value in values)


def int16s(tag: int, values: list[int]) -> Tag:
    return tag, 3, len(values), pack(f"!{len(values)}H", *values)


def int32s(tag: int, values: list[int]) -> Tag:
    return tag, 4, len(values), pack(f"!{len(values)}I", *values)


def int8s(tag: int, values: list[int]) -> Tag:
    return tag, 2, len(values), bytes(values)


def header(*tags: Tag) -> bytes:
    """The bytes of a header with these tags, laid out and aligned as rpm does."""
    index, data = b"", b""
    for tag, kind, count, value in tags:
        width = {3: 2, 4: 4, 5: 8}.get(kind, 1)
        data += bytes(-len(data) % width)
        index += pack("!iIiI", tag, kind, len(data), count)
        data += value
    return pack("!II", len(tags), len(data)) + index + data


def package(
    name: bytes, files: dict[bytes, bytes], *, version: bytes = b"1.0", algorithm: int | None = 8, states: bytes = b""
) -> bytes:
    """A package with files (path to hex digest)."""
    folders = sorted({path.rpartition(b"/")[0] + b"/" for path in files})
    tags = [
        text(1000, name),
        text(1001, version),
        text(1002, b"1"),
        int16s(1030, [0o100755] * len(files)),
        texts(1035, list(files.values())),
        int32s(1037, [0] * len(files)),
        int32s(1116, [folders.index(path.rpartition(b"/")[0] + b"/") for path in files]),
        texts(1117, [path.rpartition(b"/")[2] for path in files]),
        texts(1118, folders),
    ]
    if algorithm is not None:
        tags.append(int32s(5011, [algorithm]))
    if states:
        tags.append(int8s(1029, list(states)))
    return header(*tags)


def ndb(*blobs: bytes) -> bytes:
    """An ndb store: a page of slots, then each header in blocks of 16 bytes with its head and tail."""
    from zlib import adler32

    slots, body, start = b"", b"", 4096 // 16
    for number, blob in enumerate(blobs, 1):
        framed = pack("<4sIII", b"BlbS", number, 1, len(blob)) + blob
        framed += bytes(-(len(framed) + 12) % 16)
        framed += pack("<II4s", adler32(framed), len(blob), b"BlbE")
        slots += pack("<4sIII", b"Slot", number, start + len(body) // 16, len(framed) // 16)
        body += framed
    head = pack("<4sIIII12x", b"RpmP", 0, 1, 1, len(blobs) + 1)
    empty = pack("<4sIII", b"Slot", 0, 0, 0)
    return (head + slots + empty * 256)[:4096] + body

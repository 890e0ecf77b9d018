"""Frames of HTTP/2 (RFC 9113): what is sent to ask once, and what comes back.

A frame is believed up to the size that we announced, which is the smallest there is. It refuses to keep a connection's
state: no windows, no priorities, no push. Whoever asks knows the stream of the question.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.model.record import record

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 8, 9
END_STREAM = ACK = 0x1
END_HEADERS, PADDED, PRIORITY = 0x4, 0x8, 0x20
HEAD = 9
LONGEST = 16384  # SETTINGS_MAX_FRAME_SIZE where nothing else was said
ENABLE_PUSH = 2


@record
class Frame:
    """One frame, without padding and priority."""

    kind: int
    flags: int
    stream: int
    payload: bytes

    @property
    def last(self) -> bool:
        """Whether its stream says nothing after it."""
        ends = self.kind in (DATA, HEADERS) and bool(self.flags & END_STREAM)
        return ends or self.kind == RST_STREAM


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """A frame in bytes."""
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def hello() -> bytes:
    """What a client says first: the preface, and that it wants nothing pushed."""
    return PREFACE + frame(SETTINGS, 0, 0, ENABLE_PUSH.to_bytes(2, "big") + bytes(4))


def agree() -> bytes:
    """The acknowledgement of the server's settings."""
    return frame(SETTINGS, ACK, 0)


def read(data: bytes) -> list[Frame]:
    """The whole frames at the start of a server's bytes. Raises DataError where these are none.

    A server's first frame has to be SETTINGS (RFC 9113 3.4); that is what tells HTTP/2 from anything else.
    """
    found, at = list[Frame](), 0
    while at + HEAD <= len(data):
        size, kind, flags = int.from_bytes(data[at : at + 3], "big"), data[at + 3], data[at + 4]
        stream = int.from_bytes(data[at + 5 : at + 9], "big") & 0x7FFFFFFF
        if size > LONGEST or (not found and (kind != SETTINGS or flags & ACK or stream or size % 6)):
            raise DataError("these bytes are no frames of HTTP/2")
        payload = data[at + HEAD : at + HEAD + size]
        if len(payload) < size:
            break
        found.append(Frame(kind, flags, stream, _bare(kind, flags, payload)))
        at += HEAD + size
    return found


def continued(data: bytes) -> list[Frame]:
    """The whole frames in bytes that follow on a connection which is known to be HTTP/2. Raises DataError."""
    return read(frame(SETTINGS, 0, 0) + data)[1:]


def is_settings(data: bytes) -> bool:
    """Whether bytes begin as only a server of HTTP/2 begins."""
    try:
        return bool(read(data))
    except DataError:
        return False


def goodbye(frames: list[Frame]) -> str:
    """What a GOAWAY says: its error code, and the words that debugging gets; empty where there is none."""
    for each in frames:
        if each.kind == GOAWAY and len(each.payload) >= 8:
            code = int.from_bytes(each.payload[4:8], "big")
            return f"{code} {each.payload[8:200].decode('latin-1')}".strip()
    return ""


def _bare(kind: int, flags: int, payload: bytes) -> bytes:
    """A payload without padding (6.1) and priority (6.2). Raises DataError where the padding is longer than all."""
    if kind not in (DATA, HEADERS):
        return payload
    if flags & PADDED:
        if not payload or payload[0] > len(payload) - 1:
            raise DataError("a frame of HTTP/2 has more padding than bytes")
        payload = payload[1 : len(payload) - payload[0]]
    return payload[5:] if kind == HEADERS and flags & PRIORITY else payload

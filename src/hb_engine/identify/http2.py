"""HTTP/2 as a probe needs it: one connection, one question after another, each answer a Page or trailers.

The same pages as over HTTP/1, for servers that agreed on h2, or speak nothing else (RFC 9113). It refuses to do two
things at once, to accept pushes, and to grow: a reply is bounded by the carrier, a body by http.BODY.
"""

from __future__ import annotations

from hb_engine.identify import http
from hb_engine.identify.http import Page
from hb_engine.identify.kit import Ask, Peer, Reconnect, text
from hb_engine.model.errors import DataError, Truncated
from hb_engine.model.record import record, replace
from hb_engine.wire import hpack
from hb_engine.wire import http2 as wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from hb_engine.identify.kit import Command


@record
class Answer:
    """What one stream said: header fields of its head and of its end, and its body. `ended`: it came to its end."""

    head: tuple[tuple[str, str], ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    ended: bool = False


class Connection:
    """One connection to a peer. `speaks` is whether the other side has proved that it speaks HTTP/2."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.speaks = False
        self.goodbye = ""
        self._stream = -1
        self._decoder = hpack.Decoder()

    def ask(
        self, method: str, path: str, more: tuple[tuple[str, str], ...] = (), body: bytes = b""
    ) -> Generator[Command, Any, Answer | None]:
        """One question. None where what came is not HTTP/2, or broke."""
        self._stream += 2
        first = self._stream == 1
        reply = yield Ask(self._question(method, path, more, body), until=ends(self._stream, first=first))
        try:
            frames = wire.read(reply) if first else wire.continued(reply)
            self.speaks = self.speaks or bool(frames)
            self.goodbye = text(wire.goodbye(frames).encode("latin-1")) or self.goodbye
            return self._answer(frames) if self.speaks else None
        except (DataError, Truncated):
            return None

    def page(self, path: str) -> Generator[Command, Any, Page | None]:
        """GET, and the answer as a page; None where there was no status."""
        answer = yield from self.ask("GET", path, (("accept", "*/*"), ("accept-encoding", "identity")))
        return page_of(answer, path, self.peer) if answer else None

    def _question(self, method: str, path: str, more: tuple[tuple[str, str], ...], body: bytes) -> bytes:
        fields = [
            (":method", method),
            (":scheme", "https" if self.peer.tls else "http"),
            (":path", path),
            (":authority", http.host(self.peer)),
            ("user-agent", "hb-engine"),
            *more,
        ]
        flags = wire.END_HEADERS | (0 if body else wire.END_STREAM)
        start = wire.hello() if self._stream == 1 else wire.agree() if self._stream == 3 else b""
        asked = wire.frame(wire.HEADERS, flags, self._stream, hpack.encode(fields))
        return start + asked + (wire.frame(wire.DATA, wire.END_STREAM, self._stream, body) if body else b"")

    def _answer(self, frames: list[wire.Frame]) -> Answer:
        """The answer of our stream. Every header block is read, since all of them make up one table."""
        blocks, body, ended, block = list[tuple[tuple[str, str], ...]](), b"", False, b""
        for each in frames:
            if each.kind in (wire.HEADERS, wire.CONTINUATION):
                block = each.payload if each.kind == wire.HEADERS else block + each.payload
                if each.flags & wire.END_HEADERS:
                    fields = tuple(self._decoder.read(block))
                    if each.stream == self._stream and not _is_interim(fields):
                        blocks.append(fields)
            elif each.kind == wire.DATA and each.stream == self._stream and len(body) < http.BODY:
                body += each.payload
            ended = ended or (each.stream == self._stream and each.last)
        return Answer(blocks[0] if blocks else (), blocks[-1] if len(blocks) > 1 else (), body[: http.BODY], ended)


def either(peer: Peer, path: str, more: tuple[tuple[str, str], ...]) -> Generator[Command, Any, Page | None]:
    """A page over HTTP/1, or over HTTP/2 if the server speaks nothing else. `more` are header fields in lower case.

    Servers that speak HTTP/2 only say so with their SETTINGS, or hang up without a word.
    """
    lines = tuple([f"{name.title()}: {value}" for name, value in more])
    reply = yield Ask(http.request(peer, "GET", path, lines), until=http.is_whole)
    if reply and not wire.is_settings(reply):
        return http.read(reply, path, peer)
    if not (yield Reconnect()):
        return None
    answer = yield from Connection(peer).ask("GET", path, more)
    return page_of(answer, path, peer) if answer else None


def page_of(answer: Answer, path: str, peer: Peer) -> Page | None:
    """An answer as a page, with the same bounds as a page of HTTP/1."""
    fields = [
        (text(name.encode("latin-1"), 100), text(value.encode("latin-1"), http.VALUE)) for name, value in answer.head
    ]
    status = next((value for name, value in fields if name == ":status"), "")
    if len(status) != 3 or not status.isascii() or not status.isdigit():
        return None
    headers = tuple([field for field in fields if field[0][:1] != ":"][: http.HEADERS])
    page = Page(int(status), "", "HTTP/2", headers, b"", path, peer.port, peer.tls)
    return replace(page, body=http.body_of(page, answer.body))


def ends(stream: int, *, first: bool) -> Callable[[bytes], bool]:
    """A reply is whole when the stream has ended, when the server says goodbye, or when this is not HTTP/2."""

    def whole(data: bytes) -> bool:
        try:
            frames = wire.read(data) if first else wire.continued(data)
        except DataError:
            return True
        return any((each.stream == stream and each.last) or each.kind == wire.GOAWAY for each in frames)

    return whole


def _is_interim(fields: tuple[tuple[str, str], ...]) -> bool:
    return any(name == ":status" and value.startswith("1") for name, value in fields)

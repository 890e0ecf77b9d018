"""Connections as the web server has them: whose each is, how many a user may have, and how long one may say nothing.

uvicorn's protocols wait for ever for a request that never ends. Here a connection that is not being answered has ten
seconds for its next request, whole; and each user may have so many connections, of which the one that has been idle
longest makes room for a new one. So whoever holds connections open holds up only their own. It refuses requests whose
line and headers are larger than 32 kB, or whose target is not a path of ours, and many that are sent before the first
is answered: uvicorn reads on after each answer, and would keep without an end what it cannot answer yet.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hb_engine.faces.web.guard.headers import guarded
from hb_engine.faces.web.guard.owners import End

PATIENCE = 10.0  # seconds for a request's line and headers, and for a connection that is kept alive
EVERY = 1.0  # seconds between looks at who is idle
EACH, ALL = 64, 256  # connections of a user, of everybody
HEAD, FIELDS = 1 << 15, 100  # bytes of a request's line and headers, and how many of these
BEHIND = 32  # requests of a connection that wait for the answer to another (RFC 9112 9.3.2); browsers send none
OWNER = "owner"  # in the scope's state


class Connections:
    """Every connection that there is. `owner` gives the uid of one's other end; `clock` never goes back."""

    def __init__(
        self,
        owner: Callable[[End, End], int | None],
        clock: Callable[[], float] = time.monotonic,
        *,
        each: int = EACH,
        every: int = ALL,
    ) -> None:
        self.owner, self.clock, self._each, self._every = owner, clock, each, every
        self.open: dict[Any, int | None] = {}

    def begin(self, connection: Any, uid: int | None) -> bool:
        """Take a connection in; False where there is no room for it, and none can be made."""
        same = [one for one, whose in self.open.items() if whose == uid]
        most = self._every if uid is None else self._each  # where users are not told apart, all are one
        if len(same) >= most and not self._make_room(same):
            return False
        if len(self.open) >= self._every and not self._make_room(list(self.open)):
            return False
        self.open[connection] = uid
        return True

    def end(self, connection: Any) -> None:
        """A connection is over."""
        self.open.pop(connection, None)

    def sweep(self) -> None:
        """Close what has been idle for too long."""
        at = self.clock()
        for connection in list(self.open):
            if at - connection.idle_since(at) > PATIENCE:
                self._close(connection)

    async def watch(self) -> None:
        """Sweep for as long as the server runs."""
        while True:
            await asyncio.sleep(EVERY)
            self.sweep()

    def _make_room(self, among: list[Any]) -> bool:
        at = self.clock()
        idle = [(one.waits_since(at), number) for number, one in enumerate(among)]
        since, number = min(idle)
        if since >= at:  # every one of them is being answered, and none of them waits for the rest of a body
            return False
        self._close(among[number])
        return True

    def _close(self, connection: Any) -> None:
        self.end(connection)
        connection.transport.abort()


def protocol(connections: Connections) -> type[Any]:
    """uvicorn's protocol, httptools' where it is installed and h11's else, with the rules of this file."""
    try:
        import httptools  # noqa: F401 -- whether it is there
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Base
    except ImportError:
        from uvicorn.protocols.http.h11_impl import H11Protocol as Base  # type: ignore[assignment]
    return bound(Base, connections)


def bound(base: Any, connections: Connections) -> type[Any]:
    """A protocol class of uvicorn's with the rules of this file."""

    class Bounded(Heads, base):  # type: ignore[misc]
        """A connection of a known user. Its owner is asked for once, when it begins."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.idle = connections.clock()
            uid = connections.owner(self.client, self.server)  # also where there is no address left to ask for
            self.__dict__["app_state"] = {**self.app_state, OWNER: uid}  # each request's state is a copy of it
            if not connections.begin(self, uid):
                transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            connections.end(self)
            super().connection_lost(exc)

        def idle_since(self, at: float) -> float:
            """Since when no request is being answered; now, where one is."""
            return at if self.cycle is not None and not self.cycle.response_complete else self.idle

        def waits_since(self, at: float) -> float:
            """Since when nothing is to be answered, or a body is waited for that may never be whole."""
            return self.idle if self.cycle is not None and self.cycle.more_body else self.idle_since(at)

        def on_response_complete(self) -> None:
            self.idle = connections.clock()
            super().on_response_complete()

        def send_400_response(self, _msg: str) -> None:
            self.transport.write(BAD)
            self.transport.close()

    return Bounded


if TYPE_CHECKING:
    Parsing = Any
else:
    Parsing = object


class Heads(Parsing):  # type: ignore[misc]
    """What httptools' parser calls, before uvicorn's own: a request's head is bounded, and only a head.

    h11 bounds it itself (h11_max_incomplete_event_size), and keeps trailers apart.
    """

    def on_message_begin(self) -> None:
        """A request begins."""
        self.size, self.trailing = 0, False
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of its target. Raises ValueError, which becomes 400."""
        self._grown(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or behind the last chunk a trailer: none of the headers that were answered for (RFC 9110 6.5.1)."""
        self._grown(len(name) + len(value) + 4)
        if self.trailing:
            return
        if len(self.headers) >= FIELDS:
            raise ValueError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if not self.url.startswith(b"/"):  # absolute-form, authority-form, *: for proxies, and none of ours
            raise ValueError("the target is no path")
        if len(self.pipeline) >= BEHIND:
            raise ValueError("too many requests before an answer")
        self.trailing = True
        super().on_headers_complete()

    def _grown(self, by: int) -> None:
        self.size += by
        if self.size > HEAD:
            raise ValueError("the request is too large")


def _bad() -> bytes:
    body = b"That is no request that can be answered."
    named = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    lines = [name + b": " + value for name, value in guarded([*named, (b"connection", b"close")])]
    return b"\r\n".join([b"HTTP/1.1 400 Bad Request", *lines, b"", body])


BAD = _bad()

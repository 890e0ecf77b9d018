"""A TCP connection that ends: in time, in bytes, in the number of pieces that a reply comes in. TLS whenever wanted.

asyncio moves the bytes, without its streams and protocols, whose buffers are not ours to bound. A peer that sends
without end fills one reply and is then not read any more; one that sends a byte now and then runs into the deadline.
"""

from __future__ import annotations

from hb_engine.identify.carrier import whole
from hb_engine.identify.kit import LIMIT, Ask, Reply
from hb_engine.identify.tls import CLOSED, Endpoint, Failed, is_tls

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any

    from hb_engine.model.identity import Tls

PIECES = 1024  # of one reply: `until` is asked once for each
FLIGHT = 1 << 18  # bytes of a handshake


class Account:
    """What was spent, counted where it is spent."""

    __slots__ = ("connections", "received", "sent")

    def __init__(self) -> None:
        self.connections = self.sent = self.received = 0


class Spent(OSError):
    """The connection gave all the bytes that are read from one connection."""


class Stream:
    """One TCP connection to a peer, and what replaces it when a talk wants a fresh one."""

    def __init__(self, place: tuple[str, int, str], account: Account, limit: int, *, abrupt: bool = False) -> None:
        self.address, self.port, self.host = place
        self.account, self.limit, self.abrupt = account, limit, abrupt
        self.rtt = 0.0
        self.tls: Tls | None = None
        self.endpoint: Endpoint | None = None
        self._socket: socket.socket | None = None
        self._early = b""
        self._left = 0
        self._over = ""  # how the peer ended it
        self._alpn: tuple[str, ...] | None = None

    async def open(self, deadline: float) -> str:
        """Connect; the answer is empty, or one of refused, timeout, unreachable, descriptors."""
        import asyncio

        self.close()
        loop = asyncio.get_running_loop()
        try:
            self._socket, target = make_socket(self.address, self.port, datagram=False)
        except OSError:
            return "descriptors"
        self.account.connections += 1
        self._left, self._over, self._early, self.endpoint = self.limit, "", b"", None
        began = loop.time()
        try:
            async with asyncio.timeout_at(deadline):
                await loop.sock_connect(self._socket, target)
        except TimeoutError:
            return self._gone("timeout")
        except ConnectionResetError:  # taken, and reset before we could look
            self._over = "reset"
        except ConnectionError:
            return self._gone("refused")
        except OSError:
            return self._gone("unreachable")
        self.rtt = loop.time() - began
        return ""

    async def reopen(self, deadline: float) -> str:
        """A fresh connection in place of this one, inside TLS if this one began so; empty, or why there is none."""
        why = await self.open(deadline)
        if why or self._alpn is None:
            return why
        tls = await self.start_tls(self._alpn, deadline, "implicit")
        return tls.problem if tls else "plain"

    async def start_tls(self, alpn: tuple[str, ...], deadline: float, how: str = "implicit") -> Tls | None:
        """A handshake on this connection: what it told, its problem included; None where the answer was no TLS."""
        if how == "implicit":
            self._alpn = alpn
        endpoint = Endpoint(self.host, alpn)
        self.endpoint = endpoint
        had, self._left = self._left, min(self._left, FLIGHT)
        flight = self._left
        try:
            while not endpoint.shake():
                await self._flush(endpoint, deadline)
                endpoint.feed(await self._raw(deadline))
            await self._flush(endpoint, deadline)
        except Failed:
            await self._farewell(endpoint, deadline)
        except TimeoutError:
            endpoint.problem = "silent during the handshake"
        except OSError as error:
            endpoint.problem = "without end" if isinstance(error, Spent) else CLOSED
        self._left = had - (flight - self._left)
        self.tls = endpoint.told(how) if is_tls(endpoint.head) else None
        if not endpoint.done:
            self._gone("closed")
        return self.tls

    async def exchange(self, ask: Ask, wait: float, deadline: float, quiet: float) -> tuple[Reply, int]:
        """Send, and gather a reply until it is whole, late, too long, or over. Also: in how many pieces it came."""
        import asyncio

        clock = asyncio.get_running_loop().time
        late = min(clock() + wait, deadline)
        got, pieces, ended = bytearray(), 0, "limit"
        try:
            await self._send(ask.send, late)
            while len(got) < LIMIT and pieces < PIECES:
                data = await self._receive(LIMIT - len(got), min(late, clock() + quiet) if quiet and got else late)
                if not data:
                    ended = self._over or "closed"
                    break
                pieces += 1
                got += data
                if whole(ask, bytes(got)):
                    ended = ""
                    break
        except TimeoutError:
            ended = "silent"
        except Spent:
            ended = "limit"
        except OSError:
            ended = self._over = "reset"
        return Reply.of(bytes(got), ended), pieces

    def unread(self, data: bytes) -> None:
        """Put bytes back in front of what comes next."""
        self._early = data + self._early

    @property
    def usable(self) -> bool:
        """Whether there is a connection, and nothing is known of its end."""
        return self._socket is not None and not self._over

    def close(self) -> None:
        """Let go of the connection. `abrupt` leaves no TIME_WAIT behind, for those who open very many."""
        if self._socket is None:
            return
        if self.abrupt and self._over != "closed":
            from socket import SO_LINGER, SOL_SOCKET

            self._socket.setsockopt(SOL_SOCKET, SO_LINGER, b"\1\0\0\0\0\0\0\0")  # struct linger: on, zero seconds
        self._socket.close()
        self._socket = None

    def _gone(self, why: str) -> str:
        self._over = self._over or why
        self.close()
        return why

    async def _send(self, data: bytes, late: float) -> None:
        """Send; a peer that closed may still have said something, so that is no error yet."""
        if not data or self._socket is None:
            return
        try:
            if self.endpoint:
                self.endpoint.write(data)
                await self._flush(self.endpoint, late)
            else:
                await self._write(data, late)
        except ConnectionError:
            self._over = "reset"
        except Failed:
            self._over = "reset"

    async def _write(self, data: bytes, late: float) -> None:
        import asyncio

        if self._socket is None:
            raise ConnectionResetError
        async with asyncio.timeout_at(late):
            await asyncio.get_running_loop().sock_sendall(self._socket, data)
        self.account.sent += len(data)

    async def _receive(self, size: int, late: float) -> bytes:
        """Some bytes of the service, empty at the end."""
        if self._early:
            data, self._early = self._early[:size], self._early[size:]
            return data
        if self.endpoint is None:
            return await self._raw(late, size)
        while True:
            try:
                clear = self.endpoint.read(size)
            except Failed:
                self._note(self.endpoint)
                raise ConnectionResetError from None
            if clear is not None:
                return clear
            await self._flush(self.endpoint, late)
            self.endpoint.feed(await self._raw(late))

    async def _raw(self, late: float, size: int = 16384) -> bytes:
        import asyncio

        if self._socket is None:
            return b""
        if self._left <= 0:
            raise Spent
        loop = asyncio.get_running_loop()
        async with asyncio.timeout_at(late):
            data = await loop.sock_recv(self._socket, min(size, self._left))
        self._left -= len(data)
        self.account.received += len(data)
        if not data and not self._over:
            self._over = "closed"
        return data

    async def _flush(self, endpoint: Endpoint, late: float) -> None:
        if data := endpoint.pending():
            await self._write(data, late)

    async def _farewell(self, endpoint: Endpoint, late: float) -> None:
        """Our alert, where one is due: servers note less when we say why we go."""
        try:
            await self._flush(endpoint, late)
        except OSError:
            self._over = "reset"

    def _note(self, endpoint: Endpoint) -> None:
        """An alert after the handshake, as TLS 1.3 servers send it that want a client's certificate."""
        from hb_engine.model.record import replace

        if self.tls and not self.tls.problem:
            self.tls = replace(self.tls, problem=endpoint.problem)


def make_socket(address: str, port: int, *, datagram: bool) -> tuple[socket.socket, Any]:
    """A socket that does not block, and the address in the form that it wants. Scopes of IPv6 are understood."""
    import socket

    bare, _, scope = address.partition("%")
    if ":" not in bare:
        family, target = socket.AF_INET, (bare, port)
    else:
        index = int(scope) if scope.isdigit() else socket.if_nametoindex(scope) if scope else 0
        bare = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, bare))  # as senders are given
        family, target = socket.AF_INET6, (bare, port, 0, index)  # type: ignore[assignment]
    made = socket.socket(family, socket.SOCK_DGRAM if datagram else socket.SOCK_STREAM)
    made.setblocking(False)
    return made, target

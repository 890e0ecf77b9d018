"""UDP as a talk sees it: one datagram is one reply, from the peer that was asked and from nobody else.

A connected socket lets the kernel refuse strangers and report ICMP. Where the server answers from a port of its choice
(TFTP), the socket is unconnected and the address alone must be right. What we repeat may be answered twice: the same
datagram again is no answer to the next question. A flood is read for a while and then called the end.
"""

from __future__ import annotations

from hb_engine.identify.kit import LIMIT, Ask, Reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any

    from hb_engine.identify.stream import Account
    from hb_engine.model.identity import Tls

PASSED_OVER = 64  # datagrams that are no answer, before we stop to look
_IP_RECVERR, _IPV6_RECVERR = 11, 25  # linux/in.h, linux/in6.h: an unconnected socket is told of ICMP as well


class Datagrams:
    """A UDP socket for one talk. `tries` is how often a question is sent that is not answered."""

    def __init__(self, place: tuple[str, int, str], account: Account, tries: int) -> None:
        self.address, self.port, self.host = place
        self.account, self.tries = account, tries
        self.rtt = 0.0
        self.tls: Tls | None = None
        self._socket: socket.socket | None = None
        self._target: Any = None
        self._loose = False
        self._answered = (b"", b"")  # the last question, and the datagram that was its answer

    async def open(self, deadline: float) -> str:  # noqa: ARG002  as Stream
        """A fresh socket; the answer is empty, or unreachable, or descriptors."""
        return self._fresh(loose=False)

    async def reopen(self, deadline: float) -> str:
        """A fresh socket, from another port."""
        return await self.open(deadline)

    async def start_tls(self, alpn: tuple[str, ...], deadline: float, how: str) -> Tls | None:  # noqa: ARG002
        """There is no TLS here."""
        return None

    async def exchange(self, ask: Ask, wait: float, deadline: float, quiet: float) -> tuple[Reply, int]:  # noqa: ARG002
        """Send, again if nothing comes, and take the first datagram that can be the answer."""
        import asyncio

        if ask.other_port and not self._loose and (why := self._fresh(loose=True)):
            return Reply.of(b"", "silent" if why == "descriptors" else "reset"), 0
        clock = asyncio.get_running_loop().time
        late = min(clock() + wait, deadline)
        tries = self.tries if ask.send else 1
        try:
            for left in range(tries, 0, -1):
                await self._send(ask.send)
                try:
                    return await self._answer(ask, clock() + (late - clock()) / left), 1
                except TimeoutError:
                    continue
        except OSError:
            return Reply.of(b"", "reset"), 0
        return Reply.of(b"", "silent"), 0

    def unread(self, data: bytes) -> None:
        """Nothing is ever put back: a datagram is whole."""

    @property
    def usable(self) -> bool:
        """Whether there is a socket."""
        return self._socket is not None

    def close(self) -> None:
        """Let go of the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _fresh(self, *, loose: bool) -> str:
        from socket import AF_INET, IPPROTO_IP, IPPROTO_IPV6
        from sys import platform

        from hb_engine.identify.stream import make_socket

        self.close()
        try:
            self._socket, self._target = make_socket(self.address, self.port, datagram=True)
        except OSError:
            return "descriptors"
        self.account.connections += 1
        self._loose = loose
        try:
            if not loose:
                self._socket.connect(self._target)
            elif platform.startswith("linux"):
                level, option = (IPPROTO_IP, _IP_RECVERR), (IPPROTO_IPV6, _IPV6_RECVERR)
                self._socket.setsockopt(*(level if self._socket.family == AF_INET else option), 1)
        except OSError:
            self.close()
            return "unreachable"
        return ""

    async def _send(self, data: bytes) -> None:
        import asyncio

        if self._socket is None:
            raise ConnectionResetError
        loop = asyncio.get_running_loop()
        if data:
            await (loop.sock_sendto(self._socket, data, self._target) if self._loose
                   else loop.sock_sendall(self._socket, data))  # fmt: skip
            self.account.sent += len(data)

    async def _answer(self, ask: Ask, late: float) -> Reply:
        """The first datagram that is neither a stranger's nor the last answer once more; else TimeoutError, OSError."""
        import asyncio

        loop = asyncio.get_running_loop()
        if self._socket is None:
            raise ConnectionResetError
        for _ in range(PASSED_OVER):
            async with asyncio.timeout_at(late):
                if self._loose:
                    data, sender = await loop.sock_recvfrom(self._socket, LIMIT)
                else:
                    data, sender = await loop.sock_recv(self._socket, LIMIT), self._target
            self.account.received += len(data)
            if sender[0].partition("%")[0] != self._target[0] or self._repeats(ask.send, data):
                continue
            if self._loose:
                self._target = sender
            self._answered = (ask.send, data)
            return Reply.of(data)
        return Reply.of(b"", "limit")

    def _repeats(self, question: bytes, data: bytes) -> bool:
        last, answer = self._answered
        return bool(last) and last != question and answer == data

"""Connections are bounded by user, by time and by what they say; whoever holds many open holds up only their own."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import struct
import threading

import pytest
from tests.faces.web.guard.served import Served, next_answer
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hb_engine.faces.web.guard import connections as room
from hb_engine.faces.web.guard.connections import BAD, BEHIND, FIELDS, HEAD, PATIENCE, Connections, protocol
from hb_engine.faces.web.guard.owners import NOBODY


class Line:
    """A connection that says since when it is idle, and remembers that it was ended."""

    def __init__(self, idle=None) -> None:
        self.idle, self.transport, self.ended = idle, self, False

    def idle_since(self, at):
        return at if self.idle is None else self.idle

    waits_since = idle_since

    def abort(self):
        self.ended = True


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def kept(clock=None, **bounds):
    return Connections(lambda *_: None, clock or Clock(), **bounds)


# -- bounds


def test_the_longest_idle_of_a_user_makes_room():
    all_of_them = kept(each=3)
    lines = [Line(90), Line(80), Line(95)]
    assert all(all_of_them.begin(line, 1000) for line in lines)
    assert all_of_them.begin(Line(99), 1000)
    assert [line.ended for line in lines] == [False, True, False]
    assert len(all_of_them.open) == 3


def test_another_user_is_not_touched():
    all_of_them = kept(each=2)
    other, busy = Line(1), [Line(), Line()]
    assert all_of_them.begin(other, 1001)
    assert all(all_of_them.begin(line, 1000) for line in busy)
    assert not all_of_them.begin(Line(99), 1000)  # both of theirs are being answered
    assert not other.ended
    assert all_of_them.begin(Line(99), 1001)


def test_everybody_together():
    all_of_them = kept(each=2, every=4)
    first = Line(1)
    assert all_of_them.begin(first, 1)
    assert all(all_of_them.begin(Line(50), uid) for uid in (2, 3, 4))
    assert all_of_them.begin(Line(99), 5)
    assert first.ended
    busy = kept(each=2, every=2)
    assert all(busy.begin(Line(), uid) for uid in (1, 2))
    assert not busy.begin(Line(), 3)


def test_where_users_are_not_told_apart_all_are_one():
    all_of_them = kept(each=2, every=4)
    assert all(all_of_them.begin(Line(), None) for _ in range(4))
    assert not all_of_them.begin(Line(), None)


def test_what_ends_makes_room():
    all_of_them = kept(each=1)
    line = Line()
    assert all_of_them.begin(line, 1)
    all_of_them.end(line)
    all_of_them.end(line)  # twice is once
    assert all_of_them.begin(Line(), 1)


def test_whoever_says_nothing_is_ended_and_whoever_is_answered_is_not():
    clock = Clock()
    all_of_them = kept(clock)
    idle, busy, young = Line(100.0), Line(), Line(101.0)
    for line in (idle, busy, young):
        all_of_them.begin(line, 1)
    clock.at = 100.0 + PATIENCE
    all_of_them.sweep()
    assert not idle.ended
    clock.at += 0.5
    all_of_them.sweep()
    assert [line.ended for line in (idle, busy, young)] == [True, False, False]
    assert len(all_of_them.open) == 2


# -- a real server


BASES = {"httptools": HttpToolsProtocol, "h11": H11Protocol}


@pytest.fixture(params=list(BASES.values()), ids=list(BASES), scope="module")
def base(request):
    return request.param


def ended(peer):
    """Whether the server has ended a connection; waits for it."""
    assert select.select([peer], [], [], 20)[0]
    with contextlib.suppress(ConnectionResetError):
        return peer.recv(1) == b""
    return True


def test_half_a_request_does_not_wait_for_ever(base):
    clock = Clock()
    with Served(base=base, clock=clock) as server, server.connect() as slow, server.connect() as silent:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
        assert server.ask().status == 200
        clock.at += PATIENCE + 1
        server.do(server.connections.sweep)
        assert ended(slow)
        assert ended(silent)
        assert server.ask().status == 200


def test_a_trickle_is_no_request_either(base):
    """slowloris: a line of a header now and then."""
    clock = Clock()
    with Served(base=base, clock=clock) as server, server.connect() as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for number in range(int(PATIENCE) + 2):
            clock.at += 1
            with contextlib.suppress(ConnectionError):
                slow.sendall(b"X-%d: y\r\n" % number)
            server.ask()
            server.do(server.connections.sweep)
        assert ended(slow)


def test_the_time_between_two_requests_counts_from_the_answer(base):
    clock = Clock()
    with Served(base=base, clock=clock) as server, server.connect() as peer:
        for _ in range(3):
            clock.at += PATIENCE - 1
            server.do(server.connections.sweep)
            peer.sendall(f"GET / HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
            assert next_answer(peer).status == 200
        clock.at += PATIENCE + 1
        server.do(server.connections.sweep)
        assert ended(peer)


def test_a_connection_that_is_broken_off_before_it_is_taken_is_nobody_s(base):
    """Its request is there to be read, and its address is not: it used a link up, where no user is told apart."""
    ends, hold, held = [], threading.Event(), threading.Event()

    def owner(client, server):
        ends.append(client)
        return NOBODY if client is None else 1000

    def stand_still():
        held.set()
        hold.wait(20)

    with Served(base=base, owner=owner) as server:
        token = server.gate.links.give("read")
        server.loop.call_soon_threadsafe(stand_still)
        assert held.wait(20)
        with server.connect() as peer:
            peer.sendall(f"GET /enter/{token} HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        hold.set()
        said = server.ask(f"/enter/{token}")
    assert ends[0] is None or len(ends) == 1  # some loops take no such connection at all
    assert (said.status, said["location"]) == (303, "/")


def test_bodies_that_are_never_whole_keep_nobody_out(base):
    clock = Clock()
    whose = iter(range(1000, 2000))
    with (
        Served(base=base, owner=lambda *_: next(whose), clock=clock, every=3) as server,
        contextlib.ExitStack() as held,
    ):
        head = f"POST / HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\nContent-Length: 9\r\n\r\na"
        hoard = [held.enter_context(server.connect()) for _ in range(3)]
        for number, peer in enumerate(hoard):
            peer.sendall(head.encode())
            while server.do(lambda: sum(one.cycle is not None for one in server.connections.open)) <= number:
                continue  # until it has arrived
        clock.at += 1
        assert server.ask().status == 200
        assert any(ended(peer) for peer in hoard[:1])


def test_many_connections_of_one_keep_nobody_out(base):
    whose = [1000]
    clock = Clock()
    with (
        Served(base=base, owner=lambda *_: whose[0], clock=clock, each=4, every=8) as server,
        contextlib.ExitStack() as held,
    ):
        hoard = []
        for _ in range(12):
            clock.at += 0.01
            hoard.append(held.enter_context(server.connect()))
            assert server.ask().status == 200  # of the same user, too
        whose[0] = 1001
        assert server.ask().status == 200
        assert ended(hoard[0])
        assert server.do(lambda: len(server.connections.open)) <= 8


def test_an_owner_is_asked_for_once_for_each_connection(base):
    asked = []

    def owner(client, server):
        asked.append((client, server))
        return 7

    with Served(base=base, owner=owner) as server, server.connect() as peer:
        for _ in range(3):
            peer.sendall(f"GET / HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
            assert next_answer(peer).status == 200
        assert asked == [(peer.getsockname(), peer.getpeername())]
        server.ask()
        assert len(asked) == 2


async def whose(scope, receive, send):
    """Says which user a request's connection is of."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": str(scope["state"]["owner"]).encode()})


def test_each_request_carries_its_connection_s_owner(base):
    owners = iter((5, 6))
    with Served(whose, base=base, owner=lambda *_: next(owners)) as server, server.connect() as first:
        sent = f"GET / HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
        for peer, uid in ((first, b"5"), (None, b"6"), (first, b"5")):
            if peer is None:
                assert server.raw(sent).body == uid
                continue
            peer.sendall(sent)
            assert next_answer(peer).body == uid


@pytest.mark.parametrize(
    "wrong",
    [
        b"GET / HTTP/1.1\r\nX: " + b"a" * (HEAD + 1) + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\x00y\r\n\r\n",
        b"GET HTTP/1.1\r\n\r\n",
        b"\r\n\r\n\x00",
    ],
    ids=["huge", "nul", "no path", "rubbish"],
)
def test_what_is_no_request_is_told_so_with_every_header(base, wrong):
    with Served(base=base) as server:
        said = server.raw(wrong)
    assert said.status == 400
    assert said["content-security-policy"].startswith("default-src 'none'")
    assert said["server"] == ""
    assert said["connection"] == "close"


def test_requests_that_are_sent_ahead_are_answered_or_refused_and_not_kept_without_an_end(base):
    reached = []

    async def app(scope, receive, send):
        reached.append(1)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    with Served(app, base=base) as server:
        one = f"GET / HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
        assert [said.status for said in server.answers(one * BEHIND, BEHIND)] == [200] * BEHIND
        waiting = []
        with server.connect() as peer:
            peer.setblocking(False)
            with contextlib.suppress(OSError):  # nobody takes more, or it was ended
                while True:
                    peer.send(one * 1000)
            server.ask()
            lines = server.do(lambda: list(server.connections.open))
            waiting += [len(getattr(line, "pipeline", ())) for line in lines]
        assert max(waiting, default=0) <= BEHIND
        assert server.ask().status == 200
        assert len(reached) < 5000


def test_what_a_request_may_just_be():
    with Served(base=HttpToolsProtocol) as server:
        line = f"GET / HTTP/1.1\r\nHost: {server.host}\r\n".encode()
        assert server.raw(line + b"a: b\r\n" * (FIELDS - 1) + b"\r\n").status == 200
        assert server.raw(line + b"a: b\r\n" * FIELDS + b"\r\n").status == 400
        assert server.raw(line + b"a: " + b"b" * (HEAD - 200) + b"\r\n\r\n").status == 200


def test_httptools_are_taken_where_they_are(monkeypatch):
    assert issubclass(protocol(kept()), HttpToolsProtocol)
    monkeypatch.setitem(__import__("sys").modules, "httptools", None)
    assert issubclass(protocol(kept()), H11Protocol)


def test_the_watch_sweeps_again_and_again(monkeypatch):
    swept = []
    all_of_them = kept()
    monkeypatch.setattr(room, "EVERY", 0)
    monkeypatch.setattr(all_of_them, "sweep", lambda: swept.append(1))

    async def watched():
        task = asyncio.create_task(all_of_them.watch())
        while len(swept) < 3:  # noqa: ASYNC110 - one turn of the loop, and no time
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(watched())
    assert len(swept) >= 3


def test_the_answer_to_what_is_no_request_is_whole():
    head, _, body = BAD.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert f"content-length: {len(body)}".encode() in head

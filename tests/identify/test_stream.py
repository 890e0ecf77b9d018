"""TCP as a talk sees it, against small servers on loopback: whole replies, late ones, endings, bounds, TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess

import pytest
from tests.peers import hangs_up, repeats, resets, says_nothing, serving, ten_gigabytes

from hb_engine.identify.kit import LIMIT, Ask
from hb_engine.identify.stream import FLIGHT, PIECES, Account, Stream, make_socket

LONG = 30.0  # seconds, of waits that a test never sees the end of
SHORT = 0.05


def play(peer, scene, limit=1 << 19, host="hb.invalid", **more):
    """Open a stream to a peer, and play a scene on it."""
    account = Account()

    async def all_of_it(port):
        stream = Stream(("127.0.0.1", port, host), account, limit, **more)
        try:
            assert await stream.open(asyncio.get_running_loop().time() + LONG) == ""
            return await scene(stream, asyncio.get_running_loop().time() + LONG)
        finally:
            stream.close()

    with serving.tcp(peer) as seen:
        result = asyncio.run(all_of_it(seen.port))
    assert account.connections == seen.connections
    return result, account, seen


def _greets(connection):
    connection.send(b"hello\r\n")
    connection.drain()


def test_a_greeting():
    async def scene(stream, deadline):
        return await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0)

    (reply, pieces), account, _ = play(_greets, scene)
    assert (reply, reply.ended, pieces) == (b"hello\r\n", "", 1)
    assert (account.sent, account.received) == (0, 7)


def test_a_question_and_its_answer():
    def answers(connection):
        connection.send(b"you said " + connection.receive())

    async def scene(stream, deadline):
        return await stream.exchange(Ask(b"this", until=b"this"), LONG, deadline, 0)

    (reply, _), account, seen = play(answers, scene)
    assert reply == b"you said this"
    assert seen.received == b"this"
    assert account.sent == 4


def test_silence_is_not_an_end():
    async def scene(stream, deadline):
        first, _ = await stream.exchange(Ask(b"one", until=b"\n"), SHORT, deadline, 0)
        return first, stream.usable

    (reply, usable), _, _ = play(says_nothing.peer, scene)
    assert (reply, reply.ended, usable) == (b"", "silent", True)


def test_a_pause_ends_a_reply_that_is_not_whole():
    async def scene(stream, deadline):
        return await stream.exchange(Ask(until=b"never"), LONG, deadline, SHORT)

    (reply, _), _, _ = play(_greets, scene)
    assert (reply, reply.ended) == (b"hello\r\n", "silent")


@pytest.mark.parametrize(("peer", "ended"), [(hangs_up.peer, "closed"), (resets.peer, "reset")])
def test_how_it_ended(peer, ended):
    async def scene(stream, deadline):
        reply, _ = await stream.exchange(Ask(), LONG, deadline, 0)
        after, _ = await stream.exchange(Ask(b"more"), LONG, deadline, 0)
        return reply, after, stream.usable

    (reply, after, usable), _, _ = play(peer, scene)
    assert (reply, reply.ended) == (b"", ended)
    assert after.ended in ("closed", "reset")
    assert not usable


def test_what_was_said_before_a_reset_is_heard():
    """It closes without reading: our bytes make its kernel reset, after its words are on the way."""

    def says_and_goes(connection):
        connection.send(b"you are not welcome\n")

    async def scene(stream, deadline):
        return await stream.exchange(Ask(until=b"\n"), LONG, deadline, 0)

    (reply, _), _, _ = play(says_and_goes, scene)
    assert reply == b"you are not welcome\n"


def test_one_reply_has_a_limit():
    async def scene(stream, deadline):
        return await stream.exchange(Ask(until=b"\1"), LONG, deadline, 0)

    (reply, pieces), account, _ = play(ten_gigabytes.peer, scene)
    assert (len(reply), reply.ended) == (LIMIT, "limit")
    assert pieces <= PIECES
    assert account.received <= LIMIT


def test_one_connection_has_a_limit():
    async def scene(stream, deadline):
        return [(await stream.exchange(Ask(until=b"\1"), LONG, deadline, 0))[0] for _ in range(5)]

    replies, account, _ = play(ten_gigabytes.peer, scene, limit=2 * LIMIT + 100)
    assert [len(reply) for reply in replies] == [LIMIT, LIMIT, 100, 0, 0]
    assert {reply.ended for reply in replies} == {"limit"}
    assert account.received == 2 * LIMIT + 100


def test_a_reply_in_too_many_pieces():
    """Each piece is looked at, so their number is bounded, not only their bytes."""

    async def scene(stream, deadline):
        stream.unread(b"")
        one_by_one = [b"x"] * (PIECES + 10)

        async def piece(size, late):
            return one_by_one.pop()

        stream._receive = piece
        return await stream.exchange(Ask(until=b"never"), LONG, deadline, 0)

    (reply, pieces), _, _ = play(says_nothing.peer, scene)
    assert (len(reply), pieces, reply.ended) == (PIECES, PIECES, "limit")


def test_what_was_heard_can_be_put_back():
    async def scene(stream, deadline):
        reply, _ = await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0)
        stream.unread(reply)
        return reply, (await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0))[0]

    (first, again), account, _ = play(_greets, scene)
    assert first == again == b"hello\r\n"
    assert account.received == 7


def test_a_fresh_connection_forgets_the_old_one():
    async def scene(stream, deadline):
        await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0)
        stream.unread(b"old ")
        assert await stream.reopen(deadline) == ""
        return (await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0))[0]

    reply, account, _ = play(_greets, scene)
    assert reply == b"hello\r\n"
    assert account.connections == 2


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    async def scene():
        stream = Stream(("127.0.0.1", port, ""), Account(), 1000)
        return await stream.open(asyncio.get_running_loop().time() + LONG), stream.usable

    assert asyncio.run(scene()) == ("refused", False)


def test_no_socket_left(monkeypatch):
    def none_left(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("hb_engine.identify.stream.make_socket", none_left)
    account = Account()
    assert asyncio.run(Stream(("127.0.0.1", 1, ""), account, 1000).open(LONG)) == "descriptors"
    assert account.connections == 0


@pytest.mark.skipif(not socket.has_ipv6, reason="this system has no IPv6")
def test_ipv6():
    async def scene(port):
        stream = Stream(("::1", port, "::1"), Account(), 1000)
        try:
            why = await stream.open(asyncio.get_running_loop().time() + LONG)
            return why, (
                await stream.exchange(Ask(b"x", until=b"x"), LONG, asyncio.get_running_loop().time() + LONG, 0)
            )[0]
        finally:
            stream.close()

    with serving.tcp(repeats.peer, "::1") as seen:
        assert asyncio.run(scene(seen.port)) == ("", b"x")


def test_after_the_deadline_nothing_is_waited_for():
    async def scene(stream, deadline):
        return await stream.exchange(Ask(until=b"never"), LONG, asyncio.get_running_loop().time() + SHORT, 0)

    (reply, _), _, _ = play(says_nothing.peer, scene)
    assert reply.ended == "silent"


def test_abrupt_ends_leave_no_port_waiting():
    """With SO_LINGER at zero the peer sees a reset, and no TIME_WAIT stays behind on our side."""
    ends = []

    def notes_the_end(connection):
        try:
            ends.append(connection.receive())
        except ConnectionResetError:
            ends.append("reset")

    async def scene(stream, deadline):
        return None

    play(notes_the_end, scene, abrupt=True)
    play(notes_the_end, scene)
    assert ends == ["reset", b""]


# -- TLS


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*command, "-subj", "/CN=hb.invalid", "-days", "30", "-keyout", key, "-out", cert], check=True, capture_output=True)  # fmt: skip  # noqa: E501
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(cert, key)
    made.set_alpn_protocols(["alpha"])
    made.sni_callback = _remember
    return made


NAMES: list[str | None] = []


def _remember(sock, name, context):
    NAMES.append(name)


def _secure(context, before=b""):
    def peer(connection):
        if before:
            connection.send(before)
            connection.receive(len(b"STARTTLS\n"))
        with context.wrap_socket(connection.socket, server_side=True) as secure:
            secure.sendall(b"hello inside\r\n")
            secure.sendall(secure.recv(100))
            secure.recv(100)

    return peer


def test_inside_tls(context):
    async def scene(stream, deadline):
        tls = await stream.start_tls(("beta", "alpha"), deadline)
        greeting, _ = await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0)
        return tls, greeting, (await stream.exchange(Ask(b"echo"), LONG, deadline, 0))[0]

    (tls, greeting, echo), _, _ = play(_secure(context), scene)
    assert (tls.version, tls.alpn, tls.how, tls.problem) == ("TLSv1.3", "alpha", "implicit", "")
    assert tls.certificate is not None
    assert (greeting, echo) == (b"hello inside\r\n", b"echo")
    assert NAMES[-1] == "hb.invalid"


def test_in_the_middle_of_a_connection(context):
    async def scene(stream, deadline):
        await stream.exchange(Ask(until=b"\n"), LONG, deadline, 0)
        await stream.exchange(Ask(b"STARTTLS\n", wait=0), 0, deadline, 0)
        tls = await stream.start_tls((), deadline, "starttls")
        return tls, (await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0))[0]

    (tls, greeting), _, _ = play(_secure(context, b"say STARTTLS\n"), scene)
    assert (tls.how, tls.version) == ("starttls", "TLSv1.3")
    assert greeting == b"hello inside\r\n"


def test_a_fresh_connection_inside_tls_again(context):
    async def scene(stream, deadline):
        await stream.start_tls((), deadline)
        assert await stream.reopen(deadline) == ""
        return (await stream.exchange(Ask(until=b"\r\n"), LONG, deadline, 0))[0]

    reply, account, _ = play(_secure(context), scene)
    assert reply == b"hello inside\r\n"
    assert account.connections == 2


def test_an_address_is_not_sent_as_a_name(context):
    async def scene(stream, deadline):
        return await stream.start_tls((), deadline)

    NAMES.clear()
    play(_secure(context), scene, host="127.0.0.1")
    assert NAMES == [None]


def test_what_is_no_tls_is_said_so_and_kept():
    async def scene(stream, deadline):
        return await stream.start_tls((), deadline), stream.endpoint.head, stream.usable

    (tls, head, usable), _, _ = play(_greets, scene)
    assert (tls, head, usable) == (None, b"hello\r\n", False)


def test_a_handshake_has_a_limit_in_bytes():
    def endless(connection):
        record = b"\x16\x03\x03\x40\x00" + b"\0\0\0\0" * 4096  # hello requests, which may be passed over
        while True:
            connection.send(record)

    async def scene(stream, deadline):
        return await stream.start_tls((), deadline)

    tls, account, _ = play(endless, scene)
    assert tls is None or tls.problem
    assert account.received <= FLIGHT


def test_a_handshake_that_is_never_done():
    async def scene(stream, deadline):
        return await stream.start_tls((), asyncio.get_running_loop().time() + SHORT)

    tls, _, _ = play(says_nothing.peer, scene)
    assert tls is None


# -- sockets


@pytest.mark.parametrize(("address", "target"), [("127.0.0.1", ("127.0.0.1", 9)), ("::0:1", ("::1", 9, 0, 0))])
def test_addresses(address, target):
    made, found = make_socket(address, 9, datagram=False)
    with made:
        assert found == target
        assert not made.getblocking()


def test_scopes():
    made, found = make_socket("fe80::1%lo", 9, datagram=True)
    with made:
        assert found == ("fe80::1", 9, 0, socket.if_nametoindex("lo"))

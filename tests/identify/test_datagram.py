"""UDP as a talk sees it, against small servers on loopback: one datagram, one answer, from whom it was asked."""

from __future__ import annotations

import asyncio
import socket

import pytest
from tests.peers import answers_from_elsewhere, floods, serving

from hb_engine.identify.datagram import PASSED_OVER, Datagrams
from hb_engine.identify.kit import Ask
from hb_engine.identify.stream import Account

LONG, SHORT = 30.0, 0.05


def play(peer, scene, tries=2):
    account = Account()

    async def all_of_it(port):
        line = Datagrams(("127.0.0.1", port, "hb.invalid"), account, tries)
        try:
            assert await line.open(0) == ""
            return await scene(line, asyncio.get_running_loop().time() + LONG)
        finally:
            line.close()

    with serving.udp(peer) as seen:
        return asyncio.run(all_of_it(seen.port)), account, seen


def _repeats(server, data, sender, seen):
    server.sendto(b"you said " + data, sender)


def _says_nothing(server, data, sender, seen):
    pass


def _deaf_at_first(server, data, sender, seen):
    if seen.connections > 1:
        server.sendto(b"what?", sender)


def _twice(server, data, sender, seen):
    for _ in range(2):
        server.sendto(b"answer to " + data, sender)


def _empty(server, data, sender, seen):
    server.sendto(b"", sender)


def test_a_question_and_its_answer():
    async def scene(line, deadline):
        return await line.exchange(Ask(b"this", until=b"never looked at"), LONG, deadline, 0)

    (reply, pieces), account, _ = play(_repeats, scene)
    assert (reply, reply.ended, pieces) == (b"you said this", "", 1)
    assert (account.sent, account.received, account.connections) == (4, 13, 1)


@pytest.mark.parametrize("tries", [1, 2, 3])
def test_silence_is_asked_again(tries):
    async def scene(line, deadline):
        return await line.exchange(Ask(b"this"), tries * SHORT, deadline, 0)

    (reply, _), account, _ = play(_says_nothing, scene, tries)
    assert reply.ended == "silent"
    assert account.sent == 4 * tries


def test_a_later_try_is_answered():
    async def scene(line, deadline):
        return await line.exchange(Ask(b"this"), LONG, deadline, 0)

    (reply, _), account, _ = play(_deaf_at_first, scene, tries=600)  # each waits its part of LONG
    assert reply == b"what?"
    assert account.sent >= 8


def test_the_same_answer_again_is_not_the_next_answer():
    async def scene(line, deadline):
        return [(await line.exchange(Ask(word), LONG, deadline, 0))[0] for word in (b"one", b"two", b"three")]

    replies, _, _ = play(_twice, scene)
    assert replies == [b"answer to one", b"answer to two", b"answer to three"]


def test_an_empty_datagram_is_an_answer():
    async def scene(line, deadline):
        return await line.exchange(Ask(b"this"), LONG, deadline, 0)

    (reply, _), _, _ = play(_empty, scene)
    assert (reply, reply.ended) == (b"", "")


def test_an_answer_from_another_port():
    async def scene(line, deadline):
        strict, _ = await line.exchange(Ask(b"this"), SHORT, deadline, 0)
        loose, _ = await line.exchange(Ask(b"this", other_port=True), LONG, deadline, 0)
        return strict, loose

    (strict, loose), _, _ = play(answers_from_elsewhere.peer, scene)
    assert strict.ended == "silent"
    assert loose == b"answer to this"


def test_an_answer_from_another_address_is_nobodys():
    def elsewhere(server, data, sender, seen):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.2", 0))
            other.sendto(b"I am somebody else", sender)

    async def scene(line, deadline):
        return await line.exchange(Ask(b"this", other_port=True), 2 * SHORT, deadline, 0)

    (reply, _), account, _ = play(elsewhere, scene)
    assert (reply, reply.ended) == (b"", "silent")
    assert account.received > 0


def test_a_flood_is_given_up():
    """All of its datagrams are the last answer once more: after some of them we stop to look."""

    def one_and_the_same(server, data, sender, seen):
        for _ in range(PASSED_OVER * 3):
            server.sendto(b"same", sender)

    async def scene(line, deadline):
        first, _ = await line.exchange(Ask(b"one"), LONG, deadline, 0)
        return first, (await line.exchange(Ask(b"two"), LONG, deadline, 0))[0]

    (first, second), _, _ = play(one_and_the_same, scene)
    assert first == b"same"
    assert (second, second.ended) == (b"", "limit")


def test_many_answers_to_one_question():
    async def scene(line, deadline):
        return (await line.exchange(Ask(b"one"), LONG, deadline, 0))[0]

    reply, account, _ = play(floods.peer, scene)
    assert reply == b"answer 0"
    assert account.received == len(reply)


@pytest.mark.parametrize("other_port", [False, True])
def test_nobody_there(other_port):
    """ICMP says so, also on the socket that is not connected."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]

    async def scene():
        line = Datagrams(("127.0.0.1", port, ""), Account(), 2)
        assert await line.open(0) == ""
        try:
            loop = asyncio.get_running_loop()
            return await line.exchange(Ask(b"this", other_port=other_port), LONG, loop.time() + LONG, 0)
        finally:
            line.close()

    reply, _ = asyncio.run(scene())
    assert (reply, reply.ended) == (b"", "reset")


def test_there_is_no_tls_and_always_a_fresh_socket():
    async def scene(line, deadline):
        return await line.start_tls((), deadline, "starttls"), await line.reopen(deadline), line.usable

    (tls, why, usable), account, _ = play(_says_nothing, scene)
    assert (tls, why, usable) == (None, "", True)
    assert account.connections == 2

"""A talk is carried to its end, whatever it does wrong, over lines that are fakes here."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.carrier import FRESH, KEPT, KEPT_BYTES, TURNS, Job, carry, whole
from hb_engine.identify.kit import Ask, Reconnect, Reply, StartTls
from hb_engine.identify.stream import Account
from hb_engine.model.identity import Identity, Tls


class Line:
    """A line that answers from a list, and remembers what it was asked and how long it would have waited."""

    def __init__(self, replies=(), tls=None, opens=True) -> None:
        self.replies, self.rtt, self.tls = list(replies), 0.01, None
        self.offered, self.opens = tls, opens
        self.asked: list[bytes] = []
        self.waits: list[tuple[float, float]] = []
        self.opened = 0

    async def exchange(self, ask, wait, deadline, quiet):
        self.asked.append(ask.send)
        self.waits.append((wait, quiet))
        reply = self.replies.pop(0) if self.replies else Reply.of(b"", "silent")
        return (reply if isinstance(reply, Reply) else Reply.of(reply)), 1

    async def start_tls(self, alpn, deadline, how):
        self.tls = self.offered
        return self.offered

    async def reopen(self, deadline):
        self.opened += 1
        return "" if self.opens else "refused"


def carried(talk, line=None, **job):
    line = line or Line()
    return asyncio.run(carry(Job("fake", talk, **job), line, Account(), 100.0)), line


def test_what_a_talk_says_it_is():
    def talk():
        reply = yield Ask(b"one")
        again = yield Ask(b"two")
        return Identity("fake", evidence=(reply + again).decode())

    outcome, line = carried(talk(), Line([b"a", b"b"]))
    assert outcome.identity == Identity("fake", evidence="ab")
    assert line.asked == [b"one", b"two"]
    assert [turn.sent for turn in outcome.turns] == [b"one", b"two"]
    assert outcome.broke == ""


def test_what_it_returns_otherwise_is_kept_as_it_is():
    def talk():
        yield Ask(b"one")
        return True

    outcome, _ = carried(talk())
    assert outcome.identity is None
    assert outcome.result is True


def _raises_at_once():
    raise ValueError("no")
    yield Ask()


def _raises_later():
    yield Ask(b"one")
    raise IndexError("out of range")


def _odd_until():
    yield Ask(b"one", until=lambda data: data[100] == 0)


def _yields_rubbish():
    yield "one"


def _never_ends():
    while True:
        yield Ask(b"again")


def _reconnects_for_ever():
    while (yield Reconnect()):
        pass


@pytest.mark.parametrize(
    ("talk", "fault"),
    [
        (_raises_at_once, "ValueError: no"),
        (_raises_later, "IndexError: out of range"),
        (_yields_rubbish, "TypeError: a talk may not yield str"),
        (_never_ends, "the talk does not come to an end"),
        (_reconnects_for_ever, "the talk does not come to an end"),
    ],
)
def test_faults_of_a_talk_are_told_and_end_only_it(talk, fault):
    outcome, line = carried(talk(), Line([b"answer"]))
    assert outcome.broke == fault
    assert outcome.identity is None
    assert len(line.asked) <= TURNS
    assert line.opened <= FRESH


def test_memory_is_nobodys_fault():
    def talk():
        yield Ask(b"one")
        raise MemoryError

    with pytest.raises(MemoryError):
        carried(talk())


def test_tls_inside_a_talk():
    def talk():
        tls = yield StartTls()
        return Identity("fake", tls=tls)

    told = Tls("TLSv1.3", how="starttls")
    assert carried(talk(), Line(tls=told))[0].identity == Identity("fake", tls=told)
    assert carried(talk(), Line(tls=None))[0].identity == Identity("fake")


def test_tls_that_failed_is_none_to_the_talk_and_told_in_the_outcome():
    def talk():
        return Identity("fake", info=str((yield StartTls())))

    outcome, _ = carried(talk(), Line(tls=Tls(problem="handshake failure", how="starttls")))
    assert outcome.identity == Identity("fake", info="None")
    assert outcome.tls is not None
    assert outcome.tls.problem == "handshake failure"


@pytest.mark.parametrize("opens", [True, False])
def test_a_fresh_connection(opens):
    def talk():
        return Identity(str((yield Reconnect())))

    assert carried(talk(), Line(opens=opens))[0].identity == Identity(str(opens))


def test_how_long_is_waited():
    def talk():
        yield Ask(b"one")
        yield Ask(b"two")
        yield Ask(b"three", wait=9.0)

    patience = {"wait": lambda rtt: 200 * rtt, "first": lambda rtt: 30 * rtt, "quiet": 0.5}
    silent = carried(talk(), Line(), **patience)[1]
    assert [round(wait, 3) for wait, _ in silent.waits] == [0.3, 0.3, 9.0]
    answered = carried(talk(), Line([b"a", b"b"]), **patience)[1]
    assert [round(wait, 3) for wait, _ in answered.waits] == [0.3, 2.0, 9.0]
    capped = carried(talk(), Line([b"a", b"b"]), capped=True, **patience)[1]
    assert [round(wait, 3) for wait, _ in capped.waits] == [0.3, 2.0, 2.0]
    assert {quiet for _, quiet in capped.waits} == {0.5}


def test_what_is_kept_is_bounded():
    def talk():
        for _ in range(50):
            yield Ask(b"x" * 20000)

    outcome, _ = carried(talk(), Line([b"y" * 60000] * 50))
    assert len(outcome.turns) == KEPT
    assert all(len(turn.sent) == len(turn.reply) == KEPT_BYTES for turn in outcome.turns)


@pytest.mark.parametrize(
    ("until", "data", "expected"),
    [
        (None, b"", False),
        (None, b"x", True),
        (b"\r\n", b"line\r", False),
        (b"\r\n", b"line\r\nmore", True),
        (lambda data: len(data) > 3, b"abc", False),
        (lambda data: len(data) > 3, b"abcd", True),
    ],
)
def test_when_a_reply_is_whole(until, data, expected):
    assert whole(Ask(until=until), data) is expected


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_replies_reach_the_talk_as_they_are(replies):
    heard = []

    def talk():
        for _ in replies:
            heard.append((yield Ask(b"?")))  # noqa: PERF401  a yield belongs to its own generator

    carried(talk(), Line(replies))
    assert heard == replies

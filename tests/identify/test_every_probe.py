"""What holds for every probe, whoever wrote it: strangers' bytes cannot break it, and it claims nothing but its own.

The probes are those of the folder, the answers those of the captures, whole, cut at every byte, sent to the wrong talk,
or made up. A probe that joins the folder is held to all of it without a line here.
"""

from __future__ import annotations

import importlib
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hb_engine.identify.probes
from hb_engine.identify import kit
from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect, Reply, StartTls
from hb_engine.identify.transcript import NONCE, NOW, outcome_of, read
from hb_engine.model.identity import PROOFS, Identity, Tls
from hb_engine.model.record import items

PROBES = os.path.dirname(hb_engine.identify.probes.__file__)
CAPTURES = os.path.join(os.path.dirname(__file__), "captures")
NAMES = sorted(name[:-3] for name in os.listdir(PROBES) if name.endswith(".py") and name != "__init__.py")
MODULES = {name: importlib.import_module(f"hb_engine.identify.probes.{name}") for name in NAMES}
MOST_ASKS, MOST_BYTES = 12, 4096
OTHER_NONCE = bytes(range(200, 216))

# Two protocols whose answers are the same words, and which only the question tells apart; a replayed answer of one is
# then taken for the other. Whoever really speaks one of them refuses the other's question, which the probes' own tests
# show.
SIBLINGS = ({"smtp", "lmtp"}, {"microsoft-ds", "netbios-ssn"}, {"http", "grpc"})


def transcripts():
    found = {}
    for name in sorted(os.listdir(CAPTURES)):
        if name.endswith(".talk"):
            with open(os.path.join(CAPTURES, name), encoding="utf-8") as file:
                found[name.removesuffix(".talk")] = read(file.read())
    return found


KEPT = transcripts()
REPLIES = sorted({bytes(turn.reply) for kept in KEPT.values() for turn in kept.turns if isinstance(turn.reply, bytes)})


class Carried:
    """A talk, carried by rules: what it sent, how often, and what it made of the answers."""

    def __init__(self, module, peer, answer) -> None:
        self.sent, self.asks, self.named = b"", 0, None
        talk = module.talk(peer)
        try:
            command = next(talk)
            while True:
                self.asks += 1
                assert self.asks <= 3 * MOST_ASKS, "a talk that does not end"
                if isinstance(command, Ask):
                    self.sent += command.send
                command = talk.send(answer(command))
        except StopIteration as end:
            self.named = end.value


def replay(replies):
    """Answers of a list in order, each to the kind of command that it fits; then silence and refusals."""
    left = list(replies)

    def answer(command):
        reply = left.pop(0) if left else None
        if isinstance(command, Ask):
            return reply if isinstance(reply, Reply) else Reply.of(b"", "silent")
        if isinstance(command, StartTls):
            return reply if isinstance(reply, Tls) else None
        assert isinstance(command, Reconnect)
        return reply is not None and reply is not False

    return answer


def peer_of(module, transport="", port=0, nonce=NONCE):
    probe = module.PROBE
    transport = transport or ("udp" if probe.udp and not (probe.tcp or probe.tls) else "tcp")
    port = port or next(iter((probe.udp if transport == "udp" else probe.tcp or probe.tls) or (probe.udp or (1,))))
    return Peer(transport, "hb.invalid", port, nonce, now=NOW)


def transports(module):
    probe = module.PROBE
    tcp = ["tcp"] if probe.tcp or probe.tls or not probe.udp else []
    return tcp + (["udp"] if probe.udp else [])


def check(named, module):
    """An identity is a record of bounded texts, and of the probe's own name or names."""
    assert named is None or isinstance(named, Identity)
    for field, value in items(named) if named else ():
        if isinstance(value, str):
            assert len(value) <= kit.EVIDENCE, (module.PROBE.name, field)
    if named:
        assert named.name
        assert named.proof in PROOFS
        assert named.starttls in ("", "offered", "required", "absent")
        assert all(part.startswith("cpe:/") for part in named.cpe)
        assert all(len(name) <= 60 and len(value) <= 2 * kit.EVIDENCE for name, value in named.facts)


# -- the declaration


@pytest.mark.parametrize("name", NAMES)
def test_the_declaration_is_well_formed(name):
    module = MODULES[name]
    probe = module.PROBE
    assert isinstance(probe, Probe)
    assert probe.name
    assert probe.name.isascii()
    assert " " not in probe.name
    assert probe.speaks in ("server", "client", "either")
    assert probe.care in kit.CARE
    assert module.__doc__
    for ports in (probe.tcp, probe.tls, probe.udp):
        assert len(set(ports)) == len(ports)
        assert all(0 < port < 65536 for port in ports)
    assert not probe.unprovable or (probe.unprovable.endswith(".") and " " in probe.unprovable)
    assert not set(probe.names) & {probe.name}


@pytest.mark.parametrize("name", [name for name in NAMES if MODULES[name].PROBE.unprovable])
def test_what_cannot_be_proved_is_asked_nothing(name):
    module = MODULES[name]
    carried = Carried(module, peer_of(module), replay([]))
    assert (carried.asks, carried.named) == (0, None)


@pytest.mark.parametrize("name", [name for name in NAMES if MODULES[name].PROBE.care == "never"])
def test_what_must_never_be_asked_gets_no_byte(name):
    module = MODULES[name]
    for transport in transports(module):
        assert Carried(module, peer_of(module, transport), replay([])).sent == b""


@pytest.mark.parametrize("name", [name for name in NAMES if MODULES[name].PROBE.speaks == "server"])
def test_who_waits_for_a_greeting_sends_nothing_before_it(name):
    """Neither the first Ask has bytes, nor does silence, or a closed connection, make the talk speak."""
    module = MODULES[name]
    for ended in ("silent", "closed", "reset"):
        carried = Carried(module, peer_of(module, "tcp"), replay([Reply.of(b"", ended)]))
        assert (carried.sent, carried.named) == (b"", None)


@pytest.mark.parametrize("name", NAMES)
def test_silence_names_nothing(name):
    module = MODULES[name]
    for transport in transports(module):
        carried = Carried(module, peer_of(module, transport), replay([]))
        assert carried.named is None
        assert carried.asks <= MOST_ASKS
        assert len(carried.sent) < MOST_BYTES


# -- bytes that nobody expected


def reply_of(mine):
    """Random bytes, or some of a captured reply, with a random end of the connection."""
    known = st.sampled_from(mine or REPLIES[:1])
    cut = st.builds(lambda data, size: data[:size], known, st.integers(0, 4096))
    flipped = st.builds(
        lambda data, at, byte: data[: at % (len(data) or 1)] + bytes((byte,)) + data[at % (len(data) or 1) + 1 :],
        known,
        st.integers(0, 65535),
        st.integers(0, 255),
    )
    data = st.one_of(st.binary(max_size=200), known, cut, flipped)
    ended = st.sampled_from(["", "silent", "closed", "reset", "limit"])
    return st.one_of(st.builds(Reply.of, data, ended), st.just(Tls("TLSv1.3", how="starttls")), st.booleans())


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_answer_can_break_a_talk(name):
    module = MODULES[name]
    mine = sorted(
        {
            bytes(turn.reply)
            for kept in KEPT
            if kept.partition("-")[0] == name
            for turn in KEPT[kept].turns
            if isinstance(turn.reply, bytes)
        }
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(
        replies=st.lists(reply_of(mine), max_size=8), transport=st.sampled_from(transports(module)), tls=st.booleans()
    )
    def hold(replies, transport, tls):
        peer = Peer(transport, "hb.invalid", 1234, NONCE, tls and transport == "tcp", NOW)
        carried = Carried(module, peer, replay(replies))
        check(carried.named, module)
        assert carried.asks <= MOST_ASKS
        assert len(carried.sent) < MOST_BYTES
        for reply in replies:
            if isinstance(reply, bytes) and hasattr(module, "hint"):
                assert module.hint(bytes(reply)) in (True, False)

    hold()


def cuts(size):
    """Every place in a short reply; in a long one every place of its first part, and some of the rest."""
    return [*range(min(size, 300)), *range(300, size, max(1, (size - 300) // 100))]


@pytest.mark.slow
@pytest.mark.parametrize("name", KEPT)
def test_a_capture_may_be_cut_anywhere(name):
    """A talk that heard half an answer, or hears it byte by byte, does not fail; a whole one it takes as whole."""
    kept, module = KEPT[name], MODULES[name.partition("-")[0]]
    for index, turn in enumerate(kept.turns):
        if not isinstance(turn.reply, bytes):
            continue
        before = [turn.reply for turn in kept.turns[:index]]
        for size in cuts(len(turn.reply)):
            for ended in ("silent", "closed") if size < 100 else ("reset",):
                carried = Carried(module, kept.peer, replay([*before, Reply.of(turn.reply[:size], ended)]))
                check(carried.named, module)
                assert carried.asks <= MOST_ASKS


@pytest.mark.slow
@pytest.mark.parametrize("name", KEPT)
def test_a_talk_knows_when_it_has_heard_enough(name):
    """`until` says yes to every answer that was kept as whole, and can be asked after any byte."""
    kept, module = KEPT[name], MODULES[name.partition("-")[0]]
    talk = module.talk(kept.peer)
    command = next(talk)
    for turn in kept.turns:
        if isinstance(command, Ask) and callable(command.until) and isinstance(turn.reply, Reply):
            for size in cuts(len(turn.reply)):
                assert command.until(bytes(turn.reply[:size])) in (True, False)
            if turn.reply.ended == "" and kept.peer.transport == "tcp":
                assert command.until(bytes(turn.reply))
        try:
            command = talk.send(turn.reply)
        except StopIteration:
            break


def enough(ask, data):
    """How many bytes of some a carrier would wait for, were they to come one by one."""
    if ask.until is None or not data:
        return len(data)
    if isinstance(ask.until, bytes):
        at = data.find(ask.until)
        return at + len(ask.until) if at >= 0 else len(data)
    return next((size for size in range(1, len(data)) if ask.until(data[:size])), len(data))


# What answers a GET in HTTP/2 is given up as no HTTP/1 at its first byte, so that no binary protocol is waited for.
# Where that byte comes alone, which no server's first frame does, HTTP/2 is not tried.
IMPATIENT = ("http-grpc", "http-nginx-h2c", "doh-unbound")


def is_short(kept):
    return kept.peer.transport == "tcp" and all(len(t.reply) < 3000 for t in kept.turns if isinstance(t.reply, bytes))


SHORT = [name for name, kept in KEPT.items() if name not in IMPATIENT and is_short(kept)]


@pytest.mark.slow
@pytest.mark.parametrize("name", SHORT)
def test_answers_that_come_byte_by_byte_name_the_same(name):
    """Each answer ends where `until` is content for the first time; what is left over comes with the next."""
    kept, module = KEPT[name], MODULES[name.partition("-")[0]]
    left, answers = b"", [turn.reply for turn in kept.turns]

    def answer(command):
        nonlocal left
        reply = answers.pop(0) if answers else None
        if not isinstance(command, Ask):
            left = b""  # a fresh connection, or TLS, begins with nothing
            return reply
        if not isinstance(reply, Reply):
            reply = Reply.of(b"", "silent")
        data, left = left + bytes(reply), b""
        if not reply.ended:
            size = enough(command, data)
            data, left = data[:size], data[size:]
        return Reply.of(data, reply.ended)

    assert outcome_of(Carried(module, kept.peer, answer).named)[:1] == kept.outcome[:1]


LOGINS = (b"USER ", b"PASS ", b"APOP ", b"LOGIN ", b"NICK ", b"AUTH PLAIN", b"AUTH LOGIN", b"AUTHINFO", b"AUTHENTICATE")
WRITES = (b"MAIL FROM", b"RCPT TO", b"DATA\r", b"STOR ", b"DELE ", b"APPE", b"SET ", b"FLUSH", b"PUTSCRIPT", b"POST\r")


@pytest.mark.parametrize("name", KEPT)
def test_nobody_logs_in_and_nothing_is_written(name):
    """In no capture does a line that was sent begin, behind a tag perhaps, with a word that does either."""
    for turn in KEPT[name].turns:
        for line in turn.sent.upper().split(b"\n"):
            behind_tag = line.partition(b" ")[2]
            assert not line.startswith(LOGINS + WRITES)
            assert not behind_tag.startswith((b"LOGIN ", b"AUTHENTICATE"))


# -- answers of somebody else


@pytest.mark.parametrize("name", [name for name in NAMES if name != "echo"])
def test_a_server_that_repeats_everything_is_only_echo(name):
    """Nonces come back from it as well, so a talk must know its own words."""
    module = MODULES[name]
    for transport in transports(module):

        def repeat(command):
            if isinstance(command, Ask):
                return Reply.of(command.send, "" if command.send else "silent")
            return None if isinstance(command, StartTls) else True

        assert Carried(module, peer_of(module, transport), repeat).named is None


def foreign(named, kept):
    """Whether a name is neither the capture's own nor its sibling's.

    What was not named there may be named here; what answers a foreign question in HTTP is HTTP; and what is named by
    nothing but its port says so.
    """
    theirs = kept.outcome[0] if kept.outcome else ""
    if named is None or not theirs or named.name == theirs or named.proof == "port":
        return False
    if named.name == "http" and any(
        bytes(turn.reply).startswith(b"HTTP/") for turn in kept.turns if turn.kind == "ask"
    ):
        return False
    return not any({named.name, theirs} <= pair for pair in SIBLINGS)


LISTENERS = [name for name in NAMES if MODULES[name].PROBE.speaks in ("server", "either")]
GREETINGS = {
    name: kept.turns[0].reply
    for name, kept in KEPT.items()
    if kept.turns and kept.turns[0].kind == "ask" and not kept.turns[0].sent and kept.turns[0].reply
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTENERS)
def test_no_greeting_of_another_protocol_is_claimed(name):
    module = MODULES[name]
    for kept, greeting in GREETINGS.items():
        if kept.partition("-")[0] == name:
            continue
        for port in (peer_of(module).port, KEPT[kept].peer.port):
            carried = Carried(module, peer_of(module, "tcp", port, OTHER_NONCE), replay([greeting]))
            assert not foreign(carried.named, KEPT[kept]), (kept, carried.named)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_answer_of_another_protocol_is_claimed(name):
    """The answers of each capture, in order and out of their place, to a talk with a nonce of its own."""
    module = MODULES[name]
    for kept, transcript in KEPT.items():
        if kept.partition("-")[0] == name or transcript.peer.transport not in transports(module):
            continue
        replies = [turn.reply for turn in transcript.turns]
        for start in range(len(replies)):
            peer = peer_of(module, transcript.peer.transport, 0, OTHER_NONCE)
            carried = Carried(module, peer, replay(replies[start:]))
            assert not foreign(carried.named, transcript), (kept, carried.named)

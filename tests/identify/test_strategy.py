"""What is asked of which server, and in which order: strategies played against servers that are only descriptions."""

from __future__ import annotations

import pytest

from hb_engine.identify.carrier import Outcome, Turn
from hb_engine.identify.kit import Ask, Peer, Probe, Reply
from hb_engine.identify.loading import Library, Module
from hb_engine.identify.question import Question, Settings
from hb_engine.identify.rounds import Later
from hb_engine.identify.strategy import LANES, SOME, Host, Strategy
from hb_engine.identify.versions import VERSIONS
from hb_engine.model.identity import Identity, Tls

TLS13 = Tls("TLSv1.3", "cipher", versions=("TLSv1.3",))


class Server:
    """What a server says: its greeting, its answers by how a question begins, what is inside its TLS."""

    def __init__(self, greeting=b"", answers=None, *, inside=None, refused="", hangs_up=False, alpn="") -> None:
        self.greeting, self.answers = greeting, answers or {}
        self.tls, self.inside = TLS13 if inside else None, inside
        self.refused, self.hangs_up, self.alpn = refused, hangs_up, alpn

    def carry(self, job):
        if self.refused:
            return Outcome(refused=self.refused, connections=1)
        if job.tls and self.tls is None:
            turn = Turn(b"\x16\3", self.says(b"\x16\3"))
            return Outcome(turns=(turn,), plain=bool(turn.reply), received=len(turn.reply), connections=1)
        tls = self.tls if job.tls else None
        if tls and self.alpn in job.offers[0]:
            tls = Tls(tls.version, tls.cipher, self.alpn)
        speaker = self.inside if job.tls else self
        turns, reply = [], None
        try:
            while True:
                ask = job.talk.send(reply)
                assert isinstance(ask, Ask)
                reply = speaker.says(ask.send)
                turns.append(Turn(ask.send, reply, 1))
        except StopIteration as end:
            value = end.value
        received = sum(len(turn.reply) for turn in turns) + (9 if tls else 0)
        identity = value if isinstance(value, Identity) else None
        return Outcome(identity, value, tuple(turns), tls, received=received, connections=1, rtt=0.001)

    def says(self, question):
        if self.hangs_up:
            return Reply.of(b"", "closed")
        if self.greeting:
            return Reply.of(self.greeting, "silent")
        for start, answer in self.answers.items():
            if question and question.startswith(start):
                return Reply.of(answer)
        return Reply.of(b"", "silent")


def asks(word, answer, name, proof="structure"):
    def talk(peer):
        reply = yield Ask(word, until=b"\n")
        return Identity(name, proof=proof) if reply.startswith(answer) else None

    return talk


def module(name, word, answer, hint=None, proof="structure", **more):
    return Module(name, Probe(name, **more), asks(word, answer, name, proof), hint)


HTTP = module("http", b"GET /", b"HTTP/1.1", names=("https",), tcp=(80,), tls=(443,), alpn=("http/1.1",))
SSH = module("ssh", b"", b"SSH-", tcp=(22,), speaks="server", proof="banner")
SMTP = module("smtp", b"", b"220 mail", tcp=(25,), tls=(465,), speaks="server", names=("smtps",))
REDIS = module("redis", b"PING", b"+PONG", lambda reply: reply.startswith(b"-ERR"), tcp=(6379,))
LDAP = module("ldap", b"\x30", b"\x30", tcp=(389,), tls=(636,))
GUESS = module("guess", b"HELLO", b"h", tcp=(7777,), proof="pattern")
RARE = module("rare", b"RARE", b"rare", tcp=(4000,), anywhere=False)
ROUGH = module("jdwp", b"JDWP", b"JDWP", tcp=(5005,), care="asked")
IMAP = module("imap", b"", b"* OK", tcp=(143,), tls=(993,), speaks="server", alpn=("imap",))
MODBUS = module("modbus", b"\0\1", b"\0\1", tcp=(502,), care="asked")
DNS = module("domain", b"dns", b"dns", tcp=(53,), udp=(53,))
SNMP = module("snmp", b"snmp", b"snmp", udp=(161,))
SECRET = Module("wireguard", Probe("wireguard", udp=(51820,), unprovable="it answers no stranger"), asks(b"", b"", "x"))
LIBRARY = Library([GUESS, HTTP, IMAP, LDAP, MODBUS, RARE, REDIS, ROUGH, SMTP, SNMP, SSH, DNS, SECRET])
SETTINGS = Settings(versions=False)


def play(server, port, *expected, transport="tcp", host=None, settings=SETTINGS, library=LIBRARY, spend=0.1, **more):
    """Play a whole visit; the log has the labels of jobs (with "tls " inside TLS), and "later"."""
    question = Question(transport, "192.0.2.1", port, expected=expected, **more)
    count = iter(range(1, 999))
    peer = lambda tls: Peer(transport, "h", port, next(count).to_bytes(16, "big"), tls)  # noqa: E731
    strategy = Strategy(question, library, settings, host or Host(), peer)
    log = []
    for step in strategy.steps():
        if isinstance(step, Later):
            log.append("later")
            continue
        while (job := step.take()) is not None:
            log.append(f"tls {job.label}" if job.tls and job.label not in ("tls", "alpn") else job.label)
            step.tell(job, server.carry(job), spend)
    return strategy.tally, log


WEB = Server(answers={b"GET": b"HTTP/1.1 200 OK\r\n"})
SILENT = Server()


# -- confirm first


@pytest.mark.parametrize(
    ("server", "port", "expected", "log"),
    [
        (WEB, 80, (), ["http"]),
        (WEB, 8080, ("http",), ["http"]),
        (Server(b"SSH-2.0-x\r\n"), 22, (), ["ssh"]),
        (Server(b"220 mail\r\n"), 25, ("smtp",), ["smtp"]),
        (Server(inside=WEB), 443, (), ["tls http"]),
        (Server(inside=WEB), 8443, ("https",), ["tls http"]),
        (Server(inside=Server(b"220 mail\r\n")), 465, (), ["tls smtp"]),
    ],
)
def test_where_the_expected_speaks_one_connection_is_enough(server, port, expected, log):
    tally, asked = play(server, port, *expected)
    assert tally.settled
    assert asked == log


def test_what_is_expected_comes_before_what_is_registered():
    tally, log = play(Server(answers={b"PING": b"+PONG"}), 80, "redis")
    assert log == ["redis"]
    assert tally.settled


# -- and where something else speaks


def test_a_greeting_is_offered_to_all_who_begin_by_listening():
    tally, log = play(Server(b"SSH-2.0-x\r\n"), 12345)
    assert log == ["listen"]
    assert tally.identity() == Identity("ssh", proof="banner")


def test_a_greeting_that_was_heard_by_the_wrong_talk_is_not_listened_for_again():
    tally, log = play(Server(b"220 mail\r\n"), 22)
    assert log == ["ssh"]
    assert tally.identity() == Identity("smtp")


def test_a_web_server_on_another_port():
    assert play(WEB, 12345)[1] == ["listen", "http"]


def test_a_web_server_where_ssh_is_registered():
    """The talk of ssh has listened: that is long enough where nobody is sure of ssh."""
    tally, log = play(WEB, 22)
    assert log == ["ssh", "http"]
    assert tally.settled


@pytest.mark.parametrize(("port", "more"), [(22, {"expected": ("ssh",), "sure": True}), (25, {})])
def test_where_speaking_first_is_punished_there_is_a_long_listen_before(port, more):
    """All others have their turn before that is done."""
    expected = more.pop("expected", ())
    tally, log = play(WEB, port, *expected, **more)
    assert log[1:] == ["later", "listen", "http"]
    assert tally.settled


def test_tls_is_found_after_get():
    tally, log = play(Server(inside=WEB), 12345)
    assert log[:3] == ["listen", "http", "tls"]
    assert log[-1] == "tls http"
    found = tally.identity()
    assert found is not None
    assert found.tls == TLS13


def test_tls_that_shows_in_a_plain_answer_comes_next():
    server = Server(answers={b"GET": b"\x15\3\1\0\2\2\x46"}, inside=WEB)
    assert play(server, 80)[1] == ["http", "tls", "alpn", "tls listen", "tls http"]


ALERT = Reply.of(b"\x15\3\3\0\2\2\x50")
REFUSING = Tls(problem="tlsv1 alert internal error")


class Refuses(Server):
    """A web server whose TLS ends in an alert, as where it needs a name."""

    def carry(self, job):
        if not job.tls:
            return super().carry(job)
        turn = Turn(b"\x16\3", ALERT)
        return Outcome(turns=(turn,), tls=REFUSING, received=len(ALERT), connections=1, rtt=0.001)


def test_who_wants_tls_and_refuses_ours_is_told_so():
    wants = Identity("http", proof="structure", facts=(("wants", "tls"),))

    def talk(peer):
        yield Ask(b"GET /", until=b"\n")
        return wants

    web = Module("http", Probe("http", tcp=(80,), names=("https",)), talk)
    library = Library([web, LDAP, REDIS])
    server = Refuses(answers={b"GET": b"HTTP/1.0 400 Bad Request\r\n"})
    for port, log in ((12345, ["listen", "http", "tls"]), (80, ["http", "tls"])):
        tally, asked = play(server, port, library=library)
        assert asked == log
        found = tally.identity()
        assert found is not None
        assert (found.name, found.tls) == ("http", REFUSING)


def test_who_refuses_our_tls_is_tls():
    tally, log = play(Refuses(), 12345)
    assert log == ["listen", "http", "tls"]
    found = tally.identity()
    assert found is not None
    assert (found.name, found.tls, found.proof) == ("ssl", REFUSING, "structure")
    assert play(Refuses(), 443)[1] == ["tls http", "http"]


def test_plain_where_tls_is_registered():
    tally, log = play(WEB, 443)
    assert log == ["tls http", "listen", "http"]
    found = tally.identity()
    assert found is not None
    assert found.tls is None


def test_what_tls_agrees_on_is_asked_first():
    server = Server(inside=Server(b"* OK hello\r\n"), alpn="imap")
    tally, log = play(server, 12345)
    assert log == ["listen", "http", "tls", "tls imap"]
    assert tally.settled


def test_a_greeting_inside_tls():
    tally, log = play(Server(inside=Server(b"220 mail\r\n")), 12345)
    assert log == ["listen", "http", "tls", "alpn", "tls listen"]
    assert tally.identity() == Identity("smtp", tls=TLS13)


def test_h2_alone_is_http():
    tally, log = play(Server(inside=SILENT, alpn="h2"), 443)
    assert log == ["tls http", "alpn"]
    found = tally.identity()
    assert found is not None
    assert (found.name, found.info) == ("http", "HTTP/2")


def test_a_hint_brings_its_probe_to_the_front():
    server = Server(answers={b"GET": b"-ERR unknown command\r\n", b"PING": b"+PONG\r\n"})
    assert play(server, 12345)[1] == ["listen", "http", "redis"]


def test_a_hint_also_brings_probes_that_are_not_for_anywhere():
    hinting = module("rare", b"RARE", b"rare", lambda reply: reply == b"huh?\n", tcp=(4000,), anywhere=False)
    server = Server(answers={b"GET": b"huh?\n", b"RARE": b"rare"})
    library = Library([*[found for found in LIBRARY.modules if found is not RARE], hinting])
    assert play(server, 12345, library=library)[1] == ["listen", "http", "rare"]


def test_what_was_hinted_and_did_not_follow_is_asked_once_more_alone():
    """A server that serves one client at a time was busy with our other connections."""

    class Busy(Server):
        asked = 0

        def says(self, question):
            self.asked += question.startswith(b"PING")
            return Reply.of(b"-ERR busy\r\n") if question and self.asked < 2 else super().says(question)

    tally, log = play(Busy(answers={b"PING": b"+PONG\r\n"}), 12345)
    assert log[log.index("later") :] == ["later", "redis"]
    assert tally.identity() == Identity("redis")


def test_the_bundle_begins_with_what_the_number_suggests():
    _, log = play(SILENT, 16379)
    assert log[:5] == ["listen", "http", "tls", "redis", "ldap"]


def test_the_stronger_proof_wins_over_the_first_claim():
    """A likeness does not end the asking."""
    server = Server(answers={b"HELLO": b"hi", b"PING": b"+PONG"})
    tally, log = play(server, 7777)
    assert log.index("guess") < log.index("redis")
    assert tally.identity() == Identity("redis")
    tally, _ = play(Server(answers={b"HELLO": b"hi"}), 7777)
    assert tally.identity() == Identity("guess", proof="pattern")


def test_a_silent_port_is_asked_once_more_when_all_others_had_their_turn():
    tally, log = play(SILENT, 12345)
    assert log.count("later") == 1
    late = log[log.index("later") :]
    assert late[:4] == ["later", "listen", "http", "tls"]
    assert "rare" in late
    assert "jdwp" not in log
    assert "modbus" not in log
    assert tally.identity() is None


def test_no_slow_pass_where_none_is_wanted():
    assert "later" not in play(SILENT, 12345, settings=Settings(slow=0, versions=False))[1]


def test_a_late_greeting_is_offered_as_well():
    class Slow(Server):
        listened = 0

        def carry(self, job):
            self.listened += job.label == "listen"
            self.greeting = b"SSH-2.0-x\r\n" if self.listened == 2 else b""
            return super().carry(job)

    tally, _ = play(Slow(), 12345)
    assert tally.identity() == Identity("ssh", proof="banner")


def test_the_purse_is_bounded():
    many = [module(f"m{number:03}", b"m%03d" % number, b"!") for number in range(200)]
    _, log = play(SILENT, 12345, library=Library(many), settings=Settings(slow=0, versions=False), spend=1.0)
    assert len(log) <= 2 + LANES * 3
    _, crowded = play(
        SILENT, 12345, library=Library(many), settings=Settings(slow=0, versions=False), spend=1.0,
        host=Host(unknown=SOME + 8),
    )  # fmt: skip
    assert len(crowded) < len(log)


def test_who_hangs_up_twice_is_left_alone():
    tally, log = play(Server(hangs_up=True), 12345)
    assert log == ["listen", "listen"]
    assert tally.wrapped
    assert play(Server(hangs_up=True), 22)[1] == ["ssh", "listen"]


def test_who_takes_no_connection_is_left_alone():
    tally, log = play(Server(refused="timeout"), 80)
    assert log == ["http", "listen"]
    assert tally.gone


def test_who_stops_to_take_connections_is_left_alone():
    """A listener that never accepts: the kernel opens as many connections as its queue holds."""

    class Full(Server):
        left = 4

        def carry(self, job):
            self.left -= 1
            return super().carry(job) if self.left >= 0 else Outcome(refused="timeout", connections=1)

    host = Host()
    tally, log = play(Full(), 12345, host=host)
    assert len(log) == 6
    assert tally.gone
    assert host.strained


def test_a_host_that_did_not_take_everything_is_asked_one_thing_at_a_time():
    host = Host()
    host.strained = True
    question = Question("tcp", "192.0.2.1", 12345)
    strategy = Strategy(question, LIBRARY, SETTINGS, host, lambda tls: Peer("tcp", "h", 1, bytes(16), tls))
    for step in strategy.steps():
        assert isinstance(step, Later) or step.lanes == 1


def test_the_protocols_of_a_port_are_asked_one_after_the_other():
    """One worker serves one connection: a second beside it would be met by silence."""
    first, second = module("first", b"1", b"!", tcp=(9000,)), module("second", b"2", b"two", tcp=(9000,))
    library = Library([first, HTTP, second])
    assert play(Server(answers={b"2": b"two\n"}), 9000, library=library)[1] == ["first", "second"]
    talked = Server(answers={b"1": b"what?\n", b"2": b"two\n"})
    assert play(talked, 9000, library=library)[1] == ["first", "listen", "http", "tls", "second"]


def test_a_host_that_answers_everywhere_is_not_asked_around():
    _, log = play(SILENT, 12345, host=Host(everything=True))
    assert set(log) == {"listen", "http", "tls", "later"}


def test_a_parrot_is_given_words_of_its_own():
    class Parrot(Server):
        def says(self, question):
            return Reply.of(question) if question else Reply.of(b"", "silent")

    tally, log = play(Parrot(), 12345)
    assert log[-1] == "parrot"
    found = tally.identity()
    assert found is not None
    assert found.name == "echo"


def test_a_server_that_begins_with_our_words_is_believed_once_it_does_not_repeat_others():
    """RTMP servers send the client's own part back, and then theirs."""
    server = Server(answers={b"PING": b"PING+PONG"})
    word = Module("redis", Probe("redis", tcp=(6379,)), asks(b"PING", b"PING+PONG", "redis"))
    assert play(server, 6379, library=Library([HTTP, word, LDAP]))[1] == ["redis", "parrot"]
    tally, log = play(server, 16379, library=Library([HTTP, word, LDAP]))
    assert log == ["listen", "http", "tls", "redis", "parrot"]
    assert tally.identity() == Identity("redis")


# -- care


def test_a_fragile_port_gets_nothing():
    for port in (9100, 502, 2001):
        tally, log = play(WEB, port, "http")
        assert log == []
        assert tally.untouched


def test_a_fragile_port_gets_one_talk_where_somebody_is_sure():
    assert play(WEB, 9100, "http", sure=True)[1] == ["http"]
    assert play(SILENT, 9100, "http", sure=True)[1] == ["http"]
    assert play(SILENT, 502, asked=("modbus",))[1] == ["modbus"]
    assert play(Server(answers={b"GET /": b"GET /HTTP/1.1"}), 9100, "http", sure=True)[1] == ["http"]


def test_rough_probes_are_sent_only_where_they_are_expected():
    assert "jdwp" not in play(SILENT, 5005)[1]
    assert play(Server(answers={b"JDWP": b"JDWP"}), 5005, "jdwp")[0].identity() == Identity("jdwp")
    assert "jdwp" in play(SILENT, 8000, asked=("jdwp",))[1]


def test_unknown_ports_of_printers_are_only_listened_to():
    assert play(SILENT, 12345, host=Host(printer=True))[1] == ["later", "listen"]
    assert play(Server(b"SSH-2.0-x\n"), 12345, host=Host(printer=True))[0].identity() == Identity("ssh", proof="banner")
    assert play(WEB, 80, host=Host(printer=True))[1] == ["http"]
    assert play(SILENT, 80, host=Host(printer=True))[1] == ["http", "listen"]


# -- UDP


def test_udp_asks_what_is_at_home_there():
    tally, log = play(Server(answers={b"snmp": b"snmp"}), 161, transport="udp")
    assert log == ["snmp"]
    assert tally.identity() == Identity("snmp")


def test_udp_where_nothing_is_known():
    tally, log = play(SILENT, 9999, transport="udp")
    assert log == []
    assert "likely to answer" in tally.untouched
    everywhere = Settings(udp_anywhere=True)
    assert play(SILENT, 9999, transport="udp", settings=everywhere)[1] == ["domain", "snmp"]


def test_udp_that_nobody_can_prove():
    tally, log = play(SILENT, 51820, transport="udp")
    assert log == []
    assert tally.unprovable == "it answers no stranger"
    assert not tally.untouched


def test_udp_that_is_fragile():
    tally, log = play(SILENT, 47808, transport="udp")
    assert log == []
    assert tally.untouched


# -- TLS versions, and faults


def test_versions_are_asked_beside():
    wanted = Settings(versions=True)
    _, log = play(Server(inside=WEB), 443, settings=wanted)
    assert log[0] == "tls http"
    assert log[1:] == [*[f"version {name}" for name in VERSIONS if name != "TLSv1.3"], "alpn"]  # that was agreed on
    assert "version SSLv3" not in play(WEB, 80, settings=wanted)[1]


def test_a_probe_that_breaks_costs_no_more_than_itself():
    def breaks(peer):
        reply = yield Ask()
        raise ValueError(reply)

    bad = Module("bad", Probe("bad", tcp=(1,), speaks="server"), breaks)
    tally, _ = play(Server(b"SSH-2.0-x\r\n"), 12345, library=Library([bad, SSH]))
    assert tally.identity() == Identity("ssh", proof="banner")
    assert "bad" in tally.faults

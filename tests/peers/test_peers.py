"""Every peer that misbehaves, met by the whole room: bounded in bytes, connections and time, and told as what it is.

Time is not measured here. That a test ends is the bound in time; bytes and connections are counted on both sides.
"""

from __future__ import annotations

import importlib
import ssl
import subprocess

import pytest
from tests.peers import (
    another_banner_each_time,
    answers_from_elsewhere,
    endless_banner,
    floods,
    generates_characters,
    gzip_bomb,
    half_closes,
    hangs_up,
    long_headers,
    never_accepts,
    not_utf8,
    one_byte_a_second,
    record_soup,
    redirects_elsewhere,
    repeats,
    resets,
    says_nothing,
    serving,
    ten_gigabytes,
    terminal_bomb,
    tls_never_done,
    wants_a_certificate,
)

from hb_engine.identify.kit import LIMIT, Ask, Probe
from hb_engine.identify.loading import Library, Module
from hb_engine.identify.question import Question, Settings
from hb_engine.identify.room import identify
from hb_engine.identify.tally import BUSY
from hb_engine.model.identity import Identity

pytestmark = pytest.mark.slow

QUICK = Settings(wait=0.3, slow=0.4, budget=0.3, talk=1.5)
MOST_CONNECTIONS = 30
BUFFERS = 8 << 20  # bytes that two kernels may hold for us which we never read


def real(*names):
    modules = []
    for name in names:
        found = importlib.import_module(f"hb_engine.identify.probes.{name}")
        modules.append(Module(name, found.PROBE, found.talk, getattr(found, "hint", None)))
    return modules


LIBRARY = Library(real("http", "redis", "ssh"))


def meet(peer, *expected, settings=QUICK, library=LIBRARY, **more):
    """The finding for a peer, and what the peer saw."""
    with serving.tcp(peer) as seen:
        question = Question("tcp", "127.0.0.1", seen.port, expected=expected, **more)
        (finding,) = identify([question], settings, seed=b"peers", clock=lambda: 1700000000.0, library=library)
    assert finding.complete
    assert seen.connections == finding.connections <= MOST_CONNECTIONS
    assert finding.received <= finding.connections * settings.connection_bytes
    assert not any("broke" in note for note in finding.notes), finding.notes
    return finding, seen


def test_says_nothing():
    finding, seen = meet(says_nothing.peer)
    assert finding.silent
    assert not finding.spoke
    assert finding.identity is None
    assert finding.fingerprint == ""
    assert b"GET / HTTP/1.1\r\n" in seen.received


def test_says_nothing_where_ssh_is_expected():
    """A server that should speak first is not spoken to before the long listen is over: it may be slow, not silent."""
    finding, seen = meet(says_nothing.peer, "ssh")
    assert finding.silent
    assert seen.connections >= 2
    assert b"SSH-" not in seen.received


def test_never_accepts():
    """Where two connections were not opened in time, there is no third; and it is not called silent, but busy."""
    slow = Settings(wait=0.3, slow=0.4, budget=3.0, talk=1.5)
    with never_accepts.listening() as port:
        question = Question("tcp", "127.0.0.1", port)
        (finding,) = identify([question], slow, seed=b"peers", clock=lambda: 1700000000.0, library=LIBRARY)
    assert finding.identity is None
    assert not finding.silent
    assert finding.connections <= never_accepts.QUEUE + 1 + 4
    assert BUSY in finding.notes


def test_one_byte_a_second():
    finding, seen = meet(one_byte_a_second.peer)
    assert finding.identity is None
    assert finding.spoke
    assert finding.received < 1000
    assert any("drips" in note for note in finding.notes)
    assert seen.sent < 1000


@pytest.mark.parametrize("expected", [(), ("http",), ("ssh",)])
def test_ten_gigabytes(expected):
    finding, seen = meet(ten_gigabytes.peer, *expected)
    assert finding.identity is None
    assert finding.received <= finding.connections * QUICK.connection_bytes
    assert seen.sent <= finding.received + finding.connections * BUFFERS
    assert "it sends without end; a part was read" in finding.notes


def test_not_utf8():
    finding, _ = meet(not_utf8.peer)
    assert finding.identity is not None
    assert finding.identity.name == "ssh"
    assert finding.identity.evidence.isprintable()


def test_terminal_bomb():
    finding, _ = meet(terminal_bomb.peer, "ssh")
    assert finding.identity is not None
    told = finding.identity.product + finding.identity.version + finding.identity.info + finding.identity.evidence
    assert told.isprintable()


def test_tls_never_done():
    finding, _ = meet(tls_never_done.peer, "https")
    assert finding.identity is not None
    assert finding.identity.name == "ssl"
    assert finding.identity.proof == "pattern"
    assert finding.identity.tls is not None
    assert "silent during the handshake" in finding.identity.tls.problem


def test_gzip_bomb():
    finding, seen = meet(gzip_bomb.peer, "http")
    assert finding.identity is not None
    assert finding.identity.name == "http"
    assert finding.received <= finding.connections * QUICK.connection_bytes
    assert seen.sent <= finding.connections * len(gzip_bomb.ANSWER)


def test_redirects_elsewhere():
    with serving.tcp(says_nothing.peer) as elsewhere:
        finding, _ = meet(redirects_elsewhere.towards(elsewhere.port), "http")
    assert finding.identity is not None
    assert finding.identity.name == "http"
    assert elsewhere.connections == 0 or not elsewhere.received  # the connection that ends the server is no visit
    assert b"GET" not in elsewhere.received


@pytest.mark.parametrize("peer", [hangs_up.peer, resets.peer], ids=["hangs up", "resets"])
@pytest.mark.parametrize("expected", [(), ("http",), ("ssh",), ("https",)])
def test_hangs_up_at_once(peer, expected):
    finding, _ = meet(peer, *expected)
    assert finding.identity is None
    assert finding.wrapped
    assert not finding.spoke
    assert finding.connections <= 6
    assert any("closes them at once" in note for note in finding.notes)


@pytest.mark.parametrize("expected", [(), ("redis",), ("http",)])
def test_repeats(expected):
    """Its answers are what probes sent: they prove nothing, and a line that nobody else would say shows it."""
    claims = Module("claims", Probe("claims", tcp=(1,)), _claims_its_own_words)
    finding, _ = meet(repeats.peer, *expected, library=Library([*LIBRARY.modules, claims]))
    assert finding.identity is not None
    assert (finding.identity.name, finding.identity.proof) == ("echo", "nonce")


def _claims_its_own_words(peer):
    reply = yield Ask(b"HELLO\r\n", until=b"\r\n")
    return Identity("claims") if reply == b"HELLO\r\n" else None


def test_endless_banner():
    finding, _ = meet(endless_banner.peer, "ssh")
    assert finding.identity is None
    assert any("tarpits" in note for note in finding.notes)
    assert finding.received < 4096
    assert finding.fingerprint


def test_generates_characters():
    finding, _ = meet(generates_characters.peer)
    assert finding.identity is None
    assert "it sends without end; a part was read" in finding.notes
    assert finding.received <= finding.connections * (LIMIT + 16384)


def test_half_closes():
    finding, _ = meet(half_closes.peer)
    assert finding.identity is None
    assert finding.spoke
    assert finding.fingerprint.startswith("u1:")


def test_half_closes_is_the_same_unknown_service_tomorrow_and_another_is_not():
    first, second = meet(half_closes.peer)[0], meet(half_closes.peer)[0]
    other = meet(another_banner_each_time.peer)[0]
    assert first.fingerprint == second.fingerprint != other.fingerprint


def test_another_banner_each_time():
    finding, _ = meet(another_banner_each_time.peer)
    assert finding.identity is None
    assert any("differently on each connection" in note for note in finding.notes)


def test_record_soup():
    finding, _ = meet(record_soup.peer, "https")
    assert finding.identity is None or finding.identity.name == "ssl"
    assert finding.spoke


def test_long_headers():
    finding, seen = meet(long_headers.peer, "http")
    assert finding.identity is None or finding.identity.name == "http"
    assert seen.sent <= finding.received + finding.connections * BUFFERS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    paths = str(folder / "cert.pem"), str(folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*command, "-subj", "/CN=peer.invalid", "-days", "30", "-keyout", paths[1], "-out", paths[0]],
        check=True,
        capture_output=True,
    )
    return paths


@pytest.mark.parametrize("newest", [None, ssl.TLSVersion.TLSv1_2], ids=["TLS 1.3", "TLS 1.2"])
def test_wants_a_certificate(certificate, newest):
    finding, _ = meet(wants_a_certificate.with_certificate(certificate, newest), "https")
    assert finding.identity is not None
    assert finding.identity.name == "ssl"
    tls = finding.identity.tls
    assert tls is not None
    assert tls.problem
    assert tls.certificate is not None
    assert "peer.invalid" in tls.certificate.subject
    assert "TLSv1.2" in tls.versions


# -- UDP


def ask(peer, talk, **more):
    """The finding for a peer of datagrams, which a talk of our own is at home on."""
    with serving.udp(peer) as seen:
        module = Module("own", Probe("own", udp=(seen.port,)), talk)
        question = Question("udp", "127.0.0.1", seen.port)
        (finding,) = identify([question], QUICK, seed=b"peers", clock=lambda: 0.0, library=Library([module]), **more)
    return finding, seen


def _any_answer(peer):
    reply = yield Ask(b"who?", wait=0.2)
    return Identity("own", evidence=reply.decode()) if reply else None


def _answer_from_anywhere(peer):
    reply = yield Ask(b"who?", wait=0.2, other_port=True)
    return Identity("own", evidence=reply.decode()) if reply else None


def test_an_answer_from_another_port_is_no_answer():
    finding, seen = ask(answers_from_elsewhere.peer, _any_answer)
    assert finding.identity is None
    assert finding.silent
    assert seen.connections == QUICK.udp_tries  # it was asked again


def test_an_answer_from_another_port_where_the_protocol_says_so():
    finding, _ = ask(answers_from_elsewhere.peer, _answer_from_anywhere)
    assert finding.identity is not None
    assert finding.identity.evidence == "answer to who?"


def _three_questions(peer):
    first = yield Ask(b"question 1", wait=0.3)
    second = yield Ask(b"question 2", wait=0.3)
    replies = first, second, (yield Ask(b"question 3", wait=0.3))
    return Identity("own", evidence=" | ".join(reply.decode() for reply in replies))


def test_floods():
    """Each answer is given once: the thousand that follow are neither the next answer nor waited for without end."""
    finding, _ = ask(floods.peer, _three_questions)
    assert finding.identity is not None
    assert finding.identity.evidence.split(" | ")[0] == "answer 0"
    assert finding.received < 1000 * 10

"""The door of the room: questions in, findings out, over real loopback connections and with the room's real probes."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import ssl
import subprocess

import pytest
from tests.peers import half_closes, hangs_up, says_nothing, serving

from hb_engine.identify.kit import Ask, Probe
from hb_engine.identify.loading import Library, Module
from hb_engine.identify.probes import http, redis, ssh
from hb_engine.identify.question import Finding, Question, Settings
from hb_engine.identify.room import Room, descriptors, identify, identify_here, interleaved
from hb_engine.identify.tally import OWN
from hb_engine.model.identity import Identity

QUICK = Settings(wait=0.5, slow=0.2, budget=0.3, talk=2.0)


def real(module):
    return Module(module.__name__.rpartition(".")[2], module.PROBE, module.talk, getattr(module, "hint", None))


LIBRARY = Library([real(http), real(redis), real(ssh)])


def ask(*questions, settings=QUICK, library=LIBRARY, **more):
    return identify(questions, settings, seed=b"seed", clock=lambda: 1700000000.0, library=library, **more)


def on(seen, *expected, **more):
    return Question("tcp", "127.0.0.1", seen.port, expected=expected, **more)


def ssh_server(connection):
    connection.send(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    connection.drain()


def web_server(connection):
    request = connection.receive()
    page = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
    connection.send(page if request.startswith(b"GET ") else b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def redis_server(connection):
    while data := connection.receive():
        if data.startswith(b"PING"):
            connection.send(b"+PONG\r\n")
        elif data.startswith(b"INFO"):
            connection.send(b"$22\r\nredis_version:7.0.15\r\n\r\n")
        else:
            connection.send(b"-ERR unknown command 'GET'\r\n")


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """Wraps a peer into TLS."""
    folder = tmp_path_factory.mktemp("certificate")
    cert, key = str(folder / "cert.pem"), str(folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*command, "-subj", "/CN=room.invalid", "-days", "30", "-keyout", key, "-out", cert],
        check=True,
        capture_output=True,
    )

    def wrap(peer, alpn=()):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        if alpn:
            context.set_alpn_protocols(list(alpn))

        def wrapped(connection):
            with context.wrap_socket(connection.socket, server_side=True) as inside:
                peer(serving.Connection(inside, connection.seen, connection.number))

        return wrapped

    return wrap


CASES = {
    "ssh, expected": (ssh_server, ("ssh",), "ssh", 1),
    "ssh, anywhere": (ssh_server, (), "ssh", 1),
    "ssh, where a web server should be": (ssh_server, ("http",), "ssh", 2),
    "http, expected": (web_server, ("http",), "http", 1),
    "http, where TLS should be": (web_server, ("https",), "http", 2),
    "redis, expected": (redis_server, ("redis",), "redis", 1),
}


@pytest.mark.parametrize(("peer", "expected", "name", "most"), CASES.values(), ids=CASES)
def test_a_service_is_named_with_few_connections(peer, expected, name, most):
    with serving.tcp(peer) as seen:
        (finding,) = ask(on(seen, *expected))
    assert finding.identity is not None
    assert finding.identity.name == name
    assert finding.identity.version
    assert finding.connections == seen.connections <= most
    assert finding.spoke
    assert finding.complete
    assert finding.notes == ()
    assert finding.received > 0


@pytest.mark.slow
@pytest.mark.parametrize("expected", [(), ("ssh",)])
def test_a_web_server_on_a_wrong_port(expected):
    with serving.tcp(web_server) as seen:
        (finding,) = ask(on(seen, *expected))
    assert finding.identity is not None
    assert (finding.identity.name, finding.identity.version) == ("http", "1.22.1")


@pytest.mark.slow
def test_redis_on_a_wrong_port_is_found_by_what_it_says_to_a_web_client():
    with serving.tcp(redis_server) as seen:
        (finding,) = ask(on(seen))
    assert finding.identity is not None
    assert (finding.identity.name, finding.identity.version) == ("redis", "7.0.15")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("peer", "expected", "name"),
    [(web_server, ("https",), "http"), (web_server, (), "http"), (redis_server, (), "redis"), (ssh_server, (), "ssh")],
)
def test_inside_tls(secure, peer, expected, name):
    with serving.tcp(secure(peer, ["http/1.1"])) as seen:
        (finding,) = ask(on(seen, *expected))
    assert finding.identity is not None
    assert finding.identity.name == name
    tls = finding.identity.tls
    assert tls is not None
    assert tls.version == "TLSv1.3"
    assert tls.versions == ("TLSv1.2", "TLSv1.3")
    assert tls.certificate is not None
    assert "room.invalid" in tls.certificate.subject


@pytest.mark.slow
def test_what_is_inside_tls_and_has_no_name(secure):
    with serving.tcp(secure(half_closes.peer)) as seen:
        first, second = ask(on(seen, "https"), on(seen, "https"))
    assert first.identity is not None
    assert first.identity.name == "ssl"
    assert first.fingerprint == second.fingerprint != ""


def test_many_questions_keep_their_order():
    with serving.tcp(ssh_server) as one, serving.tcp(web_server) as two, serving.tcp(hangs_up.peer) as three:
        questions = [on(three), on(one, "ssh"), on(two, "http"), on(one)]
        news: list[Finding] = []
        findings = ask(*questions, on_finding=news.append)
    assert [finding.question for finding in findings] == questions
    assert [finding.identity.name if finding.identity else "" for finding in findings] == ["", "ssh", "http", "ssh"]
    assert sorted(news, key=repr) == sorted(findings, key=repr)


@pytest.mark.slow
def test_news_of_those_that_are_known_come_before_the_slow_pass():
    with serving.tcp(says_nothing.peer) as silent, serving.tcp(ssh_server) as quick:
        news: list[int] = []
        ask(on(silent), on(quick, "ssh"), on_finding=lambda finding: news.append(finding.question.port))
        assert news == [quick.port, silent.port]


def test_no_byte_where_it_could_do_harm():
    (finding,) = ask(Question("tcp", "127.0.0.1", 9100, expected=("http",)))
    assert finding.untouched
    assert (finding.connections, finding.sent) == (0, 0)
    assert "printed" in finding.notes[0]


def test_nobody_there():
    with serving.tcp(says_nothing.peer) as seen:
        pass
    (finding,) = ask(on(seen, "http"))
    assert finding.identity is None
    assert not finding.silent
    assert finding.notes == ("the port refused the connection when it was to be identified",)


def test_no_questions():
    assert ask() == []


@pytest.mark.slow
def test_ctrl_c_gives_what_is_known():
    """The first news interrupt the asking; the silent port is told as not finished."""
    with serving.tcp(says_nothing.peer) as silent, serving.tcp(ssh_server) as quick:
        found = ask(
            on(silent, "ssh"),
            on(quick, "ssh"),
            settings=Settings(slow=30.0),
            on_finding=lambda _: os.kill(os.getpid(), signal.SIGINT),
        )
    assert [finding.complete for finding in found] == [False, True]
    assert found[1].identity is not None
    assert found[1].identity.name == "ssh"


def test_what_a_listener_of_news_raises_is_its_own():
    def full(finding):
        raise BrokenPipeError

    with serving.tcp(ssh_server) as seen, pytest.raises(BrokenPipeError):
        ask(on(seen, "ssh"), on_finding=full)


def test_in_a_loop_that_runs_already():
    async def scene(port):
        question = Question("tcp", "127.0.0.1", port, expected=("ssh",))
        return await identify_here([question], QUICK, seed=b"s", clock=lambda: 0.0, library=LIBRARY)

    with serving.tcp(ssh_server) as seen:
        (finding,) = asyncio.run(scene(seen.port))
    assert finding.identity is not None


def test_in_a_loop_that_is_cancelled():
    async def scene(port):
        question = Question("tcp", "127.0.0.1", port, expected=("ssh",))
        task = asyncio.create_task(identify_here([question], seed=b"s", clock=lambda: 0.0, library=LIBRARY))
        while not silent.connections:  # noqa: ASYNC110  the other side is a thread
            await asyncio.sleep(0)
        task.cancel()
        await task

    with serving.tcp(says_nothing.peer) as silent, pytest.raises(asyncio.CancelledError):
        asyncio.run(scene(silent.port))


def test_nonces_are_fresh_and_come_from_the_seed():
    def nonces(seed):
        room = Room([], QUICK, seed=seed, clock=lambda: 0.0, library=LIBRARY)
        return [room._nonce() for _ in range(5)]

    assert len(set(nonces(b"a"))) == 5
    assert nonces(b"a") == nonces(b"a") != nonces(b"b")
    assert all(len(nonce) == 16 for nonce in nonces(b"a"))
    assert len(nonces(bytes(1000))[0]) == 16


def test_time_comes_from_outside():
    def talk(peer):
        yield Ask(b"x", wait=0.0)
        return Identity(str(peer.now))

    with serving.tcp(says_nothing.peer) as seen:
        library = Library([Module("clock", Probe("clock", tcp=(seen.port,)), talk)])
        (finding,) = ask(on(seen), library=library)
    assert finding.identity == Identity("1700000000")


def test_a_fault_of_ours_costs_one_port():
    with serving.tcp(ssh_server) as seen:
        room = Room([on(seen, "ssh"), on(seen, "ssh")], QUICK, seed=b"s", clock=lambda: 0.0, library=LIBRARY)
        made = room._strategy

        count = itertools.count()

        def breaks(question):
            strategy = made(question)
            if next(count) == 0:
                strategy.choice = None  # type: ignore[assignment]
            return strategy

        room._strategy = breaks  # type: ignore[method-assign]
        asyncio.run(room.run())
    first, second = room.findings()
    assert first.identity is None
    assert first.notes[0].startswith(f"hb's own {OWN} broke: AttributeError")
    assert second.identity is not None


def test_no_host_waits_for_another():
    questions = [Question("tcp", address, port) for address in ("a", "b", "c") for port in (1, 2)]
    turns = interleaved(questions)
    assert [questions[turn].address for turn in turns] == ["a", "b", "c", "a", "b", "c"]
    assert sorted(turns) == list(range(6))


def test_descriptors_leave_some_to_others():
    assert descriptors() >= 4


@pytest.mark.slow
def test_a_printer_is_only_listened_to_on_ports_of_which_nothing_is_known():
    with serving.tcp(says_nothing.peer) as seen:
        questions = [on(seen), Question("tcp", "127.0.0.1", 515), Question("tcp", "127.0.0.1", 9100)]
        finding, *others = ask(*questions)
    assert finding.silent
    assert seen.received == b""
    assert finding.sent == 0
    assert all(other.untouched for other in others)

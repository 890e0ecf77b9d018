"""Scans from the plan to the answer: logged, watched, interrupted and gone on with, whole or in shards."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys

import pytest
from tests.kit.network import Network
from tests.scan.scanning import V4, V6, pair

from hb_engine.app import folders
from hb_engine.app.scanning import scan_run
from hb_engine.app.scanning.scan import Done, Found, Progress, Request, plan, run
from hb_engine.model.errors import BadInput, CannotLook, DataError
from hb_engine.scan import log, plain, survey
from hb_engine.scan.board import CODES, OPEN
from hb_engine.scan.sweep import Told

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is Linux that is scanned here")


@pytest.fixture
def server():
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one.getsockname()[1]


def request(*targets, **more):
    return Request(targets=targets or ("127.0.0.1",), engine="connect", identify=more.pop("identify", False), **more)


def records():
    return log.last(folders.state(), 10)


# -- one run


def test_a_scan_of_this_machine(server):
    seen = list[Progress | Found | Done]()
    scan = run(plan(request(ports=f"{server},1", words=("hb", "scan", "127.0.0.1"))), seen.append)
    (host,) = scan.hosts
    states = {answer.port: (answer.state, answer.held) for answer in host.answers}
    assert states == {server: ("open", "not-asked"), 1: ("closed", "")}
    assert (scan.complete, scan.asked, scan.stats.engine) == (True, ("hb", "scan", "127.0.0.1"), "connect")
    assert scan.stats.sent >= 1
    assert scan.started_at <= host.started_at <= host.ended_at <= scan.ended_at
    assert [one.answer.port for one in seen if isinstance(one, Found)] == [server]
    assert [one.host for one in seen if isinstance(one, Done)] == [host]
    last = [one for one in seen if isinstance(one, Progress)][-1]
    assert (last.phase, last.done, last.total, last.open) == ("ports", 2, 2, 1)


def test_every_scan_leaves_a_record(server):
    run(plan(request(ports=str(server))))
    started, ended = records()
    assert (started["event"], ended["event"]) == ("start", "end")
    assert started["scan"] == ended["scan"]
    assert (ended["outcome"], ended["hosts"], ended["open"]) == ("complete", 1, 1)
    assert started["tcp"] == str(server)


def test_a_record_that_cannot_be_written_is_a_gap(server, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(folders, "state", lambda: str(tmp_path / "file" / "below"))
    scan = run(plan(request(ports=str(server))))
    assert scan.complete
    assert len(scan.gaps) == 1


# -- engines that are played


class Played:
    """Stands in for an engine: hosts with an odd last byte have port 80 open. `during(n)` runs before the nth sweep."""

    def __init__(self, during=lambda _: None) -> None:
        self.during, self.calls, self.known = during, 0, list[bool]()

    def sweep(self, outcomes, job):
        self.during(self.calls)
        self.calls += 1
        for one in outcomes:
            self.known.append(bool(one.rows))
            odd = one.target.address[3] % 2
            code = OPEN if odd else CODES["conn-refused"]
            stopped = job.stop() and not one.rows
            one.rows["tcp"] = (job.ports, bytes([CODES["not-asked"] if stopped else code]) * len(job.ports))
            one.up = None if stopped else True
        return [Told(len(outcomes), 1, None, answered=len(outcomes))]


@pytest.fixture
def played(monkeypatch):
    made = Played()
    monkeypatch.setattr(plain, "sweep", made.sweep)
    monkeypatch.setattr(survey, "HOSTS", 2)
    return made


EIGHT = "127.0.0.1-127.0.0.8"


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_leaves_what_is_known(played):
    played.during = lambda call: interrupt() if call == 2 else None
    scan = run(plan(request(EIGHT, ports="80")))
    assert not scan.complete
    assert [host.address for host in scan.hosts] == [f"127.0.0.{n}" for n in range(1, 7)]
    assert [host.up for host in scan.hosts] == [True] * 4 + [None] * 2
    assert [gap.what for gap in scan.gaps] == ["2 silent addresses", "2 addresses"] or scan.gaps[
        -1
    ].what == "2 addresses"
    assert records()[-1]["outcome"] == "interrupted"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_scan_goes_on_where_it_was_interrupted(played, tmp_path):
    path = str(tmp_path / "kept")
    whole = run(plan(request(EIGHT, ports="80")))
    played.during, played.calls = (lambda call: interrupt() if call == 1 else None), 0
    first = run(plan(request(EIGHT, ports="80", resume=path)))
    assert not first.complete
    assert os.path.exists(path)
    played.during, played.known = (lambda _: None), []
    second = run(plan(request(EIGHT, ports="80", resume=path)))
    assert second.complete
    assert not os.path.exists(path)
    assert played.known[:2] == [True, True], "what was known was given to the engine"
    assert played.known[4:] == [False] * 4
    assert [host.answers for host in second.hosts] == [host.answers for host in whole.hosts]


def test_a_second_interruption_forgets_nothing_of_the_first_run(played, tmp_path):
    """Hosts that the second run did not come to stay in the file."""
    path = str(tmp_path / "kept")
    played.during = lambda call: interrupt() if call == 3 else None
    run(plan(request(EIGHT, ports="80", resume=path)))
    played.during, played.calls = (lambda call: interrupt() if call == 0 else None), 0
    run(plan(request(EIGHT, ports="80", resume=path)))
    with open(path, encoding="ascii") as file:
        assert len(json.load(file)["hosts"]) == 8


def test_another_scans_file_is_refused_before_anything_is_sent(played, tmp_path):
    path = str(tmp_path / "kept")
    played.during = lambda _: interrupt()
    run(plan(request(EIGHT, ports="80", resume=path)))
    played.calls = 0
    with pytest.raises(BadInput, match="another scan"):
        run(plan(request(EIGHT, ports="81", resume=path)))
    assert played.calls == 0
    assert records()[-1]["outcome"] == "failed"


def test_a_broken_file_is_an_error(played, tmp_path):
    (tmp_path / "kept").write_text("{")
    with pytest.raises(DataError):
        run(plan(request(EIGHT, ports="80", resume=str(tmp_path / "kept"))))


def test_a_file_that_cannot_be_written_is_a_gap(played, tmp_path):
    played.during = lambda _: interrupt()
    scan = run(plan(request(EIGHT, ports="80", resume=str(tmp_path / "missing" / "state"))))
    assert "the file to go on from" in [gap.what for gap in scan.gaps]


def fails_at(call):
    def during(number):
        if number == call:
            raise CannotLook("no range of free source ports was found", "Scan when fewer ports are in use.")

    return during


def test_what_breaks_later_leaves_what_is_known(played):
    played.during = fails_at(2)
    scan = run(plan(request(EIGHT, ports="80")))
    assert not scan.complete
    assert len(scan.hosts) == 4
    assert scan.gaps[0].why == "no range of free source ports was found"
    assert records()[-1]["outcome"] == "interrupted"


def test_what_breaks_at_once_is_an_error(played):
    played.during = fails_at(0)
    with pytest.raises(CannotLook):
        run(plan(request(EIGHT, ports="80")))
    assert records()[-1]["outcome"] == "failed"


def test_a_device_that_went_away_is_a_gap(monkeypatch):
    def sweep(outcomes, job):
        for one in outcomes:
            one.rows["tcp"] = (job.ports, bytes([CODES["not-asked"]]) * len(job.ports))
        return [Told(1, 0, None, stopped=True, broken="the network device went away: Network is down")]

    monkeypatch.setattr(plain, "sweep", sweep)
    scan = run(plan(request(ports="80")))
    assert not scan.complete
    assert "the network device went away: Network is down" in [gap.why for gap in scan.gaps]


def test_a_rate_is_a_ceiling_everywhere(played):
    rates = []
    run_of = scan_run.Run(plan(request(ports="80", rate=50)), lambda _: None)
    limits = run_of._surveyed()._job.limits
    rates = [limits.start, limits.most, limits.blind]
    assert rates == [50, 50, 50]
    gentle = scan_run.Run(plan(request(ports="80", gentle=True)), lambda _: None)._surveyed()._job.limits
    assert gentle.most == 1000


@pytest.mark.parametrize("name", ["hb-nowhere", "999999x"])
def test_a_zone_that_there_is_not(name):
    with pytest.raises(BadInput, match="no interface"):
        scan_run._zone(name)
    assert scan_run._zone("") == 0
    assert scan_run._zone("3") == 3


def test_shards_together_are_the_whole(server):
    words = {}
    for part in (1, 2, 3):
        scan = run(plan(request("127.0.0.1", "127.0.0.2", ports=f"{server},1-8", shard=(part, 3))))
        for host in scan.hosts:
            for answer in host.answers:
                if answer.reason != "not-asked":
                    assert (host.address, answer.port) not in words
                    words[host.address, answer.port] = answer.state
    assert len(words) == 18
    assert words["127.0.0.1", server] == "open"


# -- the whole way


@linux
@pytest.mark.root
@pytest.mark.slow
def test_a_namespace_from_end_to_end():
    """A server that says what it is, at home and on a port where it is not registered; by packets, in both families."""
    with Network() as network:
        pair(network, ())
        for port in (22, 1703):
            network.serve("b", ssh_server, port)
        hosts, gaps, complete = network.run("a", whole)
    assert complete
    assert gaps == ()
    for host in hosts:
        told = {
            answer.port: (answer.state, answer.held, answer.identity and answer.identity.name)
            for answer in host.answers
        }
        assert told[1703] == ("open", "other-service", "ssh")
        assert told[22] == ("open", "confirmed", "ssh")
        assert sum(rest.count for rest in host.rest) + len(host.answers) == 1800
        assert host.up


def ssh_server(ready, ends, port):
    import select

    with socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        ready()
        while ends not in (there := select.select([ends, server], [], [])[0]):
            for one in there:
                peer, _ = one.accept()
                with peer:
                    peer.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")


def whole():
    scan = run(plan(Request(targets=(V4, V6), ports="1-1800", engine="packet")))
    return scan.hosts, scan.gaps, scan.complete


@linux
@pytest.mark.root
@pytest.mark.slow
def test_interrupted_and_gone_on_with_gives_the_same_as_one_run(tmp_path):
    with Network() as network:
        pair(network, (22, 80, 4000))
        one = network.run("a", packets, str(tmp_path / "none"), 0)
        first = network.run("a", packets, str(tmp_path / "kept"), 3)
        second = network.run("a", packets, str(tmp_path / "kept"), 0)
    assert (one[0], first[0], second[0]) == (True, False, True)
    assert second[1] == one[1]
    assert first[1] != one[1]


def packets(path, after):
    """Whether it came to its end, and what was said of each port; with Ctrl-C at the nth word of progress."""
    seen = []

    def watch(one):
        seen.append(one)
        if isinstance(one, Progress) and sum(isinstance(each, Progress) for each in seen) == after:
            interrupt()

    asked = Request(targets=(V4,), ports="1-6000", engine="packet", identify=False, resume=path, rate=20_000)
    scan = run(plan(asked), watch)
    (host,) = scan.hosts
    return scan.complete, {one.port: one.state for one in host.answers}, [(one.state, one.ports) for one in host.rest]

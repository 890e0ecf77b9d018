"""Plans of scans: what may be asked, with what, and what is said before anything is sent; and others' results read."""

from __future__ import annotations

import json

import pytest

from hb_engine.app.scanning import scan, scope
from hb_engine.app.scanning.scan import Request, plan
from hb_engine.model.errors import BadInput, CannotLook, DataError
from hb_engine.scan import survey


def request(*targets, **more):
    return Request(targets=targets or ("127.0.0.1",), engine=more.pop("engine", "connect"), **more)


def test_a_small_plan_needs_nobodys_consent():
    made = plan(request(ports="22,80", udp="53"))
    assert (made.ports.tcp, made.ports.udp, made.engine) == ((80, 22), (53,), "connect")
    assert not made.needs_consent
    assert made.sentences[0] == made.plan.story
    assert made.gaps == ()


def test_a_thousand_ports_if_none_are_named():
    made = plan(request())
    assert (len(made.ports.tcp), made.ports.udp) == (1000, ())
    assert plan(request(udp="53")).ports.tcp == (), "who names UDP ports wants those"


def test_ports_are_asked_once_and_by_name():
    assert sorted(plan(request(ports="22,ssh,20-23")).ports.tcp) == [20, 21, 22, 23]


@pytest.mark.parametrize("text", ["8.8.8.8", "192.0.2.1", "224.0.0.1", "255.255.255.255", "2001:db8::1", "0.0.0.0"])
def test_what_may_not_be_asked_is_an_error_with_its_reason(text):
    """Only where a person may allow it, something is to be done."""
    with pytest.raises(BadInput, match="may not be asked: ") as caught:
        plan(request(text))
    assert bool(caught.value.remedy) == (text == "8.8.8.8")


def test_a_refused_part_is_a_gap():
    made = plan(request("127.0.0.1", "8.8.8.8", "9.9.9.0/24", ports="7"))
    assert made.allowed.addresses.count == 1
    assert [gap.why.startswith("not asked") for gap in made.gaps] == [True, True]


def test_many_refusals_are_counted():
    made = plan(request("127.0.0.1", *[f"8.8.{number}.8" for number in range(9)], ports="7"))
    assert len(made.gaps) == scan.SHOWN + 1
    assert made.gaps[-1].what == "4 more ranges"


def test_a_persons_scope_opens_others_and_exclusions_win():
    scope.add(["9.9.9.9/32"], why="ours")
    assert plan(request("9.9.9.9", ports="7")).allowed.addresses.count == 1
    scope.exclude(["127.0.0.7/32"])
    with pytest.raises(BadInput, match="may not be asked"):
        plan(request("127.0.0.7", ports="7"))


def test_nothing_is_left():
    with pytest.raises(BadInput):
        plan(request("127.0.0.1", ports="7", exclude=("127.0.0.0/8",)))


def test_a_large_plan_asks_first():
    made = plan(request("10.0.0.0/8", ports="1-1000"))
    assert made.needs_consent
    assert len(made.sentences) > 1
    assert not plan(request("10.0.0.0/8", ports="1-1000", yes=True)).needs_consent


def test_without_the_right_packets_become_connections_and_a_gap(monkeypatch):
    def refused():
        raise CannotLook("no packet socket: Operation not permitted", "Run hb as root.")

    monkeypatch.setattr(survey, "_try_packets", refused)
    made = plan(request(ports="7", engine="auto"))
    assert made.engine == "connect"
    assert made.gaps[0].remedy == "Run hb as root."
    with pytest.raises(CannotLook):
        plan(request(ports="7", engine="packet"))


@pytest.mark.parametrize("ports", ["0-70000", "22-20", "no-such-name", "1-2-3"])
def test_ports_that_are_none(ports):
    with pytest.raises(BadInput):
        plan(request(ports=ports))


# -- results of others


def test_masscans_results_are_held_against_the_registry(tmp_path):
    path = tmp_path / "masscan.json"
    row = {"ip": "10.0.0.1", "timestamp": "1700000000",
           "ports": [{"port": 22, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 64}]}  # fmt: skip
    path.write_text(json.dumps([row]))
    (host,) = scan.read(str(path)).hosts
    (answer,) = host.answers
    assert (host.address, answer.port, answer.state, answer.held) == ("10.0.0.1", 22, "open", "not-asked")
    assert answer.registered[0].name == "ssh"


def test_files_that_are_none(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        scan.read(str(tmp_path / "missing"))
    (tmp_path / "words").write_text("words")
    with pytest.raises((BadInput, DataError)):
        scan.read(str(tmp_path / "words"))


def test_what_hb_wrote_itself_is_told_with_what_is_registered(tmp_path):
    """nmap's XML has no place for a registration, nor for what a port was held to."""
    from hb_engine.faces.export import nmap_xml
    from hb_engine.model.answer import Answer, Scan, ScannedHost, ScanStats
    from hb_engine.model.identity import Identity

    answers = (
        Answer("tcp", 22, "open", "syn-ack", held="not-asked"),
        Answer("tcp", 443, "open", "syn-ack", identity=Identity("ssh", "OpenSSH", "9.2p1")),
    )
    seen = Scan((ScannedHost("10.0.0.1", up=True, reason="answered", answers=answers),), ScanStats(), 1.0, 2.0)
    path = tmp_path / "scan.xml"
    path.write_text(nmap_xml.scan(seen))
    first, second = scan.read(str(path)).hosts[0].answers
    assert (first.registered[0].name, first.held) == ("ssh", "not-asked")
    assert (second.registered[0].name, second.held) == ("https", "other-service")
    assert second.mismatch

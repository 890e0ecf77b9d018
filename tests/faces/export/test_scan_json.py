"""The document of a scan keeps the contract, and its lines can be told from every other tool's."""

from __future__ import annotations

import json

import pytest
from tests.faces import kit, scans

from hb_engine.faces.export import scan_json
from hb_engine.model.record import replace

HOST = ["address", "names", "up", "ports", "rest", "summary", "notes"]
PORT = ["transport", "port", "state", "reason", "registered", "mismatch", "held", "service", "fingerprint", "notes"]
SERVICE = ["name", "product", "version", "info", "tls", "cpe", "confidence", "proof", "evidence"]
FOREIGN = {"ip", "addr", "host", "name", "domain", "input", "resolver", "matched", "tls_connection", "_shodan"}


def read(text):
    assert text.isascii()
    assert text.count("\n") == 1
    return json.loads(text)


def lines(seen):
    written: list[str] = []
    out = scan_json.Lines(written.append)
    out.start(seen.asked, seen.started_at)
    out.end(seen)
    return [read(text) for text in written]


def test_the_document():
    told = read(scan_json.scan(scans.ONE))
    assert list(told)[:6] == ["schema", "kind", "hosts", "stats", "gaps", "complete"]
    assert (told["schema"], told["kind"], told["complete"], told["compared"]) == ("hb/1", "scan", True, None)
    assert told["stats"]["seconds"] == 2.418
    assert (told["started_at"], told["asked"][:2]) == ("2026-11-22T14:05:08Z", ["hb", "scan"])
    host = told["hosts"][0]
    assert list(host)[: len(HOST)] == HOST
    assert all(list(port)[: len(PORT)] == PORT for port in host["ports"])
    assert host["summary"] == {"open": 8, "closed": 65_528, "filtered": 1, "open|filtered": 1, "closed|filtered": 46}


def test_a_port_and_its_service():
    port = next(port for port in read(scan_json.scan(scans.ONE))["hosts"][0]["ports"] if port["port"] == 8443)
    service = port["service"]
    assert list(service)[: len(SERVICE)] == SERVICE
    assert (service["confidence"], service["proof"], port["held"], port["rtt"]) == (
        10,
        "nonce",
        "tls-unexpected",
        0.0005,
    )
    assert service["tls"]["certificate"]["not_after"] == "2026-11-19T14:05:11Z"
    assert service["facts"] == [{"name": "title", "text": "Welcome"}]


def test_what_is_not_known_is_null_and_never_left_out():
    host = replace(scans.HOST, up=None, rtt=None, started_at=0.0, answers=(scans.ODD,))
    told = read(scan_json.scan(replace(scans.ONE, hosts=(host,))))["hosts"][0]
    assert (told["up"], told["rtt"], told["started_at"], told["ports"][0]["service"]) == (None, None, None, None)


def test_what_was_not_asked_is_in_no_summary():
    rest = (replace(scans.HOST.rest[0], reason="not-asked"),)
    assert scan_json.summary(replace(scans.HOST, answers=(), rest=rest)) == {"open": 0, "closed": 0, "filtered": 0}


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, "null"), (0.0, "0"), (2.5, "2.5"), (1e-6, "0.000001"), (1e-9, "0"), (100.0, "100"), (float("nan"), "null"),
     (float("inf"), "null"), (-float("inf"), "null")],
)  # fmt: skip
def test_numbers_with_a_fraction(amount, text):
    assert scan_json.decimal(amount) == text


@pytest.mark.parametrize("seconds", [0, -1, 1e18, float("nan"), float("inf")])
def test_times_that_are_none(seconds):
    assert scan_json.moment(seconds) == "null"


def test_both_sides():
    told = read(scan_json.scan(scans.ONE, scans.BOTH))
    assert [each["word"] for each in told["compared"]] == ["agreed", "filtered", "no-listener"]


def test_a_hostile_network_is_a_valid_document():
    assert len(read(scan_json.scan(scans.hostile()))["hosts"]) == len(kit.HOSTILE)
    assert len(lines(scans.hostile())) > len(kit.HOSTILE)


def test_lines_have_a_beginning_ports_hosts_and_an_end():
    told = lines(scans.MANY)
    kinds = [each["kind"] for each in told]
    assert (kinds[0], kinds[-1]) == ("scan-start", "scan-end")
    assert kinds.count("scan-host") == len(scans.MANY.hosts)
    assert kinds.count("scan-port") == sum(len(host.answers) for host in scans.MANY.hosts)
    assert "ports" not in next(each for each in told if each["kind"] == "scan-host")


def test_no_line_looks_like_another_tool_s():
    for each in lines(scans.MANY):
        assert list(each)[:2] == ["schema", "kind"]
        assert not FOREIGN & set(each)


def test_a_line_is_written_once_and_again_when_more_is_known():
    written: list[str] = []
    out = scan_json.Lines(written.append)
    bare = replace(scans.SSH, identity=None)
    for answer in (bare, bare, scans.SSH):
        out.found("10.0.0.5", answer)
    out.done(replace(scans.HOST, answers=(scans.SSH,)))
    out.done(replace(scans.HOST, answers=(scans.SSH,)))
    out.end(replace(scans.ONE, hosts=(replace(scans.HOST, answers=(scans.SSH,)),)))
    assert [read(text)["kind"] for text in written] == ["scan-port", "scan-port", "scan-host", "scan-end"]

"""masscan's JSON, as masscan 1.3.2 wrote it in a namespace, and with the oddities of other versions."""

from __future__ import annotations

import json
import os

import pytest

from hb_engine.model.errors import DataError
from hb_engine.scan.readers.masscan_json import claims, read

DATA = os.path.join(os.path.dirname(__file__), "data")


def sample(name):
    with open(os.path.join(DATA, name), "rb") as file:
        return file.read()


def record(**more):
    port = {"port": 22, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 64, **more}
    return {"ip": "10.0.0.1", "timestamp": "100", "ports": [port]}


def told(*records):
    return read(("[\n" + "\n,\n".join([json.dumps(each) for each in records]) + "\n]").encode())


def test_the_array_of_records_and_banners():
    scan = read(sample("masscan.json"))
    (only,) = scan.hosts
    assert [(answer.port, answer.state, answer.reason, answer.ttl) for answer in only.answers] == [
        (port, "open", "syn-ack", 64) for port in (22, 80, 443, 4117)
    ]
    names = [answer.identity.name if answer.identity else answer.held for answer in only.answers]
    assert names == ["ssh", "http", "ssh", "not-asked"]
    assert (only.up, only.started_at, only.ended_at) == (True, 1795631857.0, 1795631862.0)
    assert (scan.complete, scan.gaps, scan.stats.seconds) == (True, (), 5.0)


def test_the_lines():
    (only,) = read(sample("masscan.ndjson")).hosts
    assert [(answer.port, bool(answer.identity)) for answer in only.answers] == [(22, True), (80, False)]


@pytest.mark.parametrize("cut", [300, 500, 900])
def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(cut):
    scan = read(sample("masscan.json")[:cut])
    assert not scan.complete
    assert "breaks off" in scan.gaps[0].why
    assert scan.hosts[0].answers[0].port == 22


def test_old_versions_end_with_a_comma_and_a_word():
    assert read(b"[\n" + json.dumps(record()).encode() + b",\n{finished: 1}\n]\n").complete


def test_a_banner_alone_says_that_the_port_is_open():
    (only,) = told(
        {
            "ip": "10.0.0.1",
            "timestamp": "1",
            "ports": [{"port": 53, "proto": "udp", "service": {"name": "dns-ver", "banner": "9.18"}}],
        }
    ).hosts
    (answer,) = only.answers
    assert (answer.state, answer.reason, answer.identity.name) == ("open", "udp-response", "domain")


def test_a_status_after_its_banner_takes_nothing_away():
    banner = {
        "ip": "10.0.0.1",
        "timestamp": "1",
        "ports": [{"port": 22, "proto": "tcp", "service": {"name": "ssh", "banner": "SSH-2.0-x"}}],
    }
    assert told(banner, record()).hosts[0].answers[0].identity.name == "ssh"


def test_closed_ports_are_kept_and_other_protocols_name_the_host_only():
    (only,) = told(record(), record(port=23, status="closed", reason="rst-ack"), record(proto="icmp", port=0)).hosts
    assert [(answer.port, answer.state) for answer in only.answers] == [(22, "open"), (23, "closed")]


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ({"ip": "10.0.0.1", "ports": 3}, "line 4: ports is not an array"),
        ({"ip": "10.0.0.1", "ports": [3]}, "line 4: ports is not an array"),
        ({"ip": "odd", "ports": []}, "line 4: is not an address"),
        (record(port=70000), "line 4: is not a number"),
        (record(status="ajar"), "line 4: is not a state"),
        (record(service="x"), "line 4: service is not an object"),
        (
            {"ip": "10.0.0.1", "rec_type": "status", "port": 1, "proto": "tcp", "data": 1},
            "line 4: data is not an object",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(broken, what):
    with pytest.raises(DataError, match=what):
        told(record(), broken)


def test_a_file_without_a_host_is_told_as_such():
    with pytest.raises(DataError, match="holds no host"):
        read(b"[\n]")


def test_claims():
    assert claims(b'[\n{   "ip": "10.0.0.1", "ports": []}')
    assert claims(b'{"ip":"10.0.0.1","rec_type":"status"}')
    assert not claims(b'{"ip":"10.0.0.1","port":80}')

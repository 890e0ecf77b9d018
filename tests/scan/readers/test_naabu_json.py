"""naabu's lines. They are written by hand after the fields of its result structure, and were not captured."""

from __future__ import annotations

import json

import pytest

from hb_engine.model.errors import DataError
from hb_engine.scan.readers.naabu_json import claims, read

PLAIN = {"ip": "10.0.0.1", "port": 22, "protocol": "tcp", "tls": False, "timestamp": "2026-11-22T14:05:11.123456789Z"}
NAMED = {
    **PLAIN,
    "host": "web-17.example",
    "port": 8443,
    "tls": True,
    "name": "http",
    "product": "nginx",
    "version": "1.22.1",
    "extra_info": "Debian",
    "os_type": "Linux",
    "device_type": "",
    "confidence": 10,
    "cpes": ["cpe:/a:f5:nginx:1.22.1"],
    "mac_address": "02:00:00:00:00:05",
}


def told(*records):
    return read("".join([json.dumps(each) + "\n" for each in records]).encode())


def test_lines_of_one_address_become_one_host():
    scan = told(PLAIN, NAMED)
    (only,) = scan.hosts
    assert (only.address, only.names, only.mac, only.up) == ("10.0.0.1", ("web-17.example",), "02:00:00:00:00:05", True)
    assert [(answer.port, answer.state, answer.reason) for answer in only.answers] == [
        (22, "open", "syn-ack"),
        (8443, "open", "syn-ack"),
    ]
    assert only.started_at == pytest.approx(1795356311.123, abs=0.01)
    assert (scan.scanner, scan.complete) == ("naabu", True)


def test_a_service_is_named_by_a_pattern_and_tls_alone_names_none():
    found = [answer.identity for answer in told(PLAIN, {**PLAIN, "port": 443, "tls": True}, NAMED).hosts[0].answers]
    assert found[0] is None
    assert found[1] is None
    named = found[2]
    assert (named.name, named.product, named.version, named.info, named.system) == (
        "http",
        "nginx",
        "1.22.1",
        "Debian",
        "Linux",
    )
    assert (named.proof, named.cpe, named.tls is not None) == ("pattern", ("cpe:/a:f5:nginx:1.22.1",), True)


def test_the_name_is_left_out_where_it_is_the_address():
    assert told({**PLAIN, "host": "10.0.0.1"}).hosts[0].names == ()


def test_older_lines_have_the_port_as_an_object_and_no_protocol():
    (only,) = told({"ip": "10.0.0.1", "port": {"Port": 80, "Protocol": 0, "TLS": False}}).hosts
    assert (only.answers[0].transport, only.answers[0].port, only.answers[0].held) == ("tcp", 80, "not-asked")


def test_udp():
    assert told({**PLAIN, "protocol": "udp"}).hosts[0].answers[0].reason == "udp-response"


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes():
    data = (json.dumps(PLAIN) + "\n" + json.dumps(NAMED)).encode()[:-10]
    scan = read(data)
    assert not scan.complete
    assert scan.gaps[0].why == "the file breaks off in line 2"
    assert len(scan.hosts[0].answers) == 1


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ({**PLAIN, "ip": 3}, "line 2: is not a text"),
        ({**PLAIN, "port": "x"}, "line 2: is not a number"),
        ({**PLAIN, "protocol": "carrier pigeon"}, "line 2: is not a transport"),
        ({**PLAIN, "timestamp": "yesterday"}, "line 2: is not a time"),
        ({**NAMED, "cpes": "x"}, "line 2: cpes is not an array"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(broken, what):
    with pytest.raises(DataError, match=what):
        told(PLAIN, broken)


def test_claims():
    assert claims(json.dumps(PLAIN).encode())
    assert not claims(b'{"ip":"10.0.0.1","rec_type":"status","port":1}')
    assert not claims(b'{"schema": "hb/1"}')

"""What hb wrote it reads back as it was, document or lines; what is wrong in it is told with its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces import scans

from hb_engine.faces.export import scan_json
from hb_engine.model.answer import HELD, REASONS, STATES, Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.errors import DataError
from hb_engine.model.identity import PROOFS, Certificate, Identity, Tls
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Registered
from hb_engine.model.record import replace
from hb_engine.scan.readers.hb_json import claims, read


def document(seen):
    return scan_json.scan(seen).encode()


def lines(seen):
    written: list[str] = []
    out = scan_json.Lines(written.append)
    out.start(seen.asked, seen.started_at, seen.scanner)
    out.end(seen)
    return "".join(written).encode()


ALL = {"one": scans.ONE, "many": scans.MANY, "empty": scans.EMPTY, "cut": scans.CUT}


def sorted_answers(seen):
    order = [
        replace(host, answers=tuple(sorted(host.answers, key=lambda a: (a.port, a.transport)))) for host in seen.hosts
    ]
    return replace(seen, hosts=tuple(order))


@pytest.mark.parametrize("seen", ALL.values(), ids=ALL)
@pytest.mark.parametrize("write", [document, lines])
def test_what_was_written_is_read_as_it_was(seen, write):
    assert read(write(seen)) == sorted_answers(seen)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
MOMENTS = st.integers(1, 4_000_000_000).map(float)
CERTIFICATES = st.builds(
    Certificate,
    WORDS,
    WORDS,
    st.tuples(WORDS),
    st.integers(1, 2**32),
    st.integers(1, 2**32),
    WORDS,
    WORDS,
    WORDS,
    WORDS,
    st.booleans(),
)
TLS = st.builds(Tls, WORDS, WORDS, WORDS, WORDS, st.tuples(WORDS), st.none() | CERTIFICATES, WORDS)
IDENTITIES = st.builds(
    Identity,
    *[WORDS] * 7,
    st.tuples(WORDS),
    st.sampled_from(PROOFS),
    WORDS,
    st.booleans(),
    st.sampled_from(("", "offered", "required", "absent")),
    st.none() | TLS,
    st.tuples(st.tuples(WORDS, WORDS)),
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from(("tcp", "udp")),
    st.integers(0, 65535),
    st.sampled_from(STATES),
    st.sampled_from(REASONS),
    st.none() | st.integers(0, 255),
    st.none() | st.integers(0, 10**7).map(lambda micro: micro / 1e6),
    st.tuples(st.builds(Registered, WORDS, WORDS, WORDS)),
    st.none() | IDENTITIES,
    st.sampled_from(("", *HELD)),
    WORDS,
    WORDS,
    st.tuples(WORDS),
)
RESTS = st.builds(
    Rest, st.just("tcp"), st.sampled_from(STATES), st.sampled_from(REASONS), st.integers(0, 65536), st.just("1-21,23")
)
HOSTS = st.builds(
    ScannedHost,
    st.ip_addresses().map(str),
    st.lists(WORDS, unique=True, max_size=2).map(tuple),
    st.booleans(),
    st.just("syn-ack"),
    st.lists(ANSWERS, max_size=3, unique_by=lambda a: (a.transport, a.port)).map(tuple),
    st.tuples(RESTS),
    WORDS,
    st.none(),
    st.tuples(WORDS),
    MOMENTS,
    MOMENTS,
)
STATS = st.builds(
    ScanStats,
    WORDS,
    *[st.integers(0, 2**50)] * 4,
    st.integers(0, 10**9).map(lambda m: m / 1e6),
    st.none() | st.sampled_from((0.0, 0.021, 1.0)),
)
SCANS = st.builds(
    Scan,
    st.lists(HOSTS, max_size=2, unique_by=lambda host: host.address).map(tuple),
    STATS,
    MOMENTS,
    MOMENTS,
    st.tuples(WORDS),
    st.tuples(st.builds(Gap, WORDS, WORDS, WORDS)),
    st.booleans(),
    st.just("hb"),
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(SCANS)
def test_whatever_was_written_is_read_as_it_was(seen):
    assert read(document(seen)) == sorted_answers(seen)
    assert read(lines(seen)) == sorted_answers(seen)


@pytest.mark.parametrize("cut", [2, 100, 2000])
def test_lines_that_break_off_are_read_as_far_as_they_go(cut):
    scan = read(lines(scans.ONE)[:-cut])
    assert not scan.complete
    assert "breaks off" in scan.gaps[0].why
    assert scan.hosts[0].address == "10.0.0.5"
    assert scan.asked == scans.ASKED


def test_lines_of_a_scan_that_was_stopped_have_no_end():
    whole = lines(scans.ONE).splitlines(keepends=True)
    scan = read(b"".join(whole[:-1]))
    assert (scan.complete, len(scan.hosts[0].answers)) == (False, 10)


def test_of_two_lines_for_a_port_the_later_counts():
    written: list[str] = []
    out = scan_json.Lines(written.append)
    out.found("10.0.0.5", replace(scans.SSH, identity=None, held="not-asked"))
    out.found("10.0.0.5", scans.SSH)
    assert read("".join(written).encode()).hosts[0].answers == (scans.SSH,)


def test_a_document_that_breaks_off_is_an_error():
    with pytest.raises(DataError, match="line 1: this is not JSON, or breaks off"):
        read(document(scans.ONE)[:-10])


def test_fields_of_a_later_version_are_passed_over():
    told = json.loads(document(scans.ONE))
    told["hosts"][0]["ports"][0]["colour"] = "green"
    assert read(json.dumps(told).encode()) == sorted_answers(scans.ONE)


def put(told, path, value):
    *way, last = path
    for step in way:
        told = told[step]
    told[last] = value


WRONG = {
    ("hosts",): "hosts: is not an array",
    ("hosts", 0): r"hosts\[0\]: is not an object",
    ("hosts", 0, "address"): r"hosts\[0\]\.address: is not",
    ("hosts", 0, "up"): r"hosts\[0\]\.up: is not true, false or null",
    ("hosts", 0, "names"): r"hosts\[0\]\.names: is not an array",
    ("hosts", 0, "rest", 0, "state"): r"hosts\[0\]\.rest\[0\]\.state: is not",
    ("hosts", 0, "ports", 1, "port"): r"hosts\[0\]\.ports\[1\]\.port: is not a number from 0 to 65535",
    ("hosts", 0, "ports", 1, "held"): r"hosts\[0\]\.ports\[1\]\.held: is",
    ("hosts", 0, "ports", 0, "service"): r"service: is not an object",
    ("hosts", 0, "ports", 0, "service", "proof"): r"ports\[0\]\.service\.proof: is not",
    ("hosts", 0, "ports", 0, "service", "tls"): r"service\.tls: is not an object",
    ("hosts", 0, "ports", 0, "rtt"): r"rtt: is not a time",
    ("stats",): "stats: is not an object",
    ("stats", "sent"): r"stats\.sent: is not a number",
    ("gaps",): "gaps: is not an array",
    ("complete",): "complete: is not true or false",
    ("started_at",): "started_at: is not",
}


@pytest.mark.parametrize(("path", "what"), WRONG.items(), ids=[".".join(map(str, path)) for path in WRONG])
def test_what_is_wrong_is_told_with_its_place(path, what):
    told = json.loads(document(scans.ONE))
    put(told, path, -5.5)
    with pytest.raises(DataError, match=what):
        read(json.dumps(told).encode())


def test_another_document_of_hb_is_no_scan():
    with pytest.raises(DataError, match="not of a scan"):
        read(b'{"schema": "hb/1", "kind": "inventory"}')


def test_a_wrong_line_is_told_by_its_number():
    with pytest.raises(DataError, match=r"line 3: port\.port: is not a number"):
        read(lines(scans.ONE).replace(b'"port": 25,', b'"port": 70000,', 1))


def test_claims():
    assert claims(b'{"schema": "hb/1", "kind": "scan"')
    assert not claims(b'{"ip": "10.0.0.1"}')

"""A file's format is told by its content; what no reader knows is said, with what they know."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.scan import reading

DATA = os.path.join(os.path.dirname(__file__), "readers", "data")
FILES = {
    "nmap-services.xml": "nmap",
    "nmap-ipv6.xml": "nmap",
    "nmap-network.xml": "nmap",
    "nmap-udp.xml": "nmap",
    "nmap-filtered-scripts.xml": "nmap",
    "nmap-interrupted.xml": "nmap",
    "masscan.json": "masscan",
    "masscan.ndjson": "masscan",
    "masscan.xml": "masscan",
}


def sample(name):
    with open(os.path.join(DATA, name), "rb") as file:
        return file.read()


@pytest.mark.parametrize(("name", "scanner"), FILES.items())
def test_each_file_goes_to_its_reader(name, scanner):
    assert reading.read(sample(name)).scanner == scanner


def test_every_sample_is_read():
    assert set(os.listdir(DATA)) == set(FILES)


def test_every_reader_declares_itself_and_claims_nothing_that_is_another_s():
    known = reading.readers()
    assert [reader.FORMAT.name for reader in known] == ["hb", "masscan", "naabu", "nmap"]
    heads = [*[sample(name)[: reading.HEAD] for name in FILES], b'{"schema": "hb/1", "kind": "scan"}',
             b'{"ip":"10.0.0.1","port":80,"protocol":"tcp"}']  # fmt: skip
    for head in heads:
        assert len([reader for reader in known if reader.claims(head)]) == 1, head[:80]


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told_as_such(data):
    with pytest.raises(DataError, match="empty"):
        reading.read(data)


@pytest.mark.parametrize("data", [b"Starting Nmap 7.93", b"<html></html>", b"{}", b"[]", b"PK\x03\x04", b'{"ip": 1}'])
def test_what_no_reader_claims_is_told_with_what_they_read(data):
    with pytest.raises(DataError) as told:
        reading.read(data)
    assert "in no format" in told.value.message
    assert "nmap's XML" in told.value.remedy


def test_a_file_has_a_largest_size(monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 10)
    with pytest.raises(DataError, match="more than 10"):
        reading.read(b"x" * 11)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_a_file_raises_anything_but_a_data_error(data):
    whole = sample(data.draw(st.sampled_from(sorted(FILES))))
    start = data.draw(st.integers(0, len(whole)))
    size = data.draw(st.integers(0, 40))
    patch = data.draw(st.binary(max_size=20))
    end = data.draw(st.sampled_from([len(whole), start + size + 200]))
    try:
        reading.read(whole[:start] + patch + whole[start + size : end])
    except DataError as error:
        assert error.message  # noqa: PT017 - either way is right


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<?xml?><nmaprun", b'{"ip"', b'{"schema": "hb/1", "kind": "scan', b'[{"ip": 1, "ports":']),
)
def test_no_bytes_raise_anything_but_a_data_error(data, head):
    try:
        reading.read(head + data)
    except DataError as error:
        assert error.message  # noqa: PT017 - either way is right

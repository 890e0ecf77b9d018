"""Values of other programs' files are checked and bounded, and hosts are put together from what is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.answer import Answer, Rest, ScannedHost
from hb_engine.model.errors import DataError
from hb_engine.scan import fields

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
CHECKS = {
    "text": lambda item: fields.text(item, "x"),
    "whole": lambda item: fields.whole(item, "x", 0, 65535),
    "seconds": lambda item: fields.seconds(item, "x"),
    "moment": lambda item: fields.moment(item, "x"),
    "address": lambda item: fields.address(item, "x"),
    "word": lambda item: fields.word(item, "x"),
    "state": lambda item: fields.state(item, "x"),
    "transport": lambda item: fields.transport(item, "x"),
    "ranges": lambda item: fields.ranges(item, "x"),
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@given(item=ANYTHING)
def test_no_value_raises_anything_but_a_data_error(check, item):
    try:
        check(item)
    except DataError as error:
        assert error.message.startswith("x: ")  # noqa: PT017 - either way is right


def test_texts_are_cut_and_nothing_is_empty():
    assert fields.text("a" * 10_000, "x") == "a" * fields.LONGEST
    assert fields.text(None, "x") == ""


@pytest.mark.parametrize("item", [80, "80", "080"])
def test_numbers_come_as_themselves_or_as_digits(item):
    assert fields.whole(item, "x", 0, 65535) == 80


@pytest.mark.parametrize("item", [65536, -1, "", "8O", "\u0668", True, 1.5, None, "9" * 30])
def test_what_is_no_number_is_refused(item):
    with pytest.raises(DataError, match="x: is not a number from 0 to 65535"):
        fields.whole(item, "x", 0, 65535)


@pytest.mark.parametrize(
    ("item", "seconds"),
    [
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01T01:01:00.5+01:00", 60.5),
        ("1970-01-01T00:01:00", 60.0),
        (None, 0.0),
        ("1969-12-31T00:00:00Z", 0.0),
    ],
)
def test_moments(item, seconds):
    assert fields.moment(item, "x") == seconds


@pytest.mark.parametrize("item", [float("nan"), float("inf"), -1, 1e300, True, "1e5", "1.2.3"])
def test_what_is_no_time_is_refused(item):
    with pytest.raises(DataError, match="is not a time"):
        fields.seconds(item, "x")


@pytest.mark.parametrize("item", ["10.0.0.256", "web-17", "", "10.0.0.1/24", "1" * 200])
def test_what_is_no_address_is_refused(item):
    with pytest.raises(DataError, match="x: is not an address"):
        fields.address(item, "x")


def test_addresses_come_in_one_form():
    assert fields.address("FD00:0:0::1", "x") == "fd00::1"


def test_a_reason_is_a_word_and_no_sentence_of_a_stranger():
    assert fields.word("admin-prohibited", "x") == "admin-prohibited"
    with pytest.raises(DataError):
        fields.word("\x1b[2J", "x")


@pytest.mark.parametrize("item", ["1-", "2-1", "-3", "1,,2", "65536", "1-70000"])
def test_ranges_that_are_none_are_refused(item):
    with pytest.raises(DataError):
        fields.ranges(item, "x")


@given(st.sets(st.integers(0, 65535), max_size=50))
def test_ports_as_ranges_are_read_as_ranges(ports):
    written = fields.ports_text(list(ports))
    assert fields.ranges(written, "x") == written
    spans = [part.split("-") for part in written.split(",") if part]
    assert {port for span in spans for port in range(int(span[0]), int(span[-1]) + 1)} == ports


def test_a_host_is_put_together_from_several_records():
    hosts = fields.Hosts()
    hosts.put(ScannedHost("10.0.0.1", ("a",), started_at=20.0, ended_at=30.0))
    hosts.answer("10.0.0.1", Answer("tcp", 80, "open", "syn-ack"))
    hosts.answer("10.0.0.1", Answer("tcp", 22, "filtered", "no-response"))
    hosts.answer("10.0.0.1", Answer("tcp", 22, "open", "syn-ack"))
    hosts.put(
        ScannedHost(
            "10.0.0.1", ("a", "b"), rest=(Rest("tcp", "closed", "reset", 1, "1"),), started_at=10.0, ended_at=25.0
        )
    )
    hosts.seen_at("10.0.0.2", 40.0)
    first, second = hosts.all()
    assert (first.names, first.started_at, first.ended_at, first.up) == (("a", "b"), 10.0, 30.0, True)
    assert [(answer.port, answer.state) for answer in first.answers] == [(22, "open"), (80, "open")]
    assert (second.address, second.up, second.started_at) == ("10.0.0.2", None, 40.0)


def test_a_host_that_is_named_over_and_over_stays_small():
    hosts = fields.Hosts()
    for index in range(2000):
        hosts.put(ScannedHost("10.0.0.1", (f"name-{index}",), rest=(Rest("tcp", "closed", "reset", 1, f"{index}"),)))
    (only,) = hosts.all()
    assert (len(only.names), len(only.rest)) == (fields.FEW, fields.MANY)


def test_the_ports_that_were_told_of():
    hosts = fields.Hosts()
    hosts.answer("10.0.0.1", Answer("tcp", 80, "open", "syn-ack"))
    hosts.answer("10.0.0.1", Answer("udp", 53, "open", "udp-response"))
    assert hosts.ports("10.0.0.1", "tcp") == {80}
    assert hosts.ports("10.0.0.2", "tcp") == set()


def test_silence_alone_does_not_make_a_host_up():
    hosts = fields.Hosts()
    hosts.answer("10.0.0.1", Answer("tcp", 22, "filtered", "no-response"))
    assert next(hosts.all()).up is None


def test_what_is_not_named_is_held_to_what_was_tried():
    assert fields.held(None, identified=False, spoke=False) == "not-asked"
    assert fields.held(None, identified=True, spoke=True) == "unknown"
    assert fields.held(None, identified=True, spoke=False) == "silent"

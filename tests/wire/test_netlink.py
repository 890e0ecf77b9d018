"""Netlink's framing: what is asked, and every way in which an answer can be wrong."""

from __future__ import annotations

import errno
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.wire import netlink
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.netlink import Interrupted, Refused


def message(kind, body=b"", flags=netlink.F_MULTI, sequence=1):
    """A message, padded to four bytes as the kernel pads it."""
    raw = netlink.HEADER.pack(16 + len(body), kind, flags, sequence, 0) + body
    return raw + bytes(-len(raw) % 4)


def done(code=0, sequence=1):
    return message(netlink.DONE, Struct("=i").pack(code), sequence=sequence)


def read(data, sequence=1):
    return [(kind, body.take(body.left)) for kind, body in netlink.messages(data, len(data), sequence)]


def test_a_request_begins_with_its_length():
    raw = netlink.request(20, b"abcd", sequence=7)
    assert netlink.HEADER.unpack_from(raw) == (20, 20, netlink.F_REQUEST | netlink.F_DUMP, 7, 0)
    assert raw.endswith(b"abcd")


def test_attributes_are_padded_and_read_back():
    raw = netlink.attribute(3, b"abcde") + netlink.attribute(netlink.NESTED | 4, b"")
    assert len(raw) % 4 == 0
    assert [(kind, part.take(part.left)) for kind, part in netlink.attributes(Cursor(raw))] == [(3, b"abcde"), (4, b"")]


def test_an_attribute_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="65531"):
        netlink.attribute(1, bytes(65532))


def test_messages_until_the_end():
    data = message(20, b"abc") + message(20, b"defg") + done()
    assert read(data) == [(20, b"abc"), (20, b"defg"), (netlink.DONE, b"")]


def test_what_follows_the_end_is_not_read():
    assert [kind for kind, _ in read(done() + message(20))] == [netlink.DONE]


def test_answers_to_other_questions_and_noise_are_passed_over():
    data = message(20, b"old", sequence=6) + done(-errno.EBUSY, sequence=6) + message(netlink.NOOP, sequence=7)
    assert read(data + message(20, b"new", sequence=7), 7) == [(20, b"new")]


def test_an_error_message_is_a_refusal():
    with pytest.raises(Refused) as caught:
        read(message(netlink.ERROR, Struct("=i").pack(-errno.EPERM) + bytes(16)))
    assert caught.value.code == errno.EPERM


def test_an_error_of_zero_is_an_acknowledgement():
    assert [kind for kind, _ in read(message(netlink.ERROR, bytes(20)))] == [netlink.ERROR]


def test_a_dump_that_failed_says_so_in_its_end():
    with pytest.raises(Refused) as caught:
        read(done(-errno.ENOENT))
    assert caught.value.code == errno.ENOENT


def test_a_disturbed_dump_is_interrupted():
    with pytest.raises(Interrupted):
        read(message(20, b"abc", flags=netlink.F_MULTI | netlink.F_DUMP_INTR))


def test_an_overrun_is_truncation():
    with pytest.raises(Truncated):
        read(message(netlink.OVERRUN))


def test_a_message_shorter_than_its_header():
    with pytest.raises(Truncated):
        read(netlink.HEADER.pack(15, 20, 0, 1, 0))


def test_an_attribute_shorter_than_its_header():
    with pytest.raises(Truncated):
        list(netlink.attributes(Cursor(b"\x03\x00\x01\x00")))


def test_an_attribute_longer_than_the_message():
    with pytest.raises(Truncated):
        list(netlink.attributes(Cursor(netlink.attribute(1, b"abcd")[:-1])))


@given(st.binary(max_size=200))
def test_any_bytes_give_messages_or_a_documented_error(data):
    try:
        for _, body in netlink.messages(data, len(data)):
            list(netlink.attributes(body))
    except CannotLook:
        pass


@given(st.lists(st.binary(max_size=20), max_size=5), st.data())
def test_an_answer_cut_short_is_never_taken_for_the_whole(bodies, data):
    whole = b"".join(message(20, body) for body in bodies) + done()
    cut = data.draw(st.integers(0, len(whole) - 1))
    try:
        kinds = [kind for kind, _ in netlink.messages(whole, cut)]
    except Truncated:
        return
    assert netlink.DONE not in kinds

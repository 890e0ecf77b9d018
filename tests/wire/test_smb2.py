"""SMB messages: as long as they say, and answers read only where they are answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.captures import replies

from hb_engine.wire import smb2

NEGOTIATED, SETUP = replies("smb-samba")[:2]
OLD_NEGOTIATED, OLD_SETUP = replies("smb-samba-nt1")[3:]


@pytest.mark.parametrize(
    "message",
    [smb2.negotiate(bytes(16), bytes(32)), smb2.session_setup(), smb2.negotiate_1(), smb2.session_setup_1()],
)
def test_a_message_is_as_long_as_its_frame_says(message):
    assert int.from_bytes(message[:4], "big") == len(message) - 4


def test_the_context_of_3_1_1_is_where_the_offset_says():
    message = smb2.negotiate(bytes(16), b"s" * 32)[4:]
    offset = int.from_bytes(message[64 + 28 : 64 + 32], "little")
    assert offset % 8 == 0
    assert message[offset : offset + 4] == bytes.fromhex("01002600")
    assert message.endswith(b"s" * 32)


def test_the_token_is_where_the_offset_says():
    message = smb2.session_setup()[4:]
    offset, size = (int.from_bytes(message[64 + at : 64 + at + 2], "little") for at in (12, 14))
    assert message[offset : offset + 1] == b"\x60"
    assert offset + size == len(message)


def test_a_negotiated_server():
    told = smb2.negotiated(NEGOTIATED)
    assert told is not None
    assert (told.dialect, told.signing, told.guid.rstrip(b"\0"), told.booted) == ("3.1.1", "enabled", b"files", 0)
    assert 1_700_000_000 < told.time < 4_000_000_000


def test_a_setup_that_asks_for_more():
    assert smb2.is_setup(SETUP)
    assert not smb2.is_setup(NEGOTIATED)
    assert not smb2.is_setup(SETUP[:12] + bytes(4) + SETUP[16:])


def test_smb_1():
    assert smb2.is_negotiated_1(OLD_NEGOTIATED)
    assert not smb2.is_negotiated_1(replies("smb-samba")[3])  # it takes no dialect of ours
    assert smb2.native_names_1(OLD_SETUP) == ("Windows 6.1", "Samba 4.17.12-Debian")
    assert smb2.native_names_1(OLD_NEGOTIATED) == ("", "")


@given(
    st.sampled_from((NEGOTIATED, SETUP, OLD_NEGOTIATED, OLD_SETUP)),
    st.integers(0, 400),
    st.integers(0, 400),
    st.binary(max_size=3),
)
def test_no_bytes_can_break_it(message, size, at, changed):
    for data in (bytes(message[:size]), bytes(message[:at]) + changed + bytes(message[at + len(changed) :])):
        told = smb2.negotiated(data)
        assert told is None or (told.dialect in smb2.DIALECTS.values() and told.time >= 0)
        assert smb2.is_setup(data) in (True, False)
        assert smb2.is_negotiated_1(data) in (True, False)
        assert len(smb2.native_names_1(data)) == 2

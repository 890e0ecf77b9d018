"""NetBIOS names: half a byte to a letter, and the names of a node."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import netbios

HEAD = b"ab" + bytes.fromhex("8400 0000 0001 0000 0000") + netbios.encoded(b"*", 0, b"\0") + netbios.STATUS + bytes(6)
STATUS = HEAD + b"\2FILES          \0\4\0EXAMPLE        \x1e\x84\0" + bytes.fromhex("020000000001") + bytes(40)


def test_the_example_of_rfc_1001():
    """Section 14.1: "The NetBIOS name" is encoded as below; its sixteenth byte is an e."""
    assert netbios.encoded(b"The NetBIOS nam", ord("e")) == b"\x20FEGIGFCAEOGFHEECEJEPFDCAGOGBGNGF\0"


def test_the_names_of_a_node():
    assert netbios.status(STATUS, b"ab") == ([(b"FILES", 0, False), (b"EXAMPLE", 0x1E, True)], "02:00:00:00:00:01")


@pytest.mark.parametrize(
    ("data", "xid"),
    [
        (STATUS, b"ba"),
        (STATUS[:2] + b"\4" + STATUS[3:], b"ab"),
        (STATUS[:5] + b"\1" + STATUS[6:], b"ab"),
        (STATUS[:12] + b"\x1f" + STATUS[13:], b"ab"),
        (STATUS[:70], b"ab"),
        (b"", b""),
    ],
)
def test_what_is_no_status(data, xid):
    assert netbios.status(data, xid) is None


@given(st.binary(max_size=120), st.integers(0, 120))
def test_no_bytes_can_break_it(data, size):
    netbios.status(data, data[:2])
    netbios.status(STATUS[:size] + data, b"ab")

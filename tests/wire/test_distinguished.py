"""Distinguished names become text that can be read back (RFC 4514), and stay bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError, Truncated
from hb_engine.wire.distinguished import LONGEST_TEXT, name_text, string

CN, EMAIL, UNKNOWN = bytes.fromhex("550403"), bytes.fromhex("2a864886f70d010901"), bytes.fromhex("883703")
UTF8, PRINTABLE, BMP = 0x0C, 0x13, 0x1E


def tlv(tag: int, content: bytes) -> bytes:
    return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content


def pair(kind: bytes, value: bytes, tag: int = UTF8) -> bytes:
    return tlv(0x30, tlv(6, kind) + tlv(tag, value))


def one(*pairs: bytes) -> bytes:
    return tlv(0x31, b"".join(pairs))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (one(pair(EMAIL, b"a@b")) + one(pair(CN, b"hb")), "CN=hb,emailAddress=a@b"),  # most specific first
        (one(pair(CN, b"a"), pair(CN, b"b")), "CN=a+CN=b"),
        (one(pair(CN, b"Lu\xc4\x8di\xc4\x87")), "CN=Lu\u010di\u0107"),  # the example of RFC 4514 4
        (one(pair(CN, b"a\x00b", PRINTABLE)), "CN=a\\00b"),
        (one(pair(CN, "hb é".encode("utf-16-be"), BMP)), "CN=hb é"),
        (one(pair(CN, b'James "Jim" Smith, III')), 'CN=James \\"Jim\\" Smith\\, III'),
        (one(pair(CN, b" # ")), "CN=\\ #\\ "),
        (one(pair(CN, b"#a")), "CN=\\#a"),
        (one(pair(CN, b"\\ ")), "CN=\\\\\\ "),
        (one(pair(CN, b" ")), "CN=\\ "),
        (one(pair(UNKNOWN, b"Hi", 0x04)), "2.999.3=#04024869"),
        (one(pair(CN, b"\x01", 0x02)), "CN=#020101"),  # a number where a text belongs
    ],
)
def test_names_as_text(raw, text):
    assert name_text(raw) == text


def test_a_text_that_is_not_in_its_encoding_is_kept_as_latin_1():
    assert string(UTF8, b"\xfcber") == "\u00fcber"
    assert string(BMP, b"\xd8\x00") == "\u00d8\0"


def test_endless_names_are_cut():
    many = one(*[pair(CN, b"x" * 300)] * 100) * 200
    assert len(name_text(many)) == LONGEST_TEXT


@pytest.mark.parametrize("raw", [b"\x30\x00", tlv(0x31, b"\x30\x05ab"), one(tlv(0x30, tlv(6, CN)))])
def test_what_is_not_a_name(raw):
    with pytest.raises((DataError, Truncated)):
        name_text(raw)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(raw):
    try:
        text = name_text(raw)
    except (DataError, Truncated):
        return
    assert len(text) <= LONGEST_TEXT

"""Printers are known by an IPP message with our request's number, CUPS by its pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.talks import damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Peer, converse
from hb_engine.identify.probes import ipp

CUPS = b"HTTP/1.1 200 OK\r\nServer: CUPS/2.4 IPP/2.1\r\n\r\n<TITLE>Home - CUPS 2.4.2</TITLE>"
PLAIN = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<title>Printer</title>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n"
NUMBER = ipp.number(peer())


def attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return bytes((tag,)) + len(name).to_bytes(2, "big") + name + len(value).to_bytes(2, "big") + value


TOLD = b"\x04" + b"".join(
    [
        attribute(0x41, b"printer-make-and-model", b"Example LaserThing 9"),
        attribute(0x44, b"ipp-versions-supported", b"1.1"),
        attribute(0x44, b"", b"2.0"),
        attribute(0x21, b"number", b"\x00\x00\x00\x01"),
        attribute(0x42, b"printer-name", b"office"),
        attribute(0x41, b"printer-firmware-string-version", b"1.2.3"),
    ]
)
GOOD = HEAD + b"\x01\x01\x00\x00" + NUMBER + TOLD + b"\x03"
REFUSED = HEAD + b"\x01\x01\x04\x06" + NUMBER + b"\x03"  # client-error-not-found


def test_the_question_has_the_form_of_rfc_8010():
    asked = ipp.question(peer("tcp", 631))
    assert asked[:4] == b"\x01\x01\x00\x0b"
    assert 0 < int.from_bytes(asked[4:8], "big") < 2**31
    assert asked.endswith(b"\x03")
    told = ipp.attributes(asked[8:])
    assert told["printer-uri"] == "ipp://hb.invalid:631/ipp/print"
    assert told["attributes-charset"] == "utf-8"


@given(st.binary(min_size=16, max_size=16))
def test_a_number_is_positive_whatever_the_nonce(nonce):
    number = ipp.number(Peer("tcp", "hb.invalid", 631, nonce))
    assert len(number) == 4
    assert 0 < int.from_bytes(number, "big") < 2**31


def test_cups_is_known_by_its_page_alone():
    named = hears(ipp, "tcp", CUPS)
    assert (named.name, named.product, named.version) == ("ipp", "CUPS", "2.4.2")


def test_a_printer_tells_what_it_is():
    named = hears(ipp, "tcp", PLAIN, True, GOOD)
    assert (named.name, named.product, named.version, named.info) == ("ipp", "Example LaserThing 9", "1.2.3", "IPP/1.1")
    assert (named.proof, named.device) == ("nonce", "printer")
    assert ("instance", "office") in named.facts
    assert ("title", "Printer") in named.facts


def test_a_printer_that_refuses_is_one():
    named = hears(ipp, "tcp", PLAIN, True, REFUSED)
    assert (named.name, named.product, named.evidence) == ("ipp", "", "IPP status 0x0406 with our request's number")


@pytest.mark.parametrize(
    "replies",
    [(b"",), (b"SSH-2.0-x\r\n",), (PLAIN,), (PLAIN, True, PLAIN), (PLAIN, True, b""), (PLAIN, True, HEAD + b"\x01\x01"),
     (PLAIN, True, HEAD + b"\x01\x01\x00\x00" + bytes(4) + TOLD), (PLAIN, True, GOOD.replace(b"/ipp", b"/xml"))],
)  # fmt: skip
def test_what_is_near(replies):
    assert hears(ipp, "tcp", *replies) is None


def test_attributes_are_read_as_far_as_they_go():
    assert ipp.attributes(TOLD[:40]) == {}
    assert ipp.attributes(TOLD[:60]) == {"printer-make-and-model": "Example LaserThing 9"}
    assert len(ipp.attributes(b"".join([attribute(0x44, b"%d" % n, b"x") for n in range(500)]))) <= ipp.MOST
    assert ipp.attributes(b"\x01" * 100_000) == {}


@given(damaged(CUPS, PLAIN, GOOD, REFUSED))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(ipp.talk(peer()), [part for reply in replies for part in (reply, True)]))

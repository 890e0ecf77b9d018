"""A printer daemon is named by its refusal of a queue. All answers but CUPS's are built from RFC 1179 and sources."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import lpd

QUEUE = first_words(lpd)[1:-1]


def test_cups_has_no_such_queue():
    told = named("lpd-cups")
    assert (told.product, told.proof, told.guarded) == ("CUPS lpd", "nonce", False)


def test_lprng_names_its_machine():
    reply = (
        b"Printer: " + QUEUE + b"@print.example - ERROR: spool queue for '" + QUEUE + b"' does not exist on server\n"
    )
    told = ask(lpd, reply)
    assert (told.product, told.hostname, told.proof) == ("LPRng", "print.example", "nonce")


@pytest.mark.parametrize(
    ("reply", "guarded"),
    [
        (b"print.example: lpd: " + QUEUE + b": unknown printer\n", False),
        (b"lpd: no such printer\n", False),
        (b"Your host does not have line printer access\n", True),
    ],
)
def test_other_daemons(reply, guarded):
    told = ask(lpd, reply)
    assert (told.name, told.guarded) == ("printer", guarded)


def test_printers_are_asked_only_where_somebody_wants_it():
    assert (lpd.PROBE.care, lpd.PROBE.anywhere) == ("asked", False)
    assert first_words(lpd)[:1] == b"\x04"


def test_hint():
    assert lpd.hint(b"lpd: illegal service request\n")
    assert not lpd.hint(b"HTTP/1.1 400\r\n")


@pytest.mark.parametrize(
    "reply",
    [b"\x04" + QUEUE + b"\n", QUEUE, b"no entries\n", b"@PJL INFO\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0"],
)
def test_near_misses(reply):
    assert ask(lpd, reply) is None

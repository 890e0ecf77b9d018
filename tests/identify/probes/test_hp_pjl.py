"""Raw printing: asked where a person said so, and named by its answer. Built from the PJL reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import hp_pjl

ANSWER = b'@PJL INFO ID\r\n"HP LaserJet 4000 Series"\r\n\x0c'


def test_it_is_never_asked_by_itself():
    assert hp_pjl.PROBE.care == "asked"
    assert not hp_pjl.PROBE.anywhere


def test_the_question_is_between_two_exits():
    query = sent(hp_pjl.talk(peer()))
    assert query == b"\x1b%-12345X@PJL INFO ID\r\n\x1b%-12345X"


@pytest.mark.parametrize(
    ("reply", "product"),
    [
        (ANSWER, "HP LaserJet 4000 Series"),
        (b"@PJL INFO ID\r\nBrother HL-L2350DW:84U-H75:Ver.1.70\r\n\x0c", "Brother HL-L2350DW:84U-H75:Ver.1.70"),
        (b"\x1b%-12345X" + ANSWER, "HP LaserJet 4000 Series"),
        (b"@PJL INFO ID\r\n", ""),
    ],
)
def test_printers(reply, product):
    named = hears(hp_pjl, "tcp", reply)
    assert (named.name, named.product, named.device) == ("hp-pjl", product, "printer")


@pytest.mark.parametrize(
    "reply", [b"@PJL INFO STATUS\r\nCODE=10001\r\n\x0c", b"HTTP/1.1 400 Bad Request\r\n@PJL INFO ID", b""]
)
def test_what_is_not_its_answer(reply):
    assert hears(hp_pjl, "tcp", reply) is None


@given(damaged(ANSWER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(hp_pjl, "tcp", *replies))


def test_an_echo_is_no_printer():
    assert hears(hp_pjl, "tcp", sent(hp_pjl.talk(peer()))) is None

"""DNP3: the status of a link, for our address."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import dnp3

OURS = 1
OUTSTATION = captured("dnp3-outstation")[0]
STATUS = dnp3._frame(0x0B, OURS, 10)


def test_the_check_sum_is_that_of_the_specification():
    """A frame that appears in many explanations of the protocol: reset of link states, from 1 to 1024."""
    assert dnp3._crc(bytes.fromhex("056405c001000004")) == bytes.fromhex("e921")


def test_one_piece_of_frames_that_ask_for_a_status():
    query = sent(dnp3.talk(peer()))
    frames = [query[at : at + 10] for at in range(0, len(query), 10)]
    assert all(frame[:4] == b"\x05\x64\x05\xc9" and frame[8:] == dnp3._crc(frame[:8]) for frame in frames)
    assert frames[0][4:6] == b"\xfc\xff"
    assert dnp3.PROBE.care == "asked"


def test_the_outstation_that_answers_is_named():
    named = hears(dnp3, "tcp", STATUS)
    assert (named.name, named.info, named.proof) == ("dnp", "link address 10", "structure")


@pytest.mark.parametrize("at", range(10))
def test_one_byte_away(at):
    assert hears(dnp3, "tcp", changed(STATUS, at)) is None


@pytest.mark.parametrize("reply", [dnp3._frame(0x0B, OURS + 1, 10), dnp3._frame(0x00, OURS, 10), STATUS[:9], b""])
def test_what_is_not_our_answer(reply):
    assert hears(dnp3, "udp", reply) is None


def test_an_echo_is_no_outstation():
    assert hears(dnp3, "tcp", sent(dnp3.talk(peer()))) is None


def test_a_real_stack():
    assert hears(dnp3, "tcp", OUTSTATION).info == "link address 1024"


@given(damaged(STATUS, OUTSTATION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(dnp3, "tcp", *replies))

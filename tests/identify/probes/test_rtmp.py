"""RTMP: the handshake that repeats our bytes."""

from __future__ import annotations

from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import rtmp

NMS = captured("rtmp-nms")[0]
FIRST = NMS[:1537]  # S0 and S1


def test_version_three_and_1536_bytes():
    query = sent(rtmp.talk(peer()))
    assert len(query) == 1537
    assert query[:9] == b"\3" + bytes(8)


def test_s2_with_our_bytes_is_the_proof():
    assert hears(rtmp, "tcp", NMS).proof == "nonce"


def test_a_server_that_waits_for_c2_is_known_by_its_form():
    own = b"\3" + bytes(8) + bytes(1528)
    assert hears(rtmp, "tcp", own).proof == "structure"


def test_one_byte_of_s2_that_is_not_ours():
    assert hears(rtmp, "tcp", changed(NMS, -1)) is None
    assert hears(rtmp, "tcp", changed(NMS, 1537 + 8)) is None


def test_another_version_another_length_and_four_bytes_that_must_be_zero():
    assert hears(rtmp, "tcp", b"\6" + NMS[1:]) is None
    assert hears(rtmp, "tcp", NMS[:-1]) is None
    assert hears(rtmp, "tcp", b"\3" + b"\1" * 8 + bytes(1528)) is None


def test_an_echo_is_no_server():
    query = sent(rtmp.talk(peer()))
    assert hears(rtmp, "tcp", query) is None
    assert hears(rtmp, "tcp", b"\3") is None


@given(damaged(NMS, FIRST))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(rtmp, "tcp", *replies))

"""Multicast DNS: our question comes back, with types of services behind it."""

from __future__ import annotations

from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import mdns

AVAHI = captured("mdns-avahi")[0]


def test_one_question_for_the_types_of_services():
    assert sent(mdns.talk(peer("udp"))) == NONCE[:2] + b"\0\0\0\1\0\0\0\0\0\0" + mdns.QUESTION


def test_the_types_are_told():
    named = hears(mdns, "udp", AVAHI)
    assert named.proof == "nonce"
    assert ("service", "_workstation._tcp") in named.facts


def test_a_responder_that_answers_without_our_id_is_parsed_all_the_same():
    named = hears(mdns, "udp", b"\0\0" + AVAHI[2:])
    assert named.proof == "structure"


def test_another_id_is_not_for_us():
    assert hears(mdns, "udp", changed(AVAHI, 1)) is None


def test_an_echo_a_refusal_and_plain_dns_are_not_mdns():
    assert hears(mdns, "udp", sent(mdns.talk(peer("udp")))) is None
    assert hears(mdns, "udp", NONCE[:2] + b"\x81\x85\0\1" + bytes(6) + mdns.QUESTION) is None
    assert hears(mdns, "udp", captured("domain-bind")[0]) is None


def test_records_of_another_name_are_no_services():
    assert hears(mdns, "udp", AVAHI.replace(b"_services", b"_survices")) is None


@given(damaged(AVAHI))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(mdns, "udp", *replies))

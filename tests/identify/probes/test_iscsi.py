"""iSCSI is proved by a login response under our task tag, in whatever mood it is."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import iscsi

[RESPONSE] = replies("iscsi-tgt")


def test_tgt_answers_in_the_first_stage():
    told = named("iscsi-tgt")
    assert (told.proof, told.guarded) == ("nonce", False)
    assert told.facts == (("TargetPortalGroupTag", "1"), ("AuthMethod", "None"))


def test_a_refusal_is_proof():
    told = ask(iscsi, RESPONSE[:36] + b"\x02\x01" + RESPONSE[38:])
    assert (told.guarded, told.info) == (True, "refused: initiator 0x01")


def test_no_session_comes_to_be():
    asked = first_words(iscsi)
    assert (asked[0], asked[1]) == (0x43, 0)  # immediate login, no transit
    assert len(asked) % 4 == 0


def test_additional_headers_and_padding_belong_to_the_answer():
    assert not iscsi._whole(RESPONSE[:-1])
    assert iscsi._whole(RESPONSE)
    assert iscsi._whole(b"\x3f")


@pytest.mark.parametrize(
    "reply",
    [
        RESPONSE[:16] + b"3210" + RESPONSE[20:],
        b"\x24" + RESPONSE[1:],
        RESPONSE[:36] + b"\x04" + RESPONSE[37:],
        RESPONSE[:47],
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(iscsi, reply) is None

"""radius: nothing is sent, and nothing is claimed."""

from __future__ import annotations

import pytest
from tests.kit.talks import begin, peer

from hb_engine.identify.kit import converse
from hb_engine.identify.probes import radius


@pytest.mark.parametrize("transport", ["udp"])
def test_not_one_byte_is_sent(transport):
    with pytest.raises(StopIteration) as end:
        next(begin(radius, transport))
    assert end.value.value is None


def test_no_answer_makes_it_known():
    assert converse(radius.talk(peer("udp")), [b"\2\1\0\x14"]) is None


def test_it_says_why_in_one_sentence():
    assert radius.PROBE.unprovable.endswith(".")
    assert "shared secret" in radius.PROBE.unprovable
    assert not radius.PROBE.anywhere

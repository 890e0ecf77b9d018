"""snmptrap: nothing is sent, and nothing is claimed."""

from __future__ import annotations

import pytest
from tests.kit.talks import begin, peer

from hb_engine.identify.kit import converse
from hb_engine.identify.probes import snmptrap


@pytest.mark.parametrize("transport", ["udp"])
def test_not_one_byte_is_sent(transport):
    with pytest.raises(StopIteration) as end:
        next(begin(snmptrap, transport))
    assert end.value.value is None


def test_no_answer_makes_it_known():
    assert converse(snmptrap.talk(peer("udp")), [b"0"]) is None


def test_it_says_why_in_one_sentence():
    assert snmptrap.PROBE.unprovable.endswith(".")
    assert "never answers" in snmptrap.PROBE.unprovable
    assert not snmptrap.PROBE.anywhere

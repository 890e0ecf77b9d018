"""llmnr: nothing is sent, and nothing is claimed."""

from __future__ import annotations

import pytest
from tests.kit.talks import begin, peer

from hb_engine.identify.kit import converse
from hb_engine.identify.probes import llmnr


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_not_one_byte_is_sent(transport):
    with pytest.raises(StopIteration) as end:
        next(begin(llmnr, transport))
    assert end.value.value is None


def test_no_answer_makes_it_known():
    assert converse(llmnr.talk(peer("udp")), [b"01\x80\0"]) is None


def test_it_says_why_in_one_sentence():
    assert llmnr.PROBE.unprovable.endswith(".")
    assert "own name" in llmnr.PROBE.unprovable
    assert not llmnr.PROBE.anywhere

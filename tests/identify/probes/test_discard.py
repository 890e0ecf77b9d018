"""Nothing is asked of discard, and nothing is named."""

from __future__ import annotations

import pytest

from hb_engine.identify.kit import Peer
from hb_engine.identify.probes import discard
from hb_engine.identify.transcript import NONCE


def test_nothing_is_asked():
    with pytest.raises(StopIteration) as end:
        next(discard.talk(Peer("tcp", "hb.invalid", 9, NONCE)))
    assert end.value.value is None


def test_why_not_is_said_in_a_sentence():
    assert discard.PROBE.unprovable.endswith(".")
    assert not discard.PROBE.anywhere

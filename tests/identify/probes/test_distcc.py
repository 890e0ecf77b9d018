"""Nothing is asked of distcc, and nothing is named."""

from __future__ import annotations

import pytest

from hb_engine.identify.kit import Peer
from hb_engine.identify.probes import distcc
from hb_engine.identify.transcript import NONCE


def test_nothing_is_asked():
    with pytest.raises(StopIteration) as end:
        next(distcc.talk(Peer("tcp", "hb.invalid", 3632, NONCE)))
    assert end.value.value is None


def test_why_not_is_said_in_a_sentence():
    assert distcc.PROBE.unprovable.endswith(".")
    assert not distcc.PROBE.anywhere


def test_no_byte_may_ever_reach_it():
    assert distcc.PROBE.care == "never"

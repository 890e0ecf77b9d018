"""syslog: nothing is sent, and nothing is claimed."""

from __future__ import annotations

import pytest
from tests.kit.talks import begin, peer

from hb_engine.identify.kit import converse
from hb_engine.identify.probes import syslog


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_not_one_byte_is_sent(transport):
    with pytest.raises(StopIteration) as end:
        next(begin(syslog, transport))
    assert end.value.value is None


def test_no_answer_makes_it_known():
    assert converse(syslog.talk(peer("udp")), [b"<13>hello"]) is None


def test_it_says_why_in_one_sentence():
    assert syslog.PROBE.unprovable.endswith(".")
    assert "log" in syslog.PROBE.unprovable
    assert not syslog.PROBE.anywhere

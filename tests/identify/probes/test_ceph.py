"""Ceph: both messengers as a monitor greets."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded

from hb_engine.identify.probes import ceph

SECOND = captured("ceph-v2")[0]
FIRST = captured("ceph-v1")[0]


@pytest.mark.parametrize(
    ("heard", "info", "proof"), [(SECOND, "messenger 2", "structure"), (FIRST, "messenger 1", "banner")]
)
def test_both_messengers(heard, info, proof):
    named = hears(ceph, "tcp", heard)
    assert (named.name, named.info, named.proof) == ("ceph", info, proof)
    assert ceph.hint(heard)
    assert ceph._whole(heard)


@pytest.mark.parametrize(
    "heard", [b"", SECOND[:25], changed(SECOND, 0), changed(SECOND, 8), changed(FIRST, 6), b"ceph version 1\n"]
)
def test_what_is_no_greeting_of_ceph(heard):
    assert hears(ceph, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert ceph._whole(b"SSH-2.0-x\r\n")
    assert not ceph._whole(b"ceph")
    assert not ceph._whole(SECOND[:12])


@given(damaged(SECOND, FIRST))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ceph, "tcp", *replies))

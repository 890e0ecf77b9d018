"""Ganglia: the element behind the document type has the version."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ganglia

GMOND = captured("ganglia-gmond")[0]


def test_it_is_never_spoken_to():
    assert sent(ganglia.talk(peer())) == b""


def test_version_and_program():
    named = hears(ganglia, "tcp", GMOND)
    assert (named.product, named.version, named.cpe) == ("Ganglia gmond", "3.7.2", ("cpe:/a:ganglia:ganglia:3.7.2",))


def test_where_it_was_cut_it_is_ganglia_without_a_version():
    named = hears(ganglia, "tcp", GMOND[:300])
    assert (named.name, named.version) == ("ganglia", "")


@pytest.mark.parametrize(
    "greeting",
    [
        b'<?xml version="1.0"?><stream:stream>',
        b'<?xml version="1.0"?>' + b" " * 200 + b"<!DOCTYPE GANGLIA_XML [",
        b"<GANGLIA_XML VERSION=",
        b"220 x\r\n",
        b"",
    ],
)
def test_foreign_greetings(greeting):
    assert hears(ganglia, "tcp", greeting) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"<?x", False),
        (GMOND[:400], False),
        (GMOND, True),
        (b"SSH-", True),
        (b"<?xml " + bytes(300), True),
    ],
)
def test_when_it_has_heard_enough(data, whole):
    assert next(begin(ganglia)).until(data) == whole


@given(damaged(GMOND))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ganglia, "tcp", *replies))

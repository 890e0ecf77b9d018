"""Elasticsearch's transport port says that it is no HTTP port; built from the words of its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded

from hb_engine.identify.probes import elasticsearch_transport

WORDS = b"This is not an HTTP port"


@pytest.mark.parametrize("reply", [WORDS, b"This is not a HTTP port", WORDS + b"\r\n"])
def test_both_spellings(reply):
    named = hears(elasticsearch_transport, "tcp", reply)
    assert (named.name, named.proof) == ("elasticsearch", "banner")
    assert elasticsearch_transport.hint(reply)


@pytest.mark.parametrize(
    "reply", [b"", WORDS[:-1], b"HTTP/1.1 400 Bad Request\r\n\r\n" + WORDS, b"This is an HTTP port"]
)
def test_what_says_something_else(reply):
    assert hears(elasticsearch_transport, "tcp", reply) is None


@given(damaged(WORDS))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(elasticsearch_transport, "tcp", *replies))

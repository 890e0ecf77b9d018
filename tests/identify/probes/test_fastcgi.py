"""FastCGI: php-fpm's answer, and one of a server that knows no such name."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import fastcgi

PHP = captured("fastcgi-php")[0]


def test_values():
    named = hears(fastcgi, "tcp", PHP)
    assert (named.name, named.evidence) == ("fastcgi", "GET_VALUES_RESULT FCGI_MPXS_CONNS0")
    assert hears(fastcgi, "tcp", b"\1\x0a\0\0\0\0\0\0").name == "fastcgi"


def test_the_question_as_the_specification_has_it():
    assert sent(fastcgi.talk(peer())).hex() == "01090000001107000f00464347495f4d5058535f434f4e4e5300000000000000"


@pytest.mark.parametrize(
    "reply",
    [b"", PHP[:-1], PHP + b"\0", *[changed(PHP, at) for at in (0, 1, 3, 5, 8, 9, 12)], sent(fastcgi.talk(peer()))],
)
def test_what_is_no_result(reply):
    assert hears(fastcgi, "tcp", reply) is None


@given(damaged(PHP))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(fastcgi, "tcp", *replies))

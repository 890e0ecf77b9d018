"""CVS is proved by its complaint about a line of ours."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import cvspserver

MARK = first_words(cvspserver).strip()


def test_cvs_repeats_the_line():
    told = named("cvspserver-cvs")
    assert (told.product, told.proof) == ("CVS", "nonce")


def test_cvsnt():
    reply = b"cvsnt [server aborted]: bad auth protocol start: " + MARK + b"\r\n"
    assert ask(cvspserver, reply).product == "CVSNT"


def test_a_get_is_complained_about():
    assert cvspserver.hint(b"cvs [pserver aborted]: bad auth protocol start: GET / HTTP/1.1\n")
    assert not cvspserver.hint(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    "reply", [MARK, b"cvs: bad auth protocol start: hb-000000000000\n", b"bad auth protocol: " + MARK, b""]
)
def test_near_misses(reply):
    assert ask(cvspserver, reply) is None

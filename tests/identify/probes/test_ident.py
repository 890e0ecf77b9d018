"""Ident is proved by our two ports, and a word of the standard about them."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import ident


@pytest.mark.parametrize("capture", ["ident-ident2", "ident-oidentd"])
def test_no_user_owns_a_connection_that_is_not(capture):
    told = named(capture)
    assert (told.info, told.proof) == ("no-user", "nonce")


@pytest.mark.parametrize(
    ("line", "info"),
    [
        (b"12338,12852:ERROR:HIDDEN-USER\r\n", "hidden-user"),
        (b"12338, 12852 : ERROR : UNKNOWN-ERROR\r\n", "unknown-error"),
        (b"12338 , 12852 : USERID : UNIX : nobody\r\n", "names a user for any connection"),
    ],
)
def test_other_answers(line, info):
    assert ask(ident, line).info == info


def test_hint():
    assert ident.hint(b"0 , 0 : ERROR : INVALID-PORT\r\n")
    assert not ident.hint(b"ERROR\r\n")


@pytest.mark.parametrize(
    "line",
    [
        b"12338 , 12853 : ERROR : NO-USER\r\n",
        b"12852 , 12338 : ERROR : NO-USER\r\n",
        b"12338 , 12852 : ERROR : WHATEVER\r\n",
        b"12338 , 12852 : USERID :\r\n",
        b"12338 , 12852\r\n",
        b"ERROR : NO-USER\r\n",
    ],
)
def test_near_misses(line):
    assert ask(ident, line) is None

"""Varnish's command line: open, and guarded by a secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded

from hb_engine.identify.probes import varnish_cli

OPEN = captured("varnish_cli-open")[0]
SECRET = captured("varnish_cli-secret")[0]


@pytest.mark.parametrize(("heard", "version", "guarded"), [(OPEN, "7.1.1", False), (SECRET, "", True)])
def test_who_greets(heard, version, guarded):
    named = hears(varnish_cli, "tcp", heard)
    assert (named.name, named.version, named.guarded) == ("varnish-cli", version, guarded)
    assert varnish_cli.hint(heard)


def test_the_challenge_is_no_evidence():
    assert hears(varnish_cli, "tcp", SECRET).evidence == "107 59"


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        OPEN[:-1],
        SECRET + b"\n",
        changed(OPEN, 0),
        changed(SECRET, 12),
        b"200 ok\r\n",
        b"200 news.hb.invalid ready\r\n",
        b"107 4       \nabcd\n",
        b"200 4       \nabcd\n",
    ],
)
def test_what_is_no_greeting_of_varnish(heard):
    """Nor NNTP's 200."""
    assert hears(varnish_cli, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert varnish_cli._whole(b"220 x\r\n")
    assert not varnish_cli._whole(OPEN[:30])
    assert varnish_cli._whole(b"200 news.hb.invalid ready\r\n")


@given(damaged(OPEN, SECRET))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(varnish_cli, "tcp", *replies))

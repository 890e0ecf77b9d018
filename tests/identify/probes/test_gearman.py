"""Gearman: our own bytes come back, then the version."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import gearman
from hb_engine.identify.transcript import NONCE

ECHO, VERSION = captured("gearman-open")


@pytest.mark.parametrize(
    ("said", "version"), [(VERSION, "1.1.20+ds"), (b"1.1.8\n", "1.1.8"), (b"ERR x\n", ""), (b"", "")]
)
def test_the_version_behind_the_echo(said, version):
    named = hears(gearman, "tcp", ECHO, said)
    assert (named.name, named.version, named.proof) == ("gearman", version, "nonce")


def test_no_job_is_asked_for():
    assert sent(gearman.talk(peer())) == b"\0REQ\0\0\0\x10\0\0\0\x10" + NONCE


@pytest.mark.parametrize(
    "reply", [b"", ECHO[:-1], ECHO + b"\0", sent(gearman.talk(peer())), *[changed(ECHO, at) for at in (0, 7, 11, 20)]]
)
def test_what_is_no_echo_of_gearman(reply):
    assert hears(gearman, "tcp", reply, VERSION) is None


def test_what_an_http_request_gets():
    assert gearman.hint(b"ERR UNKNOWN_COMMAND Unknown+server+commandGET\r\n")
    assert gearman.hint(b"ERR unknown_command Unknown+server+command\r\n")
    assert not gearman.hint(b"ERR unknown command\r\n")


@given(damaged(ECHO, VERSION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(gearman, "tcp", *replies))

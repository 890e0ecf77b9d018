"""rsync is named by its greeting; the program's version is not in it, and is not made up."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import rsync


def test_the_daemon_tells_its_protocol_and_digests():
    told = named("rsync-daemon")
    assert (told.product, told.version, told.info) == ("rsync daemon", "", "protocol 32.0")
    assert told.facts == (("digests", "sha512 sha256 sha1 md5 md4"),)


def test_an_old_daemon():
    assert ask(rsync, b"@RSYNCD: 30\n").info == "protocol 30"


def test_too_many_connections():
    assert ask(rsync, b"@ERROR: max connections (2) reached -- try again later\n").guarded


@pytest.mark.parametrize(
    "line",
    [b"@RSYNCD 31.0\n", b"@RSYNCD: x\n", b"@RSYNCD: 31.0.1\n", b"@RSYNC: 31.0\n", b" @RSYNCD: 31.0\n", b"@RSYNCD: "],
)
def test_near_misses(line):
    assert ask(rsync, line) is None

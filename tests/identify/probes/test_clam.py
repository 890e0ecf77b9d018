"""clamd: its version with that of the signatures."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import clam

DEBIAN = captured("clam-debian")[0]
FRESH = b"ClamAV 1.0.7/27450/Thu Nov  7 09:36:36 2024\0"


@pytest.mark.parametrize(
    ("reply", "version", "info"),
    [(DEBIAN, "1.4.6", ""), (FRESH, "1.0.7", "signatures 27450, Thu Nov 7 09:36:36 2024")],
)
def test_versions(reply, version, info):
    named = hears(clam, "tcp", reply)
    assert (named.name, named.version, named.info) == ("clam", version, info)
    assert sent(clam.talk(peer())) == b"zVERSION\0"


@pytest.mark.parametrize(
    "reply", [b"", FRESH[:-1], b"ClamAV \0", b"ClamAV x/1\0", b"clamAV 1.0\0", b"UNKNOWN COMMAND\0"]
)
def test_what_is_no_version(reply):
    assert hears(clam, "tcp", reply) is None


def test_what_an_http_request_gets():
    assert clam.hint(b"UNKNOWN COMMAND\n")
    assert not clam.hint(b"UNKNOWN_COMMAND\r\n")  # beanstalkd


@given(damaged(DEBIAN, FRESH))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(clam, "tcp", *replies))

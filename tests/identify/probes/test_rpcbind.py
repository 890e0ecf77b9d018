"""The port mapper is proved by a reply under our id, and on TCP lists what it maps."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, kept, named

from hb_engine.identify.probes import rpcbind

ACCEPTED = b"0123" + bytes.fromhex("00000001 00000000 00000000 00000000")


def mark(body):
    return (0x80000000 | len(body)).to_bytes(4, "big") + body


def test_the_list_names_programs_and_versions():
    told = named("rpcbind-rpcbind")
    assert (told.info, told.proof) == ("versions 2-4", "nonce")
    assert told.facts == (("programs", "portmapper 2-4, nfs 3-4, mountd 1-3, rquotad 1-2, nlockmgr 4"),)


def test_on_udp_nothing_is_listed():
    assert len(kept("rpcbind-rpcbind-udp").turns) == 1
    assert named("rpcbind-rpcbind-udp").name == "rpcbind"


def test_a_mismatch_tells_the_versions():
    told = ask(rpcbind, mark(ACCEPTED + bytes.fromhex("00000002 00000003 00000004")))
    assert told.info == "versions 3-4"


def test_who_wants_credentials_is_guarded():
    told = ask(rpcbind, mark(b"0123" + bytes.fromhex("00000001 00000001 00000001 00000001")))
    assert (told.guarded, told.evidence) == (True, "RPC reply to program 100000: authentication error")


@pytest.mark.parametrize(
    "body",
    [
        ACCEPTED + bytes.fromhex("00000001"),
        b"3210" + ACCEPTED[4:] + bytes(4),
        ACCEPTED[:4] + bytes(4) + ACCEPTED[8:] + bytes(4),
        ACCEPTED + bytes.fromhex("00000009"),
        ACCEPTED,
        b"",
    ],
)
def test_near_misses(body):
    assert ask(rpcbind, mark(body)) is None
    assert ask(rpcbind, body, transport="udp") is None

"""NFS is proved by a reply under our id, and tells its versions where version 1 is not one of them."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import nfs

ACCEPTED = b"0123" + bytes.fromhex("00000001 00000000 00000000 00000000")


@pytest.mark.parametrize("capture", ["nfs-ganesha", "nfs-ganesha-udp"])
def test_ganesha_tells_its_versions(capture):
    told = named(capture)
    assert (told.info, told.proof) == ("versions 3-4", "nonce")


def test_one_version():
    told = ask(nfs, ACCEPTED + bytes.fromhex("00000002 00000004 00000004"), transport="udp")
    assert told.info == "versions 4"


def test_a_server_that_takes_version_1_all_the_same():
    assert ask(nfs, ACCEPTED + bytes(4), transport="udp").info == ""


def test_a_refusal_is_guarded():
    assert ask(nfs, b"0123" + bytes.fromhex("00000001 00000001 00000001 00000005"), transport="udp").guarded


@pytest.mark.parametrize(
    "body", [ACCEPTED + bytes.fromhex("00000001"), b"0124" + ACCEPTED[4:] + bytes(4), ACCEPTED[:20], b"\0" * 24]
)
def test_near_misses(body):
    assert ask(nfs, body, transport="udp") is None
    assert ask(nfs, (0x80000000 | len(body)).to_bytes(4, "big") + body) is None

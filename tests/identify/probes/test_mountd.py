"""The mount daemon is proved by a reply under our id, and tells its versions."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import mountd

ACCEPTED = b"0123" + bytes.fromhex("00000001 00000000 00000000 00000000")


@pytest.mark.parametrize("capture", ["mountd-ganesha", "mountd-ganesha-udp"])
def test_ganesha_tells_its_versions(capture):
    told = named(capture)
    assert (told.name, told.info, told.guarded) == ("mountd", "versions 1-3", False)


def test_a_refusal_is_guarded():
    assert ask(mountd, b"0123" + bytes.fromhex("00000001 00000001 00000001 00000005"), transport="udp").guarded


@pytest.mark.parametrize("body", [ACCEPTED + bytes.fromhex("00000001"), b"x123" + ACCEPTED[4:] + bytes(4), b""])
def test_near_misses(body):
    assert ask(mountd, body, transport="udp") is None

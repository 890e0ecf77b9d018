"""NTLM's challenge tells names and a build, as far as it is whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import ntlm

NAMES = {1: "SRV", 2: "AD", 3: "srv.ad.example", 4: "ad.example", 5: "example"}


def challenge(version=b"\x0a\0\x7c\x4f\0\0\0\x0f", flags=0x02000000, names=NAMES):
    """A challenge message, built from MS-NLMP 2.2.1.2."""
    rows = [(kind, name.encode("utf-16-le")) for kind, name in names.items()]
    info = b"".join(
        [kind.to_bytes(2, "little") + len(name).to_bytes(2, "little") + name for kind, name in rows]
    ) + bytes(4)
    field = len(info).to_bytes(2, "little") * 2 + (56).to_bytes(4, "little")
    head = ntlm.SIGNATURE + b"\2\0\0\0" + bytes(8) + flags.to_bytes(4, "little") + bytes(16) + field
    return head + version + info


def test_names_and_build():
    read = told(b"something in front" + challenge())
    assert read == ntlm.Challenge("SRV", "AD", "srv.ad.example", "ad.example", "example", "10.0.20348", 20348)
    assert (read.system, read.host) == ("Windows Server 2022", "srv.ad.example")
    assert ("forest", "example") in read.facts


def told(message):
    read = ntlm.challenge(message)
    assert read is not None
    return read


def test_a_build_that_is_not_listed_is_told_as_a_number():
    assert told(challenge(b"\x0a\0\x01\x70\0\0\0\x0f")).system == "Windows build 28673"


def test_without_a_build_there_is_no_system():
    assert told(challenge(b"\6\1\0\0\0\0\0\x0f")).system == ""
    assert told(challenge(flags=0)).version == ""


def test_the_short_name_stands_in_for_the_long_one():
    assert told(challenge(names={1: "SRV"})).host == "SRV"


@pytest.mark.parametrize(
    "data", [b"", ntlm.NEGOTIATE, challenge()[:40], challenge().replace(b"\2\0\0\0", b"\3\0\0\0", 1)]
)
def test_what_is_no_challenge(data):
    assert ntlm.challenge(data) is None


@given(st.integers(0, 200), st.integers(0, 255), st.integers(0, 200))
def test_a_challenge_may_be_cut_or_changed(at, byte, size):
    data = bytearray(challenge())
    data[at % len(data)] = byte
    for message in (bytes(data), bytes(data[:size])):
        read = ntlm.challenge(message)
        assert read is None or all(isinstance(value, str) for _, value in read.facts)

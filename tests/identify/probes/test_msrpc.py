"""DCE/RPC is proved by an answer to a bind under our call id; the challenge in it names the machine."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import msrpc

[ACK] = replies("msrpc-samba-ad")


def test_samba_names_its_machine():
    told = named("msrpc-samba-ad")
    assert (told.product, told.hostname, told.info) == ("Samba", "dc1.ad.example", "endpoint mapper")
    assert ("netbios domain", "AD") in told.facts


def test_windows_tells_its_build():
    at = ACK.index(b"NTLMSSP\0\2\0\0\0") + 48
    told = ask(msrpc, ACK[:at] + b"\x0a\0\x39\x38" + ACK[at + 4 :])
    assert (told.product, told.system) == ("Microsoft Windows RPC", "Windows 10 1607 or Server 2016")


def test_a_refused_bind_is_proof():
    told = ask(msrpc, b"\5\0\x0d\3\x10\0\0\0\x18\0\0\0" + b"0123" + b"\0\0\0\0\0\0\0\0")
    assert (told.name, told.guarded, told.product) == ("msrpc", True, "")


def test_the_bind_has_its_own_length():
    asked = first_words(msrpc)
    assert int.from_bytes(asked[8:10], "little") == len(asked)


@pytest.mark.parametrize(
    "reply",
    [
        ACK[:12] + b"3210" + ACK[16:],
        b"\4" + ACK[1:],
        ACK[:2] + b"\x0b" + ACK[3:],
        ACK[:4] + b"\0" + ACK[5:],
        ACK[:-1],
        ACK[:15],
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(msrpc, reply) is None

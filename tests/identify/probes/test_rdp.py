"""Remote Desktop is proved by a negotiation; CredSSP's challenge is built from MS-CSSP and MS-NLMP, not captured."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named
from tests.wire.test_ntlm import challenge

from hb_engine.identify.probes import rdp
from hb_engine.model.identity import Tls
from hb_engine.wire.ber import integer, tlv

TLS = Tls("TLSv1.2", how="starttls")


def confirm(kind=2, value=2, size=8, x224=0xD0):
    return (
        b"\3\0\0\x13\x0e" + bytes((x224,)) + b"\0\0\x12\x34\0" + bytes((kind, 0, size, 0)) + value.to_bytes(4, "little")
    )


def test_xrdp_chooses_tls():
    told = named("rdp-xrdp")
    assert (told.info, told.starttls, told.tls.version, told.product) == ("security: TLS", "offered", "TLSv1.3", "")


def test_nla_names_the_machine_and_its_build():
    token = tlv(0x30, tlv(0xA0, integer(6)), tlv(0xA1, tlv(0x30, tlv(0x30, tlv(0xA0, tlv(4, challenge()))))))
    told = ask(rdp, confirm(), TLS, token)
    assert (told.product, told.system) == ("Microsoft Terminal Services", "Windows Server 2022")
    assert (told.hostname, told.info) == ("srv.ad.example", "security: CredSSP (NLA)")
    assert ("netbios domain", "AD") in told.facts


def test_nla_without_a_challenge_is_still_rdp():
    assert ask(rdp, confirm(), TLS).system == ""
    assert ask(rdp, confirm(), None).tls is None


def test_a_server_of_old_security():
    assert ask(rdp, confirm(value=0)).starttls == "absent"
    assert ask(rdp, b"\3\0\0\x0b\6\xd0\0\0\x12\x34\0").proof == "pattern"


def test_a_failure_is_guarded():
    told = ask(rdp, confirm(3, 5))
    assert (told.guarded, told.info) == (True, "CredSSP (NLA) required")


@pytest.mark.parametrize(
    "reply",
    [
        confirm(x224=0xE0),
        confirm(kind=1),
        confirm(value=3),
        confirm(3, 99),
        confirm(size=9),
        confirm()[:-1],
        b"\3\0\0\x16\x11\xd0\0\1\0\4\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2",  # S7, which answers in X.224 as well
        b"\3\0\0\x0b\6\xf0\0\0\x12\x34\0",
        b"HTTP/1.1 400 Bad Request\r\n",
    ],
)
def test_near_misses(reply):
    assert ask(rdp, reply) is None

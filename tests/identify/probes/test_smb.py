"""SMB is proved by its NEGOTIATE answer; the challenge names the machine; SMB 1 tells Samba's version."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, kept, named, replies

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import smb
from hb_engine.wire.smb2 import DIALECTS

NEGOTIATED, SETUP = replies("smb-samba")[:2]


def windows(build=20348):
    """Samba's challenge with the version of a Windows: built from MS-NLMP 2.2.2.10."""
    at = SETUP.index(b"NTLMSSP\0\2\0\0\0") + 48
    return Reply.of(SETUP[:at] + b"\x0a\0" + build.to_bytes(2, "little") + SETUP[at + 4 :])


def test_samba_has_no_version_where_smb_1_is_off():
    told = named("smb-samba")
    assert (told.product, told.version, told.info) == ("Samba smbd", "", "SMB 3.1.1, signing enabled")
    assert told.cpe == ("cpe:/a:samba:samba",)
    assert told.hostname == "mail.example"
    assert ("netbios name", "FILES") in told.facts


@pytest.mark.parametrize("capture", ["smb-samba-nt1", "smb-samba-nt1-only"])
def test_smb_1_tells_the_real_version(capture):
    told = named(capture)
    assert (told.product, told.version) == ("Samba smbd", "4.17.12-Debian")
    assert told.cpe == ("cpe:/a:samba:samba:4.17.12",)
    assert "SMB 1 accepted" in told.info


def test_a_domain_controller_requires_signing_and_names_its_domain():
    told = named("smb-samba-ad")
    assert (told.info, told.hostname) == ("SMB 3.1.1, signing required", "dc1.ad.example")
    assert ("domain", "ad.example") in told.facts


def test_windows_is_named_by_its_build_and_not_asked_for_smb_1():
    told = ask(smb, Reply.of(NEGOTIATED.replace(b"files" + bytes(11), b"0123456789abcdef")), windows())
    assert (told.product, told.system) == ("Microsoft Windows SMB", "Windows Server 2022")
    assert ("build", "10.0.20348") in told.facts
    assert told.cpe == ()


def test_without_a_challenge_the_dialect_is_known():
    told = ask(smb, NEGOTIATED)
    assert (told.product, told.info) == ("", "SMB 3.1.1, signing enabled")


def test_the_times_are_told():
    assert [key for key, _ in named("smb-samba").facts][-2:] == ["server guid", "server time"]


def test_what_was_asked_for_is_every_dialect():
    asked = kept("smb-samba").turns[0].sent
    assert b"".join([dialect.to_bytes(2, "little") for dialect in DIALECTS]) in asked
    assert len(asked) == 4 + int.from_bytes(asked[:4], "big")


@pytest.mark.parametrize(
    "reply",
    [
        NEGOTIATED[:100],
        NEGOTIATED.replace(b"\xfeSMB", b"\xfdSMB"),
        NEGOTIATED.replace(b"\xfeSMB", b"\xffSMB"),
        NEGOTIATED[:16] + b"\1\0" + NEGOTIATED[18:],
        NEGOTIATED[:20] + b"\0" + NEGOTIATED[21:],
        NEGOTIATED[:68] + b"\x40\0" + NEGOTIATED[70:],
        NEGOTIATED[:72] + b"\x11\x04" + NEGOTIATED[74:],
        b"\x83\0\0\1\x82",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_near_misses(reply):
    assert ask(smb, Reply.of(reply)) is None

"""VNC is proved by its version; kinds of security tell whether a password or TLS is wanted."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import vnc


@pytest.mark.parametrize(
    ("capture", "security", "starttls", "guarded"),
    [
        ("vnc-tigervnc", "VeNCrypt, VNC password", "offered", True),
        ("vnc-tigervnc-open", "VeNCrypt, none", "offered", False),
        ("vnc-tigervnc-x509", "VeNCrypt", "required", True),
        ("vnc-x11vnc", "none", "absent", False),
        ("vnc-qemu", "none", "absent", False),
    ],
)
def test_real_servers(capture, security, starttls, guarded):
    told = named(capture)
    assert (told.facts[0], told.starttls, told.guarded) == (("security", security), starttls, guarded)


def test_the_certificate_is_reached_without_a_password():
    assert named("vnc-tigervnc-x509").tls.version == "TLSv1.3"
    assert named("vnc-tigervnc").tls is None  # anonymous TLS has none


def test_an_old_server_decides_itself():
    told = ask(vnc, b"RFB 003.003\n", b"\0\0\0\2")
    assert (told.info, told.guarded, told.facts) == ("protocol 3.3", True, (("security", "VNC password"),))


def test_a_refusal_has_a_reason():
    told = ask(vnc, b"RFB 003.008\n", b"\0\0\0\0\x12Too many failures.")
    assert (told.guarded, told.facts) == (True, (("refused", "Too many failures."),))
    assert ask(vnc, b"RFB 003.003\n", b"\0\0\0\0\0\0\0\2no").facts == (("refused", "no"),)


def test_apple_is_known_by_its_version():
    assert ask(vnc, b"RFB 003.889\n", b"\x01\x1e").product == "Apple remote desktop"


@pytest.mark.parametrize(
    "heard",
    [b"RFB 003.008", b"RFB 003.008\r", b"RFB 003,008\n", b"RFB a03.008\n", b"RFC 003.008\n", b"rfb 003.008\n", b""],
)
def test_near_misses(heard):
    assert ask(vnc, heard, b"\1\1") is None

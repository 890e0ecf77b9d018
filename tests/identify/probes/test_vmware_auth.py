"""VMware's authentication daemon: greetings built from its words, beside those of FTP and mail."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Reply, StartTls
from hb_engine.identify.probes import vmware_auth

ESXI = (
    b"220 VMware Authentication Daemon Version 1.10: SSL Required, ServerDaemonProtocol:SOAP, "
    b"MKSDisplayProtocol:VNC , VMXARGS supported, NFCSSL supported/t\r\n"
)
CLEAR = b"220 VMware Authentication Daemon Version 1.00\r\n"


@pytest.mark.parametrize(("heard", "version", "starttls"), [(ESXI, "1.10", "required"), (CLEAR, "1.00", "absent")])
def test_who_greets(heard, version, starttls):
    named = hears(vmware_auth, "tcp", heard)
    assert (named.name, named.version, named.starttls) == ("vmware-auth", version, starttls)
    assert vmware_auth.hint(heard)


def test_tls_begins_behind_the_greeting():
    talk: Any = vmware_auth.talk(peer())
    assert next(talk).send == b""
    assert talk.send(Reply.of(ESXI)) == StartTls()


@pytest.mark.parametrize(
    "heard", [b"", b"220 ftp.hb.invalid FTP server ready\r\n", b"220 VMware\r\n", changed(ESXI, 0)]
)
def test_other_greetings(heard):
    assert hears(vmware_auth, "tcp", heard) is None


@given(damaged(ESXI, CLEAR))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(vmware_auth, "tcp", *replies))

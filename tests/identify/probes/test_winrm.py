"""WS-Management is proved by its answer to Identify.

No server of it runs here: the answers are built from DMTF DSP0226 11 and MS-WSMV 3.1.4.1.7.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply, converse
from hb_engine.identify.probes import winrm

BODY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>'
    b'<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><wsmid:ProtocolVersion>'
    b"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion><wsmid:ProductVendor>%b</wsmid:ProductVendor>"
    b"<wsmid:ProductVersion>%b</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nServer: Microsoft-HTTPAPI/2.0\r\n\r\n"
WINDOWS = HEAD + BODY % (b"Microsoft Corporation", b"OS: 10.0.17763 SP: 0.0 Stack: 3.0")
HIDING = HEAD + BODY % (b"Microsoft Corporation", b"OS: 0.0.0 SP: 0.0 Stack: 3.0")
OPENWSMAN = HEAD + BODY % (b"Openwsman Project", b"2.6.5")
REFUSED = b"HTTP/1.1 401 \r\nServer: Microsoft-HTTPAPI/2.0\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n"


def test_the_question_is_about_identity_and_nothing_else():
    asked = sent(winrm.talk(peer()))
    assert asked.startswith(b"POST /wsman HTTP/1.1\r\n")
    assert b"WSMANIDENTIFY: unauthenticated\r\n" in asked
    assert asked.endswith(winrm.IDENTIFY)


@pytest.mark.parametrize(
    ("reply", "product", "version", "system"),
    [
        (WINDOWS, "Microsoft WinRM", "3.0", "Windows 10.0.17763"),
        (HIDING, "Microsoft WinRM", "3.0", "Windows"),
        (OPENWSMAN, "Openwsman Project", "2.6.5", ""),
    ],
)
def test_an_answer(reply, product, version, system):
    named = hears(winrm, "tcp", reply)
    assert (named.name, named.product, named.version, named.system) == ("wsman", product, version, system)
    assert (named.proof, named.guarded) == ("structure", False)


def test_a_refusal_is_a_likeness():
    named = hears(winrm, "tcp", REFUSED)
    assert (named.name, named.proof, named.guarded) == ("wsman", "pattern", True)


@pytest.mark.parametrize(
    "reply",
    [b"", b"HTTP/1.1 404 Not Found\r\nServer: Microsoft-HTTPAPI/2.0\r\n\r\n", HEAD + b"ok",
     b"HTTP/1.1 401 No\r\nServer: nginx\r\n\r\n", HEAD + b"<html>", WINDOWS.replace(b"200 OK", b"500 No")],
)  # fmt: skip
def test_what_is_near(reply):
    assert hears(winrm, "tcp", Reply.of(reply, "closed")) is None


def test_names_are_bounded():
    assert is_bounded(hears(winrm, "tcp", HEAD + BODY % (b"x" * 5000, b"y" * 5000)))


@given(damaged(WINDOWS, REFUSED))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(winrm.talk(peer()), replies))

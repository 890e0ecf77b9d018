"""WS-Discovery on UDP 3702: printers, cameras and Windows hosts, asked by unicast (OASIS WS-Discovery 1.1, and 1.0).

A probe for any type; the answer relates to our message id. It is sent once. Devices speak the draft of 2005, which is
also what Windows and ONVIF use.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("ws-discovery", udp=(3702,), names=("wsdd",), anywhere=False)
SPACE = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
QUESTION = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" '
    f'xmlns:wsa="{ADDRESSING}" xmlns:wsd="{SPACE}"><soap:Header>'
    f"<wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To><wsa:Action>{SPACE}/Probe</wsa:Action>"
    "<wsa:MessageID>%s</wsa:MessageID></soap:Header><soap:Body><wsd:Probe></wsd:Probe></soap:Body></soap:Envelope>"
)


def talk(peer: Peer) -> Talk:
    """A probe without types or scopes."""
    digits = peer.nonce.hex()
    message = "urn:uuid:" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    reply = bytes((yield Ask((QUESTION % message).encode(), wait=3)))
    if b"Envelope" not in reply or b"ProbeMatches" not in reply or _element(reply, b"RelatesTo") != message.encode():
        return None
    types = text(_element(reply, b"Types"))
    return Identity(
        "ws-discovery",
        info=types,
        device=_device(types),
        proof="nonce",
        evidence="ProbeMatches that relate to our message",
        facts=tuple(
            [
                (name, text(_element(reply, element)))
                for name, element in (("scopes", b"Scopes"), ("addresses", b"XAddrs"))
                if _element(reply, element)
            ]
        ),
    )


def _element(document: bytes, name: bytes) -> bytes:
    """The text of the first element of a local name; no XML parser is let loose on strangers' bytes."""
    for piece in document.split(b"<")[1:]:
        tag, closed, content = piece.partition(b">")
        word = tag.split()[0] if tag.split() else b""
        if closed and not word.startswith(b"/") and word.rpartition(b":")[2] == name:
            return content.strip()
    return b""


def _device(types: str) -> str:
    for word, device in (("NetworkVideoTransmitter", "camera"), ("Print", "printer"), ("Computer", "computer")):
        if word in types:
            return device
    return ""

"""Varnish's command line port greets with its banner, or with a challenge where a secret is wanted. We only listen.

Specification: varnish-cli(7): "107" and "200" responses, a length in eight columns.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("varnish-cli", tcp=(6082,), speaks="server", names=("varnish",))
AUTH, OK = b"107 ", b"200 "


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = yield Ask(until=_whole)
    status, body = bytes(heard[:4]), bytes(heard[13:])
    if len(heard) != _size(heard) or status not in (AUTH, OK):
        return None
    if status == AUTH:
        if not body.endswith(b"\n\nAuthentication required.\n\n"):
            return None
        return Identity(
            "varnish-cli",
            "Varnish Cache CLI",
            guarded=True,
            cpe=("cpe:/a:varnish-cache:varnish",),
            evidence=text(heard[:13]),
        )
    if b"Varnish Cache CLI" not in body:
        return None
    word = next((line for line in body.split(b"\n") if line.startswith(b"varnish-")), b"")
    version = text(word[8:].split(b" ", 1)[0])
    cpe = f"cpe:/a:varnish-cache:varnish:{version}".rstrip(":")
    return Identity("varnish-cli", "Varnish Cache CLI", version, info="open", cpe=(cpe,), evidence=text(body))


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply[:4] in (AUTH, OK) and len(reply) == _size(reply)


def _size(data: bytes) -> int:
    """The whole length: status, space, eight columns, a line feed, the body, a line feed; 0 if that is not so."""
    digits = data[4:12].rstrip(b" ")
    return 14 + int(digits) if digits.isdigit() and data[12:13] == b"\n" and data[:3].isdigit() else 0


def _whole(data: bytes) -> bool:
    if data[:4] not in (AUTH[: len(data)], OK[: len(data)]):
        return True
    return len(data) >= 13 and len(data) >= _size(data)

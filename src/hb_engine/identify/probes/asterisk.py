"""Asterisk's manager interface (AMI) on TCP 5038, inside TLS on 5039: it greets first, and wants a login for the rest.

Source: Asterisk, main/manager.c. The number in the greeting is that of the interface, not of Asterisk.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("asterisk", tcp=(5038,), tls=(5039,), speaks="server", names=("asterisk-ami",))
START = b"Asterisk Call Manager/"


def talk(peer: Peer) -> Talk:
    """Only listen."""
    line = bytes((yield Ask(until=_greeted))).partition(b"\n")[0].rstrip(b"\r")
    version = line[len(START) :]
    if not line.startswith(START) or not version[:1].isdigit():
        return None
    return Identity(
        "asterisk",
        "Asterisk",
        info=f"manager interface {text(version)}",
        proof="banner",
        evidence=text(line),
        guarded=True,
    )


def _greeted(data: bytes) -> bool:
    """A whole line, or the beginning of something else."""
    return b"\n" in data or not (START.startswith(data) or data.startswith(START))

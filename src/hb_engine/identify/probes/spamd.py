"""spamd, SpamAssassin's daemon: PING is answered by PONG, and no message is given to it.

Specification: SpamAssassin, spamd/PROTOCOL.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("spamassassin", tcp=(783,), names=("spamd", "apache-spamassassin"))
START = b"SPAMD/"


def talk(peer: Peer) -> Talk:
    """PING."""
    reply = yield Ask(b"PING SPAMC/1.5\r\n\r\n", until=b"\n")
    version, code, word = (*bytes(reply).rstrip().split(b" ", 2), b"", b"", b"")[:3]
    if not version.startswith(START) or code != b"0" or word != b"PONG":
        return None
    return Identity(
        "spamassassin",
        "SpamAssassin spamd",
        info=f"protocol {text(version[len(START) :])}",
        cpe=("cpe:/a:apache:spamassassin",),
        evidence=text(reply),
    )


def hint(reply: bytes) -> bool:
    """What an HTTP request gets: a status line of its own."""
    return reply.startswith(START)

"""The API of MikroTik's RouterOS on TCP 8728, inside TLS on 8729: sentences of words with their lengths in front.

Sent is /quit, the one command that needs no login and does nothing but end the connection; the answer is !fatal, as it
is for every command of a stranger. A login is never begun: a failed one would be logged and counted. Source: MikroTik
documentation, "API".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("routeros-api", tcp=(8728,), tls=(8729,), names=("mikrotik-api",), anywhere=False)
QUIT = b"\5/quit\0"
FATAL = b"\6!fatal"


def talk(peer: Peer) -> Talk:
    """Goodbye."""
    reply = bytes((yield Ask(QUIT, until=b"\0")))
    size = reply[len(FATAL)] if len(reply) > len(FATAL) else 0
    word = reply[len(FATAL) + 1 : len(FATAL) + 1 + size]
    if not reply.startswith(FATAL) or size >= 0x80 or len(reply) != len(FATAL) + 1 + size + bool(size):
        return None
    return Identity(
        "routeros-api",
        "MikroTik RouterOS API",
        system="RouterOS",
        device="router",
        evidence=f"!fatal {text(word)}".strip(),
        guarded=True,
    )

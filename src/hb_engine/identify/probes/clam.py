"""clamd, ClamAV's daemon: VERSION tells the engine and the signatures. Nothing is scanned, no path is named.

Specification: clamd(8).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("clam", tcp=(3310,), names=("clamd", "dyna-access"))
START = b"ClamAV "


def talk(peer: Peer) -> Talk:
    """VERSION, in the form that ends with a NUL."""
    reply = yield Ask(b"zVERSION\0", until=b"\0")
    if not reply.startswith(START) or not reply.endswith(b"\0"):
        return None
    version, _, rest = text(reply[len(START) :]).partition("/")
    signatures, _, date = rest.partition("/")
    if not version[:1].isdigit():
        return None
    return Identity(
        "clam",
        "ClamAV",
        version,
        info=f"signatures {signatures}, {date}" if signatures else "",
        cpe=(f"cpe:/a:clamav:clamav:{version}",),
        proof="banner",
        evidence=text(reply),
    )


def hint(reply: bytes) -> bool:
    """What an HTTP request gets."""
    return reply.rstrip(b"\n\0") == b"UNKNOWN COMMAND"

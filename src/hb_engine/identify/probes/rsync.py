"""The rsync daemon (csprotocol.txt of rsync): it greets with its protocol version. The program's version is not told.

Only the greeting is read. No module is listed, and none is opened.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("rsync", tcp=(873,), tls=(874,), speaks="server")
START, REFUSAL = b"@RSYNCD: ", b"@ERROR"


def talk(peer: Peer) -> Talk:
    """Only listen."""
    heard = yield Ask(until=_greeted)
    line = heard.split(b"\n")[0]
    if line.startswith(REFUSAL):
        return Identity("rsync", guarded=True, proof="banner", evidence=text(line))
    version, _, digests = line[len(START) :].partition(b" ")
    if not line.startswith(START) or not version.replace(b".", b"", 1).isdigit() or len(version) > 8:
        return None
    return Identity(
        "rsync",
        "rsync daemon",
        info=f"protocol {text(version)}",
        proof="banner",
        evidence=text(line),
        facts=(("digests", text(digests)),) if digests.strip() else (),
    )


def _greeted(data: bytes) -> bool:
    """A line, or bytes that cannot begin one of ours."""
    return b"\n" in data or not (START.startswith(data[: len(START)]) or data.startswith((START, b"@E")))

"""Checkmk's agent on TCP 6556: it sends its whole report to whoever connects (Checkmk manual, "Monitoring agents").

We read its first section and leave. An agent that wants TLS or pushes its data says nothing that we would know.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("check_mk", tcp=(6556,), speaks="server", names=("checkmk-agent",))
START = b"<<<check_mk>>>\n"
ENOUGH = 600


def talk(peer: Peer) -> Talk:
    """Only listen, to the end of the first section."""
    heard = bytes((yield Ask(until=_told)))
    if not heard.startswith(START):
        return None
    lines = heard[len(START) :].partition(b"<<<")[0].split(b"\n")
    told = {name: value.strip() for name, _, value in (line.partition(b": ") for line in lines)}
    version = text(told.get(b"Version", b""))
    return Identity(
        "check_mk",
        "Checkmk agent",
        version,
        hostname=text(told.get(b"Hostname", b"")),
        system=text(told.get(b"AgentOS", b"")),
        proof="banner",
        evidence=f"<<<check_mk>>> Version: {version}",
    )


def _told(data: bytes) -> bool:
    """The first section is over, or this is something else."""
    if not data.startswith(START):
        return not START.startswith(data)
    return b"\n<<<" in data or len(data) >= ENOUGH

"""VMware's authentication daemon (902) greets in one line, which says what it wants: TLS begins behind it.

Nobody logs in. The words of the greeting are those of VMware ESXi, Workstation and Server; they are not published as a
specification.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("vmware-auth", tcp=(902, 912), speaks="server", names=("vmware-authd", "ideafarm-door", "apex-mesh"))
START = b"220 VMware Authentication Daemon Version "


def talk(peer: Peer) -> Talk:
    """Only listen, then begin TLS where it is required."""
    heard = yield Ask(until=b"\n")
    line = bytes(heard).partition(b"\n")[0].rstrip(b"\r")
    if not line.startswith(START):
        return None
    version, _, rest = text(line[len(START) :]).partition(":")
    required = "SSL Required" in rest
    tls = (yield StartTls()) if required else None
    return Identity(
        "vmware-auth",
        "VMware Authentication Daemon",
        version,
        info=", ".join(part.strip() for part in rest.split(",") if part.strip())[:200],
        proof="banner",
        evidence=text(line),
        starttls="required" if required else "absent",
        tls=tls,
    )


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply.startswith(START)

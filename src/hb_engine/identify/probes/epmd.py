"""epmd, Erlang's port mapper: NAMES_REQ lists the nodes of its machine (RabbitMQ, CouchDB, ejabberd) with their ports.

Specification: Erlang/OTP, "Distribution Protocol": EPMD protocol, NAMES_REQ.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("epmd", tcp=(4369,))


def talk(peer: Peer) -> Talk:
    """Names; epmd hangs up behind its answer, which begins with its own port."""
    reply = yield Ask(b"\0\x01n", until=lambda _: False)
    port, lines = int.from_bytes(reply[:4], "big"), bytes(reply[4:]).split(b"\n")
    if len(reply) < 4 or port not in (4369, peer.port) or lines[-1]:
        return None
    nodes = [line.split(b" ") for line in lines[:-1]]
    if not all(len(node) == 5 and node[0] == b"name" and node[2:4] == [b"at", b"port"] for node in nodes):
        return None
    names = ", ".join([f"{text(node[1])} at port {text(node[4])}" for node in nodes])
    return Identity(
        "epmd",
        "Erlang Port Mapper Daemon",
        info=names[:200],
        evidence=f"port {port}, {len(nodes)} nodes",
        facts=tuple(("node", f"{text(node[1])} {text(node[4])}") for node in nodes[:20]),
    )

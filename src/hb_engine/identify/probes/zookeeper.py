"""ZooKeeper: `srvr`, four letters that only read; where they are not allowed, the refusal names it as surely.

ClickHouse Keeper answers the same question under its own name.
Specification: ZooKeeper Administrator's Guide, "The Four Letter Words".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("zookeeper", tcp=(2181,), tls=(2281,), names=("zookeeper-tls", "clickhouse-keeper", "eforward"))
REFUSAL = b"srvr is not executed because it is not in the whitelist."
VERSIONS = (
    (b"Zookeeper version: ", "Zookeeper", "cpe:/a:apache:zookeeper"),
    (b"ClickHouse Keeper version: ", "ClickHouse Keeper", "cpe:/a:clickhouse:clickhouse"),
)


def talk(peer: Peer) -> Talk:
    """srvr; the server hangs up behind its answer."""
    reply = yield Ask(b"srvr", until=b"Node count: ")
    if reply.strip() == REFUSAL:
        return Identity("zookeeper", "Zookeeper", guarded=True, proof="banner", evidence=text(reply))
    for start, product, cpe in VERSIONS:
        if reply.startswith(start) and b"\nMode: " in reply:
            version = _version(text(reply[len(start) :].split(b",", 1)[0].split(b"\n", 1)[0]))
            mode = text(reply.partition(b"\nMode: ")[2].split(b"\n", 1)[0])
            return Identity(
                "zookeeper", product, version, info=mode, cpe=(f"{cpe}:{version}".rstrip(":"),), evidence=text(reply)
            )
    return None


def _version(said: str) -> str:
    """3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, or v23.8.1-testing: what comes before the dash."""
    word = said.removeprefix("v").partition("-")[0]
    return word if word[:1].isdigit() else ""

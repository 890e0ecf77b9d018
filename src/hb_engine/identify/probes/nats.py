"""NATS: the server greets with INFO and an object that has its version; TLS begins right behind it where it is offered.

We only listen; nobody connects in the protocol's own sense. Clusters and leaf nodes greet in the same way.
Specification: NATS documentation, "Client Protocol": INFO.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nats", tcp=(4222, 6222, 7422), speaks="server", names=("nats-server",))
START = b"INFO {"


def talk(peer: Peer) -> Talk:
    """Only listen, then begin TLS where it is offered."""
    heard = yield Ask(until=_whole)
    told = _told(bytes(heard))
    version = told.get("version")
    if not isinstance(version, str) or not isinstance(told.get("server_id"), str):
        return None
    required, available = told.get("tls_required") is True, told.get("tls_available") is True
    tls = None
    if (required or available) and not peer.tls:
        tls = yield StartTls()
    version = _text(version)
    host = told.get("host")
    cluster = told.get("cluster")
    return Identity(
        "nats",
        "NATS server",
        version,
        info=", ".join(part for part in (_text(told.get("go")), "JetStream" if told.get("jetstream") else "") if part),
        cpe=(f"cpe:/a:linuxfoundation:nats-server:{version}",) if version[:1].isdigit() else (),
        guarded=told.get("auth_required") is True,
        evidence=text(heard),
        starttls="required" if required else "offered" if available else "absent",
        tls=tls,
        facts=tuple((name, _text(value)) for name, value in (("host", host), ("cluster", cluster)) if _text(value)),
    )


def hint(reply: bytes) -> bool:
    """The greeting."""
    return reply.startswith(START) and b'"server_id"' in reply


def _whole(data: bytes) -> bool:
    return b"\n" in data or not (data.startswith(START) or START.startswith(data))


def _told(heard: bytes) -> dict[str, object]:
    """The object of the INFO line; empty if there is none."""
    import json

    line, end, _ = heard.partition(b"\n")
    if not line.startswith(START) or not end:
        return {}
    try:
        told = json.loads(line[len(START) - 1 :])
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _text(value: object) -> str:
    return text(value.encode("utf-8", "replace")) if isinstance(value, str) else ""

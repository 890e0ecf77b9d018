"""gRPC: calls over HTTP/2, with a status in the trailers; asked for the health of the whole server.

Every server answers a call that it does not know with grpc-status 12, so that the health service need not be there.
Specification: gRPC over HTTP2 (PROTOCOL-HTTP2), and grpc.health.v1.
"""

from __future__ import annotations

from hb_engine.identify.http2 import Answer, Connection
from hb_engine.identify.kit import Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("grpc", tcp=(50051, 9095, 19530), names=("grpc-web",), anywhere=False)
HEALTH = "/grpc.health.v1.Health/Check"
CALL = (("content-type", "application/grpc"), ("te", "trailers"))
EMPTY = bytes(5)  # a message of no bytes, not compressed
STATES = {b"\x08\x01": "SERVING", b"\x08\x02": "NOT_SERVING", b"\x08\x03": "SERVICE_UNKNOWN"}
UNAUTHENTICATED, DENIED = "16", "7"


def talk(peer: Peer) -> Talk:
    """One call for the server's health."""
    answer = yield from Connection(peer).ask("POST", HEALTH, CALL, EMPTY)
    return identity_of(answer) if answer else None


def identity_of(answer: Answer) -> Identity | None:
    """gRPC is proved by its content type together with a status, in trailers or in a head that is both."""
    told = dict(answer.head) | dict(answer.trailers)
    status = told.get("grpc-status", "")
    if not told.get("content-type", "").startswith("application/grpc") or not status.isdigit() or len(status) > 2:
        return None
    state = STATES.get(answer.body[5:7], "") if status == "0" else ""
    message = text(told.get("grpc-message", "").encode("latin-1"))
    facts = (("grpc-status", status), ("grpc-message", message), ("health", state))
    server = text(told.get("server", "").encode("latin-1"))
    return Identity(
        "grpc",
        "gRPC",
        info=server,
        guarded=status in (UNAUTHENTICATED, DENIED),
        evidence=f"application/grpc, grpc-status {status}",
        facts=tuple([(name, value) for name, value in facts if value]),
    )

"""STOMP: CONNECT without login or passcode; the server is named in CONNECTED, or says in an ERROR frame why not.

Where it is accepted, that is a session without credentials, and it is ended at once. Nothing is sent to anybody.
Specification: STOMP 1.2, "Connecting" and "ERROR".
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("stomp", tcp=(61613, 61616), tls=(61614,), names=("stomps",), alpn=("stomp",))
CONNECT = b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\0"
CPES = {
    "RabbitMQ": "cpe:/a:vmware:rabbitmq",
    "ActiveMQ": "cpe:/a:apache:activemq",
    "ActiveMQ-Artemis": "cpe:/a:apache:activemq_artemis",
}


def talk(peer: Peer) -> Talk:
    """CONNECT, and DISCONNECT where that was accepted."""
    reply = yield Ask(CONNECT, until=b"\0")
    command, headers = _frame(bytes(reply))
    if command == "CONNECTED":
        yield Ask(b"DISCONNECT\n\n\0", wait=0.05)
    elif command != "ERROR" or not ("message" in headers or "version" in headers):
        return None
    product, _, version = headers.get("server", "").partition("/")
    version = version.split(" ", 1)[0]
    cpe = CPES.get(product, "")
    return Identity(
        "stomp",
        product,
        version,
        info=f"STOMP {headers['version']}" if "version" in headers else "",
        cpe=(f"{cpe}:{version}",) if cpe and version else (),
        guarded=command == "ERROR",
        evidence=text(reply),
    )


def _frame(reply: bytes) -> tuple[str, dict[str, str]]:
    """Command and headers of a frame: lines, an empty line, a body, NUL. Nothing of what is none."""
    head, end, _ = reply.replace(b"\r\n", b"\n").partition(b"\n\n")
    command, *lines = head.lstrip(b"\n").split(b"\n")
    if not end or b"\0" not in reply or not all(b":" in line for line in lines):
        return "", {}
    pairs = [line.partition(b":") for line in lines[:50]]
    return text(command), {text(name): text(value) for name, _, value in pairs}

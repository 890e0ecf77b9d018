"""MQTT: a CONNECT without user, password or will is accepted or refused in a way that nobody else answers.

Where it is accepted, that is a session without credentials: the broker's version is read from $SYS (which only reads),
and the session is ended. Nothing is published. The client's name is of our own and fresh, so that nobody is displaced.
Specification: OASIS MQTT 3.1.1 (3.1 to 3.3, 3.8, 3.14) and 5.0 (3.2).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mqtt", tcp=(1883,), tls=(8883,), names=("secure-mqtt", "mqtt-tls"), alpn=("mqtt", "x-amzn-mqtt-ca"))
TOPICS = (b"$SYS/broker/version", b"$SYS/brokers/+/version")
DISCONNECT = b"\xe0\0"
REFUSED = {
    1: "protocol version refused", 2: "client identifier refused", 3: "server unavailable",
    4: "bad user name or password", 5: "not authorized",
}  # fmt: skip
# Reasons of MQTT 5 with which a server that speaks nothing else refuses 3.1.1.
REFUSED_5 = {0x84: "protocol version refused", 0x85: "client identifier refused", 0x87: "not authorized"}
CPES = {"mosquitto": "cpe:/a:eclipse:mosquitto"}


def talk(peer: Peer) -> Talk:
    """CONNECT; where that is accepted, read the version from $SYS and disconnect."""
    name = b"hb-" + peer.nonce[:8].hex().encode()
    # protocol level 4, a clean session, 60 seconds
    body = b"\0\x04MQTT\x04\x02\0\x3c" + len(name).to_bytes(2, "big") + name
    reply = yield Ask(b"\x10" + bytes([len(body)]) + body, until=at_least(4))
    code = _code(bytes(reply))
    if code is None:
        return None
    if code:
        why = (REFUSED | REFUSED_5)[code]
        only_5 = "MQTT 5" if code in REFUSED_5 else "MQTT 3.1.1"
        return Identity("mqtt", info=f"{only_5}, {why}", guarded=code not in (1, 3, 0x84), evidence=f"CONNACK {code}")
    number = peer.nonce[8:9] + bytes([peer.nonce[9] | 1])
    topics = b"".join(len(topic).to_bytes(2, "big") + topic + b"\0" for topic in TOPICS)
    told = yield Ask(b"\x82" + bytes([2 + len(topics)]) + number + topics, until=_published, wait=1)
    yield Ask(DISCONNECT, wait=0.05)
    said = _published_text(bytes(told))
    product, version = _kind(said)
    cpe = CPES.get(product, "")
    return Identity(
        "mqtt",
        product,
        version,
        info="MQTT 3.1.1",
        cpe=(f"{cpe}:{version}",) if cpe and version else (),
        proof="nonce" if b"\x90\x04" + number in told else "structure",
        evidence=f"CONNACK 0{', ' if said else ''}{said}",
    )


def _code(reply: bytes) -> int | None:
    """The return code of a CONNACK, or None if it is none; MQTT 5 adds properties."""
    if len(reply) < 4 or reply[0] != 0x20 or reply[2] > 1:
        return None
    if reply[1] == 2 and len(reply) == 4 and (reply[3] == 0 or reply[3] in REFUSED):
        return reply[3] if not (reply[3] and reply[2]) else None
    return reply[3] if 3 <= reply[1] < 128 and reply[2] == 0 and reply[3] in REFUSED_5 else None


def _packets(data: bytes) -> list[tuple[int, bytes]]:
    """The whole packets of a reply: first byte, body."""
    found: list[tuple[int, bytes]] = []
    while len(data) >= 2 and len(found) < 20:
        size, used = data[1] & 0x7F, 2
        if data[1] & 0x80:
            if len(data) < 3 or data[2] & 0x80:
                break
            size, used = size | data[2] << 7, 3
        if len(data) < used + size:
            break
        found.append((data[0], data[used : used + size]))
        data = data[used + size :]
    return found


def _published_text(data: bytes) -> str:
    """The text of the first PUBLISH on a topic of $SYS that ends in version."""
    for kind, body in _packets(data):
        size = int.from_bytes(body[:2], "big")
        topic, rest = body[2 : 2 + size], body[2 + size :]
        if kind >> 4 == 3 and topic.startswith(b"$SYS/") and topic.endswith(b"/version"):
            return text(rest[2:] if kind & 6 else rest)
    return ""


def _published(data: bytes) -> bool:
    return any(kind >> 4 == 3 for kind, _ in _packets(data))


def _kind(said: str) -> tuple[str, str]:
    """mosquitto version 2.0.11; others say a number only."""
    name, _, version = said.partition(" version ")
    if version:
        return name, version.split(" ", 1)[0]
    return ("", said) if said[:1].isdigit() else (said, "")

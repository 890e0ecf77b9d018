"""Kafka: ApiVersions asks what a broker can do; it is answered before anybody logs in, also where SASL is wanted.

The answer has no version, but which requests it can read, up to which of their versions, narrows the release.
Specification: Apache Kafka, "Kafka protocol guide" (ApiVersions v0: key 18).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("kafka", tcp=(9092, 9094), tls=(9093,), names=("XmlIpcRegSvc", "xmlipcregsvc", "redpanda"))
PRODUCE, FETCH, LIST_OFFSETS, METADATA, API_VERSIONS = 0, 1, 2, 3, 18
CLIENT = b"hb"
UNSUPPORTED_VERSION = 35
# Which release of Apache Kafka first had a version of a request (the protocol's message schemas), newest first.
SINCE = (
    ("4.2", LIST_OFFSETS, 11), ("4.1", PRODUCE, 13), ("4.0", LIST_OFFSETS, 10), ("3.9", FETCH, 17),
    ("3.8", PRODUCE, 11),
    ("3.7", FETCH, 16), ("3.5", FETCH, 15), ("3.1", FETCH, 13), ("3.0", LIST_OFFSETS, 7), ("2.8", PRODUCE, 9),
    ("2.7", FETCH, 12), ("2.4", PRODUCE, 8), ("2.3", FETCH, 11), ("2.2", LIST_OFFSETS, 5), ("2.1", FETCH, 10),
    ("2.0", FETCH, 8), ("1.1", FETCH, 7), ("1.0", METADATA, 5), ("0.11", METADATA, 4), ("0.10.1", METADATA, 2),
)  # fmt: skip


def talk(peer: Peer) -> Talk:
    """ApiVersions v0, with a correlation number of ours."""
    number = peer.nonce[:4]
    request = b"\0\x12\0\0" + number + len(CLIENT).to_bytes(2, "big") + CLIENT
    reply = yield Ask(len(request).to_bytes(4, "big") + request, until=framed(0, 4, 4))
    size = int.from_bytes(reply[:4], "big")
    if len(reply) != 4 + size or size < 10 or reply[4:8] != number:
        return None
    error, count = int.from_bytes(reply[8:10], "big"), int.from_bytes(reply[10:14], "big")
    if error not in (0, UNSUPPORTED_VERSION) or size < 10 + 6 * count or not 1 <= count < 1000:
        return None
    newest = _newest(bytes(reply[14:]), count)
    if API_VERSIONS not in newest or METADATA not in newest:
        return None
    return Identity(
        "kafka",
        "Apache Kafka",
        info=_release(newest),
        cpe=("cpe:/a:apache:kafka",),
        proof="nonce",
        evidence=f"ApiVersions: {count} requests, Fetch up to {newest.get(FETCH)}, Produce up to {newest.get(PRODUCE)}",
    )


def _newest(body: bytes, count: int) -> dict[int, int]:
    """The newest version of each request: key, oldest, newest."""
    cursor, newest = Cursor(body), dict[int, int]()
    for _ in range(count):
        key, _oldest, last = cursor.be16(), cursor.be16(), cursor.be16()
        newest[key] = last
    return newest


def _release(newest: dict[int, int]) -> str:
    """The newest release whose requests are understood. Programs that only speak like Kafka choose what they like."""
    for release, key, version in SINCE:
        if newest.get(key, -1) >= version:
            return f"understands requests of {release}"
    return "understands requests of 0.10.0"

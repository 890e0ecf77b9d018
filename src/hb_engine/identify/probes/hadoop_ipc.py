"""Hadoop's IPC ports tell an HTTP request, in HTTP, that it came to the wrong port. No call is made.

Source of the words: Apache Hadoop, org.apache.hadoop.ipc.Server.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("hadoop-ipc", tcp=(8020, 9820, 8032), names=("intu-ec-svcdisc",), anywhere=False)
WORDS = b"It looks like you are making an HTTP request to a Hadoop IPC port."


def talk(peer: Peer) -> Talk:
    """Ask in HTTP."""
    reply = yield Ask(b"GET / HTTP/1.0\r\n\r\n", until=WORDS)
    if not hint(reply):
        return None
    evidence = text(reply.partition(b"\r\n\r\n")[2])
    return Identity("hadoop-ipc", "Apache Hadoop", cpe=("cpe:/a:apache:hadoop",), proof="banner", evidence=evidence)


def hint(reply: bytes) -> bool:
    """What an HTTP request is told."""
    return reply.startswith(b"HTTP/1.1 404 ") and WORDS in reply[:400]

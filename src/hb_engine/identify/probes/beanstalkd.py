"""beanstalkd: `stats` reads its figures, with its version among them. Nothing is put, reserved or watched.

Specification: beanstalkd, doc/protocol.txt.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("beanstalkd", tcp=(11300,), names=("beanstalk",))


def talk(peer: Peer) -> Talk:
    """stats: OK, a length, and a dictionary in YAML."""
    reply = yield Ask(b"stats\r\n", until=_whole)
    head, _, body = bytes(reply).partition(b"\r\n")
    if not _is_ok(head) or not body.startswith(b"---\n") or len(body) != int(head[3:]) + 2:
        return None
    told = {
        text(name): text(value).strip('"') for name, _, value in (line.partition(b": ") for line in body.split(b"\n"))
    }
    version = told.get("version", "")
    if "current-jobs-ready" not in told or not version:
        return None
    return Identity(
        "beanstalkd",
        "beanstalkd",
        version,
        hostname=told.get("hostname", ""),
        cpe=(f"cpe:/a:beanstalkd:beanstalkd:{version}",) if version[:1].isdigit() else (),
        evidence=f"stats: version {version}, uptime {told.get('uptime', '')}",
    )


def hint(reply: bytes) -> bool:
    """What each line of an HTTP request gets."""
    return reply.startswith(b"UNKNOWN_COMMAND\r\n")


def _is_ok(head: bytes) -> bool:
    return head[:3] == b"OK " and head[3:].isdigit() and len(head) < 9


def _whole(data: bytes) -> bool:
    head, end, body = data.partition(b"\r\n")
    return bool(end) and (not _is_ok(head) or len(body) >= int(head[3:]) + 2)

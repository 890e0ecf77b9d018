"""Daytime (RFC 867): on a connection the server sends a date in no prescribed form, and closes; on UDP it answers.

It counts where a line alone, then closed, holds a time of day, and a year that some clock could show.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("daytime", tcp=(13,), udp=(13,), speaks="server")
LONGEST = 120
FOREIGN = (b"HTTP/", b"220", b"200", b"+OK", b"* ", b"SSH-", b"<", b"{")


def talk(peer: Peer) -> Talk:
    """Only listen, until the server closes; on UDP any datagram asks, and one is the answer."""
    udp = peer.transport == "udp"
    until = None if udp else _is_enough
    heard = yield Ask(b"\n" if udp else b"", until)
    line = text(heard)
    if heard.ended != ("" if udp else "closed") or not line or len(heard) > LONGEST or heard.startswith(FOREIGN):
        return None
    if heard.strip(b"\r\n\0").count(b"\n") or not all(byte >= 32 or byte in b"\r\n\0" for byte in heard):
        return None
    if not is_date(line):
        return None
    return Identity("daytime", evidence=line, facts=(("time", line),))


def _is_enough(data: bytes) -> bool:
    """More than a date, or the greeting of others: there is no end to wait for."""
    return len(data) > LONGEST or data.startswith(FOREIGN)


def is_date(line: str) -> bool:
    """Whether a line holds a time of day, and a year."""
    return _has_time(line) and _has_year(line)


def _has_time(line: str) -> bool:
    """Two digits, a colon, two digits, a colon, two digits."""
    parts = line.split(":")
    around = [(parts[at][-2:], parts[at + 1], parts[at + 2][:2]) for at in range(len(parts) - 2)]
    return any(all(len(part) == 2 and part.isdigit() for part in three) for three in around)


def _has_year(line: str) -> bool:
    """A word of four digits from 1970 to 2106, or NIST's modified Julian day."""
    numbers = [word for word in line.replace("-", " ").replace("/", " ").replace(",", " ").split() if word.isdigit()]
    return any(len(word) == 4 and 1970 <= int(word) <= 2106 for word in numbers) or "UTC(NIST)" in line

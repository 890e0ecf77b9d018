"""What a packet must be for a rule to lead it elsewhere: conditions, and how a comparison narrows them.

Ports, protocols, destinations and devices are understood; any other condition is kept as words. Nothing here knows how
rules are written; two languages of them, nf_tables' and iptables', come to the same conditions.
"""

from __future__ import annotations

from sys import byteorder

from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Range = tuple[int, int]

PROTOCOLS = {6: "tcp", 17: "udp", 132: "sctp", 33: "dccp", 136: "udplite"}
TOP = 65535
WORDS = {"saddr": "where it comes from", "ct": "its connection", "other": "a further condition"}


@record
class Match:
    """What a packet must be. None is anything; `local` is any address of this machine's; `further` are words."""

    transports: tuple[str, ...] | None = None
    ports: tuple[Range, ...] | None = None
    addresses: tuple[tuple[bytes, int], ...] | None = None  # packed, and how many bits count
    devices: tuple[str, ...] | None = None
    family: str = ""  # ipv4, ipv6, or either
    local: bool = False
    further: tuple[str, ...] = ()


def narrowed(match: Match, field: str, data: bytes) -> list[Match]:
    """A match with one field of one value; [] where that cannot be."""
    if field == "dport":
        number = int.from_bytes(data[:2], "big")
        return narrowed_ports(match, ((number, number),))
    if field == "l4proto":
        narrowed = transported(match, (PROTOCOLS[data[0]],)) if data and data[0] in PROTOCOLS else None
        return [narrowed] if narrowed else []
    if field in ("nfproto", "protocol"):
        family = {b"\x02": "ipv4", b"\x0a": "ipv6", b"\x08\x00": "ipv4", b"\x86\xdd": "ipv6"}.get(data, "?")
        return [replace(match, family=family)] if match.family in ("", family) else []
    if field.startswith("daddr"):
        size = 4 if match.family == "ipv4" else 16
        data = data[:size]
        bits = min(int(field[6:]) if "/" in field else 8 * len(data), 8 * size)
        return [replace(match, addresses=((data.ljust(size, b"\0"), bits),))]
    if field in ("iifname", "iif"):
        name = device(data) if field == "iifname" else f"#{int.from_bytes(data, byteorder)}"
        return [replace(match, devices=(name,))]
    if field == "type":
        return (
            [replace(match, local=True)] if int.from_bytes(data, byteorder) == 2 else [further(match, WORDS["other"])]
        )
    if field == "":  # chance: a number that was made up, or a constant
        return [match]
    return [further(match, WORDS.get(field, WORDS["other"]))]


def transported(match: Match, transports: tuple[str, ...]) -> Match | None:
    """A match with its transports narrowed to some; None where none is left."""
    both = transports if match.transports is None else tuple([one for one in match.transports if one in transports])
    return replace(match, transports=both) if both else None


def narrowed_ports(match: Match, ranges: tuple[Range, ...]) -> list[Match]:
    """A match with its ports narrowed to some ranges; [] where none is left."""
    both = ranges
    if match.ports is not None:
        both = tuple([(max(a, c), min(b, d)) for a, b in match.ports for c, d in ranges if max(a, c) <= min(b, d)])
    both = tuple([one for one in both if one[0] <= one[1]])
    return [replace(match, ports=both)] if both else []


def others(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """All ports that are in none of some ranges."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, TOP)) if start <= TOP else tuple(found)


def further(match: Match, *words: str) -> Match:
    """A match with conditions that are only words."""
    return replace(match, further=tuple(dict.fromkeys((*match.further, *words))))


def device(data: bytes) -> str:
    """A device's name; one that is cut short stands for all that begin so."""
    text = data.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")
    return text if b"\0" in data else f"{text}*"

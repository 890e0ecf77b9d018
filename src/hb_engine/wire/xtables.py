"""What iptables' matches and targets say in the binary form that iptables-nft leaves in a rule.

Only those that choose a port or an address, or that lead a connection elsewhere, are read; the rest are named by their
name. A form that is not known here is None, and whoever asked tells so.

Sources: include/uapi/linux/netfilter/{xt_tcpudp,xt_multiport,xt_addrtype,xt_TPROXY,nf_nat}.h, and
include/uapi/linux/netfilter_ipv4/ip_tables.h for sizes.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.record import record

_TCP, _UDP = Struct("=HHHHBBBB"), Struct("=HHHHB")
_MULTIPORT = Struct("=BB15H15BB")
_ADDRTYPE = Struct("=HHI")
_OLD_RANGE, _RANGE = Struct("=II4s4s2s2s"), Struct("=I16s16s2s2s")
_OLD_TPROXY, _TPROXY = Struct("=II4s2s"), Struct("=II16s2s")
_DESTINATION_INVERTED = 2
_LOCAL = 1 << 2  # 1 << RTN_LOCAL
_MAP_ADDRESS, _MAP_PORT = 1, 2  # NF_NAT_RANGE_*
NEUTRAL = ("comment", "conntrack", "state", "limit", "hashlimit", "statistic", "recent", "mark", "owner")
TARGETS = ("REDIRECT", "DNAT", "TPROXY")


@record
class Ports:
    """Destination ports, as ranges; `inverted` for all others."""

    ranges: tuple[tuple[int, int], ...]
    inverted: bool = False


@record
class Target:
    """Where a target leads: an address (packed, empty for this machine) and ports (network order), 0 for the same."""

    address: bytes = b""
    first: int = 0
    last: int = 0


def ports(name: str, revision: int, info: bytes) -> Ports | None:
    """The destination ports that a match asks for: tcp, udp, multiport. None for another match, or another form."""
    if name == "tcp" and len(info) >= _TCP.size:
        _, _, first, last, _, _, _, inverted = _TCP.unpack_from(info)
        return Ports(((first, last),), bool(inverted & _DESTINATION_INVERTED))
    if name == "udp" and len(info) >= _UDP.size:
        _, _, first, last, inverted = _UDP.unpack_from(info)
        return Ports(((first, last),), bool(inverted & _DESTINATION_INVERTED))
    if name == "multiport" and revision == 1 and len(info) >= _MULTIPORT.size:
        return _multiport(_MULTIPORT.unpack_from(info))
    return None


def _multiport(values: tuple[int, ...]) -> Ports | None:
    kind, count, numbers, spans, inverted = values[0], values[1], values[2:17], values[17:32], values[32]
    if kind == 0 or count > len(numbers):  # source ports
        return None
    ranges, at = [], 0
    while at < count:
        wide = spans[at] and at + 1 < count
        ranges.append((numbers[at], numbers[at + 1] if wide else numbers[at]))
        at += 2 if wide else 1
    return Ports(tuple(ranges), bool(inverted))


def only_local(name: str, revision: int, info: bytes) -> bool:
    """Whether a match is for packets to this machine's own addresses (addrtype --dst-type LOCAL)."""
    if name != "addrtype" or revision != 1 or len(info) < _ADDRTYPE.size:
        return False
    source, destination, flags = _ADDRTYPE.unpack_from(info)
    return bool(not source and destination == _LOCAL and not flags & 3)


def target(name: str, revision: int, info: bytes, *, wide: bool) -> Target | None:
    """Where REDIRECT, DNAT or TPROXY lead; `wide` for IPv6. None for another target, or another form."""
    if name in ("REDIRECT", "DNAT"):
        return _nat(info) if wide or (name == "DNAT" and revision > 0) else _old_nat(info)
    if name == "TPROXY":
        layout = _OLD_TPROXY if revision == 0 else _TPROXY
        if len(info) < layout.size:
            return None
        _, _, address, port = layout.unpack_from(info)
        number = int.from_bytes(port, "big")
        return Target(_address(address, wide=wide), number, number)
    return None


def _old_nat(info: bytes) -> Target | None:
    """struct nf_nat_ipv4_multi_range_compat."""
    if len(info) < _OLD_RANGE.size:
        return None
    _, flags, address, _, first, last = _OLD_RANGE.unpack_from(info)
    return _range(flags, address, first, last)


def _nat(info: bytes) -> Target | None:
    """struct nf_nat_range, and the beginning of struct nf_nat_range2."""
    if len(info) < _RANGE.size:
        return None
    flags, address, _, first, last = _RANGE.unpack_from(info)
    return _range(flags, address if any(address[4:]) else address[:4], first, last)


def _range(flags: int, address: bytes, first: bytes, last: bytes) -> Target:
    known = flags & _MAP_PORT
    return Target(
        address if flags & _MAP_ADDRESS else b"",
        int.from_bytes(first, "big") if known else 0,
        int.from_bytes(last, "big") if known else 0,
    )


def _address(address: bytes, *, wide: bool) -> bytes:
    """An address of TPROXY; empty where it is none, for then the packet's interface gives it."""
    packed = address if wide else address[:4]
    return packed if any(packed) else b""

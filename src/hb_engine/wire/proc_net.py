"""The text tables of /proc/net: what is left when netlink is refused, and all that a stranger's namespace shows.

The tables know less than sock_diag (no v6only, no chosen port, no cgroup, no interface), so those fields stay None or
empty and are never inferred from elsewhere. Connected sockets are passed over without being parsed: a busy server has
a hundred thousand of them. Nothing here opens a file.

Sources: proc(5); net/ipv4/tcp_ipv4.c (get_tcp4_sock), net/ipv6/udp.c, net/packet/af_packet.c (packet_seq_show),
net/sctp/proc.c (sctp_eps_seq_show), net/core/sock.c (proto_seq_show).
"""

from __future__ import annotations

from sys import byteorder

from hb_engine.model.errors import Truncated
from hb_engine.wire.socket_row import Socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Table: transport, family, IP protocol, states of interest. Field 3 of a row is the state in hexadecimal.
_LISTENING = {b"0A": "listen"}
_UNCONNECTED = {b"07": "unconnected"}
INET_TABLES = {
    "tcp": ("tcp", "ipv4", 6, _LISTENING),
    "tcp6": ("tcp", "ipv6", 6, _LISTENING),
    "udp": ("udp", "ipv4", 17, _UNCONNECTED),
    "udp6": ("udp", "ipv6", 17, _UNCONNECTED),
    "udplite": ("udplite", "ipv4", 136, _UNCONNECTED),
    "udplite6": ("udplite", "ipv6", 136, _UNCONNECTED),
    "raw": ("raw", "ipv4", 0, _UNCONNECTED),
    "raw6": ("raw", "ipv6", 0, _UNCONNECTED),
}
TABLES = (*INET_TABLES, "packet", "sctp/eps")  # paths below /proc/net
_LINE_LIMIT = 65536
_SCTP_STATES = {b"10": "listen", b"7": "bound"}


def parse(table: str, lines: Iterable[bytes], netns: int) -> Iterator[Socket]:
    """The sockets of one of TABLES, from its lines with the headline. Raises Truncated for a row cut short."""
    rows = iter(lines)
    if next(rows, None) is None:
        return
    if table in INET_TABLES:
        yield from _inet(table, rows, netns)
        return
    for line in rows:
        if line.strip():
            yield from (_packet(line, netns) if table == "packet" else _endpoint(line, netns))


def protocols(text: bytes) -> dict[str, int]:
    """/proc/net/protocols: how many sockets of each protocol the namespace has. Unreadable rows are left out."""
    counts = {}
    for line in text.splitlines()[1:]:
        fields = line.split(None, 3)
        if len(fields) > 2 and fields[2].isdigit():
            counts[fields[0].decode("ascii", "replace")] = int(fields[2])
    return counts


def _inet(table: str, rows: Iterator[bytes], netns: int) -> Iterator[Socket]:
    transport, family, protocol, states = INET_TABLES[table]
    marks = tuple(b" " + state + b" " for state in states)
    addresses: dict[bytes, bytes] = {}
    for line in rows:
        if not any(mark in line for mark in marks):  # no state of interest: a connection, not worth splitting
            continue
        fields = line[:_LINE_LIMIT].split(None, 10)
        state = states.get(fields[3]) if len(fields) > 3 else None
        if state is None:
            continue
        try:
            host, _, port = fields[1].partition(b":")
            address = addresses.get(host) or addresses.setdefault(host, _address(host))
            number, uid, inode = int(port, 16), int(fields[7]), int(fields[9])
        except (IndexError, ValueError):
            raise _broken(table, line) from None
        yield Socket(
            transport=transport,
            family=family,
            address=address,
            port=None if transport == "raw" else number,
            state=state,
            inode=inode,
            netns=netns,
            uid=uid,
            protocol=number if transport == "raw" else protocol,
            source="proc",
        )


def _address(host: bytes) -> bytes:
    """Network order, from words of 32 bits that the kernel printed in its own order."""
    if len(host) not in (8, 32):
        raise ValueError(host)
    return b"".join(int(host[at : at + 8], 16).to_bytes(4, byteorder) for at in range(0, len(host), 8))


def _packet(line: bytes, netns: int) -> Iterator[Socket]:
    """sk RefCnt Type Proto Iface R Rmem User Inode; protocol in hexadecimal."""
    fields = line.split()
    try:
        protocol, ifindex, uid, inode = int(fields[3], 16), int(fields[4]), int(fields[7]), int(fields[8])
    except (IndexError, ValueError):
        raise _broken("packet", line) from None
    yield Socket(
        transport="packet",
        family="packet",
        address=b"",
        port=None,
        state="tap" if protocol else "unconnected",
        inode=inode,
        netns=netns,
        uid=uid,
        ifindex=ifindex,
        protocol=protocol,
        source="proc",
    )


def _endpoint(line: bytes, netns: int) -> Iterator[Socket]:
    """ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS: one row for each address, all with the endpoint's inode."""
    fields = line[:_LINE_LIMIT].split()
    try:
        state, port, uid, inode = _SCTP_STATES.get(fields[3]), int(fields[5]), int(fields[6]), int(fields[7])
        addresses = [_sctp_address(text.lstrip(b"*")) for text in fields[8:] if text != b"*"]
    except (IndexError, ValueError):
        raise _broken("sctp/eps", line) from None
    for address in addresses if state else ():
        yield Socket(
            transport="sctp",
            family="ipv4" if len(address) == 4 else "ipv6",
            address=address,
            port=port,
            state=state or "",
            inode=inode,
            netns=netns,
            uid=uid,
            protocol=132,
            source="proc",
        )


def _sctp_address(text: bytes) -> bytes:
    """Dotted decimal, or IPv6 with all of its digits (%pI6)."""
    if b":" in text:
        packed = bytes.fromhex(text.replace(b":", b"").decode("ascii"))
        if len(packed) != 16:
            raise ValueError(text)
        return packed
    packed = bytes(int(part) for part in text.split(b"."))
    if len(packed) != 4:
        raise ValueError(text)
    return packed


def _broken(table: str, line: bytes) -> Truncated:
    return Truncated(f"a row of /proc/net/{table} is cut short or unknown: {line[:80]!r}")

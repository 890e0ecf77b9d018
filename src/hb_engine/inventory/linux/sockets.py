"""Every socket of one network namespace that may be an opening, whoever holds it.

The namespace is the calling thread's; entering others is namespaces' business, and owners are somebody else's. Netlink
is asked first; a family that it refuses is read from the text in /proc/net; only where neither can answer is there a
gap, with the reason. A family is left out unasked only where /proc/net/protocols counts none of it.
"""

from __future__ import annotations

import errno
import os

from hb_engine.inventory.linux import diag
from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record, replace
from hb_engine.wire import netlink, proc_net
from hb_engine.wire.netlink import Refused
from hb_engine.wire.socket_row import Socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[Netlink, int], diag.Answer]

HERE = "/proc/thread-self/net"  # /proc/net follows the main thread, which may be in another namespace than this one
_NOT_THERE = (errno.ENOENT, errno.EOPNOTSUPP, errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT)
_COUNTS_LIMIT = 1 << 16
_BY_DESCRIPTOR = "run as root: the sockets are found among the descriptors of processes"


@record
class Dump:
    """The sockets of one namespace, the sources that were read (`sock_diag tcp`, `proc raw`), and what was not seen."""

    sockets: tuple[Socket, ...]
    sources: tuple[str, ...]
    gaps: tuple[Gap, ...]


@record
class Family:
    """One kind of socket: its name, how to ask, its text tables, its names in /proc/net/protocols, and how to see it.

    `counted`: those names count its sockets, so that none there means none to ask for.
    """

    word: str
    ask: Ask
    tables: tuple[str, ...]
    names: tuple[str, ...]
    remedy: str
    counted: bool = True


FAMILIES = (
    Family(
        "tcp", diag.tcp, ("tcp", "tcp6"), ("TCP", "TCPv6"), "mount /proc, or run outside the sandbox", counted=False
    ),
    Family(
        "udp", diag.udp, ("udp", "udp6"), ("UDP", "UDPv6"), "mount /proc, or run outside the sandbox", counted=False
    ),
    Family("udplite", diag.udplite, ("udplite", "udplite6"), ("UDP-Lite", "UDPLITEv6"), "load the module udp_diag"),
    Family("raw", diag.raw, ("raw", "raw6"), ("RAW", "RAWv6"), "load the module raw_diag"),
    Family("packet", diag.packet, ("packet",), ("PACKET",), "load the module af_packet_diag"),
    Family("sctp", diag.sctp, ("sctp/eps",), ("SCTP", "SCTPv6"), "load the module sctp_diag"),
    Family("dccp", diag.dccp, (), ("DCCP", "DCCPv6"), "load the module dccp_diag"),
    Family("xdp", diag.xdp, (), ("XDP",), f"load the module xsk_diag, or {_BY_DESCRIPTOR}"),
    Family("vsock", diag.vsock, (), ("AF_VSOCK",), f"load the module vsock_diag, or {_BY_DESCRIPTOR}", counted=False),
    Family("mptcp", diag.mptcp, (), ("MPTCP", "MPTCPv6"), "load the module mptcp_diag"),
)


def dump(netns: int, root: str = HERE, opener: Callable[[], Netlink] | None = None) -> Dump:
    """All sockets of the calling thread's network namespace, whose inode is `netns`. Needs no privileges.

    `root` is the folder of its /proc/net tables. What could not be seen is in the gaps; nothing is raised.
    """
    try:
        with opener() if opener else Netlink(netlink.SOCK_DIAG) as kernel:
            return _look(netns, root, kernel, "")
    except CannotLook as error:
        return _look(netns, root, None, error.message)


def dump_text(netns: int, root: str) -> Dump:
    """What the tables below `root` (/proc/PID/net) show of a namespace that is not entered. Nothing is raised."""
    return _look(netns, root, None, "a namespace answers netlink only from within")


def _look(netns: int, root: str, kernel: Netlink | None, reason: str) -> Dump:
    counts = _counts(root)
    sockets: list[Socket] = []
    sources: list[str] = []
    gaps: list[Gap] = []
    for family in FAMILIES:
        if family.counted and not any(counts.get(name, 1) for name in family.names):
            continue
        rows, source, holes = _one(family, netns, root, kernel, reason)
        if not source and counts and not any(name in counts for name in family.names):
            continue  # this kernel has no such protocol: nobody could answer because there is nothing to ask for
        sockets = _merged(sockets, rows) if family.word == "mptcp" else sockets + rows
        sources += [source] if source else []
        gaps += holes
    return Dump(tuple(sockets), tuple(sources), tuple(gaps))


def _one(
    family: Family, netns: int, root: str, kernel: Netlink | None, reason: str
) -> tuple[list[Socket], str, list[Gap]]:
    """One family: rows, the source that answered ("" for none), gaps."""
    if kernel:
        try:
            rows, gaps = family.ask(kernel, netns)
        except CannotLook as error:
            reason = _because(error)
        else:
            return rows, f"sock_diag {family.word}", gaps
    try:
        text = _read(family.tables, netns, root)
    except OSError as error:
        reason = f"{reason}; {error.filename or root}: {error.strerror}"
    except Truncated as error:
        reason = f"{reason}; {error.message}"
    else:
        if text is not None:
            return text, f"proc {family.word}", []
    return [], "", [Gap(f"{family.word} sockets", reason, family.remedy, family.word)]


def _read(tables: tuple[str, ...], netns: int, root: str) -> list[Socket] | None:
    """The sockets of some text tables, None where there is no such table. Without IPv6 one of a pair is missing."""
    found: list[Socket] | None = None
    for table in tables:
        try:
            with open(f"{root}/{table}", "rb") as lines:
                found = (found or []) + list(proc_net.parse(table, lines, netns))
        except FileNotFoundError:
            continue
    return found


def _merged(sockets: list[Socket], multipath: list[Socket]) -> list[Socket]:
    """One row for each MPTCP listener: its TCP row has the same inode, since it is the first subflow's.

    A listener that the path manager made is listed without its port; its TCP row is the whole truth.
    """
    inodes = {row.inode: row for row in multipath}
    merged = []
    for row in sockets:
        known = row.transport == "tcp" and inodes.pop(row.inode, None) is not None
        merged.append(replace(row, flags=(*row.flags, "mptcp")) if known else row)
    return merged + [replace(row, flags=(*row.flags, "mptcp"), protocol=6) for row in inodes.values() if row.port]


def _counts(root: str) -> dict[str, int]:
    """How many sockets of each protocol there are; empty where that cannot be read, and then all are asked for."""
    try:
        fd = os.open(f"{root}/protocols", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return {}
    try:
        return proc_net.protocols(os.read(fd, _COUNTS_LIMIT))
    except OSError:
        return {}
    finally:
        os.close(fd)


def _because(error: CannotLook) -> str:
    """Why netlink did not answer, in a few words."""
    if isinstance(error, Refused) and error.code in _NOT_THERE:
        return "this kernel has no diagnosis module for them"
    if isinstance(error, Refused):
        return f"netlink refused: {os.strerror(error.code)}"
    return error.message

"""One question per family of sockets, put to NETLINK_SOCK_DIAG: a function each, all of the same shape.

Each takes an open conversation and the inode of its namespace and returns the rows with the gaps that a good answer
still has. It raises what the conversation raises: what to do about a refusal is decided in sockets.
"""

from __future__ import annotations

import os

from hb_engine.model.inventory import Gap
from hb_engine.wire import sock_diag
from hb_engine.wire.sock_diag import InetReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.kernel.netlink import Netlink
    from hb_engine.wire.socket_row import Socket

    Answer = tuple[list[Socket], list[Gap]]

BOTH = (sock_diag.INET, sock_diag.INET6)
LISTS_BOUND = (6, 8)  # the first Linux that lists TCP sockets which are bound and do not listen


def tcp(kernel: Netlink, netns: int, release: str | None = None) -> Answer:
    """TCP sockets that listen, by explicit port and by chosen port; and those that are only bound, where listed."""
    rows = _with_chosen(lambda chosen: _listening(kernel, netns, autobound=chosen))
    name = release or os.uname().release
    if version(name) < LISTS_BOUND:
        # Older kernels would walk every connection for a state that they do not know.
        why = f"Linux {name} does not list them; Linux 6.8 does"
        what, remedy = "TCP sockets that are bound but do not listen", "look among the descriptors, as root"
        return rows, [Gap(what, why, remedy, "tcp:bound")]
    bound = _inet(
        kernel,
        lambda sequence: sock_diag.tcp_request(sock_diag.BOUND, sequence=sequence),
        lambda sequence: InetReader("tcp", netns, protocol=sock_diag.TCP, sequence=sequence),
    )
    return rows + bound, []


def udp(kernel: Netlink, netns: int) -> Answer:
    """UDP sockets that are not connected."""
    return _datagrams(kernel, netns, "udp", sock_diag.UDP), []


def udplite(kernel: Netlink, netns: int) -> Answer:
    """UDP-Lite sockets that are not connected (RFC 3828)."""
    return _datagrams(kernel, netns, "udplite", sock_diag.UDPLITE), []


def raw(kernel: Netlink, netns: int) -> Answer:
    """Raw IP sockets that are not connected; their protocol stands in the row."""
    return sock_diag.raw_rows(_each_family(kernel, netns, "raw", sock_diag.RAW, states=sock_diag.CLOSE)), []


def sctp(kernel: Netlink, netns: int) -> Answer:
    """SCTP endpoints, a row for each address (RFC 9260)."""
    return _each_family(kernel, netns, "sctp", sock_diag.SCTP, states=sock_diag.LISTEN), []


def dccp(kernel: Netlink, netns: int) -> Answer:
    """DCCP listeners (RFC 4340); Linux dropped the protocol in 6.16."""
    return _each_family(kernel, netns, "dccp", sock_diag.DCCP, states=sock_diag.LISTEN), []


def mptcp(kernel: Netlink, netns: int) -> Answer:
    """MPTCP listeners (RFC 8684). Each has a TCP row too, with the same inode and another cookie."""
    return _each_family(kernel, netns, "tcp", sock_diag.MPTCP, states=sock_diag.LISTEN), []


def packet(kernel: Netlink, netns: int) -> Answer:
    """Packet sockets, with their filters where we may know of them."""
    rows = []
    blind = False
    for body in kernel.messages(sock_diag.packet_request, sock_diag.BY_FAMILY):
        row, seen = sock_diag.packet_row(body, netns)
        rows.append(row)
        blind = blind or not seen
    gap = Gap("filters of packet sockets", "the kernel tells them to CAP_NET_ADMIN only", "run as root", "facts")
    return rows, [gap] if blind else []


def vsock(kernel: Netlink, netns: int) -> Answer:
    """Vsock sockets that listen."""
    bodies = kernel.messages(sock_diag.vsock_request, sock_diag.BY_FAMILY)
    return [row for body in bodies if (row := sock_diag.vsock_row(body, netns))], []


def xdp(kernel: Netlink, netns: int) -> Answer:
    """AF_XDP sockets."""
    bodies = kernel.messages(sock_diag.xdp_request, sock_diag.BY_FAMILY)
    return [sock_diag.xdp_row(body, netns) for body in bodies], []


def version(release: str) -> tuple[int, int]:
    """The first two numbers of a kernel's release; (0, 0) for one that does not begin with two."""
    numbers = release.split(".", 2)[:2]
    digits = [number[: len(number) - len(number.lstrip("0123456789"))] for number in numbers]
    return (int(digits[0]), int(digits[1])) if len(digits) == 2 and all(digits) else (0, 0)


def _with_chosen(ask: Callable[[bool | None], list[Socket]]) -> list[Socket]:
    """The rows of a table, those marked whose port the kernel chose.

    It tells that only as a filter, and each question walks a table of 65,536 places. So it is asked for only where a
    port could have been chosen at all: never one of the first 1,024 (ip_local_port_range begins there at the lowest).
    """
    rows = ask(None)
    if not any(row.port and row.port >= 1024 for row in rows):
        return rows
    chosen = ask(True)
    cookies = {row.cookie for row in chosen}
    return [row for row in rows if row.cookie not in cookies] + chosen


def _listening(kernel: Netlink, netns: int, *, autobound: bool | None) -> list[Socket]:
    return _inet(
        kernel,
        lambda sequence: sock_diag.tcp_request(sock_diag.LISTEN, autobound=autobound, sequence=sequence),
        lambda sequence: InetReader("tcp", netns, protocol=sock_diag.TCP, autobound=bool(autobound), sequence=sequence),
    )


def _datagrams(kernel: Netlink, netns: int, transport: str, protocol: int) -> list[Socket]:
    return _with_chosen(
        lambda chosen: _each_family(kernel, netns, transport, protocol, states=sock_diag.CLOSE, autobound=chosen)
    )


def _each_family(
    kernel: Netlink, netns: int, transport: str, protocol: int, *, states: int, autobound: bool | None = None
) -> list[Socket]:
    rows: list[Socket] = []
    for family in BOTH:
        rows += _inet(
            kernel,
            lambda sequence, family=family: sock_diag.inet_request(  # type: ignore[misc]
                family, protocol, states, autobound=autobound, sequence=sequence
            ),
            lambda sequence: InetReader(
                transport, netns, protocol=protocol, autobound=bool(autobound), sequence=sequence
            ),
        )
    return rows


def _inet(kernel: Netlink, question: Callable[[int], bytes], reader: Callable[[int], InetReader]) -> list[Socket]:
    """Put one inet question; the rows of the attempt that succeeded."""
    rows: list[Socket] = []

    def fresh(sequence: int) -> Callable[[bytearray, int], bool]:
        nonlocal rows
        one = reader(sequence)
        rows = one.rows
        return one.feed

    kernel.feed(question, fresh)
    return rows

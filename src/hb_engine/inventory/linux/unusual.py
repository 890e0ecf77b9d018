"""Holders that no list of descriptors shows: io_uring, a mapped ring, and descriptors on their way between processes.

ss, lsof, netstat and psutil name nobody for these sockets. An io_uring keeps the files registered with it, also when
the program has closed its descriptors. A packet socket lives on in the memory that it was mapped to. And a descriptor
that was sent over a unix socket belongs to neither side until it is received. BPF can look into the queue; without it
the kernel tells how many wait there, not which, and that holder is named as likely, not as proven.

Only what is needed is read: rings where there are any, maps and unix sockets only for sockets that have no holder yet.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import bpf_tasks
from hb_engine.model.owner import Hold
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.inventory.linux.census import Census
    from hb_engine.inventory.linux.memo import Memo

LIMIT = 1 << 22  # bytes of one file of /proc; the maps of a large program are 1 MiB
MARK = b"socket:["


@record
class Find:
    """A holder: the socket's inode, the process, and how."""

    inode: int
    pid: int
    hold: Hold


def in_rings(census: Census, proc: str = "/proc") -> Iterator[Find]:
    """Sockets that are registered with an io_uring (fdinfo, Linux 5.10 and later; io_uring/fdinfo.c)."""
    for pid, tid, fd in census.rings:
        for inode in sockets_in(_read(f"{proc}/{pid}/task/{tid}/fdinfo/{fd}")):
            yield Find(inode, pid, Hold("io_uring", f"registered with the ring on fd {fd}"))


def in_maps(wanted: set[int], pids: Iterable[int], proc: str = "/proc") -> Iterator[Find]:
    """Sockets among `wanted` that are mapped into a process, as packet rings are (packet(7), PACKET_RX_RING)."""
    left = set(wanted)
    for pid in pids:
        for inode in left.intersection(sockets_in(_read(f"{proc}/{pid}/maps"))):
            yield Find(inode, pid, Hold("mapped", "a ring in memory; its descriptor is closed"))


def in_flight(census: Census, memo: Memo | None = None) -> Iterator[Find]:
    """Sockets that wait in unix sockets to be received, by the queues. Raises CannotLook (before Linux 6.1)."""
    for inode, pid, fd in bpf_tasks.waiting_sockets({pid for pid, _, _, _ in census.flights}, memo):
        yield Find(inode, pid, Hold("in-flight", f"sent over a unix socket; waits in its fd {fd} to be received"))


def maybe_in_flight(census: Census, proc: str = "/proc") -> list[tuple[int, int, int]]:
    """Processes with descriptors waiting in a unix socket: (pid, fd, how many), by the iterator or by /proc."""
    if census.places:
        return [(pid, fd, count) for pid, _, fd, count in census.flights if count]
    found = []
    for grips in census.holders.values():
        for pid, tid, fd in grips:
            count = scm_fds(_read(f"{proc}/{pid}/task/{tid}/fdinfo/{fd}"))
            if count:
                found.append((pid, fd, count))
    return found


def sockets_in(text: bytes) -> set[int]:
    """The inodes of all `socket:[N]` in a text of /proc. Anything else in it is passed over."""
    found = set()
    at = text.find(MARK)
    while at >= 0:
        end = text.find(b"]", at, at + 32)
        number = text[at + len(MARK) : end]
        if end > 0 and number.isdigit():
            found.add(int(number))
        at = text.find(MARK, at + 1)
    return found


def scm_fds(text: bytes) -> int:
    """How many descriptors wait in a unix socket, by its fdinfo (Linux 5.9, net/unix/af_unix.c); 0 for other files."""
    for line in text.splitlines():
        if line.startswith(b"scm_fds:"):
            number = line[8:].strip()
            return int(number) if number.isdigit() and len(number) < 10 else 0
    return 0


def _read(path: str) -> bytes:
    """A file of /proc, or nothing when its process has ended or may not be read: the socket then stays unowned."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        chunks, size = [], 0
        while size < LIMIT and (chunk := os.read(fd, 1 << 16)):
            chunks.append(chunk)
            size += len(chunk)
        return b"".join(chunks)
    except OSError:
        return b""
    finally:
        os.close(fd)

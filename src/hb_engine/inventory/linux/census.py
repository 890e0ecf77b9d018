"""Who runs and who holds what: the answer of the BPF iterator or of the walk through /proc, in one shape.

Facts about processes stay in tuples until somebody asks: of three thousand processes a listing needs a dozen.
"""

from __future__ import annotations

from hb_engine.wire.task_program import PROCESS_ROW

TYPE_CHECKING = False
if TYPE_CHECKING:
    Grip = tuple[int, int, int]  # pid, tid, fd
    # kind, pid, parent, uid, flags (PF_*), threads, network namespace, mount namespace, start (ns since boot), cgroups
    # (equal for processes in the same ones; means nothing else), executable's inode (0: none), its file system, comm
    Row = tuple[int, int, int, int, int, int, int, int, int, int, int, int, bytes]

DULL = {"unix": 6, "netlink": 9, "tcp": 9, "tcp6": 9, "udp": 9, "udp6": 9}  # where the inode stands in each table


def _inodes(table: str, column: int) -> set[int]:
    """The inodes in a text table of hb's own network namespace; none where it cannot be read."""
    try:
        with open(f"/proc/thread-self/net/{table}", "rb") as lines:
            return {
                int(fields[column])
                for line in lines
                if len(fields := line.split()) > column and fields[column].isdigit()
            }
    except OSError:
        return set()


KERNEL_THREAD = 0x00200000  # PF_KTHREAD, include/linux/sched.h


class Census:
    """One pass over all processes.

    holders    socket inode -> the descriptors that hold it
    strangers  socket inode -> (netns inode, family, state, port, protocol, type) of held sockets, where the pass knows
    rings      io_uring descriptors, whose registered files hold sockets without any descriptor
    flights    unix sockets with descriptors in flight: descriptor and how many, where the pass knows the number
    places     pid -> where its record begins in `table`; empty where only /proc was walked
    netns      network namespace inode -> a process in it (one is enough to get in)
    unread     pids whose descriptors could not be read
    mounts     mount namespace inode -> a process in it
    threads    how many threads the iterator saw; `parents` are the pids that it named as parents
    unlisted   how many threads the machine had besides
    complete   False when the pass stopped as soon as every wanted socket had a holder
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.holders: dict[int, list[Grip]] = {}
        self.strangers: dict[int, tuple[int, int, int, int, int, int]] = {}
        self.rings: list[Grip] = []
        self.flights: list[tuple[int, int, int, int]] = []
        self.table = b""
        self.places: dict[int, int] = {}
        self.netns: dict[int, int] = {}
        self.mounts: dict[int, int] = {}
        self.threads = 0
        self.unlisted = 0
        self.parents: set[int] = set()
        self.unread: list[int] = []
        self.complete = True

    def row(self, pid: int) -> Row | None:
        """What the iterator said of a process; None where only /proc knows."""
        at = self.places.get(pid)
        return None if at is None else PROCESS_ROW.unpack_from(self.table, at)

    def suspects(self, listed: set[int]) -> list[int]:
        """Inodes of held sockets that no list shows and that may be openings.

        The iterator wrote down only those; after a walk it is every socket, less those of the families that are none.
        """
        held = self.strangers or self.holders
        inodes = [inode for inode in held if inode not in listed]
        if self.strangers or not inodes:
            return inodes
        dull = set().union(*[_inodes(table, column) for table, column in DULL.items()])
        return [inode for inode in inodes if inode not in dull]

    def hold(self, inode: int, pid: int, tid: int, fd: int) -> None:
        """Note a holder, once: threads that share a table would say the same thing again."""
        grips = self.holders.setdefault(inode, [])
        if not any(grip[0] == pid and grip[2] == fd for grip in grips):
            grips.append((pid, tid, fd))

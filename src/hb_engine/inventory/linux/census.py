"""Who runs and who holds what: the answer of the BPF iterator or of the walk through /proc, in one shape.

Facts about processes stay in tuples until somebody asks: of three thousand processes a listing needs a dozen.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    Grip = tuple[int, int, int]  # pid, tid, fd; fd is -1 where it is not a descriptor


class Census:
    """One pass over all processes.

    holders    socket inode -> the descriptors that hold it
    strangers  socket inode -> (netns inode, family, state, port, protocol, type) of held sockets, where the pass knows
    rings      io_uring descriptors, whose registered files hold sockets without any descriptor
    flights    unix sockets with descriptors in flight: descriptor and how many, where the pass knows the number
    rows       pid -> what the pass itself learned: (ppid, uid, flags, netns, mount namespace, start in ns since boot,
               cgroups, executable's inode, its device, comm as bytes); empty where only /proc was walked
    netns      network namespace inode -> pids in it (one is enough to get in)
    unread     pids whose descriptors could not be read
    complete   False when the pass stopped as soon as every wanted socket had a holder
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.holders: dict[int, list[Grip]] = {}
        self.strangers: dict[int, tuple[int, int, int, int, int, int]] = {}
        self.rings: list[Grip] = []
        self.flights: list[tuple[int, int, int, int]] = []
        self.rows: dict[int, tuple[int, int, int, int, int, int, int, int, int, bytes]] = {}
        self.netns: dict[int, list[int]] = {}
        self.unread: list[int] = []
        self.complete = True

    def hold(self, inode: int, pid: int, tid: int, fd: int) -> None:
        """Note a holder, once: threads that share a table would say the same thing again."""
        grips = self.holders.setdefault(inode, [])
        if not any(grip[0] == pid and grip[2] == fd for grip in grips):
            grips.append((pid, tid, fd))

"""Who holds which socket, from /proc alone: the way that always works.

One listing and one readlink for each descriptor, as ss and lsof do it, with what they leave out: threads that have a
descriptor table of their own, and processes whose first thread has ended. Which processes are looked at first is the
caller's to say: when only some sockets are wanted, the walk ends as soon as each has a holder. What may not be read is
counted, never passed over.
"""

from __future__ import annotations

import os
from struct import Struct

from hb_engine.inventory.linux.census import Census
from hb_engine.inventory.linux.syscalls import same_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from hb_engine.inventory.linux.memo import Memo

SOCKET, RING = "socket:[", "anon_inode:[io_uring]"
SOURCE = "/proc walk"
SHARED_FROM = 256  # processes; below, a fork costs more than it saves
ROW = Struct("=BxxxxxxxQIIi")  # kind, inode, pid, tid, fd
HOLDS, RINGS, UNREAD, SEATS = range(4)


def census(pids: Iterable[int], wanted: set[int] | None = None, proc: str = "/proc") -> Census:
    """Walk the processes in this order. With `wanted` inodes, stop once each of them has a holder.

    A walk of all of a large machine is shared with a child process: it is the kernel that works, and it can on two
    cores at once.
    """
    chosen = list(pids)
    if wanted is None and len(chosen) >= SHARED_FROM and (os.cpu_count() or 1) > 1:
        return _shared(chosen, proc)
    found = Census(SOURCE)
    missing = set(wanted) if wanted is not None else None
    for pid in chosen:
        walk_process(found, pid, proc)
        if missing is not None:
            missing.difference_update(found.holders)
            if not missing:
                found.complete = False
                break
    return found


def _shared(pids: list[int], proc: str) -> Census:
    """Half of the walk in a child, which writes its rows into a pipe; its half is walked here if it fails."""
    theirs, ours = pids[::2], pids[1::2]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _walk_for_parent(theirs, proc, writer)
    os.close(writer)
    found = Census(SOURCE)
    for pid in ours:
        walk_process(found, pid, proc)
    data = b"".join(iter(lambda: os.read(reader, 1 << 20), b""))
    os.close(reader)
    _, status = os.waitpid(child, 0)
    if status or len(data) % ROW.size:
        for pid in theirs:
            walk_process(found, pid, proc)
        return found
    for kind, inode, pid, tid, fd in ROW.iter_unpack(data):
        if kind == HOLDS:
            found.hold(inode, pid, tid, fd)
        elif kind == RINGS:
            found.rings.append((pid, tid, fd))
        elif kind == SEATS:
            found.netns.setdefault(inode, pid)
        else:
            found.unread.append(pid)
    return found


def _walk_for_parent(pids: list[int], proc: str, writer: int) -> NoReturn:
    """Walk, write, and end without touching anything that the parent has open."""
    status = 1
    try:
        found = Census(SOURCE)
        for pid in pids:
            walk_process(found, pid, proc)
        rows = [ROW.pack(HOLDS, inode, *grip) for inode, grips in found.holders.items() for grip in grips]
        rows += [ROW.pack(RINGS, 0, *grip) for grip in found.rings] + [
            ROW.pack(UNREAD, 0, p, 0, 0) for p in found.unread
        ]
        rows += [ROW.pack(SEATS, inode, pid, 0, 0) for inode, pid in found.netns.items()]
        view = memoryview(b"".join(rows))
        while view:
            view = view[os.write(writer, view) :]
        status = 0
    finally:
        os._exit(status)


def all_pids(proc: str = "/proc") -> list[int]:
    """Every process that this /proc shows, in its order."""
    return [int(name) for name in os.listdir(proc) if name.isdigit()]


def in_order(pids: Iterable[int], *first: Iterable[int]) -> list[int]:
    """The likely ones first, each once: members of a socket's cgroup, known holders, the same user, the rest."""
    rest = dict.fromkeys(pids)
    likely = [pid for group in first for pid in group if pid in rest]
    return list(dict.fromkeys([*likely, *rest]))


def members(ids: set[int], root: str = "/sys/fs/cgroup") -> list[int]:
    """The processes in these cgroups (version 2), which most likely hold the sockets that were made in them."""
    if not ids:
        return []
    from hb_engine.inventory.linux import cgroups  # only where BPF is not allowed

    found: list[int] = []
    for path in cgroups.path_of_ids(ids, root).values():
        try:
            with open(f"{cgroups.mounted(root)}{path}/cgroup.procs", "rb") as lines:
                found += [int(line) for line in lines]
        except OSError:
            continue  # removed meanwhile: the walk comes to its processes anyway
    return found


def remember(memo: Memo | None, found: Census) -> None:
    """Note who held sockets, so that the next walk looks at them first."""
    if memo:
        pids = sorted({grip[0] for grips in found.holders.values() for grip in grips})
        memo.put("holders", "pids", " ".join(map(str, pids)))


def remembered(memo: Memo | None) -> list[int]:
    """The holders of the last walk; whoever has their numbers now is merely looked at sooner than others."""
    text = memo.get("holders", "pids") if memo else None
    return [int(pid) for pid in (text or "").split() if pid.isdigit()]


def threads_of(pid: int, proc: str = "/proc") -> int:
    """How many threads a process has; 0 when it is gone."""
    try:
        return os.stat(f"{proc}/{pid}/task").st_nlink - 2
    except OSError:
        return 0


def walk_process(found: Census, pid: int, proc: str = "/proc") -> None:
    """Add the descriptors of a process and of those of its threads that do not share them."""
    base = f"{proc}/{pid}"
    try:
        threads = os.stat(f"{base}/task").st_nlink - 2
    except OSError:
        return  # it has ended
    _note_namespace(found, pid, f"{base}/ns/net")
    denied = len(found.unread)
    led = _walk_table(found, pid, pid, f"{base}/fd/")
    if threads > 1 and len(found.unread) == denied:
        _walk_threads(found, pid, base, led)


def _note_namespace(found: Census, pid: int, link: str) -> None:
    """The process's network namespace; one that may not be read is found by its tables, or not at all."""
    try:
        target = os.readlink(link)
    except OSError:
        return
    if target.startswith("net:["):
        found.netns.setdefault(int(target[5:-1]), pid)


def _walk_threads(found: Census, pid: int, base: str, led: bool) -> None:
    """Threads whose table is not the leader's; of those that share another table, kcmp(2) cannot tell: all are read."""
    try:
        threads = [int(name) for name in os.listdir(f"{base}/task")]
    except OSError:
        return
    for tid in threads:
        if tid != pid and not (led and same_files(pid, tid)):
            _walk_table(found, pid, tid, f"{base}/task/{tid}/fd/")


def _walk_table(found: Census, pid: int, tid: int, folder: str) -> bool:
    """Read one descriptor table. False when there is none, or it may not be read."""
    readlink = os.readlink
    try:
        names = os.listdir(folder)
        for name in names:
            try:
                target = readlink(folder + name)
            except FileNotFoundError:
                continue  # closed while we looked
            if target.startswith(SOCKET):
                found.hold(int(target[8:-1]), pid, tid, int(name))
            elif target == RING:
                found.rings.append((pid, tid, int(name)))
    except PermissionError:
        found.unread.append(pid)
        return False
    except (FileNotFoundError, ProcessLookupError):
        return False
    return bool(names)

"""The network namespaces of a machine: where they can be found, how to look from within, and which stay unseen.

A namespace lives while a process, a mount, a descriptor or a socket holds it, so no single list has them all: each
function here knows one source. Entering one moves only the calling thread, and always moves it back: a thread that
cannot be moved back must not go on, so that failure is an error and never a gap. Nothing here creates a namespace.

Sources: namespaces(7), setns(2), proc_pid_mountinfo(5); net/core/net_namespace.c.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import sockets, syscalls
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Netns
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.kernel import netlink as conversation
    from hb_engine.wire import rtnetlink

HERE = "/proc/thread-self/ns/net"
# Where programs that make namespaces keep them: ip-netns(8) and CNI plugins, then Docker, then CRI-O and containerd.
FOLDERS = (
    "/run/netns",
    "/var/run/netns",
    "/run/docker/netns",
    "/var/run/docker/netns",
    "/run/cni/netns",
    "/var/run/cni",
)
INITIAL = 0xEFFFFFF9  # NET_NS_INIT_INO, include/uapi/linux/nsfs.h
_OF_CONTAINERS = ("/docker/netns/", "/run/cni/", "/netns/cni-")
_MOUNTINFO_LIMIT = 1 << 24


@record
class Mounted:
    """A namespace that a mount keeps alive: where, and its inode."""

    path: str
    inode: int


@record
class Seat:
    """A task that runs in a namespace. `tid` is the process's own number unless another thread of it was meant."""

    pid: int
    tid: int


class Entered:
    """The calling thread inside the namespace behind `fd`, for the length of a with statement.

    Raises CannotLook on entering (CAP_SYS_ADMIN in the namespace's owner is needed), and on leaving if the thread
    could not be moved back: then nothing it sees afterwards can be trusted, and the program should end.
    """

    __slots__ = ("_fd", "_home")

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._home = -1

    def __enter__(self) -> None:
        self._home = os.open(HERE, os.O_RDONLY | os.O_CLOEXEC)
        try:
            syscalls.setns(self._fd)
        except OSError as error:
            os.close(self._home)
            raise CannotLook(f"a network namespace was not entered: {error.strerror}", "run as root") from error

    def __exit__(self, *_: object) -> None:
        try:
            syscalls.setns(self._home)
        except OSError as error:
            message = f"hb could not return to its own network namespace: {error.strerror}"
            raise CannotLook(message, "nothing after this can be trusted; run hb again") from error
        finally:
            os.close(self._home)


entered = Entered


def current(path: str = HERE) -> int:
    """The inode of the calling thread's network namespace. Raises CannotLook where /proc is not there."""
    try:
        return os.stat(path).st_ino
    except OSError as error:
        raise CannotLook(f"{path}: {error.strerror}", "mount /proc") from error


def mounted(mountinfo: str = "/proc/self/mountinfo", folders: Iterable[str] = FOLDERS) -> list[Mounted]:
    """Namespaces that a mount keeps: those of the mount table, then files in the folders of the usual programs.

    One row for each inode. A mount point that another mount hides is still a row, since the namespace is there; the
    attempt to open it says what is wrong. Files in the folders that are no namespaces are left out.
    """
    found: dict[int, Mounted] = {}
    nsfs = _nsfs_device()
    for path, inode in _mount_table(mountinfo):
        _keep(found, Mounted(path, inode))
    for folder in folders:
        for path in _files(folder):
            status = _status(path)
            if status and status.st_dev == nsfs:
                _keep(found, Mounted(path, status.st_ino))
    return list(found.values())


def mounted_elsewhere(pids: Iterable[int], proc: str = "/proc") -> list[Mounted]:
    """Namespaces mounted in the mount namespaces of some processes; paths lead through /proc/PID/root.

    One mount table is read for each distinct mount namespace. Expensive on a machine with many containers.
    """
    found: dict[int, Mounted] = {}
    seen = {_inode(f"{proc}/self/ns/mnt")}
    for pid in pids:
        inode = _inode(f"{proc}/{pid}/ns/mnt")
        if inode is None or inode in seen:
            continue
        seen.add(inode)
        for path, netns in _mount_table(f"{proc}/{pid}/mountinfo"):
            _keep(found, Mounted(f"{proc}/{pid}/root{path}", netns))
    return list(found.values())


def of_processes(pids: Iterable[int] | None = None, proc: str = "/proc", *, threads: bool = False) -> dict[int, Seat]:
    """The namespaces in which processes run: inode -> one task in it. Unreadable ones (no right, gone) are left out.

    A readlink each: for when the kernel cannot be asked in one go. With `threads`, tasks of processes that have more
    than one are read too: a thread may be in a namespace of its own.
    """
    found: dict[int, Seat] = {}
    for pid in _numbers(proc) if pids is None else pids:
        inode = _linked(f"{proc}/{pid}/ns/net")
        if inode is not None:
            found.setdefault(inode, Seat(pid, pid))
        for tid in _other_threads(proc, pid) if threads else ():
            inode = _linked(f"{proc}/{pid}/task/{tid}/ns/net")
            if inode is not None:
                found.setdefault(inode, Seat(pid, tid))
    return found


def open_seat(seat: Seat, proc: str = "/proc") -> int:
    """A descriptor of the namespace in which a task runs. Close it. Raises CannotLook."""
    return open_path(f"{proc}/{seat.pid}/task/{seat.tid}/ns/net")


def open_path(path: str) -> int:
    """A descriptor of a namespace by its path. Close it. Raises CannotLook."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise CannotLook(f"{path}: {error.strerror}", "run as root") from error


def tables_of_processes(pids: Iterable[int], proc: str = "/proc") -> dict[int, int]:
    """Distinct namespaces as an unprivileged user can tell them apart: a number for each -> one process in it.

    /proc/PID/ns/net asks for ptrace rights, /proc/PID/net does not, and the inode of a table in it differs in each
    namespace. That number comes from the same counter as namespaces' own inodes, so the two never meet.
    """
    found: dict[int, int] = {}
    for pid in pids:
        inode = _inode(f"{proc}/{pid}/net/dev")
        if inode is not None:
            found.setdefault(inode, pid)
    return found


def dump_of_process(pid: int, proc: str = "/proc") -> tuple[int, sockets.Dump]:
    """The sockets of a process's network namespace by its text tables, without entering it and without privileges.

    The number is the namespace's inode where that may be read, else as in tables_of_processes. Raises CannotLook.
    """
    table = _inode(f"{proc}/{pid}/net/dev")
    if table is None:
        raise CannotLook(f"{proc}/{pid}/net cannot be read", "the process may have ended; run hb again, as root")
    inode = _linked(f"{proc}/{pid}/ns/net") or table
    return inode, sockets.dump_text(inode, f"{proc}/{pid}/net")


def host(proc: str = "/proc") -> int:
    """The inode of the first process's network namespace, which people call the host's.

    Where it may not be read it is the caller's own if both see the same table, else the number that the kernel's
    first network namespace has had since Linux 6.18; older kernels give that number to none.
    """
    inode = _linked(f"{proc}/1/ns/net")
    if inode is not None:
        return inode
    first = _inode(f"{proc}/1/net/dev")
    return current() if first is not None and first == _inode(f"{proc}/thread-self/net/dev") else INITIAL


def describe(
    inode: int, *, host: int | None, paths: dict[int, str] | None = None, seat: Seat | None = None, container: str = ""
) -> Netns:
    """The namespace as people and keys know it. `paths` are mounts (inode -> path), `container` a name if it is one's.

    Kinds: host; named (ip netns, in a folder of its own); container; private (all others, named by a process in them).
    """
    path = (paths or {}).get(inode, "")
    name = path.rsplit("/", 1)[-1]
    if inode == host:
        return Netns(inode, "host", "host")
    if container or any(mark in path for mark in _OF_CONTAINERS):
        return Netns(inode, container or name, "container")
    if name:
        return Netns(inode, name, "named")
    return Netns(inode, f"of process {seat.pid}" if seat else "", "private")


def unseen_peers(
    links: Iterable[rtnetlink.Link],
    visited: Iterable[int],
    opener: Callable[[], conversation.Netlink] | None = None,
) -> list[Gap]:
    """Links whose other end is in a namespace that nobody visited, for the namespace that the thread is in.

    `visited` are descriptors of the namespaces that were looked into. A number that stands for no known namespace
    means that at least one more exists. Raises CannotLook.
    """
    suspects = [link for link in links if link.peer_netns is not None]
    if not suspects:
        return []
    from hb_engine.kernel.netlink import Netlink  # most machines have no such link
    from hb_engine.wire import netlink

    with opener() if opener else Netlink(netlink.ROUTE) as kernel:
        known = {_nsid(kernel, fd) for fd in visited} - {-1}
    return [_unseen(link) for link in suspects if link.peer_netns not in known]


def _unseen(link: rtnetlink.Link) -> Gap:
    kind = f"{link.kind} " if link.kind else ""
    return Gap(
        "a network namespace that was not found",
        f"the other end of {kind}link {link.name} is in none of the namespaces that were visited",
        "run hb as root on the host itself, outside containers",
        "netns",
    )


def _nsid(kernel: conversation.Netlink, fd: int) -> int:
    from hb_engine.wire import rtnetlink  # as above

    bodies = kernel.messages(lambda sequence: rtnetlink.nsid_request(fd, sequence), rtnetlink.NEWNSID)
    return rtnetlink.nsid(bodies[0]) if bodies else -1


def _keep(found: dict[int, Mounted], new: Mounted) -> None:
    """Keep the first path of a namespace, but a later one where the first is hidden and does not lead to it."""
    old = found.get(new.inode)
    if old is None or (_inode(old.path) != old.inode and _inode(new.path) == new.inode):
        found[new.inode] = new


def _mount_table(path: str) -> list[tuple[str, int]]:
    """Mount points of network namespaces with their inodes: rows of type nsfs whose root is net:[INODE]."""
    try:
        with open(path, "rb") as file:
            text = file.read(_MOUNTINFO_LIMIT)
    except OSError:  # no /proc, or a process that has ended: other sources remain
        return []
    found = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) > 4 and fields[3].startswith(b"net:[") and fields[3][5:-1].isdigit():
            found.append((_unescaped(fields[4]), int(fields[3][5:-1])))
    return found


def _unescaped(path: bytes) -> str:
    """Undo the octal escapes of mountinfo: space, tab, newline and backslash."""
    for escape, byte in ((b"\\040", b" "), (b"\\011", b"\t"), (b"\\012", b"\n"), (b"\\134", b"\\")):
        path = path.replace(escape, byte)
    return os.fsdecode(path)


def _nsfs_device() -> int | None:
    status = _status(HERE)
    return status.st_dev if status else None


def _files(folder: str) -> list[str]:
    try:
        return sorted(entry.path for entry in os.scandir(folder))
    except OSError:  # not a machine with that program
        return []


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def _inode(path: str) -> int | None:
    status = _status(path)
    return status.st_ino if status else None


def _linked(path: str) -> int | None:
    """The inode in a namespace link such as net:[4026531840]; cheaper than stat, which must look it up."""
    try:
        text = os.readlink(path)
    except OSError:
        return None
    number = text[5:-1]
    return int(number) if text.startswith("net:[") and number.isdigit() else None


def _numbers(folder: str) -> list[int]:
    try:
        return [int(name) for name in os.listdir(folder) if name.isdigit()]
    except OSError:
        return []


def _other_threads(proc: str, pid: int) -> list[int]:
    """The threads of a process other than its first; the number of links of task/ tells when there are none."""
    status = _status(f"{proc}/{pid}/task")
    if status is None or status.st_nlink == 3:
        return []
    return [tid for tid in _numbers(f"{proc}/{pid}/task") if tid != pid]

"""The facts of one process, from /proc, at the price of a few system calls.

A process may die, or its number may be given to another, between any two reads. `read` therefore opens /proc/PID once
and reads beneath that descriptor: the kernel ties it to the process, never to the number, so a mixture of two
processes cannot come out. What is gone is None; what may not be read leaves a note. Sizes are bounded and bytes that
are no text pass through as surrogates. It refuses to guess: nothing here judges, and no environment is read.

Sources: proc(5), Linux fs/proc/array.c (stat), fs/proc/base.c (cmdline, exe, task_dump_owner), fs/proc/stat.c
(btime).
"""

from __future__ import annotations

import errno
import os
import time

from hb_engine.model.errors import Truncated
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Opener = Callable[[str, int, int], bytes]  # name below /proc/PID, descriptor of /proc/PID, limit

CMDLINE_LIMIT = 32 * 1024
CUT = " [cut at 32 KiB]"  # how the last argument ends where the command line was longer
TICKS = os.sysconf("SC_CLK_TCK")  # units of starttime in a second; 100 on every Linux port
PF_KTHREAD = 0x00200000  # include/linux/sched.h
GONE = (errno.ENOENT, errno.ESRCH, errno.ENOTDIR)
DENIED = (errno.EACCES, errno.EPERM)
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW if hasattr(os, "O_DIRECTORY") else os.O_RDONLY
_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK if hasattr(os, "O_NONBLOCK") else os.O_RDONLY


@record
class Stat:
    """What /proc/PID/stat says. `started_ticks` counts since boot in units of 1/TICKS seconds; `session` is a pid."""

    comm: str
    state: str  # R, S, D, Z ...
    ppid: int
    session: int
    tty_nr: int  # device number of the terminal, 0 for none
    flags: int
    started_ticks: int

    @property
    def kthread(self) -> bool:
        """Whether the kernel says that this is one of its own threads; a process cannot set this flag."""
        return bool(self.flags & PF_KTHREAD)


@record
class Exe:
    """The file that runs. `state` is one of model.owner.EXE_STATES; `path` has no " (deleted)" of the kernel's on it.

    dev, ino and size describe the running file itself, even when its name is gone; None where it may not be read.
    """

    path: str | None
    state: str
    dev: int | None = None
    ino: int | None = None
    size: int | None = None


@record
class Process:
    """One process as it was read. `uid` is the effective user; `pidns` the inode of its pid namespace."""

    pid: int
    ppid: int
    comm: str
    started_ticks: int | None  # None where stat could not be read (hidepid=1)
    uid: int | None
    cmdline: tuple[str, ...] = ()
    exe_link: str | None = None  # as readlink gives it; None for kernel threads, zombies and what may not be read
    exe_readable: bool = True
    kthread: bool = False
    state: str = ""
    session: int = 0
    tty_nr: int = 0
    pidns: int | None = None
    notes: tuple[str, ...] = ()  # what could not be read, in sentences


def slurp(path: str, limit: int = 65536, dir_fd: int | None = None) -> bytes:
    """At most `limit` bytes of a file, without Python's file objects. Raises OSError. Never waits on a FIFO."""
    fd = os.open(path, _FILE, dir_fd=dir_fd)
    try:
        data = piece = os.read(fd, limit)
        while piece and len(data) < limit:
            piece = os.read(fd, limit - len(data))
            data += piece
        return data
    finally:
        os.close(fd)


def read(pid: int, proc: str = "/proc", opener: Opener | None = None) -> Process | None:
    """Everything about a process in one go; None when it is gone. Never raises for what a process may do to us."""
    try:
        fd = os.open(f"{proc}/{pid}", _DIRECTORY)
    except OSError as error:
        return None if error.errno in GONE else _hidden(pid, _owner(f"{proc}/{pid}"), error)
    try:
        return _read_beneath(pid, fd, opener or _open_beneath)
    finally:
        os.close(fd)


def _open_beneath(name: str, dir_fd: int, limit: int) -> bytes:
    return slurp(name, limit, dir_fd)


def _read_beneath(pid: int, fd: int, opener: Opener) -> Process | None:
    uid = None
    try:
        uid = os.fstat(fd).st_uid  # the directory always belongs to the effective user: task_dump_owner()
        stat = parse_stat(opener("stat", fd, 4096))
    except OSError as error:
        return None if error.errno in GONE else _hidden(pid, uid, error)
    except Truncated as error:
        return Process(pid=pid, ppid=0, comm="", started_ticks=None, uid=uid, notes=(error.message,))
    notes: list[str] = []
    arguments = _cmdline_beneath(fd, opener, notes) if not stat.kthread else ()
    link, readable = _exe_beneath(fd, stat, notes) if not stat.kthread else (None, True)
    return Process(
        pid=pid,
        ppid=stat.ppid,
        comm=stat.comm,
        started_ticks=stat.started_ticks,
        uid=uid,
        cmdline=arguments,
        exe_link=link,
        exe_readable=readable,
        kthread=stat.kthread,
        state=stat.state,
        session=stat.session,
        tty_nr=stat.tty_nr,
        pidns=_namespace(fd, "pid") if readable and link else None,
        notes=tuple(notes),
    )


def _owner(path: str) -> int | None:
    """hidepid=1 shuts the folder, not what stat says of it."""
    try:
        return os.stat(path).st_uid
    except OSError:
        return None


def _hidden(pid: int, uid: int | None, error: OSError) -> Process:
    note = f"/proc/{pid}/stat could not be read: {os.strerror(error.errno or 0)}"
    return Process(pid=pid, ppid=0, comm="", started_ticks=None, uid=uid, exe_readable=False, notes=(note,))


def _cmdline_beneath(fd: int, opener: Opener, notes: list[str]) -> tuple[str, ...]:
    try:
        return split_arguments(opener("cmdline", fd, CMDLINE_LIMIT + 1))
    except OSError as error:
        notes.append(f"command line: {_why(error)}")
        return ()


def _exe_beneath(fd: int, stat: Stat, notes: list[str]) -> tuple[str | None, bool]:
    try:
        return os.readlink("exe", dir_fd=fd), True
    except OSError as error:
        if error.errno in DENIED:
            notes.append("executable: not permitted (CAP_SYS_PTRACE, and what a security module allows)")
            return None, False
        if error.errno in GONE and stat.state != "Z":
            notes.append("executable: the process ended while it was read")
        return None, True


def _namespace(fd: int, name: str) -> int | None:
    try:
        link = os.readlink(f"ns/{name}", dir_fd=fd)
        return int(link[link.index("[") + 1 : -1])
    except (OSError, ValueError):
        return None  # an older kernel, or not permitted: exe's note says that already


def _why(error: OSError) -> str:
    if error.errno in GONE:
        return "the process ended while it was read"
    return "not permitted" if error.errno in DENIED else os.strerror(error.errno or 0)


def parse_stat(data: bytes) -> Stat:
    """/proc/PID/stat. The name may hold anything, so it ends at the last parenthesis. Raises Truncated."""
    opening, closing = data.find(b"("), data.rfind(b")")
    rest = data[closing + 2 : closing + 600].split(None, 21) if 0 <= opening < closing else []
    if len(rest) < 21:  # the field after starttime proves that starttime is whole
        raise Truncated(f"/proc/PID/stat ended before its 22nd field ({len(data)} bytes)")
    try:
        return Stat(
            comm=data[opening + 1 : closing].decode("utf-8", "surrogateescape"),
            state=rest[0].decode("ascii"),
            ppid=int(rest[1]),
            session=int(rest[3]),
            tty_nr=int(rest[4]),
            flags=int(rest[6]),
            started_ticks=int(rest[19]),
        )
    except ValueError:
        raise Truncated("/proc/PID/stat has fields that are no numbers") from None


def split_arguments(data: bytes) -> tuple[str, ...]:
    """The arguments of /proc/PID/cmdline. A title (setproctitle) is one argument; wiped ends are dropped; () for
    none.
    """
    cut = len(data) > CMDLINE_LIMIT
    text = data[:CMDLINE_LIMIT].rstrip(b"\0").decode("utf-8", "surrogateescape")
    if not text:
        return ()
    return tuple((text + CUT if cut else text).split("\0"))


def cmdline(pid: int, proc: str = "/proc") -> tuple[str, ...] | None:
    """The arguments of a process; () for kernel threads and zombies, None when it is gone or may not be read."""
    try:
        return split_arguments(slurp(f"{proc}/{pid}/cmdline", CMDLINE_LIMIT + 1))
    except OSError:
        return None


def exe(pid: int, proc: str = "/proc") -> Exe | None:
    """The running file and what became of it; None when the process is gone.

    A name that ends in " (deleted)" is ambiguous, so the running inode is held against what stands at that name, as
    seen from the process's own root. "replaced": the name leads to another file now, as after an update.
    """
    base = f"{proc}/{pid}"
    try:
        link = os.readlink(f"{base}/exe")
        running = os.stat(f"{base}/exe")
    except OSError as error:
        return _no_exe(pid, proc, error)
    path, state = link, "present"
    if link.endswith(" (deleted)") and not _is_at(base, link, running):
        path = link[: -len(" (deleted)")]
        state = "memfd" if path.startswith("/memfd:") else "replaced" if _exists(f"{base}/root{path}") else "deleted"
    return Exe(path=path, state=state, dev=running.st_dev, ino=running.st_ino, size=running.st_size)


def _no_exe(pid: int, proc: str, error: OSError) -> Exe | None:
    """Kernel threads, zombies, the dead and what others may not read look alike to readlink; stat tells them apart."""
    found = stat_of(pid, proc)
    if found is None:
        return Exe(path=None, state="unreadable") if error.errno in DENIED else None
    return Exe(path=None, state="kernel" if found.kthread else "unreadable")


def _is_at(base: str, path: str, running: os.stat_result) -> bool:
    try:
        there = os.stat(f"{base}/root{path}")
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (running.st_dev, running.st_ino)


def _exists(path: str) -> bool:
    try:
        os.lstat(path)
    except OSError:
        return False
    return True


def stat_of(pid: int, proc: str = "/proc") -> Stat | None:
    """Name, parent, session and start of a process; None when it is gone or hidden."""
    try:
        return parse_stat(slurp(f"{proc}/{pid}/stat", 4096))
    except (OSError, Truncated):
        return None


def starttime(pid: int, proc: str = "/proc") -> int | None:
    """When a process started, in ticks since boot: with its pid, its identity until the next boot. None when gone."""
    found = stat_of(pid, proc)
    return found.started_ticks if found else None


def boot_time(proc: str | None = None) -> int:
    """When the machine booted, in whole seconds since the epoch: exactly the kernel's btime.

    The kernel subtracts two of its clocks and drops the fraction. Doing the same here costs a microsecond, where
    /proc/stat sums every interrupt of every processor; it is read only when the two clocks straddle a second, or
    when `proc` names a folder. Raises OSError or Truncated then.
    """
    if proc is None:
        before = time.clock_gettime_ns(time.CLOCK_REALTIME)
        up = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        after = time.clock_gettime_ns(time.CLOCK_REALTIME)
        if (before - up) // 10**9 == (after - up) // 10**9:
            return (before - up) // 10**9
    data = slurp(f"{proc or '/proc'}/stat", 4 << 20)
    place = data.find(b"\nbtime ")
    fields = data[place:].split(None, 2)
    if place < 0 or len(fields) < 2 or not fields[1].isdigit():
        raise Truncated("/proc/stat has no btime line", "look whether /proc is mounted")
    return int(fields[1])


def started_at(ticks: int, boot: int) -> float:
    """Seconds since the epoch, to the centisecond: the same for the same process until somebody sets the clock."""
    return round(boot + ticks / TICKS, 2)


def ticks_of(nanoseconds: int) -> int:
    """Ticks for a task's start_boottime in nanoseconds, rounded as /proc/PID/stat does (nsec_to_clock_t)."""
    return nanoseconds * TICKS // 10**9


def hidepid(proc: str = "/proc") -> str:
    """The hidepid option that /proc is mounted with, as mountinfo writes it ("" for none): why others may be unseen."""
    for line in slurp(f"{proc}/self/mountinfo", 4 << 20).splitlines():
        fields = line.split()
        if b"proc" not in fields or len(fields) < 10 or fields[4] != os.fsencode(proc):
            continue
        for option in fields[-1].split(b","):
            if option.startswith(b"hidepid=") and option not in (b"hidepid=0", b"hidepid=off"):
                return option[8:].decode("ascii", "replace")
    return ""

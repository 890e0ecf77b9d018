"""The digest of the bytes that run, and what makes it safe to remember.

A file is known by device, inode, size, mtime and ctime. No program can set a ctime, so bytes changed through the file
system show; somebody with root who sets the clock back, or writes to the disk beneath the file system, can hide, which
is why `hb why` reads again. A file that changed within the last two seconds is not remembered: two changes within one
tick of the clock look alike. Nothing is judged here.
"""

from __future__ import annotations

import errno
import os

LIMIT = 1 << 30  # bytes; the largest real executables have 300 million
SETTLED = 2_000_000_000  # nanoseconds; timestamps of network and FAT file systems are as coarse as this
_CHUNK = 1 << 18
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)


def identity(found: os.stat_result) -> str:
    """What stays the same for a file as long as its bytes do."""
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def settled(found: os.stat_result, now_ns: int) -> bool:
    """Whether the file's last change is so long ago that another one would show."""
    return max(found.st_mtime_ns, found.st_ctime_ns) < now_ns - SETTLED


def digest_of(source: str | int, algorithm: str) -> tuple[str, os.stat_result]:
    """The hex digest of a path (/proc/PID/exe leads to the running inode) or descriptor, and the file's stat.

    `algorithm` as in records.Recorded. Raises OSError: EFBIG over a GiB, EBUSY for a file that changed meanwhile,
    EOPNOTSUPP for an algorithm that this machine's Python refuses.
    """
    fd = os.open(source, _READ) if isinstance(source, str) else source
    try:
        before = os.fstat(fd)
        if before.st_mode & 0o170000 != 0o100000:
            raise OSError(errno.EINVAL, "not a plain file")
        if before.st_size > LIMIT:
            raise OSError(errno.EFBIG, f"larger than {LIMIT >> 20} MiB")
        digest = _read_through(fd, algorithm)
        after = os.fstat(fd)
    finally:
        if isinstance(source, str):
            os.close(fd)
    if identity(before) != identity(after):
        raise OSError(errno.EBUSY, "it changed while it was read")
    return digest, after


def _read_through(fd: int, algorithm: str) -> str:
    from hashlib import new  # 4 ms; only where a digest is not remembered

    try:
        state = new("sha256" if algorithm == "sha256-160" else algorithm, usedforsecurity=False)
    except ValueError:
        raise OSError(errno.EOPNOTSUPP, f"this machine's Python does not compute {algorithm}") from None
    offset = 0
    while offset <= LIMIT and (piece := os.pread(fd, _CHUNK, offset)):
        state.update(piece)
        offset += len(piece)
    return state.hexdigest()[:40] if algorithm == "sha256-160" else state.hexdigest()

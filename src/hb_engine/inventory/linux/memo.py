"""A small file of remembered answers, so that a second run need not read what the first one read.

An answer stands in a section under a key; whoever puts it chooses a section or key that changes with whatever the
answer was read from (the stat of a database, the inode of an executable, the build of the kernel), so nothing here
ever expires. The file is a convenience and treated as one: where it is corrupt, of a stranger, writable by others,
too large or half-written it counts as empty, and where it cannot be written (a read-only or full disk) only speed is
lost. Neither is an error. `problem` keeps the reason for whoever asks.

It refuses to hold secrets, to follow symbolic links, to be shared between users, and to grow: over `limit` bytes the
sections that were not used longest go first.

The file: one line "hb-memo 1 LENGTH CRC32", then lines "=SECTION" and "+KEY<tab>VALUE", in which backslash, tab and
line feed are escaped with a backslash. Text is UTF-8 with surrogateescape, as file names are.
"""

from __future__ import annotations

import errno
import os
from binascii import crc32

MAGIC = b"hb-memo 1"
LIMIT = 1 << 20  # bytes; some 8,000 answers
_FOLDER = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITE = os.O_WRONLY | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_OTHERS_MAY_WRITE = 0o022


class Memo:
    """Remembered answers of one user. `folder` None remembers for this run only.

    Root's is /var/cache/hb-engine, a user's $XDG_CACHE_HOME/hb-engine; the caller knows which.
    """

    def __init__(self, folder: str | None, name: str = "memo", limit: int = LIMIT) -> None:
        self.folder = folder
        self.name = name
        self.limit = limit
        self.problem = ""  # why nothing was remembered, or nothing could be kept: a phrase for a person
        self._raw: dict[bytes, bytes] | None = None  # sections of the file that nobody asked for yet
        self._used: dict[str, dict[str, str]] = {}  # sections in use, in the order of their first use
        self._changed = False

    def get(self, section: str, key: str) -> str | None:
        """The remembered answer, or None. Never raises."""
        return self._section(section).get(key)

    def put(self, section: str, key: str, value: str) -> None:
        """Remember an answer; `save` keeps it for the next run."""
        entries = self._section(section)
        if entries.get(key) != value:
            entries.pop(key, None)  # a new answer goes last: the first are dropped first
            entries[key] = value
            self._changed = True

    def save(self) -> bool:
        """Write what was put since the last time, atomically. False (and `problem`) where that was not possible."""
        if not self._changed or self.folder is None:
            return True
        try:
            self._write(self.folder, self._bytes())
        except OSError as error:
            self.problem = f"answers could not be kept in {self.folder}: {error.strerror}"
            return False
        self._changed = False
        return True

    def _section(self, name: str) -> dict[str, str]:
        found = self._used.get(name)
        if found is None:
            if self._raw is None:
                self._raw = self._load()
            found = self._used[name] = _entries(self._raw.pop(_escape(name), b""))
        return found

    def _load(self) -> dict[bytes, bytes]:
        if self.folder is None:
            return {}
        try:
            return _sections(self._read(self.folder))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self.problem = f"remembered answers in {self.folder} are not used: {reason}"
            return {}

    def _read(self, folder: str) -> bytes:
        """The file's bytes. Raises OSError; EPERM where somebody else could have written them."""
        at = _open_folder(folder)
        try:
            fd = os.open(self.name, _READ, dir_fd=at)
        finally:
            os.close(at)
        try:
            _check_ours(os.fstat(fd), "file", 0o100000)
            return _read_all(fd, self.limit)
        finally:
            os.close(fd)

    def _write(self, folder: str, data: bytes) -> None:
        os.makedirs(folder, 0o700, exist_ok=True)
        at = _open_folder(folder)
        new = f"{self.name}.new"
        try:
            _discard(new, at)
            fd = os.open(new, _WRITE, 0o600, dir_fd=at)
            try:
                _write_all(fd, data)
            finally:
                os.close(fd)
            # No fsync: after a crash the checksum tells, and the answers are found again.
            os.rename(new, self.name, src_dir_fd=at, dst_dir_fd=at)
        except OSError:
            _discard(new, at)
            raise
        finally:
            os.close(at)

    def _bytes(self) -> bytes:
        """The file: sections used in this run last, the oldest dropped until it all fits."""
        sections = [b"=%s\n%s" % (name, body) for name, body in (self._raw or {}).items() if body]
        sections += [
            b"=%s\n%s" % (_escape(name), _lines(entries, self.limit // 2))
            for name, entries in self._used.items()
            if entries
        ]
        room, kept = self.limit - 64, []
        for section in reversed(sections):
            if len(section) <= room:
                room -= len(section)
                kept.append(section)
        body = b"".join(reversed(kept))
        return b"%s %d %08x\n%s" % (MAGIC, len(body), crc32(body), body)


def _sections(data: bytes) -> dict[bytes, bytes]:
    """Section names (escaped) to their lines. Raises ValueError for bytes that save() did not write so."""
    head, _, body = data.partition(b"\n")
    if head != b"%s %d %08x" % (MAGIC, len(body), crc32(body)):
        raise ValueError("the file is corrupt or of another version")
    found = {}
    for part in body[1:].split(b"\n=") if body else ():
        name, _, lines = part.partition(b"\n")
        found[name] = lines if lines.endswith(b"\n") else lines + b"\n"
    return found


def _entries(lines: bytes) -> dict[str, str]:
    text = lines.decode("utf-8", "surrogateescape")
    entries = {}
    for line in text.split("\n"):
        key, tab, value = line[1:].partition("\t")
        if tab:
            entries[_unescape(key)] = _unescape(value)
    return entries


def _lines(entries: dict[str, str], limit: int) -> bytes:
    """The lines of a section, the oldest answers dropped where it is larger than `limit` bytes."""
    room, kept = limit, []
    for key, value in reversed(entries.items()):
        line = b"+%s\t%s\n" % (_escape(key), _escape(value))
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return b"".join(reversed(kept))


def _escape(text: str) -> bytes:
    if "\\" in text or "\n" in text or "\t" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no file name holds such text; it is not found again, which costs speed only
        return text.encode("utf-8", "replace")


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    # Split at doubled backslashes first, so that what follows one is not taken for an escape.
    parts = [part.replace("\\n", "\n").replace("\\t", "\t") for part in text.split("\\\\")]
    return "\\".join(parts)


def _open_folder(folder: str) -> int:
    fd = os.open(folder, _FOLDER)
    try:
        _check_ours(os.fstat(fd), "folder", 0o040000)
    except OSError:
        os.close(fd)
        raise
    return fd


def _check_ours(found: os.stat_result, what: str, kind: int) -> None:
    """Raise EPERM unless a file or folder is of that kind, is ours, and only we may write to it."""
    if found.st_mode & 0o170000 != kind:
        raise OSError(errno.EPERM, f"it is no plain {what}")
    if found.st_uid != os.geteuid() or found.st_mode & _OTHERS_MAY_WRITE:
        raise OSError(errno.EPERM, f"others own the {what} or may write to it")


def _read_all(fd: int, limit: int) -> bytes:
    pieces, left = [], limit + 1
    while left > 0 and (piece := os.read(fd, left)):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise ValueError("the file is larger than it may be")
    return b"".join(pieces)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _discard(name: str, dir_fd: int) -> None:
    """Remove what an interrupted run left. A failure shows at the next open."""
    try:
        os.unlink(name, dir_fd=dir_fd)
    except OSError:
        return

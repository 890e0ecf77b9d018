"""A file tree as one process sees it: "/" for the machine, /proc/PID/root for a container.

Symbolic links inside a container's tree are the container's own words: absolute ones mean its root, and the kernel
would take them for ours. So links are followed here, one component at a time, and never out of the tree; files are
opened component by component with O_NOFOLLOW, so that a link put there between two calls is an error and not an escape.
Only regular files are opened, a FIFO or a device never, and every read is bounded. Nothing is written.

A path is text with "/" as its root, whatever tree it is in; canonical means absolute with no link in it.
"""

from __future__ import annotations

import errno
import os

MAX_LINKS = 40  # MAXSYMLINKS of include/linux/namei.h
MAX_STEPS = 8192  # components met on the way; a path of 4,096 bytes has 2,048 at most
_LINK, _FOLDER, _FILE, _KIND = 0o120000, 0o040000, 0o100000, 0o170000
_O_PATH = getattr(os, "O_PATH", 0)
_STEP = _O_PATH | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)


class Root:
    """One tree. It remembers where folders lead, so keep it for one look and no longer."""

    def __init__(self, path: str = "/") -> None:
        self.prefix = path.rstrip("/")  # what stands before a path of the tree to make one of ours
        self._targets: dict[str, str | None] = {}  # canonical folder and a name to the link's text, None for no link
        self._shortcuts: list[tuple[str, str]] | None = None

    def resolve(self, path: str) -> str:
        """Where a path leads, without links. What is missing, or may not be seen, stays as it is written.

        A relative path, and one with more than 40 links, comes back unchanged, as one that leads nowhere.
        """
        if not path.startswith("/"):
            return path
        try:
            return self._follow(path)
        except OSError:
            return path

    def place(self, path: str) -> str:
        """Where a name stands: the links in its folder followed, the name itself not, whatever it is."""
        folder, _, name = path.rpartition("/")
        if name in ("", ".", "..") or not path.startswith("/"):
            return self.resolve(path)
        at = self.resolve(folder or "/")
        return f"{at}/{name}" if at != "/" else f"/{name}"

    def stat(self, path: str) -> os.stat_result | None:
        """The stat of what a path leads to; None where nothing is there or it may not be seen."""
        try:
            return os.lstat(self.prefix + self.resolve(path))
        except (OSError, ValueError):  # ValueError: a NUL in the path
            return None

    def open(self, path: str, folder: bool = False) -> int:
        """A descriptor of a regular file, or of a folder. Raises OSError; EINVAL where it is neither as asked."""
        fd = self._step_to(self.resolve(path))
        try:
            if os.fstat(fd).st_mode & _KIND != (_FOLDER if folder else _FILE):
                raise OSError(errno.EINVAL, f"not a plain {'folder' if folder else 'file'}", path)
            return os.open(f"/proc/self/fd/{fd}", _READ)
        finally:
            os.close(fd)

    def read(self, path: str, limit: int) -> bytes:
        """All bytes of a regular file. Raises OSError; EFBIG where there are more than `limit`."""
        fd = self.open(path)
        try:
            return read_all(fd, limit)
        finally:
            os.close(fd)

    def names_of(self, path: str) -> list[str]:
        """The names by which a package may list a canonical path: itself, and through linked folders of / and /usr.

        With /bin -> usr/bin, /usr/bin/dash is also /bin/dash; with /usr/sbin -> bin, /usr/bin/sshd is /usr/sbin/sshd.
        """
        names = [path]
        for link, target in self._links():
            if path.startswith(target):
                names.append(link + path[len(target) :])
        return names

    def _links(self) -> list[tuple[str, str]]:
        """Linked folders of / and /usr as (link with a slash, canonical target with a slash)."""
        if self._shortcuts is None:
            found = []
            for folder in ("/", "/usr/"):
                for name in self._linked_in(folder):
                    target = self.resolve(folder + name)
                    if target != "/":
                        found.append((f"{folder}{name}/", f"{target}/"))
            self._shortcuts = found
        return self._shortcuts

    def _linked_in(self, folder: str) -> list[str]:
        try:
            with os.scandir(self.prefix + folder) as entries:
                return [entry.name for entry, _ in zip(entries, range(4096), strict=False) if entry.is_symlink()]
        except OSError:
            return []

    def _follow(self, path: str) -> str:
        """The canonical form of an absolute path. Raises OSError (ELOOP) for a maze."""
        at, todo, links, steps = "", path.split("/")[::-1], 0, 0
        while todo:
            name = todo.pop()
            if name == "..":
                at = at.rpartition("/")[0]
            elif name and name != ".":
                target = self._target(f"{at}/{name}")
                steps += 1
                if target is None:
                    at = f"{at}/{name}"
                    continue
                links += 1
                if links > MAX_LINKS or steps > MAX_STEPS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                todo += target.split("/")[::-1]
                at = "" if target.startswith("/") else at
        return at or "/"

    def _target(self, here: str) -> str | None:
        """What a link says; None for anything else, and for what is missing or may not be seen."""
        try:
            return self._targets[here]
        except KeyError:
            pass
        try:
            target = os.readlink(self.prefix + here)
        except (OSError, ValueError):  # ValueError: a NUL in the path
            target = None
        self._targets[here] = target
        return target

    def _step_to(self, path: str) -> int:
        """An O_PATH descriptor of a canonical path, reached without following any link."""
        if not self.prefix:
            return os.open(path, _STEP)  # our own tree: whoever can put links there needs no help from us
        at = os.open(self.prefix + "/", _O_PATH | os.O_CLOEXEC | os.O_DIRECTORY)
        for part in path.split("/"):
            if part:
                try:
                    step = os.open(part, _STEP, dir_fd=at)
                finally:
                    os.close(at)
                at = step
        return at


def open_beneath(folder: int, name: str) -> int:
    """A regular file in an open folder, by a name without slashes. Raises OSError; links are refused."""
    fd = os.open(name, _READ | os.O_NOFOLLOW, dir_fd=folder)
    if os.fstat(fd).st_mode & _KIND != _FILE:
        os.close(fd)
        raise OSError(errno.EINVAL, "not a plain file", name)
    return fd


def read_all(fd: int, limit: int) -> bytes:
    """The bytes of a descriptor from where it stands. Raises OSError; EFBIG where there are more than `limit`."""
    data = os.read(fd, min(limit + 1, max(os.fstat(fd).st_size + 1, 4096)))
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit} bytes")
    pieces, size = [data], len(data)
    while data := os.read(fd, limit + 1 - size):
        pieces.append(data)
        size += len(data)
        if size > limit:
            raise OSError(errno.EFBIG, f"larger than {limit} bytes")
    return b"".join(pieces)

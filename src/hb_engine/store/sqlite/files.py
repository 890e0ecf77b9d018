"""Where the file may lie: a history that others could have written proves nothing, and one that they read tells them.

The file is made with mode 0600 in a folder of mode 0700, before SQLite opens it by its name. SQLite follows names, so
the way there must be safe: no symbolic link as the file, every folder above it root's or ours, and none of them
writable by others unless it is sticky. It refuses what is not so, and changes no mode of what is there already.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import DataError

REMEDY = "Let the folder be yours alone (chmod 700), or name another file in HB_HISTORY."
_OTHERS_MAY_WRITE, _STICKY, _KIND, _FOLDER, _FILE = 0o022, 0o1000, 0o170000, 0o040000, 0o100000
_FLAGS = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def prepare(path: str) -> None:
    """Make the folder and the file where there are none. Raises DataError where they may not lie, or cannot be made."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        check(path)
        os.close(os.open(path, _FLAGS | os.O_CREAT, 0o600))
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}", REMEDY) from error


def check(path: str) -> bool:
    """Whether there is a file. Raises DataError for one, or a way to it, that others could have written."""
    if not os.path.isabs(path):
        raise DataError(f"{path} is no absolute path", "Name the file from / on.")
    if not hasattr(os, "geteuid"):
        return os.path.exists(path)
    _check_way(os.path.realpath(os.path.dirname(path)))
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DataError(f"{path} cannot be looked at: {error.strerror}", REMEDY) from error
    if found.st_mode & _KIND != _FILE:
        raise DataError(f"{path} is no plain file", REMEDY)
    if found.st_uid not in (0, os.geteuid()):
        raise DataError(f"{path} is another user's", REMEDY)
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise DataError(f"{path} may be written by others", f"Let it be yours alone: chmod 600 {path}")
    return True


def may_write(path: str) -> bool:
    """Whether the file and its folder may be written: SQLite keeps its journal beside the file."""
    return os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)


def was_left_open(path: str) -> bool:
    """Whether a log lies beside the file: somebody else has it open, or did not come to close it."""
    try:
        return os.stat(f"{path}-wal").st_size > 0
    except OSError:
        return False


def _check_way(folder: str) -> None:
    """Every folder from this one up to the root."""
    nearest = True
    while True:
        try:
            found = os.stat(folder)
        except OSError as error:
            raise DataError(f"{folder} cannot be looked at: {error.strerror}", REMEDY) from error
        if found.st_mode & _KIND != _FOLDER or found.st_uid not in (0, os.geteuid()):
            raise DataError(f"{folder} is another user's", REMEDY)
        if found.st_mode & _OTHERS_MAY_WRITE and (nearest or not found.st_mode & _STICKY):
            raise DataError(f"others may write to {folder}", REMEDY)
        if folder == os.path.dirname(folder):
            return
        folder, nearest = os.path.dirname(folder), False

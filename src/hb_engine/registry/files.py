"""Writing a file so that a reader finds the old one or the new one, whole, whatever happens between.

A new file is written beside the old one, forced to disk, and renamed over it; then the folder is forced to disk, so
that the rename survives a power cut. A failure leaves the old file as it was and no scrap behind; scraps of a program
that was killed are swept later. This module refuses to follow a link that lies where its temporary file should go.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Verify(Protocol):
        """Raises HbError for bytes that should not take the old file's place."""

        def __call__(self, data: bytes, /) -> object: ...


SUFFIX = ".hb-new"
STALE = 3600.0  # seconds after which a temporary file belongs to nobody


def write_whole(folder: str, name: str, data: bytes, verify: Verify | None = None) -> None:
    """Put a file in place of the old one, or raise and leave the old one.

    `verify` is given the bytes as they were read back. Raises DataError where the system refuses (disk full, no right,
    read-only), with what to do; and what `verify` raises.
    """
    temporary = os.path.join(folder, f".{name}.{os.getpid()}{SUFFIX}")
    try:
        os.makedirs(folder, mode=0o755, exist_ok=True)
        try:
            _write(temporary, data)
            if verify:
                with open(temporary, "rb", buffering=0) as file:
                    verify(file.readall() or b"")
            os.replace(temporary, os.path.join(folder, name))
        except BaseException:
            _unlink(temporary)
            raise
        _sync_folder(folder)
    except OSError as error:
        raise DataError(
            f"{os.path.join(folder, name)!r} cannot be written: {error.strerror or error}",
            "Make room or correct the rights there, then try again. What was there before is kept.",
        ) from error


def sweep(folder: str, now: float) -> list[str]:
    """Remove temporary files of killed programs; the names of those removed. `now` is seconds since 1970."""
    removed = []
    try:
        names = os.listdir(folder)
    except OSError:
        return []  # no folder yet, or not ours to read: then nothing of ours is in it
    for name in names:
        if name.startswith(".") and name.endswith(SUFFIX):
            path = os.path.join(folder, name)
            try:
                if now - os.lstat(path).st_mtime > STALE:
                    os.unlink(path)
                    removed.append(name)
            except OSError:
                continue  # another program was faster, or it is another user's: it does no harm
    return removed


def read_small(path: str, limit: int = 1 << 20) -> bytes | None:
    """A small file of ours; None if it is not there, not readable, not a file, or longer than `limit`."""
    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb", buffering=0) as file:
            data = file.read(limit + 1)
    except OSError:
        return None
    return data if len(data) <= limit else None


def _write(path: str, data: bytes) -> None:
    _unlink(path)  # of an earlier process with our number
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o644)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unlink(path: str) -> None:
    try:  # noqa: SIM105  (contextlib costs a millisecond)
        os.unlink(path)
    except OSError:
        pass  # not there; or the error that brought us here is the one worth telling, and sweep() tries again later


def _sync_folder(folder: str) -> None:
    """Force a rename to disk. Windows cannot open folders, and needs it not."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

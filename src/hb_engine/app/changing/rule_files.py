"""Files of a baseline, changed by hb: read, and written whole beside the old one and renamed over it.

Whatever happens in between (a kill, a full disk, a power cut), a reader finds the old file or the new one. Mode and
owner stay as they were; a new file belongs to whom the folder belongs, so that what root writes into a person's
checkout is that person's. It refuses links, whose target might be anybody's, files of more than a few megabytes, and to
write over what somebody else changed since it was read.
"""

from __future__ import annotations

import os
import time

from hb_engine.model.errors import BadInput, DataError
from hb_engine.registry.files import SUFFIX, sweep, write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 8 << 20  # bytes of a file of rules
NEW = 0o644
PATIENCE = 10.0  # seconds that another hb, which writes for a moment, is waited for
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_MADE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_KEPT = "What was there before is kept."


class Changed(DataError):
    """A file is not any more what it was when it was read; what somebody else wrote is kept."""


def read(path: str, limit: int = LIMIT) -> str | None:
    """A file's text, to the letter; None where there is none. Raises DataError for what is no plain file of UTF-8."""
    if "\0" in path:  # os.open would raise ValueError
        raise DataError(f"{path!r} cannot be a file's name", "Name another.")
    if os.path.islink(path):
        raise DataError(f"{path} is a link, and hb writes through none", "Name the file that it leads to, or another.")
    try:
        descriptor = os.open(path, _READ)
        try:
            if os.fstat(descriptor).st_mode & 0o170000 != 0o100000:
                raise DataError(f"{path} is no file", "Move it out of the way, or name another.")
            data = b"".join(_chunks(descriptor, limit + 1))
        finally:
            os.close(descriptor)
        text = data.decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}", "Correct the rights there.") from error
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}:{number}: the bytes there are no UTF-8", "Write the file as UTF-8.") from error
    if len(data) > limit:
        raise DataError(f"{path} is larger than {limit >> 20} MiB", "Divide it, or name another file.")
    return text


def _chunks(descriptor: int, limit: int) -> Iterator[bytes]:
    while limit > 0 and (data := os.read(descriptor, min(limit, 1 << 20))):
        limit -= len(data)
        yield data


def write(path: str, text: str, before: str | None) -> None:
    """Put a text in place of a file that read `before` (None: there was none), or raise and leave it as it is.

    Raises Changed where somebody changed it since, DataError where the system refuses, with what to do.
    """
    folder, name = os.path.split(path)
    if os.name != "posix":  # folders cannot be opened there
        _check(path, before)
        write_whole(folder or ".", name, text.encode())
        return
    try:
        place = os.open(folder or ".", _FOLDER)
        try:
            _hold(place)
            _check(path, before)
            _replace(place, name, text.encode())
        finally:
            os.close(place)  # lets go of the hold too
        sweep(folder or ".", time.time())  # what killed programs left long ago
    except OSError as error:
        remedy = f"Make room or correct the rights there, then try again. {_KEPT}"
        raise DataError(f"{path} cannot be written: {error.strerror or error}", remedy) from error


def remove(path: str, before: str) -> None:
    """Take away a file that reads `before`. Raises DataError where it does not, or the system refuses."""
    _check(path, before)
    try:
        os.unlink(path)
    except OSError as error:
        raise DataError(f"{path} cannot be removed: {error.strerror}", "Correct the rights there.") from error


def _check(path: str, before: str | None) -> None:
    if read(path, max(LIMIT, len((before or "").encode()) + 1)) != before:
        raise Changed(f"{path} was changed by somebody else in between", "Look at it, then try again.")


def make_folder(path: str) -> bool:
    """Make a folder, for its parent's owner; whether it was not there. Raises DataError."""
    try:
        os.mkdir(path, 0o755)
        _give(path, os.stat(os.path.dirname(path) or "."))
    except FileExistsError:
        if not os.path.isdir(path):
            raise DataError(f"{path} is no folder", "Move it out of the way, or say --baseline.") from None
        return False
    except FileNotFoundError:
        raise BadInput(f"there is no folder {os.path.dirname(path)}", "Make it, or name another.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be made: {error.strerror}", "Correct the rights there.") from error
    return True


def _hold(place: int, patience: float = PATIENCE) -> None:
    """Keep two programs of hb from writing into one folder at once.

    Whoever may read the folder may hold it, and for ever: raises DataError after some seconds.
    """
    import fcntl  # POSIX only, as all of this

    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise DataError(
                    "another program holds the folder of the rules", f"fuser -v FOLDER names it. {_KEPT}"
                ) from None
            time.sleep(0.02)
        else:
            return


def _replace(place: int, name: str, data: bytes) -> None:
    """Write beside, force to disk, rename, and force the rename to disk. `place` is the folder's descriptor."""
    temporary = f".{name}.{os.getpid()}{SUFFIX}"
    _unlink(temporary, place)  # of an earlier process with our number
    try:
        descriptor = os.open(temporary, _MADE, 0o600, dir_fd=place)
        try:
            _as_before(descriptor, name, place)
            left = memoryview(data)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(temporary, name, src_dir_fd=place, dst_dir_fd=place)
    except BaseException:
        _unlink(temporary, place)
        raise
    os.fsync(place)


def _as_before(descriptor: int, name: str, place: int) -> None:
    """Give a new file the owner and the mode of the one that it replaces, or of a new one."""
    try:
        old = os.stat(name, dir_fd=place, follow_symlinks=False)
        mode = old.st_mode & 0o777
    except FileNotFoundError:
        old, mode = os.fstat(place), NEW & ~_umask()
    made = os.fstat(descriptor)
    if (made.st_uid, made.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except PermissionError:  # another's file in a folder of ours: the group at least
            _try_group(descriptor, old.st_gid)
    os.fchmod(descriptor, mode)


def _try_group(descriptor: int, group: int) -> None:
    try:  # noqa: SIM105  (contextlib costs a millisecond)
        os.fchown(descriptor, -1, group)
    except PermissionError:
        pass  # not a member of it: the file is ours, and whoever may write the folder may write it anew


def _give(path: str, parent: os.stat_result) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or parent.st_uid == 0:
        return
    made = os.open(path, _FOLDER | getattr(os, "O_NOFOLLOW", 0))  # whoever owns the parent may put another thing there
    try:
        if os.fstat(made).st_uid == 0 and not os.listdir(made):
            os.fchown(made, parent.st_uid, parent.st_gid)
    finally:
        os.close(made)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _unlink(name: str, place: int) -> None:
    try:  # noqa: SIM105  (as above)
        os.unlink(name, dir_fd=place)
    except OSError:
        pass  # not there; or the error that brought us here is the one worth telling

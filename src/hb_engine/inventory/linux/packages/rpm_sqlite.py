"""rpm's present database: SQLite, with an index from base names to packages.

It is opened so that nothing on the disk changes: immutable, or read-only beside rpm's own log when rpm has not yet
moved that log into the database. SQLite follows links by itself and would leave a container's tree, so a database that
is not under our own "/" is copied into a private folder first, which reads some 20 MB once per change of the database.
"""

from __future__ import annotations

import errno
import os

from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Connection

    from hb_engine.inventory.linux.packages.root import Root

COPY_LIMIT = 512 << 20
MOVED = 64  # packages with a file of one name that are looked at for a folder that somebody moved and linked
_WAIT = 2.0  # seconds for rpm to finish what it is writing
_LISTED = """SELECT DISTINCT b.hnum FROM Basenames b JOIN Dirnames d ON d.hnum = b.hnum
             WHERE b.key = CAST(? AS TEXT) AND d.key = CAST(? AS TEXT)"""
_CALLED = "SELECT DISTINCT hnum FROM Basenames WHERE key = CAST(? AS TEXT) LIMIT ?"
_HEADER = "SELECT blob FROM Packages WHERE hnum = ?"


def headers(root: Root, database: str, names: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(base name, header of a package that may hold one of the names). Raises DataError or OSError."""
    import sqlite3  # 3 ms, and only where rpm's database must really be read

    if root.prefix:
        from tempfile import TemporaryDirectory  # only for containers with rpm

        with TemporaryDirectory(prefix="hb-") as folder:
            yield from _ask(_copy(root, database, folder), "rw", names, sqlite3.Error)
    else:
        path = root.resolve(database)
        log = _size(f"{path}-wal") > 0 and _size(f"{path}-shm") > 0
        yield from _ask(path, "ro" if log else "ro&immutable=1", names, sqlite3.Error)


def _ask(path: str, mode: str, names: Iterable[bytes], errors: type[Exception]) -> Iterator[tuple[bytes, bytes]]:
    try:
        connection = _open(path, mode)
        try:
            for basename, folders in _by_basename(names).items():
                for number in _packages(connection, basename, folders):
                    for (blob,) in connection.execute(_HEADER, number):
                        yield basename, bytes(blob)
        finally:
            connection.close()
    except (errors, TypeError) as error:  # TypeError: a blob that is none
        raise DataError(f"SQLite says: {error}") from error


def _by_basename(names: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for name in names:
        folder, slash, basename = name.rpartition(b"/")
        found.setdefault(basename, []).append(folder + slash)
    return found


def _packages(connection: Connection, basename: bytes, folders: list[bytes]) -> list[tuple[int]]:
    found = [row for folder in folders for row in connection.execute(_LISTED, (basename, folder))]
    return found or connection.execute(_CALLED, (basename, MOVED)).fetchall()


def _open(path: str, mode: str) -> Connection:
    from sqlite3 import connect
    from urllib.parse import quote

    return connect(f"file:{quote(path)}?mode={mode}", uri=True, timeout=_WAIT)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _copy(root: Root, database: str, folder: str) -> str:
    """The database, and its log where it has one, in our own folder. Raises OSError."""
    copy = f"{folder}/rpmdb.sqlite"
    for suffix in ("", "-wal"):
        try:
            fd = root.open(database + suffix)
        except FileNotFoundError:
            if suffix:
                continue
            raise
        try:
            _copy_bytes(fd, copy + suffix)
        finally:
            os.close(fd)
    return copy


def _copy_bytes(source: int, path: str) -> None:
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        left = COPY_LIMIT
        while left > 0 and (sent := os.sendfile(target, source, None, min(left, 1 << 24))):
            left -= sent
        if left <= 0:
            raise OSError(errno.EFBIG, f"larger than {COPY_LIMIT} bytes", path)
    finally:
        os.close(target)

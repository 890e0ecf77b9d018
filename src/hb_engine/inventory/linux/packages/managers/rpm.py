"""rpm, of Fedora, RHEL, SUSE and their kin: a database of headers, in SQLite, Berkeley DB or ndb, read without rpm.

Where more than one database is left from an upgrade of rpm itself the newest form counts. Digests are of the algorithm
that the package names. Files that rpm left out (the other architecture's of a shared path, excluded documentation) or
that another package replaced are not the package's. On ostree systems /usr/share/rpm is the database.

The SQLite form has an index by file name; the others are read whole, once for all questions of a look.

Sources: rpm's lib/rpmdb.c, lib/backend/sqlite.c; the forms of the databases in packages/rpm_stores.py.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.packages.records import Found, Manager, Question, Recorded
from hb_engine.model.errors import HbError
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.wire.rpm_header import Header, RpmFile

FOLDERS = ("/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm")
SQLITE, NDB, BDB = "rpmdb.sqlite", "Packages.db", "Packages"  # newest first
DATABASES = tuple(f"{folder}/{name}" for name in (SQLITE, NDB, BDB) for folder in FOLDERS)
MANAGER = Manager("rpm", DATABASES, tuple(f"{folder}/{SQLITE}-wal" for folder in FOLDERS))


def find(question: Question) -> Found:
    """The packages of the wanted paths. Never raises for what the database holds; what cannot be read is a gap."""
    found = Found()
    database = next((path for path in DATABASES if question.root.stat(path)), None)
    if database is None:
        return found
    from hb_engine.wire.rpm_header import Header  # half a millisecond that most machines need not pay

    names = question.names()
    try:
        for basename, blob in _headers(question, database, names):
            header = Header(blob)
            for file in header.files_called(basename):
                path = names.get(file.path) or question.leads_to(file.path)
                if path and file.installed:
                    found.add(path, _record(header, file))
    except (OSError, HbError) as error:
        why = error.message if isinstance(error, HbError) else error.strerror
        remedy = "run rpm --verifydb, and rpm --rebuilddb where it complains"
        found.gaps.append(Gap("rpm's database", f"{database} could not be read whole: {why}", remedy, "owners"))
    return found


def _record(header: Header, file: RpmFile) -> Recorded:
    note = ""
    if not file.digest:
        note = "its package records no digest of it"
        if file.ghost:
            note = "its package names it but does not bring it"
    elif not file.algorithm:
        note = "its package records a digest of a kind that hb does not know"
    elif file.config:
        note = "a configuration file, which its administrator may change"
    digest = file.digest if file.algorithm else ""
    return Recorded("rpm", header.name, header.version, file.algorithm if digest else "", digest, note)


def _headers(question: Question, database: str, names: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(base name, header that may hold it). Raises OSError or Truncated."""
    if database.endswith(SQLITE):
        from hb_engine.inventory.linux.packages.rpm_sqlite import headers  # brings sqlite3, which costs 3 ms

        yield from headers(question.root, database, names)
        return
    from hb_engine.inventory.linux.packages.rpm_stores import bdb_headers, ndb_headers  # for older systems only

    search = ndb_headers if database.endswith(NDB) else bdb_headers
    fd = question.root.open(database)
    try:
        basenames = sorted({name.rpartition(b"/")[2] for name in names})
        yield from search(lambda offset, length: os.pread(fd, length, offset), os.fstat(fd).st_size, basenames)
    finally:
        os.close(fd)

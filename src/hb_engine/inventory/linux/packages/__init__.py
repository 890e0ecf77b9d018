"""Which package owns a file, and whether the bytes that run are that package's.

Packages asks every manager whose database is in the tree (managers/), for many paths in one go, and remembers the
answers under the stat of the databases: a second run costs a few stats. verify() compares the digest of the running
inode, read through /proc/PID/exe, with what the package recorded; a path is never trusted for what runs. Several owners
of one path (two architectures, a shared file) are all kept, and the one whose digest fits is named.

It refuses to say "no package" without a gap where a database could not be read (and does not remember that), and to
call a file changed that an update has replaced: the package then records the new file, and nothing the old one.

One instance serves one look at one tree: a later look needs a new one.
"""

from __future__ import annotations

import errno
import os
import time

from hb_engine.inventory.linux.packages.bundles import bundled
from hb_engine.inventory.linux.packages.digest import SETTLED, digest_of, identity, settled
from hb_engine.inventory.linux.packages.managers import load
from hb_engine.inventory.linux.packages.records import Question, pack, unpack
from hb_engine.inventory.linux.packages.root import Root
from hb_engine.model.inventory import Gap
from hb_engine.model.owner import Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.inventory.linux.memo import Memo
    from hb_engine.inventory.linux.packages.managers import Loaded
    from hb_engine.inventory.linux.packages.records import Recorded

NOT_COMPARED = "the running file has not been compared"
REPLACED = "an update has replaced the file on disk, which is the package's; what runs is older and cannot be compared"
UNTOLD = "owners pkg signed"  # which facts nobody tells where no package manager does
_DIGESTS = "digests"


class Packages:
    """The packages of one tree: "/" for the machine, f"/proc/{pid}/root" for a container.

    `memo` remembers between runs; its owner calls save() on it. `fresh` takes nothing from it (and still adds to it).
    `clock` gives nanoseconds since the epoch. Paths are as /proc/PID/exe of a process in that tree gives them, without
    the kernel's " (deleted)".
    """

    def __init__(
        self, root: str = "/", memo: Memo | None = None, fresh: bool = False, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self.root = Root(root)
        self._memo = memo
        self._fresh = fresh
        self._clock = clock
        self._gaps: list[Gap] = []
        self._places: dict[str, str] = {}  # path to canonical path
        self._known: dict[str, tuple[Recorded, ...]] = {}  # canonical path to what packages record
        self._judged: dict[tuple[str, str], Package] = {}  # canonical path and identity of what runs
        self._digests: dict[str, str] = {}
        self._managers, self._stamp, self._settled = self._look()

    @property
    def asked(self) -> tuple[str, ...]:
        """The managers whose databases are here; () means that "no package" says nothing."""
        return tuple([manager.name for manager, _ in self._managers])

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read so far."""
        return tuple(self._gaps)

    def owner_of(self, path: str) -> Package | None:
        """The package that owns a file, not yet verified; None where none does, or (see gaps) it cannot be told.

        Folders are shared between packages and have no owner.
        """
        return self.owners_of((path,))[path]

    def owners_of(self, paths: Iterable[str]) -> dict[str, Package | None]:
        """The same for many paths, each database read at most once."""
        canonical = {path: self._place(path) for path in paths}
        self._learn([place for place in canonical.values() if place not in self._known and not bundled(place)])
        return {path: self._owner(place) for path, place in canonical.items()}

    def verify(
        self, path: str, running: str | int, found: os.stat_result | None = None, cold: bool = True
    ) -> Package | None:
        """The package of a path, and whether what runs is what it records; None where no package owns the path.

        `running` leads to the inode itself: /proc/PID/exe, or a descriptor; `found` is its stat where the caller has
        it. cold=False compares only what is remembered, and otherwise says that it did not.
        """
        place = self._place(path)
        try:
            found = found or os.stat(running)
        except OSError as error:
            owner = self.owner_of(path)
            return owner and _with(owner, None, f"what runs may not be read: {error.strerror}")
        key = (place, identity(found))
        if key not in self._judged:
            owner = self.owner_of(path)
            records = self._known.get(place, ())
            if owner is None or not records:
                return owner
            judged = self._judge(place, records, running, found, cold)
            if judged.detail == NOT_COMPARED:
                return judged
            self._judged[key] = judged
        return self._judged[key]

    def _place(self, path: str) -> str:
        place = self._places.get(path)
        if place is None:
            place = self._places[path] = self.root.resolve(path)
        return place

    def _look(self) -> tuple[tuple[Loaded, ...], str, bool]:
        """The managers in use, a stamp that changes with their databases, and whether those have settled."""
        present, stamp, newest = [], [], 0
        for manager, find in load():
            stats = [self.root.stat(path) for path in manager.databases]
            if any(stats):
                present.append((manager, find))
                for at in stats + [self.root.stat(path) for path in manager.stamps]:
                    stamp.append(f"{at.st_dev}:{at.st_ino}:{at.st_size}:{at.st_mtime_ns}" if at else "-")
                    newest = max(newest, at.st_mtime_ns if at else 0)
        if not present:
            self._gaps.append(self._no_database())
        return tuple(present), "owners " + " ".join(stamp), newest < self._clock() - SETTLED

    def _no_database(self) -> Gap:
        where = self.root.prefix or "/"
        try:
            os.stat(f"{where}/")
        except OSError as error:
            return Gap("packages", f"{where} may not be looked into: {error.strerror}", "run hb as root", UNTOLD)
        names = ", ".join([manager.name for manager, _ in load()])
        why = f"there is no database of {names} under {where}"
        return Gap("packages", why, "look by hand where its programs come from", UNTOLD)

    def _learn(self, places: list[str]) -> None:
        """Fill _known for canonical paths, from memory where possible."""
        missing = [place for place in dict.fromkeys(places) if not self._recall(place)]
        usable = [place for place in missing if _usable(place) and not self._folder(place)]
        self._known |= dict.fromkeys(missing, ())
        if not usable or not self._managers:
            return
        complete = True
        for _, find in self._managers:
            found = find(Question(self.root, usable))
            complete = complete and not found.gaps
            self._gaps += [gap for gap in found.gaps if gap not in self._gaps]
            for place, records in found.records.items():
                self._known[place] += tuple(records)
        for place in usable:
            self._remember(place, complete)

    def _recall(self, place: str) -> bool:
        text = self._memo.get(self._stamp, place) if self._memo and not self._fresh else None
        records = unpack(text) if text is not None else None
        if records is None:
            return False
        self._known[place] = tuple(records)
        return True

    def _remember(self, place: str, complete: bool) -> None:
        text = pack(self._known[place])
        if self._memo and complete and self._settled and text is not None:
            self._memo.put(self._stamp, place, text)

    def _folder(self, place: str) -> bool:
        """Whether a path is a folder: many packages list /usr/bin, and none owns it."""
        found = self.root.stat(place)
        return found is not None and found.st_mode & 0o170000 == 0o040000

    def _owner(self, place: str) -> Package | None:
        records = self._known.get(place)
        if records:
            return Package(records[0].name, records[0].version, records[0].manager, None, NOT_COMPARED)
        return bundled(place)

    def _judge(
        self, place: str, records: tuple[Recorded, ...], running: str | int, found: os.stat_result, cold: bool
    ) -> Package:
        comparable = [record for record in records if record.digest]
        if not comparable:
            return _package(records[0], None, records[0].detail)
        seen = ""
        for record in comparable:
            try:
                seen = self._digest(running, found, record.algorithm, cold)
            except OSError as error:
                return _package(record, None, f"the running file could not be read: {error.strerror}")
            if not seen:
                return _package(record, None, NOT_COMPARED)
            if seen == record.digest:
                return _package(record, True, "")
        return self._differs(place, comparable[0], seen, found)

    def _differs(self, place: str, record: Recorded, seen: str, found: os.stat_result) -> Package:
        """What a digest that does not fit means: a file replaced by an update, or one that was changed.

        An update unlinks what it replaces. A file that still has a name, but not this one, was hidden, not replaced.
        """
        there = self.root.stat(place)
        if there and found.st_nlink == 0 and self._intact(place, record):
            return _package(record, None, REPLACED)
        detail = f"its {record.algorithm} is {seen}, {record.manager} records {record.digest}"
        return _package(record, False, f"{detail} ({record.detail})" if record.detail else detail)

    def _intact(self, place: str, record: Recorded) -> bool:
        """Whether the file on disk is the package's."""
        try:
            fd = self.root.open(place)
        except OSError:
            return False
        try:
            return self._digest(fd, os.fstat(fd), record.algorithm, cold=True) == record.digest
        except OSError:
            return False
        finally:
            os.close(fd)

    def _digest(self, source: str | int, found: os.stat_result, algorithm: str, cold: bool) -> str:
        """The digest of a file, remembered by its identity; "" where it is not and cold is False. Raises OSError."""
        key = f"{identity(found)}:{algorithm}"
        digest = self._digests.get(key, "")
        if not digest and self._memo and not self._fresh:
            digest = self._memo.get(_DIGESTS, key) or ""
        if not digest and cold:
            digest, after = digest_of(source, algorithm)
            if identity(after) != identity(found):
                raise OSError(errno.EBUSY, "it changed while it was read")
            if self._memo and settled(after, self._clock()):
                self._memo.put(_DIGESTS, key, digest)
        self._digests[key] = digest
        return digest


def _usable(path: str) -> bool:
    """Whether a file can have this path at all."""
    if not path.startswith("/") or "\0" in path:
        return False
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _package(record: Recorded, verified: bool | None, detail: str) -> Package:
    return Package(record.name, record.version, record.manager, verified, detail)


def _with(package: Package, verified: bool | None, detail: str) -> Package:
    return Package(package.name, package.version, package.manager, verified, detail)

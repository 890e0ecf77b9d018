"""What a package manager's module declares, is asked and answers.

A manager is a file in managers/ with one declaration, MANAGER, and one function, find(question) -> Found. It reads the
database itself, never runs the manager where it can be avoided, and never writes. Nothing here reads anything.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.inventory.linux.packages.root import Root
    from hb_engine.model.inventory import Gap

_FIELD, _RECORD = "\x1f", "\x1e"  # unit and record separators of ASCII, which no name or version holds


@record
class Manager:
    """A package manager: its name, and the files that show whether its database is here and has changed.

    `databases` are paths of which one that exists proves that the manager is in use; the stat of each of them, and of
    those in `stamps` (folders of file lists, journals), changes whenever an answer could.
    """

    name: str
    databases: tuple[str, ...]
    stamps: tuple[str, ...] = ()


@record
class Recorded:
    """What one package says of one file. `digest` is lower-case hex, "" where the package records none.

    `algorithm` is one of hashlib's names, or sha256-160 (SHA-256 cut to 20 bytes, as apk does). `detail` says for a
    person why there is no digest, or what is particular: a configuration file, a package that is half installed.
    """

    manager: str
    name: str
    version: str
    algorithm: str = ""
    digest: str = ""
    detail: str = ""


class Question:
    """The tree, and canonical paths in it of which the owner is wanted."""

    def __init__(self, root: Root, paths: Iterable[str]) -> None:
        self.root = root
        self.paths = tuple(paths)
        self.wanted = frozenset(self.paths)

    def names(self) -> dict[bytes, str]:
        """Every name, as bytes, that a package may list one of the paths by, to that path."""
        return {encoded(name): path for path in self.paths for name in self.root.names_of(path)}

    def leads_to(self, name: bytes) -> str | None:
        """The wanted path that a listed name is, where folders on its way are links; None where it is another."""
        found = self.root.place(decoded(name))
        return found if found in self.wanted else None


class Found:
    """Answers: path to the packages that list it, best first, and what could not be read."""

    def __init__(self) -> None:
        self.records: dict[str, list[Recorded]] = {}
        self.gaps: list[Gap] = []

    def add(self, path: str, what: Recorded) -> None:
        """One more package that lists a path; the same one twice is one."""
        known = self.records.setdefault(path, [])
        if what not in known:
            known.append(what)


def encoded(path: str) -> bytes:
    """A path as the bytes that the kernel knows."""
    return path.encode("utf-8", "surrogateescape")


def decoded(path: bytes) -> str:
    """Bytes of a stranger as text that loses nothing."""
    return path.decode("utf-8", "surrogateescape")


def pack(records: Iterable[Recorded]) -> str | None:
    """Records as one line of text for a memo; None where a field holds a separator, which no honest one does."""
    rows = [(r.manager, r.name, r.version, r.algorithm, r.digest, r.detail) for r in records]
    if any(_FIELD in field or _RECORD in field for row in rows for field in row):
        return None
    return _RECORD.join([_FIELD.join(row) for row in rows])


def unpack(text: str) -> list[Recorded] | None:
    """The records of pack(); None for anything else."""
    rows = [row.split(_FIELD) for row in text.split(_RECORD)] if text else []
    if any(len(row) != 6 for row in rows):
        return None
    return [Recorded(*row) for row in rows]

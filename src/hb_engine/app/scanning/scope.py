"""`hb scope`, and what a scan asks of it: the files of what may be scanned, read, changed and held against addresses.

Two files are read: the administrator's in /etc/hb-engine, whose exclusions bind everybody, and the person's own in the
configuration folder. A file that others could have written, or that is not whole, is an error: nothing is scanned
then. A change is written beside the file and renamed over it, and recorded where scans are.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.app.ruling.roles import hosts_of
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import record
from hb_engine.registry.files import write_whole
from hb_engine.scan import attached, log, scope_file
from hb_engine.scan.addresses import AddressSet
from hb_engine.scan.resolve import FAMILIES, by_system
from hb_engine.scan.scope import Allowed, Line, Scope, judge, never
from hb_engine.scan.targets import Targets, parse
from hb_engine.scan.words import quoted, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hb_engine.scan.resolve import Resolve

FILE = "scope.toml"
LIMIT = 1 << 20  # bytes of a scope file
_OTHERS_MAY_WRITE = 0o022
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
OWN_IT = "Give it to root or yourself, and let nobody else write to it (chmod go-w)."


@record
class Edited:
    """What a change did: the lines now there that were not, those that are gone, and what is worth saying."""

    path: str
    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()


@record
class Listing:
    """The scope as it is: where its files are (those that exist), and all that judging needs."""

    files: tuple[str, ...]
    scope: Scope


@record
class Checked:
    """Addresses of some words, and the judgement on them."""

    targets: Targets
    allowed: Allowed


def scope(now: float | None = None) -> Scope:
    """What may be scanned, at a time (seconds since the epoch; now where none is given). Raises DataError."""
    return listing(now).scope


def listing(now: float | None = None) -> Listing:
    """The scope with its files. Raises DataError for a file that cannot be trusted or is not whole."""
    lines: list[Line] = []
    files = []
    for path in paths():
        text = _read(path)
        if text is not None:
            files.append(path)
            lines += scope_file.parse(text, path)
    return Listing(tuple(files), Scope(tuple(lines), attached.look(), _today(now)))


def paths() -> tuple[str, ...]:
    """The files that are read, in this order: the administrator's, and the person's where there is a home."""
    own = folders.config()
    return tuple([os.path.join(folder, FILE) for folder in (folders.system(), own) if folder])


def check(words: Iterable[str], *, resolve: Resolve = by_system, now: float | None = None) -> Checked:
    """Whether these would be scanned, and by which line. Sends nothing but questions for names."""
    current = scope(now)
    targets = parse(words, resolve=resolve, roles=hosts_of)
    return Checked(targets, judge(targets.addresses, current))


def add(
    words: Iterable[str], *, why: str, until: str = "", resolve: Resolve = by_system, now: float | None = None
) -> Edited:
    """Allow networks, addresses or names, these with the addresses that they have now. Raises BadInput, DataError."""
    if not why.strip():
        raise BadInput("an allowance has a reason", "Say --why: who allowed it, or whose network it is.")
    last = scope_file.day(until) if until else ""
    if last and last < _today(now):
        raise BadInput(f"{last} is past", "Type a day to come, or none.")
    return _put(_lines(words, resolve, now, allow=True, why=why, until=last), now)


def exclude(words: Iterable[str], *, why: str = "", resolve: Resolve = by_system, now: float | None = None) -> Edited:
    """Exclude networks, addresses or names, whatever else allows them. Raises BadInput, DataError."""
    return _put(_lines(words, resolve, now, allow=False, why=why), now)


def remove(words: Iterable[str], *, now: float | None = None) -> Edited:
    """Take out the lines that say exactly this. Raises BadInput for what no line says, DataError."""
    path = _own_path()
    with _Lock(path):
        text = _read(path) or scope_file.EMPTY
        lines = scope_file.parse(text, path)
        gone: list[Line] = []
        for word in dict.fromkeys(words):
            found = [line for line in lines if _is_same(line, word)]
            if not found:
                raise _not_there(word, path)
            gone += [line for line in found if line not in gone]
        _write(path, scope_file.removed(text, {line.number for line in gone}))
    return _recorded(Edited(path, removed=tuple(gone)), now)


def records(count: int) -> tuple[dict[str, Any], ...]:
    """The last records of scans and changes, the oldest first."""
    return log.last(folders.state(), count)


def _lines(
    words: Iterable[str], resolve: Resolve, now: float | None, *, allow: bool, why: str, until: str = ""
) -> list[Line]:
    """The lines that words make. Raises BadInput."""
    found = []
    who = log.who(dict(os.environ))
    for word in dict.fromkeys(words):
        meant = read(word)
        addresses = AddressSet(meant.ranges)
        if meant.name:
            addresses = parse([word], resolve=resolve, families=FAMILIES).addresses
        if allow:
            scope_file.refuse_too_wide(word, addresses)
            pointless = never(addresses)
            if sum([one.count for one, _ in pointless]) == addresses.count:
                raise BadInput(f"{quoted(word)} is never scanned: {pointless[0][1]}", "Nothing can allow that.")
        found.append(Line(allow, meant.name or word, addresses, why.strip(), until, who.sudo or who.user, _today(now)))
    if not found:
        verb = "add" if allow else "exclude"
        raise BadInput(f"hb scope {verb} needs a network, an address or a name", f"Type hb scope {verb} 10.0.0.0/24.")
    return found


def _put(lines: list[Line], now: float | None) -> Edited:
    """Write lines into the person's file, in the place of those that say the same of the same."""
    path = _own_path()
    notes: list[str] = []
    with _Lock(path):
        text = _read(path) or scope_file.EMPTY
        before = scope_file.parse(text, path)
        gone = [old for old in before if any(old.allow == new.allow and old.what == new.what for new in lines)]
        if gone:
            text = scope_file.removed(text, {line.number for line in gone})
        for line in lines:
            text = scope_file.added(text, line)
            notes += _notes(line)
        _write(path, text)
        after = scope_file.parse(text, path)
    return _recorded(Edited(path, after[-len(lines) :], tuple(gone), tuple(notes)), now)


def _notes(line: Line) -> list[str]:
    told = [f"{one} stays out: {reason}" for one, reason in never(line.addresses)] if line.allow else []
    meant = read(line.what)
    if meant.name:
        listed = ", ".join(map(str, line.addresses.ranges))
        told.append(
            f"{line.what} stands for {listed}; where it leads later is not {'allowed' if line.allow else 'excluded'}"
        )
    return told + ([meant.note] if meant.note else [])


def _recorded(edited: Edited, now: float | None) -> Edited:
    """The change in the record of scans; a record that cannot be written is said with it."""
    event = {
        "event": "scope",
        "at": time.time() if now is None else now,
        "who": {"user": (who := log.who(dict(os.environ))).user, "uid": who.uid, "sudo": who.sudo},
        "file": edited.path,
        "added": [scope_file.written(line) for line in edited.added],
        "removed": [scope_file.written(line) for line in edited.removed],
    }
    gap = log.append(folders.state(), event)
    if gap is None:
        return edited
    return Edited(edited.path, edited.added, edited.removed, (*edited.notes, f"not recorded: {gap.why}. {gap.remedy}"))


def _is_same(line: Line, word: str) -> bool:
    meant = read(word)
    return line.what in (word, meant.name) or (not meant.name and line.addresses == AddressSet(meant.ranges))


def _not_there(word: str, path: str) -> BadInput:
    """Where a line stands that a person cannot take out, or that there is none."""
    system = os.path.join(folders.system(), FILE)
    text = _read(system) if system != path else None
    there = [line for line in scope_file.parse(text, system) if _is_same(line, word)] if text is not None else []
    if there:
        return BadInput(f"{quoted(word)} stands in {there[0].place}", "That file is the administrator's to change.")
    return BadInput(f"no line in {path} says {quoted(word)}", "hb scope lists the lines that there are.")


def _own_path() -> str:
    folder = folders.config()
    if folder is None:
        raise DataError("there is no home folder to keep the scope in", "Set XDG_CONFIG_HOME.")
    return os.path.join(folder, FILE)


def _today(now: float | None) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(now))


def _read(path: str) -> str | None:
    """A scope file's text, None where there is none. Raises DataError for one that others could have written.

    Root follows no link: what it leads to might be somebody's.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        descriptor = os.open(path, _FLAGS | (getattr(os, "O_NOFOLLOW", 0) if root else 0))
        try:
            _check_trusted(os.fstat(descriptor), path, 0o100000)
            _check_trusted(os.stat(os.path.dirname(path)), os.path.dirname(path), 0o040000)
            data = os.read(descriptor, LIMIT + 1)
        finally:
            os.close(descriptor)
        text = data.decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}", "Nothing is scanned before it can be.") from error
    except UnicodeDecodeError as error:
        number = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}:{number}: the bytes there are no UTF-8", scope_file.REMEDY) from error
    if len(data) > LIMIT:
        raise DataError(f"{path} is larger than {LIMIT >> 20} MiB", "Write networks instead of their addresses.")
    return text


def _check_trusted(found: os.stat_result, path: str, kind: int) -> None:
    """Raises DataError unless it is what it should be, root's or ours, and nobody else's to write."""
    if found.st_mode & 0o170000 != kind:
        raise DataError(
            f"{path} is no {'file' if kind == 0o100000 else 'folder'}", "Nothing is scanned before it is one."
        )
    if hasattr(os, "geteuid") and (found.st_uid not in (0, os.geteuid()) or found.st_mode & _OTHERS_MAY_WRITE):
        raise DataError(f"{path} could have been written by others", OWN_IT)


def _write(path: str, text: str) -> None:
    if os.path.islink(path):
        raise DataError(
            f"{path} is a link, which a new file would take the place of", "Edit the file that it leads to."
        )
    write_whole(os.path.dirname(path), FILE, text.encode(), lambda data: scope_file.parse(data.decode(), path))


class _Lock:
    """Keeps two changes from overwriting each other, for as long as one is being made."""

    def __init__(self, path: str) -> None:
        self._folder = os.path.dirname(path)
        self._descriptor = -1

    def __enter__(self) -> None:
        try:
            import fcntl  # not on Windows, where the last change wins
        except ImportError:
            return
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)
            self._descriptor = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise DataError(f"{self._folder} cannot be used: {error.strerror}", "Correct the rights there.") from error

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

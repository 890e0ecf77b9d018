"""The record of decisions that pages had written: one line (JSON, RFC 8259) before each write, and one for its outcome.

Lines are only ever appended, and forced to disk before anything goes on; each holds the SHA-256 of the line before it,
so that a line that was changed, taken out or put in between is found. What the chain cannot show: that its end was cut
off, or that somebody with root's rights wrote all of it anew; the last digest, kept elsewhere, shows both.
It refuses to lie where others could write it, and whoever cannot write into it gets no decision written.
"""

from __future__ import annotations

import os
import time

from hb_engine.model.errors import DataError
from hb_engine.model.record import fields_of, items, record
from hb_engine.wire import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import IO, Any, Self

VARIABLE, FILE = "HB_AUDIT", "audit.ndjson"
LONGEST_LINE = 1 << 18  # bytes
LONGEST = 2000  # characters of one of its texts
TAIL = 1 << 20  # bytes at the end in which a decision that is made twice is looked for
PATIENCE = 10.0  # seconds that another hb, which decides for a moment, is waited for
ALONE = f"Let the file and its folder be yours alone, or name another file in {VARIABLE}."
REMEDY = f"{ALONE} Nothing was written."
STAGES = ("begun", "written", "failed", "refused")
_FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


@record
class Entry:
    """One line. `of` is the number of the line that began it (0: it is that line, or nothing was begun);
    `undoes` that of the decision which is taken back.

    `block` is the digest of the rule's text, `size` and `was` are the file's before (-1: there was none), `now` is its
    digest after. `user` and `uid` are those of the session that asked, as the pages told them.
    """

    number: int
    at: int  # seconds since the epoch
    what: str  # decide, undo
    stage: str  # one of STAGES
    of: int = 0
    undoes: int = 0
    user: str = ""
    uid: int | None = None
    host: str = ""
    key: str = ""
    kind: str = ""
    rule: str = ""
    block: str = ""
    file: str = ""
    line: int = 0
    owner: str = ""
    why: str = ""
    detail: str = ""
    ticket: str = ""
    size: int = -1
    was: str = ""
    now: str = ""
    before: str = ""  # the digest of the line before


@record
class Broken:
    """The first line, from 1, that is not as it was written, and why that is known: torn, no-entry, chain, number."""

    line: int
    why: str


@record
class Chain:
    """What reading all of it found: how many lines, the last one's digest, and the first that is broken.

    `attempts` are the numbers of the lines that tell how something went, or that it was begun and not more; `undone`
    those of decisions that were taken back.
    """

    lines: int = 0
    last: str = ""
    broken: Broken | None = None
    attempts: tuple[int, ...] = ()
    undone: frozenset[int] = frozenset()


def path() -> str:
    """Where it lies: beside the history. Raises DataError where there is no place for it."""
    from hb_engine.app.remembering import history  # only the desk asks

    named = os.environ.get(VARIABLE, "")
    beside = history.path()
    if named:
        return os.path.abspath(named)
    if beside is None:
        raise DataError("there is no folder for the audit log: this user has no home", f"Name a file in {VARIABLE}.")
    return os.path.join(os.path.dirname(beside), FILE)


def digest(data: bytes | str) -> str:
    """SHA-256, in hexadecimal digits."""
    from hashlib import sha256  # only where something is decided

    return sha256(data.encode() if isinstance(data, str) else data).hexdigest()


class Log:
    """The log, held by nobody else: with Log(path) as log: log.append(...). Raises DataError where it cannot be."""

    def __init__(self, where: str = "") -> None:
        self.path = where or path()
        self._open = -1

    def __enter__(self) -> Self:
        """Make it where it is not there, and hold it."""
        _prepare(self.path)
        try:
            self._open = os.open(self.path, _FLAGS)
        except OSError as error:
            raise _refused(self.path, error) from error
        try:
            self._hold()
            self._last, self._number, self._begin = self._end()
            if not self._number:
                _keep(os.path.dirname(self.path))
        except BaseException:
            os.close(self._open)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        os.close(self._open)

    def append(self, what: str, stage: str, **words: Any) -> Entry:
        """Write a line and force it to disk. Raises DataError, and the log is as it was."""
        cut: dict[str, Any] = {name: each[:LONGEST] if isinstance(each, str) else each for name, each in words.items()}
        made = Entry(self._number + 1, int(time.time()), what, stage, **cut, before=self._last)
        data = _line(made).encode()
        size = os.fstat(self._open).st_size
        try:
            _write(self._open, self._begin + data)
        except OSError as error:
            os.ftruncate(self._open, size)
            raise _refused(self.path, error) from error
        self._last, self._number, self._begin = digest(data[:-1]), made.number, b""
        return made

    def recent(self) -> tuple[Entry, ...]:
        """The entries at the end of it, the oldest first: what may be about the same decision, or the last one."""
        return _recent(self._open)

    def _end(self) -> tuple[str, int, bytes]:
        """The last line's digest and number, and the line feed that it may want."""
        size = os.fstat(self._open).st_size
        data = os.pread(self._open, LONGEST_LINE, max(size - LONGEST_LINE, 0))
        whole = data.endswith(b"\n") or not data
        lines = data.removesuffix(b"\n").split(b"\n") if data else []
        known = [one for one in map(_entry, lines) if one is not None]
        return (
            digest(lines[-1]) if lines else "",
            known[-1].number if known else 0,
            b"" if whole else b"\n",  # a line that was torn stays one of its own
        )

    def _hold(self) -> None:
        import fcntl  # POSIX only: elsewhere nothing is written by pages

        until = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(self._open, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    told = f"another program holds {self.path}"
                    raise DataError(told, "Wait until it is done; fuser -v FILE names it.") from None
                time.sleep(0.02)
            else:
                return


def read(where: str, wanted: Collection[int] | None = ()) -> tuple[Chain, tuple[Entry, ...]]:
    """The chain, read from its beginning, and the entries of some numbers, or all of them (None). A log that is not
    there is empty.

    Raises DataError where it cannot be read.
    """
    found: list[Entry] = []
    if not _check(where):
        return Chain(), ()
    try:
        with open(where, "rb") as file:
            chain = _followed(file, found, wanted)
    except FileNotFoundError:
        return Chain(), ()
    except OSError as error:
        raise DataError(f"{where} cannot be read: {error.strerror}", "Correct the rights there.") from error
    return chain, tuple(found)


def tail(where: str) -> tuple[Entry, ...]:
    """The entries at the end of a log that nobody needs to hold; none where there is no log. Raises DataError."""
    if not _check(where):
        return ()
    try:
        descriptor = os.open(where, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise DataError(f"{where} cannot be read: {error.strerror}", "Correct the rights there.") from error
    try:
        return _recent(descriptor)
    finally:
        os.close(descriptor)


def _recent(descriptor: int) -> tuple[Entry, ...]:
    size = os.fstat(descriptor).st_size
    data = os.pread(descriptor, TAIL, max(size - TAIL, 0))
    found = [_entry(line) for line in data.split(b"\n")]
    return tuple([one for one in found if one is not None])


def _followed(file: IO[bytes], found: list[Entry], wanted: Collection[int] | None) -> Chain:
    broken: Broken | None = None
    last, number, lines = "", 0, 0
    attempts: dict[int, None] = {}
    undone: set[int] = set()
    while line := file.readline(LONGEST_LINE + 1):
        lines += 1
        one = _entry(line.removesuffix(b"\n"))
        wrong = _wrong(line, one, last, number)
        broken = broken or (Broken(lines, wrong) if wrong else None)
        last = digest(line.removesuffix(b"\n"))
        if one is None:
            continue
        number = one.number
        attempts.pop(one.of, None)
        attempts[number] = None
        if one.undoes and one.stage == "written":
            undone.add(one.undoes)
        if wanted is None or number in wanted:
            found.append(one)
    return Chain(lines, last, broken, tuple(attempts), frozenset(undone))


def _wrong(line: bytes, one: Entry | None, last: str, number: int) -> str:
    """What speaks against a line, in a word; "" where nothing does."""
    if one is None:
        return "no-entry" if line.endswith(b"\n") else "torn"
    if not line.endswith(b"\n"):
        return "torn"
    if one.before != last:
        return "chain"
    return "" if one.number == number + 1 else "number"


def _line(one: Entry) -> str:
    return json_text.document(lambda quote: json_text.value({"schema": "hb/1", **dict(items(one))}, quote))


KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("number", "at", "of", "undoes", "line", "size"), (int,)),
    "uid": (int, type(None)),
}


def _entry(line: bytes) -> Entry | None:
    """A line's entry; None for what is none."""
    import json  # only the desk reads it

    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    names = fields_of(Entry(0, 0, "", ""))
    if not isinstance(found, dict) or set(found) != {"schema", *names}:
        return None
    if not all(type(found[name]) in KINDS.get(name, (str,)) for name in names):
        return None
    return Entry(**{name: found[name] for name in names})


def _prepare(where: str) -> None:
    from hb_engine.store.sqlite.files import prepare  # the history's own care

    try:
        prepare(where)
    except DataError as error:
        raise DataError(f"the audit log cannot be kept: {error.message}", REMEDY) from error


def _check(where: str) -> bool:
    """Whether there is one. Refuse what `append` could not have written: a link, a pipe that would be waited for,
    another's file. Where not even its folder is there, nothing was ever written."""
    from hb_engine.store.sqlite.files import check  # as above

    if os.path.isabs(where) and not os.path.lexists(os.path.dirname(where)):
        return False
    try:
        return check(where)
    except DataError as error:
        raise DataError(f"the audit log cannot be read: {error.message}", ALONE) from error


def _write(descriptor: int, data: bytes) -> None:
    if os.write(descriptor, data) != len(data):
        raise OSError(28, "there is no room left")
    os.fsync(descriptor)


def _keep(folder: str) -> None:
    """Force the name of a new file to disk."""
    place = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _refused(where: str, error: OSError) -> DataError:
    return DataError(f"the audit log {where} cannot be written: {error.strerror or error}", REMEDY)

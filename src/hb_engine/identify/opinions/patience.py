"""Foreign patterns with an end in time: each is tried in a process of its own making, which ends where it does not.

The patterns of other projects are written for engines that count their steps. Python's re does not: one of nmap's lines
keeps it busy for minutes over an ordinary "404 Not Found". So they are tried elsewhere (worker.py), one at a time. A
pattern that takes longer than it may is remembered and never tried again; after GIVEN_UP of them nothing is tried at
all. It refuses to run a foreign pattern in this process, not even a harmless one.
"""

from __future__ import annotations

import os
import sys

from hb_engine.identify.opinions.worker import COUNT, DOTALL, HEAD, IGNORECASE, LENGTH, MULTILINE, READY, TEXT
from hb_engine.model.errors import CannotLook

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from types import TracebackType
    from typing import Self

__all__ = [
    "DOTALL",
    "GIVEN_UP",
    "IGNORECASE",
    "MULTILINE",
    "SECONDS",
    "TEXT",
    "Groups",
    "Patience",
    "Slow",
    "Unread",
    "left",
]

SECONDS = 1.0  # for one pattern over one answer of some KiB; an ordinary one needs microseconds
GIVEN_UP = 20  # patterns that did not end, from which on no more are tried
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from hb_engine.identify.opinions.worker import main; main({})"

Groups = tuple[bytes | None, ...]  # the whole match, then its groups


class Slow(Exception):
    """The pattern did not come to an end in time, now or earlier."""


class Unread(Exception):
    """Python's re does not take the pattern."""


def left(place: str, why: Slow | Unread) -> str:
    """The sentence for a pattern, by its place, that could not be held against an answer."""
    reason = "comes to no end and was given up" if isinstance(why, Slow) else "is none that Python can read"
    return f"second opinion: the pattern in {place} {reason}"


class Patience:
    """Tries patterns, each for at most so many seconds. The process is begun when it is needed; close() ends it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.slow: set[tuple[int, bytes]] = set()
        self.unread: set[tuple[int, bytes]] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()

    @property
    def worn_out(self) -> bool:
        """Whether so many patterns did not end that no more are tried."""
        return len(self.slow) >= GIVEN_UP

    def match(self, pattern: bytes, flags: int, subject: bytes) -> Groups | None:
        """The groups where the pattern is found in the subject, or None. Raises Slow, Unread, CannotLook."""
        key = (flags, pattern)
        if key in self.slow or self.worn_out:
            raise Slow
        if key in self.unread:
            raise Unread
        try:
            kind = self._asked(pattern, flags, subject)
            if kind == b"N":
                return None
            if kind == b"M":
                return self._groups()
        except (OSError, EOFError):
            self.close()
            self.slow.add(key)
            raise Slow from None
        except BaseException:
            self.close()  # Ctrl-C between question and answer: the next answer would be another question's
            raise
        self.unread.add(key)
        raise Unread

    def close(self) -> None:
        """End the process. The next pattern begins another one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                try:
                    if pipe is not None:
                        pipe.close()
                except OSError:  # it ended before it read everything
                    continue
            process.wait()

    def _asked(self, pattern: bytes, flags: int, subject: bytes) -> bytes:
        process = self._process = self._process or self._begun()
        if process.stdin is None:
            raise EOFError
        process.stdin.write(HEAD.pack(flags, len(pattern), len(subject)) + pattern + subject)
        process.stdin.flush()
        return self._read(1)

    def _groups(self) -> Groups:
        (count,) = COUNT.unpack(self._read(COUNT.size))
        found = list[bytes | None]()
        for _ in range(count):
            (long,) = LENGTH.unpack(self._read(LENGTH.size))
            found.append(self._read(long) if long >= 0 else None)
        return tuple(found)

    def _read(self, size: int) -> bytes:
        answers = self._process.stdout if self._process else None
        data = answers.read(size) if answers else b""
        if len(data) < size:
            raise EOFError
        return data

    def _begun(self) -> subprocess.Popen[bytes]:
        """A fresh process that said that it is ready. Raises CannotLook."""
        import subprocess  # only where a second opinion was asked for

        command = [sys.executable, "-I", "-S", "-c", BEGIN.format(float(self.seconds)), TOP]
        remedy = "Leave --nmap-probes and --recog out."
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise CannotLook(
                f"no process for foreign patterns can be begun: {error.strerror or error}", remedy
            ) from error
        self._process = process
        try:
            said = self._read(1)
        except (OSError, EOFError):
            said = b""
        if said != READY:
            self.close()
            raise CannotLook("the process for foreign patterns ended before it began", remedy)
        return process

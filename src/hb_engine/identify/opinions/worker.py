"""The process that tries foreign patterns, so that one which backtracks for ever takes only this process with it.

Python's re cannot be told to stop. Before each pattern a watchdog is wound up (faulthandler's: a thread in C, which a
busy interpreter cannot hold up, on every system); if it runs down, this process ends at once, and its parent knows
which pattern it was given last. So it also ends if its parent does not: by the end of its input, or by the watchdog. It
reads requests from stdin and writes answers to stdout, one after the other, and does nothing else.

    request   flags, 1 byte; lengths of pattern and subject, 4 bytes each (big-endian); both
    answer    a byte: N no match, E the pattern is none to Python, or M a match; M is followed by the number of groups,
              2 bytes, and of each (the whole match first) its length, 4 bytes, and itself; -1 for one that has no part
"""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import BinaryIO, TypeAlias

    Made: TypeAlias = "re.Pattern[str] | re.Pattern[bytes] | None"

READY = b"!"
IGNORECASE, DOTALL, MULTILINE, TEXT = 1, 2, 4, 8
HEAD = struct.Struct(">BII")
COUNT, LENGTH = struct.Struct(">H"), struct.Struct(">i")
KEPT = 2048  # compiled patterns


def main(seconds: float) -> None:
    """Serve until the input ends, or until one pattern takes longer than this."""
    import faulthandler
    import os
    import signal
    import sys
    import warnings

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    warnings.simplefilter("ignore")  # about foreign patterns, which nobody here can mend
    with open(os.devnull, "w", encoding="utf-8") as nowhere:

        def watch() -> None:
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)

        serve(sys.stdin.buffer, sys.stdout.buffer, watch, faulthandler.cancel_dump_traceback_later)


def serve(requests: BinaryIO, answers: BinaryIO, watch: Callable[[], None], calm: Callable[[], None]) -> None:
    """Answer requests until they end. `watch` is called before each is worked at, `calm` afterwards."""
    patterns: dict[tuple[int, bytes], Made] = {}
    answers.write(READY)
    answers.flush()
    while len(head := requests.read(HEAD.size)) == HEAD.size:
        flags, long, longer = HEAD.unpack(head)
        pattern, subject = requests.read(long), requests.read(longer)
        if len(subject) < longer:
            return
        watch()
        answer = tried(flags, pattern, subject, patterns)
        calm()
        answers.write(answer)
        answers.flush()


def tried(
    flags: int,
    pattern: bytes,
    subject: bytes,
    patterns: dict[tuple[int, bytes], Made],
) -> bytes:
    """The answer to one request."""
    if (flags, pattern) not in patterns:
        if len(patterns) >= KEPT:
            patterns.clear()
        patterns[flags, pattern] = compiled(flags, pattern)
    made = patterns[flags, pattern]
    if made is None:
        return b"E"
    text = bool(flags & TEXT)
    try:
        found = made.search(subject.decode("utf-8", "replace") if text else subject)  # type: ignore[arg-type]
    except (RecursionError, MemoryError):
        return b"E"
    if found is None:
        return b"N"
    groups = [found.group(), *found.groups()]
    packed = [_packed(part.encode() if isinstance(part, str) else part) for part in groups]
    return b"M" + COUNT.pack(len(packed)) + b"".join(packed)


def compiled(flags: int, pattern: bytes) -> Made:
    """The pattern, compiled, or None where it is none to Python. With TEXT it is UTF-8 and matches text."""
    import re

    named = ((IGNORECASE, re.IGNORECASE), (DOTALL, re.DOTALL), (MULTILINE, re.MULTILINE))
    wanted = re.RegexFlag(0)
    for flag, of_re in named:
        wanted |= of_re if flags & flag else re.RegexFlag(0)
    try:
        return re.compile(pattern.decode(), wanted) if flags & TEXT else re.compile(pattern, wanted)
    except (re.error, ValueError, OverflowError, RecursionError, MemoryError):
        return None


def _packed(part: bytes | None) -> bytes:
    return LENGTH.pack(-1) if part is None else LENGTH.pack(len(part)) + part

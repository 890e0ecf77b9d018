"""How far something is, on one line of a terminal that is overwritten and at last taken away.

It is drawn on stderr, and only where stderr is a terminal: a log wants the result. A line is never wider than the
terminal, for what wraps cannot be taken back, and it is redrawn only so often as a person can read, by a clock that is
passed in. It refuses to hold any stranger's text: what it shows is numbers and words of our own, in ASCII.
"""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from hb_engine.faces.cli.output import Output

WIDTH = 30  # columns of the bar
OFTEN = 0.1  # seconds between two drawings
ROOM = 60  # columns below which the bar gives way to the words


class Overwritten:
    """One line, drawn over itself."""

    def __init__(
        self,
        stream: TextIO | None,
        *,
        width: Callable[[], int] = lambda: 80,
        clock: Callable[[], float] = time.monotonic,
        every: float = OFTEN,
    ) -> None:
        self._stream, self._width, self._clock, self._every = stream, width, clock, every
        self._shown = ""
        self._drawn: float | None = None

    @property
    def columns(self) -> int:
        """Columns that a line may take: one less than the terminal has, for the last one may wrap."""
        return self._width() - 1

    def show(self, text: str) -> None:
        """A text in place of the one before, unless one was drawn just now."""
        now = self._clock()
        if self._drawn is not None and now - self._drawn < self._every:
            return
        self._drawn = now
        self._draw(text[: max(self.columns, 0)])

    def clear(self) -> None:
        """Leave the line empty, at once; the next text is drawn at once too."""
        self._draw("")
        self._drawn = None

    def _draw(self, text: str) -> None:
        if text == self._shown or self._stream is None:
            return
        try:
            self._stream.write("\r" + text.ljust(len(self._shown)) + ("" if text else "\r"))
            self._stream.flush()
        except OSError:  # the terminal is gone: what is done is not undone for want of a bar
            self._stream = None
        self._shown = text


def overwritten(output: Output, *, every: float = OFTEN) -> Overwritten:
    """The line of a run's stderr; one that draws nothing where that is no terminal."""
    return Overwritten(output.stderr if output.watched else None, width=output.width, every=every)


def bar(share: float) -> str:
    """[######....]  42%, of a share between 0 and 1."""
    share = min(max(share, 0.0), 1.0)
    return "[" + ("#" * int(share * WIDTH)).ljust(WIDTH, ".") + f"] {share:4.0%}"


class Fetching:
    """The bar of something that is fetched: bytes so far, and bytes announced (None where the server did not say)."""

    def __init__(self, line: Overwritten) -> None:
        self._line = line

    def __call__(self, came: int, announced: int | None) -> None:
        """Draw it."""
        drawn = f"{bar(came / announced)} " if announced else ""
        self._line.show(f"{drawn}{came / 1024:,.0f} KiB")


class Scanning:
    """The bar of a scan: which phase, how far, how many ports are open, how long it will take."""

    def __init__(self, line: Overwritten) -> None:
        self._line = line

    def __call__(self, phase: str, done: int, total: int, found: int, eta: float | None) -> None:
        """Draw it. `eta` is seconds, None where nobody can tell yet."""
        told = f"{phase}  {done:,} of {total:,}" if total else f"{phase}  {done:,}"
        told += f", {found:,} open" if found else ""
        told += f", {left(eta)} left" if eta is not None else ""
        drawn = bar(done / total) if total else ""
        self._line.show(f"{drawn} {told}".lstrip() if self._line.columns >= ROOM else told)


def left(seconds: float) -> str:
    """A time to wait, as short as it can be said: 4 s, 2:05, 1:02:05."""
    whole = int(min(max(seconds, 0.0), 359_999.0) + 0.5)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"

"""Where answers go: documents to stdout, for eyes or for programs; remarks and trouble to stderr.

A person's terminal gets colours, its own width and its height; everything else gets complete plain text. NO_COLOR and
TERM=dumb are obeyed (no-color.org), and an encoding that is not UTF-8 gets ASCII. It refuses to write half a page: text
is gathered and written at once, and a disk that is full is an error.
"""

from __future__ import annotations

import os
import sys
import time

from hb_engine.model.errors import HbError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from hb_engine.faces.document import Document

NARROWEST, WIDEST = 40, 200


class Output:
    """One run's way out. `now` is the time that the answer speaks of, in seconds since the epoch."""

    def __init__(
        self,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environment: Mapping[str, str],
        *,
        now: float,
        size: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        self.stdout, self.stderr, self.now = stdout, stderr, now
        self._environment = environment
        self._size = size
        self.terminal = _is_terminal(stdout)
        self.watched = _is_terminal(stderr)  # somebody sees what is drawn there

    def show(self, document: Document) -> None:
        """A document to stdout."""
        self.write(self._rendered(document, self.stdout, terminal=self.terminal))

    def show_fitting(self, build: Callable[[int | None], Document]) -> None:
        """A document that `build` makes with a number of rows, as many as fit one screen of a terminal."""
        if not self.terminal:
            self.show(build(None))
            return
        room = rows = self.height() - 1  # the prompt wants a line
        text = self._rendered(build(rows), self.stdout, terminal=True)
        while text.count("\n") > room and rows > 1:
            rows = max(1, rows - max(1, (text.count("\n") - room) // 4))  # a row takes four lines at most
            text = self._rendered(build(rows), self.stdout, terminal=True)
        self.write(text)

    def remark(self, document: Document) -> None:
        """A document to stderr; lost without a word if there is none."""
        if self.stderr is None:
            return
        try:
            self.stderr.write(self._rendered(document, self.stderr, terminal=self.watched))
            self.stderr.flush()
        except OSError:
            self.stderr = None  # nothing is left to complain to

    def write(self, text: str) -> None:
        """Text to stdout as it is. Raises HbError if there is nowhere to write, or it cannot be written."""
        if self.stdout is None:
            raise HbError("there is no standard output to write to", "Run hb without closing it (>&-).")
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise HbError(
                f"the answer could not be written: {error.strerror}", "Make room, or write elsewhere."
            ) from error

    def height(self) -> int:
        """Lines of the terminal."""
        return max(self._dimensions()[1], 10)

    def width(self) -> int:
        """Columns that are used of the terminal."""
        return min(max(self._dimensions()[0], NARROWEST), WIDEST)

    def _rendered(self, document: Document, stream: TextIO | None, *, terminal: bool) -> str:
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "").replace("_", "")
        unicode = encoding.startswith("utf")
        if terminal:
            from hb_engine.faces.cli import pretty  # a pipe needs none of it

            return pretty.render(document, self.width(), colour=self._colour(), unicode=unicode)
        from hb_engine.faces.cli import plain  # as above

        return plain.render(document, unicode=unicode)

    def _colour(self) -> bool:
        return not self._environment.get("NO_COLOR") and self._environment.get("TERM") not in ("dumb", None)

    def _dimensions(self) -> tuple[int, int]:
        """COLUMNS and LINES where they are set (POSIX), else what the terminal says, else 80 by 24."""
        try:
            columns, lines = (self._size or _terminal_size)()
        except OSError:
            columns, lines = 80, 24
        named = [self._environment.get(name, "") for name in ("COLUMNS", "LINES")]
        set_columns, set_lines = [int(text) if text.isascii() and text.isdigit() else 0 for text in named]
        return set_columns or columns or 80, set_lines or lines or 24


def standard() -> Output:
    """This process's own."""
    return Output(sys.stdout, sys.stderr, os.environ, now=time.time())


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _terminal_size() -> tuple[int, int]:
    for number in (1, 2, 0):
        try:
            columns, lines = os.get_terminal_size(number)
        except OSError:
            continue
        return columns, lines
    return 80, 24

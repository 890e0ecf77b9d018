"""One key at a time from a terminal, and lines that are typed on it; the terminal is given back as it was.

Signals stay signals: Ctrl-C interrupts and Ctrl-Z suspends as everywhere. A terminal that is closed is the end of the
input, like Ctrl-D. It refuses to know what keys are for, and to leave a terminal that nobody can type on.
"""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

END, RESIZED, ENTER, ESCAPE, BACKSPACE, KILL = "end", "resized", "enter", "escape", "backspace", "kill"
NAMES = {
    "\r": ENTER, "\n": ENTER, "\x7f": BACKSPACE, "\x08": BACKSPACE, "\x15": KILL, "\x04": END, "\x1b": ESCAPE,
}  # fmt: skip
ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
PAUSE = 0.05  # seconds within which the rest of an escape sequence comes
LONGEST = 32  # characters of an escape sequence
TYPED = 2000  # characters of a line


class Keys:
    """The keys of a terminal, in a with statement."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._file = (sys.stdin if stream is None else stream).fileno()
        self._before: list[Any] = []
        self._signals: dict[int, Any] = {}
        self._reader = self._writer = -1
        self._old_wakeup = -1
        self._pending = ""  # characters that were read and not asked for yet
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ended = self._hung_up = False

    def __enter__(self) -> Keys:  # noqa: PYI034 - Self is in typing, and nothing is derived from Keys
        import termios  # only for reviews on a terminal of POSIX

        self._before = termios.tcgetattr(self._file)
        self._listen()
        self._raw()
        return self

    def __exit__(self, *_: object) -> None:
        import termios  # as above

        signal.set_wakeup_fd(self._old_wakeup)
        for number, handler in self._signals.items():
            signal.signal(number, handler)
        try:  # noqa: SIM105  (contextlib costs a millisecond)
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)
        except termios.error:
            pass  # the terminal is gone, and with it what was to be restored
        os.close(self._reader)
        os.close(self._writer)

    def _listen(self) -> None:
        """A changed size, a continued process and a closed terminal wake the wait for a key."""
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._old_wakeup = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        handlers: dict[int, Callable[[int, Any], None]] = {
            signal.SIGWINCH: lambda *_: None,
            signal.SIGCONT: lambda *_: self._raw(),
            signal.SIGHUP: self._hang_up,
            signal.SIGTERM: self._hang_up,
        }
        for number, handler in handlers.items():
            self._signals[number] = signal.signal(number, handler)

    def _hang_up(self, *_: object) -> None:
        self._hung_up = True

    def _raw(self) -> None:
        """Keys as they are typed, not shown; Ctrl-C and Ctrl-Z still mean what they mean (termios(3))."""
        import termios  # as above

        mode = termios.tcgetattr(self._file)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._file, termios.TCSADRAIN, mode)

    def key(self) -> str:
        """The next key: a character, or one of the names above; END once there is nothing more to come."""
        while True:
            if self._ended or self._hung_up:
                return END
            if self._pending:
                character, self._pending = self._pending[0], self._pending[1:]
                return self._named(character)
            if not self._wait():
                return RESIZED

    def _named(self, character: str) -> str:
        if character != "\x1b":
            return NAMES.get(character, character)
        return self._escaped()

    def _escaped(self) -> str:
        """What an escape sequence means (ECMA-48 5.4); ESCAPE for the key alone and for what is not known."""
        told = ""
        while len(told) < LONGEST:
            if not self._pending and not (select.select([self._file], [], [], PAUSE)[0] and self._read()):
                break
            told += self._pending[:1]
            self._pending = self._pending[1:]
            if len(told) > 1 and "@" <= told[-1] <= "~":
                break
            if len(told) == 1 and told not in ("[", "O"):
                break
        return ARROWS.get(told[-1:], ESCAPE) if told[:1] in ("[", "O") else ESCAPE

    def _wait(self) -> bool:
        """Wait for bytes; False where a signal woke us before any came."""
        ready = select.select([self._file, self._reader], [], [])[0]
        if self._reader in ready:
            os.read(self._reader, 4096)
            if not self._hung_up:
                return False
        if self._file in ready:
            self._read()
        return True

    def _read(self) -> bool:
        try:
            data = os.read(self._file, 4096)
        except OSError:  # EIO: the terminal is gone
            data = b""
        self._ended = self._ended or not data
        self._pending += self._decoder.decode(data)
        return bool(data)

    def line(self, show: Callable[[str], None], text: str = "") -> str | None:
        """A line that is typed and corrected; None where it was given up (Escape, or the end of the input).

        `show` draws the text as it is so far, after every key.
        """
        show(text)
        while True:
            key = self.key()
            if key in (END, ESCAPE):
                return None
            if key == ENTER:
                return text.strip()
            if key == BACKSPACE:
                text = text[:-1]
            elif key == KILL:
                text = ""
            elif len(key) == 1 and key.isprintable() and len(text) < TYPED:
                text += key
            show(text)

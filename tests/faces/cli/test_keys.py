"""Keys and lines out of a real terminal (pty(7)), which is given back as it was."""

from __future__ import annotations

import os
import pty
import signal
import termios

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.faces.cli.keys import BACKSPACE, END, ENTER, ESCAPE, KILL, RESIZED, Keys


class Typed:
    """A terminal and whoever types on it."""

    def __init__(self) -> None:
        self.writer, self._reader = pty.openpty()
        self.stream = os.fdopen(self._reader, closefd=False)

    def type(self, text):
        os.write(self.writer, text if isinstance(text, bytes) else text.encode())

    def mode(self):
        return termios.tcgetattr(self._reader)

    def hang_up(self):
        os.close(self.writer)
        self.writer = -1

    def close(self):
        self.stream.close()
        os.close(self._reader)
        if self.writer >= 0:
            os.close(self.writer)


@pytest.fixture
def typed():
    made = Typed()
    yield made
    made.close()


def test_each_key_by_its_name(typed):
    with Keys(typed.stream) as keys:
        typed.type("aQ\u00e9\u4e16\r\n\x7f\x08\x15\x1b[A\x1bOB\x1b[1;5C\x1b[3~\x04")
        found = [keys.key() for _ in range(13)]
    assert found == [
        "a", "Q", "\u00e9", "\u4e16", ENTER, ENTER, BACKSPACE, BACKSPACE, KILL, "up", "down", "right", ESCAPE,
    ]  # fmt: skip


def test_escape_alone_is_a_key(typed):
    with Keys(typed.stream) as keys:
        typed.type("\x1b")
        assert keys.key() == ESCAPE
        typed.type("a")
        assert keys.key() == "a"
        typed.type("\x1bx")  # Alt-x
        assert keys.key() == ESCAPE


def test_the_terminal_is_given_back_as_it_was(typed):
    before = typed.mode()
    with Keys(typed.stream):
        inside = typed.mode()
        assert not inside[3] & (termios.ICANON | termios.ECHO)
        assert inside[3] & termios.ISIG
    assert typed.mode() == before
    with pytest.raises(ZeroDivisionError), Keys(typed.stream):
        _ = 1 / 0
    assert typed.mode() == before


def test_signals_are_given_back_too(typed):
    numbers = (signal.SIGWINCH, signal.SIGHUP, signal.SIGTERM, signal.SIGCONT)
    before = [signal.getsignal(number) for number in numbers]
    with Keys(typed.stream):
        assert [signal.getsignal(number) for number in numbers] != before
    assert [signal.getsignal(number) for number in numbers] == before


def test_a_changed_size_wakes_and_loses_no_key(typed):
    with Keys(typed.stream) as keys:
        os.kill(os.getpid(), signal.SIGWINCH)
        assert keys.key() == RESIZED
        typed.type("a")
        assert keys.key() == "a"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_terminal_is_the_end(typed, number):
    with Keys(typed.stream) as keys:
        typed.type("ab")
        assert keys.key() == "a"
        os.kill(os.getpid(), number)
        assert [keys.key(), keys.key()] == [END, END]


def test_a_terminal_that_is_gone_is_the_end(typed):
    with Keys(typed.stream) as keys:
        typed.hang_up()
        assert keys.key() == END
        assert keys.line(lambda _: None) is None


def test_a_line_is_typed_and_corrected(typed):
    shown: list[str] = []
    with Keys(typed.stream) as keys:
        typed.type("ax\x7fb\u00fc \x1b[D\r")  # arrows move nothing
        assert keys.line(shown.append, "") == "ab\u00fc"
        typed.type("front end  \r")
        assert keys.line(shown.append) == "front end"
        typed.type("\r")
        assert keys.line(shown.append, "offered") == "offered"
        typed.type("\x15new\r")
        assert keys.line(shown.append, "offered") == "new"
        typed.type("\x1b")
        assert keys.line(shown.append, "offered") is None
        typed.type("\x04")
        assert keys.line(shown.append, "offered") is None
    assert shown[:4] == ["", "a", "ax", "a"]


def test_a_line_takes_no_control_and_no_end(typed):
    with Keys(typed.stream) as keys:
        typed.type(b"a\x01\x02\t\xff\xc3(\r")
        assert keys.line(lambda _: None) == "a\ufffd\ufffd("


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=40))
def test_no_bytes_are_too_broken_to_be_keys(data):
    made = Typed()
    try:
        with Keys(made.stream) as keys:
            mode = made.mode()
            mode[3] &= ~termios.ISIG  # what would be a signal is a byte here
            termios.tcsetattr(made.stream.fileno(), termios.TCSANOW, mode)
            made.type(data.replace(b"\x1b", b"e").replace(b"\x11", b"").replace(b"\x13", b"") + b"\r" * 4)
            for _ in range(len(data) + 4):
                key = keys.key()
                assert key
                if key == ENTER and not keys._pending:
                    break
    finally:
        made.close()

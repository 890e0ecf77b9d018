"""A bar is drawn on a terminal's stderr, no oftener than by the clock it was given, never wider, and taken away."""

from __future__ import annotations

import pytest
from tests.faces.kit import Full, Pipe, Terminal, output

from hb_engine.faces.cli.progress import Fetching, Overwritten, Scanning, bar, left, overwritten


class Clock:
    """A clock that a test winds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def line(width=80, every=0.1):
    stream, clock = Terminal(), Clock()
    return Overwritten(stream, width=lambda: width, clock=clock, every=every), stream, clock


def screen(stream):
    """What is left on the line after all that was written."""
    shown: list[str] = []
    for part in stream.getvalue().split("\r"):
        shown[: len(part)] = part
    return "".join(shown).rstrip()


def test_a_line_is_drawn_over_the_one_before():
    over, stream, clock = line()
    over.show("a long text")
    clock.now += 1
    over.show("short")
    assert screen(stream) == "short"


def test_it_is_redrawn_only_so_often():
    over, stream, clock = line()
    for step in range(100):
        over.show(f"step {step}")
        clock.now += 0.01
    assert 9 <= stream.getvalue().count("step") <= 11


def test_the_same_text_is_not_written_twice():
    over, stream, clock = line()
    for _ in range(5):
        over.show("same")
        clock.now += 1
    assert stream.getvalue().count("same") == 1


def test_clearing_leaves_nothing_and_lets_the_next_be_drawn_at_once():
    over, stream, _ = line()
    over.show("text")
    over.clear()
    assert screen(stream) == ""
    assert stream.getvalue().endswith("\r")
    over.show("again")
    assert screen(stream) == "again"


def test_clearing_what_was_never_drawn_writes_nothing():
    over, stream, _ = line()
    over.clear()
    assert stream.getvalue() == ""


@pytest.mark.parametrize("width", [1, 20, 40, 80])
def test_no_line_wraps(width):
    over, stream, _ = line(width)
    over.show("x" * 200)
    assert len(screen(stream)) == width - 1


def test_a_terminal_that_is_gone_stops_nothing():
    over = Overwritten(Full(), clock=Clock())
    over.show("text")
    over.clear()


def test_nothing_is_drawn_where_stderr_is_no_terminal():
    for stderr in (Pipe(), None):
        out = output(Terminal(), stderr)
        over = overwritten(out)
        over.show("text")
        over.clear()
    assert out.stderr.getvalue() == ""


def test_a_run_s_line_is_on_its_stderr():
    stderr = Terminal()
    overwritten(output(Pipe(), stderr)).show("text")
    assert screen(stderr) == "text"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "   0%"), (0.5, "  50%"), (1, " 100%"), (7, " 100%"), (-1, "   0%")],
)
def test_the_bar(share, text):
    full = int(min(max(share, 0), 1) * 30)
    assert bar(share) == "[" + "#" * full + "." * (30 - full) + "]" + text


def test_fetching_counts_where_nobody_knows_the_size():
    over, stream, _ = line(every=0)
    draw = Fetching(over)
    draw(2048, None)
    assert screen(stream) == "2 KiB"
    draw(2048, 4096)
    assert screen(stream) == bar(0.5) + " 2 KiB"


def test_scanning():
    over, stream, _ = line(every=0, width=100)
    draw = Scanning(over)
    draw("ports", 27_411, 65_535, 12, 3.2)
    assert screen(stream) == bar(0.4183) + " ports  27,411 of 65,535, 12 open, 3 s left"
    draw("services", 0, 0, 0, None)
    assert screen(stream) == "services  0"


def test_a_narrow_terminal_gets_the_words_alone():
    over, stream, _ = line(every=0, width=50)
    Scanning(over)("ports", 500, 1000, 0, None)
    assert screen(stream) == "ports  500 of 1,000"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1:00"), (125, "2:05"), (3725, "1:02:05"), (-3, "0 s"), (1e12, "99:59:59")],
)
def test_time_left(seconds, text):
    assert left(seconds) == text

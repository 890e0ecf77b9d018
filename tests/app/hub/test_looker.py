"""The looker looks, hands on, and waits; a wish ends the waiting, and nobody to read ends the looker."""

from __future__ import annotations

import os
import signal

import pytest

from hb_engine.app.hub import looker, wires
from hb_engine.app.hub.questions import Place
from hb_engine.app.hub.sight import NOTHING, Fresh, Sight


@pytest.fixture
def pipes():
    """(sights to read, sights to write, wishes to read, wishes to write)"""
    ends = [*os.pipe(), *os.pipe()]
    os.set_blocking(ends[2], False)
    yield ends
    for one in ends:
        os.close(one)


def received(descriptor, most):
    """What the next frame holds."""
    frame = wires.receive(descriptor, most)
    assert frame is not None
    return wires.loaded(frame[1])


class Played:
    """Stands in for a View: shows what a test says, and does something at each look."""

    def __init__(self, *shown, then=lambda _count: None) -> None:
        self.shown, self.then, self.count = shown, then, 0
        self.unfinished = False

    def made(self, place, *, recording):
        self.place, self.recording = place, recording
        return self

    def look(self):
        self.count += 1
        self.then(self.count)
        return self.shown[min(self.count, len(self.shown)) - 1]


def test_sights_go_over_the_pipe_until_nobody_reads(pipes, monkeypatch):
    """Looks are an hour apart; each one is wished for, and the third has no reader."""
    reader, writer, wished, wish = pipes

    def then(count):
        os.write(wish, b"..")  # many wishes are one
        if count == 3:
            os.dup2(wished, reader)  # the only reading end has gone

    view = Played(Sight(1, 10.0), Fresh(1, 20.0), Fresh(1, 30.0), then=then)
    monkeypatch.setattr(looker, "View", view.made)
    copy = os.dup(reader)
    got: list[Sight | Fresh] = []

    def caught(descriptor, seen):
        if view.count == 3:
            os.close(copy)
        SEND(descriptor, seen)
        got.append(received(copy, 1000))

    SEND = looker.send  # noqa: N806 -- what it was
    monkeypatch.setattr(looker, "send", caught)
    looker.run(Place(files=("a",)), 3600.0, writer, wished, recording=True)
    assert got == [Sight(1, 10.0), Fresh(1, 20.0)]
    assert (view.count, view.place, view.recording) == (3, Place(files=("a",)), True)


def test_a_look_that_waits_for_ever_ends_its_process(pipes):
    reader, *_ = pipes
    pid = os.fork()
    if not pid:
        try:
            looker.within(0.01, lambda: os.read(reader, 1))  # nobody writes
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGALRM


def test_a_look_that_ends_in_time_leaves_no_timer_and_no_handler(pipes):
    heard = []
    before = signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
    try:
        assert looker.within(60.0, lambda: "seen") == "seen"
        with pytest.raises(ZeroDivisionError):
            looker.within(60.0, lambda: 1 // 0)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        signal.raise_signal(signal.SIGALRM)
        assert heard == [1]
    finally:
        signal.signal(signal.SIGALRM, before)


def test_waiting_ends_with_a_wish_and_takes_all_of_them(pipes):
    _, _, wished, wish = pipes
    os.write(wish, b"...")
    looker.wait(wished, 3600.0)
    with pytest.raises(BlockingIOError):
        os.read(wished, 1)


def test_waiting_ends_by_itself(pipes):
    looker.wait(pipes[2], 0.0)


def test_a_wish_that_somebody_else_took_is_none(pipes, monkeypatch):
    """Two lookers, an old and a new one, may see one wish."""
    monkeypatch.setattr("select.select", lambda read, *_: (read, [], []))
    looker.wait(pipes[2], 3600.0)


@pytest.mark.parametrize(
    ("every", "took", "unfinished", "seconds"),
    [(30.0, 1.0, False, 29.0), (30.0, 40.0, False, 40.0), (0.0, 0.1, False, 1.0), (30.0, 1.0, True, 1.0)],
)
def test_it_never_looks_more_than_half_of_the_time(every, took, unfinished, seconds):
    assert looker.pause(every, took, unfinished=unfinished) == seconds


def test_a_sight_before_any_look_can_be_handed_on(pipes):
    reader, writer, _, _ = pipes
    looker.send(writer, NOTHING)
    assert received(reader, 10_000) == NOTHING

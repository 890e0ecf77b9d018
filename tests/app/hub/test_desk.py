"""The desk answers what may be asked, in time, and refuses the rest; nobody who is slow holds up the others."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import Any

import pytest

from hb_engine.app.hub import desk, questions, wires
from hb_engine.app.hub.desk import Desk
from hb_engine.app.hub.questions import Place, Question
from hb_engine.model.errors import BadInput, CannotLook, DataError, HbError

PLACE = Place()


class Asked:
    """Questions that a test makes, and a desk that is asked them."""

    def __init__(self, monkeypatch, place=PLACE) -> None:
        self.known: dict[str, Any] = {}
        monkeypatch.setattr(questions, "load", self.load)
        self.ours, theirs = socket.socketpair()
        self.theirs = theirs
        self.nudged, nudge = os.pipe()
        os.set_blocking(self.nudged, False)
        self.nudge = nudge
        self.desk = Desk(place, theirs.fileno(), nudge)
        self.number = 0

    def load(self, name):
        if name not in self.known:
            raise BadInput(f"there is no question {name!r}", "")
        return self.known[name]

    def knows(self, name, answer, **more):
        self.known[name] = (Question(name, "", **more), answer)

    def ask(self, name, **words):
        """Send a question; its number."""
        self.number += 1
        wires.send(self.ours.fileno(), self.number, wires.question(name, words))
        return self.number

    def answers(self, count):
        """So many answers, by their numbers, in the order in which they came."""
        found: dict[int, Any] = {}
        self.ours.setblocking(False)
        try:
            while len(found) < count:
                assert self.desk.step()
                while (got := self._one()) is not None:
                    found[got[0]] = got[1]
        finally:
            self.ours.setblocking(True)
        return found

    def _one(self):
        try:
            head = self.ours.recv(wires.HEAD, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        assert head
        self.ours.setblocking(True)
        try:
            return wires.receive(self.ours.fileno(), wires.LARGEST_ANSWER)
        finally:
            self.ours.setblocking(False)

    def one(self, name, **words):
        number = self.ask(name, **words)
        return wires.loaded(self.answers(1)[number])

    def was_nudged(self):
        try:
            return len(os.read(self.nudged, 100))
        except BlockingIOError:
            return 0

    def close(self):
        for one in (self.ours, self.theirs):
            one.close()
        os.close(self.nudged)
        os.close(self.nudge)


@pytest.fixture
def asked(monkeypatch):
    made = Asked(monkeypatch)
    yield made
    made.close()


@pytest.fixture
def writing(monkeypatch):
    made = Asked(monkeypatch, Place(writing=True))
    yield made
    made.close()


# -- what is asked


def test_an_answer_gets_the_place_and_the_words(asked):
    asked.knows("echo", lambda place, host="", days=1: (place.writing, host, days))
    assert asked.one("echo", host="web-17", days=90) == (False, "web-17", 90)
    assert asked.one("echo") == (False, "", 1)


def test_answers_come_in_the_order_of_the_questions_with_their_numbers(asked):
    asked.knows("echo", lambda _place, n=0: n)
    for n in range(5):
        asked.ask("echo", n=n)
    found = asked.answers(5)
    assert [wires.loaded(body) for body in found.values()] == [0, 1, 2, 3, 4]
    assert list(found) == [1, 2, 3, 4, 5]


def test_an_error_is_raised_where_it_was_asked_and_the_next_question_is_answered(asked):
    def broken(_place):
        raise DataError("the file is damaged", "hb record --repair")

    asked.knows("broken", broken)
    asked.knows("well", lambda _place: "well")
    with pytest.raises(DataError, match="damaged") as raised:
        asked.one("broken")
    assert raised.value.remedy == "hb record --repair"
    assert asked.one("well") == "well"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"days": 1, "nothing": 2}, "does not take, nothing"),
        ({}, "without days"),
        ({"days": "1"}, "days, which is no int"),
        ({"days": True}, "days, which is no int"),
        ({"days": 1.5}, "days, which is no int"),
        ({"days": 1, "host": 2}, "host, which is no str"),
        ({"days": 1, "of": "a"}, "of, which is no tuple"),
    ],
)
def test_words_that_do_not_fit_are_refused(asked, words, told):
    def answer(place: Place, days: int, host: str = "", of: tuple[str, ...] = ()) -> int:
        raise AssertionError(place, host, of, days)

    asked.knows("strict", answer)
    with pytest.raises(BadInput, match=told):
        asked.one("strict", **words)


def test_an_answer_that_looks_at_its_words_itself_gets_them(asked):
    asked.knows("any", lambda _place, **words: words)
    assert asked.one("any", one=1, two="2") == {"one": 1, "two": "2"}


def test_bytes_that_are_no_question_are_answered_with_a_refusal(asked):
    wires.send(asked.ours.fileno(), 9, b"\x80\x05K\x01.")  # a pickle, which nobody reads here
    with pytest.raises(BadInput, match="no question"):
        wires.loaded(asked.answers(1)[9])


def test_the_end_of_whoever_asks_is_the_desks(asked):
    asked.ours.shutdown(socket.SHUT_WR)
    assert not asked.desk.step()


def test_half_a_question_ends_the_desk_quietly(asked):
    asked.ours.sendall(wires.frame(1, b"{}")[:-1])
    asked.ours.shutdown(socket.SHUT_WR)
    desk.run(Place(), asked.theirs.fileno(), asked.nudge)


# -- rights


def test_what_writes_is_refused_unless_hb_was_started_to_write(asked):
    asked.knows("decide", lambda _place: "written", writes=True)
    with pytest.raises(BadInput, match="not started to write") as raised:
        asked.one("decide")
    assert "--write" in raised.value.remedy
    assert not asked.was_nudged()


def test_what_is_written_is_looked_at_at_once(writing):
    writing.knows("decide", lambda _place: "written", writes=True)
    assert writing.one("decide") == "written"
    assert writing.was_nudged() == 1


def test_a_failed_write_is_looked_at_too(writing):
    def answer(_place):
        raise DataError("half of it is written", "")

    writing.knows("decide", answer, writes=True)
    with pytest.raises(DataError):
        writing.one("decide")
    assert writing.was_nudged() == 1


# -- time


def test_a_quick_question_that_is_not_quick_is_ended(asked, monkeypatch):
    """It swallows every error that there is, and is ended all the same."""
    monkeypatch.setattr(desk, "QUICK", 0.02)

    def endless(_place):
        while True:
            try:
                signal.pause()
            except Exception:  # noqa: BLE001, S112 -- that is the test
                continue

    asked.knows("endless", endless)
    asked.knows("well", lambda _place: "well")
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(CannotLook, match=r"within 0\.02 seconds"):
        asked.one("endless")
    assert asked.one("well") == "well"
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_slow_question_is_answered_by_a_child_and_holds_up_nobody(asked):
    reader, writer = os.pipe()
    try:
        asked.knows("slow", lambda _place: (os.read(reader, 1), os.getpid()), slow=True)
        asked.knows("quick", lambda _place: "quick")
        slow, quick = asked.ask("slow"), asked.ask("quick")
        first = asked.answers(1)
        assert list(first) == [quick]
        os.write(writer, b"x")
        said, pid = wires.loaded(asked.answers(1)[slow])
        assert (said, pid != os.getpid()) == (b"x", True)
    finally:
        os.close(reader)
        os.close(writer)


def test_a_slow_question_that_never_ends_is_ended(asked, monkeypatch):
    monkeypatch.setattr(desk, "SLOW", 0.05)
    asked.knows("slow", lambda _place: signal.pause(), slow=True)
    with pytest.raises(CannotLook, match="within"):
        asked.one("slow")


def test_a_child_that_is_killed_is_told_as_a_mistake_and_the_desk_goes_on(asked, capfd):
    asked.knows("dies", lambda _place: os.kill(os.getpid(), signal.SIGKILL), slow=True)
    asked.knows("well", lambda _place: "well")
    with pytest.raises(HbError, match="made a mistake"):
        asked.one("dies")
    assert asked.one("well") == "well"
    assert "status -9" in capfd.readouterr().err


def test_a_large_answer_of_a_child_comes_whole(asked):
    """Somebody else has to read while the desk writes: it is larger than a socket holds."""
    asked.knows("large", lambda _place: "x" * (3 << 20), slow=True)
    number = asked.ask("large")
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            got = wires.receive(asked.ours.fileno(), wires.LARGEST_ANSWER)
            status = int(got is None or got[0] != number or len(wires.loaded(got[1])) != 3 << 20)
        finally:
            os._exit(status)
    asked.desk.step()
    while asked.desk.busy:
        asked.desk.step()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_writes_are_carried_out_one_at_a_time(writing, tmp_path):
    """Two that each read a number, and write the next one, come to two."""
    path = tmp_path / "number"
    path.write_text("0")

    def answer(_place):
        number = int(path.read_text())
        time.sleep(0)  # the other one would come in between
        path.write_text(str(number + 1))

    writing.knows("count", answer, writes=True)
    for _ in range(6):
        writing.ask("count")
    writing.answers(6)
    assert path.read_text() == "6"


def test_there_is_an_end_of_what_waits(asked, monkeypatch):
    monkeypatch.setattr(desk, "AT_ONCE", 0)
    monkeypatch.setattr(desk, "WAITING", 2)
    asked.knows("slow", lambda _place: None, slow=True)
    numbers = [asked.ask("slow") for _ in range(3)]
    found = asked.answers(1)
    assert list(found) == [numbers[2]]
    with pytest.raises(CannotLook, match="too many"):
        wires.loaded(found[numbers[2]])

"""Three processes are made, watched, started again and ended; and nobody is left behind, whoever is killed.

Every process that a test starts holds its standard output open: so its end is the end of all of them.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from hb_engine.app.hub import staff
from hb_engine.app.hub.questions import Place
from hb_engine.model.errors import CannotLook

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PATIENCE = 60.0  # seconds after which a test gives up; none waits for them
needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="there is no /proc to look into")


class Started:
    """The processes of tests/app/hub/supervised.py, and what they say."""

    def __init__(self, folder, *words) -> None:
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.path.join(TOP, "src"), TOP]),
            "HB_HISTORY": str(folder / "no" / "history.db"),
            **{f"XDG_{name}_HOME": str(folder) for name in ("CACHE", "STATE", "DATA", "CONFIG")},
        }
        env.pop("HB_BASELINE", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.app.hub.supervised", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=env,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._wish, self._told, self._faults = self.process.stdin, self.process.stdout, self.process.stderr
        self._begun = b""
        self.said: list[dict[str, Any]] = []

    def hear(self, word, **wanted):
        """The next line with this word and these values; lines before it are kept in `said`."""
        while True:
            line = self._line()
            assert line is not None, f"no {word} {wanted} among {self.said}"
            self.said.append(line)
            if line["word"] == word and all(line.get(name) == value for name, value in wanted.items()):
                return line

    def tell(self, line):
        self._wish.write(line.encode() + b"\n")
        self._wish.flush()

    def all_end(self):
        """Wait until every process has ended; the exit status of the first."""
        while (line := self._line()) is not None:
            self.said.append(line)
        return self.process.wait(PATIENCE)

    def _line(self):
        while b"\n" not in self._begun:
            ready, _, _ = select.select([self._told], [], [], PATIENCE)
            assert ready, f"silence after {self.said}"
            part = os.read(self._told.fileno(), 65536)
            if not part:
                return None
            self._begun += part
        line, _, self._begun = self._begun.partition(b"\n")
        return json.loads(line)

    def close(self):
        """End whatever is left: all of them end with the first."""
        self.process.kill()
        self.process.wait()
        for pipe in (self._wish, self._told, self._faults):
            pipe.close()


@pytest.fixture
def start(tmp_path):
    made = []

    def started(*words):
        made.append(Started(tmp_path, *(words or ("60",))))
        return made[-1]

    yield started
    for one in made:
        one.close()


# -- whether it can


def test_a_system_without_fork_is_told_so(monkeypatch):
    monkeypatch.delattr(os, "fork")
    with pytest.raises(CannotLook, match=r"no fork\(2\)"):
        staff.supervise(lambda _wires: 0, Place(), 1.0)


def test_a_program_with_threads_is_not_forked():
    """A child of one would have its locks, and not those who would open them."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(CannotLook, match="threads"):
            staff.supervise(lambda _wires: 0, Place(), 1.0)
    finally:
        done.set()
        thread.join()


def test_a_child_that_fails_is_waited_for_longer_each_time_and_one_that_was_well_is_not():
    post = staff._Post("a child", lambda: 1)
    waits = []
    for _ in range(10):
        post.start(1000.0)
        waits.append(post.ended(1000.5))
    assert waits[:4] == [0.25, 0.5, 1.0, 2.0]
    assert waits[-1] == staff.LONGEST
    post.start(2000.0)
    assert post.ended(2000.0 + staff.STEADY + 1) == 0.25


# -- the ordinary course


@pytest.mark.slow
def test_it_looks_and_answers_and_ends_with_the_pages(start):
    one = start()
    one.hear("sight")
    one.tell("ask pid")
    answer = one.hear("answer", to="pid")
    one.tell("end 7")
    assert one.all_end() == 7
    desk = next(line for line in one.said if line["word"] == "desk")
    assert answer["value"] == str(desk["pid"])
    assert one.process.stderr.read() == b""


@pytest.mark.slow
@needs_proc
def test_each_process_keeps_its_own_descriptors_alone(start):
    """Whoever looks or answers has no socket that pages are served over, and no end of another's pipe."""
    one = start()
    one.hear("sight")
    one.tell("ask pid")
    one.hear("answer")
    found = {line["word"]: line for line in one.said}
    assert found["web"]["files"] == ["socket", "socket"]
    assert found["looker"]["files"] == ["pipe", "pipe"]
    assert found["desk"]["files"] == ["pipe", "socket"]
    assert found["looker"]["nice"] == found["desk"]["nice"] == found["web"]["nice"] + staff.NICER
    one.tell("end 0")
    assert one.all_end() == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_is_handed_on_and_all_end(start, number):
    one = start()
    one.hear("sight")
    one.process.send_signal(number)
    one.hear("ending")
    assert one.all_end() == 0


@pytest.mark.slow
def test_a_second_signal_ends_pages_that_do_not_end(start):
    one = start()
    pid = one.hear("web")["pid"]
    one.hear("sight")
    os.kill(pid, signal.SIGSTOP)
    one.process.send_signal(signal.SIGTERM)
    one.process.send_signal(signal.SIGINT)
    assert one.all_end() == 0


@pytest.mark.slow
def test_a_write_is_looked_at_at_once(start, tmp_path):
    """Looks are an hour apart; the file that appeared meanwhile is shown when something was written."""
    folder = tmp_path / "machines"
    folder.mkdir()
    one = start("3600", "--write", str(folder))
    one.hear("sight", number=1)
    one.tell("ask written")
    one.hear("answer", value="'written'")
    (folder / "broken.json").write_text("nothing that hb reads")
    one.tell("ask written")
    while "files" not in one.hear("sight")["troubles"]:
        pass
    one.tell("end 0")
    assert one.all_end() == 0


# -- who is killed


@pytest.mark.slow
def test_nobody_is_left_when_the_supervisor_is_killed(start):
    one = start()
    one.hear("sight")
    one.tell("ask wait-slowly")  # a child of the desk's is there too
    one.tell("ask pid")
    one.hear("answer")
    one.process.kill()
    assert one.all_end() == -signal.SIGKILL


@pytest.mark.slow
def test_all_end_when_the_pages_are_killed(start):
    one = start()
    pid = one.hear("web")["pid"]
    one.hear("sight")
    os.kill(pid, signal.SIGKILL)
    assert one.all_end() == 128 + signal.SIGKILL


def test_that_the_pages_ended_by_themselves_is_told_in_words(capsys):
    staff._tell_end(-9)
    staff._tell_end(-11)
    killed, crashed = capsys.readouterr().err.splitlines()
    assert killed.startswith("hb: the serving process ended by signal 9, and hb serve with it")
    assert "memory" in killed
    assert crashed == "hb: the serving process ended by signal 11, and hb serve with it"


def test_how_a_child_ended_is_told_in_words(capsys):
    for status, how in ((3, "with status 3"), (-9, "by signal 9"), (-14, "since it waited too long for something")):
        staff._tell("the looker", status, 0.5)
        assert capsys.readouterr().err == f"hb: the looker ended {how}; it is started again in 0.5 s\n"


@pytest.mark.slow
def test_the_looker_is_started_again_and_the_pages_say_that_it_was_away(start):
    one = start()
    pid = one.hear("looker")["pid"]
    first = one.hear("sight")
    os.kill(pid, signal.SIGKILL)
    away = one.hear("sight")
    assert away["troubles"][0] == "looker"
    assert away["names"] == first["names"]  # what was seen last is shown all the same
    assert one.hear("looker")["pid"] != pid
    back = one.hear("sight")
    assert "looker" not in back["troubles"]
    assert first["number"] < away["number"] < back["number"]
    one.tell("end 0")
    assert one.all_end() == 0
    assert b"the looker ended by signal 9; it is started again in 0.25 s" in one.process.stderr.read()


@pytest.mark.slow
def test_the_desk_is_started_again_and_whoever_waits_is_told(start):
    one = start()
    pid = one.hear("desk")["pid"]
    one.tell("ask wait")
    one.tell("ask wait-slowly")
    one.hear("sight")
    os.kill(pid, signal.SIGKILL)
    errors = [one.hear("error") for _ in range(2)]
    assert {line["kind"] for line in errors} == {"CannotLook"}
    assert all("started again" in line["message"] for line in errors)
    one.tell("ask pid")
    answer = one.hear("answer", to="pid")
    assert answer["value"] != str(pid)
    one.tell("end 0")
    assert one.all_end() == 0


@pytest.mark.slow
def test_a_question_that_is_none_leaves_the_desk_as_it_is(start):
    one = start()
    one.tell("ask pid")
    pid = one.hear("answer")["value"]
    one.tell('ask pid {"nobody": 1}')
    assert one.hear("error")["kind"] == "BadInput"
    one.tell("ask nothing")
    assert one.hear("error")["kind"] == "BadInput"
    one.tell("ask pid")
    assert one.hear("answer")["value"] == pid
    one.tell("end 0")
    assert one.all_end() == 0

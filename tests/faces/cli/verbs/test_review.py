"""hb review as it is: a process on a terminal (pty(7)), keys that are typed, and a terminal that is closed on it."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys

import pytest
from tests.app.flow import FIRST
from tests.baseline.seen import DB, SSH, WEB, inventory
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.faces.export import documents

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))))
CODE = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # the pty is this session's: closing it hangs up, and Ctrl-C interrupts
sys.path.insert(0, sys.argv.pop(1))
from hb_engine.faces.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
PATIENCE = 30  # seconds after which a screen that does not come is a failure


class Person:
    """hb review in a terminal of its own, and who sits before it."""

    def __init__(self, folder, *line, term="xterm", size=(24, 80)) -> None:
        self.folder = folder
        (folder / "hb.d").mkdir()
        (folder / "hb.d" / "hb.toml").write_text(FIRST)
        (folder / "look.json").write_text(documents.inventory(inventory(SSH, WEB, DB)))
        self.master, slave = pty.openpty()
        import fcntl
        import struct
        import termios

        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        env = {
            **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "HB_BASELINE")},
            "TERM": term,
            "NO_COLOR": "1",
            "HB_OWNER": "Ann",
            "HOME": str(folder),
            "HB_HISTORY": str(folder / "h.db"),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", CODE, os.path.join(TOP, "src"), "review", *(line or ["look.json"])],
            stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def until(self, words):
        """Read until these words were on the screen since the last key."""
        while words not in self.seen:
            assert select.select([self.master], [], [], PATIENCE)[0], f"{words!r} never came: {self.seen!r}"
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            assert data, f"{words!r} never came: {self.seen!r}"
            self.seen += data.decode("utf-8", "replace")
        return self.seen

    def type(self, text):
        self.seen = ""
        os.write(self.master, text.encode())

    def close(self):
        """Close the terminal, as a window is closed."""
        os.close(self.master)
        self.master = -1

    def end(self):
        """Wait for the end; what it exited with."""
        while self.master >= 0:
            try:
                if not os.read(self.master, 65536):
                    break
            except OSError:
                break
        return self.process.wait(timeout=PATIENCE)

    def away(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.master >= 0:
            os.close(self.master)

    @property
    def files(self):
        return sorted(os.listdir(self.folder / "hb.d"))


@pytest.fixture
def sits(tmp_path):
    people = []

    def sit(*line, **more):
        people.append(Person(tmp_path, *line, **more))
        return people[-1]

    yield sit
    for person in people:
        person.away()


@pytest.mark.slow
def test_from_the_first_card_to_the_diff(sits):
    person = sits()
    first = person.until("q quit")
    assert "1 of 3" in first
    person.type("a")
    person.until("why: ")
    person.type("administration\r")
    person.until("who answers for it: Ann")
    person.type("\r")
    assert "ssh-22" in person.until("Enter writes it")
    assert person.files == ["hb.toml"]
    person.type("\r")
    person.until("2 of 3")
    assert person.files == ["accepted.toml", "hb.toml"]
    person.type("s")
    person.until("3 of 3")
    person.type("q")
    told = person.until("git diff hb.d")
    assert "1 rule written to hb.d/accepted.toml." in told
    assert "1 skipped and 1 not looked at." in told
    assert person.end() == 0
    text = (person.folder / "hb.d" / "accepted.toml").read_text()
    assert 'why = "administration"\nowner = "Ann"\n' in text


def at_the_card(person):
    person.until("q quit")


def at_the_question(person):
    at_the_card(person)
    person.type("a")
    person.until("why: ")
    person.type("half a reas")
    person.until("half a reas")


def at_the_confirmation(person):
    at_the_card(person)
    person.type("a")
    person.until("why: ")
    person.type("x\r")
    person.until("who answers for it: Ann")
    person.type("\r")
    person.until("Enter writes it")


WAYS = {
    "closed": lambda person: person.close(),
    "Ctrl-C": lambda person: person.type("\x03"),
    "Ctrl-D": lambda person: person.type("\x04"),
    "SIGHUP": lambda person: os.kill(person.process.pid, signal.SIGHUP),
    "SIGTERM": lambda person: os.kill(person.process.pid, signal.SIGTERM),
    "SIGKILL": lambda person: os.kill(person.process.pid, signal.SIGKILL),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("stage", [at_the_card, at_the_question, at_the_confirmation], ids=lambda one: one.__name__)
def test_leaving_in_whatever_way_accepts_nothing(sits, stage, way):
    person = sits()
    stage(person)
    WAYS[way](person)
    if way == "Ctrl-D" and stage is at_the_question:
        person.until("q quit")  # it gives the question up, not the review
        person.type("q")
    person.end()
    assert person.files == ["hb.toml"]
    assert (person.folder / "hb.d" / "hb.toml").read_text() == FIRST


@pytest.mark.slow
def test_a_plain_terminal_gets_plain_text(sits):
    person = sits(term="dumb", size=(24, 40))
    person.until("q quit")
    person.type("s")
    seen = person.until("2 of 3")
    assert "\x1b" not in seen
    person.type("q")
    person.until("Nothing was written.")
    assert person.end() == 0


@pytest.mark.slow
def test_a_terminal_that_changes_its_size_is_drawn_again(sits):
    import fcntl
    import struct
    import termios

    person = sits(size=(24, 200))
    person.until("q quit")
    person.seen = ""
    fcntl.ioctl(person.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    body = person.until("q quit").rpartition("\x1b[3J")[2]
    assert max(len(line.rstrip("\r")) for line in body.split("\n")) <= 40
    person.type("q")
    assert person.end() == 0


def test_programs_get_the_cards_and_nothing_is_asked(tmp_path, monkeypatch):
    (tmp_path / "hb.d").mkdir()
    (tmp_path / "hb.d" / "hb.toml").write_text(FIRST)
    (tmp_path / "look.json").write_text(documents.inventory(inventory(SSH, WEB, DB)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "h.db"))
    monkeypatch.delenv("HB_BASELINE", raising=False)
    stdout = Pipe()
    assert main(["review", "look.json", "--json"], output(stdout, Pipe())) == 0
    found = json.loads(stdout.getvalue())
    assert (found["kind"], [card["key"] for card in found["cards"]]) == ("review", [SSH.key, WEB.key, DB.key])
    assert os.listdir(tmp_path / "hb.d") == ["hb.toml"]


def test_without_a_terminal_it_says_how_else():
    stdout, stderr = Pipe(), Pipe()
    assert main(["review"], output(stdout, stderr)) == 2
    assert "there is no terminal" in stderr.getvalue()
    assert "hb accept KEY" in stderr.getvalue()

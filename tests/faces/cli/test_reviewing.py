"""A whole review, with keys from a list and rules in real files: what is confirmed is written, and nothing else."""

from __future__ import annotations

import pytest
from tests.app.changing.test_review import ODD, report, verdict
from tests.app.flow import Machine
from tests.baseline.seen import DB, NOW, SSH, WEB, opening
from tests.faces.kit import Terminal, is_safe, output

from hb_engine.app.changing.review import Session
from hb_engine.app.ruling.baseline import load
from hb_engine.faces.cli.keys import END, ENTER, ESCAPE, RESIZED
from hb_engine.faces.cli.reviewing import CLEAR, Review
from hb_engine.model.opening import Unowned


class Fingers:
    """Keys from a list; what is typed into a line is a list of its own: None gives up."""

    def __init__(self, keys, lines) -> None:
        self.keys, self.lines = list(keys), list(lines)
        self.offered: list[str] = []

    def key(self):
        key = self.keys.pop(0) if self.keys else END
        if isinstance(key, BaseException):
            raise key
        return key

    def line(self, show, text=""):
        self.offered.append(text)
        typed = self.lines.pop(0)
        if isinstance(typed, BaseException):
            raise typed
        show(text if typed == "" else typed or "")
        return text if typed == "" else typed


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path, monkeypatch)
    made.begin()
    return made


class Ran:
    """A review that is over."""

    def __init__(self, keys, lines=(), *, verdicts=None, size=(80, 40), owner="Ann") -> None:
        verdicts = verdicts or [verdict(SSH), verdict(WEB), verdict(DB)]
        self.session = Session(load(""), [report(*verdicts)], now=NOW, lasting=frozenset({"deleted-executable"}))
        self.screen = Terminal()
        self.fingers = Fingers(keys, lines)
        out = output(self.screen, size=size, NO_COLOR="1")
        self.review = Review(self.session, self.fingers, out, owner, clock=lambda: NOW + 60)
        self.interrupted = False
        try:
            self.review.run()
        except KeyboardInterrupt:
            self.interrupted = True

    @property
    def rules(self):
        return [(rule.kind, rule.id, rule.why, rule.owner) for rule in load("").baseline.rules]

    @property
    def screens(self):
        return self.screen.getvalue().split(CLEAR)[1:]


def test_allow_why_and_owner_are_asked_once_and_offered_again(machine):
    ran = Ran(["a", ENTER, "a", "o", ENTER, "q"], ["front end", "", "", "Bob"])
    assert ran.rules == [("allow", "ssh-22", "front end", "Ann"), ("allow", "nginx-443", "front end", "Bob")]
    assert ran.fingers.offered == ["", "Ann", "front end", "Ann"]
    assert (ran.review.skipped, ran.review.left) == (0, 1)


def test_who_answers_is_asked_once_and_can_be_said_anew(machine):
    ran = Ran(["a", ENTER, "a", ENTER, "a", "o", "o", ENTER, "q"], ["front end", "", "", "data", None, "Cy"])
    assert [rule[2:] for rule in ran.rules] == [("front end", "Ann"), ("front end", "Ann"), ("data", "Cy")]
    assert ran.fingers.offered == ["", "Ann", "front end", "front end", "Ann", "Ann"]


def test_whoever_left_the_first_question_is_asked_again(machine):
    ran = Ran(["a", "a", ENTER, "q"], ["front end", None, "shop", "Bob"])
    assert [rule[2:] for rule in ran.rules] == [("shop", "Bob")]


def test_the_block_is_shown_before_it_is_written(machine):
    ran = Ran(["a", ESCAPE, "q"], ["front end", ""])
    shown = next(screen for screen in ran.screens if "This would be written" in screen)
    assert '    [[allow]]\n    id = "ssh-22"\n    listen = "tcp/22 on public"\n' in shown
    assert "Enter writes it" in shown
    assert machine.files() == ["hb.toml"]


def test_for_a_time(machine):
    ran = Ran(["t", ENTER, "t", ENTER], ["", "debugging", "", "2h", ""])
    assert ran.fingers.offered == ["8h", "", "Ann", "8h", "debugging"]
    assert [rule.until for rule in load("").baseline.rules] == [int(NOW) + 60 + 8 * 3600, int(NOW) + 60 + 2 * 3600]


@pytest.mark.parametrize("length", ["0h", "soon", "8"])
def test_a_length_that_is_none_is_told_and_the_card_stays(machine, length):
    ran = Ran(["t", "q"], [length])
    assert "--for: " in ran.screens[-1]
    assert ran.screens[-1].startswith("tcp 22")
    assert machine.files() == ["hb.toml"]


def test_forbid(machine):
    ran = Ran(["f", ENTER, "q"], ["no", "me"])
    assert ran.rules == [("forbid", "ssh-22", "no", "me")]


def test_skip_and_undo(machine):
    ran = Ran(["s", "a", ENTER, "u", "s", "s"], ["x", ""])
    assert ran.rules == []
    assert machine.files() == ["hb.toml"]
    assert (ran.review.skipped, ran.review.left) == (3, 0)
    assert "There is nothing to undo." in Ran(["u", "q"]).screens[-1]


LEAVING = [END, KeyboardInterrupt(), "q"]


@pytest.mark.parametrize("way", LEAVING, ids=["closed", "Ctrl-C", "q"])
def test_leaving_a_card_writes_nothing(machine, way):
    ran = Ran([way])
    assert machine.files() == ["hb.toml"]
    assert ran.interrupted == isinstance(way, KeyboardInterrupt)


@pytest.mark.parametrize("way", [*LEAVING, ESCAPE, "x", "a", " "])
def test_leaving_the_confirmation_writes_nothing(machine, way):
    Ran(["a", way], ["front end", ""])
    assert machine.files() == ["hb.toml"]


@pytest.mark.parametrize("lines", [[None], ["why", None], [KeyboardInterrupt()], ["why", KeyboardInterrupt()]])
def test_leaving_a_question_writes_nothing(machine, lines):
    Ran(["a", ENTER, END], lines)
    assert machine.files() == ["hb.toml"]


def test_what_was_confirmed_stays_however_it_ends(machine):
    ran = Ran(["a", ENTER, "a", KeyboardInterrupt()], ["x", "", "", ""])
    assert ran.interrupted
    assert [rule[1] for rule in ran.rules] == ["ssh-22"]
    assert (ran.review.left, machine.read("accepted.toml").count("[[allow]]")) == (2, 1)


def test_without_why_or_owner_nothing_is_written(machine):
    ran = Ran(["a", "q"], ["why", ""], owner="")
    assert "who answers for it" in ran.screens[-1]
    assert machine.files() == ["hb.toml"]


def test_what_looks_suspicious_or_is_nobodys_is_refused_before_anything_is_asked(machine):
    for one, words in ((ODD, "looks suspicious"), (opening(9, unowned=Unowned("not-found")), "is not known")):
        ran = Ran(["a", "q"], verdicts=[verdict(one)])
        assert words in " ".join(ran.screens[-1].split())
        assert ran.fingers.offered == []
        assert machine.files() == ["hb.toml"]


def test_a_file_that_changed_meanwhile_is_told_and_kept(machine):
    class Other(Fingers):
        def key(self):
            if self.keys[0] == ENTER:
                machine.write("accepted.toml", "# theirs\n")
            return super().key()

    ran = Ran([])
    ran.review._keys = Other(["a", ENTER, "q"], ["x", ""])
    ran.review.run()
    assert "changed by somebody else" in ran.screens[-1]
    assert machine.read("accepted.toml") == "# theirs\n"


def test_explain_shows_the_story_and_the_rules_and_comes_back(machine):
    ran = Ran(["e", "x", "q"])
    told = ran.screens[1]
    assert "openssh-server" in told
    assert "no rule is about it" in told
    assert "any key goes back" in told
    assert ran.screens[2].startswith("tcp 22")
    assert Ran(["e", END]).review.left == 3


def test_a_changed_size_draws_again(machine):
    ran = Ran([RESIZED, RESIZED, "q"])
    assert len(ran.screens) == 3
    assert ran.screens[0] == ran.screens[2]
    ran = Ran(["a", RESIZED, ENTER, "q"], ["x", ""])
    assert [rule[1] for rule in ran.rules] == ["ssh-22"]


def test_other_keys_do_nothing(machine):
    ran = Ran(["x", "\u00e9", ENTER, ESCAPE, "up", "9", "q"])
    assert machine.files() == ["hb.toml"]
    assert ran.review.left == 3


@pytest.mark.parametrize("size", [(40, 12), (40, 24), (80, 24), (120, 40), (200, 60)])
def test_every_screen_fits(machine, size):
    ran = Ran(["a", ENTER, "s", "q"], ["front end", ""], size=size)
    for screen in ran.screens:
        body = screen.split("\r")[0]
        assert max(map(len, body.split("\n"))) <= size[0] or "'" in body
        if size[1] >= 24 and "This would be written" not in body:
            assert body.count("\n") <= size[1] - 1


def test_on_a_small_screen_the_place_that_is_decided_stays_in_sight(machine):
    ran = Ran(["a", ESCAPE, "q"], ["w" * 70, ""], size=(50, 20))
    shown = next(screen for screen in ran.screens if "This would be written" in screen)
    assert shown.startswith("tcp 22")
    assert shown.count("\n") <= 19


def test_without_a_way_to_clear_cards_come_one_below_the_other(machine):
    ran = Ran([])
    plain = Terminal()
    Review(ran.session, Fingers(["s", "q"], []), output(plain, NO_COLOR="1"), "", clear=False).run()
    assert "\x1b" not in plain.getvalue()
    assert plain.getvalue().startswith("\ntcp 22")


def test_what_is_offered_is_escaped_too(machine):
    """The name comes from git, and git's configuration from whoever made the checkout."""
    ran = Ran(["a", ENTER, "q"], ["x", ""], owner="\x1b]0;owned\x07Eve\u202e")
    assert is_safe(ran.screen.getvalue().replace(CLEAR, "").replace("\r\x1b[K", ""))
    assert ran.rules[0][3] == "\x1b]0;owned\x07Eve\u202e"


def test_strangers_names_are_escaped_on_the_card(machine):
    from tests.baseline.seen import owner

    one = opening(9, owner("/opt/\x1b]0;x\x07\u202e", None, None, comm="\x1b[2J\n", user="\x9b31m"))
    ran = Ran(["a", ESCAPE, "e", "x", "q"], ["x", "y"], verdicts=[verdict(one)])
    text = ran.screen.getvalue().replace(CLEAR, "").replace("\r\x1b[K", "")
    assert is_safe(text)

"""Cards for what nobody decided, decisions that are written whole, and the last one taken back."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.app.flow import FIRST, Machine
from tests.baseline.seen import DB, HOST, NOW, SSH, WEB, opening, owner

from hb_engine.app.changing import review
from hb_engine.app.changing.accept import decided
from hb_engine.app.changing.review import Session, cards
from hb_engine.app.ruling.baseline import load
from hb_engine.baseline.accepting import Wish
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Coverage
from hb_engine.model.record import replace
from hb_engine.model.report import Cause, Report, Verdict
from hb_engine.model.verdict import Judgement, Reason

WISH = Wish("front end", "team-web")
ODD = replace(
    opening(1703, owner("/opt/x", None, "x.service", exe_state="deleted")),
    verdict=Judgement("high", (Reason("deleted-executable", "high", "runs a deleted file"),)),
)


def verdict(one, kind="new", state="debt", severity="info", **more):
    return Verdict(kind, state, severity, one.key, "nobody decided", opening=one, **more)


def report(*verdicts, name="web-17"):
    return Report(replace(HOST, name=name), NOW, Coverage(privileged=True), verdicts)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path, monkeypatch)
    made.begin()
    return made


def session(*verdicts, **more):
    return Session(load(""), [report(*verdicts)], now=NOW, lasting=frozenset({"deleted-executable"}), **more)


def test_drift_comes_first_then_debt_the_worst_first_and_each_key_once():
    found = cards(
        [
            report(verdict(SSH), verdict(ODD, state="drift", severity="high", since=5.0), verdict(WEB, state="note")),
            report(verdict(SSH, since=3.0), verdict(DB, severity="medium"), name="web-18"),
        ]
    )
    assert [(card.opening.port, card.hosts, card.since) for card in found] == [
        (1703, ("web-17",), 5.0), (5432, ("web-18",), None), (22, ("web-17", "web-18"), 3.0),
    ]  # fmt: skip
    assert cards([report(Verdict("gone", "drift", "high", "tcp/public/1", "gone"))]) == ()


def test_one_key_may_have_more_said_of_it():
    cause = Cause(4.0, "nginx was installed", "/var/log/dpkg.log")
    (card,) = cards(
        [
            report(
                verdict(WEB, "widened", "drift", "high", causes=(cause,)),
                verdict(WEB, "suspicious", "drift", "critical"),
                verdict(WEB, "suspicious", "drift", "critical"),
            )
        ]
    )
    assert (card.verdict.kind, [one.kind for one in card.odd], card.causes) == ("suspicious", ["widened"], (cause,))


def test_a_decision_is_drafted_then_written(machine):
    one = session(verdict(WEB), verdict(SSH))
    edit = one.draft(one.cards[0], WISH)
    assert machine.files() == ["hb.toml"]
    assert one.text(edit).startswith('[[allow]]\nid = "ssh-22"\n')
    one.write(one.cards[0], edit)
    assert machine.read("accepted.toml") == 'schema = "hb/1"\n\n' + one.text(edit)
    one.write(one.cards[1], one.draft(one.cards[1], replace(WISH, kind="forbid")))
    words = {each.opening.port: each.word for each in decided(load(""), machine.seen)}
    assert words == {22: "expected", 443: "forbidden", 5432: "unmatched"}
    assert len(one.decided) == 2


def test_undo_gives_the_file_back_to_the_letter(machine):
    one = session(verdict(WEB), verdict(SSH))
    assert one.undo() is None
    for card in one.cards:
        one.write(card, one.draft(card, WISH))
    first = machine.read("accepted.toml")
    assert one.undo() == one.cards[1]
    assert machine.read("accepted.toml") == first[: first.index('\n[[allow]]\nid = "nginx')]
    assert one.undo() == one.cards[0]
    assert machine.files() == ["hb.toml"]
    assert machine.read("hb.toml") == FIRST
    assert one.undo() is None
    edit = one.draft(one.cards[0], WISH)  # and the id is free again
    assert edit.rules[0].id == "ssh-22"


def test_undo_leaves_what_others_wrote_since(machine):
    one = session(verdict(WEB), file="mine")
    machine.write("mine.toml", "# mine\n")
    one.write(one.cards[0], one.draft(one.cards[0], WISH))
    theirs = '\n# theirs\n[[forbid]]\nlisten = "tcp/23"\nwhy = "x"\nowner = "y"\n'
    machine.write("mine.toml", machine.read("mine.toml") + theirs)
    one.undo()
    assert machine.read("mine.toml") == "# mine\n" + theirs


def test_undo_of_what_somebody_took_out_is_told(machine):
    one = session(verdict(WEB))
    one.write(one.cards[0], one.draft(one.cards[0], WISH))
    machine.write("accepted.toml", "# gone\n")
    with pytest.raises(DataError, match=r"nginx-443 is not in hb.d/accepted\.toml any more"):
        one.undo()
    assert machine.read("accepted.toml") == "# gone\n"
    assert len(one.decided) == 1


def test_what_looks_suspicious_is_not_drafted(machine):
    one = session(verdict(ODD))
    with pytest.raises(BadInput, match="looks suspicious"):
        one.draft(one.cards[0], WISH)
    assert one.draft(one.cards[0], replace(WISH, kind="forbid"))
    assert machine.files() == ["hb.toml"]


def test_what_was_changed_in_between_is_not_written_over(machine):
    one = session(verdict(WEB))
    edit = one.draft(one.cards[0], WISH)
    machine.write("accepted.toml", "# theirs\n")
    with pytest.raises(DataError, match="changed by somebody else"):
        one.write(one.cards[0], edit)
    assert (machine.read("accepted.toml"), one.decided) == ("# theirs\n", [])


def test_explaining_a_card_tells_every_rule(machine):
    machine.write("no.toml", '[[forbid]]\nid = "no-web"\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n')
    one = session(verdict(WEB))
    found = one.explain(one.cards[0])
    assert (found.query, found.explained[0].decision.word) == (WEB.key, "forbidden")
    assert [step.rule.id for step in found.explained[0].decision.steps] == ["no-web"]


def test_a_mistake_in_the_files_name_is_told_before_a_look(machine, monkeypatch):
    monkeypatch.setattr(review, "cards", None)
    with pytest.raises(BadInput, match="no name of a file"):
        review.begin(file="../x")


def test_who_decides(monkeypatch, tmp_path):
    monkeypatch.setenv("HB_OWNER", " Ann ")
    assert review.person() == "Ann"
    monkeypatch.delenv("HB_OWNER")
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "none"))
    (tmp_path / "gitconfig").write_text("[user]\nname = Ann Other\n")
    known = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False).stdout.strip()
    assert review.person() == known
    monkeypatch.setenv("PATH", str(tmp_path))
    assert review.person() == ""
    assert os.environ["PATH"] == str(tmp_path)

"""What the baseline says of each opening, as a remark; none without rules that one can rely on."""

from __future__ import annotations

import pytest
from tests.app import kit

from hb_engine.app.ruling import standing as standing_of
from hb_engine.app.ruling.standing import Standing, sentence, standings
from hb_engine.baseline.facts import observed
from hb_engine.baseline.lock import text
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Lock, LockedHost, Rule, Where
from hb_engine.model.decision import Decision
from hb_engine.model.identity import Identity

RULES = """schema = "hb/1"
[defaults]
require = []
[[allow]]
id = "ssh"
listen = "tcp/22"
by = "unit:ssh.service"
speaks = "ssh"
why = "Administration"
owner = "ops"
[[forbid]]
id = "no-dns"
listen = "udp/53"
"""
SEEN = kit.inventory(kit.SSH, kit.DNS, kit.DNS_UDP, kit.RAW)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A baseline in a work tree of this test's own."""
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setattr("hb_engine.app.folders.system", lambda: str(tmp_path / "etc"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    made = tmp_path / "hb.d"
    made.mkdir(mode=0o700)
    (made / "rules.toml").write_text(RULES)
    (made / "rules.toml").chmod(0o600)
    return made


def words(**more):
    return {key: (each.decision.word, each.debt) for key, each in (standings(SEEN, **more) or {}).items()}


def test_each_opening_has_its_word(folder):
    assert words() == {
        kit.SSH.key: ("unseen", False),
        kit.DNS.key: ("unmatched", False),
        kit.DNS_UDP.key: ("forbidden", False),
        kit.RAW.key: ("unmatched", False),
    }


def test_what_was_said_counts(folder):
    said = Answer("tcp", 22, "open", "syn-ack", identity=Identity("ssh"))
    assert words(answers={kit.SSH.key: said})[kit.SSH.key] == ("expected", False)


def test_what_was_observed_and_nobody_reviewed_is_debt(folder):
    lock = Lock((LockedHost("web-17", "", 5, None, (observed(kit.DNS), observed(kit.DNS_UDP))),))
    (folder.parent / "hb.lock").write_text(text(lock))
    found = words()
    assert found[kit.DNS.key] == ("unmatched", True)
    assert found[kit.DNS_UDP.key] == ("forbidden", False), "what is forbidden is no debt"


def test_without_a_baseline_there_is_no_word(folder):
    (folder / "rules.toml").unlink()
    folder.rmdir()
    assert standings(SEEN) is None


def test_rules_with_mistakes_or_that_others_may_write_say_nothing(folder):
    (folder / "rules.toml").chmod(0o666)
    assert standings(SEEN) is None
    (folder / "rules.toml").chmod(0o600)
    (folder / "rules.toml").write_text("schema = 7\n")
    assert standings(SEEN) is None


def test_rules_that_take_longer_than_the_look_are_left_to_hb_check(folder, monkeypatch):
    monkeypatch.setattr(standing_of, "LARGEST", len(RULES))
    assert words()
    monkeypatch.setattr(standing_of, "LARGEST", len(RULES) - 1)
    assert standings(SEEN) is None


def test_a_broken_lock_says_nothing(folder):
    (folder.parent / "hb.lock").write_text("nonsense")
    assert standings(SEEN) is None


def test_a_folder_that_was_taken_away_is_no_trouble(folder, monkeypatch, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert standings(SEEN) is None


WEB = Rule("allow", "web", (), why="the shop", owner="ops", where=Where("hb.d/web.toml", 3, 1))
SENTENCES = [
    (Standing(Decision(kit.SSH, "expected", WEB, "web allows it")),
     "web allows it (hb.d/web.toml:3, owner ops): the shop"),
    (Standing(Decision(kit.SSH, "unmatched", WEB, "no rule is about it; the nearest: x")),
     "no rule is about it; the nearest: x"),
    (Standing(Decision(kit.SSH, "unmatched", None, "no rule is about it"), debt=True),
     "no rule is about it; it was there before anybody decided, and nobody has reviewed it"),
    (Standing(Decision(kit.SSH, "expired", Rule("allow", "x", ()), "")), "expired"),
]  # fmt: skip


@pytest.mark.parametrize(("standing", "told"), SENTENCES)
def test_sentences(standing, told):
    assert sentence(standing) == told


def test_a_story_tells_what_the_baseline_says(folder, machine, monkeypatch):
    from hb_engine.app.looking.why import why
    from hb_engine.app.remembering import history

    monkeypatch.setattr(history, "known", lambda *_: history.Known({}))
    told = why("53").details
    assert told[kit.DNS_UDP.key]["rule"].startswith("no-dns forbids it (hb.d/rules.toml:11)")
    assert told[kit.DNS.key]["rule"].startswith("no rule is about it")
    (folder / "rules.toml").unlink()
    folder.rmdir()
    assert "rule" not in why("53").details[kit.DNS.key]

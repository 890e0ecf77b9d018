"""A decision is written once, as it was shown, with a line in the log before it and one after it; killed or not."""

from __future__ import annotations

import os

import pytest
from tests.app.hub import killing
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import SSH, WEB, owner

from hb_engine.app.changing import rule_files
from hb_engine.app.hub import audit
from hb_engine.app.hub.deciding import Changed, Refused
from hb_engine.app.hub.questions import Place
from hb_engine.app.hub.questions.decide import QUESTION, Written
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    return made


def logged(desk):
    """(what, stage) of each line, and that the chain holds."""
    chain, found = audit.read(desk.audit, None)
    assert chain.broken is None
    return [(one.what, one.stage) for one in found]


def test_it_takes_the_right_to_write(desk):
    assert QUESTION.writes
    words = desk.confirmed(desk.draft())
    desk.place = Place()
    with pytest.raises(BadInput, match="may not write"):
        desk.ask("decide", **words)
    assert not os.path.exists(desk.audit)


def test_what_was_drafted_is_written_and_told(desk):
    draft = desk.draft()
    written = desk.ask("decide", **desk.confirmed(draft))
    path = os.path.join("hb.d", "accepted.toml")
    assert written == Written(1, "nginx-443", path, 3)
    assert desk.read("accepted.toml") == 'schema = "hb/1"\n\n' + draft.text
    assert logged(desk) == [("decide", "begun"), ("decide", "written")]


def test_each_line_says_who_decided_what_and_where(desk):
    draft = desk.draft()
    desk.ask("decide", **desk.confirmed(draft))
    begun, done = audit.read(desk.audit, None)[1]
    for one in (begun, done):
        assert (one.user, one.uid, one.host, one.key, one.kind, one.rule) == (
            "alice", 1000, "web-17", WEB.key, "allow", "nginx-443",
        )  # fmt: skip
        assert (one.owner, one.why, one.line) == ("team-web", "front end", 3)
        assert one.file == os.path.join(desk.folder, "accepted.toml")
        assert one.block == audit.digest(draft.text)
        assert (one.size, one.was, one.now) == (-1, "", audit.digest(desk.read("accepted.toml")))
    assert (begun.of, done.of) == (0, begun.number)


def test_what_is_sent_twice_is_written_once(desk):
    words = desk.confirmed(desk.draft())
    first = desk.ask("decide", **words)
    assert desk.ask("decide", **words) == replace(first, path=os.path.join(desk.folder, "accepted.toml"), again=True)
    assert desk.read("accepted.toml").count("[[allow]]") == 1
    assert len(logged(desk)) == 2


def test_two_who_decide_at_once_the_second_is_told(desk):
    one, other = desk.draft(), desk.draft(owner="team-b")
    desk.ask("decide", **desk.confirmed(one, "t1"))
    found = desk.ask("decide", **desk.confirmed(other, "t2"))
    assert isinstance(found, Changed)
    assert (found.what, found.rule, found.owner) == ("decided", "nginx-443", "team-web")
    assert desk.read("accepted.toml").count("[[allow]]") == 1
    assert logged(desk)[-1] == ("decide", "refused")


def test_an_opening_that_changed_since_is_not_decided(desk):
    words = desk.confirmed(desk.draft())
    desk.opens(replace(WEB, owners=(owner("/opt/nginx", None),)))
    found = desk.ask("decide", **words)
    assert isinstance(found, Changed)
    assert found.what == "opening"
    assert desk.files() == ["hb.toml"]
    assert [(one.stage, one.detail) for one in audit.read(desk.audit, None)[1]] == [("refused", "opening")]


def test_rules_that_changed_since_are_shown_anew(desk):
    words = desk.confirmed(desk.draft())
    desk.write("more.toml", '[[allow]]\nid = "nginx-443"\nlisten = "tcp/9"\nby = "unit:x"\nwhy = "x"\nowner = "y"\n')
    found = desk.ask("decide", **words)
    assert isinstance(found, Changed)
    assert found.draft is not None
    assert (found.what, found.draft.rule) == ("draft", "nginx-443-2")
    assert desk.files() == ["hb.toml", "more.toml"]
    assert isinstance(desk.ask("decide", **desk.confirmed(found.draft, "t2")), Written)


def test_a_mistake_that_no_draft_would_have_let_through_is_refused_and_logged(desk):
    found = desk.ask("decide", **{**desk.confirmed(desk.draft()), "why": ""})
    assert isinstance(found, Refused)
    assert [(one.stage, one.detail) for one in audit.read(desk.audit, None)[1]] == [("refused", "why")]


@pytest.mark.parametrize("missing", ["mark", "ticket"])
def test_what_was_never_drafted_is_not_written(desk, missing):
    words = {**desk.confirmed(desk.draft()), missing: ""}
    with pytest.raises(BadInput, match="as it was shown"):
        desk.ask("decide", **words)
    assert desk.files() == ["hb.toml"]


def test_a_mark_that_somebody_made_up_writes_nothing(desk):
    found = desk.ask("decide", **{**desk.confirmed(desk.draft()), "mark": "0" * 64})
    assert found.what == "draft"
    assert desk.files() == ["hb.toml"]


def test_what_cannot_be_logged_is_not_written(desk):
    words = desk.confirmed(desk.draft())
    os.mkdir(desk.audit)
    with pytest.raises(DataError, match="audit log"):
        desk.ask("decide", **words)
    assert desk.files() == ["hb.toml"]


def test_a_log_that_is_full_keeps_the_rules_as_they_are(desk, monkeypatch):
    words = desk.confirmed(desk.draft())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(audit, "_write", full)
    with pytest.raises(DataError, match="No space left"):
        desk.ask("decide", **words)
    assert desk.files() == ["hb.toml"]
    assert os.path.getsize(desk.audit) == 0


def test_a_write_that_fails_is_logged_as_that(desk, monkeypatch):
    words = desk.confirmed(desk.draft())

    def fails(*_):
        raise DataError("the disk is full", "Make room.")

    monkeypatch.setattr(rule_files, "write", fails)
    with pytest.raises(DataError, match="the disk is full"):
        desk.ask("decide", **words)
    assert logged(desk) == [("decide", "begun"), ("decide", "failed")]
    (row,) = desk.ask("audit").rows
    assert (row.state, row.entry.detail, row.undoable) == ("failed", "the disk is full", False)


def test_an_outcome_that_cannot_be_logged_is_told_and_found_in_the_file(desk, monkeypatch):
    words = desk.confirmed(desk.draft())
    write, made = audit._write, []

    def once(*parts):
        made.append(parts)
        if len(made) > 1:
            raise OSError(28, "No space left on device")
        write(*parts)

    monkeypatch.setattr(audit, "_write", once)
    written = desk.ask("decide", **words)
    assert "No space left" in written.unlogged
    assert desk.read("accepted.toml") is not None
    assert [row.state for row in desk.ask("audit").rows] == ["there"]


def test_into_a_file_that_is_there_goes_one_block_at_its_end(desk):
    desk.write("mine.toml", "# mine\r\n")
    desk.decide(file="mine")
    text = desk.read("mine.toml")
    assert text.startswith("# mine\n\n[[allow]]\n")  # read with line ends as Python has them
    (row,) = desk.ask("audit").rows
    assert row.entry.size == 8
    assert row.undoable


def test_a_link_is_not_written_through(desk, tmp_path):
    os.symlink(tmp_path / "elsewhere.toml", os.path.join(desk.folder, "accepted.toml"))
    with pytest.raises(BadInput):
        desk.draft()
    assert not (tmp_path / "elsewhere.toml").exists()


def check_killed(desk, words, old):
    """What a reader finds after a kill: old or new, and a log that tells which; and going on is possible."""
    text = desk.read("accepted.toml")
    new = text is not None and text != old
    assert text == old or text.endswith('owner = "team-web"\naccepted = ' + text.rpartition("accepted = ")[2])
    assert [name for name in desk.files() if not name.startswith(".")] == (
        ["accepted.toml", "hb.toml"] if text is not None else ["hb.toml"]
    )
    rows = desk.ask("audit").rows if os.path.exists(desk.audit) else ()
    states = [row.state for row in rows]
    assert states in ([[], ["not-there"]] if not new else [["there"], ["written"]])
    chain = audit.read(desk.audit)[0]
    assert chain.broken is None
    again = desk.ask("decide", **words)
    assert isinstance(again, Written)
    assert again.again == new
    assert desk.read("accepted.toml").count("nginx-443") == 1
    return new


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("there", [False, True], ids=["new file", "file that is there"])
def test_killed_at_every_step_the_file_is_the_old_or_the_new_one_and_the_log_tells_which(desk, there, after):
    old = '# ours\nschema = "hb/1"\n' if there else None
    found, number = [], 0
    while True:
        if os.path.exists(desk.audit):
            os.unlink(desk.audit)
        for name in desk.files():
            if name != "hb.toml":
                os.unlink(os.path.join(desk.folder, name))
        if there:
            desk.write("accepted.toml", old)
        words = desk.confirmed(desk.draft())
        if not killing.killed(lambda words=words: desk.ask("decide", **words), number, after=after):
            break
        found.append(check_killed(desk, words, old))
        number += 1
    assert number > 10  # it was killed at more than a few places
    assert found == sorted(found)  # first old ones, and from the rename on new ones
    assert set(found) == {False, True}


@pytest.mark.slow
def test_after_a_kill_somebody_else_may_decide_what_was_begun(desk):
    desk.opens(WEB, SSH)
    words = desk.confirmed(desk.draft())
    number = 0
    while killing.killed(lambda: desk.ask("decide", **words), number) and not os.path.exists(desk.audit):
        number += 1
    assert isinstance(desk.decide(SSH, ticket="t9"), Written)

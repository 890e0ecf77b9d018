"""The audit log: lines that are only added, each held to the one before; and nothing written that is not logged."""

from __future__ import annotations

import json
import os
import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app.hub import audit
from hb_engine.app.hub.audit import Broken, Chain, Log, read, tail
from hb_engine.model.errors import DataError
from hb_engine.wire import json_text


@pytest.fixture
def where(tmp_path):
    tmp_path.chmod(0o700)
    return str(tmp_path / "audit.ndjson")


def fill(where, count=3, **words):
    with Log(where) as log:
        return [log.append("decide", "begun", rule=f"r{number}", **words) for number in range(count)]


def lines(where):
    with open(where, "rb") as file:
        return file.read().splitlines(keepends=True)


def put(where, parts):
    with open(where, "wb") as file:
        file.write(b"".join(parts))


def test_a_log_that_is_not_there_is_empty(where):
    assert read(where, None) == (Chain(), ())
    assert tail(where) == ()
    assert not os.path.exists(where)


def test_a_log_whose_folder_is_not_there_is_empty_too(tmp_path):
    where = str(tmp_path / "state" / "hb-engine" / "audit.ndjson")
    assert read(where, None) == (Chain(), ())
    assert tail(where) == ()
    assert not (tmp_path / "state").exists()


def test_each_line_holds_the_digest_of_the_one_before(where):
    made = fill(where)
    chain, found = read(where, None)
    assert found == tuple(made)
    assert [one.number for one in found] == [1, 2, 3]
    raw = lines(where)
    assert found[0].before == ""
    assert [one.before for one in found[1:]] == [audit.digest(line[:-1]) for line in raw[:2]]
    assert (chain.lines, chain.last, chain.broken) == (3, audit.digest(raw[2][:-1]), None)


def test_it_goes_on_where_it_was_left(where):
    fill(where, 1)
    fill(where, 1)
    chain, found = read(where, None)
    assert [one.number for one in found] == [1, 2]
    assert chain.broken is None


def test_it_is_ours_alone_and_every_line_is_json_of_a_known_schema(where):
    fill(where, 1, why="line\nfeed \u202e \x1b", uid=None)
    assert os.stat(where).st_mode & 0o777 == 0o600
    (line,) = lines(where)
    assert line.isascii()
    assert json.loads(line)["schema"] == "hb/1"
    assert json.loads(line)["why"] == "line\nfeed \u202e \x1b"


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda raw: [raw[0].replace(b'"r0"', b'"rX"'), *raw[1:]], Broken(2, "chain")),
        (lambda raw: [raw[0], raw[2]], Broken(2, "chain")),
        (lambda raw: [raw[1], raw[0], raw[2]], Broken(1, "chain")),
        (lambda raw: [raw[0], b'{"schema": "hb/1"}\n', raw[1], raw[2]], Broken(2, "no-entry")),
        (lambda raw: [*raw[:2], raw[2][:40]], Broken(3, "torn")),
        (lambda raw: [*raw[:2], raw[2][:-1]], Broken(3, "torn")),
        (lambda raw: [raw[0], b"\n", raw[1], raw[2]], Broken(2, "no-entry")),
        (lambda raw: [raw[0].replace(b'"number": 1', b'"number": true'), *raw[1:]], Broken(1, "no-entry")),
        (lambda raw: [raw[0].replace(b'"number": 1', b'"number": 2'), *raw[1:]], Broken(1, "number")),
        (lambda raw: [b"[" * 100_000 + b"\n", *raw], Broken(1, "no-entry")),
        (lambda raw: [b"\xff\xfe\n", *raw], Broken(1, "no-entry")),
    ],
)
def test_the_first_broken_line_is_told(where, change, broken):
    fill(where)
    put(where, change(lines(where)))
    assert read(where)[0].broken == broken


@given(st.integers(0, 1), st.data())
def test_no_byte_can_be_another_without_being_found_out(tmp_path_factory, number, data):
    where = str(tmp_path_factory.mktemp("log") / "audit.ndjson")
    fill(where)
    raw = lines(where)
    at = data.draw(st.integers(0, len(raw[number]) - 1))
    other = data.draw(st.integers(1, 255))
    changed = bytearray(raw[number])
    changed[at] ^= other
    raw[number] = bytes(changed)
    put(where, raw)
    chain, _ = read(where)
    assert chain.broken is not None


def test_of_the_last_line_only_the_last_digest_tells(where):
    """Nobody comes after it: that is why the digest at the end is to be kept elsewhere."""
    fill(where)
    kept = read(where)[0].last
    raw = lines(where)
    put(where, [*raw[:2], raw[2].replace(b'"r2"', b'"rX"')])
    assert read(where)[0].broken is None
    assert read(where)[0].last != kept
    put(where, raw[:2])
    assert read(where)[0].broken is None
    assert read(where)[0].last != kept


def test_a_line_that_was_torn_stays_and_the_next_one_goes_on_behind_it(where):
    fill(where, 2)
    raw = lines(where)
    put(where, [raw[0], raw[1][:25]])
    (made,) = fill(where, 1)
    chain, found = read(where, None)
    assert chain.broken == Broken(2, "no-entry")
    assert made.number == 2
    assert made.before == audit.digest(raw[1][:25])
    assert [one.rule for one in found] == ["r0", "r0"]


def test_what_does_not_fit_on_the_disk_leaves_no_half_line(where):
    fill(where, 1)
    before = lines(where)
    with Log(where) as log:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        import signal  # a file that is too large ends a process otherwise

        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before[0]) + 100, hard))
        try:
            with pytest.raises(DataError, match="cannot be written") as told:
                log.append("decide", "begun")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, ignored)
        assert "Nothing was written" in told.value.remedy
        assert lines(where) == before
        log.append("decide", "refused")
    assert read(where)[0].broken is None


def test_two_that_decide_at_once_wait_for_each_other(where, monkeypatch):
    monkeypatch.setattr(audit, "PATIENCE", 0.0)
    with Log(where) as log:
        log.append("decide", "begun")
        with pytest.raises(DataError, match="another program holds"), Log(where):
            pass
    fill(where, 1)
    assert read(where)[0].broken is None


def test_where_others_may_write_it_does_not_lie(where, tmp_path):
    fill(where, 1)
    os.chmod(where, 0o622)  # noqa: S103 - that is what is refused
    with pytest.raises(DataError, match="may be written by others"), Log(where):
        pass
    os.chmod(where, 0o600)
    tmp_path.chmod(0o777)
    with pytest.raises(DataError, match="others may write to") as told, Log(where):
        pass
    assert "HB_AUDIT" in told.value.remedy
    tmp_path.chmod(0o700)


def test_a_link_is_not_followed(where, tmp_path):
    (tmp_path / "other").write_bytes(b"")
    os.symlink(tmp_path / "other", where)
    with pytest.raises(DataError, match="no plain file"), Log(where):
        pass
    for asked in (tail, read):
        with pytest.raises(DataError, match="cannot be read"):
            asked(where)


def test_a_pipe_in_its_place_is_not_waited_for(where):
    os.mkfifo(where)
    for asked in (tail, read):
        with pytest.raises(DataError, match="no plain file"):
            asked(where)


def test_a_folder_in_its_place_is_told(where):
    os.mkdir(where)
    with pytest.raises(DataError):
        read(where)


def test_it_lies_beside_the_history_or_where_it_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("HB_AUDIT", raising=False)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "somewhere" / "history.db"))
    assert audit.path() == str(tmp_path / "somewhere" / "audit.ndjson")
    monkeypatch.setenv("HB_AUDIT", str(tmp_path / "mine"))
    assert audit.path() == str(tmp_path / "mine")
    monkeypatch.delenv("HB_AUDIT")
    monkeypatch.setattr("hb_engine.app.remembering.history.path", lambda: None)
    with pytest.raises(DataError, match="no home"):
        audit.path()


def test_attempts_are_outcomes_and_what_has_none(where):
    with Log(where) as log:
        one = log.append("decide", "begun")
        done = log.append("decide", "written", of=one.number)
        lost = log.append("decide", "begun")
        no = log.append("decide", "refused")
        back = log.append("undo", "begun", undoes=one.number)
        assert read(where)[0].undone == frozenset()
        undone = log.append("undo", "written", of=back.number, undoes=one.number)
    chain, found = read(where, {done.number})
    assert chain.attempts == (done.number, lost.number, no.number, undone.number)
    assert chain.undone == {one.number}
    assert found == (done,)


def test_long_texts_are_cut_and_a_line_stays_bounded(where):
    words = dict.fromkeys(("why", "owner", "key", "host", "detail", "user", "rule", "file"), "🔥" * 5000)
    with Log(where) as log:
        made = log.append("decide", "refused", **words)
        assert log.recent() == (made,)
    assert len(made.why) == audit.LONGEST
    assert len(lines(where)[0]) < audit.LONGEST_LINE
    assert read(where)[0].broken is None


def test_the_end_of_a_long_log_is_enough_to_go_on(where, monkeypatch):
    monkeypatch.setattr(audit, "TAIL", 2000)
    made = fill(where, 20)
    found = tail(where)
    assert 0 < len(found) < 20
    assert found == tuple(made[-len(found) :])


@given(st.text(st.characters(), max_size=30), st.text(max_size=30), st.none() | st.integers(0, 2**32))
def test_whatever_is_said_is_read_as_it_was_meant(tmp_path_factory, user, why, uid):
    where = str(tmp_path_factory.mktemp("log") / "audit.ndjson")
    with Log(where) as log:
        log.append("decide", "refused", user=user, why=why, uid=uid)
    chain, (one,) = read(where, None)
    assert chain.broken is None
    said = json_text.quote_whole if "\\ud" in json_text.quote(user) else json_text.quote
    assert (one.user, one.why, one.uid) == (json.loads(said(user)), why, uid)

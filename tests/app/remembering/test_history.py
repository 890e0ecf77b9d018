"""Where history lies, what it knows and how it is asked: nobody's history is made by asking."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time

import pytest
from tests.store.kit import BOX, NOBODY, REDIS, SSH, START, WEB, blind, kept, kinds, look, on

from hb_engine.app import folders
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace

HERE = "web-17"
REAL = history.here


@pytest.fixture(autouse=True)
def _this_machine(monkeypatch, tmp_path):
    monkeypatch.setattr(history, "here", lambda: HERE)
    monkeypatch.delenv("HB_HISTORY", raising=False)


@pytest.fixture
def looks():
    """A machine that was looked at four times."""
    for seen in (look(0, SSH, WEB), look(300, SSH), look(600, SSH, REDIS), look(900, SSH, on(REDIS, "private"))):
        history.remember(seen)
    return history.path()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may look everywhere")
def test_a_folder_that_may_not_be_looked_into_is_not_an_empty_one(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    monkeypatch.setenv("HB_HISTORY", str(closed / "history.db"))
    with pytest.raises(DataError, match="cannot be looked at"):
        history.open_store()


def test_what_may_not_be_looked_at_may_be_there(monkeypatch):
    def refuse(path):
        raise {"none": FileNotFoundError, "file": NotADirectoryError, "closed": PermissionError}[path]

    assert history._may_be_there(__file__)
    monkeypatch.setattr(os, "lstat", refuse)
    assert [history._may_be_there(name) for name in ("none", "file", "closed")] == [False, False, True]


def test_where_it_lies(monkeypatch, tmp_path):
    assert history.path() == str(tmp_path / "state" / "hb-engine" / "history.db")
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "other.db"))
    assert history.path() == str(tmp_path / "other.db")
    monkeypatch.delenv("HB_HISTORY")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert history.path() == "/var/lib/hb-engine/history.db"
    monkeypatch.setattr(folders, "history", lambda: None)
    assert history.path() is None
    assert history.open_store() is None
    assert history.open_store(create=True) is None
    with pytest.raises(DataError, match="no place"):
        history.remember(look(0, SSH))
    with pytest.raises(DataError, match="no place"):
        history.repair()


def test_asking_makes_nothing(tmp_path):
    assert history.open_store() is None
    assert history.known() == history.Known({}, None)
    assert history.news(0) is None
    for ask in (
        lambda: history.at(START),
        lambda: history.new(0),
        lambda: history.changes(0),
        lambda: history.spans("", 22),
    ):
        with pytest.raises(BadInput, match="no history yet") as caught:
            ask()
        assert "hb record" in caught.value.remedy
    assert not os.path.exists(tmp_path / "state")


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_the_file_is_its_owner_s_alone(looks):
    assert stat.S_IMODE(os.stat(looks).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(looks)).st_mode) == 0o700


def test_what_is_known(looks):
    known = history.known()
    assert known.since == START
    assert known.first_seen[SSH.key] == START
    assert known.first_seen[REDIS.key] == START + 600
    assert history.known("nobody") == history.Known({}, None)


def test_what_was_open(looks):
    past = history.at(START + 100)
    assert kept(past.seen.openings) == kept([SSH, WEB])
    assert (past.seen.host.name, past.seen.taken_at, past.moment.until) == (HERE, START, START + 300)
    assert all(one.verdict is not None for one in past.seen.openings)  # judged by today's rules
    assert {one.registered[0].name for one in past.seen.openings} == {"ssh", "https"}
    with pytest.raises(BadInput, match="nobody had looked at web-17 then") as caught:
        history.at(START - 1)
    assert "The first look is of 2026-11-22" in caught.value.remedy


def test_stories(looks):
    told = history.changes(START)
    assert kinds(told.changes) == [("narrowed", 6379), ("opened", 6379), ("closed", 443)]
    assert (told.host, told.path, told.first, told.last) == (HERE, looks, START, START + 900)
    assert [span.opening.scope for span in history.spans("tcp", 6379).spans] == ["private", "public"]
    assert [span.opening.port for span in history.spans("", None, since=START + 901).spans] == [6379, 22]
    assert [span.opening.port for span in history.new(START).spans] == [6379, 6379]
    assert history.new(START).spans[1].opening.verdict is not None
    assert history.spans("udp", 1).spans == ()


def test_machines_by_name(looks, monkeypatch):
    history.remember(look(0, BOX, host="db-1"))
    assert history.known().since == START
    assert [span.opening.port for span in history.spans("", None, "db-1").spans] == [8080]
    monkeypatch.setattr(history, "here", lambda: "laptop")
    assert history.known() == history.Known({}, None)
    with pytest.raises(BadInput, match="2 machines"):
        history.changes(0)


def test_the_only_machine_needs_no_name(looks, monkeypatch):
    monkeypatch.setattr(history, "here", lambda: "laptop")
    assert history.changes(0).host == HERE


def test_news(looks):
    told = history.news(START + 500)
    assert told is not None
    assert told.last == START + 900
    assert [change.kind for change in told.changes] == ["opened", "narrowed"]


def test_what_cannot_be_read_costs_the_line_and_is_told_to_who_asks(looks):
    with open(looks, "r+b") as file:
        file.write(b"x" * 5000)
    assert history.news(0) is None
    for ask in (history.known, lambda: history.changes(0), lambda: history.remember(look(1200, SSH))):
        with pytest.raises(DataError, match="is damaged") as caught:
            ask()
        assert "--repair" in caught.value.remedy
    done = history.repair()
    assert os.path.exists(done.aside)
    history.remember(look(1200, SSH))
    assert history.known().since is not None
    assert history.repair().problem == ""


def test_a_look_is_taken_and_kept(monkeypatch):
    from hb_engine.app.looking import collect

    seen = [look(0, SSH), look(300, SSH, WEB)]
    monkeypatch.setattr(collect, "collect", lambda: seen.pop(0))
    first = history.take()
    assert (first.changes, first.before, first.path) == ((), None, history.path())
    second = history.take()
    assert (kinds(second.changes), second.before) == ([("opened", 443)], START)


def test_a_look_that_another_has_overtaken_is_taken_once_more(monkeypatch):
    from hb_engine.app.looking import collect

    history.remember(look(300, SSH))
    seen = [look(200, SSH), look(400, SSH, WEB)]
    monkeypatch.setattr(collect, "collect", lambda: seen.pop(0))
    assert kinds(history.take().changes) == [("opened", 443)]
    seen += [look(after, SSH) for after in (100, 101, 102, 103)]
    with pytest.raises(BadInput, match="a later look"):  # the clock was set back
        history.take()


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/net"), reason="looks at this machine")
def test_several_at_once_all_keep_a_look(tmp_path):
    top = os.path.abspath(os.path.join(os.path.dirname(__file__), *[".."] * 3))
    environment = {**os.environ, "HB_HISTORY": str(tmp_path / "own" / "history.db")}
    command = [sys.executable, "-m", "hb_engine", "record", "--quiet"]
    environment["PYTHONPATH"] = os.path.join(top, "src")
    children = [
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=str(tmp_path))
        for _ in range(4)
    ]
    told = [child.communicate()[1] for child in children]
    assert [(child.returncode, text) for child, text in zip(children, told, strict=True)] == [(0, "")] * 4


def test_once_a_day_the_file_is_looked_over_and_the_old_is_forgotten(monkeypatch):
    now = [START + 1]
    monkeypatch.setattr(time, "time", lambda: now[0])
    history.remember(look(0, SSH, WEB))
    history.remember(look(300, SSH))
    now[0] = START + 500 * 86400
    history.remember(look(499 * 86400, SSH))
    assert history.spans("tcp", 443).spans == ()
    assert history.known().first_seen[SSH.key] == START


def test_looks_of_nobody_do_not_change_owners():
    history.remember(look(0, SSH, WEB))
    assert history.remember(look(300, blind(SSH), blind(WEB), coverage=NOBODY)) == ()


def test_a_partial_look_is_no_history():
    seen = look(0, SSH)
    with pytest.raises(BadInput, match="a part only"):
        history.remember(replace(seen, coverage=replace(seen.coverage, partial="ports 22")))


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_a_folder_that_others_may_write_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv("HB_HISTORY", str(folder / "history.db"))
    with pytest.raises(DataError, match="others may write to"):
        history.remember(look(0, SSH))
    assert os.listdir(folder) == []


def test_the_hint_is_given_once(tmp_path):
    assert history.hint()
    assert not history.hint()


def test_no_hint_where_there_is_history(looks):
    assert not history.hint()


def test_this_machine_has_the_name_that_its_looks_tell():
    from hb_engine.app.looking.collect import collect

    assert REAL() == collect(frozenset((1,))).host.name

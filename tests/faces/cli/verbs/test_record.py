"""hb record keeps a look and says what changed; it is quiet when asked, and installs nothing."""

from __future__ import annotations

import json

import pytest
from tests.faces import past
from tests.faces.kit import Pipe, output

from hb_engine.faces.cli.main import main
from hb_engine.model.errors import DataError


@pytest.fixture
def history(monkeypatch):
    return past.History(monkeypatch)


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["record", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_it_says_what_changed(history):
    status, told, _ = run()
    assert status == 0
    assert told.startswith("11 openings of web-17 kept in /var/lib/hb-engine/history.db. 2 changes since 14:00:11")
    assert "widened  tcp 6379" in told
    assert [name for name, _, _ in history.asked] == ["take"]


def test_quiet_says_nothing(history):
    assert run("--quiet") == (0, "", "")
    assert run("-q", "--repair") == (0, "", "")


def test_json(history):
    assert json.loads(run("--json")[1])["kind"] == "record"
    assert json.loads(run("--json", "--quiet")[1])["kind"] == "record"
    assert json.loads(run("--repair", "--json")[1])["looks"] == 812


def test_repair(history):
    status, told, _ = run("--repair")
    assert status == 0
    assert "812 looks could be saved" in told
    assert [name for name, _, _ in history.asked] == ["repair"]


def test_trouble_is_told_even_where_it_is_quiet(history):
    def locked():
        raise DataError("/x is in use by another hb", "Wait until that one is done, and try again.")

    history.answers["take"] = locked
    status, told, remark = run("--quiet")
    assert (status, told) == (2, "")
    assert "in use by another hb" in remark


def test_the_timer_is_text_and_nothing_is_looked_at(history):
    status, told, _ = run("--timer")
    assert status == 0
    assert told.startswith("# /etc/systemd/system/hb-record.service\n[Unit]\n")
    assert "# /etc/systemd/system/hb-record.timer\n[Unit]\n" in told
    assert "systemctl enable --now hb-record.timer" in told
    assert "# */5 * * * * root " in told
    assert history.asked == []


def test_two_things_at_once_are_refused(history):
    status, _, remark = run("--timer", "--repair")
    assert status == 2
    assert "two things" in remark
    assert run("now")[0] == 2
    assert history.asked == []

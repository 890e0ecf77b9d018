"""hb learn: begins a baseline, learns for a while, tells how far it is."""

from __future__ import annotations

import json
import os

import pytest
from tests.app.flow import Machine
from tests.baseline.seen import DAY, NOW, SSH, WEB, opening, owner
from tests.faces.kit import Pipe, output

from hb_engine.app.looking import look
from hb_engine.app.remembering.history import remember
from hb_engine.faces.cli.main import main


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "web-17", "6", "1", "x")))
    return Machine(tmp_path, monkeypatch)


def run(*line, now=NOW):
    stdout, stderr = Pipe(), Pipe()
    status = main(["learn", *line], output(stdout, stderr, now=now))
    return status, stdout.getvalue(), stderr.getvalue()


def test_begin(machine):
    machine.opens(SSH, WEB, opening(8080, owner("/opt/x", None)))
    status, told, err = run("--now")
    assert (status, err) == (0, "")
    assert told == (
        "3 openings of web-17 known now.\n"
        f" known     {machine.top}/hb.lock\n"
        f" made      {machine.folder}/hb.toml; its packs: ssh-admin, web\n"
        " of these  2 covered by rules and 1 to be reviewed: debt until then\n"
        " next      hb review   go through what nobody decided yet\n"
        "           hb check    what differs from now on\n"
    )


def test_learn_for_a_while_and_ask_how_far_it_is(machine):
    told = run("--for", "14d")[1]
    assert "3 openings of web-17 known now, and what comes until 2026-12-06 14:05 will be." in told
    assert "hb record --timer" in told
    assert run()[1].startswith("web-17 is learning: 2 weeks to go.\n since")
    machine.opens(SSH, WEB, at=NOW + DAY)
    remember(machine.seen)
    told = run(now=NOW + 2 * DAY)[1]
    assert told.startswith("web-17 is learning: 12 days to go.\n")
    assert (
        " looks   2, on 2 days, the last 24 hours ago\n" in told
        or " looks   2, on 2 days, the last 1 day ago\n" in told
    )
    assert " seen    3 openings, 2 of them in 95 % of looks or more\n" in told
    assert "come back 2026-12-06 14:05: hb propose, then hb review" in told
    told = run(now=NOW + 15 * DAY)[1]
    assert told.startswith("web-17 has learned: that ended 1 day ago.")


def test_before_it_began(machine):
    status, _, err = run()
    assert status == 2
    assert "no baseline" in err
    machine.begin()
    status, told, _ = run()
    assert (status, told.split("\n")[0]) == (0, "web-17 has not begun to learn. The baseline is hb.d.")


def test_json(machine):
    found = json.loads(run("--now", "--json")[1])
    assert (found["kind"], found["known"], found["expected"], found["packs"]) == (
        "learned", 3, 3, ["postgres", "ssh-admin", "web"],
    )  # fmt: skip
    assert found["learning_until"] is None
    found = json.loads(run("--json")[1])
    assert (found["kind"], found["standing"]["looks"]) == ("learning", 1)
    assert found["standing"]["learned_at"] == "2026-11-22T14:05:11Z"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("--now", "--for", "14d"), "two ways"),
        (("--for", "soon"), "--for"),
        (("--for", "0d"), "--for"),
        (("--identify",), "--identify is for looks"),
        (("now",), "now"),
    ],
)
def test_mistakes_are_told_before_anything_is_looked_at(machine, monkeypatch, line, words):
    monkeypatch.setattr(look, "look", None)
    status, told, err = run(*line)
    assert (status, told) == (2, "")
    assert words in err
    assert os.listdir(machine.top) == []

"""hb accept: the line a person types, the page that comes back, and what is refused before anything is looked at."""

from __future__ import annotations

import json

import pytest
from tests.app.flow import Machine
from tests.faces.kit import Pipe, output

from hb_engine.app.looking import look
from hb_engine.faces.cli.main import main

NEEDED = ("--why", "the shop", "--owner", "web")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path, monkeypatch)
    made.begin()
    return made


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["accept", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_a_rule_is_written_and_shown(machine):
    status, told, err = run("tcp/443", *NEEDED, "--for", "8h", "--review", "180d")
    assert (status, err) == (0, "")
    assert told == (
        "Written to hb.d/accepted.toml:3:\n\n"
        '    [[allow]]\n    id = "nginx-443"\n    listen = "tcp/443 on public"\n'
        '    by = "unit:nginx.service and pkg:nginx"\n    why = "the shop"\n    owner = "web"\n'
        "    accepted = 2026-11-22\n    review = 2027-05-21\n    until = 2026-11-22T22:05:11Z\n\n"
        " It ends in 8 hours.\n next  hb check · git add -N hb.d/accepted.toml; git diff hb.d/accepted.toml\n"
    )
    assert machine.read("accepted.toml").count("[[allow]]") == 1


def test_a_dry_run(machine):
    status, told, _ = run("443", *NEEDED, "--dry-run")
    assert (status, machine.files()) == (0, ["hb.toml"])
    assert told.startswith("Would be written to hb.d/accepted.toml:3:")
    assert told.endswith(" Nothing was written: leave out --dry-run to do it.\n")


def test_json(machine):
    status, told, _ = run("tcp/443", *NEEDED, "--json", "--dry-run")
    found = json.loads(told)
    assert status == 0
    assert (found["schema"], found["kind"], found["rule"], found["written"]) == ("hb/1", "accepted", "nginx-443", False)
    assert (found["file"], found["line"], found["word"]) == ("hb.d/accepted.toml", 3, "expected")
    assert found["text"].startswith("[[allow]]\n")
    assert json.loads(run("tcp/23", "--forbid", *NEEDED, "--json")[1])["key"] is None


def test_everything_that_can_be_said(machine):
    status, told, _ = run(
        "tcp/5432", *NEEDED, "--until", "2026-12-31", "--role", "db", "--on", "private", "--file", "db", "--forbid"
    )  # fmt: skip
    assert status == 0
    text = machine.read("db.toml")
    for line in ("[[forbid]]", 'role = "db"', 'listen = "tcp/5432 on private"', "until = 2026-12-31"):
        assert f"{line}\n" in text
    assert "note: this rule is not for this machine: nothing changes here" in told


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("tcp/443",), "what it is needed for and who answers for it"),
        (("tcp/443", "--why", "x"), "--owner"),
        (("tcp/443", "--why", " ", "--owner", "me"), "--why"),
        (("tcp/443", *NEEDED, "--for", "0h"), "--for"),
        (("tcp/443", *NEEDED, "--until", "2026-11-21"), "past"),
        (("tcp/443", *NEEDED, "--for", "8h", "--until", "2026-12-21"), "both say when it ends"),
        (("tcp/443", *NEEDED, "--review", "never"), "--review"),
        (("tcp/443", *NEEDED, "--host", "a", "--role", "b"), "both say for whom"),
        (("tcp/443", *NEEDED, "--on", "everywhere"), "everywhere"),
        ((), "KEY"),
        (("tcp/443", "tcp/80", *NEEDED), "tcp/80"),
    ],
)
def test_mistakes_are_told_before_anything_is_looked_at(machine, monkeypatch, line, words):
    monkeypatch.setattr(look, "look", None)
    status, told, err = run(*line)
    assert (status, told) == (2, "")
    assert words in err
    assert machine.files() == ["hb.toml"]


def test_what_is_refused_exits_with_trouble(machine):
    status, told, err = run("tcp/8080", *NEEDED)
    assert (status, told) == (2, "")
    assert "nothing is open on tcp 8080" in err
    assert json.loads(run("tcp/8080", *NEEDED, "--json")[1])["kind"] == "error"

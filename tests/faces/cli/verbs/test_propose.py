"""hb propose: rules on stdout, the rest on stderr, and a file only where one is named."""

from __future__ import annotations

import json
import tomllib

import pytest
from tests.app.flow import Machine
from tests.baseline.seen import SSH, WEB, opening, owner
from tests.faces.kit import Pipe, output

from hb_engine.app.looking import collect
from hb_engine.faces.cli.main import main


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path, monkeypatch)
    made.opens(SSH, WEB, opening(8073, owner("/opt/x", None)))
    return made


def run(*line):
    stdout, stderr = Pipe(), Pipe()
    status = main(["propose", *line], output(stdout, stderr))
    return status, stdout.getvalue(), stderr.getvalue()


def test_rules_are_for_a_file_and_remarks_for_a_person(machine):
    status, told, err = run()
    assert status == 0
    assert [rule["id"] for rule in tomllib.loads(told)["allow"]] == ["nginx-443", "ssh-22"]
    assert "#   tcp/public/8073/unit:nginx.service/host: runs a program of no package, /opt/x" in told
    assert err == (
        " 2 rules from one look, without history.\n 1 left out.\n next  keep what is right: hb propose --write NAME\n"
    )


def test_writing(machine):
    machine.begin()
    status, told, err = run("--write", "seen", "--owner", "me")
    assert (status, told) == (0, "")
    assert 'owner = "me"' in machine.read("seen.toml")
    assert err.startswith(" 2 rules from one look, without history, written to hb.d/seen.toml.\n")
    assert "next  fill in why and owner, then hb lint\n" in err
    status, told, err = run("--write", "seen")
    assert (status, "2 covered by rules already" in err) == (1, True)


def test_nothing_to_propose(machine):
    machine.opens(opening(8073, owner("/opt/x", None)))
    status, told, err = run()
    assert status == 1
    assert told.startswith("# Left out, to be decided one by one (1):\n")
    assert err.endswith(" next  decide one by one: hb review\n")


def test_json(machine):
    found = json.loads(run("--json")[1])
    assert (found["kind"], found["rules"], len(found["left_out"])) == ("proposal", ["nginx-443", "ssh-22"], 1)
    assert found["left_out"][0]["reason"] == "runs a program of no package, /opt/x (unpackaged-public)"
    assert found["written"] is None


def test_goss(machine, tmp_path):
    (tmp_path / "goss.json").write_text('{"port": {"tcp:22": {"listening": true}, "tcp:x": {}}}')
    status, told, err = run("--from", "goss.json")
    assert (status, tomllib.loads(told)["require"][0]["owner"]) == (0, "unassigned")
    assert err == " 1 rule from goss's file goss.json.\n 1 not carried over.\n"
    assert json.loads(run("--from", "goss.json", "--json")[1])["rules"] == ["goss-22"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("--from", "a", "b"), "two sources"),
        (("--presence", "0"), "--presence"),
        (("--presence", "101"), "--presence"),
        (("--days", "x"), "--days"),
        (("--from", "nowhere.yaml"), "is not there"),
    ],
)
def test_mistakes_are_told_before_anything_is_looked_at(machine, monkeypatch, line, words):
    monkeypatch.setattr(collect, "collect", None)
    status, told, err = run(*line)
    assert (status, told) == (2, "")
    assert words in err

"""Rules are proposed from a look, from history, from files of many machines; only what is asked for is written."""

from __future__ import annotations

import json
import os
import tomllib
from typing import Any

import pytest
from tests.app.flow import Machine
from tests.baseline.seen import DAY, DB, HOST, NOW, SSH, WEB, inventory, opening, owner

from hb_engine.app.changing import propose as recipe
from hb_engine.app.changing.propose import Wanted
from hb_engine.app.remembering.history import remember
from hb_engine.app.ruling.baseline import load
from hb_engine.faces.export import documents
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace

ODD = opening(1703, owner("/dev/shm/.x", None, None, exe_state="deleted"))


def propose(*words, **more) -> Any:
    return recipe.propose(*words, **more)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)


def ids(done):
    return [one.rule.id for one in done.proposal.rules]


def test_a_look_is_enough_and_says_that_it_was_one(machine):
    machine.opens(SSH, WEB, ODD)
    done = propose(Wanted())
    assert ids(done) == ["nginx-443", "ssh-22"]
    assert [one["owner"] for one in tomllib.loads(done.text)["allow"]] == ["unassigned"] * 2
    assert done.source == "one look, without history"
    assert [one.key for one in done.proposal.left_out] == [ODD.key]
    assert not os.path.exists(machine.folder)


@pytest.mark.slow
def test_history_tells_what_is_steady_seldom_or_new(machine):
    for number in range(20):
        remember(inventory(SSH, *([WEB] if number else []), *([DB] if number % 2 else []), at=NOW - 2 * DAY + number))
    machine.opens(SSH, WEB, DB, opening(8080, owner("/usr/bin/new", "new", "new.service")))
    done = propose(Wanted())
    assert ids(done) == ["nginx-443", "ssh-22"]
    told = {one.key.split("/")[2]: one.reason for one in done.proposal.left_out}
    assert told == {"5432": "seen in 10 of 20 looks only", "8080": "first seen within the last hours"}
    assert done.text.startswith("# seen in 19 of 20 looks\n")
    assert ids(propose(Wanted(presence=50))) == ["nginx-443", "postgresql-15-main-5432", "ssh-22"]
    assert done.source == "20 looks of web-17, and one now"


@pytest.mark.slow
def test_what_is_gone_now_is_proposed_where_it_was_steady(machine):
    for number in range(20):
        remember(inventory(SSH, WEB, at=NOW - 2 * DAY + number))
    machine.opens(SSH)
    assert ids(propose(Wanted())) == ["nginx-443", "ssh-22"]


def test_what_rules_cover_forbid_or_nearly_fit_is_not_proposed(machine):
    text = "\n".join(
        f'[[{kind}]]\nid = "{name}"\nlisten = "{listen}"\n{by}why = "x"\nowner = "y"\n'
        for kind, name, listen, by in (
            ("allow", "a", "tcp/22", ""),
            ("forbid", "b", "tcp/443", ""),
            ("allow", "c", "tcp/5432 on loopback", 'by = "unit:other"\n'),
        )
    )
    machine.begin(text)
    done = propose(Wanted())
    assert (ids(done), done.proposal.covered) == ([], 1)
    assert [one.reason for one in done.proposal.left_out] == ["rule c is about it: owner-changed", "rule b forbids it"]


def saved(tmp_path, *looks):
    names = []
    for number, look in enumerate(looks):
        names.append(str(tmp_path / f"{number}.json"))
        with open(names[-1], "w", encoding="utf-8") as file:
            file.write(documents.inventory(look))
    return tuple(names)


def test_files_of_many_machines(machine, tmp_path):
    looks = [inventory(SSH, WEB, host=replace(HOST, name=f"web-{number}")) for number in range(3)]
    looks += [inventory(SSH, DB, ODD, host=replace(HOST, name=f"db-{number}")) for number in range(2)]
    done = propose(Wanted(saved(tmp_path, *looks)))
    assert [(one.name, len(one.hosts)) for one in done.proposal.roles] == [("web", 3), ("db", 2)]
    assert [(one.rule.id, one.rule.role) for one in done.proposal.rules] == [
        ("ssh-22", ""), ("nginx-443", "web"), ("postgresql-15-main-5432", "db"),
    ]  # fmt: skip
    assert done.source == "5 inventories of 5 machines"
    assert len(done.proposal.left_out) == 2


def test_roles_that_there_are_are_not_made_larger(machine, tmp_path):
    machine.begin('[[role]]\nname = "web"\nhosts = ["other"]\n')
    looks = [inventory(WEB, host=replace(HOST, name=f"web-{number}")) for number in range(2)]
    looks += [inventory(DB, host=replace(HOST, name="db-0"))]
    done = propose(Wanted(saved(tmp_path, *looks)), write="seen")
    assert [one.name for one in done.proposal.roles] == ["web-2"]
    roles = {role.name: role.hosts for role in load("").baseline.roles}
    assert roles == {"web": ("other",), "web-2": ("web-0", "web-1")}


def test_several_files_of_one_machine_are_several_looks(machine, tmp_path):
    looks = [inventory(SSH, *([WEB] if number else []), at=NOW + number * DAY) for number in range(4)]
    done = propose(Wanted(saved(tmp_path, *looks)))
    assert '# seen in 4 of 4 looks over 4 days\n[[allow]]\nid = "ssh-22"' in done.text
    assert [one.reason for one in done.proposal.left_out] == ["seen in 3 of 4 looks only"]


def test_it_writes_what_it_is_told_to(machine):
    machine.begin()
    done = propose(Wanted(owner="me"), write="seen")
    assert done.written == "hb.d/seen.toml"
    assert machine.read("seen.toml") == 'schema = "hb/1"\n\n' + done.text
    assert len(load("").baseline.rules) == 3
    again = propose(Wanted(), write="seen")
    assert (again.rules, again.written, again.proposal.covered) == (0, "", 3)


def test_writing_needs_a_baseline(machine):
    with pytest.raises(BadInput, match="there is no baseline"):
        propose(Wanted(), write="seen")
    machine.begin()
    with pytest.raises(BadInput, match="no name of a file"):
        propose(Wanted(), write="../seen")


def test_a_broken_baseline_is_told(machine):
    machine.begin("[[allow]]\n")
    with pytest.raises(BadInput, match="cannot be used"):
        propose(Wanted())


def test_goss(machine, tmp_path):
    (tmp_path / "goss.json").write_text(json.dumps({"port": {"tcp:22": {"listening": True}}, "package": {}}))
    done = propose(Wanted(imported="goss.json"))
    assert (done.rules, done.proposal, done.source) == (1, None, "goss's file goss.json")
    assert done.left_out == ("package: hb looks at ports, goss tests this too",)
    assert tomllib.loads(done.text)["require"][0]["listen"] == "tcp/22 on public"
    with pytest.raises(BadInput, match="is not there"):
        propose(Wanted(imported="gone.yaml"))
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(DataError, match=r"bad.json:1"):
        propose(Wanted(imported="bad.json"))

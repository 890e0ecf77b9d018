"""What is there becomes known, in the folder that is meant, and nothing is accepted by it."""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.app.flow import Machine
from tests.baseline.seen import DAY, DB, NOW, SSH, WEB, inventory, opening, owner

from hb_engine.app import folders
from hb_engine.app.changing import learn
from hb_engine.app.remembering.history import remember
from hb_engine.model.errors import BadInput, DataError


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)


def test_from_nothing(machine):
    done = learn.learn()
    assert (done.folder, done.lock) == (machine.folder, os.path.join(machine.top, "hb.lock"))
    assert done.packs == ("postgres", "ssh-admin", "web")
    assert done.made == os.path.join(machine.folder, "hb.toml")
    assert [one.thread for one in machine.lock().hosts[0].observed] == sorted([SSH.thread, WEB.thread, DB.thread])
    assert machine.lock().hosts[0].learned_at == int(NOW)
    assert machine.lock().hosts[0].learning_until is None
    assert "[[allow]]" not in machine.read("hb.toml").replace("# [[allow]]", "")
    assert [one.word for one in done.decisions] == ["expected"] * 3
    assert done.recorded


def test_what_the_first_file_says_of_packs(machine):
    learn.learn()
    text = machine.read("hb.toml")
    assert '  "web",  # nginx\n' in text
    assert '  "ssh-admin",  # sshd\n' in text
    assert "alpine" not in text
    assert "fedora" not in text


def test_a_baseline_that_is_there_stays_as_it_is(machine):
    machine.begin("# mine\n")
    done = learn.learn()
    assert (done.made, done.packs) == ("", ())
    assert machine.read("hb.toml") == "# mine\n"
    assert machine.files() == ["hb.toml"]


def test_again_what_is_new_is_told(machine):
    learn.learn()
    new = opening(8080, owner("/opt/x", None))
    machine.opens(SSH, new, at=NOW + DAY)
    done = learn.learn()
    assert done.learned.added == (new.thread,)
    assert set(done.learned.gone) == {WEB.thread, DB.thread}
    assert machine.lock().hosts[0].learned_at == int(NOW + DAY)


def test_other_machines_parts_of_the_lock_stay(machine):
    learn.learn()
    mine = machine.lock().hosts[0]
    with open(os.path.join(machine.top, "hb.lock"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(machine.top, "hb.lock"), "w", encoding="utf-8") as file:
        file.write(text.replace("web-17", "web-99"))
    learn.learn()
    assert {host.name for host in machine.lock().hosts} == {"web-17", "web-99"}
    assert next(host for host in machine.lock().hosts if host.name == "web-99").observed == mine.observed


def test_for_a_while(machine):
    learn.learn(seconds=14 * 86400)
    assert machine.lock().hosts[0].learning_until == int(NOW) + 14 * 86400


def test_what_history_knows_comes_along(machine):
    remember(inventory(SSH, at=NOW - 5 * DAY))
    learn.learn()
    first = {one.thread: one.first_seen for one in machine.lock().hosts[0].observed}
    assert first == {SSH.thread: int(NOW - 5 * DAY), WEB.thread: int(NOW), DB.thread: int(NOW)}


def test_a_history_that_is_broken_keeps_nobody_from_learning(machine, monkeypatch):
    with open(os.path.join(machine.top, "history.db"), "wb") as file:
        file.write(b"no database")
    done = learn.learn()
    assert not done.recorded
    assert len(machine.lock().hosts[0].observed) == 3


def test_the_root_of_the_work_tree_is_the_place(machine, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert learn.learn().folder == machine.folder
    assert learn.work_tree(str(tmp_path / "a")) == str(tmp_path)
    assert learn.work_tree("/") == ""


def test_a_folder_that_is_named_is_taken(machine, tmp_path, monkeypatch):
    (tmp_path / "else").mkdir()
    done = learn.learn(baseline="else/rules")
    assert done.folder == str(tmp_path / "else" / "rules")
    assert os.listdir(tmp_path / "else") == ["rules", "hb.lock"] or set(os.listdir(tmp_path / "else")) == {
        "rules",
        "hb.lock",
    }
    monkeypatch.setenv("HB_BASELINE", str(tmp_path / "third"))
    assert learn.learn().folder == str(tmp_path / "third")
    with pytest.raises(BadInput, match="there is no folder"):
        learn.learn(baseline="no/such/rules")


def test_never_into_the_systems_folder_without_being_told(machine, tmp_path, monkeypatch):
    system = tmp_path / "etc"
    (system / "hb.d").mkdir(parents=True)
    monkeypatch.setattr(folders, "system", lambda: str(system))
    with pytest.raises(BadInput, match="only where it is told") as told:
        learn.learn()
    assert f"--baseline {system / 'hb.d'}" in told.value.remedy
    assert os.listdir(system) == ["hb.d"]
    assert not os.path.exists(machine.folder)
    assert learn.learn(baseline=str(system / "hb.d")).folder == str(system / "hb.d")


def test_a_lock_that_is_broken_is_not_written_over(machine):
    learn.learn()
    path = os.path.join(machine.top, "hb.lock")
    with open(path, "a", encoding="utf-8") as file:
        file.write("half a li")
    with pytest.raises(BadInput):
        learn.learn()
    with open(path, encoding="utf-8") as file:
        assert file.read().endswith("half a li")


def test_a_link_in_the_place_of_the_lock_is_refused(machine, tmp_path):
    (tmp_path / "victim").write_text("")
    (tmp_path / "hb.lock").symlink_to("victim")
    with pytest.raises(DataError, match="is a link"):
        learn.learn()
    assert (tmp_path / "victim").read_text() == ""


def test_standing(machine, monkeypatch):
    with pytest.raises(BadInput, match="no baseline"):
        learn.standing()
    machine.begin()
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "web-17", "6", "1", "x")))
    assert learn.standing().standing is None
    learn.learn(seconds=14 * 86400)
    for number in range(1, 5):
        machine.opens(SSH, WEB, *([DB] if number < 3 else []), at=NOW + number * DAY)
        remember(machine.seen)
    far: Any = learn.standing().standing
    assert (far.looks, far.days, far.distinct, far.steady) == (5, 5, 3, 2)
    assert (far.learned_at, far.until) == (int(NOW), int(NOW) + 14 * 86400)
    assert far.last_look == NOW + 4 * DAY

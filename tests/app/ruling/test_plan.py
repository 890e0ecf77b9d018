"""The recipe of hb plan: what an edit of the rules changes, against a folder or a commit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from tests.app import kit

from hb_engine.app.looking import collect
from hb_engine.app.ruling.baseline import BadBaseline
from hb_engine.app.ruling.plan import committed, plan
from hb_engine.faces.export.documents import inventory
from hb_engine.faces.export.scan_json import scan
from hb_engine.model.answer import Scan, ScannedHost, ScanStats
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Coverage, Gap, Host
from hb_engine.model.record import replace

HEAD = 'schema = "hb/1"\n[defaults]\nrequire = []\n'
SSH = '[[allow]]\nid = "ssh"\nlisten = "tcp/22"\nby = "unit:ssh.service"\n'
DNS = '[[allow]]\nid = "dns"\nlisten = "tcp/53, udp/53"\n'
RAW = '[[allow]]\nid = "ping"\nlisten = "raw/any"\n'
WEB = '[[require]]\nid = "web"\nlisten = "tcp/443"\n'

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


@pytest.fixture
def folder(tmp_path, monkeypatch, machine):
    """A folder of rules where hb runs, and the machine of the kit in the place of this one."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(collect, "collect", machine.collect)
    made = tmp_path / "hb.d"
    made.mkdir()
    return made


def write(folder, *texts, name="rules.toml"):
    (folder / name).write_text(HEAD + "".join(texts) if name == "rules.toml" else "".join(texts))


def other(folder, *texts):
    """Another folder, as text for --against."""
    made = folder.parent / "old" / "hb.d"
    made.mkdir(parents=True, exist_ok=True)
    write(made, *texts)
    return str(made)


def git(folder, *words):
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *words]
    subprocess.run(command, check=True, capture_output=True)


def commit(folder, message="rules"):
    git(folder, "init", "-q")
    git(folder, "add", "-A", ".")
    git(folder, "commit", "-q", "-m", message)


def effects(found):
    return sorted(
        (one.effect, one.opening.key if one.opening else "", one.rule.id if one.rule else "") for one in found.changes
    )


# -- what changes


def test_the_same_rules_change_nothing(folder):
    write(folder, SSH, DNS)
    found = plan(against=other(folder, SSH, DNS))
    assert found.changes == ()
    assert (found.hosts, found.openings, found.rules) == (1, 4, (2, 2))
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_what_becomes_expected(folder):
    write(folder, SSH, DNS)
    found = plan(against=other(folder, SSH))
    assert effects(found) == [("expected", kit.DNS.key, "dns"), ("expected", kit.DNS_UDP.key, "dns")]
    assert found.added == ("dns",)
    assert found.violations == ()


def test_what_becomes_a_violation(folder):
    write(folder, SSH.replace("tcp/22", "tcp/22 on private"), WEB)
    found = plan(against=other(folder, SSH, RAW))
    assert effects(found) == [
        ("gone", "", "web"),
        ("violation", kit.RAW.key, "ping"),  # by the rule that was taken out
        ("violation", kit.SSH.key, "ssh"),
    ]
    assert len(found.violations) == 3
    assert (found.added, found.removed, found.changed) == (("web",), ("ping",), ("ssh",))


def test_what_is_wrong_in_another_way(folder):
    write(folder, '[[forbid]]\nid = "no"\nlisten = "tcp/22"\n')
    found = plan(against=other(folder))
    assert effects(found) == [("other", kit.SSH.key, "no")]
    assert found.violations == ()


def test_what_is_required_no_longer(folder):
    write(folder, SSH)
    assert effects(plan(against=other(folder, SSH, WEB))) == [("required", "", "web")]


def test_the_place_that_is_missing_is_told(folder):
    both = WEB.replace("tcp/443", "tcp/22, tcp/443, tcp/444")
    write(folder, both, DNS, RAW)
    (change,) = [one for one in plan(against=other(folder, WEB, DNS, RAW, SSH)).changes if one.effect == "gone"]
    assert change.rule is not None
    assert [place.text for place in change.rule.listen] == ["tcp/444"]  # 443 was missing before, and 22 is there


def test_what_could_not_be_seen_is_not_missing(folder, machine):
    write(folder, SSH, WEB)
    old = other(folder, SSH)
    for seen in (
        replace(machine.seen, coverage=replace(machine.seen.coverage, partial="ports 22")),
        replace(machine.seen, coverage=Coverage(True, ("x",), (Gap("a", "b", "c", "tcp/443"),))),
    ):
        machine.seen = seen
        assert [one.effect for one in plan(against=old).changes if one.rule and one.rule.id == "web"] == []


def test_files_without_a_machine_say_nothing_of_the_edit(folder, tmp_path):
    write(folder, SSH)
    (tmp_path / "down.json").write_text(
        scan(Scan((ScannedHost("10.0.0.1", up=False),), ScanStats("connect", 0, 0, 0, 0, 0.0), 1.0, 2.0))
    )
    with pytest.raises(DataError, match="no machine was seen"):
        plan(against=other(folder), files=("down.json",))


def test_another_rule_for_the_same_is_no_change(folder):
    write(folder, SSH.replace('"ssh"', '"ssh-2"'))
    found = plan(against=other(folder, SSH))
    assert found.changes == ()
    assert (found.added, found.removed) == (("ssh-2",), ("ssh",))


def test_a_rule_that_only_moved_is_the_same_rule(folder):
    write(folder, DNS, SSH)
    found = plan(against=other(folder, SSH, DNS))
    assert found.changed == ()


def test_roles_given_by_hand(folder):
    role = '[[role]]\nname = "jump"\n'
    write(folder, role, SSH, '[[forbid]]\nid = "no"\nrole = "jump"\nlisten = "tcp/22"\n')
    before = other(folder, role, SSH)
    assert plan(against=before).changes == ()
    assert [one.effect for one in plan(against=before, roles=("jump",)).changes] == ["violation"]


# -- many machines


def snapshot(path, name, *openings):
    seen = replace(kit.inventory(*openings), host=Host(name, "Debian"))
    path.write_text(inventory(seen))
    return str(path)


def test_inventories_out_of_files(folder, tmp_path, machine):
    write(folder, SSH, DNS)
    before = other(folder, SSH)
    files = tuple([snapshot(tmp_path / f"{name}.json", name, kit.SSH, kit.DNS) for name in ("a", "b", "c")])
    found = plan(against=before, files=files)
    assert [(one.host, one.effect) for one in found.changes] == [(name, "expected") for name in ("a", "b", "c")]
    assert (found.hosts, found.openings) == (3, 6)
    assert machine.asked == []  # this machine is none of them


def test_a_rule_for_some_of_them(folder, tmp_path):
    write(folder, '[[allow]]\nid = "dns"\nhost = "dns-*"\nlisten = "tcp/53"\n')
    files = tuple([snapshot(tmp_path / f"{name}.json", name, kit.DNS) for name in ("dns-1", "web-1")])
    assert [one.host for one in plan(against=other(folder), files=files).changes] == ["dns-1"]


# -- commits


@needs_git
def test_the_rules_as_edited_against_the_committed_ones(folder):
    write(folder, SSH)
    commit(folder.parent)
    write(folder, SSH, DNS)
    found = plan()
    assert found.against == "hb.d of HEAD"
    assert [one.effect for one in found.changes] == ["expected", "expected"]


@needs_git
def test_older_commits(folder):
    write(folder, SSH, DNS)
    commit(folder.parent)
    write(folder, SSH)
    git(folder.parent, "commit", "-q", "-a", "-m", "less")
    assert plan().changes == ()
    assert [one.effect for one in plan(against="HEAD~1").changes] == ["violation", "violation"]
    git(folder.parent, "branch", "before/now", "HEAD~1")
    assert len(plan(against="before/now").changes) == 2


@needs_git
def test_files_that_were_added_and_taken_out_count(folder):
    write(folder, SSH)
    write(folder, 'schema = "hb/1"\n', DNS, name="dns.toml")
    commit(folder.parent)
    (folder / "dns.toml").unlink()
    write(folder, 'schema = "hb/1"\n', RAW, name="ping.toml")
    assert sorted(one.effect for one in plan().changes) == ["expected", "violation", "violation"]


@needs_git
def test_a_folder_that_was_never_committed(folder):
    (folder.parent / "README").write_text("x")
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", "README")
    git(folder.parent, "commit", "-q", "-m", "x")
    write(folder, SSH)
    found = plan()
    assert found.rules == (0, 1)
    assert [one.effect for one in found.changes] == ["expected"]


@needs_git
def test_rules_of_a_folder_in_a_folder(folder, tmp_path):
    deep = tmp_path / "a" / "b" / "hb.d"
    deep.mkdir(parents=True)
    write(deep, SSH)
    (deep / "sub").mkdir()
    (deep / "sub" / "x.toml").write_text("not read")
    (deep / ".hidden.toml").write_text("not read")
    (deep / "notes.txt").write_text("not read")
    commit(tmp_path)
    assert [name for name, _ in committed(str(deep), "HEAD")] == [str(deep / "rules.toml")]
    assert plan(str(deep)).changes == ()


@needs_git
@pytest.mark.parametrize("name", ["no-such", "--help", "-x", "HEAD:hb.d", "", "a\0b", "HEAD; rm -rf /"])
def test_what_is_no_commit(folder, name):
    write(folder, SSH)
    commit(folder.parent)
    with pytest.raises(BadInput) as raised:
        list(committed(str(folder), name))
    assert raised.value.remedy


@needs_git
def test_a_path_that_is_neither_folder_nor_commit(folder):
    write(folder, SSH)
    commit(folder.parent)
    with pytest.raises(BadInput, match=r"\./elsewhere is no folder and no commit"):
        plan(against="./elsewhere")


@needs_git
def test_outside_of_any_work_tree(folder):
    write(folder, SSH)
    with pytest.raises(BadInput, match="is in no git work tree") as raised:
        plan()
    assert raised.value.remedy == "Name the folder to compare with: hb plan --against OTHER/hb.d."


def test_without_git(folder, monkeypatch):
    write(folder, SSH)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(BadInput, match="there is no git here") as raised:
        plan()
    assert "--against OTHER/hb.d" in raised.value.remedy


@needs_git
def test_a_commit_with_errors_is_named(folder):
    write(folder, "[[allow]]\nlisten = 7\n")
    commit(folder.parent)
    write(folder, SSH)
    with pytest.raises(BadBaseline, match="the baseline cannot be used"):
        plan()


def test_an_edit_with_errors(folder):
    write(folder, "[[allow]]\nlisten = 7\n")
    with pytest.raises(BadBaseline):
        plan(against=other(folder, SSH))


def test_what_hb_lock_knows_is_no_violation(folder):
    from hb_engine.baseline.lock import text
    from hb_engine.model.baseline import Lock, LockedHost, Observed

    write(folder)
    before = other(folder, SSH)
    assert [one.effect for one in plan(against=before).changes] == ["violation"]
    known = LockedHost("web-17", observed=(Observed(kit.SSH.thread, "public"),))
    (folder.parent / "hb.lock").write_text(text(Lock((known,))))
    assert plan(against=before).changes == ()


def test_documents_of_other_kinds_are_refused(folder, tmp_path):
    write(folder, SSH)
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"schema": "hb/1", "kind": "port"}))
    with pytest.raises(Exception, match=r"x\.json"):
        plan(against=other(folder, SSH), files=(str(path),))

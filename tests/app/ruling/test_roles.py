"""Hosts of roles for those who ask by @ROLE: files of every kind, roles that include others, and what is refused."""

from __future__ import annotations

import pytest

from hb_engine.app import folders
from hb_engine.app.ruling.roles import hosts, hosts_of
from hb_engine.model.baseline import Role
from hb_engine.model.errors import BadInput

ROLES = '[[role]]\nname = "web"\nhosts = ["10.0.0.1", "web-2"]\n[[role]]\nname = "db"\nhosts = ["10.0.0.9"]\n'


@pytest.fixture(autouse=True)
def _here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setattr(folders, "system", lambda: str(tmp_path / "etc"))
    (tmp_path / ".git").mkdir()


def written(tmp_path, **files):
    folder = tmp_path / "hb.d"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def refused(name):
    with pytest.raises(BadInput) as raised:
        hosts_of(name)
    return f"{raised.value.message} | {raised.value.remedy}"


def names(name):
    return [host for host, _ in hosts_of(name)]


def test_roles_of_several_files(tmp_path):
    written(tmp_path, a_toml=ROLES, b_json='{"role": [{"name": "web", "hosts": ["10.0.0.2"]}]}')
    written(tmp_path, notes_txt="broken")
    assert names("web") == ["10.0.0.1", "web-2", "10.0.0.2"]
    assert names("baseline") == ["10.0.0.1", "web-2", "10.0.0.2", "10.0.0.9"]
    assert hosts_of("db") == (("10.0.0.9", "hb.d/a.toml:4:1, role 'db'"),)


def test_machines_of_a_role_are_those_of_the_roles_that_include_it_too():
    roles = (
        Role("base", ("10.0.0.1",)),
        Role("web", ("10.0.0.2",), includes=("base",)),
        Role("shop", ("10.0.0.3",), includes=("web",)),
        Role("db", ("10.0.0.4",)),
    )
    assert [host for host, _ in hosts("base", roles, "hb.d")] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert [host for host, _ in hosts("shop", roles, "hb.d")] == ["10.0.0.3"]


def test_a_circle_of_roles_ends():
    roles = (Role("a", ("1.1.1.1",), includes=("b",)), Role("b", ("2.2.2.2",), includes=("a",)))
    assert len(hosts("a", roles, "hb.d")) == 2


def test_without_a_baseline_a_person_is_told_what_to_write():
    assert refused("baseline") == (
        "there is no baseline, and so no role: no hb.d here or above | "
        'Write hb.d/hosts.toml with [[role]], name = "web", hosts = ["10.0.3.7"], or type the hosts themselves.'
    )


def test_roles_that_are_not_there_or_name_nobody(tmp_path):
    written(tmp_path, a_toml=ROLES + '[[role]]\nname = "all"\nwhen = "os:linux"\n[[role]]\nname = "none"\n')
    assert refused("wbe") == "no role in hb.d is called 'wbe' | Did you mean web?"
    assert refused("x") == "no role in hb.d is called 'x' | There are web, db, all, none."
    assert refused("all").startswith("role 'all' chooses machines by a condition, and names no host | Give it hosts")
    assert refused("none").startswith("role 'none' in hb.d names no host | Write there: [[role]]")
    written(tmp_path, a_toml="")
    assert refused("baseline").startswith("no role in hb.d names a host | Write there: ")
    assert refused("web").startswith("no role in hb.d is called 'web' | Write there: ")


def test_a_baseline_with_errors_gives_no_hosts(tmp_path):
    written(tmp_path, a_toml=ROLES + "[[role]\n")
    assert refused("web") == (
        "the baseline cannot be used: hb.d/a.toml:7:1: the brackets of this 'role' do not match | Write [[role]]."
    )


def test_the_folder_may_be_elsewhere(tmp_path, monkeypatch):
    written(tmp_path, a_toml=ROLES)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert names("db") == ["10.0.0.9"]
    monkeypatch.setenv("HB_BASELINE", str(tmp_path / "none"))
    assert refused("db").startswith(f"the baseline {tmp_path / 'none'} (HB_BASELINE names it) is not there | Begin")

"""Which rules a generator is given: those of a machine by its name and addresses, those of a role, none of others."""

from __future__ import annotations

import pytest
from tests.faces import orders
from tests.faces.kit import LOOK, NOW

from hb_engine.app.ruling import generate
from hb_engine.faces.export.documents import inventory
from hb_engine.model.baseline import Baseline, Hours, Role, Window
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Host

FLEET = orders.rule("fleet", orders.at("tcp", 22))
WEB = orders.rule("web", orders.at("tcp", 443), role="web")
DB = orders.rule("db", orders.at("tcp", 5432), role="db")
ONE = orders.rule("one", orders.at("tcp", 8000), host="web-17")
NO = orders.rule("no", orders.at("tcp", 23), kind="forbid")
OVER = orders.rule("over", orders.at("tcp", 9), until=int(NOW))
BASELINE = Baseline(
    (FLEET, WEB, DB, ONE, NO, OVER),
    (Role("web", ("web-*",)), Role("db", ("db-*",))),
    (Window("night", "only", ("fleet",), every=(Hours((0,), 0, 60),)), Window("quiet", "mute", ("web",))),
)


def chosen(machine, *roles):
    found = generate.order(BASELINE, machine, roles, now=NOW)
    return {rule.id for rule in found.rules}


def test_a_machine_has_the_rules_of_its_roles_and_its_own():
    assert chosen(Host("web-17", "")) == {"fleet", "web", "one", "no", "over"}
    assert chosen(Host("web-18", "")) == {"fleet", "web", "no", "over"}
    assert chosen(Host("web-18", ""), "db") == {"fleet", "web", "db", "no", "over"}
    assert chosen(Host("x", "")) == {"fleet", "no", "over"}


def test_a_role_has_no_machine_s_own_rules():
    assert chosen(None, "web") == {"fleet", "web", "no", "over"}


def test_forbidden_and_allowed_without_what_ended():
    found = generate.order(BASELINE, Host("web-17", ""), (), now=NOW)
    assert [rule.id for rule in found.forbidden] == ["no"]
    assert {rule.id for rule in found.allowed} == {"fleet", "web", "one"}
    assert found.ended(OVER)
    assert found.windows == (("fleet", "night"),)  # what a window mutes holds all the same


@pytest.mark.parametrize(
    ("role", "remedy"),
    [("wbe", "Did you mean web?"), ("qqqqqqq", "The roles are web, db."), ("", "The roles are web, db.")],
)
def test_roles_that_there_are_not(role, remedy):
    with pytest.raises(BadInput) as caught:
        generate.order(BASELINE, None, (role,))
    assert caught.value.remedy == remedy
    with pytest.raises(BadInput) as caught:
        generate.order(Baseline(), None, ("web",))
    assert caught.value.remedy == "The baseline has no [[role]]."


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "hb.d").mkdir(mode=0o700)
    rules = 'schema = "hb/1"\n[[role]]\nname = "web"\nhosts = ["web-*"]\n[[allow]]\nid = "a"\nrole = "web"\n'
    (tmp_path / "hb.d" / "a.toml").write_text(f'{rules}listen = "tcp/1"\nwhy = "x"\nowner = "y"\n')
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


def test_by_name_by_file_and_by_role(folder):
    by_name = generate.make("hb.d", host="web-1", now=NOW, version="9")
    assert (by_name.host, by_name.roles, [rule.id for rule in by_name.rules]) == (Host("web-1", ""), ("web",), ["a"])
    assert (by_name.baseline, by_name.version, by_name.closed) == ("hb.d", "9", False)
    (folder / "web.json").write_text(inventory(LOOK))
    by_file = generate.make("hb.d", host="web.json", closed=True)
    assert (getattr(by_file.host, "name", ""), by_file.closed, [rule.id for rule in by_file.rules]) == (
        "web-17",
        True,
        ["a"],
    )
    by_role = generate.make("hb.d", roles=("web",))
    assert (by_role.host, [rule.id for rule in by_role.rules]) == (None, ["a"])


@pytest.mark.slow
def test_this_machine_where_nothing_is_said(folder):
    host = generate.make("hb.d").host
    assert host is not None
    assert host.name


def test_a_file_of_many_machines_is_refused(folder):
    (folder / "two.json").write_text(inventory(LOOK).replace("\n", "") + "\n" + inventory(LOOK))
    with pytest.raises(Exception, match=r"two\.json"):
        generate.make("hb.d", host="two.json")

"""One opening becomes one block at the end of one file; what is refused leaves every file as it was."""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.app.flow import FIRST, Machine
from tests.baseline.seen import DB, NOW, SSH, WEB, opening, owner

from hb_engine.app.changing import accept as recipe
from hb_engine.app.ruling.baseline import load
from hb_engine.baseline.accepting import Wish
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

WISH = Wish("front end", "team-web")
BLOCK = """
[[allow]]
id = "nginx-443"
listen = "tcp/443 on public"
by = "unit:nginx.service and pkg:nginx"
why = "front end"
owner = "team-web"
accepted = 2026-11-22
"""


def accept(*words, **more) -> Any:
    return recipe.accept(*words, **more)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path, monkeypatch)
    made.begin()
    return made


def test_a_rule_is_written_and_covers_what_it_was_written_for(machine):
    done = accept("tcp/443", WISH)
    assert machine.read("accepted.toml") == 'schema = "hb/1"\n' + BLOCK
    assert done.text == BLOCK[1:]
    assert (done.path, done.line, done.dry, done.notes) == ("hb.d/accepted.toml", 3, False, ())
    assert (done.decision.word, done.decision.rule.id) == ("expected", "nginx-443")
    assert machine.read("hb.toml") == FIRST


def test_the_next_one_comes_below_and_what_stands_there_stays(machine):
    mine = "# mine\r\n\r\n[[forbid]]\r\nlisten = 'tcp/23'\r\nwhy = 'x'\r\nowner = 'y' # no end of line"
    with open(f"{machine.folder}/web.toml", "w", encoding="utf-8", newline="") as file:
        file.write(mine)
    done = accept(SSH.key, WISH, file="web")
    with open(f"{machine.folder}/web.toml", encoding="utf-8", newline="") as file:
        text = file.read()
    assert text == mine + "\r\n\r\n" + done.text.replace("\n", "\r\n")
    assert done.line == 8


def test_a_dry_run_writes_nothing(machine):
    done = accept("443", WISH, dry=True)
    assert done.dry
    assert done.text == BLOCK[1:]
    assert machine.files() == ["hb.toml"]


def test_forbidding_needs_nothing_that_is_open(machine):
    done = accept("tcp/23", replace(WISH, kind="forbid"))
    assert done.decision is None
    assert accept("tcp/telnet", replace(WISH, kind="forbid")).rule.listen[0].first == 23
    assert '[[forbid]]\nid = "no-23"\nlisten = "tcp/23"\n' in machine.read("accepted.toml")
    assert accept("tcp/443", replace(WISH, kind="forbid")).decision.word == "forbidden"
    assert accept("8081", replace(WISH, kind="forbid", scope="private")).rule.listen[0].text == "tcp/8081 on private"


def test_where_something_else_still_wins_it_is_said(machine):
    machine.write("no.toml", '[[forbid]]\nid = "no-web"\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n')
    done = accept("tcp/443", WISH)
    assert done.decision.word == "forbidden"
    assert done.notes == ("forbid rule no-web (hb.d/no.toml:1:1) still decides: forbidden",)
    done = accept("tcp/22", replace(WISH, scope="loopback"))
    assert done.decision.word == "widened"
    assert "still widened" in done.notes[0]
    done = accept("tcp/5432", replace(WISH, host="elsewhere"))
    assert done.notes == ("this rule is not for this machine: nothing changes here",)


def test_rules_that_others_may_write_are_told(machine):
    os.chmod(machine.folder, 0o777)  # noqa: S103 - that is what is told
    done = accept("tcp/443", WISH)
    assert done.notes == ("hb.d can be written by everybody: chmod go-w hb.d",)


def test_roles(machine):
    assert accept("tcp/443", replace(WISH, role="web")).notes == ()
    assert accept("tcp/22", replace(WISH, role="db")).notes == (
        "this rule is not for this machine: nothing changes here",
    )
    with pytest.raises(BadInput, match="no role 'wbe'") as told:
        accept("tcp/5432", replace(WISH, role="wbe"))
    assert told.value.remedy == "Did you mean web?"


ODD = replace(
    opening(1703, owner("/opt/x", None, "x.service", exe_state="deleted")),
    verdict=Judgement("high", (Reason("deleted-executable", "high", "runs a deleted file"),)),
)


@pytest.mark.parametrize(
    ("what", "wish", "words"),
    [
        ("tcp/8080", WISH, "nothing is open on tcp 8080"),
        ("nginx", WISH, "nothing open is called 'nginx'"),
        ("tcp/telnet", WISH, "nothing is open on tcp telnet"),
        ("tcp/99999", WISH, "nothing open is called"),
        ("tcp/1703", WISH, "looks suspicious: runs a deleted file"),
        ("tcp/1703", replace(WISH, accepts=("deleted-exe",)), "no rule 'deleted-exe'"),
        ("tcp/9", WISH, "who holds tcp 9 is not known"),
    ],
)
def test_what_is_refused_changes_nothing(machine, what, wish, words):
    machine.opens(SSH, ODD, opening(9))
    with pytest.raises(BadInput, match=words) as told:
        accept(what, wish)
    assert told.value.remedy
    assert machine.files() == ["hb.toml"]


def test_what_is_known_to_be_right_is_accepted_by_name(machine):
    machine.opens(ODD)
    done = accept("tcp/1703", replace(WISH, accepts=("deleted-executable",)))
    assert 'accepts = "deleted-executable"' in machine.read("accepted.toml")
    assert done.decision.word == "expected"


def test_what_is_expected_already_is_not_accepted_twice(machine):
    accept("tcp/443", WISH)
    with pytest.raises(BadInput, match=r"expected already, by nginx-443 \(hb.d/accepted.toml:3:1\)"):
        accept("tcp/443", WISH)
    assert machine.read("accepted.toml").count("[[allow]]") == 1


def test_of_two_on_a_port_the_one_that_waits_is_meant(machine):
    near = opening(443, owner("/usr/sbin/haproxy", "haproxy", "haproxy.service"), scope="loopback")
    machine.opens(WEB, near)
    with pytest.raises(BadInput, match="tcp/443 is 2 openings"):
        accept("tcp/443", WISH)
    accept(WEB.key, WISH)
    assert accept("tcp/443", WISH).rule.id == "haproxy-443"


def test_without_a_baseline_and_with_a_broken_one(machine):
    machine.write("bad.toml", "[[allow]]\nlisten = 'tcp'\n")
    with pytest.raises(BadInput, match="cannot be used"):
        accept("tcp/443", WISH)
    with pytest.raises(BadInput):
        accept("tcp/443", WISH, baseline="nowhere")


def test_a_file_that_cannot_hold_rules_is_left_alone(machine, tmp_path):
    (tmp_path / "elsewhere").write_text("")
    (tmp_path / "hb.d" / "link.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="is a link"):
        accept("tcp/443", WISH, file="link")
    assert (tmp_path / "elsewhere").read_text() == ""


def test_what_was_changed_while_a_person_thought_is_not_written_over(machine):
    loaded = load("")
    rule = accept("tcp/443", WISH, dry=True).rule
    edit = recipe.edited(loaded.folder, "accepted.toml", (rule,))
    machine.write("accepted.toml", "# theirs\n")
    with pytest.raises(DataError, match="changed by somebody else"):
        edit.write()
    assert machine.read("accepted.toml") == "# theirs\n"


@pytest.mark.slow
def test_several_that_accept_at_once_lose_nothing(machine):
    ports = range(9000, 9006)
    machine.opens(*[opening(port, owner(f"/usr/bin/x{port}", f"x{port}", f"x{port}.service")) for port in ports])
    children = []
    for port in ports:
        pid = os.fork()
        if pid == 0:
            try:
                accept(f"tcp/{port}", WISH)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * len(children)
    rules = load("").baseline.rules
    assert sorted(rule.listen[0].first for rule in rules) == list(ports)
    assert {one.word for one in recipe.decided(load(""), machine.seen)} == {"expected"}


def test_what_expired_does_not_stand_in_the_way(machine):
    old = 'id = "old"\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\naccepted = 2026-01-01\nuntil = 2026-02-01\n'
    machine.write("old.toml", f"[[allow]]\n{old}")
    before = {one.opening.port: one.word for one in recipe.decided(load(""), machine.seen)}
    assert before[443] == "expired"
    done = accept("tcp/443", WISH)
    assert (done.decision.word, done.notes) == ("expected", ())


@pytest.mark.parametrize("name", ["\u202e", "a b", "\udc80", "*", '"', "x' or exe:*", "(", "\n"])
def test_hostile_names_make_rules_for_themselves_alone(machine, name):
    one = opening(9, owner(f"/opt/{name}", None, None, comm=name, user="al"))
    machine.opens(one, opening(9, owner("/opt/other", None, None, user="al"), scope="private"))
    done = accept(one.key, Wish(f"why {name!r}", "me"))
    assert (done.decision.word, done.notes) == ("expected", ())
    words = {each.opening.key: each.word for each in recipe.decided(load(""), machine.seen)}
    assert list(words.values()).count("expected") == 1


def test_the_look_decides_the_day(machine):
    machine.opens(DB, at=NOW + 86400)
    assert "accepted = 2026-11-23" in accept("5432", WISH).text

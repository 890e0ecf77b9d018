"""Drafts: what would be written and decided, a mark that any change changes, and the opening as it was shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import DB, HOST, NOW, SSH, WEB, inventory, opening, owner, pkg

from hb_engine.app.hub import deciding
from hb_engine.app.hub.deciding import Changed, Draft, Refused, fingerprint
from hb_engine.app.hub.questions import Place
from hb_engine.faces.export.documents import inventory as document
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

NEVER = replace(
    opening(1703, owner("/opt/x", None, "x.service", exe_state="deleted")),
    verdict=Judgement("high", (Reason("deleted-executable", "high", "runs a deleted file"),)),
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    return made


def other(**more):
    """WEB with another owner."""
    return replace(WEB, owners=(replace(WEB.owners[0], **more),))


@pytest.mark.parametrize(
    "changed",
    [
        replace(WEB, scope="private"),
        replace(WEB, addresses=("10.0.0.5",)),
        replace(WEB, families=("ipv4", "ipv6")),
        replace(WEB, interface="eth0"),
        replace(WEB, flags=("reuseport",)),
        replace(WEB, kind="activation"),
        replace(WEB, owners=()),
        replace(WEB, owners=(), unowned=Unowned("not-found")),
        replace(WEB, owners=(*WEB.owners, owner("/opt/other", None, "nginx.service"))),
        other(exe="/opt/nginx"),
        other(exe_state="deleted"),
        other(script="/srv/x.py"),
        other(user="nobody"),
        other(unit="other.service"),
        other(package=pkg("nginx", "2.0")),
        other(package=pkg("nginx", verified=False)),
        other(package=None),
        other(container=Container("docker", "1", "shop", "shop:4")),
    ],
)
def test_what_makes_it_another_opening_changes_the_fingerprint(changed):
    assert fingerprint(changed) != fingerprint(WEB)


@pytest.mark.parametrize(
    "same",
    [
        other(pid=7),
        other(started_at=NOW),
        other(cmdline=("nginx", "-g", "x")),
        replace(WEB, inodes=(1, 2)),
        replace(WEB, notes=("seen twice",)),
        replace(WEB, owners=(*WEB.owners, replace(WEB.owners[0], pid=101))),
        replace(WEB, verdict=Judgement("low", (Reason("x", "low", "y"),))),
    ],
)
def test_a_restart_and_one_more_worker_do_not(same):
    assert fingerprint(same) == fingerprint(WEB)


def test_the_order_of_addresses_and_owners_does_not_matter():
    two = (owner(), owner("/usr/sbin/helper", "helper"))
    one = replace(WEB, owners=two, addresses=("10.0.0.1", "10.0.0.2"), families=("ipv6", "ipv4"))
    turned = replace(one, owners=two[::-1], addresses=one.addresses[::-1], families=one.families[::-1])
    assert fingerprint(one) == fingerprint(turned)


def test_the_port_that_the_kernel_chose_may_be_another():
    one = replace(WEB, ephemeral=True)
    assert fingerprint(replace(one, port=40001, addresses=("0.0.0.0",))) == fingerprint(one)


@given(st.text(st.characters(), max_size=20))
def test_strangers_names_have_fingerprints(text):
    assert len(fingerprint(other(exe=text, comm=text, script=text, unit=text))) == 64


def test_a_draft_says_what_would_be_written_where(desk):
    draft = desk.draft()
    assert isinstance(draft, Draft)
    assert (draft.rule, draft.kind, draft.path, draft.line, draft.exists) == (
        "nginx-443", "allow", "hb.d/accepted.toml", 3, False,
    )  # fmt: skip
    assert draft.text.startswith('[[allow]]\nid = "nginx-443"\nlisten = "tcp/443 on public"\n')
    assert desk.files() == ["hb.toml"]
    assert len(draft.mark) == 64


def test_a_draft_says_what_would_be_decided_then(desk):
    (turn,) = desk.draft().turns
    assert (turn.host, turn.key, turn.before, turn.after, turn.rule, turn.ours) == (
        HOST.name, WEB.key, "unmatched", "expected", "nginx-443", True,
    )  # fmt: skip


def test_a_draft_tells_the_other_openings_that_the_rule_is_about(desk):
    inner = replace(WEB, scope="loopback", addresses=("127.0.0.1",))
    desk.opens(WEB, inner, SSH)
    turns = {turn.key: (turn.before, turn.after) for turn in desk.draft(decision="forbid").turns}
    assert turns == {WEB.key: ("unmatched", "forbidden"), inner.key: ("unmatched", "forbidden")}
    assert {turn.key for turn in desk.draft().turns} == {WEB.key, inner.key}


def test_what_no_rule_is_about_before_and_after_is_no_change_though_the_new_one_comes_nearest(desk):
    beside = replace(WEB, port=8443)
    desk.opens(WEB, beside, SSH)
    assert [(turn.key, turn.before, turn.after) for turn in desk.draft().turns] == [(WEB.key, "unmatched", "expected")]


def test_of_very_many_only_some_are_told(desk, monkeypatch):
    monkeypatch.setattr(deciding, "TOLD", 2)
    boxes = [replace(WEB, addresses=(f"10.0.0.{number}",), unit=f"u{number}.service", owners=(owner(unit=f"u{number}.service"),)) for number in range(5)]  # fmt: skip # noqa: E501
    desk.opens(WEB, *boxes)
    draft = desk.draft(decision="forbid")
    assert len(draft.turns) == 2
    assert draft.more == 4


def test_other_machines_are_tried_too(desk, monkeypatch):
    far = inventory(WEB, SSH, host=replace(HOST, name="web-18"))
    monkeypatch.setattr(deciding, "machines", lambda _: (("web-17", desk.seen), ("web-18", far)))
    assert [turn.host for turn in desk.draft().turns] == ["web-17", "web-18"]
    assert [turn.host for turn in desk.draft(only="host:web-18").turns] == ["web-18"]
    assert desk.draft(only="host:web-18").notes == ("this rule is not for this machine: nothing changes here",)
    assert desk.draft(only="role:db").turns == ()


def test_files_of_other_machines_are_read_and_broken_ones_left_out(desk, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    place = Place(files=(str(tmp_path / "broken.json"),))
    assert deciding.machines(place) == (("web-17", desk.seen),)


def test_machines_are_those_that_pages_show(desk, tmp_path):
    texts = {
        "here": desk.seen,  # this machine once more
        "old": inventory(SSH, host=replace(HOST, name="db-3"), at=5.0),
        "new": inventory(WEB, SSH, host=replace(HOST, name="db-3"), at=9.0),
        "twin": inventory(WEB, host=replace(HOST, name="db-3", machine="another"), at=9.0),
    }
    for name, seen in texts.items():
        (tmp_path / f"{name}.json").write_text(document(seen))
    told = deciding.machines(Place(files=(str(tmp_path),)))
    assert [(name, seen.host.name, len(seen.openings)) for name, seen in told] == [
        ("web-17", "web-17", len(desk.seen.openings)),
        ("db-3", "db-3", 2),
        ("db-3 (twin.json)", "db-3", 1),
    ]


def test_a_machine_is_decided_for_and_not_its_namesake(desk, monkeypatch):
    twin = inventory(SSH, host=replace(HOST, machine="another"))
    monkeypatch.setattr(deciding, "machines", lambda _: (("web-17", desk.seen), ("web-17 (twin.json)", twin)))
    assert [turn.host for turn in desk.draft().turns] == ["web-17"]
    gone = desk.draft(host="web-17 (twin.json)")
    assert (gone.what, gone.host) == ("gone", "web-17 (twin.json)")


@pytest.mark.parametrize("kind", ["allow", "temporary"])
def test_a_lasting_finding_wants_its_name(desk, kind):
    desk.opens(NEVER)
    found = desk.draft(NEVER, decision=kind, days="3" if kind == "temporary" else "")
    assert isinstance(found, Refused)
    assert [(one.field, one.code) for one in found.wrong] == [("accepts", "accepts")]
    draft = desk.draft(NEVER, decision=kind, days="3" if kind == "temporary" else "", accepts=["deleted-executable"])
    assert 'accepts = "deleted-executable"' in draft.text


def test_a_finding_that_there_is_not_is_refused(desk):
    found = desk.draft(accepts=["no-such-rule"])
    assert isinstance(found, Refused)
    assert "no-such-rule" in found.wrong[0].message


def test_an_owner_that_nobody_knows_gets_no_rule_but_may_be_forbidden(desk):
    nobody = replace(WEB, owners=(), unowned=Unowned("not-permitted"))
    desk.opens(nobody)
    found = desk.draft(nobody)
    assert isinstance(found, Refused)
    assert "is not known" in found.wrong[0].message
    assert isinstance(desk.draft(nobody, decision="forbid"), Draft)


def test_what_is_gone_is_told(desk):
    desk.opens(SSH)
    assert desk.draft() == Changed("gone", WEB.key, HOST.name)


def test_what_is_another_by_now_is_shown_as_it_is(desk):
    now = other(exe="/opt/nginx")
    desk.opens(now)
    assert desk.draft() == Changed("opening", WEB.key, HOST.name, now)


def test_a_machine_that_nobody_looks_at_is_told(desk):
    assert desk.draft(host="web-99") == Changed("machine", WEB.key, "web-99")


def test_what_somebody_decided_is_told_with_who(desk):
    desk.decide()
    found = desk.draft()
    assert isinstance(found, Changed)
    assert (found.what, found.rule, found.owner, found.word) == ("decided", "nginx-443", "team-web", "expected")
    assert found.where.endswith("accepted.toml:3:1")
    desk.decide(decision="forbid", ticket="t2")
    assert desk.draft(decision="forbid").what == "decided"


def test_an_allow_against_a_forbid_is_drafted_and_says_that_it_changes_nothing(desk):
    desk.decide(decision="forbid")
    draft = desk.draft()
    assert draft.turns == ()
    assert "still decides" in draft.notes[0]


@pytest.mark.parametrize(
    "words",
    [{"why": "another"}, {"owner": "another"}, {"scope": "private"}, {"file": "other.toml"}, {"decision": "forbid"},
     {"review": "2099-01-01"}, {"only": "role:web"}],
)  # fmt: skip
def test_whatever_would_be_written_otherwise_has_another_mark(desk, words):
    assert desk.draft(**words).mark != desk.draft().mark


def test_the_same_draft_has_the_same_mark(desk):
    assert desk.draft().mark == desk.draft().mark


def test_rules_that_changed_meanwhile_change_the_mark(desk):
    before = desk.draft().mark
    desk.write("more.toml", '[[allow]]\nid = "nginx-443"\nlisten = "tcp/9"\nby = "unit:x"\nwhy = "x"\nowner = "y"\n')
    assert desk.draft().rule == "nginx-443-2"
    assert desk.draft().mark != before


def test_mistakes_come_back_with_what_was_asked(desk):
    found = desk.draft(why="", owner="")
    assert isinstance(found, Refused)
    assert [one.field for one in found.wrong] == ["why", "owner"]
    assert found.asked.key == WEB.key


def test_others_rules_stay_as_they_are(desk):
    desk.opens(WEB, DB)
    assert [turn.key for turn in desk.draft(DB).turns] == [DB.key]

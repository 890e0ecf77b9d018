"""Rows: the worst first, expected only where a rule covers, and nothing odd only where that could be seen."""

from __future__ import annotations

import pytest
from tests.faces import judged
from tests.faces.kit import (
    BACKDOOR,
    CLIENT,
    HOST,
    HTTPS,
    IDLE,
    LOOK,
    NOW,
    POSTGRES,
    QUIET,
    REDIS,
    SSH,
    VXLAN,
    opening,
    unprivileged,
)
from tests.faces.web import kit

from hb_engine.app.hub.sameness import again
from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines import rows
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement

RULED = rows.Rows(kit.MACHINE)
FREE = rows.Rows(Machine(HOST.name, LOOK))


def row(of, one):
    (found,) = [each for each in of.all if each.opening is one]
    return found


def test_the_worst_stand_first():
    assert [one.opening for one in RULED.all[:3]] == [BACKDOOR, REDIS, SSH]
    marks = [one.mark for one in RULED.all]
    assert marks == sorted(marks, key=lambda mark: ("alarm", "look").index(mark) if mark in ("alarm", "look") else 2)


def test_the_order_is_the_same_however_the_look_told_it():
    turned = [*LOOK.openings[5:], *LOOK.openings[4::-1]]
    again = rows.Rows(replace(kit.MACHINE, seen=replace(LOOK, openings=tuple(turned))))
    assert [one.key for one in again.all] == [one.key for one in RULED.all]


@pytest.mark.parametrize(
    ("one", "mark", "state", "rule"),
    [
        (BACKDOOR, "alarm", "drift", ""),
        (REDIS, "alarm", "drift", "cache"),
        (SSH, "look", "drift", "ssh-admin"),  # drift outweighs what is accepted, and the rule that covered it
        (HTTPS, "ok", "expected", "web-https"),
        (POSTGRES, "note", "debt", ""),
        (VXLAN, "note", "note", ""),
    ],
)
def test_how_each_stands_to_the_baseline(one, mark, state, rule):
    found = row(RULED, one)
    assert (found.mark, found.state, found.rule) == (mark, state, rule)


def test_without_a_baseline_nothing_is_expected():
    assert {one.state for one in FREE.all} == {""}
    assert row(FREE, HTTPS).mark == "ok"
    assert row(FREE, BACKDOOR).mark == "alarm"


def test_what_nobody_is_named_for_is_not_called_fine():
    blind = rows.Rows(Machine("web-17", unprivileged(QUIET)))
    assert {one.mark for one in blind.all} == {"unseen"}
    assert blind.numbers.nameless == len(QUIET.openings)
    assert row(FREE, VXLAN).mark == "ok"  # the kernel's own is known


def test_what_could_not_be_checked_is_unseen():
    report = replace(judged.QUIET, verdicts=(judged.WATCHED,))
    found = row(rows.Rows(Machine("web-17", QUIET, report)), HTTPS)
    assert (found.state, found.mark) == ("unseen", "unseen")


def test_clients_and_idle_sockets_are_noise_until_a_rule_speaks_of_them():
    assert row(RULED, CLIENT).noise
    assert row(RULED, IDLE).noise
    drifting = replace(judged.NEW, key=CLIENT.key, opening=CLIENT, severity="low")
    report = replace(judged.QUIET, verdicts=(drifting,))
    found = row(rows.Rows(Machine("web-17", LOOK, report)), CLIENT)
    assert not found.noise
    assert found.odd


def test_the_numbers():
    told = RULED.numbers
    assert (told.openings, told.noise, told.public) == (9, 2, 6)
    assert (told.drift, told.missing, told.debt, told.expected) == (4, 1, 1, 1)
    assert (told.odd, told.alarms) == (4, 3)  # the missing one is high, and counts as both
    assert (told.gaps, told.nameless) == (0, 0)


def test_what_is_required_and_not_there():
    assert [one.kind for one in RULED.missing] == ["gone"]
    assert FREE.missing == ()


def test_several_openings_may_have_one_key():
    twin = replace(HTTPS, inodes=(77,))
    found = rows.Rows(Machine("web-17", Inventory(HOST, NOW, LOOK.coverage, (HTTPS, twin, SSH))))
    assert len(found.by_hash[addresses.short(HTTPS.key)]) == 2
    assert len(found.by_port[443]) == 2


def test_a_port_that_the_kernel_chose_is_nobodys_port():
    assert 40123 not in RULED.by_port
    assert 443 in RULED.by_port


def test_a_severity_without_a_reason_still_counts():
    bad = opening(99, verdict=Judgement("critical"))
    assert rows.Rows(Machine("x", Inventory(HOST, NOW, LOOK.coverage, (bad,)))).all[0].mark == "alarm"


def test_text_has_what_people_search_for():
    text = RULED.text(row(RULED, HTTPS))
    for word in ("443", "nginx", "nginx.service", "www-data", "https", "web-https", "0.0.0.0"):
        assert word in text


def test_an_order_is_made_once():
    calls = []

    def by(one):
        calls.append(one)
        return one.key

    fresh = rows.Rows(kit.MACHINE)
    assert fresh.in_order("worst", None) is fresh.all
    assert fresh.in_order("key", by) is fresh.in_order("key", by)
    assert len(calls) == len(fresh.all)


def test_rows_are_made_once_for_a_sight_and_anew_for_another():
    one, other = Sight(1, NOW, (kit.MACHINE,)), Sight(1, NOW, (kit.OTHER,))
    assert rows.of(one) is rows.of(one)
    assert rows.of(other)[0].machine is kit.OTHER
    assert rows.of(one)[0].machine is kit.MACHINE


def test_a_look_that_showed_the_same_keeps_its_rows_and_has_its_own_time():
    one = Sight(1, NOW, (kit.MACHINE, kit.OTHER))
    first, opened = rows.of(one), rows.worst_first(one)
    later = again(one, NOW + 60)
    assert rows.worst_first(later) is opened
    assert rows.of(later) is first
    assert [each.machine for each in first] == list(later.machines)
    assert first[0].machine.seen.taken_at == NOW + 60
    assert first[1].machine.seen.taken_at == kit.OTHER.seen.taken_at  # nobody has looked at it since


def test_what_has_times_in_it_is_made_anew_for_every_look():
    shelf, one = rows.Shelf(), Sight(1, NOW, (kit.MACHINE,))
    taken = [shelf.of(sight, "at", lambda sight: sight.taken_at) for sight in (one, again(one, NOW + 60), one)]
    assert taken == [NOW, NOW + 60, NOW]


def test_few_sights_are_kept():
    shelf = rows.Shelf()
    made = []

    def make(sight):
        made.append(sight.number)
        return sight.number

    sights = [Sight(number, NOW) for number in range(10)]
    for sight in sights:
        assert shelf.of(sight, "x", make) == shelf.of(sight, "x", make) == sight.number
    assert made == list(range(10))
    assert shelf.of(sights[0], "x", make) == 0
    assert made[-1] == 0  # it was forgotten, and is made again


def test_machines_are_found_by_what_stands_in_an_address():
    for name in ("web-17", "..", "", "a/b", "x" * 300, "\udcff"):
        sight = Sight(1, NOW, (replace(kit.MACHINE, name=name),))
        found = rows.find(sight, addresses.segment(name))
        assert found is not None
        assert found.machine.name == name
    assert rows.find(kit.SIGHT, "nobody") is None


def test_of_two_machines_with_one_name_the_first_counts():
    sight = Sight(1, NOW, (kit.MACHINE, replace(kit.OTHER, name="web-17")))
    found = rows.find(sight, "web-17")
    assert found is not None
    assert found.machine is kit.MACHINE


def test_the_worst_machine_first():
    calm = Machine("a-calm", QUIET, judged.QUIET)
    sight = Sight(1, NOW, (calm, kit.OTHER, kit.MACHINE))
    assert [one.machine.name for one in rows.worst_first(sight)][-1] == "a-calm"
    assert rows.of(sight)[0].machine.name == "a-calm"


def test_a_machine_with_one_that_is_critical_comes_before_one_with_many_that_are_high():
    def bad(severity, count, name):
        found = [
            replace(BACKDOOR, port=2000 + n, verdict=replace(BACKDOOR.verdict, severity=severity)) for n in range(count)
        ]
        return Machine(name, replace(QUIET, openings=tuple(found)))

    sight = Sight(1, NOW, (bad("high", 5, "many"), bad("medium", 9, "more"), bad("critical", 1, "worst")))
    assert [one.machine.name for one in rows.worst_first(sight)] == ["worst", "many", "more"]

"""Every kind of drift is found and named by its kind, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.checking import (
    BLIND,
    DAY,
    DIGEST,
    HOST,
    NOBODY,
    NOW,
    ROOT,
    answer,
    check,
    client,
    drifts,
    locked,
    only,
    opening,
    rule,
    said,
    service,
    told,
    unseen,
)  # fmt: skip

from hb_engine.model.baseline import All, Defaults, Hours, Is, Lock, Speaks, Window
from hb_engine.model.event import Event
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.opening import Netns
from hb_engine.model.owner import Container, Package
from hb_engine.model.record import replace
from hb_engine.model.report import DRIFTS

NGINX = opening()
PINNING = rule(pin=("sha256",))
TALKING = rule(speaks=Speaks(("https",), tls="1.2", text="https tls>=1.2"))
NIGHT = Window("night", rules=("allow-tcp-443",), every=(Hours((0, 1, 2, 3, 4), 60, 180),))

# Each drift as somebody would cause it: openings, rules, lock, and what else is known.
PLANTED: dict[str, tuple[list[Any], list[Any], Any, dict[str, Any]]] = {
    "new": ([opening(1703, "intruder")], [rule()], None, {}),
    "gone": ([], [rule("require")], None, {}),
    "widened": ([opening(scope="public")], [rule(listen="tcp/443 on private")], None, {}),
    "owner-changed": ([opening(owner="caddy")], [rule()], None, {}),
    "speaks-else": ([NGINX], [TALKING], None, {"answers": {NGINX.key: answer("ssh")}}),
    "weakened": ([NGINX], [TALKING], None, {"answers": {NGINX.key: answer("http", tls="TLSv1")}}),
    "expired": ([NGINX], [rule(until=int(NOW) - 3 * DAY)], None, {}),
    "hidden": ([opening(flags=("hidden",), owner=None)], [rule(unit="")], None, {}),
    "forbidden": ([opening(23, "telnetd")], [rule("forbid", "tcp/23", ""), rule(listen="tcp/23", unit="")], None, {}),
    "out-of-window": ([NGINX], [rule()], None, {"windows": (NIGHT,)}),
    "pinned-changed": ([NGINX], [PINNING], locked(NGINX), {"digests": {NGINX.key: "cd" * 32}}),
    "suspicious": ([opening(verdict=said("critical"))], [rule()], None, {}),
}
PLANTED_BY_LOCK = {
    "widened": ([opening(scope="public")], locked(opening(scope="loopback"))),
    "owner-changed": ([opening(owner="caddy")], locked(NGINX)),
    "suspicious": ([opening(verdict=said("high", "private-service-public"))], locked(NGINX)),
}


@pytest.mark.parametrize(("kind", "planted"), PLANTED.items(), ids=PLANTED)
def test_planted_drift_is_found_and_named(kind, planted):
    openings, rules, lock, more = planted
    made = check(openings, rules, lock, **more)
    assert drifts(made) == [kind]
    verdict = next(one for one in made.verdicts if one.state == "drift")
    assert verdict.reason
    assert verdict.remedy
    assert verdict.severity in ("medium", "high", "critical")
    assert verdict.host == "web-17"


def test_all_kinds_are_planted():
    assert set(PLANTED) == set(DRIFTS)


@pytest.mark.parametrize(("kind", "planted"), PLANTED_BY_LOCK.items(), ids=PLANTED_BY_LOCK)
def test_planted_drift_is_found_by_what_was_observed_where_no_rule_is_about_it(kind, planted):
    openings, lock = planted
    assert drifts(check(openings, [], lock)) == [kind]


@pytest.mark.parametrize("kind", [kind for kind in DRIFTS if kind not in ("new", "hidden", "suspicious")])
def test_what_goes_against_a_rule_says_which_and_whose(kind):
    openings, rules, lock, more = PLANTED[kind]
    verdict = next(one for one in check(openings, rules, lock, **more).verdicts if one.state == "drift")
    assert (verdict.owner, verdict.why) == ("team-web", "Shop")
    assert verdict.where is not None
    assert verdict.where.text == "hb.d/web.toml:12:1"


# -- no noise


def shaken(openings, order, base):
    """The same openings after a restart: another order, other pids, inodes and times."""
    moved = []
    for number, at in enumerate(order):
        one = openings[at]
        owners = tuple([replace(each, pid=base + number, started_at=NOW - number) for each in one.owners])
        moved.append(replace(one, owners=owners, inodes=(base * 7 + number,)))
    return moved


MANY = [
    opening(),
    opening(22, "sshd"),
    opening(1703, "intruder", verdict=said("critical")),
    opening(6379, "redis", scope="public"),
    opening(25, "postfix"),
    opening(5432, "postgres", "loopback"),
    client(),
    opening(8080, replace(service("shop"), unit=None, container=Container("docker", "1", "shop", "shop:4"))),
]
RULES = [rule(), rule(listen="tcp/22", unit="sshd"), rule(listen="tcp/6379 on loopback", unit="redis"),
         rule("require", "tcp/9", "discard")]  # fmt: skip
LOCK = locked(opening(25, "postfix"), opening(111, "rpcbind"))


def without_time(made):
    """A report without what is evidence only: who holds it now, and the openings themselves."""
    return [
        replace(one, opening=None, evidence=tuple([each for each in one.evidence if "pid " not in each]))
        for one in made.verdicts
    ]


@pytest.mark.slow
@given(st.permutations(range(len(MANY))), st.integers(2, 4_000_000))
def test_another_order_other_pids_and_inodes_change_nothing(order, base):
    before, after = check(MANY, RULES, LOCK), check(shaken(MANY, order, base), RULES, LOCK)
    assert without_time(after) == without_time(before)
    assert (after.openings, after.expected, after.held) == (before.openings, before.expected, before.held)


@given(st.permutations(("0.0.0.0", "::", "10.0.0.5")), st.permutations(("ipv4", "ipv6")))
def test_the_order_of_addresses_and_families_changes_nothing(addresses, families):
    one = opening(addresses=tuple(addresses), families=tuple(families))
    assert check([one], [rule()], locked(NGINX)).verdicts == ()
    assert told(check([replace(one, port=444)], [rule()])) == [("new", "drift", "medium")]


def test_workers_of_another_number_change_nothing():
    workers = tuple([service(pid=pid) for pid in (7, 8, 9)])
    assert check([replace(NGINX, owners=workers)], [rule()], locked(NGINX)).verdicts == ()


def test_an_upgrade_in_place_is_a_note():
    upgraded = service(package=Package("nginx", "1.24.0-1", "dpkg", verified=True))
    made = check([opening(owner=upgraded)], [rule()], locked(NGINX), digests={NGINX.key: "cd" * 32})
    assert told(made) == [("changed", "note", "info")]
    reason = only(made).reason
    assert "package version 1.22.1-9 -> 1.24.0-1" in reason
    assert "sha256 of the executable abababababab\u2026 -> cdcdcdcdcdcd\u2026" in reason


def test_a_container_of_the_same_image_is_the_same():
    def box(identifier, name):
        inside = replace(service("shop"), unit=None, container=Container("docker", identifier, name, "shop:4"))
        return opening(8080, inside, netns=Netns(int(identifier, 16), name, "container"))

    shop = rule(listen="tcp/8080 on public netns:container", unit="")
    for rules in ([shop], []):
        assert drifts(check([box("77", "shop-2")], rules, locked(box("12", "shop-1")))) == []


@pytest.mark.slow
def test_ten_thousand_clients_are_no_drift():
    clients = [client(port) for port in range(30000, 40000)]
    bound = [opening(port, "app", kind="bound", flags=("not-listening",)) for port in range(41000, 41050)]
    made = check([NGINX, *clients, *bound], [rule()])
    assert (made.verdicts, made.openings, made.expected) == ((), 1, 1)


def test_a_client_of_which_an_evidence_rule_speaks_is_no_noise():
    assert drifts(check([client(verdict=said("medium"))], [rule()])) == ["new"]


def test_a_forbidden_client_is_told():
    assert drifts(check([client()], [rule("forbid", "udp/ephemeral", "")])) == ["forbidden"]


# -- debt


def test_what_was_observed_and_nobody_reviewed_is_debt_and_quiet():
    made = check([NGINX], [], locked(NGINX))
    assert told(made) == [("new", "debt", "info")]
    assert only(made).remedy == "hb review"


def test_what_history_knows_from_before_learning_ended_is_debt():
    lock = locked(opening(22, "sshd"), opening(22, "sshd"))
    learned = lock.hosts[0].learned_at
    for seen, state in ((learned - 5, "debt"), (learned, "debt"), (learned + 5, "drift"), (None, "drift")):
        known = {} if seen is None else {NGINX.key: float(seen)}
        assert [one.state for one in check([NGINX], [], lock, known=known).verdicts if one.kind == "new"] == [state]


def test_while_learning_everything_is_debt():
    lock = locked(learning_until=int(NOW) + DAY)
    assert told(check([NGINX], [], lock)) == [("new", "debt", "info"), ("learning", "note", "low")]
    after = locked(learning_until=int(NOW) - DAY)
    assert told(check([NGINX], [], after)) == [("new", "drift", "medium")]
    assert told(check([NGINX], [], after, known={NGINX.key: NOW - 2 * DAY})) == [("new", "debt", "info")]


def test_learning_that_would_never_end_is_told_loudly():
    """Whoever can write hb.lock could have everything learned for ever."""
    (_, note) = check([NGINX], [], locked(learning_until=int(NOW) + 1000 * DAY)).verdicts
    assert (note.kind, note.severity) == ("learning", "high")
    assert "hb learn --now" in note.remedy


def test_debt_that_reaches_further_is_drift_and_what_is_narrower_is_not():
    assert drifts(check([opening(scope="public")], [], locked(opening(scope="private")))) == ["widened"]
    assert drifts(check([opening(scope="loopback")], [], locked(opening(scope="private")))) == []


def test_nothing_is_debt_without_a_lock():
    assert drifts(check([NGINX], [], None, known={NGINX.key: 5.0})) == ["new"]


@pytest.mark.parametrize(("severity", "state"), [("medium", "debt"), ("high", "drift"), ("critical", "drift")])
def test_grave_evidence_is_never_debt(severity, state):
    made = check([opening(verdict=said(severity, "relay-tool"))], [], locked(NGINX))
    assert [one.state for one in made.verdicts] == [state]


def test_defaults_say_what_becomes_of_what_no_rule_is_about():
    assert told(check([NGINX], [], defaults=Defaults("note"))) == [("new", "note", "info")]
    assert told(check([NGINX], [], defaults=Defaults("ignore"))) == []
    assert told(check([NGINX], [], defaults=Defaults("alert", severity="low"))) == [("new", "drift", "low")]
    grave = opening(verdict=said("high"))
    assert drifts(check([grave], [], defaults=Defaults("ignore"))) == ["new"]


# -- what a rule accepts


def test_what_a_rule_accepts_by_name_is_no_drift():
    odd = opening(verdict=said("critical"))
    assert told(check([odd], [rule(accepts=("deleted-executable",))])) == [("suspicious", "accepted", "critical")]
    assert told(check([odd], [rule(accepts=("memfd-executable",))])) == [("suspicious", "drift", "critical")]


def test_what_is_not_lasting_is_accepted_by_any_rule_that_covers():
    assert told(check([opening(verdict=said("high", "clear-text-public"))], [rule()])) == []


def test_a_remark_of_a_lasting_rule_is_no_evidence():
    assert told(check([opening(verdict=said("info"))], [rule()])) == []


def test_what_hides_is_told_whatever_its_rule_says():
    hiding = opening(flags=("hidden",))
    assert told(check([hiding], [rule()])) == [("hidden", "drift", "critical")]
    for name in ("hidden", "hidden-opening"):
        assert told(check([hiding], [rule(accepts=(name,))])) == [("hidden", "drift", "critical")]
    assert drifts(check([hiding], [], locked(NGINX))) == ["hidden"]


# -- what could not be seen


def test_an_owner_that_could_not_be_seen_is_neither_drift_nor_clean():
    made = check([unseen()], [rule()], coverage=NOBODY)
    assert told(made) == [("not-seen", "unseen", "none")]
    assert made.expected == 0
    assert "as root" in only(made).remedy


@pytest.mark.parametrize("held", ["nginx", "caddy"])
def test_an_owner_that_could_not_be_seen_is_no_other_owner(held):
    made = check([unseen()], [], locked(opening(owner=held)), coverage=NOBODY)
    assert told(made) == [("not-seen", "unseen", "none")]


def test_what_reaches_further_is_told_whoever_holds_it():
    assert drifts(check([unseen()], [], locked(opening(scope="loopback")), coverage=NOBODY)) == ["widened"]


def test_an_unseen_owner_where_nothing_was_is_new():
    assert drifts(check([unseen(1703)], [rule()], locked(NGINX), coverage=NOBODY)) == ["new"]


def test_an_executable_whose_package_was_not_asked_is_the_same_program():
    bare = service("tool", unit=None)
    unnamed = replace(bare, package=None)
    for before, after in ((bare, unnamed), (unnamed, bare)):
        assert drifts(check([opening(owner=after)], [], locked(opening(owner=before)))) == []
    other = replace(unnamed, exe="/tmp/tool")
    assert drifts(check([opening(owner=other)], [], locked(opening(owner=bare)))) == ["owner-changed"]


def test_what_was_not_asked_for_what_it_speaks_is_unseen():
    made = check([NGINX], [TALKING])
    assert told(made) == [("not-seen", "unseen", "none")]
    assert told(check([NGINX], [TALKING], answers={NGINX.key: answer("http", tls="TLSv1.3")})) == []


HIDING = Gap("namespaces", "no rights", "run as root", "any")


@pytest.mark.parametrize(
    ("coverage", "kind", "state"),
    [
        (ROOT, "gone", "drift"),
        (NOBODY, "gone", "drift"),
        (Coverage(True, (), (HIDING,)), "not-seen", "unseen"),
        (replace(ROOT, partial=True), "not-seen", "unseen"),
        (Coverage(True, (), (Gap("udp", "refused", "", "udp"),)), "gone", "drift"),
    ],
)
def test_gone_is_said_only_of_what_would_have_been_seen(coverage, kind, state):
    made = check([], [rule("require")], coverage=coverage)
    assert (only(made).kind, only(made).state) == (kind, state)
    assert only(made).key == "tcp/public/443"


def test_nothing_vanishes_where_it_would_not_have_been_seen():
    assert told(check([], [], locked(NGINX))) == [("vanished", "note", "info")]
    assert told(check([], [], locked(NGINX), coverage=Coverage(True, (), (HIDING,)))) == []


# -- gone


def test_a_required_opening_that_is_wrong_is_told_once_by_its_own_word():
    assert drifts(check([opening(owner="caddy")], [rule("require")])) == ["owner-changed"]
    assert drifts(check([NGINX], [rule("require", "tcp/443 on loopback")])) == ["widened"]


def test_a_required_opening_is_gone_though_another_rule_allows_who_sits_there_now():
    rules = [rule("require"), rule(unit="caddy", id="fallback")]
    assert drifts(check([opening(owner="caddy")], rules)) == ["gone"]
    assert drifts(check([NGINX], rules)) == []


def test_a_required_opening_is_there_though_another_rule_decides_about_it():
    assert drifts(check([NGINX], [rule("require"), rule("require", host="web-17", id="mine")])) == []
    assert drifts(check([NGINX], [rule("require"), rule("forbid", unit="")])) == ["forbidden"]


def test_a_required_service_elsewhere_is_new_there_and_gone_here():
    assert sorted(drifts(check([opening(8443)], [rule("require")]))) == ["gone", "new"]


def test_nothing_is_required_outside_its_time():
    assert drifts(check([], [rule("require", until=int(NOW) - 5)])) == []
    window = replace(NIGHT, rules=("require-tcp-443",))
    assert drifts(check([], [rule("require")], windows=(window,))) == []


def test_a_rule_for_another_machine_requires_nothing_here():
    assert drifts(check([], [rule("require", host="db-1")])) == []


# -- windows


def test_in_a_muting_window_drift_is_recorded_and_not_told():
    patching = Window("patching", "mute", start=int(NOW) - 5, end=int(NOW) + 5)
    made = check([opening(1703, "intruder"), opening(23, "telnetd"), opening(80, flags=("hidden",))],
                 [rule("forbid", "tcp/23", "")], windows=(patching,))  # fmt: skip
    assert [(one.kind, one.state) for one in made.verdicts] == [
        ("hidden", "drift"),
        ("forbidden", "drift"),
        ("new", "muted"),
    ]


def test_what_is_required_may_be_away_in_a_muting_window():
    patching = Window("patching", "mute", start=int(NOW) - 5, end=int(NOW) + 5)
    for window, state in ((patching, "muted"), (replace(patching, rules=("x",)), "drift")):
        made = check([], [rule("require")], windows=(window,))
        assert [(one.kind, one.state) for one in made.verdicts] == [("gone", state)]


def test_the_place_that_is_missing_is_named():
    made = check([opening(443)], [rule("require", "tcp/80 on private, tcp/443, udp/443")])
    assert [(one.kind, one.key, one.reason) for one in made.verdicts] == [
        ("gone", "tcp/private/80", "tcp/80 on private by unit:nginx.service is required, and it is not there"),
        ("gone", "udp/public/443", "udp/443 by unit:nginx.service is required, and it is not there"),
    ]


# -- pins


def test_a_pinned_fact_without_anything_to_compare_with_is_unseen():
    for lock, digests in ((None, {NGINX.key: DIGEST}), (locked(NGINX), {})):
        made = check([NGINX], [PINNING], lock, digests=digests)
        assert told(made, "unseen", "drift") == [("not-seen", "unseen", "none")]


def test_a_pinned_fact_that_is_the_same_is_nothing():
    assert told(check([NGINX], [PINNING], locked(NGINX), digests={NGINX.key: DIGEST})) == []


def test_what_is_not_pinned_is_a_note_beside_what_is():
    upgraded = opening(owner=service(package=Package("nginx", "1.24.0-1", "dpkg")))
    made = check([upgraded], [PINNING], locked(NGINX), digests={NGINX.key: "cd" * 32})
    assert told(made) == [("pinned-changed", "drift", "medium"), ("changed", "note", "info")]


# -- severity


def test_the_severity_is_the_rule_s_unless_evidence_is_worse():
    wide = opening(6379, "redis")
    narrow = rule(listen="tcp/6379 on loopback", unit="redis", severity="low")
    assert only(check([wide], [narrow])).severity == "low"
    odd = replace(wide, verdict=said("high", "private-service-public"))
    verdict = only(check([odd], [narrow]))
    assert verdict.severity == "high"
    assert any("private-service-public" in each and "says worse" in each for each in verdict.evidence)
    assert only(check([odd], [replace(narrow, accepts=("private-service-public",))])).severity == "low"


# -- notes


def test_a_lock_of_another_machine_is_told_and_not_used():
    others = replace(HOST, machine="another")
    made = check([NGINX], [], locked(NGINX), host=others)
    assert told(made) == [("new", "drift", "medium"), ("foreign-lock", "note", "low")]
    assert "another machine" in made.verdicts[1].reason
    renamed = replace(HOST, name="web-18")
    assert told(check([NGINX], [], locked(NGINX), host=renamed))[1] == ("foreign-lock", "note", "low")
    assert told(check([NGINX], [rule()], Lock())) == []


def test_rules_that_others_may_write_are_told():
    made = check([NGINX], [rule()], unsafe="hb.d can be written by everybody")
    assert [(one.kind, one.state, one.reason) for one in made.verdicts] == [
        ("unsafe-baseline", "note", "hb.d can be written by everybody")
    ]


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"review": int(NOW) - DAY}, True),
        ({"review": int(NOW) + DAY}, False),
        ({"accepted": int(NOW) - 181 * DAY}, True),
        ({"accepted": int(NOW) - 179 * DAY}, False),
        ({"accepted": int(NOW) - 181 * DAY, "pack": "debian"}, False),
        ({}, False),
    ],
)
def test_a_rule_that_must_be_confirmed_again_is_a_note(changes, due):
    assert told(check([NGINX], [rule(**changes)])) == ([("review-due", "note", "low")] if due else [])


# -- counts, causes, order


def test_the_report_counts_and_says_how_each_rule_fared():
    made = check([NGINX, opening(22, "sshd"), client()], [rule(), rule("require", "tcp/9", "discard")])
    assert (made.openings, made.expected, made.rules) == (2, 1, 2)
    assert [(one.rule, one.kind, one.keys) for one in made.held] == [
        ("require-tcp-9", "require", ()),
        ("allow-tcp-443", "allow", (NGINX.key,)),
    ]


def test_what_is_alike_is_told_once_and_counted():
    alike = [opening(80, "app", netns=Netns(number, "", "private")) for number in range(1, 5)]
    verdict = only(check(alike, []))
    assert verdict.evidence[-1] == "and 3 more that are alike"


def test_the_worst_comes_first():
    made = check(MANY, RULES, LOCK, unsafe="hb.d can be written by everybody")
    states = [one.state for one in made.verdicts]
    assert states == sorted(states, key=["drift", "debt", "note", "unseen"].index)
    assert made.verdicts[0].severity == "critical"


def test_when_it_was_first_seen_is_history_s_word():
    assert only(check([NGINX], [], known={NGINX.key: NOW - 60})).since == NOW - 60
    assert only(check([NGINX], [])).since is None


def test_without_events_there_are_no_causes():
    assert all(not one.causes for one in check(MANY, RULES, LOCK).verdicts)


def test_what_happened_explains_drift_and_drift_only():
    upgraded = Event(NOW - 600, "package", "intruder installed 1.0", "/var/log/dpkg.log", subject="intruder")
    made = check([opening(1703, "intruder"), opening(25, "postfix")], [], LOCK, events=[upgraded])
    causes = {one.key: [each.text for each in one.causes] for one in made.verdicts}
    assert causes["tcp/public/1703/unit:intruder.service/host"] == ["intruder installed 1.0"]
    assert causes["tcp/public/25/unit:postfix.service/host"] == []


def test_parts_of_a_condition_reach_the_page():
    both = rule(by=All((Is("unit", "nginx.service"), Is("pkg", "nginx"))), by_text="unit:nginx.service and pkg:nginx")
    verdict = only(check([opening(owner="caddy")], [both]))
    assert any("by unit:nginx.service and pkg:nginx" in each for each in verdict.evidence)


def test_gaps_are_told_where_they_may_hide_what_is_required():
    made = check([], [rule("require")], coverage=Coverage(False, (), (HIDING, BLIND)))
    assert any("namespaces: no rights" in each for each in only(made).evidence)


def test_what_led_to_a_service_s_end_is_told_too():
    removed = Event(NOW - 600, "package", "nginx removed 1.22.1-9", "/var/log/dpkg.log", subject="nginx")
    made = check([], [rule("require")], locked(NGINX), events=[removed])
    causes = {one.kind: [each.text for each in one.causes] for one in made.verdicts}
    assert causes["gone"] == ["nginx removed 1.22.1-9"]


def test_only_what_happened_between_the_two_looks_is_a_cause():
    def upgraded(ago):
        return Event(NOW - ago, "package", f"intruder installed {ago}", "/var/log/dpkg.log", subject="intruder")

    one = opening(1703, service("intruder", started_at=None))
    events = [upgraded(ago) for ago in (50, 500, 5000)]
    made = check([one], [], events=events, spans={("new", one.key): (NOW - 1000, NOW - 100)})
    assert [each.text for each in only(made).causes] == ["intruder installed 500"]


def test_what_no_rule_is_about_says_which_rule_comes_nearest():
    verdict = next(one for one in check([opening(8443)], [rule()]).verdicts if one.kind == "new")
    assert verdict.rule == ""
    assert any("allow-tcp-443 allows nginx.service" in each for each in verdict.evidence), verdict.evidence


def test_whose_place_somebody_took_has_not_vanished_besides():
    assert told(check([opening(owner="caddy")], [], locked(NGINX))) == [("owner-changed", "drift", "medium")]

"""What is required and not there, and what was observed and has vanished."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.checking import HOST, NOW, locked, opening, rule

from hb_engine.baseline.deciding.decide import Decider
from hb_engine.judge.missing import is_place, required, unmet, vanished, would_show_all
from hb_engine.model.baseline import All, Baseline, Is, Listen, LockedHost, Observed
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace

REQUIRED = rule("require")


def wanted(found, lock=None):
    return required(found, found.listen, lock)


def missing(rules, openings):
    """The ids of unmet rules, and how many decisions were explained for that."""
    decider = Decider(Baseline(tuple(rules)), HOST, NOW)
    asked = []

    def explain(one):
        asked.append(one)
        return decider.explain(one)

    decisions = [decider.decide(one) for one in openings]
    found = unmet(decider.missing(()), decisions, explain)
    return [one.id if len(one.wanted) == 1 else places[0].text for one, places in found], len(asked)


def test_an_opening_that_a_rule_decides_about_meets_it():
    assert missing([REQUIRED], [opening()]) == ([], 0)
    assert missing([REQUIRED], [opening(owner="caddy")]) == ([], 0), "its own word tells"


def test_nothing_meets_a_rule_of_which_nothing_is_there():
    assert missing([REQUIRED], [opening(80), opening(443, transport="udp")]) == (["require-tcp-443"], 0)


def test_a_rule_may_be_met_though_another_one_decides():
    assert missing([REQUIRED, rule("forbid", unit="")], [opening()]) == ([], 1)


def test_another_owner_who_is_allowed_does_not_meet_it():
    assert missing([REQUIRED, rule(unit="caddy", id="caddy")], [opening(owner="caddy")]) == (["require-tcp-443"], 1)


def test_each_place_of_a_rule_is_required():
    both = rule("require", "tcp/80, tcp/443")
    assert missing([both], [opening(443)]) == (["tcp/80"], 0)
    assert missing([both], [opening(443), opening(80)]) == ([], 0)
    assert missing([both], []) == (["tcp/80", "tcp/443"], 0)
    assert missing([both], [opening(443), opening(80, owner="caddy")]) == ([], 0), "its own word tells"
    assert missing([both, rule(listen="tcp/80", unit="caddy", id="c")], [opening(443), opening(80, owner="caddy")]) == (
        ["tcp/80"],
        1,
    )


def test_one_port_meets_a_range_and_what_a_name_stands_for():
    assert missing([rule("require", "tcp/400-500")], [opening(443)]) == ([], 0)
    assert missing([rule("require", "tcp/any")], [opening(443)]) == ([], 0)
    assert missing([rule("require", "tcp/400-500, tcp/8000-8999")], [opening(443)]) == (["tcp/8000-8999"], 0)
    named = replace(REQUIRED, listen=tuple([Listen("tcp", port, port, text="tcp/x") for port in (80, 443)]))
    assert missing([named], [opening(443)]) == ([], 0)
    assert named.wanted == (named.listen,)


def test_places_on_two_devices_are_two():
    both = rule("require", "tcp/443 on iface:eth0, tcp/443 on iface:eth1")
    assert missing([both], [opening(443, interface="eth0")]) == (["tcp/443 on iface:eth1"], 0)
    inside = rule("require", "tcp/443 on net:10.1.0.0/16, tcp/443 on net:10.2.0.0/16")
    assert missing([inside], [opening(443, scope="private", addresses=("10.1.0.9",))]) == (
        ["tcp/443 on net:10.2.0.0/16"],
        0,
    )


@pytest.mark.parametrize(
    ("about", "listen", "shown"),
    [
        ("tcp/8500", "tcp/8000-9000", False),
        ("tcp/1-7999 tcp/9001-65535", "tcp/8000-9000", True),
        ("tcp/1-8000", "tcp/8000-9000", False),
        ("tcp/9000-9999", "tcp/8000-9000", False),
        ("udp/8500", "tcp/8000-9000", True),
        ("tcp/22", "tcp/any", False),
        ("tcp/8500", "tcp/8000", True),
        ("tcp/x-y", "tcp/8000", False),
        ("udp", "tcp/8000-9000", True),
    ],
)
def test_a_range_is_missed_only_where_all_of_it_would_have_been_seen(about, listen, shown):
    coverage = Coverage(privileged=True, gaps=(Gap("a", "b", "c", about),))
    found = rule("require", listen)
    assert would_show_all(coverage, found.listen, required(found, found.listen)) is shown


def test_what_is_allowed_is_not_required():
    assert missing([rule()], []) == ([], 0)


def test_only_openings_at_its_places_are_asked_about():
    rules = [REQUIRED, rule(listen="tcp/any", unit="", id="all")]
    assert missing(rules, [opening(port) for port in range(1, 300)]) == (["require-tcp-443"], 0)


PLACES = {
    "its port": (Listen("tcp", 443, 443), opening(), True),
    "another port": (Listen("tcp", 80, 80), opening(), False),
    "in a range": (Listen("tcp", 1, 500), opening(), True),
    "any transport": (Listen("any", 443, 443), opening(), True),
    "another transport": (Listen("udp", 443, 443), opening(), False),
    "any place": (Listen("tcp", place="any"), opening(None), True),
    "ephemeral": (Listen("tcp", place="ephemeral"), opening(40000, ephemeral=True), True),
    "not ephemeral": (Listen("tcp", place="ephemeral"), opening(40000), False),
    "a namespace": (Listen("tcp", 443, 443), opening(netns=Netns(1, "", "container")), False),
    "any namespace": (Listen("tcp", 443, 443, netns="any"), opening(netns=Netns(1, "", "container")), True),
    "a port where there are none": (Listen("raw", 0, 65535), opening(None, transport="raw"), False),
}


@pytest.mark.parametrize(("place", "one", "fits"), PLACES.values(), ids=PLACES)
def test_places(place, one, fits):
    assert is_place(place, one) is fits


@pytest.mark.parametrize(
    ("listen", "told"),
    [
        ("tcp/443 on loopback", ("tcp", 443, "loopback", "host")),
        ("udp/53", ("udp", 53, "public", "host")),
        ("tcp/8000-8010 on private", ("tcp", 8000, "private", "host")),
        ("tcp/ephemeral", ("tcp", None, "public", "host")),
        ("tcp/80 on public netns:container", ("tcp", 80, "public", "container")),
    ],
)
def test_what_is_required_as_an_opening(listen, told):
    one = wanted(rule("require", listen))
    assert (one.transport, one.port, one.scope, one.netns.kind) == told
    assert one.addresses


def test_a_rule_without_a_place_requires_something_all_the_same():
    assert required(REQUIRED, ()).transport == "tcp"


def gone(lock, *, there=lambda _: False, shows=lambda _: True):
    return [one.thread for one, _ in vanished(lock.hosts[0], there, shows)]


def test_what_was_observed_and_is_not_there():
    lock = locked(opening(), opening(22, "sshd"))
    assert gone(lock) == ["tcp/443/unit:nginx.service/host", "tcp/22/unit:sshd.service/host"]
    assert gone(lock, there=lambda one: "443" in one.thread) == ["tcp/22/unit:sshd.service/host"]
    assert gone(lock, shows=lambda one: one.port == 443) == ["tcp/443/unit:nginx.service/host"]


def test_what_comes_and_goes_does_not_vanish():
    assert gone(locked(opening(40000, ephemeral=True))) == []
    assert list(vanished(None, lambda _: False, lambda _: True)) == []


@given(st.text(max_size=30), st.sampled_from(SCOPES))
def test_any_thread_of_a_lock_can_be_asked_about(thread, scope):
    host = LockedHost("x", observed=(Observed(thread, scope),))
    for _, one in vanished(host, lambda _: False, lambda _: True):
        assert one.scope == scope


def test_what_is_required_has_the_holder_that_it_had():
    one = wanted(REQUIRED, locked(opening()).hosts[0])
    assert (one.unit, one.owners[0].exe, one.owners[0].comm) == ("nginx.service", "/usr/sbin/nginx", "nginx")
    assert one.owners[0].package is not None
    assert one.owners[0].package.name == "nginx"
    elsewhere = wanted(REQUIRED, locked(opening(80)).hosts[0])
    assert (elsewhere.unit, elsewhere.owners) == ("nginx.service", ())


@pytest.mark.parametrize(
    ("by", "unit"),
    [
        (Is("unit", "nginx.service"), "nginx.service"),
        (Is("unit", "nginx"), "nginx.service"),
        (Is("unit", "nginx*"), None),
        (Is("pkg", "nginx"), None),
        (All((Is("pkg", "nginx"), Is("unit", "nginx"))), "nginx.service"),
        (None, None),
    ],
)
def test_what_is_required_has_the_unit_that_its_rule_names(by, unit):
    assert wanted(replace(REQUIRED, by=by)).unit == unit

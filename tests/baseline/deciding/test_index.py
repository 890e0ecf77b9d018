"""Rules found by place and by owner, in layers."""

from __future__ import annotations

import pytest
from tests.kit import deciding as kit
from tests.kit.deciding import NOW, opening, owner, rule

from hb_engine.baseline.deciding.index import Index, Layer, Shared, precedence
from hb_engine.baseline.deciding.match import Ready, Seen
from hb_engine.model.baseline import Is, Listen, Speaks
from hb_engine.model.opening import Unowned


def ready(*rules):
    return [Ready(one, number, NOW) for number, one in enumerate(rules)]


def index(*layers):
    found = ready(*[one for layer in layers for one in layer])
    shared = Shared(found)
    made, at = [], 0
    for layer in layers:
        made.append(Layer(found[at : at + len(layer)], shared.numbers))
        at += len(layer)
    return Index(made, shared)


def ids(found):
    return [one.rule.id for one in found]


def about(*rules, seen):
    found = index(rules)
    return ids(found.bucket(seen).about(Seen(seen)))


@pytest.mark.parametrize(
    ("place", "port", "found"),
    [
        ("tcp/443", 443, True),
        ("tcp/443", 444, False),
        ("tcp/400-500", 400, True),
        ("tcp/400-500", 500, True),
        ("tcp/400-500", 399, False),
        ("tcp/400-500", 501, False),
        ("any/443", 443, True),
        ("any/400-500", 443, True),
        ("udp/443", 443, False),
        ("tcp/any", 443, True),
        ("any/any", None, True),
        ("tcp/443", None, False),
        ("tcp/ephemeral", 443, False),
    ],
)
def test_rules_are_found_by_place(place, port, found):
    assert about(rule("allow", "r", place), seen=opening(port)) == (["r"] if found else [])


def test_chosen_ports():
    assert about(rule("allow", "r", "tcp/ephemeral"), seen=opening(40000, ephemeral=True)) == ["r"]


def test_ranges_within_ranges():
    found = [
        rule("allow", f"{first}-{last}", f"tcp/{first}-{last}") for first, last in ((1, 9), (2, 3), (1, 99), (4, 5))
    ]
    assert set(about(*found, seen=opening(3))) == {"1-9", "2-3", "1-99"}
    assert set(about(*found, seen=opening(50))) == {"1-99"}


def test_a_rule_of_several_places_is_there_once():
    assert about(rule("allow", "r", "tcp/443", "tcp/1-999", "any/any"), seen=opening()) == ["r"]
    by_owner = rule("allow", "r", "tcp/443", "tcp/1-999", "any/any", by=Is("unit", "nginx"))
    assert about(by_owner, seen=opening()) == ["r"]
    assert ids(index((by_owner,)).bucket(opening()).everything) == ["r"]


def test_rules_come_in_the_order_of_precedence_from_all_layers():
    fleet = (rule("allow", "fleet", "tcp/443"), rule("forbid", "never", "tcp/443"))
    role = (rule("allow", "role", "tcp/443", role="web"), rule("require", "must", "tcp/443", role="web"))
    host = (rule("allow", "host", "tcp/443", host="web-1"),)
    found = index(fleet, role, host)
    assert ids(found.bucket(opening()).rules) == ["never", "must", "host", "role", "fleet"]
    assert ids(found.rules) == ["never", "must", "host", "role", "fleet"]


def test_ports_with_the_same_rules_share_a_bucket():
    found = index((rule("allow", "r", "tcp/1-999"), rule("allow", "s", "tcp/80")))
    assert found.bucket(opening(443)) is found.bucket(opening(444))
    assert found.bucket(opening(80)) is not found.bucket(opening(443))


def test_ports_at_other_places_of_one_rule_share_none():
    """What may be open as far as this machine on one port, and to everyone on another."""
    found = index((rule("allow", "r", "tcp/80 on loopback", "tcp/443", "tcp/1000-1999", "tcp/1500-2999"),))
    ports = (80, 443, 1200, 1700, 2500)
    buckets = {found.bucket(opening(port)).number for port in ports}
    assert len(buckets) == len(ports)


def test_stacks_of_different_roles_share_what_they_have_in_common():
    found = ready(rule("allow", "fleet", "tcp/443"), rule("allow", "web", "tcp/80"), rule("allow", "db", "tcp/5432"))
    shared = Shared(found)
    fleet, web, db = (Layer([one], shared.numbers) for one in found)
    one, other = Index([fleet, web], shared), Index([fleet, db], shared)
    assert one.bucket(opening(443)) is other.bucket(opening(443))
    assert ids(one.bucket(opening(80)).rules) == ["web"]
    assert ids(other.bucket(opening(80)).rules) == []


# -- by owner


def test_rules_for_any_port_are_found_by_the_owner_that_they_need():
    found = [rule("allow", f"r{number}", "tcp/any", by=Is("unit", f"u{number}")) for number in range(100)]
    seen = opening(443, "public", owner(unit="u7.service"))
    assert about(*found, seen=seen) == ["r7"]
    assert about(*found, seen=opening()) == []
    assert len(about(*found, seen=opening(unowned=Unowned("not-permitted")))) == 100  # any of them may be meant


def test_rules_that_forbid_and_rules_without_a_certain_owner_are_always_looked_at():
    found = (
        rule("forbid", "f", "tcp/any", by=Is("unit", "x")),
        rule("allow", "glob", "tcp/any", by=Is("unit", "x*")),
        rule("allow", "all", "tcp/any"),
        rule("allow", "port", "tcp/443", by=Is("unit", "x")),
    )
    assert about(*found, seen=opening()) == ["f", "glob", "all", "port"]


def test_a_bucket_knows_whether_speech_matters():
    found = index((rule("allow", "r", "tcp/443", speaks=Speaks(("https",))), rule("allow", "s", "tcp/80")))
    assert found.bucket(opening(443)).speaks
    assert not found.bucket(opening(80)).speaks
    owned = index((rule("allow", "r", "tcp/any", by=Is("unit", "x"), speaks=Speaks(("https",))),))
    assert owned.bucket(opening()).speaks
    assert ids(owned.bucket(opening()).everything) == ["r"]


def test_the_first_rule_of_an_owner_elsewhere():
    found = index(
        (rule("allow", "late", "tcp/1", by=Is("pkg", "nginx")), rule("forbid", "no", "tcp/2", by=Is("pkg", "nginx"))),
        (rule("require", "must", "tcp/3", by=Is("unit", "nginx"), role="web"),),
    )
    assert found.of_owner(Seen(opening())).rule.id == "must"
    assert found.of_owner(Seen(opening(unowned=Unowned("not-found")))) is None


def test_vsock_ports_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("hb_engine.baseline.deciding.index.MOST", 10)
    found = index((rule("allow", "r", Listen("vsock", place="any")), rule("allow", "s", Listen("vsock", 5, 5))))
    for port in (*range(100), 5, 1 << 31):
        expected = ["r", "s"] if port == 5 else ["r"]
        assert ids(found.bucket(opening(port, transport="vsock")).rules) == expected
    assert len(found._buckets) <= 3


def test_ports_that_no_rule_tells_apart_are_alike():
    shared = Shared(ready(rule("allow", "a", "tcp/443", "tcp/1000-1999"), rule("allow", "b", "tcp/1500-2500")))
    groups = {shared.like(port) for port in range(65536)}
    assert len(groups) == 6  # 443, below 1000, 1000-1499, 1500-1999, 2000-2500, above
    for port in (442, 443, 444, 999, 1000, 1499, 1500, 1999, 2000, 2500, 2501):
        assert shared.like(shared.like(port)) == shared.like(port)
    assert shared.like(443) == 443
    assert shared.like(1999) == shared.like(1600) != shared.like(2000) == shared.like(2500) != shared.like(2501)
    assert shared.like(40000) == shared.like(50000) != shared.like(1200)


@pytest.mark.parametrize("seed", range(150))
def test_no_rule_that_covers_is_left_out(seed):
    world = kit.World(seed)
    found = ready(*world.baseline().rules)
    shared = Shared(found)
    stack = Index([Layer(found[::2], shared.numbers), Layer(found[1::2], shared.numbers)], shared)
    for _ in range(8):
        seen = Seen(world.opening(), world.answer())
        bucket = stack.bucket(seen.opening)
        near = {one.number for one in bucket.about(seen)}
        for one in found:
            outcome, _, about_it = one.hold(seen)
            if outcome == "covers" or about_it:
                assert one.number in near, (one.rule, seen.opening)
        assert bucket.everything == sorted(bucket.everything, key=precedence)

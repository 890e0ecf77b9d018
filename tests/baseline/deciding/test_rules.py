"""The choice of rules for machines, windows for them, and what words are remembered by."""

from __future__ import annotations

import pytest
from tests.kit import deciding as kit
from tests.kit.deciding import HOST, NOW, answer, opening, owner, rule

from hb_engine.baseline.deciding.decide import Decider
from hb_engine.baseline.deciding.rules import READS, Memory, Rules, Times, utc
from hb_engine.model.baseline import OWNER_FIELDS, Baseline, Hours, Is, Listen, Role, Speaks, Window
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import Container, Hold, Package
from hb_engine.model.record import replace

ROLES = (Role("web", ("web-*",), includes=("linux",)), Role("linux"), Role("db", ("db-*",)))


def chosen(rules, host=HOST, given=(), **more):
    roles, index, _ = Rules(Baseline(rules, ROLES, **more), NOW).choose(host, given)
    return roles, [ready.rule.id for ready in index.rules]


def test_rules_for_a_machine():
    rules = (
        rule("allow", "all", "tcp/1"),
        rule("allow", "web", "tcp/1", role="web"),
        rule("allow", "linux", "tcp/1", role="linux"),
        rule("allow", "db", "tcp/1", role="db"),
        rule("allow", "name", "tcp/1", host="WEB-1"),
        rule("allow", "full", "tcp/1", host="web-1.example.org"),
        rule("allow", "pattern", "tcp/1", host="*.example.org"),
        rule("allow", "numbers", "tcp/1", host="web-[1:3]"),
        rule("allow", "both", "tcp/1", host="web-1", role="db"),
        rule("allow", "other", "tcp/1", host="web-2"),
        rule("allow", "address", "tcp/1", host="10.1.2.3"),
        rule("allow", "network", "tcp/1", host="10.1.0.0/16"),
        rule("allow", "elsewhere", "tcp/1", host="10.9.0.0/16"),
    )
    roles, ids = chosen(rules)
    assert roles == ("web", "linux")
    assert ids == ["name", "full", "pattern", "numbers", "address", "network", "web", "linux", "all"]
    assert chosen(rules, Host("x", ""), ("db",))[1] == ["db", "all"]


def test_a_machine_without_a_name_has_the_rules_for_all():
    rules = (rule("allow", "all", "tcp/1"), rule("allow", "star", "tcp/1", host="*"))
    assert chosen(rules, Host("", ""))[1] == ["star", "all"]


def test_machines_of_the_same_roles_share_an_index():
    found = Rules(Baseline((rule("allow", "a", "tcp/1"), rule("allow", "b", "tcp/1", host="web-9")), ROLES), NOW)
    one, two, own = (found.choose(Host(name, ""))[1] for name in ("web-1", "web-2", "web-9"))
    assert one is two
    assert own is not one
    assert own.layers[:-1] == one.layers


def test_many_combinations_of_roles_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("hb_engine.baseline.deciding.rules.INDEXES", 3)
    found = Rules(Baseline((), tuple([Role(f"r{each}", (f"h{each}",)) for each in range(10)])), NOW)
    for each in range(10):
        assert found.choose(Host(f"h{each}", ""))[0] == (f"r{each}",)
    assert len(found._indexes) <= 3


def test_utc_needs_no_file_and_other_zones_are_not_known():
    assert (utc("UTC", 0), utc("Europe/Berlin", 0)) == (0, None)


# -- windows


def times(*windows):
    return Times(0, windows)


def test_rules_outside_of_all_their_windows():
    found = times((Window("a", "only", ("x", "y")), False), (Window("b", "only", ("y",)), True))
    assert found.outside == {"x": "a"}
    assert found.muting == []


def test_who_is_muted():
    found = times((Window("a", "mute", ("x",)), True), (Window("b", "mute"), True), (Window("c", "mute"), False))
    assert found.muting == [("a", frozenset(("x",))), ("b", frozenset())]
    assert found.outside == {}


def test_windows_for_other_machines_are_left_out():
    window = Window("w", "only", ("a",), Is("role", "db"), (Hours((0,), 0, 1),))
    found = Rules(Baseline((rule("allow", "a", "tcp/1"),), ROLES, (window,)), NOW)
    assert found.choose(HOST)[2].outside == {}
    assert found.choose(Host("db-1", ""))[2].outside == {"a": "w"}
    assert found.choose(HOST)[2] is found.choose(Host("web-7", ""))[2]


# -- what a word depends on


def key(found, seen, spoken=None):
    rules = Rules(Baseline(found), NOW)
    _, index, now = rules.choose(HOST)
    return rules.memory.key(index.bucket(seen), now, seen, spoken)


def test_every_field_that_owners_have_is_in_keys():
    """The unit is in all of them; digests are asked every time."""
    assert set(OWNER_FIELDS) - set(READS) == {"unit", "sha256"}


@pytest.mark.parametrize(
    "change",
    [
        {"inodes": (4,)},
        {"addresses": ("0.0.0.0", "::")},
        {"notes": ("x",)},
        {"uid": 7, "user": "x"},
        {"owners": (owner(pid=9, started_at=3.0, cmdline=("x",)),)},
        {"owners": (owner(package=Package("nginx", "9.9", "dpkg")),)},
    ],
)
def test_what_changes_with_every_restart_is_in_no_key(change):
    found = (rule("allow", "a", "tcp/443", by=Is("unit", "nginx")),)
    assert key(found, opening()) == key(found, replace(opening(), **change))


def test_how_owners_fall_into_groups_is_in_keys():
    found = (rule("allow", "a", "tcp/443", by=Is("user", "root")),)
    pair = replace(opening(), owners=(owner(), owner(pid=9, user="x")))
    apart = replace(opening(), owners=(owner(), owner(pid=9, user="x", script="/srv/a.py")))
    boxed = replace(opening(), owners=(owner(), owner(pid=9, user="x", container=Container("docker", "1"))))
    assert len({key(found, each) for each in (pair, apart, boxed)}) == 3


@pytest.mark.parametrize(
    ("found", "change"),
    [
        (rule("allow", "a", "tcp/443"), {"scope": "private"}),
        (rule("allow", "a", "tcp/443"), {"interface": "eth0"}),
        (rule("allow", "a", "tcp/443"), {"netns": Netns(1, kind="container")}),
        (rule("allow", "a", "tcp/443"), {"flags": ("hidden",)}),
        (rule("allow", "a", "tcp/443"), {"addresses": ("10.0.0.1",)}),
        (rule("allow", "a", Listen("tcp", 443, 443, networks=("10.0.0.0/8",))), {"addresses": ("0.0.0.0", "10.0.0.1")}),
        (rule("allow", "a", "tcp/443", by=Is("user", "root")), {"owners": (owner(user="x"),)}),
        (rule("allow", "a", "tcp/443", by=Is("unit", "x")), {"owners": (owner(unit="x.service"),)}),
        (rule("allow", "a", "tcp/443", by=Is("unit", "x")), {"unit": "x.service"}),
        (rule("allow", "a", "tcp/443", by=Is("exe", "x")), {"owners": (owner(holds=(Hold("activation"),)),)}),
        (rule("allow", "a", "tcp/443", by=Is("unit", "x")), {"owners": (owner(), owner(pid=9, script="/x"))}),
        (rule("allow", "a", "tcp/443", by=Is("unit", "x")), {"owners": (owner(), owner(unit="x.service"))}),
        (rule("allow", "a", "tcp/443", by=Is("image", "x")), {"container": Container("docker", "1", image="x")}),
        (rule("allow", "a", "tcp/443", by=Is("image", "x")), {"owners": (owner(container=Container("docker", "1")),)}),
        (rule("allow", "a", "tcp/443", by=Is("pkg", "x")), {"owners": (owner(package=None),)}),
        (rule("allow", "a", "tcp/443", by=Is("exe", "x")), {"owners": (), "unowned": Unowned("not-found")}),
    ],
)
def test_what_a_rule_asks_for_is_in_its_key(found, change):
    assert key((found,), opening()) != key((found,), replace(opening(), **change))


def test_answers_are_in_keys_where_a_rule_asks_for_speech():
    asking = (rule("allow", "a", "tcp/443", speaks=Speaks(("http",))),)
    assert key(asking, opening(), answer("http")) != key(asking, opening(), answer("ssh"))
    timed = replace(answer("http"), rtt=0.5, ttl=3)
    assert key(asking, opening(), answer("http")) == key(asking, opening(), timed)
    silent = (rule("allow", "a", "tcp/443"),)
    assert key(silent, opening(), answer("http")) == key(silent, opening())


def test_words_are_forgotten_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr("hb_engine.baseline.deciding.rules.WORDS", 5)
    memory = Memory([])
    for each in range(23):
        memory.keep(each, ("expected", None, "", ""))
    assert memory.get(22)
    assert memory.get(1) is None


def test_words_of_a_small_memory_are_the_same(monkeypatch):
    monkeypatch.setattr("hb_engine.baseline.deciding.rules.WORDS", 2)
    monkeypatch.setattr("hb_engine.baseline.deciding.index.MOST", 2)
    for seed in range(30):
        world = kit.World(seed)
        one = Decider(world.baseline(), HOST, NOW)
        for _ in range(12):
            seen, spoken = world.opening(), world.answer()
            assert one.decide(seen, spoken).word == one.explain(seen, spoken).word

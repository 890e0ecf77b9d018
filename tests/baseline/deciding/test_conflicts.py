"""Rules that cannot all be meant."""

from __future__ import annotations

from typing import Any

import pytest
from tests.kit import deciding as kit
from tests.kit.deciding import DAY, HOST, NOW, opening, rule

from hb_engine.baseline.deciding.conflicts import MOST, problems
from hb_engine.baseline.deciding.decide import Decider
from hb_engine.model.baseline import Baseline, Hours, Is, Listen, Role, Speaks, Where, Window
from hb_engine.model.record import replace

ROLES = (Role("web", ("web-*",), includes=("linux",)), Role("linux"), Role("db", ("db-*",)))
NGINX = Is("unit", "nginx.service")


def found(*rules, roles=ROLES, windows=(), now=NOW):
    return problems(Baseline(rules, roles, windows), now)


def codes(*rules, **more):
    return [(problem.code, problem.level) for problem in found(*rules, **more)]


CONFLICT, SHADOWED, TIE = ("conflict", "error"), ("shadowed", "warning"), ("tie", "error")


def test_rules_that_agree_have_no_problem():
    assert (
        codes(rule("require", "a", "tcp/443"), rule("allow", "b", "tcp/22 on private"), rule("forbid", "c", "tcp/23"))
        == []
    )


# -- required and forbidden


def test_both_rules_and_both_places_are_named():
    web = rule("require", "web", "tcp/443", where=Where("hb.d/web.toml", 3, 1))
    no = rule("forbid", "no", "tcp/443", where=Where("hb.d/sec.toml", 9, 1))
    (problem,) = found(web, no)
    assert problem.message == "web requires what no (hb.d/sec.toml:9:1) forbids: no machine can satisfy both"
    assert problem.where.text == "hb.d/web.toml:3:1"
    assert (problem.code, problem.level) == CONFLICT


@pytest.mark.parametrize(
    ("required", "forbidden", "expected"),
    [
        ("tcp/443", "tcp/443", [CONFLICT]),
        ("tcp/443", "tcp/400-500", [CONFLICT]),
        ("tcp/443", "tcp/any", [CONFLICT]),
        ("tcp/443", "any/443", [CONFLICT]),
        ("tcp/443", "any/any", [CONFLICT]),
        ("tcp/400-450", "tcp/1-1023", [CONFLICT]),
        ("tcp/ephemeral", "tcp/ephemeral", [CONFLICT]),
        ("tcp/ephemeral", "tcp/any", [CONFLICT]),
        ("tcp/443 on loopback", "tcp/443", [CONFLICT]),
        ("tcp/443", "udp/443", []),
        ("tcp/443", "tcp/444-500", []),
        ("tcp/400-450", "tcp/443", []),  # another port of the range will do
        ("tcp/any", "tcp/443", []),
        ("tcp/443 on private", "tcp/443 on public", []),
        ("tcp/443 on public", "tcp/443 on public", [SHADOWED]),  # never as far as it says
        ("tcp/443 on public", "tcp/443 on private", [SHADOWED]),
        ("tcp/443 on link", "tcp/443 on private", []),
    ],
)
def test_places(required, forbidden, expected):
    assert codes(rule("require", "r", required), rule("forbid", "f", forbidden)) == expected


def test_an_edge_that_is_cut_says_what_to_write():
    (problem,) = found(rule("allow", "a", "tcp/443"), rule("forbid", "f", "tcp/443 on public"))
    assert problem.message == "a allows tcp/443 as far as public, and f forbids it from public on"
    assert problem.hint == "Say how far it may reach: on private."


def test_one_of_several_places():
    two = rule("require", "r", "tcp/80", "tcp/443")
    assert codes(two, rule("forbid", "f", "tcp/80")) == [CONFLICT]  # each of them must be open
    assert codes(replace(two, kind="allow"), rule("forbid", "f", "tcp/80")) == [SHADOWED]
    named = tuple([replace(place, text="tcp/x") for place in two.listen])
    assert codes(replace(two, listen=named), rule("forbid", "f", "tcp/80")) == [SHADOWED]  # one port of a name will do
    assert codes(two, rule("forbid", "f", "tcp/80", "tcp/443")) == [CONFLICT]


@pytest.mark.parametrize(
    ("by", "forbidden", "expected"),
    [
        (NGINX, None, [CONFLICT]),
        (NGINX, NGINX, [CONFLICT]),
        (NGINX, Is("unit", "apache2"), []),
        (None, NGINX, []),
    ],
)
def test_owners(by, forbidden, expected):
    assert codes(rule("require", "r", "tcp/443", by=by), rule("forbid", "f", "tcp/443", by=forbidden)) == expected


@pytest.mark.parametrize(
    ("required", "forbidden", "expected"),
    [
        ({}, {}, [CONFLICT]),
        ({"role": "web"}, {}, [CONFLICT]),
        ({"role": "web"}, {"role": "web"}, [CONFLICT]),
        ({"role": "web"}, {"role": "linux"}, [CONFLICT]),  # web includes it
        ({"role": "linux"}, {"role": "web"}, []),  # a machine may be of linux alone
        ({"role": "web"}, {"role": "db"}, []),
        ({"host": "web-1"}, {}, [CONFLICT]),
        ({"host": "web-1"}, {"host": "WEB-1"}, [CONFLICT]),
        ({"host": "web-1"}, {"host": "web-2"}, []),
        ({}, {"role": "db"}, [CONFLICT]),  # all machines, and these not
        ({}, {"host": "db-1"}, [CONFLICT]),
    ],
)
def test_for_whom(required, forbidden, expected):
    assert codes(rule("require", "r", "tcp/443", **required), rule("forbid", "f", "tcp/443", **forbidden)) == expected


@pytest.mark.parametrize(
    "forbidden",
    [
        rule("forbid", "f", "tcp/443", speaks=Speaks(("telnet",))),
        rule("forbid", "f", Listen("tcp", 443, 443, interface="eth0")),
        rule("forbid", "f", Listen("tcp", 443, 443, networks=("10.0.0.0/8",))),
        rule("forbid", "f", Listen("tcp", 443, 443, netns="container")),
    ],
)
def test_what_is_forbidden_under_a_condition_is_no_conflict(forbidden):
    assert codes(rule("require", "r", "tcp/443"), forbidden) == []


def test_times():
    require, forbid = rule("require", "r", "tcp/443"), rule("forbid", "f", "tcp/443")
    night = Window("night", "only", ("f",), every=(Hours((0,), 0, 60),))
    assert codes(require, forbid, windows=(night,)) == []
    assert codes(require, replace(forbid, until=int(NOW) - DAY)) == [("expired", "warning")]


def test_what_is_allowed_in_vain():
    (problem,) = found(rule("allow", "a", "tcp/23", host="web-1"), rule("forbid", "no-telnet", "tcp/23"))
    assert (problem.code, problem.level) == SHADOWED
    assert problem.message == "a allows only what no-telnet forbids; forbid always wins, so it has no effect"


# -- decided twice


def test_ties():
    first = rule("allow", "a", "tcp/443", by=NGINX, owner="alice", where=Where("a.toml", 1))
    (problem,) = found(first, rule("allow", "b", "tcp/443", by=NGINX, owner="bob", severity="high"))
    assert (problem.code, problem.level) == TIE
    assert problem.message == "b and a (a.toml:1) are about the same, with another owner and severity"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("duplicate", "warning")]),
        ({"until": int(NOW) + DAY}, [TIE]),
        ({"role": "web", "owner": "x"}, []),
        ({"by": NGINX, "owner": "x"}, []),
        ({"speaks": Speaks(("ssh",)), "owner": "x"}, []),
        ({"sources": ("net:10.0.0.0/8",), "owner": "x"}, []),
        ({"pack": "debian", "owner": "x"}, [("duplicate", "warning")]),
    ],
)
def test_what_makes_two_rules_the_same(more, expected):
    assert codes(rule("allow", "a", "tcp/443"), rule("allow", "b", "tcp/443", **more)) == expected


def test_packs_are_not_held_against_each_other():
    one, two = rule("allow", "a", "tcp/443", pack="debian"), rule("allow", "b", "tcp/443", pack="fedora", owner="x")
    assert codes(one, two) == []


def test_places_in_another_order_are_the_same_places():
    assert codes(rule("allow", "a", "tcp/1", "tcp/2"), rule("allow", "b", "tcp/2", "tcp/1")) == [
        ("duplicate", "warning")
    ]
    assert codes(rule("allow", "a", "tcp/1"), rule("require", "b", "tcp/1"), rule("allow", "c", "tcp/1 on link")) == []


def test_a_rule_that_has_ended_and_its_successor_are_no_tie():
    ended = rule("allow", "a", "tcp/443", until=int(NOW) - DAY)
    assert codes(ended, rule("allow", "b", "tcp/443", until=int(NOW) + DAY)) == [("expired", "warning")]


# -- for nobody, at no time


def test_a_role_that_chooses_no_machine():
    (problem,) = found(rule("allow", "a", "tcp/1", role="empty"), roles=(Role("empty"),))
    assert (problem.code, problem.level) == ("never-applies", "warning")
    assert "hb check --role empty" in problem.hint
    assert codes(rule("allow", "a", "tcp/1", role="linux")) == []  # web includes it
    assert codes(rule("allow", "a", "tcp/1", role="r"), roles=(Role("r", when=Is("os", "linux")),)) == []
    assert codes(rule("allow", "a", "tcp/1", role="r"), rule("allow", "b", "tcp/2", role="r"), roles=(Role("r"),)) == [
        ("never-applies", "warning")
    ]


def test_circles_of_roles_end():
    circle = (Role("a", includes=("b",)), Role("b", includes=("a",)))
    assert codes(rule("allow", "r", "tcp/1", role="a"), roles=circle) == [("never-applies", "warning")]


def test_windows_of_rules_that_there_are_not():
    assert codes(rule("allow", "a", "tcp/1"), windows=(Window("w", "only", ("b",)),)) == [("unknown-rule", "warning")]
    assert codes(rule("allow", "a", "tcp/1"), windows=(Window("w", "only"),)) == [("unknown-rule", "warning")]
    assert codes(rule("allow", "a", "tcp/1"), windows=(Window("w", "mute"), Window("v", "only", ("a",)))) == []


def test_rules_that_have_ended():
    (problem,) = found(rule("allow", "a", "tcp/1", until=int(NOW) - 3 * DAY))
    assert problem.message == "a ended 3 days ago"


# -- many


def test_errors_come_first_and_not_without_end():
    many = [rule("allow", f"a{each}", "tcp/1") for each in range(MOST + 50)]
    told = found(*many, rule("require", "r", "tcp/2"), rule("forbid", "f", "tcp/2"))
    assert (told[0].code, told[0].level) == CONFLICT
    assert len(told) == MOST + 2
    assert told[-1].message == "and more of the same kind (duplicate)"


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["one port", "ranges within ranges", "hosts", "roles", "all alike"])
def test_many_rules_take_no_time_that_grows_with_their_square(shape):
    """30,000 of each kind: compared each with each they would take hours."""
    kinds = ("require", "allow", "forbid")
    count = 10_000
    rules = []
    for number in range(count):
        for kind in kinds:
            place = Listen("tcp", 443, 443)
            more: dict[str, Any] = {"by": Is("exe", f"/x{number}{kind}")}
            if shape == "ranges within ranges":
                place = Listen("tcp", number + 1, 65535 - number)
            if shape == "hosts":
                more["host"] = f"host-{number}"
            if shape == "roles":
                more["role"] = f"role-{number}"
            if shape == "all alike":
                more = {}
            rules.append(rule(kind, f"{kind}-{number}", place, **more))
    roles = tuple([Role(f"role-{number}", includes=(f"role-{number + 1}",)) for number in range(50)])
    assert len(found(*rules, roles=roles)) <= 10 * MOST


@pytest.mark.parametrize("seed", range(60))
def test_a_rule_that_is_said_to_have_no_effect_has_none(seed):
    """Whatever is open, the word is the same without it, but for the rule that is nearest."""
    world = kit.World(seed)
    baseline = Baseline(tuple([replace(world.rule(), id=str(each)) for each in range(30)]), kit.ROLES)
    idle = {
        rule.id
        for rule in baseline.rules
        for problem in problems(baseline, NOW)
        if problem.message.startswith(f"{rule.id} allows only what")
        or problem.message.startswith(f"{rule.id} requires what")
    }
    without = replace(baseline, rules=tuple([rule for rule in baseline.rules if rule.id not in idle]))
    full, less = Decider(baseline, HOST, NOW), Decider(without, HOST, NOW)
    for _ in range(10):
        seen, spoken = world.opening(), world.answer()
        one, other = full.decide(seen, spoken), less.decide(seen, spoken)
        assert (one.word == "expected") == (other.word == "expected")
        assert (one.word == "forbidden") == (other.word == "forbidden")


def test_a_conflict_is_one():
    require, forbid = rule("require", "r", "tcp/443", by=NGINX), rule("forbid", "f", "tcp/1-999")
    one = Decider(Baseline((require, forbid)), HOST, NOW)
    for scope in ("loopback", "link", "private", "public"):
        assert one.decide(opening(443, scope)).word == "forbidden"

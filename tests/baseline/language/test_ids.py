"""Names of rules: made from what they are about, whatever their place; each once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.language import ids, listen
from hb_engine.model.baseline import Rule, Where
from hb_engine.model.record import replace

RULE = Rule("allow", "", listen.parse("tcp/443 on private"), by_text="unit:a", why="x", where=Where("a.toml", 1, 1))


def test_an_id_is_readable_and_stays():
    found = ids.derived(RULE)
    assert found.startswith("allow-tcp-443-")
    assert len(found) == len("allow-tcp-443-") + ids.DIGITS
    moved = replace(RULE, where=Where("b.toml", 9, 9), why="another", owner="z", until=5, severity="high")
    assert ids.derived(moved) == found
    assert ids.derived(replace(RULE, listen=listen.parse("tcp/443   on  private"))) == found


def test_what_a_rule_is_about_makes_another_id():
    changed = [
        replace(RULE, kind="forbid"),
        replace(RULE, by_text="unit:b"),
        replace(RULE, role="web"),
        replace(RULE, host="web"),
        replace(RULE, listen=listen.parse("tcp/443 on public")),
        replace(RULE, listen=()),
    ]
    assert len({ids.derived(each) for each in (RULE, *changed)}) == 7


def test_given_ids_are_kept_and_second_ones_told():
    first, second = replace(RULE, id="web"), replace(RULE, id="web", where=Where("b.toml", 3, 1))
    kept, problems = ids.given([first, second, RULE, replace(RULE, where=Where("c.toml", 2, 1))])
    assert [rule.id for rule in kept] == ["web", ids.derived(RULE)]
    assert [f"{one.where.text}: {one.message} | {one.hint}" for one in problems] == [
        "b.toml:3:1: the id web is taken by the rule at a.toml:1:1 | Give it another.",
        "c.toml:2:1: this rule is about the same as the one at a.toml:1:1 | Leave one out, or give both an id.",
    ]


@given(st.permutations(range(6)))
def test_the_order_of_rules_changes_no_id(order):
    rules = [replace(RULE, listen=listen.parse(f"tcp/{number + 1}")) for number in range(6)]
    kept, problems = ids.given([rules[number] for number in order])
    assert {rule.id for rule in kept} == {ids.derived(rule) for rule in rules}
    assert not problems

"""Names that tables call one another by: merged roles, references that lead nowhere, circles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.language import names
from hb_engine.baseline.language.builder import Reference
from hb_engine.baseline.language.nodes import Node, Source
from hb_engine.baseline.language.problems import Problems
from hb_engine.model.baseline import AnyOf, Is, Not, Role, Where


def test_roles_of_one_name_are_one():
    a, b = Is("os", "a"), Is("os", "b")
    roles = [
        Role("web", ("1",), a, ("base",), ("x",), Where("a", 1)),
        Role("db"),
        Role("web", ("2", "1"), b, ("base", "tls"), ("y",), Where("b", 1)),
        Role("web", ("3",)),
    ]
    web, db = names.merged(roles)
    assert web == Role("web", ("1", "2", "3"), AnyOf((a, b)), ("base", "tls"), ("x", "y"), Where("a", 1))
    assert db == Role("db")
    assert names.merged([Role("x"), Role("x", when=a)])[0].when == a


@pytest.mark.parametrize(
    ("sort", "name", "known", "told"),
    [
        ("role", "wbe", ["web"], "there is no role 'wbe' | Did you mean web?"),
        ("role", "x", [], "there is no role 'x' | Write it: [[role]], with name and hosts."),
        ("rule", "x", [], "there is no rule 'x' | No rule has an id yet."),
        ("pack", "x", [], "there is no pack 'x' | hb comes with no packs."),
        ("pack", "debain", ["debian", "web"], "there is no pack 'debain' | Did you mean debian?"),
    ],
)
def test_references_that_lead_nowhere(sort, name, known, told):
    problems = Problems(Source("a.toml", f"x = '{name}'"))
    names.check([Reference(sort, name, problems, Node("text", name, 4))], {sort: known})
    assert [f"{one.where.text} {one.message} | {one.hint}" for one in problems.found] == [f"a.toml:1:5 {told}"]
    names.check([Reference(sort, name, problems, Node("text", name, 4))], {sort: [name]})
    assert len(problems.found) == 1


def test_many_names_that_lead_nowhere_are_told_without_looking_for_each(monkeypatch):
    looked = []

    def look(word, known, _):
        looked.append((word, len(known)))
        return "meant"

    monkeypatch.setattr(names, "MOST", 3)
    monkeypatch.setattr(names, "did_you_mean", look)
    problems = Problems(Source("a.toml", "x"))
    references = [Reference("role", f"r{number % 5}", problems, Node("text", "x", 0)) for number in range(20)]
    names.check(references, {"role": ["a", "b", "c", "d"]})
    assert looked == [("r0", 3), ("r1", 3), ("r2", 3)]
    assert len(problems.found) == 20
    assert problems.found[3].hint == "Correct it; names that are alike were not looked for any more."
    assert problems.found[5].hint == "meant"


def circles(**includes):
    roles = [
        Role(name, includes=tuple(others), where=Where("a", number))
        for number, (name, others) in enumerate(includes.items(), 1)
    ]
    return [f"{one.where.text} {one.message}" for one in names.circles(roles)]


def test_circles_are_named():
    assert circles(web=["base"], base=["web"]) == ["a:1 roles include one another: web -> base -> web"]
    assert circles(a=["a"]) == ["a:1 roles include one another: a -> a"]
    assert circles(a=["b"], b=["c"], c=["b"]) == ["a:2 roles include one another: b -> c -> b"]
    assert len(circles(a=["b"], b=["a"], c=["d"], d=["c"])) == 2


def test_no_circles():
    assert circles(a=["b", "c"], b=["c"], c=[], d=["nobody"]) == []


def test_a_long_chain_is_walked_without_recursion():
    chain = {f"r{number}": [f"r{number + 1}"] for number in range(5000)}
    assert circles(**chain) == []
    assert len(circles(**chain, r5000=["r0"])) == 1


@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcde"), max_size=3), max_size=5))
def test_a_circle_is_told_exactly_where_there_is_one(includes):
    reach = {name: set(others) & set(includes) for name, others in includes.items()}
    for _ in includes:
        reach = {name: found | {far for each in found for far in reach[each]} for name, found in reach.items()}
    assert bool(circles(**includes)) == any(name in found for name, found in reach.items())


def test_roles_that_are_decided_by_their_own_absence_are_told():
    told = names.circles([Role("a", when=Not(Is("role", "b"))), Role("b", when=Not(Is("role", "a")))])
    assert [(one.message, one.level) for one in told] == [
        ("these roles decide one another, and one by the absence of another: a -> b -> a", "error")
    ]
    (alone,) = names.circles([Role("a", when=Not(Is("role", "a")))])
    assert alone.message == "the role a is decided by its own absence: a -> a"

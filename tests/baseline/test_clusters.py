"""Machines that are alike are a role, what all have is for all, and it makes no difference in which order they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.clusters import common_name, divided, likeness


def item(by, port=1):
    return ((f"unit:{by}.service and pkg:{by}", "tcp", "host"), f"tcp/{port} on public")


SSH, WEB, WEBS, DB, ODD = (
    item("ssh", 22),
    item("nginx", 80),
    item("nginx", 443),
    item("postgresql@15-main", 5432),
    item("odd"),
)


def have(**hosts):
    return {name: frozenset(items) for name, items in hosts.items()}


def short(clusters):
    return [(one.role or one.host, one.hosts, one.items) for one in clusters]


def test_one_machine_is_no_role():
    assert short(divided(have(a=[SSH, WEB]))) == [("", ("a",), (WEB, SSH))]
    assert divided({}) == divided(have(a=[])) == []


def test_what_all_have_what_some_have_and_what_one_has():
    found = divided(
        have(w1=[SSH, WEB, WEBS], w2=[SSH, WEB, WEBS], w3=[SSH, WEB, WEBS, ODD], d1=[SSH, DB], d2=[SSH, DB])
    )
    assert short(found) == [
        ("", ("d1", "d2", "w1", "w2", "w3"), (SSH,)),
        ("nginx", ("w1", "w2", "w3"), (WEBS, WEB)),
        ("postgresql", ("d1", "d2"), (DB,)),
        ("w3", ("w3",), (ODD,)),
    ]


def test_a_lonely_machine_keeps_its_own():
    assert short(divided(have(a=[SSH], b=[SSH], c=[SSH, DB]))) == [("", ("a", "b", "c"), (SSH,)), ("c", ("c",), (DB,))]
    assert short(divided(have(a=[WEB], b=[DB]))) == [("a", ("a",), (WEB,)), ("b", ("b",), (DB,))]


def test_nearly_all_is_all():
    hosts = {f"h{number:02}": frozenset([SSH]) for number in range(19)}
    assert short(divided({**hosts, "h19": frozenset()}))[0][2] == (SSH,)
    assert divided({**hosts, "h19": frozenset()}, presence=96)[0].role == "ssh"


@pytest.mark.parametrize(
    ("members", "others", "name"),
    [
        (("web-1", "web-12"), ("db-1",), "web"),
        (("db-10.lan", "db-9.lan"), (), "db"),
        (("prod-web-1", "prod-web-2"), ("prod-db-1",), "prod-web"),
        (("mail01.example", "mail02.example"), (), "mail"),
        (("web", "web-2"), (), "web"),
        (("web-1", "web-2"), ("web-3",), ""),
        (("weather", "website"), (), ""),
        (("alpha", "beta"), (), ""),
        (("a1", "a2"), (), ""),
        (("10.0.0.1", "10.0.0.2"), (), ""),
        (("\u202e\u202e1", "\u202e\u202e2"), (), ""),
    ],
)
def test_machines_that_are_numbered_alike_have_a_name(members, others, name):
    assert common_name(members, others) == name


@given(st.lists(st.text(max_size=6), min_size=1, max_size=4), st.lists(st.text(max_size=6), max_size=3))
def test_whatever_machines_are_called(members, others):
    assert common_name(members, others) == common_name(members[::-1], others)


def test_a_role_is_called_as_its_machines_are():
    found = divided({"web-1": frozenset([WEB]), "web-2": frozenset([WEB]), "x": frozenset([DB]), "y": frozenset([DB])})
    assert sorted(one.role for one in found if one.role) == ["postgresql", "web"]


def test_two_roles_of_one_service_have_two_names():
    found = divided(have(a=[WEB], b=[WEB], c=[WEBS, DB, ODD], d=[WEBS, DB, ODD]))
    assert [one.role for one in found] == ["nginx", "nginx-2"]


def test_a_name_that_means_something_already_is_not_taken():
    found = divided(have(a=[WEB], b=[WEB], c=[DB], d=[DB]), roles={"nginx", "nginx-2"})
    assert sorted(one.role for one in found) == ["nginx-3", "postgresql"]


@pytest.mark.parametrize(
    ("left", "right", "much"), [("ab", "ab", 1.0), ("ab", "bc", 1 / 3), ("ab", "cd", 0.0), ("", "", 1.0)]
)
def test_likeness(left, right, much):
    assert likeness(frozenset(map(item, left)), frozenset(map(item, right))) == much


SETS = st.dictionaries(
    st.sampled_from([f"h{number}" for number in range(8)]),
    st.frozensets(st.builds(item, st.sampled_from(["a", "b", "c"]), st.integers(1, 3)), max_size=6),
)


@pytest.mark.slow
@given(SETS, st.randoms(use_true_random=False))
def test_everything_is_somewhere_and_order_makes_no_difference(items, random):
    found = divided(items)
    for host, has in items.items():
        mine = [one for cluster in found if host in cluster.hosts for one in cluster.items if one in has]
        assert sorted(mine) == sorted(has)
    names = list(items)
    random.shuffle(names)
    assert divided({name: items[name] for name in names}) == found
    assert len({one.role for one in found if one.role}) == sum(bool(one.role) for one in found)

"""Roles: by names, addresses and conditions; what they include; words that choose machines."""

from __future__ import annotations

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.deciding import HOST

from hb_engine.baseline.deciding.roles import (
    Machine,
    Roles,
    addresses,
    asked_roles,
    chooser,
    condition,
    denials,
    number,
    slip,
    strata,
)
from hb_engine.model.baseline import HOST_FIELDS, All, AnyOf, Is, Not, Role
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

LABELLED = replace(HOST, labels=("env=prod", "edge", "group=web"))


def roles(*found, host=HOST, given=()):
    return Roles(found).of(host, given)


@pytest.mark.parametrize(
    ("word", "chosen"),
    [
        ("web-1.example.org", True),
        ("web-1", True),  # without its domain
        ("WEB-1", True),
        ("web-*", True),
        ("*.example.org", True),
        ("web-?", True),
        ("db-*", False),
        ("web", False),
        ("web-[1:9]", True),
        ("web-[01:09]", False),  # web-01
        ("web-[2:9]", False),
        ("web-[1:9].example.org", True),
        ("web-[9:1]", False),
        ("10.1.2.3", True),
        ("10.1.2.4", False),
        ("10.1.0.0/16", True),
        ("10.1.2.9/24", True),
        ("192.168.0.0/16", False),
        ("10.1.2.1-10.1.2.9", True),
        ("10.1.2.1-9", True),
        ("10.1.2.4-9", False),
        ("0.0.0.0/0", True),
        ("::/0", False),
    ],
)
def test_words_that_choose_machines(word, chosen):
    assert chooser(word)(Machine(HOST)) is chosen
    assert roles(Role("r", (word,))) == (("r",) if chosen else ())


def test_addresses_of_both_families():
    host = replace(HOST, addresses=("fd00::7", "fe80::1%eth0", "::ffff:10.9.9.9"))
    for word, chosen in (
        ("fd00::/8", True),
        ("fd00::7", True),
        ("fe80::/10", True),
        ("10.9.9.9", True),
        ("fc00::/16", False),
    ):
        assert chooser(word)(Machine(host)) is chosen, word


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.256", "10.0.0.1.2", "1e1.0.0.1", "::g", "x", "10.0.0.\u0661"])
def test_what_is_no_address(text):
    assert number(text) is None


@pytest.mark.parametrize(
    "text", ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.9-1", "10.0.0.1-::1", "web-1-web-9"]
)
def test_what_is_no_range(text):
    assert addresses(text) is None


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_networks_are_those_of_the_standard_library(base, prefix):
    text = f"{ipaddress.IPv4Address(base)}/{prefix}"
    network = ipaddress.ip_network(text, strict=False)
    assert addresses(text) == (4, int(network[0]), int(network[-1]))


@given(st.text(max_size=30))
def test_any_word_chooses_or_does_not(word):
    assert chooser(word)(Machine(HOST)) in (True, False)


# -- conditions


@pytest.mark.parametrize(
    ("field", "pattern", "holds"),
    [
        ("host", "web-*", True),
        ("host", "db-*", False),
        ("cidr", "10.0.0.0/8", True),
        ("cidr", "192.168.0.0/16", False),
        ("os", "debian-12", True),
        ("os", "Debian", True),
        ("os", "debian-*", True),
        ("os", "linux", True),
        ("os", "windows", False),
        ("os", "ubuntu", False),
        ("group", "web", True),
        ("group", "edge", True),
        ("group", "db", False),
        ("label", "env=prod", True),
        ("label", "env", True),
        ("label", "env=*", True),
        ("label", "env=test", False),
        ("label", "edge", True),
    ],
)
def test_conditions(field, pattern, holds):
    assert condition(Is(field, pattern))(Machine(LABELLED)) is holds


def test_every_field_of_the_language_is_known():
    for field in HOST_FIELDS:
        assert condition(Is(field, "x"))(Machine(LABELLED)) is False


def test_what_is_not_known_of_a_machine_chooses_nothing():
    unknown = Host("x", "")
    for part in (Is("os", "debian"), Is("cidr", "10.0.0.0/8")):
        assert not condition(part)(Machine(unknown))
        assert not condition(Not(part))(Machine(unknown))
        assert condition(AnyOf((part, Is("host", "x"))))(Machine(unknown))
        assert not condition(All((part, Is("host", "x"))))(Machine(unknown))
    assert condition(Not(Is("os", "debian")))(Machine(replace(unknown, os="alpine-3")))


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        (Host("w", "Windows Server 2022"), "windows"),
        (Host("m", "macOS 15.1"), "macos"),
        (Host("b", "FreeBSD 14"), "freebsd"),
        (Host("l", "Some Linux"), "linux"),
    ],
)
def test_kinds_of_systems(host, kind):
    for each in ("windows", "macos", "freebsd", "linux"):
        assert condition(Is("os", each))(Machine(host)) is (each == kind)


# -- roles


def test_roles_come_in_the_order_of_their_definition():
    assert roles(Role("b", ("*",)), Role("a", ("web-*",)), Role("c", ("db-*",))) == ("b", "a")


def test_a_role_includes_others_and_what_they_include():
    found = (Role("web", ("web-*",), includes=("linux",)), Role("linux", includes=("all",)), Role("all"), Role("db"))
    assert roles(*found) == ("web", "linux", "all")


def test_a_circle_of_roles_ends():
    assert roles(Role("a", ("*",), includes=("b",)), Role("b", includes=("a",))) == ("a", "b")
    assert roles(Role("a", includes=("a",))) == ()


def test_roles_that_a_person_gives():
    assert roles(Role("web"), Role("db", includes=("web",)), given=("db",)) == ("web", "db")
    assert roles(Role("web"), given=("unheard-of",)) == ("unheard-of",)


def test_roles_that_ask_for_roles_are_decided_after_the_others():
    asking = (
        Role("late", when=Is("role", "later")),
        Role("later", when=All((Is("role", "web"), Is("os", "debian")))),
        Role("web", ("web-*",)),
        Role("never", when=Is("role", "db")),
    )
    assert roles(*asking) == ("late", "later", "web")


def test_a_name_in_a_long_list_and_a_role_defined_twice():
    many = Role("r", tuple([f"host-{each}" for each in range(1000)]))
    assert roles(many, host=replace(HOST, name="host-999")) == ("r",)
    assert roles(many, host=replace(HOST, name="host-1000")) == ()
    assert roles(Role("r", ("db-*",)), Role("r", ("web-*",))) == ("r",)


def test_who_denies_a_role_is_decided_after_all_that_may_give_it():
    late = (
        Role("x", when=Not(Is("role", "y"))),
        Role("y", when=Is("role", "z")),
        Role("z", hosts=("*",)),
    )
    for order in itertools.permutations(late):
        assert set(roles(*order)) == {"y", "z"}
    given = (Role("plain", when=Not(Is("role", "base"))), Role("web", when=Is("host", "web-*"), includes=("base",)))
    assert roles(*given, Role("base")) == ("web", "base")
    assert roles(Role("other", when=Not(Is("role", "*"))), host=HOST) == ("other",)
    assert roles(Role("other", when=Not(Is("role", "*"))), Role("web", hosts=("web-*",))) == ("web",)


def test_groups_of_roles_that_ask_for_roles():
    asking = [
        Role("c", when=Not(All((Is("role", "b"), Not(Is("role", "a")))))),
        Role("b", when=AnyOf((Is("role", "a"), Is("host", "x")))),
        Role("a", hosts=("*",)),
    ]
    assert strata(asking) == [["b"], ["c"]]
    assert strata([Role("a", when=Is("role", "b")), Role("b", when=Is("role", "a"))]) == [["a", "b"]]


@pytest.mark.parametrize(
    ("whens", "circle"),
    [
        ({"a": Not(Is("role", "b")), "b": Not(Is("role", "a"))}, ("a", "b", "a")),
        ({"a": Not(Is("role", "a"))}, ("a", "a")),
        ({"c": Is("role", "a"), "a": Not(Is("role", "b")), "b": Is("role", "a")}, ("a", "b", "a")),
        ({"a": Is("role", "b"), "b": Is("role", "a")}, ()),
        ({"a": Not(Not(Is("role", "b"))), "b": Is("role", "a")}, ()),
        ({"a": Not(Is("role", "b")), "b": Not(Is("role", "c"))}, ()),
        ({"a": Not(Is("role", "*")), "b": Is("host", "*")}, ()),
        ({"a": Not(Is("role", "*")), "b": Not(Is("role", "*"))}, ("a", "b", "a")),
    ],
)
def test_roles_that_are_given_where_they_are_not(whens, circle):
    assert denials([Role(name, when=when) for name, when in whens.items()]) == circle


def test_a_role_that_includes_what_it_denies():
    assert denials([Role("a", when=Not(Is("role", "b")), includes=("b",)), Role("b")]) == ("a", "b", "a")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("web-*", None),
        ("web-?.example.org", None),
        ("10.0.3.0/28", None),
        ("10.0.3.9/28", None),
        ("10.1.2.1-9", None),
        ("fd00::5", None),
        ("fd00::/8", None),
        ("web-[01:20].example.org", None),
        ("127.0.0.1.example.org", None),
        ("web-\\d+", "hosts are no regular expressions"),
        ("^web$", "hosts are no regular expressions"),
        ("10.0.0.0/33", "'10.0.0.0/33' is no network"),
        ("web/1", "'web/1' is no network"),
        ("http://web", "a host is a name or an address, and no page's"),
        ("web-[9:1]", "these brackets are no range of numbers"),
        ("web-[ab]", "these brackets are no range of numbers"),
        ("10.0.0.300", "'10.0.0.300' is no address"),
        ("10.0.0.5:22", "'10.0.0.5:22' is no address"),
        ("web:22", "'web:22' is no address"),
    ],
)
def test_words_that_can_choose_no_machine(word, told):
    found = slip(word)
    assert (found[0] if found else None) == told
    assert found is None or found[1].endswith(".")


def test_roles_that_a_condition_names():
    when = AnyOf((Is("role", "a"), Not(All((Is("role", "b*"), Is("role", "c"), Is("host", "d"))))))
    assert asked_roles(when) == ["a", "c"]

"""Facts are of one process, of its package and of what it said; a fact that is not known differs from nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.checking import NOW, answer, opening, service

from hb_engine.baseline.facts import (
    COMPARED,
    PINNED,
    Difference,
    differences,
    is_led_elsewhere,
    is_wider,
    main,
    observed,
    place_of,
)
from hb_engine.model.baseline import PINS, Observed
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container, Hold
from hb_engine.model.record import replace

DIGEST = "ab" * 32
NGINX = opening()


def test_what_is_observed_of_an_opening():
    heard = answer("http", tls="TLSv1.3", certificate="cd" * 32)
    assert observed(NGINX, heard, sha256=DIGEST, first_seen=NOW + 0.75) == Observed(
        "tcp/443/unit:nginx.service/host", "public", "/usr/sbin/nginx", DIGEST, "nginx", "1.22.1-9", "", "http",
        "nginx 1.22.1", "TLSv1.3", "cd" * 32, int(NOW),
    )  # fmt: skip


def test_what_is_not_known_is_empty():
    nobody = opening(owner=None, unowned=Unowned("not-permitted"))
    assert observed(nobody) == Observed("tcp/443/unknown/host", "public")


def test_an_image_is_that_of_the_owner_or_the_socket():
    box = Container("docker", "1", "shop", "shop:4")
    assert observed(opening(owner=replace(service(), container=box))).image == "shop:4"
    assert observed(opening(owner=None, container=box)).image == "shop:4"


def test_a_deleted_executable_is_the_file_that_it_was():
    assert observed(opening(owner=service(exe="/usr/sbin/nginx (deleted)"))).exe == "/usr/sbin/nginx"


def test_bytes_that_were_no_text_are_written_as_in_the_lock():
    assert observed(opening(owner=service(exe="/a\udcff"))).exe == "/a\\xff"


WORKERS = (service(pid=1), service(pid=2, exe="/usr/sbin/nginx-old"), service(pid=3))
KEEPER = service("systemd", pid=1, unit="init.scope", exe="/usr/lib/systemd/systemd", holds=(Hold("activation"),))


def exe(one):
    found = main(one)
    return found and found.exe


@given(st.permutations(WORKERS))
def test_facts_are_always_of_the_same_owner(owners):
    assert exe(replace(opening(), owners=tuple(owners))) == "/usr/sbin/nginx"


def test_who_keeps_a_socket_for_a_service_is_not_the_service():
    held = replace(opening(), owners=(KEEPER, service("sshd", pid=900)))
    assert exe(held) == "/usr/sbin/sshd"
    assert exe(replace(held, owners=(KEEPER, replace(KEEPER, pid=2)))) == "/usr/lib/systemd/systemd"
    assert main(opening(owner=None)) is None


def test_differences_are_told_in_words():
    before = observed(NGINX, answer("http", tls="TLSv1.3"), sha256=DIGEST)
    now = replace(before, sha256="cd" * 32, version="1.24.0-1", tls="TLSv1.2")
    assert [each.told for each in differences(before, now)] == [
        "sha256 of the executable abababababab\u2026 -> cdcdcdcdcdcd\u2026",
        "package version 1.22.1-9 -> 1.24.0-1",
        "TLS TLSv1.3 -> TLSv1.2",
    ]


FACTS = st.builds(Observed, st.just("t/1/x/host"), st.sampled_from(SCOPES), *[st.sampled_from(["", "a", "b"])] * 9)


@given(FACTS, FACTS)
def test_only_what_is_known_on_both_sides_differs(before, now):
    found = differences(before, now)
    assert {each.name for each in found} == {
        name for name in COMPARED if {getattr(before, name), getattr(now, name)} == {"a", "b"}
    }
    assert differences(before, before) == ()
    assert {each.name for each in differences(now, before)} == {each.name for each in found}


def test_first_seen_and_scope_are_no_facts_that_change():
    one = observed(NGINX, first_seen=5.0)
    assert differences(one, replace(one, first_seen=9, scope="loopback")) == ()


def test_every_pin_means_a_fact():
    assert set(PINNED) == set(PINS)
    assert {name for names in PINNED.values() for name in names} <= set(COMPARED)


@pytest.mark.parametrize(("scope", "than"), [(a, b) for a in SCOPES for b in SCOPES])
def test_wider(scope, than):
    assert is_wider(scope, than) == (SCOPES.index(scope) > SCOPES.index(than))


THREADS = {
    "tcp/443/unit:nginx.service/host": ("tcp", "443", "unit:nginx.service", "host"),
    "udp/ephemeral/exe:/usr/bin/a/b/container": ("udp", "ephemeral", "exe:/usr/bin/a/b", "container"),
    "raw/icmp/pkg:frr/named": ("raw", "icmp", "pkg:frr", "named"),
    "packet/any%eth0/unknown/host": ("packet", "any%eth0", "unknown", "host"),
    "nonsense": ("nonsense", "", "", ""),
}


@pytest.mark.parametrize(("thread", "parts"), THREADS.items())
def test_a_thread_has_four_parts(thread, parts):
    assert place_of(thread) == parts


def test_a_digest_is_told_by_its_beginning_and_nothing_else_is():
    assert Difference("exe", "/usr/bin/a", "/usr/bin/b").told == "executable /usr/bin/a -> /usr/bin/b"
    assert Difference("image", "x" * 64, "y").told == f"image {'x' * 64} -> y"


def led(*goals):
    notes = tuple([f"leads to {goal}" for goal in goals])
    return observed(opening(owner=None, kind="forward", unowned=Unowned("kernel", "nftables ip nat pre"), notes=notes))


@pytest.mark.parametrize(
    ("before", "now", "elsewhere"),
    [
        (("port 80 of this machine",), ("port 81 of this machine",), True),
        (("port 80 of this machine",), ("10.0.0.2:80",), True),
        (("10.0.0.2:80",), ("198.51.100.7:80",), True),
        (("10.0.0.2:80",), ("10.0.0.2:81",), True),
        (("198.51.100.7:80",), ("198.51.100.8:80",), True),
        (("10.0.0.2:80",), ("10.0.0.2:80", "198.51.100.7:80"), True),
        (("10.0.0.2, the same port",), ("198.51.100.7, the same port",), True),
        (("172.17.0.2:80",), ("172.17.0.3:80",), False),
        (("172.17.0.2:80",), ("172.17.0.2:80", "172.17.0.3:80"), False),
        (("[fd00::2]:80",), ("[fd00::3]:80",), False),
        (("10.0.0.2, the same port",), ("10.0.0.3, the same port",), False),
        (("172.17.0.2:80, container a",), ("172.17.0.9:80, container b",), False),
        ((), ("10.0.0.2:80",), False),
        (("10.0.0.2:80",), ("10.0.0.2:80",), False),
    ],
)
def test_where_a_firewall_s_rule_leads_is_a_fact_and_mostly_more(before, now, elsewhere):
    assert is_led_elsewhere(led(*before), led(*now)) is elsewhere
    assert led(*before).leads == led(*before).leads


def test_another_target_is_a_difference():
    (found,) = differences(led("10.0.0.2:80"), led("10.0.0.3:80"))
    assert found.told == "target 10.0.0.2:80 -> 10.0.0.3:80"


@given(st.text(), st.text())
def test_whatever_a_note_says_of_a_target_it_is_compared(one, other):
    assert is_led_elsewhere(led(one), led(other)) in (True, False)

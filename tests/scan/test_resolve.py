"""Names into addresses: by families, many at once, and a reason for each that leads nowhere."""

from __future__ import annotations

import socket

from hb_engine.scan.resolve import MOST, Resolved, by_system, one


def rows(*addresses):
    return [(0, 0, 0, "", (address, 0)) for address in addresses]


def test_families_are_asked_in_their_order_and_addresses_kept_once():
    def ask(name, port, family, kind):
        return rows("10.0.0.2", "10.0.0.1", "10.0.0.2") if family == socket.AF_INET else rows("fd00::1")

    assert one("x", ("ipv4", "ipv6"), ask) == Resolved(("10.0.0.2", "10.0.0.1", "fd00::1"))
    assert one("x", ("ipv6",), ask) == Resolved(("fd00::1",))


def test_a_name_with_one_family_alone_is_no_problem():
    def ask(name, port, family, kind):
        if family == socket.AF_INET6:
            raise socket.gaierror(-5, "No address associated with hostname")
        return rows("10.0.0.2")

    assert one("x", ("ipv4", "ipv6"), ask) == Resolved(("10.0.0.2",))
    assert one("x", ("ipv6",), ask) == Resolved((), "no address associated with hostname")


def test_reasons():
    def encode(*_):
        raise UnicodeError("label too long")

    assert one("x", ("ipv4",), encode) == Resolved((), "no such name")
    assert one("x", ("ipv4",), lambda *_: []) == Resolved((), "it has no address")


def test_addresses_of_one_name_are_bounded():
    assert len(one("x", ("ipv6",), lambda *_: rows(*[f"fd00::{n:x}" for n in range(1000)])).addresses) == MOST


def test_the_system_knows_addresses_and_asks_nobody_for_them():
    """An address as text is a name that getaddrinfo answers by itself: no packet leaves."""
    found = by_system(["127.0.0.1", "::1", "127.0.0.1"])
    assert found["127.0.0.1"].addresses == ("127.0.0.1",)
    assert found["::1"].addresses == ("::1",)
    assert by_system([]) == {}

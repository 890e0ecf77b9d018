"""Sockets become openings: one for each transport, port, reach and owner, with what is not known said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.inventory.portable.recordings import NOW, document, process, socket, udp

from hb_engine.inventory.portable.openings import arrange
from hb_engine.inventory.portable.recording import parse
from hb_engine.model.errors import DataError
from hb_engine.model.owner import Hold

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening


def openings(system: str, *rows: dict[str, Any], **changes: Any) -> tuple[Opening, ...]:
    return arrange(parse(document(system, *rows, **changes)))


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (socket(), True),
        (socket(status="ESTABLISHED", raddr=["10.0.0.1", 9]), False),
        (socket(status="CLOSE"), False),
        (socket(status="TIME_WAIT", pid=0), False),
        (socket(port=0), False),
        (udp(), True),
        (udp(raddr=["10.0.0.1", 53]), False),
        (udp(port=0), False),
    ],
)
def test_what_counts_as_a_way_in(row, counts):
    assert bool(openings("darwin", row)) is counts


def test_two_families_of_one_owner_are_one_opening():
    (it,) = openings("darwin", socket("::", fd=6), socket("0.0.0.0"))
    assert (it.addresses, it.families) == (("0.0.0.0", "::"), ("ipv4", "ipv6"))
    assert it.owners[0].holds == (Hold("fd", "6"), Hold("fd", "5"))
    assert it.notes == ()


@pytest.mark.parametrize(
    ("system", "how"), [("darwin", "nc -z 127.0.0.1 80"), ("windows", "Test-NetConnection"), ("linux", "ss -lnte")]
)
def test_a_wildcard_of_ipv6_alone_is_not_guessed_at(system, how):
    (it,) = openings(system, socket("::", system=system))
    assert it.families == ("ipv6",)
    assert "is not known" in it.notes[0]
    assert how in it.notes[0]


def test_loopback_and_public_are_two_openings():
    found = openings("darwin", socket("127.0.0.1"), socket("192.168.1.2"))
    assert [it.scope for it in found] == ["loopback", "private"]


def test_workers_that_inherited_the_socket_are_owners_of_it_the_oldest_first():
    rows = [socket(pid=pid) for pid in (9, 8, 7)]
    workers = [process(8, create_time=NOW - 40), process(9, create_time=NOW - 40), process(7)]
    (it,) = openings("darwin", *rows, processes=workers)
    assert [owner.pid for owner in it.owners] == [7, 8, 9]
    assert (it.uid, it.user) == (0, "root")


def test_two_programs_on_one_port_are_two_openings():
    rows = [udp(port=5353), udp(port=5353, pid=8)]
    two = openings("darwin", *rows, processes=[process(), process(8, exe="/usr/sbin/mDNSResponder")])
    assert [it.owners[0].pid for it in two] == [7, 8]


def test_two_unknown_owners_are_not_one():
    two = openings("windows", socket("0.0.0.0", pid=100), socket("10.0.0.1", pid=101), socket("0.0.0.0", 81, pid=100))
    assert [(it.port, it.scope) for it in two] == [(80, "private"), (80, "public"), (81, "public")]
    assert len(openings("windows", socket(pid=100), socket(pid=101))) == 2


def test_ports_of_the_outgoing_range_count_as_chosen():
    (it,) = openings("windows", socket(port=49664))
    assert it.ephemeral
    assert it.key == "tcp/public/ephemeral/exe:/usr/sbin/httpd/host"
    assert "49152-65535" in it.notes[0]
    (it,) = openings("windows", socket(port=49151))
    assert not it.ephemeral
    (it,) = openings("windows", socket(port=49664), ephemeral=None)
    assert not it.ephemeral


@pytest.mark.parametrize(
    ("system", "address", "clean", "scope", "interface"),
    [
        ("darwin", "fe80:b::1", "fe80::1", "link", "en0"),
        ("darwin", "fe80:1::1", "fe80::1", "loopback", "lo0"),
        ("darwin", "fe80:63::1", "fe80::1", "link", "99"),
        ("darwin", "fe80::1%lo0", "fe80::1", "loopback", "lo0"),
        ("windows", "fe80::1%11", "fe80::1", "link", "en0"),
        ("windows", "fe80:b::1", "fe80:b::1", "link", ""),
        ("darwin", "fe80::1", "fe80::1", "link", ""),
    ],
)
def test_link_local_addresses_lose_their_zone_to_the_interface(system, address, clean, scope, interface):
    (it,) = openings(system, udp(address, 546, system=system))
    assert (it.addresses, it.scope, it.interface) == ((clean,), scope, interface)


def test_an_interface_is_told_only_where_all_sockets_are_on_it():
    (it,) = openings("darwin", udp("fe80:b::1", 546), udp("fe80:c::1", 546))
    assert it.interface == ""


def test_mapped_addresses_are_of_ipv4():
    (it,) = openings("darwin", socket("::ffff:127.0.0.1"))
    assert (it.families, it.scope) == (("ipv4",), "loopback")


def test_kinds_and_order():
    found = openings("darwin", udp(port=9), socket(port=99), socket(port=8))
    assert [(it.kind, it.transport, it.port) for it in found] == [
        ("listener", "tcp", 8),
        ("listener", "tcp", 99),
        ("bound", "udp", 9),
    ]


@pytest.mark.parametrize("address", ["nowhere", "", "1.2.3", "::g", "0.0.0.0\0", "\udcff"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(DataError, match="is no address of ipv"):
        openings("darwin", socket(address))


def test_keys_survive_a_restart():
    before = openings("darwin", socket("::"), socket())
    after = openings("darwin", socket(pid=70, fd=9), socket("::", pid=70), processes=[process(70, create_time=NOW - 1)])
    assert [it.key for it in before] == [it.key for it in after]

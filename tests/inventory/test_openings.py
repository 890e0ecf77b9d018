"""Sockets become openings: what is one, what is two, and what families and reach they have. Rows in, openings out."""

from __future__ import annotations

import _socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.openings import Attributed, address_text, arrange, families, protocol_name
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import Hold, Owner
from hb_engine.wire.socket_row import Socket

HOST = Netns(1, "host", "host")
SSHD = Owner(10, "sshd", "/usr/sbin/sshd", unit="ssh.service")
OTHER = Owner(11, "nc", "/usr/bin/nc")


def packed(address):
    return _socket.inet_pton(_socket.AF_INET6 if ":" in address else _socket.AF_INET, address)


def socket(at="0.0.0.0", port=22, **more):
    family = "ipv6" if ":" in at else "ipv4"
    fields = {
        "transport": "tcp",
        "state": "listen",
        "inode": 1,
        "netns": 1,
        "v6only": False if ":" in at else None,
    }
    return Socket(**{**fields, "family": family, "address": packed(at), "port": port, **more})


def arranged(*rows, device=lambda _netns, _index: ("eth0", "private")):
    return arrange(
        [row if isinstance(row, Attributed) else Attributed(row, (SSHD,)) for row in rows], {1: HOST}, device
    )


def test_two_families_of_one_owner_are_one_opening():
    (one,) = arranged(socket(inode=1), socket("::", inode=2, v6only=True))
    assert (one.addresses, one.families) == (("0.0.0.0", "::"), ("ipv4", "ipv6"))
    assert one.inodes == (1, 2)


@pytest.mark.parametrize(
    "other",
    [
        Attributed(socket(inode=2), (OTHER,)),
        Attributed(socket(port=23, inode=2), (SSHD,)),
        Attributed(socket("127.0.0.1", inode=2), (SSHD,)),
        Attributed(socket(inode=2, netns=7), (SSHD,)),
        Attributed(socket(inode=2, transport="sctp"), (SSHD,)),
        Attributed(socket(inode=2, ifindex=3), (SSHD,)),
    ],
    ids=["owner", "port", "reach", "namespace", "transport", "device"],
)
def test_what_differs_in_what_matters_is_another_opening(other):
    assert len(arranged(socket(), other)) == 2


def test_a_reuseport_group_is_one_opening_that_says_so():
    (one,) = arranged(Attributed(socket(inode=1), (SSHD,)), Attributed(socket(inode=2), (SSHD,)))
    assert one.flags == ("reuseport",)
    assert [owner.pid for owner in one.owners] == [10]


def test_workers_of_one_unit_are_all_owners_of_one_opening():
    worker = Owner(12, "sshd", "/usr/sbin/sshd", unit="ssh.service")
    (one,) = arranged(Attributed(socket(inode=1), (SSHD,)), Attributed(socket(inode=2), (worker,)))
    assert [owner.pid for owner in one.owners] == [10, 12]


@pytest.mark.parametrize(
    ("address", "v6only", "expected"),
    [
        ("0.0.0.0", None, ("ipv4",)),
        ("::", False, ("ipv4", "ipv6")),
        ("::", True, ("ipv6",)),
        ("::", None, ("ipv6",)),
        ("::1", False, ("ipv6",)),
        ("::ffff:127.0.0.1", False, ("ipv4",)),
    ],
)
def test_families_tell_what_reaches_a_socket(address, v6only, expected):
    assert families(socket(address, v6only=v6only)) == expected


def test_where_v6only_is_not_known_that_is_said():
    (one,) = arranged(socket("::", v6only=None))
    assert "not known" in one.notes[0]


@pytest.mark.parametrize(
    ("address", "scope"),
    [("0.0.0.0", "public"), ("127.0.0.1", "loopback"), ("::ffff:127.0.0.1", "loopback"), ("fe80::1", "link")],
)
def test_scope_comes_from_the_address(address, scope):
    assert arranged(socket(address))[0].scope == scope


def test_a_device_narrows_and_never_widens():
    assert arranged(socket(ifindex=3))[0].scope == "private"
    assert arranged(socket("127.0.0.1", ifindex=3))[0].scope == "loopback"
    assert arranged(socket(ifindex=1), device=lambda *_: ("lo", "loopback"))[0].scope == "loopback"


def test_kinds_and_flags():
    bound = socket(state="bound")
    tap = socket(transport="packet", family="packet", address=b"", port=None, state="tap", protocol=3)
    client = socket(transport="udp", state="unconnected", autobound=True, port=40000)
    one, two, three = arranged(tap, bound, client)
    assert (one.kind, one.addresses, one.protocol) == ("tap", ("*",), "all")
    assert (two.kind, two.flags) == ("bound", ("not-listening",))
    assert (three.kind, three.flags, three.ephemeral) == ("bound", ("autobound",), True)


def test_a_socket_that_only_systemd_holds_waits_for_its_service():
    manager = Owner(1, "systemd", unit="ssh.service", holds=(Hold("activation", "ssh.socket listens for ssh.service"),))
    assert arranged(Attributed(socket(), (manager,)))[0].kind == "activation"
    assert arranged(Attributed(socket(), (SSHD, manager)))[0].kind == "listener"


def test_nobody_is_a_reason_and_never_a_blank():
    (one,) = arranged(Attributed(socket(), (), Unowned("not-found", "nobody")))
    assert one.unowned == Unowned("not-found", "nobody")


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (socket("::ffff:10.0.0.1"), "::ffff:10.0.0.1"),
        (socket(transport="vsock", family="vsock", address=b"\xff" * 4), "*"),
        (socket(transport="vsock", family="vsock", address=b"\0\0\0\x02"), "2"),
        (socket(transport="packet", family="packet", address=b""), "*"),
    ],
)
def test_addresses_as_people_write_them(one, text):
    assert address_text(one) == text


@pytest.mark.parametrize(
    ("transport", "family", "number", "name"),
    [("raw", "ipv4", 1, "icmp"), ("raw", "ipv4", 200, "200"), ("packet", "packet", 0x0800, "ipv4"),
     ("packet", "packet", 0x1234, "0x1234"), ("packet", "xdp", 0, "xdp"), ("tcp", "ipv4", 6, "")],
)  # fmt: skip
def test_protocols_of_sockets_without_ports(transport, family, number, name):
    assert protocol_name(socket(transport=transport, family=family, protocol=number)) == name


SOCKETS = st.builds(
    socket,
    st.ip_addresses().map(str),
    st.none() | st.integers(1, 65535),
    transport=st.sampled_from(["tcp", "udp", "raw", "sctp"]),
    state=st.sampled_from(["listen", "bound", "unconnected"]),
    inode=st.integers(1, 9),
    netns=st.integers(1, 2),
    ifindex=st.integers(0, 2),
    autobound=st.booleans(),
)


@given(st.lists(SOCKETS, max_size=12))
def test_every_socket_is_in_exactly_one_opening(sockets):
    openings = arranged(*sockets)
    assert sorted(inode for one in openings for inode in one.inodes) == sorted(one.inode for one in sockets)
    assert all(one.scope in SCOPES and one.families and one.addresses for one in openings)

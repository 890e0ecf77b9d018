"""Links and addresses: what a kernel sends, and whatever else may arrive."""

from __future__ import annotations

import contextlib
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import Truncated
from hb_engine.wire import netlink, rtnetlink
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.netlink import attribute

IFNAME, MASTER, LINKINFO, NETNSID = 3, 10, 18, 37


def link_body(*attributes, index=5, flags=0):
    return Cursor(Struct("=BxHiII").pack(0, 1, index, flags, 0) + b"".join(attributes))


def info(kind, *data):
    return attribute(LINKINFO, attribute(1, kind + b"\0") + attribute(2 | netlink.NESTED, b"".join(data)))


def be16(value):
    return value.to_bytes(2, "big")


def test_hardware_has_a_name_and_no_kind():
    one = rtnetlink.link(link_body(attribute(IFNAME, b"eth0\0")))
    assert (one.index, one.name, one.kind, one.loopback, one.ports, one.peer_netns) == (5, "eth0", "", False, (), None)


def test_loopback_is_told_by_its_flag():
    assert rtnetlink.link(link_body(flags=0x49)).loopback


def test_a_peer_elsewhere():
    body = link_body(attribute(NETNSID, Struct("=i").pack(3)), attribute(MASTER, Struct("=I").pack(7)), info(b"veth"))
    one = rtnetlink.link(body)
    assert (one.kind, one.peer_netns, one.master) == ("veth", 3, 7)


@pytest.mark.parametrize(("kind", "number"), [(b"vxlan", 15), (b"geneve", 5), (b"bareudp", 1), (b"amt", 2)])
def test_tunnels_name_their_port(kind, number):
    body = link_body(info(kind, attribute(99, b"x"), attribute(number, be16(4789))))
    assert rtnetlink.link(body).ports == (4789,)


def test_the_same_number_means_nothing_in_another_kind():
    assert rtnetlink.link(link_body(info(b"bridge", attribute(15, be16(4789))))).ports == ()


def test_gtp_has_two_ports_of_its_own():
    assert rtnetlink.link(link_body(info(b"gtp"))).ports == (2152, 3386)


def test_a_kind_without_data():
    body = link_body(attribute(LINKINFO, attribute(1, b"vxlan\0")))
    assert (rtnetlink.link(body).kind, rtnetlink.link(link_body(attribute(LINKINFO, b""))).kind) == ("vxlan", "")


def test_a_name_with_foreign_bytes():
    assert rtnetlink.link(link_body(attribute(IFNAME, b"\xff\x1b[m\0"))).name == "\udcff\x1b[m"


def address_body(*attributes, ifindex=2):
    return Cursor(Struct("=BBBBI").pack(2, 24, 0, 0, ifindex) + b"".join(attributes))


def test_the_local_address_goes_before_the_peers():
    body = address_body(attribute(1, b"\x0a\0\0\2"), attribute(2, b"\x0a\0\0\1"))
    assert rtnetlink.address(body) == rtnetlink.Address(2, b"\x0a\0\0\1", 24)


def test_ipv6_has_only_one():
    packed = bytes(15) + b"\1"
    assert rtnetlink.address(address_body(attribute(1, packed))) == rtnetlink.Address(2, packed, 24)


def test_an_address_of_another_size_is_none():
    assert rtnetlink.address(address_body(attribute(1, b"abc"))) is None
    assert rtnetlink.address(address_body()) is None


def test_namespace_numbers():
    assert rtnetlink.nsid(Cursor(bytes(4) + attribute(1, Struct("=i").pack(12)))) == 12
    assert rtnetlink.nsid(Cursor(bytes(4))) == -1


def test_questions():
    assert netlink.HEADER.unpack_from(rtnetlink.links_request(4)) == (16 + 16 + 8, 18, 0x301, 4, 0)
    assert netlink.HEADER.unpack_from(rtnetlink.addresses_request(5)) == (16 + 8, 22, 0x301, 5, 0)
    raw = rtnetlink.nsid_request(3, 6)
    assert netlink.HEADER.unpack_from(raw) == (16 + 4 + 8, 90, netlink.F_REQUEST | netlink.F_ACK, 6, 0)
    assert raw.endswith(Struct("=HHI").pack(8, 3, 3))


@given(st.binary(max_size=200), st.sampled_from([rtnetlink.link, rtnetlink.address, rtnetlink.nsid]))
def test_any_bytes_give_a_value_or_truncation(data, reader):
    with contextlib.suppress(Truncated):
        reader(Cursor(data))


@given(st.data())
def test_a_good_link_cut_or_damaged(data):
    body = link_body(attribute(IFNAME, b"vx0\0"), info(b"vxlan", attribute(15, be16(4789))))
    good = bytearray(body.take(body.left))
    good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Truncated):
        rtnetlink.link(Cursor(bytes(good[: data.draw(st.integers(0, len(good)))])))

"""Routes, neighbours and links: built as a kernel builds them, cut anywhere, and asked of this machine's kernel."""

from __future__ import annotations

import contextlib
import socket
import sys
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import Truncated
from hb_engine.wire import netlink, rtroute
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.netlink import attribute
from hb_engine.wire.rtroute import Device, Neighbour, Route

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="netlink is Linux's")
HOST, GATEWAY, SOURCE = bytes((10, 1, 2, 3)), bytes((10, 1, 0, 1)), bytes((10, 1, 0, 9))
HARDWARE = bytes.fromhex("020000000001")


def u32(number):
    return Struct("=I").pack(number)


def route_body(*attributes, kind=1):
    return Struct("=BBBBBBBBI").pack(2, 32, 0, 0, 254, 0, 0, kind, 0) + b"".join(attributes)


def neighbour_body(*attributes, state=2):
    return Struct("=BxxxiHBB").pack(2, 3, state, 0, 1) + b"".join(attributes)


def link_body(*attributes, flags=0x1043, kind=1):
    return Struct("=BxHiII").pack(0, kind, 3, flags, 0) + b"".join(attributes)


def test_a_route_through_a_gateway():
    body = route_body(attribute(1, HOST), attribute(4, u32(3)), attribute(5, GATEWAY), attribute(7, SOURCE))
    assert rtroute.route(Cursor(body)) == Route(rtroute.UNICAST, 3, SOURCE, GATEWAY)


def test_a_route_on_the_link_has_no_gateway():
    assert rtroute.route(Cursor(route_body(attribute(4, u32(3)), attribute(7, SOURCE)))) == Route(1, 3, SOURCE)


def test_a_gateway_of_the_other_family():
    """RTA_VIA: family, then the address (RFC 5549, ip-route(8) "via inet6")."""
    via = Struct("=H").pack(10) + bytes(15) + b"\1"
    assert rtroute.route(Cursor(route_body(attribute(18, via)))).gateway == bytes(15) + b"\1"


@pytest.mark.parametrize("kind", [rtroute.LOCAL, rtroute.BROADCAST, rtroute.MULTICAST, 6, 7, 8])
def test_kinds_of_routes_pass_through(kind):
    assert rtroute.route(Cursor(route_body(kind=kind))).kind == kind


def test_a_neighbour():
    body = neighbour_body(attribute(1, HOST), attribute(2, HARDWARE))
    assert rtroute.neighbour(Cursor(body)) == Neighbour(3, HOST, HARDWARE, 2)


def test_a_neighbour_that_does_not_answer_has_no_hardware_address():
    one = rtroute.neighbour(Cursor(neighbour_body(attribute(1, HOST), state=rtroute.FAILED)))
    assert (one.hardware, one.state & rtroute.USABLE) == (b"", 0)


def test_a_device():
    body = link_body(attribute(3, b"eth0\0"), attribute(1, HARDWARE), attribute(4, u32(9000)))
    assert rtroute.device(Cursor(body)) == Device(3, "eth0", rtroute.ETHERNET, 0x1043, HARDWARE, 9000)


def test_a_tunnel_has_no_hardware_address():
    one = rtroute.device(Cursor(link_body(attribute(3, b"tun0\0"), kind=65534)))
    assert (one.kind, one.hardware, one.mtu) == (65534, b"", 1500)


BODIES = [
    (rtroute.route, route_body(attribute(4, u32(3)), attribute(5, GATEWAY), attribute(7, SOURCE))),
    (rtroute.neighbour, neighbour_body(attribute(1, HOST), attribute(2, HARDWARE))),
    (rtroute.device, link_body(attribute(3, b"eth0\0"), attribute(1, HARDWARE), attribute(4, u32(1500)))),
]


@pytest.mark.parametrize(("read", "body"), BODIES, ids=["route", "neighbour", "device"])
def test_a_message_that_is_cut_is_called_truncated_or_read(read, body):
    for size in range(len(body)):
        with contextlib.suppress(Truncated):
            read(Cursor(body[:size]))


@given(st.binary(max_size=120))
def test_nothing_but_truncated_is_raised(data):
    for read, _ in BODIES:
        with contextlib.suppress(Truncated):
            read(Cursor(data))


# -- and the kernel itself


def asked(question, kind):
    with Netlink(netlink.ROUTE) as kernel:
        return kernel.messages(question, kind)


@linux
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_way_to_oneself(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    address = socket.inet_pton(family, host)
    bodies = asked(lambda n: rtroute.route_request(address, 0, n), rtroute.NEWROUTE)
    found = rtroute.route(bodies[0])
    assert (found.kind, found.ifindex) == (rtroute.LOCAL, socket.if_nametoindex("lo"))
    assert not found.gateway


@linux
def test_loopback_as_a_device():
    number = socket.if_nametoindex("lo")
    found = rtroute.device(asked(lambda n: rtroute.device_request(number, n), rtroute.NEWLINK)[0])
    assert (found.index, found.name) == (number, "lo")
    assert found.kind != rtroute.ETHERNET
    assert found.flags & rtroute.UP


@linux
def test_a_device_that_there_is_not():
    with pytest.raises(netlink.Refused):
        asked(lambda n: rtroute.device_request(999_999, n), rtroute.NEWLINK)


@linux
def test_neighbours_are_listed_to_the_end():
    for body in asked(rtroute.neighbours_request, rtroute.NEWNEIGH):
        assert rtroute.neighbour(body).ifindex > 0

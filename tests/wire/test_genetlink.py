"""Generic netlink and IPsec: answers built as the headers describe them, for kernels that lack these modules."""

from __future__ import annotations

import contextlib
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import Truncated
from hb_engine.wire import genetlink, netlink
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.netlink import attribute

U16, U32 = Struct("=H"), Struct("=I")
READERS = [
    genetlink.family,
    genetlink.wireguard_port,
    genetlink.ovpn_port,
    genetlink.fou_port,
    genetlink.l2tp_port,
    genetlink.mptcp_port,
    genetlink.xfrm_ports,
]


def body(*attributes):
    return Cursor(bytes(4) + b"".join(attributes))


def be16(value):
    return value.to_bytes(2, "big")


def test_families_are_listed_and_never_asked_for_by_name():
    raw = genetlink.families_request(3)
    assert netlink.HEADER.unpack_from(raw) == (20, 16, 0x301, 3, 0)
    assert raw[16:] == b"\x03\x01\0\0"


def test_a_family():
    assert genetlink.family(body(attribute(1, U16.pack(33)), attribute(2, b"fou\0"))) == ("fou", 33)
    assert genetlink.family(body()) == ("", 0)


def test_a_wireguard_device_tells_its_port_beside_its_key():
    attributes = (attribute(2, b"wg0\0"), attribute(3, bytes(32)), attribute(6, U16.pack(51820)), attribute(8, b""))
    assert genetlink.wireguard_port(body(*attributes)) == 51820
    assert genetlink.wireguard_port(body()) is None
    assert genetlink.wireguard_request(40, 7, 2).endswith(attribute(1, U32.pack(7)))


def test_an_openvpn_peer_tells_the_local_port():
    peer = attribute(2 | netlink.NESTED, attribute(1, U32.pack(0)) + attribute(12, be16(1194)))
    assert genetlink.ovpn_port(body(attribute(1, U32.pack(9)), peer)) == 1194
    assert genetlink.ovpn_port(body(attribute(2, b""))) is None
    assert genetlink.ovpn_request(40, 7, 2)[16:18] == b"\x03\x01"


def test_fou_and_gue():
    assert genetlink.fou_port(body(attribute(1, be16(5555)), attribute(4, b"\x01"))) == (5555, "FOU")
    assert genetlink.fou_port(body(attribute(1, be16(6080)), attribute(4, b"\x02"))) == (6080, "GUE")
    assert genetlink.fou_port(body()) == (None, "FOU")


def test_l2tp_over_udp_has_a_port_and_over_ip_none():
    port = attribute(26, U16.pack(1701))
    assert genetlink.l2tp_port(body(attribute(2, U16.pack(0)), port)) == 1701
    assert genetlink.l2tp_port(body(attribute(2, U16.pack(1)), port)) is None
    assert genetlink.l2tp_port(body()) is None


def test_mptcp_announces_ports():
    assert genetlink.mptcp_port(body(attribute(1, attribute(5, U16.pack(5678))))) == 5678
    assert genetlink.mptcp_port(body(attribute(1, attribute(1, U16.pack(2))))) is None
    assert genetlink.mptcp_port(body()) is None


def test_ipsec_encapsulation():
    template = U16.pack(2) + be16(4500) + be16(4501) + bytes(18)
    assert genetlink.xfrm_ports(Cursor(bytes(224) + attribute(1, b"x") + attribute(4, template))) == (4500, 4501)
    assert genetlink.xfrm_ports(Cursor(bytes(224))) == ()
    assert netlink.HEADER.unpack_from(genetlink.xfrm_request(5)) == (16 + 224, 18, 0x301, 5, 0)


@pytest.mark.parametrize("question", [genetlink.fou_request, genetlink.l2tp_request, genetlink.mptcp_request])
def test_dumps_go_to_the_familys_number(question):
    assert netlink.HEADER.unpack_from(question(41, 8)) == (20, 41, 0x301, 8, 0)


@pytest.mark.parametrize("reader", READERS)
def test_short_bodies(reader):
    with pytest.raises(Truncated):
        reader(Cursor(b"abc"))


@given(st.binary(max_size=300), st.sampled_from(READERS))
def test_any_bytes_give_a_value_or_truncation(data, reader):
    with contextlib.suppress(Truncated):
        reader(Cursor(data))


@given(st.binary(max_size=60), st.sampled_from(READERS))
def test_any_attributes_behind_a_good_head(data, reader):
    with contextlib.suppress(Truncated):
        reader(Cursor(bytes(224 if reader is genetlink.xfrm_ports else 4) + data))

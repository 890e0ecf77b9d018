"""Devices, names, addresses and reach: arranged from values, and read from real namespaces."""

from __future__ import annotations

import pytest
from tests.kit import sockets as kit
from tests.kit.netlink import FakeKernel, done

from hb_engine.inventory.linux import interfaces
from hb_engine.model.errors import CannotLook
from hb_engine.wire.rtnetlink import Address, Link

LO = Link(1, "lo", loopback=True)
ETH, BARE, VRF, MEMBER = Link(2, "eth0"), Link(3, "eth1"), Link(4, "red", "vrf"), Link(5, "eth2", master=4)
PUBLIC, PRIVATE, LINK = b"\x08\x08\x08\x08", b"\x0a\0\0\1", b"\xfe\x80" + bytes(14)


def test_scopes_by_device():
    found = interfaces.arrange(
        [LO, ETH, BARE, VRF, MEMBER],
        [Address(1, b"\x7f\0\0\1"), Address(2, LINK), Address(2, PRIVATE), Address(5, PUBLIC)],
    )
    assert found.names == {1: "lo", 2: "eth0", 3: "eth1", 4: "red", 5: "eth2"}
    assert found.addresses[2] == (LINK, PRIVATE)
    assert found.scopes == {1: "loopback", 2: "private", 3: "link", 4: "public", 5: "public"}


def test_a_device_that_is_not_known_reaches_everybody():
    assert interfaces.arrange([], []).scope(7) == "public"


def test_loopback_with_a_public_address_is_public():
    assert interfaces.arrange([LO], [Address(1, PUBLIC)]).scope(1) == "public"


def test_members_of_a_bridge_do_not_widen_it():
    bridge, port = Link(2, "br0", "bridge"), Link(3, "eth0", master=2)
    assert interfaces.arrange([bridge, port], [Address(3, PUBLIC)]).scope(2) == "link"


def test_a_kernel_that_refuses_is_an_error():
    with pytest.raises(CannotLook):
        interfaces.look(lambda: FakeKernel([done(1)]).conversation())


def test_here_lo_is_loopback():
    found = interfaces.look()
    index = next(number for number, name in found.names.items() if name == "lo")
    assert found.scope(index) in ("loopback", "private", "public")
    assert {link.index for link in interfaces.links()} == set(found.names)


def with_devices():
    kit.ip("link", "add", "d0", "type", "veth", "peer", "name", "d1")
    kit.ip("addr", "add", "192.0.2.7/24", "dev", "d0")
    kit.ip("link", "add", "vx0", "type", "vxlan", "id", "3", "dstport", "4789")
    return interfaces.look()


@pytest.mark.root
def test_devices_of_a_namespace():
    kit.needs_root()
    found = kit.in_namespace(with_devices)
    by_name = {link.name: link for link in found.devices}
    assert by_name["lo"].loopback
    assert found.scope(by_name["lo"].index) == "loopback"
    assert by_name["d0"].kind == "veth"
    assert found.addresses[by_name["d0"].index] == (b"\xc0\0\2\7",)
    assert (by_name["vx0"].kind, by_name["vx0"].ports) == ("vxlan", (4789,))


@pytest.mark.root
def test_nobody_may_look_too():
    kit.needs_root()
    found = kit.in_namespace(lambda: kit.as_nobody(interfaces.look))
    assert "lo" in found.names.values()

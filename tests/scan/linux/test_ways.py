"""Ways to hosts, as a kernel with every kind of route gives them, and as odd kernels might."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("rtnetlink is Linux's", allow_module_level=True)

from tests.kit.netlink import FakeKernel, done, message, refusal
from tests.kit.network import Network
from tests.scan.scanning import pair

from hb_engine.scan.linux import ways
from hb_engine.scan.linux.ways import Way, Ways, has_policies
from hb_engine.wire import netlink, rtroute
from hb_engine.wire.netlink import attribute
from hb_engine.wire.rtroute import Device


def the_way(asked, address, zone=0) -> Way:
    """A way that there is."""
    found = asked.way(address, zone)
    assert isinstance(found, Way), found
    return found


def packed(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def test_loopback_is_handed_to_the_kernel():
    with Ways() as asked:
        for text in ("127.0.0.1", "127.9.9.9"):
            way = asked.way(packed(text))
            assert isinstance(way, Way)
            assert (way.device.name, way.framed, way.source[:1]) == ("lo", False, b"\x7f")


@pytest.mark.root
@pytest.mark.slow
def test_every_kind_of_way():
    with Network() as network:
        pair(network, ())
        network.ip("a", "route", "add", "10.88.0.0/16", "via", "10.77.0.2")
        network.ip("a", "-6", "route", "add", "fd88::/16", "via", "fd77::2")
        for kind in ("unreachable", "prohibit", "blackhole"):
            network.ip("a", "route", "add", kind, f"10.{len(kind)}.0.0/16")
        found = network.run("a", kinds)
    assert found == {
        "10.77.0.2": ("v0", "10.77.0.1", "10.77.0.2", True),
        "10.88.1.1": ("v0", "10.77.0.1", "10.77.0.2", True),
        "fd77::2": ("v0", "fd77::1", "fd77::2", True),
        "fd88::1": ("v0", "fd77::1", "fd77::2", True),
        "10.77.0.1": ("lo", "10.77.0.1", "10.77.0.1", False),
        "10.99.0.1": "net-unreach",
        "fd99::1": "net-unreach",
        "10.11.0.1": "host-unreach",
        "10.8.0.1": "host-unreach",
        "10.9.0.1": "host-unreach",
        "224.0.0.1": "net-unreach",
        "10.77.0.255": "net-unreach",
        "10.66.0.2": ("t0", "10.66.0.1", "10.66.0.2", False),
    }


def kinds():
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"t0", 0x1001))  # TUNSETIFF: a tunnel of IP packets
    for words in ("address add 10.66.0.1/24 dev t0", "link set t0 up"):
        subprocess.run(["ip", *words.split()], check=True)
    texts = ("10.77.0.2", "10.88.1.1", "fd77::2", "fd88::1", "10.77.0.1", "10.99.0.1", "fd99::1", "10.11.0.1",
             "10.8.0.1", "10.9.0.1", "224.0.0.1", "10.77.0.255", "10.66.0.2")  # fmt: skip
    with Ways() as asked:
        found = {text: told(asked.way(packed(text))) for text in texts}
    os.close(tun)
    return found


def told(way):
    if isinstance(way, str):
        return way
    family = socket.AF_INET if len(way.source) == 4 else socket.AF_INET6
    return way.device.name, socket.inet_ntop(family, way.source), socket.inet_ntop(family, way.hop), way.framed


@pytest.mark.root
@pytest.mark.slow
def test_link_local_addresses_need_their_zone():
    with Network() as network:
        pair(network, ())
        name, source = network.run("a", zone)
    assert name == "v0"
    assert source.startswith(b"\xfe\x80")


def zone():
    with Ways() as asked:
        way = the_way(asked, packed("fe80::1234"), socket.if_nametoindex("v0"))
        return way.device.name, way.source


@pytest.mark.root
@pytest.mark.slow
def test_neighbours_become_known_and_dead_ones_too():
    with Network() as network:
        pair(network)
        known, dead, own = network.run("a", neighbours)
    assert (len(known), dead, own) == (6, None, True)


def neighbours():
    with Ways() as asked:
        alive, gone = the_way(asked, packed("10.77.0.2")), the_way(asked, packed("10.77.0.9"))
        keys = [(way.device.index, way.hop) for way in (alive, gone)]
        assert asked.hardware([alive, gone]) == {}, "nobody was asked for yet"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            for host in ("10.77.0.2", "10.77.0.9"):
                one.sendto(b"", (host, 9))
            while len(found := asked.hardware([alive, gone])) < 2:
                pass
        return found[keys[0]], found[keys[1]], keys[0] in asked.neighbours()


# -- kernels from a script


def route(kind=1, oif=3, source=b"\x0a\0\0\1"):
    attributes = attribute(4, struct.pack("=I", oif)) + (attribute(7, source) if source else b"")
    return message(rtroute.NEWROUTE, struct.pack("=BBBBBBBBI", 2, 32, 0, 0, 254, 0, 0, kind, 0) + attributes)


def link(kind=1, flags=1):
    body = struct.pack("=BxHiII", 0, kind, 3, flags, 0) + attribute(3, b"eth0\0") + attribute(1, bytes(6))
    return message(rtroute.NEWLINK, body)


def asked_of(monkeypatch, *answers):
    kernel = FakeKernel([done()], *answers)
    monkeypatch.setattr(ways, "Netlink", kernel.conversation)
    return Ways().way(bytes((10, 0, 0, 9)))


def test_an_ethernet_is_framed(monkeypatch):
    way = asked_of(monkeypatch, [route(), done()], [link(), done()])
    assert way == Way(Device(3, "eth0", 1, 1, bytes(6)), b"\x0a\0\0\1", bytes((10, 0, 0, 9)), framed=True)


@pytest.mark.parametrize(
    ("name", "changes"),
    [("no Ethernet", {"kind": 65534}), ("no neighbours", {"flags": 0x81})],
    ids=str,
)
def test_no_frames_where_there_are_none(monkeypatch, name, changes):
    way = asked_of(monkeypatch, [route(), done()], [link(**changes), done()])
    assert not way.framed, name


@pytest.mark.parametrize(
    "answers",
    [
        [[refusal(101)]],
        [[done()]],
        [[route(kind=6), done()]],
        [[route(kind=rtroute.MULTICAST), done()]],
        [[route(), done()], [done()]],
        [[route(), done()], [link(flags=0), done()]],
        [[route(source=b""), done()], [link(), done()]],
    ],
    ids=["refused", "empty", "blackhole", "multicast", "no such device", "down", "no source"],
)
def test_no_way(monkeypatch, answers):
    assert asked_of(monkeypatch, *answers) == "net-unreach"


def test_a_host_without_a_way(monkeypatch):
    assert asked_of(monkeypatch, [refusal(113)]) == "host-unreach"


def test_ipsec_policies_want_the_kernel_to_send(monkeypatch):
    """A frame that is built here would go out in clear, past the policy."""
    kernel = FakeKernel([message(0x13, bytes(168)), done()], [route(), done()], [link(), done()])
    monkeypatch.setattr(ways, "Netlink", kernel.conversation)
    assert not the_way(Ways(), bytes((10, 0, 0, 9))).framed
    assert kernel.questions[0][4:6] == struct.pack("=H", 0x15)


def test_a_kernel_without_ipsec_has_no_policies(monkeypatch):
    monkeypatch.setattr(ways, "Netlink", FakeKernel([refusal(93)]).conversation)
    assert not has_policies()
    assert netlink.XFRM == 6

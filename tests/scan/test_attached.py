"""Which networks this machine is attached to: from the kernel, and through psutil, which must agree."""

from __future__ import annotations

import sys
from struct import Struct
from types import SimpleNamespace

import psutil
import pytest
from tests.kit.netlink import FakeKernel, done

from hb_engine.model.errors import CannotLook
from hb_engine.scan.attached import by_netlink, by_psutil, look
from hb_engine.scan.scope import Attached
from hb_engine.wire import netlink

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="netlink is Linux's")


@linux
def test_this_machine_has_its_loopback():
    assert Attached(4, 127 << 24 | 1, 8, "lo") in look()


@linux
def test_the_kernel_and_psutil_agree():
    """psutil leaves out devices that are down; of the others both must say the same networks."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    asked = {one for one in by_netlink() if one.interface in up}
    listed = {one for one in by_psutil(psutil) if one.interface in up}
    assert {one for one in asked if one.family == 4} == {one for one in listed if one.family == 4}
    assert {one.number for one in asked} == {one.number for one in listed}


def test_where_netlink_is_refused_nothing_is_attached(monkeypatch):
    def refused():
        raise CannotLook("refused")

    monkeypatch.setattr("hb_engine.scan.attached.by_netlink", refused)
    monkeypatch.setattr(sys, "platform", "linux")
    assert look() == ()


def message(kind, body):
    return netlink.HEADER.pack(16 + len(body), kind, 2, 0, 0) + body


def test_a_prefix_that_no_kernel_would_send_is_cut():
    address = Struct("=BBBBI").pack(2, 200, 0, 0, 7) + Struct("=HH").pack(8, 2) + b"\x0a\0\0\1"
    kernel = FakeKernel([done()], [message(20, address), done()])
    assert by_netlink(lambda: kernel.conversation(netlink.ROUTE)) == (Attached(4, 10 << 24 | 1, 32, ""),)


def test_what_psutil_says_of_no_network():
    def row(address, netmask):
        return SimpleNamespace(address=address, netmask=netmask)

    rows = [
        row("10.0.0.5", "255.255.255.0"),
        row("10.0.0.6", None),
        row("10.0.0.7", "255.0.255.0"),
        row("fe80::1%en0", "ffff:ffff:ffff:ffff::"),
        row("aa:bb:cc:dd:ee:ff", None),
    ]
    found = by_psutil(SimpleNamespace(net_if_addrs=lambda: {"en0": rows}))
    assert [(one.family, one.bits, one.interface) for one in found] == [
        (4, 24, "en0"), (4, 32, "en0"), (4, 32, "en0"), (6, 64, "en0")
    ]  # fmt: skip

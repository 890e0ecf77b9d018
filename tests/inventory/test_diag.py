"""One question per family: what is asked of which kernel, and what becomes of the answers."""

from __future__ import annotations

import errno
from struct import Struct

import pytest
from tests.kit.netlink import FakeKernel, done, listener, message

from hb_engine.inventory.linux import diag
from hb_engine.wire import netlink
from hb_engine.wire.netlink import Refused


def asked(question, *answers):
    kernel = FakeKernel(*answers)
    with kernel.conversation() as one:
        return question(one), kernel


def test_tcp_is_asked_for_all_listeners_then_for_those_with_a_chosen_port_then_for_what_is_bound():
    (rows, gaps), kernel = asked(
        lambda one: diag.tcp(one, 9, "6.8.0"),
        [listener(80, cookie=1) + listener(40000, cookie=2) + done()],
        [listener(40000, cookie=2), done()],
        [listener(5007, state=7) + done()],
    )
    assert [(row.port, row.autobound, row.state) for row in rows] == [
        (80, False, "listen"),
        (40000, True, "listen"),
        (5007, False, "bound"),
    ]
    assert gaps == []
    assert len(kernel.questions) == 3


@pytest.mark.parametrize("release", ["5.10.0-28-amd64", "6.7.12", "unknown"])
def test_older_kernels_are_not_asked_for_bound_sockets(release):
    (_, gaps), kernel = asked(lambda one: diag.tcp(one, 9, release), [listener(2000) + done()], [done()])
    assert len(kernel.questions) == 2
    assert release in gaps[0].why
    assert gaps[0].remedy


@pytest.mark.parametrize(("ask", "transport"), [(diag.udp, "udp"), (diag.udplite, "udplite")])
def test_datagrams_in_both_families_and_both_ways_of_binding(ask, transport):
    (rows, _), kernel = asked(
        lambda one: ask(one, 9),
        [listener(53, state=7, cookie=1) + listener(40000, state=7, cookie=3) + done()],
        [listener(53, family=10, state=7, cookie=2) + done()],
        [listener(40000, state=7, cookie=3) + done()],
        [done()],
    )
    assert [(row.transport, row.family, row.autobound) for row in rows] == [
        (transport, "ipv4", False),
        (transport, "ipv6", False),
        (transport, "ipv4", True),
    ]
    assert len(kernel.questions) == 4


def test_low_ports_are_never_chosen_by_the_kernel_and_not_asked_about():
    (rows, _), kernel = asked(lambda one: diag.udp(one, 9), [listener(1023, state=7) + done()], [done()])
    assert [row.autobound for row in rows] == [False]
    assert len(kernel.questions) == 2


def test_raw_sockets():
    (rows, _), _ = asked(lambda one: diag.raw(one, 9), [listener(89, state=7) + done()], [done()])
    assert [(row.port, row.protocol) for row in rows] == [(None, 89)]


@pytest.mark.parametrize("ask", [diag.sctp, diag.dccp, diag.mptcp])
def test_other_streams(ask):
    (rows, _), kernel = asked(lambda one: ask(one, 9), [listener(7) + done()], [done()])
    assert [(row.port, row.state) for row in rows] == [(7, "listen")]
    assert len(kernel.questions) == 2


@pytest.mark.parametrize("ask", [diag.raw, diag.sctp, diag.dccp, diag.mptcp, diag.packet, diag.vsock, diag.xdp])
def test_a_missing_module_is_a_refusal(ask):
    with pytest.raises(Refused):
        asked(lambda one: ask(one, 9), [done(errno.ENOENT)])


def test_a_disturbed_dump_leaves_no_row_twice():
    (rows, _), _ = asked(
        lambda one: diag.raw(one, 9),
        [listener(1, state=7), message(20, bytes(72), flags=netlink.F_DUMP_INTR)],
        [listener(1, state=7) + done()],
        [done()],
    )
    assert len(rows) == 1


def packet(attributes=b""):
    return message(20, Struct("=BBHIII").pack(17, 3, 3, 55, 1, 0) + attributes)


def test_a_hidden_filter_is_a_gap_and_said_once():
    hidden = packet(netlink.attribute(7, b""))
    (rows, gaps), _ = asked(lambda one: diag.packet(one, 9), [hidden + hidden + done()])
    assert len(rows) == 2
    assert [gap.what for gap in gaps] == ["filters of packet sockets"]


def test_no_filter_is_no_gap():
    (rows, gaps), _ = asked(lambda one: diag.packet(one, 9), [packet() + done()])
    assert (len(rows), gaps) == (1, [])


def test_vsock_and_xdp():
    vsock = message(20, Struct("=BBBBIIIIIII").pack(40, 1, 10, 0, 3, 22, 0, 0, 12, 1, 0))
    (rows, _), _ = asked(lambda one: diag.vsock(one, 9), [vsock + done()])
    assert [(row.port, row.address) for row in rows] == [(22, b"\0\0\0\3")]
    xdp = message(20, Struct("=BBxxIII").pack(44, 3, 12, 1, 0))
    (rows, _), _ = asked(lambda one: diag.xdp(one, 9), [xdp + done()])
    assert [row.family for row in rows] == ["xdp"]


@pytest.mark.parametrize(
    ("release", "numbers"),
    [
        ("6.18.44-fc-v595", (6, 18)),
        ("5.10", (5, 10)),
        ("6.8-rc1", (6, 8)),
        ("6", (0, 0)),
        ("", (0, 0)),
        ("x.y", (0, 0)),
    ],
)
def test_versions(release, numbers):
    assert diag.version(release) == numbers

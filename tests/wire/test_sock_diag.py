"""sock_diag: rows of every shape, whole and cut, and the questions byte by byte."""

from __future__ import annotations

import contextlib
import errno
from struct import Struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.wire import netlink, sock_diag
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.netlink import Interrupted, Refused
from hb_engine.wire.sock_diag import InetReader

ANY4, LOOPBACK4, LOOPBACK6 = bytes(4), b"\x7f\0\0\1", bytes(15) + b"\1"


def row(family=2, state=10, port=80, address=ANY4, extras=(), **fields):
    """One answer: nlmsghdr, inet_diag_msg, attributes."""
    known = {"ifindex": 0, "cookie": 7, "uid": 33, "inode": 4711, "sequence": 1, "flags": 2, "kind": 20} | fields
    body = Struct("=BBBB").pack(family, state, 0, 0) + Struct("!HH").pack(port, 0)
    body += address.ljust(16, b"\0") + bytes(16) + Struct("=I").pack(known["ifindex"])
    body += Struct("=II").pack(known["cookie"] & 0xFFFFFFFF, known["cookie"] >> 32)
    body += bytes(12) + Struct("=II").pack(known["uid"], known["inode"])
    body += b"".join(netlink.attribute(kind, payload) for kind, payload in extras)
    return netlink.HEADER.pack(16 + len(body), known["kind"], known["flags"], known["sequence"], 0) + body


def done(code=0):
    return netlink.HEADER.pack(20, netlink.DONE, 2, 1, 0) + Struct("=i").pack(code)


def extras(v6only=None, cgroup=None, sockopt=None, *, mark=False):
    """Attributes in the kernel's order."""
    found = [(8, b"\0")]
    found += [] if v6only is None else [(11, bytes([v6only]))]
    found += [(15, bytes(4))] if mark else []
    found += [] if cgroup is None else [(21, Struct("=Q").pack(cgroup))]
    found += [] if sockopt is None else [(22, bytes([sockopt, 0]))]
    return found


def read(*parts, protocol=6, transport="tcp", **how):
    reader = InetReader(transport, 99, protocol=protocol, **how)
    data = b"".join(parts)
    ended = reader.feed(data, len(data))
    return reader.rows, ended


# -- rows


def test_a_listener_with_everything():
    rows, ended = read(row(extras=extras(cgroup=25, sockopt=0x20), ifindex=3, cookie=0x100000002), done())
    assert ended
    (one,) = rows
    assert (one.transport, one.family, one.address, one.port, one.state) == ("tcp", "ipv4", ANY4, 80, "listen")
    assert (one.inode, one.netns, one.cookie, one.uid, one.cgroup) == (4711, 99, 0x100000002, 33, 25)
    assert (one.ifindex, one.v6only, one.autobound, one.protocol) == (3, None, False, 6)
    assert (one.flags, one.source) == (("transparent",), "sock_diag")


def test_a_row_without_attributes_knows_less_and_says_so():
    (one,) = read(row())[0]
    assert (one.v6only, one.cgroup, one.flags) == (None, 0, ())


def test_the_first_row_of_each_shape_is_kept_too():
    many = [row(port=1000 + number, extras=extras(cgroup=1)) for number in range(5)]
    assert [one.port for one in read(*many)[0]] == [1000, 1001, 1002, 1003, 1004]


def test_shapes_may_alternate():
    parts = [
        row(port=1, extras=extras(cgroup=1, sockopt=0)),
        row(family=10, address=LOOPBACK6, port=2, extras=extras(v6only=1, cgroup=2, sockopt=0)),
        row(port=3, extras=extras(mark=True, cgroup=3)),
        row(family=10, address=LOOPBACK6, port=4, extras=extras(v6only=0, cgroup=4, sockopt=4)),
        row(port=5, extras=extras(cgroup=5, sockopt=0)),
        row(port=6),
    ]
    rows = read(*parts)[0]
    assert [(one.port, one.cgroup, one.v6only) for one in rows] == [
        (1, 1, None), (2, 2, True), (3, 3, None), (4, 4, False), (5, 5, None), (6, 0, None),
    ]  # fmt: skip
    assert rows[3].flags == ("freebind",)


def test_rows_of_one_length_and_different_meaning_are_told_apart():
    """SHUTDOWN and SKV6ONLY in the other order: the same length, another shape."""
    one = row(family=10, address=LOOPBACK6, extras=[(8, b"\0"), (11, b"\1")])
    two = row(family=10, address=LOOPBACK6, extras=[(11, b"\0"), (8, b"\1")])
    assert [each.v6only for each in read(one, two, one)[0]] == [True, False, True]


def test_addresses_and_cgroups_are_shared():
    rows = read(*[row(address=LOOPBACK4, extras=extras(cgroup=2**40)) for _ in range(2)])[0]
    assert rows[0].address is rows[1].address
    assert rows[0].cgroup is rows[1].cgroup


@pytest.mark.parametrize(
    ("protocol", "state", "word"),
    [
        (6, 10, "listen"), (6, 7, "bound"), (6, 13, "bound"), (6, 1, None), (6, 8, None),
        (17, 7, "unconnected"), (17, 1, "connected"), (17, 10, None), (136, 7, "unconnected"),
    ],
)  # fmt: skip
def test_states(protocol, state, word):
    rows = read(row(state=state), protocol=protocol)[0]
    assert [one.state for one in rows] == ([word] if word else [])


def test_mapped_addresses_stay_ipv6():
    packed = bytes(10) + b"\xff\xff\x7f\0\0\1"
    (one,) = read(row(family=10, address=packed, extras=extras(v6only=0)))[0]
    assert (one.family, one.address, one.v6only) == ("ipv6", packed, False)


def test_autobound_is_what_was_asked_for():
    assert read(row(), autobound=True)[0][0].autobound
    assert not read(row())[0][0].autobound


def test_unknown_families_and_foreign_messages_are_passed_over():
    rows = read(row(family=99), row(kind=77), row(sequence=5), row(port=443))[0]
    assert [one.port for one in rows] == [443]


def test_rows_may_come_in_several_datagrams():
    reader = InetReader("tcp", 1, protocol=6)
    for port in (1, 2):
        data = bytearray(row(port=port).ljust(4096, b"\xee"))  # what an earlier answer left in the buffer
        assert reader.feed(data, len(row())) is False
    assert reader.feed(bytearray(done()), 20) is True
    assert [one.port for one in reader.rows] == [1, 2]


def test_attributes_that_are_too_short_are_not_read():
    (one,) = read(row(family=10, address=LOOPBACK6, extras=[(11, b""), (21, b"abc"), (22, b"")]))[0]
    assert (one.v6only, one.cgroup, one.flags) == (None, 0, ())


# -- refusals


def test_an_empty_dump_ends():
    assert read(done()) == ([], True)


def test_a_missing_module_is_no_empty_table():
    with pytest.raises(Refused) as caught:
        read(done(-errno.ENOENT))
    assert caught.value.code == errno.ENOENT


def test_a_disturbed_dump():
    with pytest.raises(Interrupted):
        read(row(), row(flags=0x12))


@pytest.mark.parametrize("cut", [1, 15, 16, 60, 87, 88, 99, 107])
def test_a_row_cut_short(cut):
    whole = row(extras=extras(cgroup=1))
    assert cut < len(whole)
    reader = InetReader("tcp", 1, protocol=6)
    data = row(port=1, extras=extras(cgroup=1)) + whole
    with pytest.raises(Truncated):
        reader.feed(data, len(whole) + cut)
    assert [one.port for one in reader.rows] == [1]


def test_a_row_that_claims_to_be_shorter_than_a_row():
    whole = bytearray(row())
    Struct("=I").pack_into(whole, 0, 40)
    with pytest.raises(Truncated):
        read(bytes(whole))


def test_a_message_of_length_zero_does_not_loop():
    with pytest.raises(Truncated):
        read(bytes(100))


# -- SCTP, raw, packet, vsock, XDP


def storage(family, packed):
    head = Struct("=H").pack(family) + bytes(2 if family == 2 else 6)
    return (head + packed).ljust(128, b"\0")


def test_an_sctp_endpoint_has_a_row_for_each_address():
    locals_ = storage(2, LOOPBACK4) + storage(10, LOOPBACK6) + storage(77, b"")
    rows = read(row(port=38412, extras=[(12, locals_), (21, Struct("=Q").pack(5))]), protocol=132, transport="sctp")[0]
    assert [(one.family, one.address, one.inode, one.cgroup) for one in rows] == [
        ("ipv4", LOOPBACK4, 4711, 5),
        ("ipv6", LOOPBACK6, 4711, 5),
    ]


def test_an_sctp_endpoint_without_the_list_has_its_own_address():
    rows = read(row(port=9, address=LOOPBACK4), row(state=1), protocol=132, transport="sctp")[0]
    assert [(one.address, one.port) for one in rows] == [(LOOPBACK4, 9)]


def test_raw_rows_have_a_protocol_and_no_port():
    rows = read(row(state=7, port=89), row(state=1, port=1), protocol=255, transport="raw")[0]
    (one,) = sock_diag.raw_rows(rows)
    assert (one.transport, one.port, one.protocol) == ("raw", None, 89)


def packet_body(protocol=0x0800, attributes=()):
    head = Struct("=BBHIII").pack(17, 3, protocol, 55, 1, 2)
    return Cursor(head + b"".join(netlink.attribute(kind, payload) for kind, payload in attributes))


def test_a_tap_with_interface_filter_and_ring():
    attributes = [
        (0, Struct("=IIIIII").pack(4, 0, 0, 0, 0, 0)),
        (5, Struct("=I").pack(33)),
        (2, bytes(24)),
        (3, bytes(24)),
    ]
    one, seen = sock_diag.packet_row(packet_body(attributes=[*attributes, (7, bytes(16))]), 9)
    assert seen
    assert (one.state, one.ifindex, one.uid, one.protocol, one.flags) == ("tap", 4, 33, 0x0800, ("ring", "filter"))
    assert (one.inode, one.cookie, one.netns, one.port, one.address) == (55, 2 << 32 | 1, 9, None, b"")


def test_an_empty_filter_attribute_means_that_we_may_not_know():
    one, seen = sock_diag.packet_row(packet_body(attributes=[(7, b"")]), 9)
    assert not seen
    assert one.flags == ()


def test_a_packet_socket_without_protocol_only_sends():
    assert sock_diag.packet_row(packet_body(protocol=0), 9)[0].state == "unconnected"


@pytest.mark.parametrize(
    ("kind", "state", "word"), [(1, 10, "listen"), (1, 7, None), (2, 7, "unconnected"), (1, 1, None)]
)
def test_vsock_rows(kind, state, word):
    body = Struct("=BBBBIIIIIII").pack(40, kind, state, 0, 0xFFFFFFFF, 5017, 0, 0, 12, 1, 0)
    one = sock_diag.vsock_row(Cursor(body), 9)
    assert (one.state if one else None) == word
    if one:
        assert (one.transport, one.family, one.address, one.port, one.inode) == (
            "vsock",
            "vsock",
            b"\xff" * 4,
            5017,
            12,
        )


def test_xdp_rows():
    body = Struct("=BBxxIII").pack(44, 3, 12, 1, 0) + netlink.attribute(1, Struct("=II").pack(4, 0))
    one = sock_diag.xdp_row(Cursor(body + netlink.attribute(2, Struct("=I").pack(33))), 9)
    assert (one.transport, one.family, one.ifindex, one.uid, one.flags) == ("packet", "xdp", 4, 33, ("xdp",))


@pytest.mark.parametrize("reader", [sock_diag.packet_row, sock_diag.vsock_row, sock_diag.xdp_row])
def test_short_bodies(reader):
    with pytest.raises(Truncated):
        reader(Cursor(bytes(11)), 1)


# -- questions


def test_tcp_is_asked_for_both_families_at_once():
    raw = sock_diag.tcp_request(sock_diag.LISTEN)
    assert netlink.HEADER.unpack_from(raw) == (16 + 60, 18, 0x301, 1, 0)
    assert Struct("=I").unpack_from(raw, 16 + 52) == (1 << 10,)


def test_a_chosen_port_is_asked_for_with_the_kernels_row_filter():
    plain = len(sock_diag.tcp_request(sock_diag.LISTEN))
    assert sock_diag.tcp_request(sock_diag.LISTEN, autobound=True)[plain:] == Struct("=HHBBH").pack(8, 1, 6, 4, 8)
    assert sock_diag.tcp_request(sock_diag.LISTEN, autobound=False)[plain:] == Struct("=HHBBHBBH").pack(
        12, 1, 6, 4, 8, 1, 4, 8
    )


def test_one_family_and_protocol():
    raw = sock_diag.inet_request(10, 17, sock_diag.CLOSE, sequence=3)
    assert netlink.HEADER.unpack_from(raw) == (16 + 56, 20, 0x301, 3, 0)
    assert Struct("=BBBBI").unpack_from(raw, 16) == (10, 17, 0, 0, 1 << 7)


def test_protocols_above_a_byte_travel_in_an_attribute():
    raw = sock_diag.inet_request(2, sock_diag.MPTCP, sock_diag.LISTEN)
    assert raw.endswith(Struct("=HHI").pack(8, 3, 262))


@pytest.mark.parametrize(
    ("build", "size"),
    [(sock_diag.packet_request, 20), (sock_diag.vsock_request, 24), (sock_diag.xdp_request, 20)],
)
def test_sizes_of_the_other_questions(build, size):
    assert len(build(2)) == 16 + size


# -- any bytes at all


@given(st.binary(max_size=400), st.sampled_from([6, 17, 132, 255]))
def test_any_bytes_give_rows_or_a_documented_error(data, protocol):
    with contextlib.suppress(CannotLook):
        InetReader("tcp", 1, protocol=protocol).feed(data, len(data))


@settings(max_examples=300)
@given(st.data())
def test_damaged_rows_give_rows_or_a_documented_error(data):
    whole = bytearray(
        row(extras=extras(v6only=1, cgroup=5, sockopt=4)) + row(family=10, extras=[(12, bytes(256))]) + done()
    )
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    protocol = data.draw(st.sampled_from([6, 17, 132]))
    with contextlib.suppress(CannotLook):
        InetReader("tcp", 1, protocol=protocol).feed(bytes(whole[:cut]), cut)


@given(st.binary(max_size=120), st.sampled_from([sock_diag.packet_row, sock_diag.vsock_row, sock_diag.xdp_row]))
def test_any_other_body_gives_a_row_or_truncation(data, reader):
    with contextlib.suppress(Truncated):
        reader(Cursor(data), 1)


@given(st.lists(st.tuples(st.integers(1, 65535), st.booleans(), st.integers(0, 2**63)), max_size=8), st.data())
def test_rows_before_a_cut_are_right(wanted, data):
    parts = [
        row(port=port, family=10 if wide else 2, address=LOOPBACK6 if wide else ANY4, extras=extras(cgroup=cgroup))
        for port, wide, cgroup in wanted
    ]
    whole = b"".join(parts) + done()
    cut = data.draw(st.integers(0, len(whole)))
    reader = InetReader("tcp", 1, protocol=6)
    try:
        ended = reader.feed(whole, cut)
    except Truncated:
        ended = False
    assert ended is (cut == len(whole))
    assert [(one.port, one.cgroup) for one in reader.rows] == [(p, c) for p, _, c in wanted][: len(reader.rows)]


# -- one connection


def test_a_connection_is_asked_for_by_both_ends():
    asked = sock_diag.connection_request(10, (bytes(15) + b"\x01", 40000), (bytes(15) + b"\x02", 1703), sequence=7)
    assert asked[16:18] == bytes((10, 6))
    assert asked[24:28] == (40000).to_bytes(2, "big") + (1703).to_bytes(2, "big")
    assert asked[28:60] == bytes(15) + b"\x01" + bytes(15) + b"\x02"
    assert asked[64:] == b"\xff" * 8  # INET_DIAG_NOCOOKIE


@pytest.mark.parametrize(("uid", "inode", "owner"), [(1000, 5, 1000), (0, 5, 0), (0, 0, None), (1000, 0, None)])
def test_whose_an_end_is(uid, inode, owner):
    body = bytes(64) + Struct("=II").pack(uid, inode)
    assert sock_diag.connection_owner(Cursor(body)) == owner
    for cut in range(len(body)):
        with pytest.raises(Truncated):
            sock_diag.connection_owner(Cursor(body[:cut]))

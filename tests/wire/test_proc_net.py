"""The text tables of /proc/net, as kernels print them, and as a torn page would leave them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import Truncated
from hb_engine.wire import proc_net

HEAD = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
TAIL = b"00000000:00000000 00:00000000 00000000 %5d        0 %d 1 0000000000000000 100 0 0 10 0\n"


def inet(local, state=b"0A", remote=b"00000000:0000", uid=0, inode=4711):
    return b"   0: %s %s %s " % (local, remote, state) + TAIL % (uid, inode)


def parse(table, *lines):
    return list(proc_net.parse(table, [HEAD, *lines], 9))


def test_a_tcp_listener():
    (one,) = parse("tcp", inet(b"0100007F:1389", uid=33))
    assert (one.transport, one.family, one.address, one.port) == ("tcp", "ipv4", b"\x7f\0\0\1", 5001)
    assert (one.state, one.inode, one.uid, one.netns, one.protocol, one.source) == ("listen", 4711, 33, 9, 6, "proc")
    assert (one.v6only, one.cgroup, one.cookie, one.autobound) == (None, 0, 0, False)


def test_a_mapped_address_keeps_its_sixteen_bytes():
    (one,) = parse("tcp6", inet(b"0000000000000000FFFF00000100007F:1398", remote=b"0" * 32 + b":0000"))
    assert one.address == bytes(10) + b"\xff\xff\x7f\0\0\1"
    assert one.family == "ipv6"


def test_ipv6_words_are_turned_one_by_one():
    (one,) = parse("tcp6", inet(b"B80D0120000000000000000001000000:0050", remote=b"0" * 32 + b":0000"))
    assert one.address.hex() == "20010db8000000000000000000000001"


def test_connections_are_passed_over_unread():
    broken = b"   1: rubbish rubbish 01 \n"
    assert [one.port for one in parse("tcp", broken, inet(b"00000000:0050"), inet(b"0100007F:0051", b"01"))] == [80]


@pytest.mark.parametrize(("table", "transport", "protocol"), [("udp", "udp", 17), ("udplite", "udplite", 136)])
def test_datagrams_that_are_not_connected(table, transport, protocol):
    rows = parse(table, inet(b"00000000:1394", b"07"), inet(b"0100007F:96AC", b"01", b"0100007F:0009"))
    assert [(one.transport, one.port, one.state, one.protocol) for one in rows] == [
        (transport, 5012, "unconnected", protocol)
    ]


def test_raw_sockets_have_a_protocol_for_a_port():
    (one,) = parse("raw", inet(b"00000000:0059", b"07"))
    assert (one.transport, one.port, one.protocol) == ("raw", None, 89)


def test_packet_sockets():
    rows = list(
        proc_net.parse(
            "packet",
            [
                b"sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n",
                b"00000000567df61f 3      3    0003   2     1 0      33     121329\n",
                b"00000000567df61f 3      3    0000   0     1 0      0      7\n",
            ],
            9,
        )
    )
    assert [(one.state, one.protocol, one.ifindex, one.uid, one.inode) for one in rows] == [
        ("tap", 3, 2, 33, 121329),
        ("unconnected", 0, 0, 0, 7),
    ]


SCTP_HEAD = b" ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n"
SCTP_ROW = b"0000000000000000 0000000000000000 2   10  29   11165   200 299689357 10.0.0.102 *10.0.0.70 \n"


def test_sctp_endpoints_have_many_addresses():
    rows = list(proc_net.parse("sctp/eps", [SCTP_HEAD, SCTP_ROW], 9))
    assert [(one.address, one.port, one.inode, one.uid, one.state) for one in rows] == [
        (b"\x0a\0\0\x66", 11165, 299689357, 200, "listen"),
        (b"\x0a\0\0\x46", 11165, 299689357, 200, "listen"),
    ]


def test_sctp_addresses_of_ipv6_are_printed_whole():
    line = SCTP_ROW.replace(b"10.0.0.102 *10.0.0.70", b"fe80:0000:0000:0000:0000:0000:0000:0001 *")
    (one,) = proc_net.parse("sctp/eps", [SCTP_HEAD, line], 9)
    assert one.address.hex() == "fe800000000000000000000000000001"
    assert one.family == "ipv6"


def test_sctp_endpoints_that_are_closed_or_connected():
    assert next(proc_net.parse("sctp/eps", [SCTP_HEAD, SCTP_ROW.replace(b"2   10 ", b"2   7  ")], 9)).state == "bound"
    assert list(proc_net.parse("sctp/eps", [SCTP_HEAD, SCTP_ROW.replace(b"2   10 ", b"2   1  ")], 9)) == []


@pytest.mark.parametrize("table", proc_net.TABLES)
def test_an_empty_table(table):
    assert list(proc_net.parse(table, [], 9)) == []
    assert list(proc_net.parse(table, [HEAD], 9)) == []


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("tcp", b"   0: 00000000:0050 00000000:0000 0A 00000000\n"),
        ("tcp", inet(b"0000:0050")),
        ("tcp", inet(b"0000000Z:0050")),
        ("tcp", inet(b"00000000:")),
        ("packet", b"0000 3 3 0003 2\n"),
        ("packet", b"0000 3 3 zz 2 1 0 33 1\n"),
        ("sctp/eps", b"0 0 2 10 29\n"),
        ("sctp/eps", b"0 0 2 10 29 1 2 3 10.0.0\n"),
        ("sctp/eps", b"0 0 2 10 29 1 2 3 1:2\n"),
        ("sctp/eps", b"0 0 2 10 29 1 2 3 10.0.0.999\n"),
    ],
)
def test_rows_cut_short_or_damaged_are_truncated(table, line):
    with pytest.raises(Truncated, match="cut short or unknown"):
        parse(table, line)


def test_protocol_counts():
    text = b"protocol  size sockets  memory press\nXDP  1088  1 -1 NI\nMPTCPv6 2064 0 87 no\nshort\nbad 1 x y\n"
    assert proc_net.protocols(text) == {"XDP": 1, "MPTCPv6": 0}
    assert proc_net.protocols(b"") == {}


@given(st.sampled_from(proc_net.TABLES), st.lists(st.binary(max_size=120), max_size=6))
def test_any_lines_give_rows_or_truncation(table, lines):
    with contextlib.suppress(Truncated):
        list(proc_net.parse(table, lines, 9))


@given(st.sampled_from(["tcp", "raw", "udp", "packet", "sctp/eps"]), st.data())
def test_good_lines_with_a_changed_byte(table, data):
    good = bytearray(
        {"packet": b"0 3 3 0003 2 1 0 33 121329\n", "sctp/eps": SCTP_ROW}.get(table, inet(b"00000000:0050", b"0A"))
    )
    good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    with contextlib.suppress(Truncated):
        list(proc_net.parse(table, [HEAD, bytes(good[:cut])], 9))


@given(st.binary(max_size=300))
def test_any_counts(data):
    assert all(count >= 0 for count in proc_net.protocols(data).values())

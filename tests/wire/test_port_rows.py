"""Ports out of dumps: every row's, whatever else is in the datagram, and never half of an answer."""

from __future__ import annotations

import socket
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.netlink import done, listener, message, numbered, refusal

from hb_engine.kernel.netlink import Netlink
from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.wire import netlink, port_rows, sock_diag
from hb_engine.wire.netlink import Interrupted, Refused
from hb_engine.wire.port_rows import PortReader


def read(*parts, sequence=7):
    reader = PortReader(sequence)
    data = b"".join([numbered(part, sequence) for part in parts])
    return reader.feed(data, len(data)), reader.ports


@given(st.lists(st.tuples(st.integers(0, 65535), st.sampled_from((2, 10)), st.integers(1, 13)), max_size=40))
def test_every_row_counts_in_whichever_state(rows):
    parts = [listener(port, family, state) for port, family, state in rows]
    assert read(*parts, done()) == (True, {port for port, _, _ in rows})
    assert read(*parts) == (False, {port for port, _, _ in rows})


def test_rows_with_attributes_are_as_long_as_they_say():
    row = listener(80)[16:] + netlink.attribute(21, b"12345678")
    assert read(message(20, row), listener(443), done()) == (True, {80, 443})


def test_answers_to_other_questions_are_passed_over():
    foreign = numbered(listener(22), 3)
    reader = PortReader(7)
    data = foreign + numbered(listener(80) + done(), 7)
    assert (reader.feed(data, len(data)), reader.ports) == (True, {80})


def test_a_refusal_is_raised_and_so_is_a_change():
    with pytest.raises(Refused):
        read(refusal(2))
    with pytest.raises(Refused):
        read(listener(80), done(2))
    with pytest.raises(Interrupted):
        read(message(20, listener(80)[16:], netlink.F_DUMP_INTR))


@pytest.mark.parametrize("size", [0, 4, 40, 71])
def test_a_row_that_is_too_short_is_told(size):
    with pytest.raises(Truncated):
        read(message(20, bytes(size)))


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data):
    reader = PortReader(0)
    try:
        reader.feed(data, len(data))
    except CannotLook:
        pass
    except Truncated:
        pass


def test_the_question_names_family_protocol_and_port():
    asked = port_rows.request(10, sock_diag.UDP, 4444, 9)
    assert netlink.HEADER.unpack_from(asked)[:4] == (len(asked), 20, netlink.F_REQUEST | netlink.F_DUMP, 9)
    assert Struct("=BBBBI").unpack_from(asked, 16) == (10, 17, 0, 0, 0xFFFFFFFF)
    assert Struct("!H").unpack_from(asked, 24) == (4444,)
    assert len(asked) == 16 + 56


def listed(protocol, port=0):
    found = set()
    with Netlink(netlink.SOCK_DIAG) as kernel:
        for family in (2, 10):
            reader = PortReader()

            def fresh(sequence):
                nonlocal reader
                reader = PortReader(sequence)
                return reader.feed

            def ask(sequence, family=family):
                return port_rows.request(family, protocol, port, sequence)

            kernel.feed(ask, fresh)
            found |= reader.ports
    return found


def test_this_kernel_lists_listeners_connections_and_bound_sockets_by_port():
    with socket.socket() as server, socket.socket() as client, socket.socket(type=socket.SOCK_DGRAM) as datagram:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        datagram.bind(("127.0.0.1", 0))
        ports = {one.getsockname()[1] for one in (server, client)}
        assert ports <= listed(sock_diag.TCP)
        for port in ports:
            assert listed(sock_diag.TCP, port) == {port}
        port = datagram.getsockname()[1]
        assert port in listed(sock_diag.UDP)
        assert listed(sock_diag.UDP, port) == {port}

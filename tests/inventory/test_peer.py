"""Whose the other end of a connection is: of a real kernel, in every state that a connection has, and scripted."""

from __future__ import annotations

import errno
import os
import socket
import sys
from struct import Struct

import pytest
from tests.kit.netlink import FakeKernel, message

from hb_engine.inventory.linux.peer import Peers
from hb_engine.model.errors import CannotLook
from hb_engine.wire import netlink, sock_diag
from hb_engine.wire.netlink import Refused

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux has sock_diag")
CLIENT, SERVER = ("127.0.0.1", 40000), ("127.0.0.1", 1703)


def row(uid, inode):
    """An answer of the kernel's: struct inet_diag_msg."""
    return message(sock_diag.BY_FAMILY, bytes(4 + 48 + 12) + Struct("=II").pack(uid, inode), flags=0)


def refused(code):
    return message(netlink.ERROR, Struct("=i").pack(-code) + bytes(16), flags=0)


def scripted(*answers):
    kernel = FakeKernel(*answers)
    return Peers(kernel.conversation), kernel


@pytest.fixture
def peers():
    found = Peers()
    yield found
    found.close()


def connected(family, address):
    """A listener, a client's end and the accepted one."""
    listener = socket.create_server((address, 0), family=family)
    client = socket.create_connection(listener.getsockname()[:2])
    accepted, _ = listener.accept()
    return listener, client, accepted


def ends(accepted):
    """The addresses that a server knows of a connection: the client's and its own."""
    return accepted.getpeername()[:2], accepted.getsockname()[:2]


FAMILIES = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "127.9.9.9"), (socket.AF_INET6, "::1")]


@linux
@pytest.mark.parametrize(("family", "address"), FAMILIES)
def test_our_own_connection_is_ours_while_it_lasts(peers, family, address):
    listener, client, accepted = connected(family, address)
    with listener, accepted:
        client_end, server_end = ends(accepted)
        assert peers.owner(client_end, server_end) == os.getuid()
        client.shutdown(socket.SHUT_WR)  # half closed is still somebody's
        assert peers.owner(client_end, server_end) == os.getuid()
        client.close()  # FIN_WAIT: the kernel's alone, and it would say uid 0
        assert peers.owner(client_end, server_end) is None
        accepted.close()  # TIME_WAIT
        assert peers.owner(client_end, server_end) is None


@linux
def test_a_connection_that_there_is_not_is_nobody_s(peers):
    assert peers.owner(("127.0.0.1", 1), ("127.0.0.1", 2)) is None
    assert peers.owner(("::1", 1), ("::1", 2)) is None


@linux
def test_the_right_one_of_many(peers):
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listener:
        clients = [socket.create_connection(listener.getsockname()) for _ in range(4)]
        accepted = [listener.accept()[0] for _ in clients]
        known = [ends(one) for one in accepted]
        clients[2].close()
        assert [peers.owner(*one) is not None for one in known] == [True, True, False, True]
        for one in (*clients, *accepted):
            one.close()


@linux
@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes root")
def test_another_user_s_end_is_another_user_s(peers):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pid = os.fork()
        if pid == 0:
            try:
                os.setuid(61003)
                with socket.create_connection(listener.getsockname()) as client:
                    client.recv(1)
            finally:
                os._exit(0)
        accepted, _ = listener.accept()
        with accepted:
            assert peers.owner(*ends(accepted)) == 61003
        os.waitpid(pid, 0)


def test_what_is_asked_is_one_socket_from_the_client_s_side():
    peers, kernel = scripted([row(1000, 77)])
    assert peers.owner(CLIENT, SERVER) == 1000
    [question] = kernel.questions
    length, kind, flags, _, _ = netlink.HEADER.unpack_from(question)
    assert (length, kind, flags) == (len(question), sock_diag.BY_FAMILY, netlink.F_REQUEST)
    family, protocol, _, _, _, source, goal, own, peer, _, cookie = Struct("!BBBBIHH16s16sIQ").unpack(question[16:])
    assert (family, protocol, source, goal, cookie) == (2, 6, 40000, 1703, (1 << 64) - 1)
    assert own == peer == bytes((127, 0, 0, 1)) + bytes(12)


def test_an_end_without_an_inode_is_nobody_s_and_not_root_s():
    peers, _ = scripted([row(0, 0)], [row(0, 5)])
    assert peers.owner(CLIENT, SERVER) is None
    assert peers.owner(CLIENT, SERVER) == 0


def test_no_such_socket_and_other_refusals():
    peers, _ = scripted([refused(errno.ENOENT)], [refused(errno.EPERM)])
    assert peers.owner(CLIENT, SERVER) is None
    with pytest.raises(Refused):
        peers.owner(CLIENT, SERVER)


def test_a_kernel_that_does_not_answer_is_an_error_and_nobody():
    peers, _ = scripted()
    with pytest.raises(CannotLook):
        peers.owner(CLIENT, SERVER)


def test_an_answer_to_an_earlier_question_is_no_answer():
    peers, _ = scripted([row(1000, 7)], [row(1001, 8)])
    assert [peers.owner(CLIENT, SERVER) for _ in range(2)] == [1000, 1001]


def test_the_conversation_is_ended():
    peers, kernel = scripted([row(1, 1)])
    peers.close()
    assert kernel.closed

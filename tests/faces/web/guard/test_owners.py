"""Whose a connection is, asked of the real kernel, as several users; and whom links are for."""

from __future__ import annotations

import os
import socket
import sys

import pytest
from tests.faces.web.guard.served import Served

from hb_engine.faces.web.guard.gate import Gate
from hb_engine.faces.web.guard.links import Links
from hb_engine.faces.web.guard.owners import NO_LOGIN, NOBODY, name_of, telling, users
from hb_engine.model.errors import CannotLook

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux says whose a connection is")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="becoming other users takes root")


@pytest.mark.parametrize(
    ("uid", "environment", "login", "expected"),
    [
        (1000, {}, NO_LOGIN, {0, 1000}),
        (1000, {"SUDO_UID": "1001"}, 1001, {0, 1000}),  # a user's environment is the user's own
        (0, {}, NO_LOGIN, None),
        (0, {}, 0, None),
        (0, {}, 1000, {0, 1000}),
        (0, {"SUDO_UID": "1000"}, NO_LOGIN, {0, 1000}),
        (0, {"SUDO_UID": "1000"}, 1001, {0, 1000, 1001}),
        (0, {"PKEXEC_UID": "1002"}, 0, {0, 1002}),
        (0, {"SUDO_UID": "0"}, NO_LOGIN, None),
        (0, {"SUDO_UID": "alice"}, NO_LOGIN, None),
        (0, {"SUDO_UID": "-1"}, NO_LOGIN, None),
        (0, {"SUDO_UID": "9" * 20}, NO_LOGIN, None),
    ],
)
def test_whom_links_are_for(uid, environment, login, expected):
    assert users(environment, uid, login) == (None if expected is None else frozenset(expected))


def test_names_of_users():
    assert name_of(0) == "root"
    assert name_of(4_000_000_001) == "4000000001"
    assert name_of(None) == name_of(NOBODY) == ""


@pytest.fixture
def told():
    """How this machine tells users apart."""
    found = telling()
    yield found
    found.close()


@linux
def test_this_kernel_says_whose_our_own_connections_are(told):
    assert told.told, told.why
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as peer:
        accepted, client = listener.accept()
        with accepted:
            assert told.owner(client, accepted.getsockname()) == os.getuid()
            peer.close()
            assert told.owner(client, accepted.getsockname()) == NOBODY


def test_elsewhere_the_token_counts_and_the_start_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    found = telling()
    assert not found.told
    assert "darwin" in found.why
    assert found.owner(("127.0.0.1", 1), ("127.0.0.1", 2)) is None


@linux
@pytest.mark.parametrize("answer", [None, 4_000_000_001])
def test_a_kernel_that_says_something_else_of_ourselves_is_not_believed(monkeypatch, answer):
    from hb_engine.inventory.linux.peer import Peers

    monkeypatch.setattr(Peers, "owner", lambda *_: answer)
    found = telling()
    assert not found.told
    assert found.why
    assert found.owner(("127.0.0.1", 1), ("127.0.0.1", 2)) is None


@linux
def test_a_kernel_that_cannot_be_asked(monkeypatch):
    from hb_engine.inventory.linux import peer

    def refuse(*_):
        raise CannotLook("no netlink socket of protocol 4: not supported")

    monkeypatch.setattr(peer.Peers, "__init__", refuse)
    assert "not supported" in telling().why


@linux
def test_a_kernel_that_stops_to_answer_lets_nobody_in(monkeypatch, told):
    from hb_engine.inventory.linux.peer import Peers

    def refuse(*_):
        raise CannotLook("netlink stopped in the middle of an answer")

    monkeypatch.setattr(Peers, "owner", refuse)
    assert told.owner(("127.0.0.1", 1), ("127.0.0.1", 2)) == NOBODY


@linux
def test_an_end_that_is_gone_before_it_was_taken_is_nobody_s(told):
    """It was broken off (RST), and what it sent can be read all the same: that is not "users are not told apart"."""
    there = ("127.0.0.1", 1)
    assert [told.owner(None, there), told.owner(there, None), told.owner(None, None)] == [NOBODY] * 3


# -- real users


def asked_as(uid, server, path, cookie=""):
    """What another user is answered: status and Set-Cookie, asked by a child that has become that user."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            said = server.ask(path, headers=[("Cookie", cookie)] if cookie else [])
            os.write(writer, f"{said.status} {said['set-cookie']}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        told = stream.read().decode()
    os.waitpid(pid, 0)
    status, _, cookie = told.partition(" ")
    return int(status), cookie.partition(";")[0]


@linux
@as_root
@pytest.mark.root
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_stolen_cookie_is_no_use_to_another_user(told):
    with Served(gate=Gate(), owner=told.owner) as server:
        status, cookie = asked_as(61001, server, f"/enter/{server.gate.links.give('write')}")
        assert status == 303
        [(session, _)] = server.gate.sessions.listed()
        assert (session.uid, session.right) == (61001, "write")
        assert asked_as(61001, server, "/", cookie)[0] == 200
        assert asked_as(61002, server, "/", cookie)[0] == 403
        assert asked_as(65534, server, "/", cookie)[0] == 403
        assert server.ask(headers=[("Cookie", cookie)]).status == 403  # root is another user, too
        assert asked_as(61001, server, "/", cookie)[0] == 200


@linux
@as_root
@pytest.mark.root
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_link_that_another_user_read_over_a_shoulder_is_no_use(told):
    gate = Gate(links=Links(users({}, 61001)))
    with Served(gate=gate, owner=told.owner) as server:
        token = gate.links.give("read")
        assert asked_as(61002, server, f"/enter/{token}")[0] == 403
        assert asked_as(61001, server, f"/enter/{token}")[0] == 303

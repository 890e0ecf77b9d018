"""What this machine's own openings say: real servers on loopback and in a namespace, and where nobody can be asked."""

from __future__ import annotations

import os
import socket
import threading
from typing import Any

import pytest
from tests.kit.sockets import in_namespace, needs_root, tcp

from hb_engine.app.looking import own
from hb_engine.app.looking.look import look
from hb_engine.identify.question import Settings
from hb_engine.model.opening import Netns, Opening

FAST = Settings(slow=0.0, budget=0.5, wait=0.5, talk=1.0, versions=False)
BANNER = b"SSH-2.0-OpenSSH_9.2p1\r\n"
HOME = Netns(own.own_namespace())


def opening(kind="listener", transport="tcp", port=22, addresses=("0.0.0.0",), **more):
    return Opening(kind, transport, port, tuple(addresses), ("ipv4",), "public", HOME, **more)


@pytest.mark.parametrize(
    ("one", "place"),
    [
        (opening(), ("tcp", "127.0.0.1", 22)),
        (opening(addresses=("::",)), ("tcp", "::1", 22)),
        (opening(addresses=("::", "0.0.0.0")), ("tcp", "127.0.0.1", 22)),
        (opening(addresses=("10.0.0.7",)), ("tcp", "10.0.0.7", 22)),
        (opening(addresses=("fe80::1%eth0",)), ("tcp", "fe80::1", 22)),
        (opening(kind="bound", transport="udp", port=53), ("udp", "127.0.0.1", 53)),
        (opening(kind="bound"), None),
        (opening(kind="tap", transport="packet", port=None), None),
        (opening(kind="bound", transport="udp", port=40000, ephemeral=True), None),
        (opening(addresses=()), None),
    ],
)
def test_where_an_opening_can_be_asked(one, place):
    assert own.place_of(one) == place


def served(listener, banner, times=4):
    """Greet so many connections, in a thread; it ends with the listener."""

    def serve():
        for _ in range(times):
            try:
                one, _ = listener.accept()
            except OSError:
                return
            one.sendall(banner)
            one.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


def names(found):
    return {key: (answer.identity.name, answer.identity.version) for key, answer in found.items() if answer.identity}


def test_nobody_is_nobody():
    assert own.speaks([opening(kind="tap", transport="packet", port=None)]) == {}


@pytest.mark.slow
def test_a_real_listener_says_what_it_is():
    done = []
    with tcp(host="127.0.0.1") as listener:
        served(listener, BANNER)
        port = listener.getsockname()[1]
        one = opening(port=port, addresses=("127.0.0.1",))
        found = own.speaks([one], FAST, tell=lambda: done.append(1))
    assert names(found) == {one.key: ("ssh", "9.2p1")}
    assert done == [1]


@pytest.mark.root
@pytest.mark.slow
def test_one_in_another_namespace_is_asked_there():
    """The process is in a namespace of its own; its opening is asked by a child that enters there."""
    needs_root()
    reader, writer = os.pipe()
    stop_reader, stop_writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(stop_writer)

        def stand():
            with tcp(6022, host="127.0.0.1") as listener:
                served(listener, BANNER, 50)
                os.write(writer, b"1")
                os.read(stop_reader, 1)

        try:
            in_namespace(stand)
        finally:
            os._exit(0)
    os.close(stop_reader)
    try:
        assert os.read(reader, 1) == b"1"
        seen = [one for one in look().openings if one.port == 6022 and one.netns.id != own.own_namespace()]
        found = own.speaks(seen, FAST)
        assert names(found) == {one.key: ("ssh", "9.2p1") for one in seen}
        assert len(seen) == 1
    finally:
        os.close(stop_writer)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)


def test_a_namespace_that_is_gone_is_left_out():
    other = Netns(1, "nowhere", "named")
    lost = Opening("listener", "tcp", 22, ("0.0.0.0",), ("ipv4",), "public", other)
    assert own.speaks([lost], FAST) == {}


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("192.0.2.1", False),  # TEST-NET-1 (RFC 5737)
        ("2001:db8::1", False),
        ("255.255.255.255", False),
        ("239.1.2.3", False),
        ("no address", False),
    ],
)
def test_which_addresses_are_here(address, here):
    assert own.is_here(address) is here


def test_the_machines_own_addresses_are_here():
    from hb_engine.inventory.linux import machine

    assert all(own.is_here(one) for one in machine.addresses() if not one.startswith("fe80"))


def test_nobody_elsewhere_is_asked_for_a_socket_bound_to_an_address_that_is_not_here():
    """IP_FREEBIND needs no right: whoever may listen could have root send to any address."""
    listener = socket.socket()
    listener.setsockopt(socket.IPPROTO_IP, 15, 1)  # IP_FREEBIND
    listener.bind(("192.0.2.1", 0))
    listener.listen()
    with listener:
        one = opening(port=listener.getsockname()[1], addresses=("192.0.2.1",))
        assert own.speaks([one], FAST) == {}


@pytest.mark.root
@pytest.mark.slow
def test_a_child_that_stands_still_is_ended(monkeypatch):
    """Whatever keeps a child, the look goes on: what it was to ask is not heard."""
    needs_root()
    monkeypatch.setattr(own, "LONGEST", 1)
    nobody: Any = None
    monkeypatch.setattr(own, "_be_child", lambda *_: os.pipe() and os.read(os.pipe()[0], 1))
    wait = own._child([], "/proc/self/ns/net", nobody)
    assert wait() == []

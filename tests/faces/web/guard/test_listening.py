"""Loopback and nothing wider; ports that are taken, forbidden, or the kernel's choice."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.guard import listening
from hb_engine.faces.web.guard.listening import Taken, addresses, listen, url
from hb_engine.model.errors import BadInput, CannotLook

LOOPBACK = {
    "127.0.0.1": ("127.0.0.1",),
    "127.0.0.2": ("127.0.0.2",),
    "127.255.255.254": ("127.255.255.254",),
    "::1": ("::1",),
    "[::1]": ("::1",),
    "0:0:0:0:0:0:0:1": ("::1",),
    "localhost": ("127.0.0.1", "::1"),
    "LOCALHOST": ("127.0.0.1", "::1"),
}


@pytest.mark.parametrize(("text", "expected"), LOOPBACK.items())
def test_loopback(text, expected):
    assert addresses(text) == expected


@pytest.mark.parametrize(
    "text", ["0.0.0.0", "::", "[::]", "10.0.0.1", "192.168.1.5", "fe80::1", "::ffff:127.0.0.1", "8.8.8.8", "fe80::1%lo"]
)
def test_anything_wider_is_refused_with_the_reason_and_a_way(text):
    with pytest.raises(BadInput) as raised:
        addresses(text)
    assert "fleet" in raised.value.message
    assert "ssh -L 1703:127.0.0.1:1703" in raised.value.remedy


@pytest.mark.parametrize(
    "text", ["", "web-17", "127.1", "127.0.0.01", "localhost.", "eth0", "*", "\x1b[31m", "[", "::1]x"]
)
def test_what_is_no_address(text):
    with pytest.raises(BadInput) as raised:
        addresses(text)
    assert "127.0.0.1" in raised.value.remedy


@given(st.text(max_size=20))
def test_no_text_leads_further_than_loopback(text):
    try:
        found = addresses(text)
    except BadInput:
        return
    assert all(one == "::1" or one.startswith("127.") for one in found)


def test_the_kernel_s_choice():
    [made] = listen(("127.0.0.1",), 0)
    with made:
        port = made.getsockname()[1]
        assert port
        assert url(made) == f"http://127.0.0.1:{port}"
        assert made.getblocking() is False
        with socket.create_connection(("127.0.0.1", port)):
            pass


def test_both_families_have_the_same_port():
    made = listen(("127.0.0.1", "::1"), 0)
    assert len({one.getsockname()[1] for one in made}) == 1
    assert [url(one).rpartition(":")[0] for one in made] == ["http://127.0.0.1", "http://[::1]"][: len(made)]
    for one in made:
        one.close()


def test_a_machine_without_the_second_family(monkeypatch):
    real = listening._one

    def refuse(address, port):
        if address == "::1":
            raise OSError(99, "Cannot assign requested address")
        return real(address, port)

    monkeypatch.setattr(listening, "_one", refuse)
    [made] = listen(("127.0.0.1", "::1"), 0)
    made.close()
    with pytest.raises(CannotLook):
        listen(("::1",), 0)


def test_a_port_that_somebody_has_is_told_and_nothing_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Taken) as raised:
            listen(("127.0.0.1",), port)
        assert str(port) in raised.value.message
        assert "--port" in raised.value.remedy
        with pytest.raises(Taken):
            listen(("127.0.0.2", "127.0.0.1"), port)
    for one in listen(("127.0.0.2", "127.0.0.1"), port):
        one.close()


def test_a_port_is_free_again_at_once():
    [first] = listen(("127.0.0.1",), 0)
    port = first.getsockname()[1]
    client = socket.create_connection(("127.0.0.1", port))
    accepted, _ = first.accept()
    accepted.close()  # our side first: TIME_WAIT is ours
    client.close()
    first.close()
    [second] = listen(("127.0.0.1",), port)
    second.close()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes root")
def test_ports_of_root_s():
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
        if int(file.read()) < 2:
            pytest.skip("anybody may have any port here")
    pid = os.fork()
    if pid == 0:
        try:
            os.setuid(61004)
            listen(("127.0.0.1",), 1)
        except CannotLook as error:
            os._exit(7 if "for root" in error.message else 8)
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7

"""What machine this is, and what hb may do on it."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.netlink import FakeKernel, done, message, refusal
from tests.kit.sockets import in_namespace, ip, needs_root

from hb_engine.inventory.linux import machine
from hb_engine.wire import netlink, rtnetlink

ID = "0123456789abcdef0123456789abcdef"


def tree(top, **files):
    for name, text in files.items():
        path = top / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(top)


def test_a_machine_is_known_by_a_keyed_digest_of_its_id_and_never_by_the_id(tmp_path):
    told = machine.host(tree(tmp_path, **{"etc__machine-id": f"{ID}\n"})).machine
    assert told == hmac.new(machine.APPLICATION, bytes.fromhex(ID), hashlib.sha256).hexdigest()[:16]
    assert told not in ID


def test_dbus_id_stands_in_where_there_is_no_systemd(tmp_path):
    first = machine.host(tree(tmp_path / "a", **{"etc__machine-id": ID})).machine
    assert machine.host(tree(tmp_path / "b", **{"var__lib__dbus__machine-id": ID})).machine == first


@pytest.mark.parametrize("text", ["", "uninitialized\n", ID[:31], ID + "0", ID.upper(), "\xff" * 32, "0x" + ID[2:]])
def test_an_id_that_is_not_set_yet_names_no_machine(tmp_path, text):
    assert machine.host(tree(tmp_path, **{"etc__machine-id": text})).machine == ""


@given(st.binary(max_size=machine.BLOCK), st.binary(max_size=200))
def test_keyed_is_hmac(key, text):
    assert machine.keyed(key, text) == hmac.new(key, text, hashlib.sha256).digest()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ('ID=debian\nVERSION_ID="12"\n', "debian-12"),
        ("ID=arch\n", "arch"),
        ('ID="rocky"\nVERSION_ID="9.4"\n', "rocky-9.4"),
        ("NAME=x\n", ""),
    ],
)
def test_the_system_in_short(tmp_path, text, short):
    assert machine.host(tree(tmp_path, **{"etc__os-release": text})).os == short


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("32768\t60999\n", (32768, 60999)),
        ("1 1", (1, 1)),
        ("2 1", None),
        ("", None),
        ("1", None),
        ("a b", None),
        ("1 999999", None),
    ],
)
def test_the_ports_that_the_kernel_chooses(tmp_path, text, ports):
    assert machine.host(tree(tmp_path, **{machine.RANGE.replace("/", "__"): text})).local_ports == ports


def row(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    body = Struct("=BBBBI").pack(family, 24, 0, 0, 2) + netlink.attribute(1, socket.inet_pton(family, text))
    return message(rtnetlink.NEWADDR, body)


def test_addresses_are_told_once_without_loopback_and_links_last():
    texts = ("127.0.0.1", "fe80::1", "198.51.100.7", "::1", "198.51.100.7", "2001:db8::7", "169.254.1.1")
    kernel = FakeKernel([b"".join([row(text) for text in texts]) + done()])
    told = machine.addresses(lambda: kernel.conversation(netlink.ROUTE))
    assert told == ("198.51.100.7", "2001:db8::7", "fe80::1", "169.254.1.1")
    assert kernel.closed


def test_where_the_kernel_may_not_be_asked_there_are_no_addresses():
    kernel = FakeKernel([refusal(1)])
    assert machine.addresses(lambda: kernel.conversation(netlink.ROUTE)) == ()


@pytest.mark.root
def test_addresses_are_this_namespaces_own():
    needs_root()

    def work():
        before = machine.addresses()
        ip("addr", "add", "192.0.2.17/24", "dev", "lo")
        return before, machine.addresses()

    assert in_namespace(work) == ((), ("192.0.2.17",))


def test_the_name_of_a_system(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    assert machine.host(str(tmp_path)).system == "Debian GNU/Linux 12 (bookworm)"


def test_without_os_release_the_kernels_name_stands_in(tmp_path):
    host = machine.host(str(tmp_path))
    assert (host.system, host.kernel, host.boot_id) == ("Linux", os.uname().release, "")


@pytest.mark.parametrize(
    ("effective", "missing"),
    [
        ("000001ffffffffff", ()),
        ("0000000000000000", machine.NEEDED),
        ("0000000000080004", ("CAP_SYS_ADMIN",)),
    ],
)
def test_capabilities(tmp_path, effective, missing):
    status = tmp_path / "status"
    status.write_text(f"Name:\tx\nCapPrm:\t0\nCapEff:\t{effective}\nCapBnd:\t0\n")
    assert machine.missing_capabilities(str(status)) == missing


def test_capabilities_that_cannot_be_read_are_not_assumed(tmp_path):
    assert machine.missing_capabilities(str(tmp_path / "none")) == machine.NEEDED


def test_threads_users_and_time_of_this_machine():
    assert machine.threads() > 0
    assert machine.owner_of(os.getpid()) == os.geteuid()
    assert machine.owner_of(2**22 + 1) is None
    assert machine.now() > 1.7e9

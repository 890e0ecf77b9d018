"""Names of users from files, user namespaces for real, and arbitrary bytes."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import users

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
inner: Any = users.inner


PASSWD = (
    b"# comment:x:5:5::/:/bin/sh\n"
    b"root:x:0:0:root:/root:/bin/bash\n"
    b"toor:x:0:0:second name:/root:/bin/sh\n"
    b"deploy:x:1000:1000:,,,:/home/deploy:/bin/bash\n"
    b"+:x:7:7:::\n"
    b"broken\n"
    b"nonumber:x:abc:0:::\n"
    b":x:8:8:::\n"
    b"b\xffd:x:1001:1001:::\n"
)


@pytest.fixture(autouse=True)
def fresh():
    users.forget()
    yield
    users.forget()


@pytest.fixture
def root(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_bytes(PASSWD)
    (tmp_path / "etc" / "subuid").write_bytes(b"deploy:100000:65536\n1001:200000:65536\nbroken\nx:y:z\n")
    return str(tmp_path)


def test_names_come_from_the_file(root):
    assert users.name(1000, root) == "deploy"
    assert users.name(1001, root) == "b\udcffd"


def test_the_first_name_of_a_number_counts(root):
    assert users.name(0, root) == "root"


@pytest.mark.parametrize("uid", [5, 7, 8, 4711, users.NOBODY])
def test_a_number_without_a_name_is_itself(root, uid):
    assert users.name(uid, root) == str(uid)


def test_no_number_no_name(root, tmp_path):
    assert users.name(None, root) == ""
    assert users.name(0, str(tmp_path / "absent")) == "0"


def test_the_file_is_read_once_until_forgotten(root, tmp_path):
    assert users.name(1000, root) == "deploy"
    (tmp_path / "etc" / "passwd").write_bytes(b"renamed:x:1000:1000:::\n")
    assert users.name(1000, root) == "deploy"
    users.forget()
    assert users.name(1000, root) == "renamed"


def test_a_dynamic_user_of_systemd_has_its_name(root, tmp_path):
    (tmp_path / "run/systemd/dynamic-uid").mkdir(parents=True)
    (tmp_path / "run/systemd/dynamic-uid/direct:61234").symlink_to("gateway")
    assert users.name(61234, root) == "gateway"


def test_this_machines_names_are_pwds():
    assert users.name(os.getuid()) == pwd.getpwuid(os.getuid()).pw_name


@given(st.binary(max_size=400))
def test_any_bytes_are_a_passwd_file(data):
    assert all(isinstance(uid, int) and name for uid, name in users.parse(data).items())


# -- namespaces ------------------------------------------------------------------------------------------------------

ROOTLESS = b"         0       1000          1\n         1     100000      65536\n"


def test_numbers_are_carried_through_a_map():
    assert inner(1000, ROOTLESS) == 0
    assert inner(100000, ROOTLESS) == 1
    assert inner(165535, ROOTLESS) == 65536
    assert inner(165536, ROOTLESS) is None
    assert inner(0, ROOTLESS) is None
    assert inner(0, b"junk\n1 2\n") is None


@given(st.binary(max_size=100), st.integers(0, 2**32 - 1))
def test_any_bytes_are_a_map(data, uid):
    assert inner(uid, data) is None or inner(uid, data) >= 0


def test_subordinate_numbers_have_a_lender(root, tmp_path):
    assert users.lender(100000, root) == "deploy"
    assert users.lender(265535, root) == "b\udcffd"
    assert users.lender(99999, root) == ""
    assert users.lender(100000, str(tmp_path / "absent")) == ""


def fake_proc(tmp_path, theirs, ours=b"0 0 4294967295\n"):
    for name, data in (("17", theirs), ("self", ours)):
        (tmp_path / "proc" / name).mkdir(parents=True)
        (tmp_path / "proc" / name / "uid_map").write_bytes(data)
    return str(tmp_path / "proc")


def test_what_a_number_is_inside(root, tmp_path):
    proc = fake_proc(tmp_path, b"0 100000 65536\n")
    assert users.inside(17, 100000, proc, root) == "root in a user namespace of deploy"
    assert users.inside(17, 100033, proc, root) == "uid 33 in a user namespace of deploy"
    assert users.inside(17, 5, proc, root) == ""
    assert users.inside(18, 5, proc, root) == ""


def test_a_process_of_our_own_namespace_is_not_inside_another(root, tmp_path):
    proc = fake_proc(tmp_path, b"         0          0 4294967295\n")
    assert users.inside(17, 0, proc, root) == ""


@pytest.mark.root
def test_a_real_user_namespace():
    if os.geteuid() != 0:
        pytest.skip("needs root to write a map")
    ready, say = os.pipe()
    go, start = os.pipe()
    pid = os.fork()
    if pid == 0:
        failed = ctypes.CDLL(None).unshare(0x10000000)  # CLONE_NEWUSER
        os.write(say, b"-" if failed else b"+")
        os.read(go, 1)
        signal.pause()
        os._exit(0)
    try:
        if os.read(ready, 1) != b"+":
            pytest.skip("user namespaces are switched off here")
        with open(f"/proc/{pid}/uid_map", "w") as mapping:
            mapping.write("0 4000000 10")
        assert users.inside(pid, 4000000).startswith("root in a user namespace")
        assert users.inside(os.getpid(), 0) == ""
    finally:
        os.write(start, b"!")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        for fd in (ready, say, go, start):
            os.close(fd)

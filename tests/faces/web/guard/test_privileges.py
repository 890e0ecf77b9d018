"""What is given up is gone: tried in children that become somebody else."""

from __future__ import annotations

import inspect
import os
import pickle
import pwd
import resource
import sys
from typing import Any

import pytest

from hb_engine.faces.web.guard import privileges
from hb_engine.faces.web.guard.privileges import Account, account, drop, shut
from hb_engine.model.errors import BadInput, CannotLook

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux has capabilities(7)")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes root")
STRANGER = Account("stranger", 61005, 61006)


def in_a_child(function):
    """What a function gives in a process of its own; it may take the descriptor that leads back. What it raises is
    raised here."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            told: tuple[Any, ...] = (
                "value",
                function(writer) if inspect.signature(function).parameters else function(),
            )
        except Exception as error:  # noqa: BLE001 -- for the parent
            told = ("error", error.args[0], type(error).__name__)
        with os.fdopen(writer, "wb") as stream:
            pickle.dump(told, stream)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        told = pickle.load(stream)  # noqa: S301 -- of a child of ours
    os.waitpid(pid, 0)
    if told[0] == "error":
        raise AssertionError(told)
    return told[1]


def refused(function):
    """Whether the kernel refuses something."""
    try:
        function()
    except OSError:
        return True
    return False


@linux
@as_root
@pytest.mark.root
def test_another_user_without_a_way_back():
    def child():
        os.setgroups([0, 4, 27])
        drop(STRANGER)
        back = [
            *(lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setresuid(-1, 0, -1), lambda: os.setgroups([0])),
            *(lambda: os.chroot("/"), lambda: open("/etc/shadow", "rb"), lambda: os.kill(1, 0)),
        ]
        return os.getresuid(), os.getresgid(), os.getgroups(), [refused(one) for one in back]

    uids, gids, groups, refusals = in_a_child(child)
    assert set(uids) == {61005}
    assert set(gids) == {61006}
    assert groups == []
    assert all(refusals)


@linux
@as_root
@pytest.mark.root
def test_no_capability_is_left_and_none_can_be_gained():
    def child():
        drop(STRANGER)
        return privileges.status("CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs")

    told = in_a_child(child)
    assert told.pop("NoNewPrivs") == "1"
    assert {int(value, 16) for value in told.values()} == {0}


@linux
def test_a_user_who_is_no_root_is_bound_as_well():
    import ctypes  # the child may not be able to read it

    def child():
        if os.geteuid() == 0:
            os.setuid(61005)
        drop(None)
        dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)  # PR_GET_DUMPABLE
        return privileges.status("NoNewPrivs", "CapPrm"), dumpable, os.umask(0), os.getcwd()

    told, dumpable, mask, folder = in_a_child(child)
    assert told["NoNewPrivs"] == "1"
    assert int(told["CapPrm"], 16) == 0
    assert dumpable == 0
    assert (mask, folder) == (0o077, "/")


@linux
@as_root
@pytest.mark.root
def test_root_that_stays_root_is_told_apart_from_one_that_did_not():
    def child():
        drop(None)
        return os.geteuid(), privileges.status("NoNewPrivs")["NoNewPrivs"]

    assert in_a_child(child) == (0, "1")


def test_limits():
    def child():
        drop(None)
        return [resource.getrlimit(one) for one in (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)]

    core, descriptors = in_a_child(child)
    assert core == (0, 0)
    assert descriptors[0] == descriptors[1] <= privileges.DESCRIPTORS


@as_root
@pytest.mark.root
def test_where_it_does_not_work_nothing_goes_on(monkeypatch):
    monkeypatch.setattr(os, "setuid", lambda _: None)
    monkeypatch.setattr(os, "setgid", lambda _: None)

    def child():
        with pytest.raises(CannotLook) as raised:
            drop(STRANGER)
        return raised.value.message

    assert "something of root was left" in in_a_child(child)


def test_a_user_whom_this_process_may_not_become():
    def child():
        if os.geteuid() == 0:
            os.setuid(61005)
        with pytest.raises(CannotLook) as raised:
            drop(STRANGER)
        return raised.value.message, raised.value.remedy

    message, remedy = in_a_child(child)
    assert "could not become stranger" in message
    assert "--no-drop" in remedy


def test_descriptors_of_others_are_shut(tmp_path):
    def child(writer):
        secret = os.open(tmp_path / "secret", os.O_CREAT | os.O_RDWR)
        kept = os.open(tmp_path / "kept", os.O_CREAT | os.O_RDWR)
        os.write(secret, b"secret")
        os.write(kept, b"kept")
        shut({0, 1, 2, kept, writer})
        return [os.pread(one, 9, 0) for one in (secret, kept)]

    assert in_a_child(child) == [b"", b"kept"]


def test_accounts_by_name_and_number():
    nobody = pwd.getpwnam("nobody")
    assert account("nobody") == account(str(nobody.pw_uid)) == Account("nobody", nobody.pw_uid, nobody.pw_gid)


@pytest.mark.parametrize("name", ["no-such-user", "", "4000000001", "9" * 30, "-1", "\u0661", "no\0body", "\udcff"])
def test_users_that_there_are_not(name):
    with pytest.raises(BadInput) as raised:
        account(name)
    assert "--no-drop" in raised.value.remedy


@pytest.mark.parametrize("name", ["root", "0"])
def test_root_is_nobody_to_become(name):
    with pytest.raises(BadInput) as raised:
        account(name)
    assert "--no-drop" in raised.value.remedy


def test_a_status_that_cannot_be_read(monkeypatch):
    def refuse(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", refuse)
    assert privileges.status("CapEff") == {}

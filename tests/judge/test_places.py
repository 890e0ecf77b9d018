"""Folders are known by their text, on three systems, and only as whole folders."""

from __future__ import annotations

import pytest

from hb_engine.judge import places


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/tmp/x", "/tmp"),
        ("/dev/shm/.x", "/dev/shm"),
        ("/var/tmp/a/b", "/var/tmp"),
        ("/run/lock/x", "/run/lock"),
        ("/private/tmp/x", "/private/tmp"),
        ("/Users/Shared/x", "/Users/Shared"),
        (r"C:\Windows\Temp\x.exe", r"c:\windows\temp"),
        (r"C:\USERS\Public\x.exe", r"c:\users\public"),
        ("/tmpfiles/x", ""),
        ("/tmp", ""),
        ("/usr/bin/x", ""),
        ("/home/a/tmp/x", ""),
        ("", ""),
    ],
)
def test_writable_by_all(path, folder):
    assert places.writable_by_all(path) == folder


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/run/user/1000/x", "/run/user"),
        ("/var/folders/zz/T/x", "/var/folders"),
        (r"C:\Users\ann\AppData\Local\Temp\x.exe", r"C:\Users\ann\AppData\Local\Temp"),
        ("/run/userdb/x", ""),
        (r"C:\Program Files\x.exe", ""),
    ],
)
def test_temporary_of_one(path, folder):
    assert places.temporary_of_one(path) == folder


@pytest.mark.parametrize(
    ("path", "user"),
    [
        ("/home/deploy/x", "deploy"),
        ("/Users/ann/bin/x", "ann"),
        ("/home/x", ""),
        ("/root/x", ""),
        ("/srv/home/ann/x", ""),
    ],
)
def test_home_of(path, user):
    assert places.home_of(path) == user


@pytest.mark.parametrize(
    ("path", "managed", "system", "local"),
    [
        ("/usr/sbin/nginx", False, True, False),
        ("/usr/local/bin/x", False, False, True),
        ("/opt/app/x", False, False, True),
        ("/snap/lxd/1/bin/lxd", True, False, False),
        ("/nix/store/abc/bin/x", True, False, False),
        ("/bin/busybox", False, True, False),
        ("/srv/app", False, False, False),
        ("", False, False, False),
    ],
)
def test_trees(path, managed, system, local):
    assert (places.is_managed(path), places.is_system(path), places.is_local(path)) == (managed, system, local)

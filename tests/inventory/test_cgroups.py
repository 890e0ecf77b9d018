"""Cgroup paths as each runtime and systemd write them, numbers of cgroups, and arbitrary bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import cgroups
from hb_engine.inventory.linux.cgroups import (
    Box,
    container_of,
    lasting,
    mounted,
    path_of_ids,
    session_of,
    unescape,
    unit_of,
    user_of,
)

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
parse: Any = cgroups.parse


ID = "4f" * 32
OTHER = "9c" * 32
UID = "9a3e8c5f-0b1d-4c7e-8f2a-1b2c3d4e5f60"
SLICED = UID.replace("-", "_")
STATIC = UID.replace("-", "")  # static pods: the hash of their file

# -- /proc/PID/cgroup ------------------------------------------------------------------------------------------------

FILES = {
    "v2": (b"0::/system.slice/ssh.service\n", "/system.slice/ssh.service"),
    "v2 root": (b"0::/\n", "/"),
    "v1": (b"12:pids:/system.slice/a.service\n1:name=systemd:/system.slice/ssh.service\n", "/system.slice/ssh.service"),
    "hybrid": (b"3:cpu,cpuacct:/\n1:name=systemd:/user.slice/x.scope\n0::/user.slice/y.scope\n", "/user.slice/y.scope"),
    "hybrid, v2 unused": (b"1:name=systemd:/system.slice/a.service\n0::/\n", "/system.slice/a.service"),
    "no systemd": (b"4:memory:/docker/" + ID.encode() + b"\n3:cpu:/\n0::/\n", f"/docker/{ID}"),
    "removed": (b"0::/system.slice/ssh.service (deleted)\n", "/system.slice/ssh.service"),
    "colon in path": (b"0::/kubepods.slice:cri-containerd:x\n", "/kubepods.slice:cri-containerd:x"),
    "from a cgroup namespace": (b"0::/../../system.slice/a.service\n", "/../../system.slice/a.service"),
    "empty": (b"", None),
    "garbage": (b"\xff\xfe::x\n::::\n0\n", None),
}


@pytest.mark.parametrize(("data", "path"), FILES.values(), ids=FILES)
def test_the_path_of_a_cgroup_file(data, path):
    assert parse(data) == path


@given(st.binary(max_size=300))
def test_any_bytes_are_a_cgroup_file(data):
    assert parse(data) is None or parse(data).startswith("/")


def test_our_own_path_is_the_kernels():
    with open("/proc/self/cgroup", "rb") as lines:
        assert cgroups.of(os.getpid()) == parse(lines.read())


def test_a_process_that_is_gone_has_no_path(tmp_path):
    assert cgroups.of(2**22 + 1) is None
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "cgroup").write_bytes(b"0::/a.service\n")
    assert cgroups.of(7, str(tmp_path)) == "/a.service"


# -- units -----------------------------------------------------------------------------------------------------------

UNITS = {
    "/system.slice/ssh.service": "ssh.service",
    "/system.slice/system-getty.slice/getty@tty1.service": "getty@tty1.service",
    "/system.slice/system-openvpn\\x2dclient.slice/openvpn-client@home.service": "openvpn-client@home.service",
    "/system.slice/dbus.service/child/deeper": "dbus.service",
    "/init.scope": "init.scope",
    "/user.slice/user-1000.slice/session-3.scope": "session-3.scope",
    "/user.slice/user-1000.slice/user@1000.service": "user@1000.service",
    "/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service": "user@1000.service/app.slice/foo.service",
    "/user.slice/user-1000.slice/user@1000.service/init.scope": "user@1000.service/init.scope",
    "/user.slice/user-1000.slice/user@1000.service/app.slice/app-a\\x2db.slice/x.service/sub": (
        "user@1000.service/app.slice/app-a\\x2db.slice/x.service"
    ),
    f"/system.slice/docker-{ID}.scope": f"docker-{ID}.scope",
    f"/system.slice/docker-{ID}.scope/system.slice/nginx.service": f"docker-{ID}.scope",
    "/system.slice": "system.slice",
    "/user.slice/user-1000.slice": "user-1000.slice",
    f"/docker/{ID}": None,
    "/../../system.slice/a.service": "a.service",
    "/": None,
    "": None,
}


@pytest.mark.parametrize(("path", "unit"), UNITS.items())
def test_the_unit_of_a_path(path, unit):
    assert unit_of(path) == unit


LASTING = {
    "ssh.service": "ssh.service",
    "getty@tty1.service": "getty@tty1.service",
    "user@1000.service/app.slice/foo.service": "user@1000.service/app.slice/foo.service",
    "init.scope": "init.scope",
    "session-3.scope": None,
    f"docker-{ID}.scope": None,
    "run-r31d4b5b0a0d64a5fa3c1d9.scope": None,
    "run-u123.service": None,
    "run-p77-i88.service": None,
    "run-parts.service": "run-parts.service",
    "user@1000.service/app.slice/dbus-:1.2-org.freedesktop.portal@0.service": None,
    "user@1000.service/tmux-spawn-11f1.scope": None,
    "system.slice": None,
    "sshd@3-10.0.0.1:22-10.0.0.9:5000.service": "sshd@.service",
    "sshd@12-9034-10.0.0.1:22-10.0.0.9:5000.service": "sshd@.service",
    "sshd@1-[fe80::1%3]:22-[fe80::2%3]:5000.service": "sshd@.service",
    "telnet@0-1234-0.service": "telnet@.service",
    "openvpn@client-1.service": "openvpn@client-1.service",
    "postgresql@15-main.service": "postgresql@15-main.service",
    None: None,
    "": None,
}


@pytest.mark.parametrize(("unit", "kept"), LASTING.items())
def test_what_lasts_of_a_unit(unit, kept):
    assert lasting(unit) == kept


def test_sessions_and_users_of_paths():
    assert session_of("/user.slice/user-0.slice/session-c12.scope") == "c12"
    assert session_of("/system.slice/ssh.service") is None
    assert user_of("/user.slice/user-1000.slice/session-3.scope") == 1000
    assert user_of("/user.slice/user-x.slice") is None


@pytest.mark.parametrize("text", ["a-b", "with space", "tab\there", "umlaut-\u00e4", "a\\b", "x"])
def test_escapes_are_undone_as_systemd_does(text):
    if not shutil.which("systemd-escape"):
        pytest.skip("systemd-escape is not installed")
    escaped = subprocess.run(["systemd-escape", "--", text], capture_output=True, text=True, check=True).stdout.rstrip(
        "\n"
    )
    assert unescape(escaped.replace("-", "/").replace("/", "-")) == text.replace("/", "-")


@pytest.mark.parametrize("text", ["\\x", "\\x2", "\\xzz", "a\\x2", "\\xff\\x2d"])
def test_escapes_that_are_none_do_not_raise(text):
    assert isinstance(unescape(text), str)


@given(st.text(max_size=60))
def test_any_path_may_be_asked_everything(path):
    assert isinstance(unescape(path), str)
    for question in (unit_of, container_of, session_of, user_of, lasting):
        question("/" + path)


# -- containers ------------------------------------------------------------------------------------------------------

BURSTABLE = f"kubepods-burstable-pod{SLICED}.slice"
CONTAINERS = {
    f"/docker/{ID}": Box("docker", ID),
    f"/system.slice/docker-{ID}.scope": Box("docker", ID),
    f"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{ID}.scope": Box("docker", ID),
    f"/docker/{ID}/docker/{OTHER}": Box("docker", OTHER),
    f"/docker/buildkit/{ID}": Box("docker", ID),
    f"/custom-parent/{ID}": Box("", ID),
    f"/ecs/0f1e2d3c-task/{ID}": Box("docker", ID),
    f"/ecs/{ID[:32]}/{ID[:32]}-1234567890": Box("docker", f"{ID[:32]}-1234567890"),
    f"/ecstasks.slice/ecstasks-{ID[:32]}.slice/docker-{ID}.scope": Box("docker", ID),
    f"/machine.slice/libpod-{ID}.scope": Box("podman", ID),
    f"/machine.slice/libpod-{ID}.scope/container": Box("podman", ID),
    f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container": Box("podman", ID),
    f"/libpod_parent/libpod-{ID}": Box("podman", ID),
    f"/machine.slice/libpod-conmon-{ID}.scope": None,
    f"/kubepods.slice/kubepods-burstable.slice/{BURSTABLE}/cri-containerd-{ID}.scope": Box("containerd", ID, UID),
    f"/kubepods.slice/kubepods-burstable.slice/{BURSTABLE}/crio-{ID}.scope": Box("cri-o", ID, UID),
    f"/kubepods.slice/kubepods-burstable.slice/{BURSTABLE}/crio-conmon-{ID}.scope": None,
    f"/kubepods.slice/kubepods-pod{STATIC}.slice/cri-containerd-{ID}.scope": Box("containerd", ID, STATIC),
    f"/system.slice/containerd.service/{BURSTABLE}:cri-containerd:{ID}": Box("containerd", ID, UID),
    f"/kubepods/burstable/pod{UID}/{ID}": Box("", ID, UID),
    f"/kubepods/besteffort/pod{UID}/crio-{ID}": Box("cri-o", ID, UID),
    f"/kubelet.slice/kubelet-kubepods.slice/kubelet-{BURSTABLE}/cri-containerd-{ID}.scope": Box("containerd", ID, UID),
    f"/docker/{OTHER}/kubelet/kubepods/burstable/pod{UID}/{ID}": Box("", ID, UID),
    f"/k8s.io/{ID}": Box("containerd", ID),
    f"/default/{ID}": Box("containerd", ID),
    f"/system.slice/nerdctl-{ID}.scope": Box("containerd", ID),
    "/lxc.payload.web": Box("lxc", "web"),
    "/lxc.payload.web/system.slice/nginx.service": Box("lxc", "web"),
    "/lxc.payload.project_web/init.scope": Box("lxc", "project_web"),
    "/lxc/web": Box("lxc", "web"),
    "/lxc.monitor.web": None,
    "/garden/5d1c2f7e-4a1b": Box("garden", "5d1c2f7e-4a1b"),
    "/machine.slice/systemd-nspawn@my\\x2dbox.service/payload": Box("systemd-nspawn", "my-box"),
    "/machine.slice/machine-my\\x2dbox.scope": Box("systemd-nspawn", "my-box"),
    "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope": None,
    "/machine.slice/machine-lxc\\x2d4711\\x2dweb.scope/libvirt": Box("lxc", "web"),
    "/system.slice/ssh.service": None,
    "/user.slice/user-1000.slice/session-3.scope": None,
    f"/system.slice/{ID[:32]}": None,
    "/system.slice/docker-notanid.scope": None,
    "/": None,
}


@pytest.mark.parametrize(("path", "box"), CONTAINERS.items())
def test_the_container_of_a_path(path, box):
    assert container_of(path) == box


# -- numbers ---------------------------------------------------------------------------------------------------------


def tree(root, *paths):
    for path in paths:
        os.makedirs(os.path.join(root, path))
    return {os.stat(os.path.join(root, path)).st_ino: f"/{path}" for path in paths}


def test_numbers_are_found_anywhere_in_the_tree(tmp_path):
    made = tree(tmp_path, "system.slice/ssh.service", "system.slice/cron.service", "user.slice/a.slice/b.scope")
    assert path_of_ids(made, str(tmp_path)) == made
    assert path_of_ids([os.stat(tmp_path).st_ino], str(tmp_path)) == {os.stat(tmp_path).st_ino: "/"}


def test_what_is_not_there_is_not_in_the_answer(tmp_path):
    made = tree(tmp_path, "a/b")
    assert path_of_ids([2**60, *made], str(tmp_path)) == made
    assert path_of_ids([0], str(tmp_path)) == {}
    assert path_of_ids([1], str(tmp_path / "absent")) == {}


def test_a_hybrid_system_has_its_v2_beneath(tmp_path):
    tree(tmp_path, "memory/docker")
    made = tree(tmp_path / "unified", "system.slice/a.service")
    assert mounted(str(tmp_path)) == str(tmp_path / "unified")
    assert path_of_ids(made, str(tmp_path)) == made


def test_the_search_stops_when_all_are_found(tmp_path, monkeypatch):
    made = tree(tmp_path, "shallow")
    tree(tmp_path, *(f"deep{n}/er" for n in range(20)))
    opened, scan = [], os.scandir

    def noticed(path):
        opened.append(path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", noticed)
    assert path_of_ids(made, str(tmp_path)) == made
    assert opened == [str(tmp_path)]


def test_links_are_not_followed(tmp_path):
    made = tree(tmp_path, "real")
    os.symlink(tmp_path, tmp_path / "real" / "loop")
    assert path_of_ids([*made, 2**60], str(tmp_path)) == made


def test_the_real_tree_agrees_with_stat():
    base = mounted()
    if not os.path.exists(os.path.join(base, "cgroup.controllers")):
        pytest.skip("no cgroup v2 here")
    ids = {os.stat(base).st_ino: "/"}
    for name in sorted(os.listdir(base)):
        if os.path.isdir(os.path.join(base, name)):
            ids[os.stat(os.path.join(base, name)).st_ino] = f"/{name}"
    assert path_of_ids(ids) == ids


@pytest.mark.parametrize(
    ("path", "delegated"),
    [
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/docker-" + "a" * 64 + ".scope", True),
        ("/user.slice/user-1000.slice/user@1000.service/system.slice/nginx.service", True),
        ("/system.slice/docker-" + "a" * 64 + ".scope", False),
        ("/system.slice/nginx.service", False),
        ("/user.slice/user-1000.slice/session-3.scope", False),
    ],
)
def test_where_a_user_names_cgroups(path, delegated):
    assert cgroups.is_delegated(path) is delegated

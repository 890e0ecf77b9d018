"""systemd-nspawn's machines, as machined registers them and as folders of images."""

from __future__ import annotations

import os
from typing import Any

import pytest

from hb_engine.inventory.linux.containers import nspawn
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
find: Any = nspawn.find


MACHINE = b"""# This is private data. Do not parse.
NAME=web
SCOPE=systemd-nspawn@web.service
SERVICE=systemd-nspawn
ROOT=/var/lib/machines/web
ID=4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f
LEADER=4117
CLASS=container
REALTIME=1795363200123456
"""


def put(root, path, data=b""):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(data)


def test_a_registered_machine(tmp_path):
    put(tmp_path, "run/systemd/machines/web", MACHINE)
    assert find("web", str(tmp_path)) == Container("systemd-nspawn", "web", "web", "/var/lib/machines/web")


def test_escaped_values(tmp_path):
    put(tmp_path, "run/systemd/machines/web", MACHINE.replace(b"/web\nID", rb"/my\x20web" + b"\nID"))
    assert find("web", str(tmp_path)).image == "/var/lib/machines/my web"


@pytest.mark.parametrize(
    ("path", "image"),
    [
        ("var/lib/machines/web/etc/os-release", "/var/lib/machines/web"),
        ("var/lib/machines/web.raw", "/var/lib/machines/web.raw"),
    ],
)
def test_an_image_without_a_registration(tmp_path, path, image):
    put(tmp_path, path)
    assert find("web", str(tmp_path)) == Container("systemd-nspawn", "web", "web", image)


def test_a_virtual_machine_is_no_container(tmp_path):
    put(tmp_path, "run/systemd/machines/vm", MACHINE.replace(b"CLASS=container", b"CLASS=vm"))
    assert find("vm", str(tmp_path)) is None


def test_libvirts_lxc_says_lxc(tmp_path):
    put(tmp_path, "run/systemd/machines/web", MACHINE.replace(b"SERVICE=systemd-nspawn", b"SERVICE=libvirt-lxc"))
    assert find("web", str(tmp_path)).runtime == "lxc"


@pytest.mark.parametrize("name", ["", ".", "..", "../../etc", "a/b", "absent"])
def test_nobody_of_that_name(tmp_path, name):
    assert find(name, str(tmp_path)) is None


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"=\n=x\nCLASS"])
def test_garbage_is_nobody_or_a_name(tmp_path, data):
    put(tmp_path, "run/systemd/machines/web", data)
    found = find("web", str(tmp_path))
    assert found is None or found.name == "web"

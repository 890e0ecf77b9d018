"""LXC's configs, and the folders of LXD and Incus."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.containers import lxc
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
find: Any = lxc.find


DOWNLOADED = b"""# Template used to create this container: /usr/share/lxc/templates/lxc-download
# Parameters passed to the template: --dist debian --release bookworm --arch amd64
# For additional config options, please look at lxc.container.conf(5)
lxc.include = /usr/share/lxc/config/common.conf
lxc.rootfs.path = dir:/var/lib/lxc/web/rootfs
lxc.uts.name = web
"""
BACKUP = b"""container:
  architecture: x86_64
  config:
    image.architecture: amd64
    image.description: Debian bookworm amd64 (20261120_05:24)
    image.os: Debian
  name: web
"""


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(data)


def test_plain_lxc(tmp_path):
    put(tmp_path, "var/lib/lxc/web/config", DOWNLOADED)
    assert find("web", str(tmp_path)) == Container("lxc", "web", "web", "debian bookworm amd64")


def test_lxc_of_a_user(tmp_path):
    put(tmp_path, "etc/passwd", b"ann:x:1000:1000::/home/ann:/bin/sh\n")
    put(tmp_path, "home/ann/.local/share/lxc/web/config", b"lxc.uts.name = web\n")
    assert find("web", str(tmp_path)) == Container("lxc", "web", "web")


@pytest.mark.parametrize(
    ("folder", "server"),
    [
        ("var/lib/incus/containers", "incus"),
        ("var/lib/lxd/containers", "lxd"),
        ("var/snap/lxd/common/lxd/containers", "lxd"),
    ],
)
def test_lxd_and_incus(tmp_path, folder, server):
    put(tmp_path, f"{folder}/web/backup.yaml", BACKUP)
    assert find("web", str(tmp_path)) == Container(server, "web", "web", "Debian bookworm amd64 (20261120_05:24)")
    os.unlink(tmp_path / folder / "web/backup.yaml")
    assert find("web", str(tmp_path)) == Container(server, "web", "web")


def test_incus_keeps_a_link_to_its_storage_pool(tmp_path):
    put(tmp_path, "var/lib/incus/storage-pools/default/containers/web/backup.yaml", BACKUP)
    os.makedirs(tmp_path / "var/lib/incus/containers")
    os.symlink("../storage-pools/default/containers/web", tmp_path / "var/lib/incus/containers/web")
    assert find("web", str(tmp_path)).image.startswith("Debian")


@pytest.mark.parametrize("name", ["", ".", "..", "../../etc", "a/b", "absent"])
def test_nobody_of_that_name(tmp_path, name):
    assert find(name, str(tmp_path)) is None


@pytest.mark.parametrize(
    ("config", "image"),
    [
        (b"# Template used to create this container: /usr/share/lxc/templates/lxc-debian\n", "debian"),
        (b"# Parameters passed to the template: -d alpine -r 3.20 -a amd64\n", "alpine 3.20 amd64"),
        (b"# Parameters passed to the template: --packages x -d\n", ""),
        (b"", ""),
    ],
)
def test_what_it_was_made_from(config, image):
    assert lxc.made_from(config) == image


@given(st.binary(max_size=300))
def test_any_bytes_are_a_config(data):
    assert isinstance(lxc.made_from(data), str)

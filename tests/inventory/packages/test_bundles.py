"""Paths that name their package, and those that only look so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux.packages.bundles import bundled

HASH = "0c0jzq3gxh8bzsqjsn1jzxrxpwnvaz8p"


@pytest.mark.parametrize(
    ("path", "name", "version", "manager"),
    [
        (f"/nix/store/{HASH}-openssh-9.6p1/bin/sshd", "openssh", "9.6p1", "nix"),
        (f"/nix/store/{HASH}-python3-3.11.6-env/bin/python3", "python3", "3.11.6-env", "nix"),
        (f"/nix/store/{HASH}-system-path/bin/x", "system-path", "", "nix"),
        (f"/gnu/store/{HASH}-bash-5.1.16/bin/bash", "bash", "5.1.16", "guix"),
        ("/snap/lxd/24322/bin/lxd", "lxd", "24322", "snap"),
        ("/var/lib/snapd/snap/core20/1/usr/bin/x", "core20", "1", "snap"),
        ("/var/lib/flatpak/app/org.x.Y/x86_64/stable/abcd/files/bin/y", "org.x.Y", "stable", "flatpak"),
    ],
)
def test_stores(path, name, version, manager):
    found = bundled(path)
    assert found is not None
    assert (found.name, found.version, found.manager, found.verified) == (name, version, manager, None)
    assert found.detail


@pytest.mark.parametrize(
    "path",
    [
        "/usr/bin/python3",
        "/snap/bin/hello",  # a link beside the packages
        "/snap/lxd",
        "/snap//1/x",
        "/nix/store/x",
        f"/nix/store/{HASH}-openssh-9.6p1",  # a file of the store itself
        "/nix/store/short-name-1/bin/x",
        f"/nix/store/{HASH}-/bin/x",
        "/var/lib/flatpak/app/org.x.Y/x86_64",
        "/home/u/.local/share/flatpak/app/org.x.Y/x86_64/stable/abcd/files/bin/y",
        "/home/u/.pyenv/versions/3.11.7/bin/python3.11",
        "/home/u/.nvm/versions/node/v20/bin/node",
        "/home/linuxbrew/.linuxbrew/Cellar/nginx/1.25/bin/nginx",
        "/tmp/nix/store/x/y",
        "",
    ],
)
def test_what_is_in_no_store_or_where_its_user_may_write(path):
    assert bundled(path) is None


@given(st.text(max_size=60))
def test_any_path(text):
    for prefix in ("", "/snap/", "/nix/store/", f"/nix/store/{HASH}-", "/var/lib/flatpak/app/"):
        found = bundled(prefix + text)
        assert found is None or found.name

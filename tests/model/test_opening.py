"""The key: what must not change it, and what must."""

from __future__ import annotations

import pytest

from hb_engine.model.opening import Netns, Opening, Unowned, identity_of, leads_of
from hb_engine.model.owner import Container, Owner, Package
from hb_engine.model.record import replace

HOST = Netns(4026531833)
SSHD = Owner(812, "sshd", "/usr/sbin/sshd", unit="ssh.service", package=Package("openssh-server", "1:9.2", "dpkg"))
SSH = Opening("listener", "tcp", 22, ("0.0.0.0", "::"), ("ipv4", "ipv6"), "public", HOST, owners=(SSHD,), inodes=(7, 8))


def test_the_key_says_what_stays():
    assert SSH.key == "tcp/public/22/unit:ssh.service/host"


@pytest.mark.parametrize(
    "change",
    [
        {"owners": (replace(SSHD, pid=4711, started_at=2.0),)},
        {"owners": (SSHD, replace(SSHD, pid=4711))},
        {"inodes": (99,)},
        {"netns": Netns(1, "", "host")},
        {"addresses": ("0.0.0.0",), "families": ("ipv4",)},
        {"owners": (replace(SSHD, package=Package("openssh-server", "1:9.9", "dpkg")),)},
    ],
    ids=["restarted", "forked", "another inode", "rebooted", "one family", "upgraded"],
)
def test_what_does_not_matter_does_not_change_the_key(change):
    assert replace(SSH, **change).key == SSH.key


@pytest.mark.parametrize("change", [{"port": 2222}, {"transport": "udp"}, {"scope": "loopback"}, {"owners": ()}])
def test_what_matters_changes_the_key(change):
    assert replace(SSH, **change).key != SSH.key


def test_widened_exposure_is_the_same_thread():
    assert replace(SSH, scope="loopback").thread == SSH.thread


def test_of_an_ephemeral_port_the_owner_is_the_identity():
    first, second = replace(SSH, port=40001, ephemeral=True), replace(SSH, port=50002, ephemeral=True)
    assert first.key == second.key == "tcp/public/ephemeral/unit:ssh.service/host"


BARE = Owner(1, "x", "/opt/x")
BOX = Container("docker", "ab" * 32, "web", "nginx:1.25")


@pytest.mark.parametrize(
    ("owners", "unit", "box", "unowned", "identity"),
    [
        ((SSHD,), None, None, None, "unit:ssh.service"),
        ((replace(BARE, container=BOX),), None, None, None, "image:nginx:1.25"),
        ((replace(BARE, container=replace(BOX, image="")),), None, None, None, "container:web"),
        ((replace(SSHD, unit=None),), None, None, None, "pkg:openssh-server"),
        ((BARE,), None, None, None, "exe:/opt/x"),
        ((Owner(1, "x"),), None, None, None, "comm:x"),
        ((), "ssh.service", None, Unowned("not-permitted"), "unit:ssh.service"),
        ((), None, BOX, Unowned("not-permitted"), "image:nginx:1.25"),
        ((), None, None, Unowned("kernel", "VXLAN (vxlan0)"), "kernel:VXLAN (vxlan0)"),
        ((), None, None, Unowned("not-found"), "unknown"),
        ((), None, None, None, "unknown"),
    ],
)
def test_identity_takes_the_first_that_is_known(owners, unit, box, unowned, identity):
    assert identity_of(owners, unit, box, unowned) == identity


@pytest.mark.parametrize(
    ("kind", "notes", "led"),
    [
        ("redirect", ("leads to port 8443 of this machine",), ("port 8443 of this machine",)),
        ("forward", ("leads to 10.0.0.2:80", "leads to 10.0.0.3:80", "and 7 more"), ("10.0.0.2:80", "10.0.0.3:80")),
        ("forward", ("leads to 172.17.0.2:80, container shop",), ("a container, port 80",)),
        ("forward", ("leads to [fd00::2]:443",), ("[fd00::2]:443",)),
        (
            "redirect",
            ("taken by the transparent proxy at 127.0.0.1:1",),
            ("taken by the transparent proxy at 127.0.0.1:1",),
        ),
        ("forward", ("only under further conditions of the rule: x",), ()),
        ("listener", ("leads to 10.0.0.2:80",), ()),
    ],
)
def test_where_a_firewall_s_rule_leads(kind, notes, led):
    one = Opening(kind, "tcp", 80, ("0.0.0.0",), ("ipv4",), "public", Netns(1), notes=notes)
    assert leads_of(one) == led

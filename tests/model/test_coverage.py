"""Only what a look would have shown may be called gone; only what both looks know may be called another owner."""

from __future__ import annotations

import ast
import os

import pytest
from tests.faces import kit
from tests.store.kit import BOX, REDIS, SSH, blind, daemon, on

from hb_engine.inventory.linux import collect, sockets
from hb_engine.inventory.portable import gaps as portable
from hb_engine.model.coverage import (
    HIDES_NOTHING,
    knowledge,
    knows_reach,
    may_hide,
    names_owners,
    same_holder,
    untold,
    would_show,
)
from hb_engine.model.endpoint import KINDS, TRANSPORTS
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container, Package
from hb_engine.model.record import replace

SOURCES = os.path.join(os.path.dirname(__file__), "..", "..", "src", "hb_engine")
UDP = replace(SSH, transport="udp", kind="bound")
IDLE = replace(SSH, kind="bound")
TAP, VXLAN, CLIENT = kit.TAP, kit.VXLAN, kit.CLIENT
VSOCK = replace(SSH, transport="vsock", families=("vsock",))
XDP = replace(TAP, families=("xdp",), protocol="xdp")
MPTCP = replace(SSH, flags=("mptcp",))
HIDDEN = replace(SSH, flags=("hidden",))
BOUND_TO = replace(SSH, interface="eth0")
FORWARD = replace(SSH, kind="forward")
ALL = (SSH, UDP, IDLE, TAP, VXLAN, CLIENT, VSOCK, XDP, MPTCP, BOUND_TO, FORWARD, BOX)
WORDS = (
    *TRANSPORTS,
    *KINDS,
    "any",
    "netns",
    "mptcp",
    "xdp",
    "hidden",
    "device",
    "ephemeral",
    "tcp:bound",
    *HIDES_NOTHING,
)


def with_gap(about, *, privileged=True):
    return Coverage(privileged, ("sock_diag tcp",), (Gap("something", "a reason", "a remedy", about),))


def test_a_look_without_gaps_would_show_everything_but_the_hidden():
    assert all(would_show(Coverage(True, ("sock_diag tcp",)), one) for one in ALL)
    assert not would_show(Coverage(True, ("sock_diag tcp",)), HIDDEN)
    assert would_show(Coverage(True, ("sock_diag tcp", "bind sweep tcp, udp")), HIDDEN)
    assert not would_show(replace(with_gap("hidden"), sources=("bind sweep tcp, udp",)), HIDDEN)


def test_a_partial_look_would_show_nothing_for_sure():
    for partial in ("ports 22", "filters"):
        assert not any(would_show(Coverage(True, (), (), partial), one) for one in ALL)


def test_without_rights_other_namespaces_may_be_unseen():
    assert would_show(Coverage(False), SSH)
    assert not would_show(Coverage(False), BOX)


@pytest.mark.parametrize(
    ("about", "hidden"),
    [
        ("owners", ()),
        ("facts", ()),
        ("owners facts", ()),
        ("netns", (BOX,)),
        ("vsock", (VSOCK,)),
        ("xdp", (XDP,)),
        ("packet", (TAP, XDP)),
        ("udp", (UDP, VXLAN, CLIENT)),
        ("mptcp", (MPTCP,)),
        ("tcp:bound", (IDLE,)),
        ("bound", (UDP, IDLE, CLIENT)),
        ("device", (TAP, XDP, BOUND_TO)),
        ("ephemeral", (CLIENT,)),
        ("forward redirect", (FORWARD,)),
        ("owners netns xdp vsock", (VSOCK, XDP, BOX)),
        ("any", ALL),
        ("", ALL),
        ("  ", ALL),
        ("a-word-of-a-newer-hb", ALL),
        ("tcp:something-newer", (SSH, IDLE, MPTCP, BOUND_TO, FORWARD, BOX)),
        ("owners and-more", ALL),
    ],
)
def test_what_a_gap_hides(about, hidden):
    found = [one for one in ALL if may_hide(about, one)]
    assert found == list(hidden), [(one.key, one.kind) for one in found]
    assert [one for one in ALL if not would_show(with_gap(about), one)] == found


# -- every gap that the code can make


def calls(folder):
    """Each Gap(...) below a folder: where, and its arguments as source."""
    for at, _, names in os.walk(os.path.join(SOURCES, folder)):
        for name in names:
            if not name.endswith(".py"):
                continue
            with open(os.path.join(at, name), encoding="utf-8") as file:
                tree = ast.parse(file.read())
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Gap":
                    yield f"{os.path.relpath(os.path.join(at, name), SOURCES)}:{node.lineno}", node


def test_every_gap_of_a_look_says_what_it_hides():
    """A gap that says nothing hides everything, and nothing would ever be called gone."""
    silent, unknown = [], []
    for where, node in calls("inventory"):
        said = node.args[3] if len(node.args) > 3 else next((k.value for k in node.keywords if k.arg == "about"), None)
        if said is None:
            silent.append(where)
        elif isinstance(said, ast.Constant):
            unknown += [f"{where} {word}" for word in str(said.value).split() if word not in WORDS]
    assert not silent, f"say in `about` what it may hide (model/coverage.py): {silent}"
    assert not unknown, f"model/coverage.py knows no such word: {unknown}"


def test_every_family_of_sockets_hides_itself():
    words = {family.word for family in sockets.FAMILIES}
    assert words <= set(WORDS)
    for word in words - {"xdp", "mptcp"}:
        assert may_hide(word, replace(SSH, transport=word))
        assert not may_hide(word, replace(SSH, transport="tcp" if word != "tcp" else "udp"))


def test_what_the_collector_s_own_gaps_hide():
    for gap in (collect.OUTSIDE, collect.ELSEWHERE, collect.UNLISTED):
        assert [one for one in ALL if may_hide(gap.about, one)] == [BOX]
    assert not may_hide(collect.STOPPED.about, SSH)
    every = (*portable.EVERYWHERE, *portable.DARWIN, *portable.WINDOWS)
    assert not any(may_hide(gap.about, one) for gap in every for one in (SSH, UDP, MPTCP, BOX))
    assert all(any(may_hide(gap.about, one) for gap in portable.EVERYWHERE) for one in (TAP, FORWARD, VSOCK, CLIENT))


# -- who


def test_who_names_owners():
    assert names_owners(Coverage(True))
    assert names_owners(with_gap("facts"))
    assert names_owners(with_gap("vsock netns"))
    assert not names_owners(with_gap("owners"))
    assert not names_owners(with_gap("owners netns"))
    assert not names_owners(with_gap(""))
    assert not names_owners(with_gap("any"))
    assert not names_owners(Coverage(False))


def test_ignorance_is_no_other_holder():
    for known in (SSH, REDIS, BOX, daemon(80), VXLAN):
        assert same_holder(known, blind(known))
        assert same_holder(blind(known), known)
        assert same_holder(blind(known, unit=True), known)


def test_what_both_know_decides():
    assert not same_holder(daemon(80, "nginx"), daemon(80, "evil"))
    assert not same_holder(SSH, REDIS)
    assert not same_holder(blind(SSH, unit=True), REDIS)
    assert not same_holder(SSH, blind(REDIS, unit=True))
    assert same_holder(SSH, on(SSH, "loopback"))


def test_a_service_started_by_hand_is_another_holder():
    by_hand = replace(SSH, owners=(replace(SSH.owners[0], unit=None),))
    assert by_hand.identity == "pkg:openssh-server"
    assert not same_holder(SSH, by_hand)


def test_a_package_database_that_cannot_be_read_is_ignorance():
    one = daemon(80, "nginx")
    nameless = replace(one, owners=(replace(one.owners[0], package=None),))
    assert (one.identity, nameless.identity) == ("pkg:nginx", "exe:/usr/bin/nginx")
    assert same_holder(one, nameless)
    other = replace(one, owners=(replace(one.owners[0], package=Package("nginx-full", "1", "dpkg")),))
    assert not same_holder(one, other)


def test_containers_are_told_apart_by_their_images():
    owner = replace(BOX.owners[0], unit=None)

    def box(identifier, image="", name=""):
        return replace(BOX, owners=(replace(owner, container=Container("docker", identifier, name, image)),))

    assert same_holder(box("a", "shop:4"), box("b", "shop:4"))
    assert not same_holder(box("a", "shop:4"), box("a", "shop:5"))
    assert same_holder(box("a", "shop:4"), box("a"))
    assert same_holder(box("a", "shop:4", "shop"), box("b", "", "shop"))
    assert not same_holder(box("a", "shop:4"), box("b"))
    assert not same_holder(box("a", "shop:4"), daemon(8080))


def test_the_kernel_and_nobody_are_known():
    nobody = replace(SSH, owners=(), unowned=Unowned("not-found", "all were asked"))
    assert not same_holder(SSH, nobody)
    assert not same_holder(nobody, VXLAN)
    assert not same_holder(VXLAN, SSH)
    assert same_holder(VXLAN, blind(SSH))
    assert same_holder(nobody, blind(SSH))
    other = replace(VXLAN, unowned=Unowned("kernel", "WireGuard wg0"))
    assert not same_holder(VXLAN, other)


def test_a_process_whose_program_could_not_be_read_is_known_by_its_name():
    veiled = replace(SSH, owners=(replace(SSH.owners[0], exe=None, unit=None, package=None),))
    assert veiled.identity == "comm:sshd"
    assert same_holder(SSH, veiled)
    assert not same_holder(daemon(22, "evil"), veiled)


def test_knowledge_is_ordered():
    steps = [
        blind(SSH),
        blind(SSH, unit=True),
        replace(SSH, owners=(replace(SSH.owners[0], exe=None),)),
        replace(SSH, owners=(replace(SSH.owners[0], package=None),)),
        SSH,
    ]
    assert [knowledge(one) for one in steps] == [0, 1, 2, 3, 4]
    assert knowledge(VXLAN) == 3


def test_facts_that_a_look_does_not_tell():
    gaps = (Gap("packages", "no list", "", "owners pkg signed"), Gap("x", "", "", "tcp facts"), Gap("y", "", ""))
    told = Coverage(privileged=True, gaps=gaps)
    assert untold(told) == {"pkg", "signed"}
    assert untold(Coverage(privileged=True)) == frozenset()
    assert would_show(Coverage(privileged=True, gaps=gaps[:1]), SSH)


def test_who_knows_how_far_it_reaches():
    seen = Coverage(True, ())
    scan = replace(seen, gaps=(Gap("addresses", "a scan", "", "scope"),))
    assert knows_reach(seen)
    assert not knows_reach(scan)
    assert names_owners(scan)
    assert would_show(scan, SSH)

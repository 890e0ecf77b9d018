"""The tour of namespaces: home, elsewhere, and what cannot be entered."""

from __future__ import annotations

import os

import pytest
from tests.kit.sockets import Lab, in_namespace, inode_of, needs_root, netns_inode, tcp
from tests.kit.traps import on_device

from hb_engine.inventory.linux import interfaces, namespaces
from hb_engine.inventory.linux.firewall import Ruled
from hb_engine.inventory.linux.nat_match import Match
from hb_engine.inventory.linux.nat_rules import Way
from hb_engine.inventory.linux.tour import Space, Tour
from hb_engine.model.errors import CannotLook


def test_home_is_looked_at_without_moving():
    with tcp(host="127.0.0.1") as one:
        tour = Tour({})
        assert tour.home == namespaces.current()
        assert inode_of(one) in {row.inode for row in tour.spaces[tour.home].sockets}
        assert any(source.endswith("tcp") for source in tour.sources)


@pytest.mark.root
def test_another_namespace_is_entered_and_left():
    needs_root()

    def work():
        with Lab() as lab, tcp(6001) as one:
            holder = lab.start(on_device)
            before = netns_inode()
            tour = Tour({before: os.getpid()})
            assert netns_inode() == before
            assert inode_of(one) in {row.inode for row in tour.spaces[before].sockets}
            row = next(row for row in tour.spaces[before].sockets if row.inode == holder.facts["inode"])
            assert tour.device(before, row.ifindex) == ("lo", "loopback")

    in_namespace(work)


def test_a_namespace_that_cannot_be_entered_is_a_gap():
    tour = Tour({})
    tour.visit(Space(4711, path="/run/netns/that-is-not-there"))
    assert any("/run/netns/that-is-not-there" in gap.what and gap.remedy for gap in tour.gaps)


def test_text_tables_stand_in_where_entering_is_refused(monkeypatch):
    def refuse(self):
        raise CannotLook("not permitted", "run as root")

    with tcp(host="127.0.0.1") as one:
        tour = Tour({})
        monkeypatch.setattr(Space, "open", refuse)
        space = Space(4711, pid=os.getpid())
        tour.visit(space)
        assert inode_of(one) in {row.inode for row in space.sockets}
        assert not any("4711" in gap.what for gap in tour.gaps)


def test_an_unknown_device_looks_no_safer_than_it_is():
    assert Tour({}).device(4711, 9) == ("if9", "public")


def test_names_for_people():
    tour = Tour({})
    tour.spaces[4711] = Space(4711, pid=12)
    names = tour.names()
    assert names[4711].kind == "private"
    assert "12" in names[4711].name


def test_a_tour_asks_each_namespace_for_its_rules_and_tells_none_where_there_are_none():
    tour = Tour({})
    space = tour.spaces[tour.home]
    asked = "nf_tables" in tour.sources
    assert asked == ("nf_tables" in space.rules.sources)
    if not space.rules.ways:
        assert tour.ways(tour.names()) == []


def test_rules_are_told_with_the_devices_of_their_namespace(monkeypatch):
    tour = Tour({})
    space = tour.spaces[tour.home]
    way = Way("redirect", Match(("tcp",), ((8443, 8443),), devices=("lo",)), "ip nat", "PREROUTING", b"", 443, 443)
    space.rules = Ruled((way,))
    (one,) = tour.ways(tour.names())
    assert (one.port, one.interface, one.netns) == (8443, "lo", tour.names()[tour.home])

    def refuse():
        raise CannotLook("no netlink", "run as root")

    monkeypatch.setattr(interfaces, "look", refuse)
    space.devices = None
    (one,) = tour.ways(tour.names())
    assert one.scope == "public", "without devices nothing looks safer than it is"
    assert any(gap.what == "the addresses that rules are for" for gap in tour.gaps)

"""The tour through real namespaces that are awkward to reach, and what the kernel in them listens on by itself."""

from __future__ import annotations

import os

import pytest
from tests.kit.sockets import Lab, as_nobody, idle_namespace, in_namespace, ip, needs_root, netns_inode
from tests.kit.traps import on_device, other_namespace

from hb_engine.inventory.linux.tour import Space, Tour
from hb_engine.model.errors import CannotLook

pytestmark = pytest.mark.root


@pytest.fixture(autouse=True)
def root():
    needs_root()


def inodes(tour, space):
    return {socket.inode for socket in tour.spaces[space].sockets}


def test_a_namespace_that_only_a_socket_leads_to():
    def work():
        with Lab() as lab:
            holder = lab.start(other_namespace)
            tour = Tour({})
            tour.visit(Space(holder.facts["netns"], holder=(holder.pid, holder.facts["fd"])))
            assert inodes(tour, holder.facts["netns"]) == {holder.facts["inode"]}

    in_namespace(work)


def test_nobody_reads_the_tables_of_a_namespace_that_may_not_be_entered():
    def work():
        with Lab() as lab:
            holder = lab.start(idle_namespace)

            def look():
                tour = Tour({holder.facts["netns"]: holder.pid})
                return inodes(tour, holder.facts["netns"]), netns_inode() == tour.home

            assert as_nobody(look) == ({holder.facts["inode"]}, True)

    in_namespace(work)


def test_a_socket_that_is_bound_to_a_device_has_its_name_and_reach():
    def work():
        with Lab() as lab:
            lab.start(on_device)
            tour = Tour({})
            (socket,) = [one for one in tour.spaces[tour.home].sockets if one.ifindex]
            assert tour.device(tour.home, socket.ifindex) == ("lo", "loopback")

    in_namespace(work)


def test_what_the_kernel_listens_on_is_explained_with_its_proof():
    def work():
        ip("link", "add", "vx0", "type", "vxlan", "id", "7", "dstport", "4789", "local", "127.0.0.1")
        ip("link", "set", "vx0", "up")
        tour = Tour({})
        (socket,) = [one for one in tour.spaces[tour.home].sockets if one.port == 4789]
        explained = tour.explain(socket)
        assert explained is not None
        assert "vx0" in " ".join(explained)

    in_namespace(work)


def test_a_link_into_a_namespace_that_nobody_visited_is_a_gap():
    name = f"hb-tour-{os.getpid()}"
    ip("netns", "add", name)
    try:

        def work():
            ip("link", "add", "left", "type", "veth", "peer", "name", "right", "netns", name)
            tour = Tour({})
            tour.spaces = {tour.home: tour.spaces[tour.home]}  # as if no mount had led to the other
            before = set(tour.gaps)
            tour.look_for_unseen()
            assert set(tour.gaps) - before
            assert netns_inode() == tour.home

        in_namespace(work)
    finally:
        ip("netns", "delete", name)


def test_an_error_inside_a_namespace_does_not_keep_hb_there():
    def work():
        with Lab() as lab:
            holder = lab.start(idle_namespace)
            tour = Tour({})

            def fail():
                assert netns_inode() == holder.facts["netns"]
                raise CannotLook("refused")

            with pytest.raises(CannotLook, match="refused"):
                tour.within(Space(holder.facts["netns"], holder.pid), fail)
            assert netns_inode() == tour.home

    in_namespace(work)

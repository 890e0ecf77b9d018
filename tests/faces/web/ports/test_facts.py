"""What is known of a port, gathered: its rows, its claims, its neighbours, and what is kept of it."""

from __future__ import annotations

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.ports import facts


def of(port, transport=""):
    return facts.of(kit.REGISTRY, kit.THREATS, port, transport)


def test_the_facts_of_1703():
    known = of(1703)
    assert known.names == ("hb-engine",)
    assert known.transports == ("tcp", "udp")
    assert [claim.name for claim in known.threats] == ["Exploiter"]
    assert known.near == ((1702, ("deskshare",)), (1704, ("bcs-broker",)))
    assert known.same_service == ()
    assert known.same_threat == (facts.Elsewhere("Exploiter", (21554, 28678, 44575)),)
    assert (known.as_of, known.details_as_of) == (kit.REGISTRY.as_of, kit.REGISTRY.details_as_of)


def test_one_transport_keeps_what_is_about_it():
    assert of(1703, "udp").threats == ()
    assert of(2010, "tcp").names == ("search",)
    assert of(2010, "udp").names == ("pipe-server",)
    assert of(2010).named("udp") == ("pipe-server",)
    assert of(6379, "udp").names == ()
    assert of(9, "dccp").transports == ("dccp",)


def test_other_transports_are_told_where_something_is_registered():
    assert of(9).transports == ("tcp", "udp", "sctp", "dccp")
    assert of(80).transports == ("tcp", "udp", "sctp")


def test_aliases_are_no_names_of_their_own():
    assert of(80).names == ("http",)
    assert [group.row.status for group in of(80).groups] == ["assigned", "alias", "alias", "assigned"]


@pytest.mark.parametrize("port", [0, 51, 585, 757, 11023, 49152, 65535, 65534])
def test_nameless_ports_have_no_names(port):
    assert of(port).names == ()
    assert of(port).transports[:2] == ("tcp", "udp")


def test_a_dynamic_port_has_one_row_and_one_neighbour():
    known = of(50000)
    assert [row.status for row in known.rows] == ["dynamic"]
    assert len(known.near) == 1
    assert known.near[0][0] < 49152


def test_a_range_is_near_by_its_edge():
    assert (6063, ("x11",)) in of(6064).near or of(6064).near == ()
    assert all(number != 6010 for number, _ in of(6010).near)


def test_long_lists_are_cut_and_counted():
    known = of(80)
    for one in (*known.same_service, *known.same_threat):
        assert 0 < len(one.ports) <= facts.NEAR
        assert 80 not in one.ports
        assert one.ports == tuple(sorted(one.ports))


def test_they_are_kept():
    assert of(22) is of(22)
    assert facts.of.cache_info().maxsize == facts.KEPT

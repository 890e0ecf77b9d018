"""The registry turned round: it says what the registry says, from the other side."""

from __future__ import annotations

from tests.faces.web import kit

from hb_engine.faces.web.ports import index

KNOWN = index.of(kit.REGISTRY, kit.THREATS)


def test_it_is_built_once_for_the_same_data():
    assert index.of(kit.REGISTRY, kit.THREATS) is KNOWN


def test_names_are_those_of_the_registry():
    assert KNOWN.names[1703] == {"tcp": ("hb-engine",), "udp": ("hb-engine",)}
    assert KNOWN.names[2010] == {"tcp": ("search",), "udp": ("pipe-server", "pipe_server")}
    assert KNOWN.name(6010) == "x11"  # a range is entered port by port
    assert (KNOWN.name(757), KNOWN.name(49152), KNOWN.name(-1), KNOWN.name(65536)) == ("", "", "", "")
    for port in (22, 80, 443, 5432):
        rows = {row.name for row in kit.REGISTRY.rows(port) if row.status in index.NAMED}
        assert {name for names in KNOWN.names[port].values() for name in names} == rows


def test_services_lead_to_their_ports():
    assert KNOWN.services["hb-engine"] == (1703,)
    assert KNOWN.services["x11"] == (6000,)
    assert 80 in KNOWN.services["www"]


def test_threats_lead_to_their_ports():
    assert KNOWN.threats["exploiter"] == (1703, 21554, 28678, 44575)
    assert KNOWN.linked >= {1703, 21554, 80}
    for claim in kit.THREATS.all():
        assert {claim.first, claim.last} <= KNOWN.linked
        assert claim.first in KNOWN.threats[claim.name.lower()]
    assert all(kit.THREATS.threats(port) for port in KNOWN.linked)


def test_descriptions_are_the_first_row_s():
    assert KNOWN.described[80] == "World Wide Web HTTP"

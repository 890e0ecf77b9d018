"""The document for the script: small, the same for the same facts, and it says what the registry says."""

from __future__ import annotations

import gzip
import json

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.map import names
from hb_engine.faces.web.map.hilbert import PORTS
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats


@pytest.fixture(scope="module")
def told():
    return json.loads(gzip.decompress(names.packed(kit.REGISTRY, kit.THREATS)))


@pytest.fixture(scope="module")
def by_port(told):
    found, port = {}, 0
    for step, transports, text in zip(*[told["names"][at::3] for at in range(3)], strict=True):
        port += step
        found[port] = (transports, text)
    return found


def test_it_is_small_enough_to_come_along():
    assert len(names.packed(kit.REGISTRY, kit.THREATS)) < 100_000


def test_it_names_what_is_registered(by_port):
    assert by_port[1703] == ("tcp, udp", "hb-engine")
    assert by_port[22] == ("tcp, udp, sctp", "ssh")
    assert by_port[80][1].split(", ")[0] == "http"
    assert 60001 not in by_port
    assert 0 not in by_port


@pytest.mark.slow
def test_it_names_every_port_that_has_a_name_and_no_other(by_port):
    named = {
        port
        for port in range(PORTS)
        if any(
            row.name
            for one in names.TRANSPORTS
            for row in kit.REGISTRY.short(one, port)
            if row.status in ("assigned", "alias")
        )
    }
    assert named == {*by_port}


def test_it_tells_what_has_been_linked_with_a_port(told):
    runs = list(zip(*[told["threats"][at::3] for at in range(3)], strict=True))
    found = {port for first, last, _ in runs for port in range(first, last + 1)}
    assert found == {port for port in range(PORTS) if kit.THREATS.threats(port)}
    assert next(text for first, last, text in runs if first <= 1703 <= last) == "Exploiter"
    assert "BPFDoor" in next(text for first, last, text in runs if first <= 42500 <= last)
    assert len(runs) < len(found)  # ranges are runs, not thousands of rows


def test_many_names_are_counted():
    assert names._few(["a", "b", "c"]) == "a, b, c"
    assert names._few(["a", "b", "c", "d", "e"]) == "a, b, c +2"


@pytest.mark.slow
def test_the_same_facts_are_the_same_bytes():
    again = names.packed(Registry.open(), Threats.open())
    assert again == names.packed(kit.REGISTRY, kit.THREATS)
    assert names.digest_of(kit.REGISTRY, kit.THREATS) == names._digest(again)
    assert names.packed(kit.REGISTRY, kit.THREATS) is names.packed(kit.REGISTRY, kit.THREATS)

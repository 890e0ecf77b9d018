"""Names by ports: all that the registry has, and each once."""

from __future__ import annotations

import pytest
from tests.faces.web.api import asking
from tests.faces.web.kit import REGISTRY

from hb_engine.faces.web.searching.registered import NAMED, Names, Registered

NAMES = Names(REGISTRY)


@pytest.mark.parametrize("port", [0, 22, 80, 1703, 6000, 6063, 49151, 49152, 65535])
def test_it_says_what_the_registry_says(port):
    theirs = {(row.transport, row.name) for row in REGISTRY.rows(port) if row.name and row.status in NAMED}
    assert {(row.transport, row.name) for row in NAMES.rows.get(port, [])} == theirs


def test_words_are_folded():
    assert "secure shell" in NAMES.words[22]
    assert set(NAMES.words) == set(NAMES.rows)


def test_spans_are_the_numbers_again():
    numbers = {number for first, last in NAMES.spans("udp") for number in range(first, last + 1)}
    theirs = {port for port, rows in NAMES.rows.items() if any(row.transport in ("udp", None) for row in rows)}
    assert numbers == theirs
    assert NAMES.spans("udp") is NAMES.spans("udp")


def test_it_is_read_once():
    hub = asking.site().hub
    assert Registered.of(hub) is Registered.of(asking.site().hub)

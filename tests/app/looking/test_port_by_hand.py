"""A port's page by number and name, what is here now, and the honest ways of not knowing."""

from __future__ import annotations

import pytest
from tests.app import kit

from hb_engine.app.looking import port as app
from hb_engine.model.errors import BadInput, Unreachable


def test_the_page_of_hb_engines_own_port(machine):
    found = app.page("1703")
    assert found.page is not None
    assert [(row.name, row.transport) for row in found.page.assignments] == [("hb-engine", "tcp"), ("hb-engine", "udp")]
    assert [claim.name for claim in found.page.threats] == ["Exploiter"]
    assert found.openings == ()
    assert found.coverage == machine.seen.coverage
    assert found.elsewhere


def test_only_that_port_is_looked_at(machine):
    found = app.page("22")
    assert machine.asked == [(frozenset((22,)), False)]
    assert found.openings is not None
    assert [one.port for one in found.openings] == [22]


def test_what_is_here_is_judged(machine):
    openings = app.page("22").openings
    assert openings is not None
    assert openings[0].verdict is not None
    assert [entry.name for entry in openings[0].registered] == ["ssh"]


def test_one_transport_alone(machine):
    found = app.page("udp/53")
    assert found.openings is not None
    assert (found.transport, [one.transport for one in found.openings]) == ("udp", ["udp"])


def test_a_name_with_one_port_leads_to_its_page(machine):
    found = app.page("postgresql")
    assert found.page is not None
    assert found.page.port == 5432


def test_words_lead_to_rows_and_look_at_nothing(machine):
    found = app.page("secure shell")
    assert found.page is None
    assert "ssh" in {row.name for row in found.matches}
    assert found.openings is None
    assert machine.asked == []


def test_a_name_that_is_nearly_right_gets_suggestions(machine):
    found = app.page("postgerql")
    assert (found.page, found.matches) == (None, ())
    assert "postgresql" in found.suggestions


def test_a_gap_stays_with_the_answer(machine):
    machine.seen = kit.inventory(gaps=(kit.GAP,))
    found = app.page("22")
    assert found.coverage is not None
    assert found.coverage.gaps == (kit.GAP,)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "tcp/", "\x1b[31m"])
def test_impossible_ports_are_refused_before_anything_is_looked_at(text, machine):
    with pytest.raises(BadInput):
        app.page(text)


def test_pressure_needs_somewhere_to_keep_its_answers(monkeypatch):
    monkeypatch.setattr("hb_engine.app.folders.cache", lambda: None)
    with pytest.raises(Unreachable, match="no home folder"):
        app.pressure(22)

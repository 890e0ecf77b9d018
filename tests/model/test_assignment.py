"""What registries say, as values: a row may lack nearly everything, and a listing never claims more than it says."""

from __future__ import annotations

from hb_engine.model.assignment import STATUSES, Assignment, PortPage, PortRange, Pressure, Threat
from hb_engine.model.record import fields_of, replace

USER = PortRange("user", 1024, 49151, privileged=None, ephemeral=None)


def test_a_name_without_a_port_and_a_range_for_any_transport():
    named = Assignment("sips-local", None, None, None)
    assert (named.first, named.transport, named.status) == (None, None, "assigned")
    assert all(getattr(named, name) in ("", ()) for name in fields_of(named)[4:] if name != "status")


def test_every_row_has_a_status_from_the_list():
    assert Assignment("x", "tcp", 1, 1).status in STATUSES
    assert len(set(STATUSES)) == len(STATUSES)


def test_a_range_may_be_unable_to_say_what_holds_here():
    assert (USER.privileged, USER.ephemeral) == (None, None)
    assert replace(USER, privileged=False) != USER


def test_a_threat_has_no_word_for_infected():
    assert set(fields_of(Threat("x", "tcp", 1, 1, "trojan", "listen", "low", "a list"))) == {
        *("name", "transport", "first", "last", "kind", "direction", "confidence", "source"),
        *("platform", "year", "evidence"),
    }


def test_zero_reports_are_not_unknown_reports():
    assert Pressure("2026-11-20", 0, 0, 0) != Pressure("2026-11-20", None, None, None)


def test_a_page_without_rows_is_a_page():
    page = PortPage(757, USER, (), ())
    assert (page.near, page.origin) == ((), "")

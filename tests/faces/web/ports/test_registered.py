"""Rows of the registry as a page tells them: the ordinary, and forty years of exceptions."""

from __future__ import annotations

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.language import language
from hb_engine.faces.web.ports import facts, registered

ENGLISH = language("en")


def of(port, transport=""):
    return registered.rows(facts.of(kit.REGISTRY, kit.THREATS, port, transport).groups, ENGLISH)


def test_an_ordinary_row():
    (row,) = of(1703)
    assert (row.name, row.transports, row.status) == ("hb-engine", ("tcp", "udp"), "registered")
    assert (row.assignee, row.contact) == ("Charles C. L. Chou", "")  # the same person is told once
    assert row.description == ""  # it only repeats the name


def test_a_reference_leads_to_its_document_and_says_what_it_is():
    ssh = next(row for row in of(22) if row.papers and row.papers[0].text == "RFC 4251")
    assert ssh.papers[0].title == "The Secure Shell (SSH) Protocol Architecture"
    assert ssh.papers[0].href == "https://www.rfc-editor.org/rfc/rfc4251"


def test_marks_of_footnotes_are_no_references():
    assert [paper.text for paper in of(1021)[0].papers] == ["RFC 4727", "RFC 6335"]
    assert registered.papers(("n/a", "1", "draft-herbert-gue")) == (registered.Paper("draft-herbert-gue"),)


def test_an_alias_says_of_what():
    row = next(row for row in of(80) if row.name == "www")
    assert (row.status, row.alias_of, row.means) == ("another name", "http", "")


def test_what_has_ended_says_so():
    (lost,) = of(2)
    assert (lost.name, lost.state) == ("compressnet", "deassigned")
    assert "ended" in lost.means
    assert of(585)[0].notes == ("Use of 585 is not recommended, use 993 instead",)
    assert of(51)[0].modified == "2013-05-24"


def test_a_widespread_use_is_no_registration():
    row = next(row for row in of(3000) if row.name == "remoteware-cl")
    assert (row.state, row.status) == ("unassigned", "not registered")
    assert "widely used" in row.means


def test_a_range_says_its_ends():
    assert of(6010)[0].span == (6000, 6063)
    assert "6003" in of(6010)[0].unauthorized
    assert of(1703)[0].span is None


def test_a_gap_in_the_data_is_no_row():
    assert of(757) == ()
    assert of(11023) == ()


def test_dynamic_ports_are_never_registered():
    (row,) = of(50000)
    assert (row.name, row.transports, row.state, row.description) == ("", (), "dynamic", "")
    assert [paper.text for paper in row.papers] == ["RFC 6335"]


def test_codes_of_dccp():
    assert next(row for row in of(9) if row.transports == ("dccp",)).service_code == "1145656131"


@pytest.mark.slow
@pytest.mark.parametrize("code", ["en", "de", "ja"])
def test_every_port_can_be_told(code):
    for port in range(0, 65536, 97):
        for row in registered.rows(facts.of(kit.REGISTRY, kit.THREATS, port).groups, language(code)):
            assert row.name or row.status

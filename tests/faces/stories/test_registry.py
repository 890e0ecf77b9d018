"""What the registry and the lists say, in words that claim no more than they do."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import said

from hb_engine.faces.document import Document, Fields, Paragraph
from hb_engine.faces.stories import registry
from hb_engine.model.assignment import Assignment, PortRange, Threat
from hb_engine.model.record import replace


def text(line):
    return said(Document((Paragraph(line),))).rstrip("\n")


def field(value):
    return said(Document((Fields((value,)),)))


def iana(row):
    return text(registry.iana(registry.groups((row,))[0]))


def test_rows_that_differ_in_transport_only_are_one():
    groups = registry.groups(kit.PAGE_80.assignments)
    assert [(group.row.name, group.transports) for group in groups] == [
        ("http", ("tcp", "udp", "sctp")),
        ("www", ("tcp",)),
        ("www-http", ("tcp",)),
        ("", ("any transport",)),
    ]
    assert groups[0].references == ("RFC9110", "RFC9260")


ROWS = {
    "1703": (kit.HB, "hb-engine (tcp); assigned to Charles C. L. Chou; no date, no reference"),
    "all cells": (
        kit.HTTP,
        "http (tcp): World Wide Web HTTP; assigned to IESG, contact IETF Chair; changed 2021-10-01, RFC 9110",
    ),
    "an alias": (
        replace(kit.HTTP, name="www", assignee="", status="alias", alias_of="http"),
        "www (tcp): World Wide Web HTTP; another name of http; contact IETF Chair; changed 2021-10-01, RFC 9110",
    ),
    "reserved": (Assignment("", "udp", 79, 81, "Reserved", status="reserved"), "no name (udp): reserved; 79 to 81"),
    "no longer": (
        Assignment("compressnet", "tcp", 2, 2, "Compression", status="deassigned"),
        "compressnet (tcp): Compression; was assigned once and is no longer",
    ),
    "a line feed": (
        Assignment("x", "tcp", 9, 9, "whois++\nmore  words", registered="2003-04"),
        "x (tcp): whois++ more words; registered 2003-04",
    ),
    "DCCP": (
        Assignment("x", "dccp", 9, 9, service_code="1145656131"),
        "x (dccp); no date, no reference; DCCP service code 1145656131",
    ),
    "a contact alone": (Assignment("x", "tcp", 9, 9, contact="[A_B]"), "x (tcp); contact A. B.; no date, no reference"),
}


@pytest.mark.parametrize(("row", "told"), ROWS.values(), ids=ROWS)
def test_rows(row, told):
    assert iana(row) == told


def test_notes_and_unauthorized_uses_are_told_in_one_line_each():
    row = replace(kit.HTTP, notes="one\ntwo", unauthorized="known on 80")
    lines = [text(line) for line in registry.remarks(registry.groups((row,))[0])]
    assert lines == ["note: one two", "used without registration: known on 80"]


def test_titles():
    assert registry.title(kit.PAGE) == "hb-engine (tcp, udp)"
    assert registry.title(kit.PAGE, "udp") == "hb-engine (udp)"
    assert registry.title(kit.PAGE_80) == "http (tcp, udp, sctp)"
    assert registry.title(kit.DYNAMIC) == "not registered"
    two = replace(kit.PAGE, assignments=(kit.HB, replace(kit.HB, name="other")))
    assert registry.title(two) == "hb-engine (tcp) and 1 more name"
    blank = replace(kit.PAGE, assignments=(replace(kit.HB, transport=None),))
    assert registry.title(blank, "sctp") == "hb-engine (any transport)"


def test_ranges():
    assert registry.range_words(kit.PAGE.range) == "registered range, no privilege needed"
    assert registry.range_words(kit.PAGE_80.range) == "well-known range, privileged here"
    assert registry.range_words(kit.DYNAMIC.range).endswith("used for outgoing connections here")
    assert registry.range_words(PortRange("user", 1024, 49151, None, None)) == "registered range"


def test_what_is_meant_is_told_of_one_transport_and_proves_nothing():
    assert text(registry.meant(kit.PAGE, "tcp")) == (
        "hb-engine, no date, no reference (registered range). A registration is no proof."
    )
    assert text(registry.meant(kit.PAGE, "sctp")) == "nothing is registered here (registered range)"
    assert text(registry.meant(kit.PAGE, "udplite")).startswith("hb-engine")
    assert "World Wide Web HTTP" in text(registry.meant(kit.PAGE_80, None))


def test_the_data_s_day():
    assert registry.data_line(kit.PAGE) == "names of 2026-09-17, details of 2015-07-24, packaged"
    assert registry.data_line(kit.DYNAMIC) == ""
    assert registry.data_line(replace(kit.DYNAMIC, as_of="2026-09-17", origin="/x")) == "names of 2026-09-17, /x"


def test_a_listing_is_never_an_infection():
    told = field(registry.threats(kit.PAGE.threats, each=True))
    assert "tcp has been listed as used by Exploiter, a trojan, waiting here" in told
    assert "simovits.com" in told
    assert "a match alone proves nothing" in told
    assert "infected" not in told


def test_listings_of_one_kind_are_told_together():
    told = field(registry.threats(kit.PAGE_80.threats, hint=" MORE."))
    assert told.count("has been listed as used by") == 3
    assert "Trojan 0, Trojan 3, Trojan 6, Trojan 9 and Trojan 12, trojans, waiting here (medium confidence)" in told
    assert told.endswith("proves nothing. MORE.\n")
    assert field(registry.threats(kit.PAGE_80.threats, each=True)).count("has been listed as used by") == 15


def test_many_names_are_counted():
    claims = tuple(Threat(f"T{n}", "tcp", 1, 1, "rat", "listen", "high", "x") for n in range(9))
    assert "T0, T1, T2, T3, T4 and 4 more, remote access trojans" in field(registry.threats(claims))


def test_only_the_transport_that_was_asked_for():
    assert registry.threats(kit.PAGE.threats, "udp") is None
    assert registry.threats(kit.PAGE.threats, "tcp") is not None
    assert registry.threats(()) is None


def test_services_that_are_attacked_wait_for_nothing():
    claim = Threat("SSH", "tcp", 22, 22, "exposed-admin", "listen", "high", "x", "any")
    told = field(registry.threats((claim,)))
    assert "SSH, a service often attacked where it is exposed (high confidence)" in told


def test_neighbours():
    assert field(registry.near(kit.PAGE)) == " near  1702 deskshare · 1704 bcs-broker\n"
    assert registry.near(kit.DYNAMIC) is None

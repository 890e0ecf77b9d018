"""Titles of RFCs: what a reference is, and what it is called."""

from __future__ import annotations

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.ports import rfcs


@pytest.mark.parametrize(
    ("reference", "number"),
    [("RFC9110", 9110), ("[RFC4251]", 4251), ("rfc 959", 959), ("RFC-ietf-radext-dynamic-discovery-15", None),
     ("draft-herbert-gue", None), ("1", None), ("", None), ("RFC", None), ("RFC\u00b2", None), ("RFC123456", None)],
)  # fmt: skip
def test_what_a_reference_is(reference, number):
    assert rfcs.number(reference) == number


def test_titles_that_everybody_knows():
    assert rfcs.title("RFC4251") == "The Secure Shell (SSH) Protocol Architecture"
    assert rfcs.title("RFC959") == "File Transfer Protocol"
    assert rfcs.title("RFC6142") == "ANSI C12.22, IEEE 1703, and MC12.22 Transport Over IP"
    assert rfcs.title("RFC1") == ""


def test_every_rfc_of_the_registry_has_its_title():
    told = {reference for row in kit.REGISTRY.all() for reference in row.references if rfcs.number(reference)}
    assert len(told) > 100
    assert not [reference for reference in told if not rfcs.title(reference)]


def test_titles_are_whole_and_each_once_but_for_new_editions():
    assert all(title == title.strip() and "  " not in title for title in rfcs.TITLES.values())
    twice = {title for title in rfcs.TITLES.values() if list(rfcs.TITLES.values()).count(title) > 1}
    assert twice == {"Diameter Base Protocol"}  # RFC 3588, and RFC 6733 in its place
    assert list(rfcs.TITLES) == sorted(rfcs.TITLES)

"""CUPS is known by its header, and its pages know the patch level."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.cups import recognise


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ("<TITLE>Bad Request - CUPS v2.4.2</TITLE>", "2.4.2"),
        ("<TITLE>Home - CUPS 2.4.2</TITLE>", "2.4.2"),
        ("<TITLE>Home - CUPS 3.9</TITLE>", "2.4"),  # it does not continue what the header says
        ("<TITLE>CUPS v</TITLE>", "2.4"),
        ("<TITLE>CUPS</TITLE>", "2.4"),
        ("", "2.4"),
    ],
)
def test_its_pages(body, version):
    found = seen(recognise, page("400 Bad Request", "Server: CUPS/2.4 IPP/2.1", body))
    assert outcome(found) == ("ipp", "CUPS", version)
    assert found.info == "IPP/2.1"


def test_a_printer_that_is_built_on_it():
    assert outcome(recognise(page(headers="Server: CUPS/2.4.2"))) == ("ipp", "CUPS", "2.4.2")


@pytest.mark.parametrize(("version", "maker"), [("1.7", "apple"), ("2.3", "apple"), ("2.4", "openprinting")])
def test_who_made_it(version, maker):
    named = seen(recognise, page(headers=f"Server: CUPS/{version} IPP/2.1"))
    assert named.cpe == (f"cpe:/a:{maker}:cups:{version}",)


@pytest.mark.parametrize("near", [page(headers="Server: CUPS"), page(body="<title>CUPS 2.4.2</title>"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""The reference page of the API: every address, every object, and links that lead somewhere."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("litestar")

from tools.docs import api_page

from hb_engine.faces.web.api.openapi import described

PAGE = api_page.page()
TOLD = described("hb_1703")


def test_every_address_and_every_object_has_a_heading():
    headings = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
    assert headings == [*[f"GET {path}" for path in TOLD["paths"]], *sorted(TOLD["components"]["schemas"])]


def test_every_link_leads_somewhere():
    anchors = {name.lower() for name in TOLD["components"]["schemas"]}
    assert set(re.findall(r"\]\(#(.+?)\)", PAGE)) <= anchors


def test_what_may_change_is_said():
    assert "Within v1 there may come" in PAGE
    assert "no field goes" in PAGE


def test_rows_stay_in_their_tables():
    for line in PAGE.splitlines():
        if line.startswith("| "):
            assert len(re.findall(r"(?<!\\)\|", line)) in (4, 5), line

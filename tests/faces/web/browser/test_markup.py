"""Every page read by strict parsers, in every language; and every page can be reached by links from another."""

from __future__ import annotations

import pytest
from tests.kit import browser as harness
from tests.kit import html

from hb_engine.faces.web.language import CODES, language

pytestmark = pytest.mark.slow


def test_every_page_can_be_reached(pages):
    """Those with a part that is data (a decision's number) are there where the data is; scripts ask for the others."""
    assert not {
        path for path in pages.lost if not any(part in path for part in ("{", ".", "/enter", "/search/suggest"))
    }


@pytest.mark.parametrize("code", CODES)
def test_pages_are_good_markup(address, pages, writer, code):
    wrong = {}
    for at in pages.html.values():
        status, headers, body = harness.fetched(address, language(code).url(at), writer)
        wrong[at] = [] if status == 200 else [f"status {status}"]
        wrong[at] += html.complaints(body)
        page = html.read(body)
        wrong[at] += [] if page.get("lang") == headers.get("content-language") == code else [f"lang {page.get('lang')}"]
        wrong[at] += [] if len(page.all("title")[0].text) > len(" · hb") else ["no title"]
    assert not {at: said for at, said in wrong.items() if said}


@pytest.mark.parametrize(
    "at", ["/nothing", "/ports/99999", "/ro/ports/x", "/%22%3E%3Cb%3E", "/ports/22?q=%00%22'<>&%ff"]
)
@pytest.mark.parametrize("known", [True, False])
def test_pages_of_trouble_are_good_markup(address, reader, at, known):
    status, _, body = harness.fetched(address, at.replace("<", "%3C").replace(">", "%3E"), reader if known else "")
    assert status in (200, 401, 404)
    assert html.complaints(body) == []


def test_titles_differ(address, pages, reader):
    titles = {at: html.read(harness.fetched(address, at, reader)[2]).all("title")[0].text for at in pages.html.values()}
    assert len(set(titles.values())) == len(titles), titles

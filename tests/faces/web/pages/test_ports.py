"""The list of all ports: by blocks, by filters, by words."""

from __future__ import annotations

import pytest
from tests.faces.web import kit
from tests.kit import html

from hb_engine.app.hub.sight import NOTHING
from hb_engine.faces.web.language import CODES


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as made:
        yield made


def page(browser, path):
    said = browser.get(path)
    assert said.status_code == 200
    assert html.complaints(said.content) == []
    assert len(said.content) < 100_000
    return said.text


@pytest.mark.parametrize(
    "query",
    ["", "?from=1536", "?from=49152", "?from=65535", "?show=open", "?show=linked", "?show=registered&page=3", "?q=http",
     "?q=6000-6063", "?q=nothing+at+all", "?q=%3Cscript%3E", "?show=x&from=y&page=z", "?q=" + "a" * 500],
)  # fmt: skip
def test_whatever_is_asked_the_list_is_good(browser, query):
    assert "<script>" not in page(browser, f"/ports{query}")


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_it_is_there_in_every_language(browser, code):
    path = "/ports" if code == "en" else f"/{code}/ports"
    for query in ("", "?show=linked", "?show=registered&page=2", "?from=1024"):
        assert f'<html lang="{code}"' in page(browser, path + query)


def test_a_number_leads_to_its_page(browser):
    for text, to in (("1703", "/ports/1703"), ("0022", "/ports/22"), ("0", "/ports/0")):
        said = browser.get(f"/ports?q={text}", follow_redirects=False)
        assert (said.status_code, said.headers["location"]) == (303, to)
    assert browser.get("/ports?q=65536", follow_redirects=False).status_code == 200
    assert browser.get("/ports?q=\u0661\u0667\u0660\u0663", follow_redirects=False).status_code == 200


def test_what_is_open_here_is_marked_and_found(browser):
    text = page(browser, "/ports?show=open")
    assert 'href="/ports/1703"' in text
    assert "on 2 machines" in text
    assert 'href="/ports/23"' not in text


def test_blocks_lead_on(browser):
    text = page(browser, "/ports?from=256")
    assert 'rel="prev" href="/ports?from=0"' in text
    assert 'rel="next" href="/ports?from=512"' in text
    assert 'rel="prev"' not in page(browser, "/ports")
    assert 'rel="next"' not in page(browser, "/ports?from=65280")


def test_where_nobody_looked_nothing_is_said_of_what_is_open():
    with kit.client(kit.site(NOTHING)) as browser:
        assert "Nobody has looked at a machine yet" in page(browser, "/ports?show=open")


def test_a_row_without_a_registration_says_so(browser):
    text = page(browser, "/ports?from=0")
    row = text[text.index('href="/ports/6"') :]
    assert "nothing is registered" in row[: row.index("</tr>")]
    assert "nothing is registered" not in text[text.index('href="/ports/22"') : text.index('href="/ports/23"')]

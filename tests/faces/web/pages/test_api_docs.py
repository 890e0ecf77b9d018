"""The API's page: every address and every object of the document, in each language, without anything from elsewhere."""

from __future__ import annotations

import pytest
from tests.faces.web.api import asking

from hb_engine.faces.web.api.openapi import described
from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.pages.api_docs import addresses, kind_of, objects, of

html5lib = pytest.importorskip("html5lib")
TOLD = described("hb_1703")


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def read(text):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


@pytest.mark.parametrize("code", CODES)
def test_every_address_is_there(browser, code):
    said = browser.get("/api" if code == "en" else f"/{code}/api")
    assert said.status_code == 200
    assert len(said.content) < 100_000
    text = "".join(read(said.text).itertext())
    assert not [path for path in TOLD["paths"] if f"GET {path}" not in text]
    assert "curl -c jar" in text


@pytest.mark.parametrize("name", TOLD["components"]["schemas"])
def test_every_object_has_a_page(browser, name):
    said = browser.get(f"/api/objects/{name}")
    assert said.status_code == 200
    page = read(said.text)
    fields = ["".join(one.itertext()) for one in page.findall(".//tbody/tr/th")]
    assert fields == list(TOLD["components"]["schemas"][name]["properties"])
    for link in page.findall(".//tbody//a"):
        assert link.get("href").rpartition("/")[2] in objects()


def test_an_object_that_there_is_not(browser):
    assert browser.get("/api/objects/Nothing").status_code == 404
    assert browser.get("/ro/api/objects/%3Cb%3E").status_code == 404


def test_the_document_is_linked(browser):
    assert 'href="/api/v1/openapi.json"' in browser.get("/api").text
    assert {one.path for one in addresses()} == set(TOLD["paths"])


@pytest.mark.parametrize(
    ("schema", "kind", "holds"),
    [
        ({"type": "string"}, "string", ""),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null", ""),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Gap"}}, "Gap[]", "Gap"),
        ({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}, "(integer | null)[]", ""),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "{string: integer}", ""),
        ({"enum": ["a", "b"], "type": "string"}, '"a" | "b"', ""),
        ({"type": "integer", "minimum": 1, "maximum": 5}, "integer 1-5", ""),
        ({"type": "string", "format": "date-time"}, "date-time", ""),
        ({}, "any", ""),
    ],
)
def test_types_in_short(schema, kind, holds):
    assert (kind_of(schema), of(schema)) == (kind, holds)

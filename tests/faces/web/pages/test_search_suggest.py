"""Suggestions: a list of options that is well-formed, short, and never markup of strangers."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from tests.faces.judged import AWKWARD
from tests.faces.web.api import asking

from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.pages.search_suggest import MOST


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def options(said):
    assert said.status_code == 200
    root = ET.fromstring(said.text)  # noqa: S314 -- it is of our own making
    assert (root.tag, root.get("role")) == ("ul", "listbox")
    assert root.get("aria-label")
    found = root.findall("li")
    assert len({one.get("id") for one in found}) == len(found)
    assert all(one.get("role") == "option" and one.get("data-href", "").startswith("/") for one in found)
    return found


def test_the_best_of_each_group_and_everything(browser):
    found = options(browser.get("/search/suggest?q=ssh"))
    assert "".join(found[0].itertext()).startswith("sshd")
    assert found[-1].get("data-href") == "/search?q=ssh&all=1"
    assert len(found) <= MOST + 1


def test_parts_of_words_only_where_there_is_nothing_better(browser):
    told = ["".join(one.itertext()) for one in options(browser.get("/search/suggest?q=kwor"))]
    assert not [text for text in told if "web-17 Machines" in text]  # bookworm has these letters too
    assert options(browser.get("/search/suggest?q=ookwor"))


def test_a_port(browser):
    assert options(browser.get("/search/suggest?q=22"))[0].get("data-href") == "/ports/22"


def test_nothing_for_nothing(browser):
    assert options(browser.get("/search/suggest")) == []
    assert len(options(browser.get("/search/suggest?q=zzzzzz"))) == 1


@pytest.mark.parametrize("code", CODES[1:])
def test_addresses_are_of_the_language(browser, code):
    assert all(
        one.get("data-href").startswith(f"/{code}/") for one in options(browser.get(f"/{code}/search/suggest?q=ssh"))
    )


@pytest.mark.parametrize("text", AWKWARD)
def test_what_is_typed_never_becomes_markup(browser, text):
    options(browser.get("/search/suggest", params={"q": text.encode("utf-8", "surrogatepass")}))


def test_a_stranger_is_told_nothing():
    with asking.client(session=None) as stranger:
        assert stranger.get("/search/suggest?q=ssh").status_code == 401

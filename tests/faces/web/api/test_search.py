"""The search for programs: all of it once, in parts, group by group."""

from __future__ import annotations

import pytest
from tests.faces.web.api import asking
from tests.faces.web.api.test_answering import ROUTES

from hb_engine.faces.web.searching.entries import FIELDS, GROUPS


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


@pytest.mark.parametrize("words", ["ssh", "redis", "22-25 ssh", "8000-8100", "deleted", "web-17", "e"])
def test_every_hit_is_told_once_in_its_order(browser, words):
    found, _ = asking.every(browser, "/search", q=words, limit=500)
    some, parts = asking.every(browser, "/search", q=words, limit=min(max(len(found) // 3, 1), 500))
    assert some == found
    assert parts >= 1
    order = [tuple(GROUPS).index(one["group"]) for one in found]
    assert order == sorted(order)
    assert {one["field"] for one in found} <= {*FIELDS, ""}
    told = browser.get("/api/v1/search", params={"q": words}).json()
    assert sum(told["groups"].values()) == told["total"] == len(found)


def test_a_group(browser):
    told = browser.get("/api/v1/search?q=ssh&group=threats").json()
    assert {one["group"] for one in told["items"]} == {"threats"}
    assert told["groups"]["services"] > 0


def test_what_matched(browser):
    told = browser.get("/api/v1/search?q=openssh-server&group=processes").json()["items"][0]
    assert (told["title"], told["field"], told["matched"]) == ("sshd", "package", "openssh-server")


def test_what_was_probably_meant(browser):
    told = browser.get("/api/v1/search?q=posgresql").json()
    assert told["items"] == []
    assert "postgresql" in told["suggestions"]


def test_a_question_is_needed(browser):
    assert browser.get("/api/v1/search").status_code == 400
    assert ROUTES["search"].required == ("q",)
    assert browser.get("/api/v1/search", params={"q": "x" * 201}).status_code == 400

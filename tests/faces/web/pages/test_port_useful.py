"""Was this page useful: counted once, thanked for, and only from a page of ours."""

from __future__ import annotations

from typing import Any

import pytest
from tests.faces.web import kit

from hb_engine.app.hub.votes import Votes
from hb_engine.model.errors import DataError


class Votings:
    def __init__(self) -> None:
        self.said: list[tuple[int, bool]] = []
        self.site: Any = None

    def useful(self, port, useful):
        self.said.append((port, useful))
        return Votes(port, 1, 0)

    def counts(self):
        return tuple([Votes(port, int(useful), int(not useful)) for port, useful in self.said])


@pytest.fixture
def votings():
    return Votings()


@pytest.fixture
def browser(votings):
    with kit.client(kit.site(answers={"useful": votings.useful, "useful-count": votings.counts})) as made:
        yield made


def post(browser, path="/ports/1703/useful", **form):
    return browser.post(path, data={"csrf": kit.READER.csrf, **form}, follow_redirects=False)


def test_it_is_counted_and_thanked_for(browser, votings):
    browser.get("/ports/1703")  # what it says is remembered, and must not be shown again
    said = post(browser, useful="yes")
    assert (said.status_code, said.headers["location"]) == (303, "/ports/1703?thanks=yes#useful")
    assert votings.said == [(1703, True)]
    text = browser.get("/ports/1703?thanks=yes").text
    assert "told to nobody" in text
    assert "yes: 1, no: 0" in text
    assert "told to nobody" not in browser.get("/ports/1703").text
    assert "told to nobody" not in browser.get("/ports/1703?thanks=x").text


def test_it_leads_back_to_where_one_came_from(browser, votings):
    assert post(browser, "/ro/ports/22/useful", useful="no", transport="tcp").headers["location"] == (
        "/ro/ports/22/tcp?thanks=no#useful"
    )
    assert post(browser, useful="no", transport="//evil.example").headers["location"] == "/ports/1703?thanks=no#useful"
    assert votings.said == [(22, False), (1703, False)]


@pytest.mark.parametrize("form", [{}, {"useful": ""}, {"useful": "maybe"}, {"useful": "YES"}])
def test_what_is_no_answer_is_refused(browser, votings, form):
    assert post(browser, **form).status_code == 400
    assert votings.said == []


@pytest.mark.parametrize("path", ["/ports/65536/useful", "/ports/ssh/useful", "/ports/-1/useful"])
def test_what_is_no_port_is_not_there(browser, path):
    assert post(browser, path, useful="yes").status_code == 404


def test_a_form_from_elsewhere_is_refused(browser, votings):
    said = browser.post("/ports/1703/useful", data={"csrf": "guessed", "useful": "yes"}, follow_redirects=False)
    assert said.status_code in (400, 403)
    assert votings.said == []


def test_where_it_cannot_be_kept_that_is_told():
    def refuse(port, useful):
        raise DataError(f"'useful.json' cannot be written: {port} {useful}", "Make room.")

    with kit.client(kit.site(answers={"useful": refuse})) as browser:
        said = post(browser, useful="yes")
    assert said.status_code == 503
    assert "cannot be written" in said.text

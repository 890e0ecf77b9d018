"""What a page is asked, and what it may answer."""

from __future__ import annotations

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.page import Ask, File, Moved, NoRight, NoSession, NotThere, Page, Shown
from hb_engine.model.errors import BadInput

SITE = kit.site()


def ask(code="en", session=kit.READER, **more):
    known = {"path": "/ports/1703", "params": {}, "query": {}, "form": {}, "now": kit.NOW, **more}
    return Ask(SITE.hub, language(code), session, **known)


def test_the_sight_is_the_hubs():
    assert ask().sight is SITE.hub.sight


@pytest.mark.parametrize(("session", "may"), [(None, False), (kit.READER, False), (kit.WRITER, True)])
def test_who_may_write(session, may):
    assert ask(session=session).may_write is may


@pytest.mark.parametrize("code", CODES)
def test_addresses_are_in_the_language_of_the_page(code):
    assert ask(code).url("/map") == ("/map" if code == "en" else f"/{code}/map")


@pytest.mark.parametrize(
    ("code", "path", "here"),
    [
        ("en", "/ports/1703", "/ports/1703"),
        ("en", "/", "/"),
        ("ro", "/ro/ports/1703", "/ports/1703"),
        ("ro", "/ro", "/"),
        ("ro", "/ro/", "/"),
        ("ro", "/roman", "/roman"),
        ("de", "/ro/ports/1", "/ro/ports/1"),
        ("en", "//evil.example/x", "/evil.example/x"),  # or the link to this page in English led to another host
        ("ro", "/ro//evil.example", "/evil.example"),
        ("ro", "/ro///", "/"),
    ],
)
def test_the_address_of_a_page_without_its_language(code, path, here):
    assert ask(code, path=path).here == here


def test_a_page_takes_a_session_unless_it_says_otherwise():
    assert Page("/x").right == "read"
    assert Page("/x").method == "GET"
    assert not Page("/x").nav


def test_what_is_refused_is_bad_input_of_its_own_kind():
    for kind in (NotThere, NoSession, NoRight):
        refused = kind("what happened", "what to do")
        assert isinstance(refused, BadInput)
        assert (refused.message, refused.remedy) == ("what happened", "what to do")


def test_answers_have_the_status_that_nobody_need_say():
    assert Shown("port.html", {}).status == 200
    assert File(b"", "text/csv").status == 200
    assert Moved("/x").to == "/x"


def test_every_page_of_the_menu_has_a_name_and_a_place_of_its_own():
    assert len(SITE.menu) >= 6
    assert len({page.nav for page in SITE.menu}) == len(SITE.menu)
    assert [page.order for page in SITE.menu] == sorted(page.order for page in SITE.menu)
    assert all(page.method == "GET" for page in SITE.menu)

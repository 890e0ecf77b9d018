"""The form for colours: it keeps the choice, and leads back to the page that it stood on, never elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.web import kit

from hb_engine.faces.web.pages.theme import own


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as found:
        yield found


def send(browser, path="/theme", **form):
    return browser.post(path, data={"csrf": kit.READER.csrf, **form}, follow_redirects=False)


@pytest.mark.parametrize(("path", "back"), [("/theme", "/ports/22?a=b"), ("/de/theme", "/de/ports/22?a=b")])
def test_it_leads_back_in_the_same_language(browser, path, back):
    said = send(browser, path, theme="dark", back="/ports/22?a=b")
    assert said.status_code == 303
    assert said.headers["location"] == back
    assert said.headers["set-cookie"].startswith("hb_theme=dark;")


def test_a_theme_that_there_is_not_is_the_systems(browser):
    assert send(browser, theme="pink", back="/").headers["set-cookie"].startswith("hb_theme=system;")


def test_a_form_of_elsewhere_is_refused(browser):
    said = browser.post("/theme", data={"theme": "dark", "back": "/", "csrf": "guessed"}, follow_redirects=False)
    assert said.status_code == 400
    assert "set-cookie" not in said.headers


@pytest.mark.parametrize(
    "back",
    [
        *("", "ports", "//hb.invalid", "/\\hb.invalid", "https://hb.invalid/", "\\\\hb.invalid", "/\t/hb.invalid"),
        *("/ /hb.invalid", "javascript:alert(1)", " //hb.invalid", "/\r\nx: y", "/é"),
    ],
)
def test_it_never_leads_elsewhere(browser, back):
    assert own(back) == "/"
    assert send(browser, theme="dark", back=back).headers["location"] == "/"


@given(st.text(max_size=40))
def test_whatever_is_asked_stays_here(text):
    found = own(f"/{text}")
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isascii()
    assert found.isprintable()

"""The list of browsers that were let in, for eyes; nothing in it lets anybody in."""

from __future__ import annotations

from tests.faces.web import kit

from hb_engine.faces.web.guard.sessions import Session, Sessions


def test_everybody_who_is_in_and_which_of_them_is_this_browser():
    with kit.client(kit.site()) as browser:
        page = browser.get("/sessions").text
    assert page.count("<tr>") == 3
    assert page.count("this browser") == 1
    assert "look and decide" in page


def test_nothing_that_is_shown_is_a_secret():
    for session in (kit.READER, kit.WRITER):
        with kit.client(kit.site(), session) as browser:
            page = browser.get("/sessions").text
        for other in (kit.READER, kit.WRITER):
            assert other.digest not in page
            assert kit.SECRETS[other] not in page
            assert (other.csrf in page) is (other == session)


def test_who_decides_may_end_others_and_who_looks_may_not():
    with kit.client(kit.site(), kit.WRITER) as browser:
        page = browser.get("/sessions").text
    assert page.count('action="/sessions/end"') == page.count('action="/leave"') == 1
    with kit.client(kit.site()) as browser:
        page = browser.get("/sessions").text
    assert 'action="/sessions/end"' not in page
    assert "takes the right to decide" in page


def test_users_are_named_visibly_or_not_told_apart():
    site = kit.site()
    known = (kit.READER, Session("a" * 64, "read", 7, "t", "al\u202eice<b>"), Session("b" * 64, "read", None, "t", ""))
    site.gate.sessions = Sessions(known)
    with kit.client(site) as browser:
        page = browser.get("/sessions").text
    assert "al\\u202eice&lt;b&gt;" in page
    assert "not told apart here" in page


def test_a_stranger_sees_no_list():
    with kit.client(kit.site(), None) as stranger:
        assert stranger.get("/sessions").status_code == 401

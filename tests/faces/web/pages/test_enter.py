"""Links that let nobody in: each reason has its page, in every language, and none has a token."""

from __future__ import annotations

import os

import pytest
from tests.faces.web import kit

from hb_engine.faces.web.guard.links import WHY
from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.pages import enter


@pytest.fixture(scope="module")
def stranger():
    with kit.client(kit.site(), None) as found:
        yield found


def test_every_reason_has_its_words():
    assert set(enter.WHY) == set(WHY)


@pytest.mark.parametrize("why", WHY)
@pytest.mark.parametrize("code", CODES)
def test_a_reason_and_how_to_come_by_another_link(stranger, why, code):
    said = stranger.get(f"/enter/{why}" if code == "en" else f"/{code}/enter/{why}")
    assert said.status_code == 401
    assert f'<html lang="{code}"' in said.text
    assert f"kill -USR1 {os.getppid()}" in said.text


def test_what_is_no_reason_is_a_link_that_nobody_gave_out(stranger):
    said = stranger.get("/enter/whatever", follow_redirects=False)
    assert (said.status_code, said.headers["location"]) == (303, "/enter/unknown")
    assert stranger.get("/de/enter/whatever").status_code == 404


def test_somebody_who_is_in_already_is_shown_the_way_back():
    with kit.client(kit.site()) as browser:
        assert "/sessions" in browser.get("/enter/used").text

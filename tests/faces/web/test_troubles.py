"""Trouble as a page: the status that HTTP has for it, what happened, and what to do."""

from __future__ import annotations

import pytest
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from tests.faces.web import kit
from tests.faces.web.test_page import ask

from hb_engine.faces.web.language import CODES
from hb_engine.faces.web.page import NoRight, NoSession, NotThere
from hb_engine.faces.web.troubles import STATUS, told
from hb_engine.model import errors

OURS = (
    (NotThere, 404),
    (NoSession, 401),
    (NoRight, 403),
    (errors.BadInput, 400),
    (errors.Unreachable, 502),
    (errors.TooSoon, 502),
    (errors.DataError, 503),
    (errors.CannotLook, 503),
    (errors.Truncated, 503),
    (errors.HbError, 500),
)


@pytest.mark.parametrize(("kind", "status"), OURS, ids=lambda one: getattr(one, "__name__", one))
def test_errors_of_ours_keep_their_words(kind, status):
    shown = told(ask(), kind("it is broken", "mend it"))
    assert shown.status == status
    assert (shown.values["message"], shown.values["remedy"]) == ("it is broken", "mend it")


def test_narrower_kinds_come_before_wider_ones():
    kinds = [kind for kind, _ in STATUS]
    for place, kind in enumerate(kinds):
        assert not any(issubclass(later, kind) for later in kinds[place + 1 :])


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFoundException(), 404), (MethodNotAllowedException(), 405), (HTTPException(status_code=413), 413)],
)
@pytest.mark.parametrize("code", CODES)
def test_errors_of_http_say_the_way_on(code, error, status):
    shown = told(ask(code), error)
    assert shown.status == status
    assert shown.values["message"]
    assert shown.values["remedy"]


def test_a_mistake_of_hb_is_told_as_one_and_shown_in_the_terminal_only(capsys):
    shown = told(ask(), RuntimeError("secret\x1b[2J\u202etext"))
    assert shown.status == 500
    assert "secret" not in str(shown.values)
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_trouble_is_a_page_with_a_way_on():
    with kit.client(kit.site()) as browser:
        said = browser.get("/ports/70000")
    assert said.status_code == 404
    assert "<form" in said.text
    assert said.text.count("<h1") == 1

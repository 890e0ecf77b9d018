"""Trouble as problem documents: the members of RFC 9457, the words of the command line, and nothing from inside."""

from __future__ import annotations

import json

import msgspec
import pytest
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from tests.faces.web.api import asking

from hb_engine.faces.export import documents
from hb_engine.faces.web.api.problems import MEDIA, NotYet, is_for_programs, problem, written
from hb_engine.faces.web.api.shapes_lists import Problem
from hb_engine.faces.web.page import NoRight, NoSession, NotThere
from hb_engine.model.errors import BadInput, CannotLook, DataError, Unreachable

ERRORS = [
    (BadInput("m", "r"), 400, "bad-input"),
    (NoSession("m", "r"), 401, "no-session"),
    (NoRight("m", "r"), 403, "no-right"),
    (NotThere("m", "r"), 404, "not-there"),
    (MethodNotAllowedException(), 405, "not-allowed"),
    (Unreachable("m", "r"), 502, "unreachable"),
    (DataError("m", "r"), 503, "data-error"),
    (CannotLook("m", "r"), 503, "cannot-look"),
    (NotYet("m", "r"), 503, "not-yet"),
    (NotFoundException(), 404, "not-there"),
    (HTTPException(status_code=413), 413, "bad-input"),
    (HTTPException(status_code=500), 500, "fault"),
    (ZeroDivisionError("secret"), 500, "fault"),
]


@pytest.mark.parametrize(("error", "status", "kind"), ERRORS, ids=lambda one: str(one)[:20])
def test_each_error_has_its_status_and_its_word(error, status, kind):
    said = problem(error)
    told = json.loads(said.content)
    assert (said.status_code, said.media_type) == (status, MEDIA)
    assert (told["status"], told["error"], told["type"]) == (status, kind, "about:blank")
    assert told["detail"] == told["message"]
    assert told["message"]
    assert told["remedy"]
    assert "secret" not in said.content.decode()
    msgspec.json.decode(said.content, type=Problem)


def test_it_has_what_the_command_line_says():
    error = BadInput("what \ud800 happened", "what to do")
    theirs, ours = json.loads(documents.error(error)), json.loads(problem(error).content)
    assert {name: ours[name] for name in theirs} == theirs


@pytest.mark.parametrize(("status", "name"), [(401, "www-authenticate"), (405, "allow"), (503, "retry-after")])
def test_headers_that_a_status_must_have(status, name):
    error = {401: NoSession("m"), 405: MethodNotAllowedException(), 503: NotYet("m")}[status]
    said = problem(error)
    assert said.headers[name]
    assert said.headers["cache-control"] == "private, no-store"


def test_who_wants_json():
    assert is_for_programs("/api/v1/ports")
    assert is_for_programs("/ports/1703.json")
    assert not is_for_programs("/ports/1703")
    assert not is_for_programs("/apiary")
    assert not is_for_programs("/api")


def test_strangers_bytes_are_visible():
    assert b"\\\\xff" in written(400, "x", "a\udcff", "")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_other_methods_are_refused_in_json(method):
    with asking.client() as browser:
        said = getattr(browser, method)("/api/v1/ports")
    assert (said.status_code, said.headers["content-type"]) == (405, MEDIA)
    assert said.headers["allow"] == "GET, HEAD"
    assert said.json()["status"] == 405


def test_what_the_gate_refuses_is_refused_in_json():
    with asking.client() as browser:
        said = browser.get("/api/v1/ports", headers={"host": "evil.example"})
    assert (said.status_code, said.headers["content-type"]) == (421, MEDIA)
    assert said.json()["error"] == "refused"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/ports", "/api/v1/ports/22/tcp/x", "/api/x"])
def test_addresses_that_there_are_not(path):
    with asking.client() as browser:
        said = browser.get(path)
    assert (said.status_code, said.headers["content-type"]) == (404, MEDIA)
    assert "openapi.json" in said.json()["remedy"]

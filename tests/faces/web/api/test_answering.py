"""Every address: who may ask, what is kept, what is said before anybody has looked, and strangers' bytes."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from tests.faces.judged import anything, surrogates
from tests.faces.kit import NOW
from tests.faces.web import kit
from tests.faces.web.api import asking

from hb_engine.app.hub.sight import NOTHING, Sight, Trouble
from hb_engine.faces.web.addresses import segment
from hb_engine.faces.web.api.answering import ROOT, tag
from hb_engine.faces.web.api.openapi import routes
from hb_engine.model.record import replace

NAME = segment(asking.BLIND.name)
EXAMPLES = {"port": "22", "transport": "tcp", "name": "web-17", "id": "7864bf7da731cce7"}
ROUTES = {route.name: route for route in routes()}


def address(route, **more):
    """The address of a route with an example of each part."""
    path = route.path
    for name, text in {**EXAMPLES, **more}.items():
        path = path.replace(f"{{{name}}}", text)
    return f"{ROOT}{path}" + ("?q=ssh" if route.required else "")


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_the_answer_is_what_is_declared(browser, route):
    """No field is missing, none is there that is not declared, and each is of its type."""
    said = browser.get(address(route))
    assert said.status_code == 200, said.text
    assert said.headers["content-type"] == "application/json"
    assert said.text.isascii()
    if route.answer is not dict:
        made = msgspec.json.decode(said.content, type=route.answer, strict=True)
        assert same(json.loads(said.content), msgspec.to_builtins(made))


def same(left, right):
    """Whether two values are alike; of dicts whatever the order."""
    return left == right


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_stranger_is_told_how_to_come_in(route):
    with asking.client(session=None) as stranger:
        said = stranger.get(address(route))
    assert said.status_code == 401
    assert "curl -c jar" in said.json()["remedy"]
    assert "web-17" not in said.text


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_no_parameter_is_overlooked(browser, route):
    said = browser.get(address(route), params={"nothing": "1", **({"q": "x"} if route.required else {})})
    assert said.status_code == 400
    assert "nothing" in said.json()["message"]


@pytest.mark.parametrize("route", [one for one in ROUTES.values() if one.kept], ids=lambda one: one.name)
def test_who_has_it_already_is_told_so(browser, route):
    first = browser.get(address(route))
    etag = first.headers["etag"]
    for header in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = browser.get(address(route), headers={"if-none-match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    for header in ('"x"', "", etag.strip('"')):
        assert browser.get(address(route), headers={"if-none-match": header}).status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"


def test_a_tag_changes_with_the_sight_and_with_a_new_start():
    hub = kit.site().hub
    tags = {tag(hub, one) for one in (Sight(1, NOW), Sight(2, NOW), Sight(1, NOW + 1))}
    assert len(tags) == 3
    assert tag(hub, Sight(1, NOW)) == tag(hub, Sight(1, NOW))


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_before_the_first_look(route):
    with asking.client(asking.site(NOTHING)) as early:
        said = early.get(address(route))
    if route.needs_look:
        assert said.status_code == 503
        assert said.headers["retry-after"]
        assert "nobody has looked" in said.json()["message"]
    else:
        assert said.status_code == 200


@pytest.mark.parametrize("name", ["drift", "register", "rules"])
def test_without_a_baseline_nothing_is_called_clean(name):
    bare = replace(asking.SIGHT, machines=(asking.BLIND,), baseline=None)
    with asking.client(asking.site(bare)) as browser:
        said = browser.get(address(ROUTES[name]))
    assert said.status_code == 503
    assert "hb learn" in said.json()["remedy"]


@pytest.mark.parametrize("name", ["drift", "register", "rules"])
def test_a_baseline_with_errors_is_told_as_it_is(name):
    broken = Trouble("baseline", "hb.d/web.toml:3: no such key", "hb lint shows it.")
    bare = replace(asking.SIGHT, machines=(asking.BLIND,), baseline=None, troubles=(broken,))
    with asking.client(asking.site(bare)) as browser:
        told = browser.get(address(ROUTES[name])).json()
    assert (told["message"], told["remedy"]) == (broken.message, broken.remedy)


def test_what_could_not_be_seen_stands_in_lists(browser):
    about = [one["about"] for one in browser.get("/api/v1/ports?limit=1").json()["troubles"]]
    assert "history" in about
    assert asking.BLIND.name in about


def test_machines_are_found_by_their_segments_too(browser):
    said = browser.get(f"/api/v1/machines/{NAME}")
    assert said.json()["host"]["name"] == asking.BLIND.name
    missing = browser.get("/api/v1/machines/nobody")
    assert missing.status_code == 404
    assert "/api/v1/machines" in missing.json()["remedy"]


def test_head_is_get_without_the_document(browser):
    got, head = browser.get("/api/v1/sight"), browser.head("/api/v1/sight")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(anything | surrogates)
def test_strangers_text_breaks_no_document(text):
    with asking.client(asking.site(asking.saying(text))) as browser:
        for route in [one for one in ROUTES.values() if one.name not in ("openapi", "ports")]:
            said = browser.get(address(route, name=segment(text) if text else "~x"))
            assert said.status_code in (200, 404)
            assert said.text.isascii()
            json.loads(said.text)
            said.json()
            if said.status_code == 200 and route.answer is not dict:
                msgspec.json.decode(said.content, type=route.answer)

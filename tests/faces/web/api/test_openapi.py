"""The OpenAPI document: valid, whole, and true of what is served."""

from __future__ import annotations

import json

import pytest
from tests.faces.web.api import asking

from hb_engine.faces.web.api import openapi
from hb_engine.faces.web.api.sentences import SENTENCES

jsonschema = pytest.importorskip("jsonschema")
TOLD = openapi.described("hb_1703")


def test_it_names_every_address_that_is_served():
    site = asking.site()
    served = {route.path for route in site.litestar.routes if route.path.startswith("/api/v1")}
    told = {path.replace("}", ":str}") for path in TOLD["paths"]}
    assert told == served - {"/api/v1"}


def test_every_schema_is_a_schema():
    for schema in TOLD["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def walk(value):
    """All objects of a document."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one)


def test_every_reference_leads_somewhere():
    names = {one["$ref"].rpartition("/")[2] for one in walk(TOLD) if "$ref" in one}
    assert names <= set(TOLD["components"]["schemas"])
    assert {"Opening", "Verdict", "Problem"} <= names


def test_every_field_and_every_parameter_says_what_it_means():
    for name, schema in TOLD["components"]["schemas"].items():
        for field, one in schema["properties"].items():
            assert one.get("description"), f"{name}.{field}"
            assert "—" not in one["description"]
    for path, methods in TOLD["paths"].items():
        for one in methods["get"]["parameters"]:
            assert one["description"], path


def test_every_parameter_is_bounded():
    for methods in TOLD["paths"].values():
        for one in methods["get"]["parameters"]:
            if one["in"] == "header":
                continue  # If-None-Match: whatever else it holds is passed over
            schema = one["schema"]
            assert {"maximum", "maxLength", "enum"} & set(schema) or schema["type"] == "boolean", one["name"]


def test_every_status_has_its_document():
    for path, methods in TOLD["paths"].items():
        answers = methods["get"]["responses"]
        assert {"200", "400", "401", "405", "500"} <= set(answers), path
        for status, one in answers.items():
            assert one["description"]
            if int(status) >= 400:
                assert list(one["content"]) == ["application/problem+json"]


def test_names_of_operations_are_one_of_a_kind():
    names = [methods["get"]["operationId"] for methods in TOLD["paths"].values()]
    assert len(set(names)) == len(names)


def test_a_field_without_a_sentence_is_a_mistake(monkeypatch):
    monkeypatch.delitem(SENTENCES, "Opening.key")
    with pytest.raises(KeyError, match=r"Opening\.key"):
        openapi.described("hb_1703")


def test_the_cookie_is_that_of_the_port():
    with asking.client() as browser:
        told = browser.get("/api/v1/openapi.json").json()
    assert told["components"]["securitySchemes"]["session"]["name"] == "hb_1703"
    assert told == json.loads(openapi.text("hb_1703"))
    assert told["openapi"] == "3.1.0"
    assert "v2" in told["info"]["description"]

"""The OpenAPI document (3.1) of the API: written from the routes, the shapes and the sentences, and so true of them.

Litestar's own generator would describe pages too, and know neither bounds nor problem documents. It refuses to describe
an address that is not served, or a field without a sentence (KeyError when hb serve starts, and in the tests).
OpenAPI 3.1.0; JSON Schema 2020-12; RFC 9457.
"""

from __future__ import annotations

import functools
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec

from hb_engine import __version__
from hb_engine.faces.web import api
from hb_engine.faces.web.api.answering import ROOT, Asked, handler
from hb_engine.faces.web.api.declaring import CURSOR, PATHS, Parameter, Route
from hb_engine.faces.web.api.problems import MEDIA
from hb_engine.faces.web.api.sentences import LISTS, SENTENCES
from hb_engine.faces.web.api.shapes_lists import Problem
from hb_engine.wire.json_text import document, value

REF = "#/components/schemas/{name}"
VERSIONING = (
    "Within v1 there may come: addresses, parameters that may be left out, fields, words of closed lists "
    "(x-extensible-enum), and members of problem documents. Whoever reads passes over fields and words that are new. "
    "Nothing else changes: no field goes, none changes its type or its meaning, no parameter becomes required, and "
    "lists keep their order. What cannot be had so is /api/v2, beside v1 for at least one minor version of hb."
)
ABOUT = (
    "What hb serve shows, as JSON. Reading only: decisions are made on the pages, by a person. Documents are those of "
    "the command line (schema hb/1). They are ASCII; bytes of strangers that are no UTF-8 stand in them as the four "
    "characters \\x80 to \\xff, as on the command line, so that no reader of JSON fails on them. Times are UTC. "
)
SAID = {
    304: "What If-None-Match has is still shown.",
    400: "A parameter that there is not, or a value that does not fit; the remedy says what was probably meant.",
    401: "No session: come by the link that hb serve printed, and send its cookie.",
    404: "There is no such port, machine or opening, as far as hb looked; or the cursor is none of this list.",
    405: "These addresses answer GET and HEAD.",
    502: "The process that keeps the history does not answer.",
    503: "Nobody has looked yet, or nothing was held against a baseline, or history cannot be read; the remedy helps.",
    500: "hb has made a mistake; the terminal that runs hb serve shows where.",
}
THIS = Route("/openapi.json", "openapi", "This document", dict, needs_look=False, kept=False)
ETAG = {"description": "changes with what is shown", "schema": {"type": "string"}}


def routes() -> tuple[Route, ...]:
    """Every route that there is, by the files of this folder."""
    found: list[Route] = []
    for one in sorted([each.name for each in iter_modules(api.__path__)]):
        module = import_module(f"{api.__name__}.{one}")
        found += [route for route, _ in getattr(module, "ROUTES", ())]
    return tuple(sorted(found, key=lambda route: route.path))


def described(cookie: str) -> dict[str, Any]:
    """The document; `cookie` is what sessions are known by: hb_ and the port that is served on."""
    all_routes = routes()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hb-engine",
            "version": "1",
            "summary": f"What is open, what should be, and what a port is for (hb {__version__})",
            "description": ABOUT + VERSIONING,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"session": []}],
        "paths": {ROOT + route.path: _path(route) for route in all_routes},
        "components": {
            "schemas": _schemas([route.answer for route in all_routes if route.answer is not dict]),
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": cookie,
                    "description": "Given by the one-time link that hb serve prints: curl -c jar LINK",
                }
            },
        },
    }


@functools.lru_cache(maxsize=4)
def text(cookie: str) -> str:
    """The document as JSON, made once."""
    return document(lambda q: value(described(cookie), q))


def openapi(asked: Asked) -> str:
    """The answer with the document."""
    return text(asked.cookie)


def _path(route: Route) -> dict[str, Any]:
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    parameters = [_parameter(PATHS[name], "path") for name in names]
    parameters += [_parameter(one, "query", one.name in route.required) for one in route.parameters]
    told = {
        "summary": route.summary,
        "description": f"{route.summary}." + (f" In the order: {route.order}." if route.order else ""),
        "parameters": parameters + ([_MATCH] if route.kept else []),
        "responses": _answers(route, bool(names)),
    }
    return {"get": {"operationId": route.name, **told}}


_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "the ETag of an answer that is had already",
    "schema": {"type": "string"},  # whatever else it holds is no tag, and never refused
}


def _parameter(one: Parameter, where: str, required: bool = True) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": where,
        "required": required,
        "description": one.summary,
        "schema": one.schema,
    }


def _answers(route: Route, varies: bool) -> dict[str, Any]:
    schema = {"type": "object"} if route.answer is dict else {"$ref": REF.format(name=route.answer.__name__)}
    fits = [status for status in SAID if _may_come(status, route, varies)]
    good: dict[str, Any] = {"description": route.summary, "content": {"application/json": {"schema": schema}}}
    if route.kept:
        good["headers"] = {"ETag": ETAG}
    return {"200": good, **{str(status): _bad(status) for status in sorted(fits)}}


def _may_come(status: int, route: Route, varies: bool) -> bool:
    return {
        304: route.kept,
        404: varies or CURSOR in route.parameters,
        502: route.asks,
        503: route.needs_look or route.needs_rules,
    }.get(status, True)


def _bad(status: int) -> dict[str, Any]:
    if status == 304:
        return {"description": SAID[status]}
    return {"description": SAID[status], "content": {MEDIA: {"schema": {"$ref": REF.format(name="Problem")}}}}


def _schemas(answers: list[Any]) -> dict[str, Any]:
    """The shapes as JSON Schema, each field with its sentence. Raises KeyError for a field without one."""
    _, found = msgspec.json.schema_components([*answers, Problem], ref_template=REF)
    for name, schema in found.items():
        schema["properties"] = {field: _field(name, field, one) for field, one in schema.get("properties", {}).items()}
    return found


def _field(name: str, field: str, schema: dict[str, Any]) -> dict[str, Any]:
    words = LISTS.get(key_of(name, field, LISTS), ())
    said = SENTENCES.get(key_of(name, field, SENTENCES), "")
    if not said and not words:
        raise KeyError(f"{name}.{field} has no sentence in sentences.py")
    told = {"description": "; ".join(filter(None, [said, f"one of {', '.join(words)}" if words else ""]))}
    return {**schema, **told, **({"x-extensible-enum": list(words)} if words else {})}


def key_of(name: str, field: str, told: Any) -> str:
    """Where the sentence of a field stands: with its shape, or with the one that this is a kind of."""
    for kind in _KINDS.get(name, (name,)):
        if f"{kind}.{field}" in told:
            return f"{kind}.{field}"
    return ""


def _kinds() -> dict[str, tuple[str, ...]]:
    from hb_engine.faces.web.api import shapes, shapes_lists, shapes_rules  # each shape that there is

    found = {}
    for module in (shapes, shapes_rules, shapes_lists):
        for name, one in vars(module).items():
            if isinstance(one, type) and issubclass(one, msgspec.Struct):
                found[name] = tuple([each.__name__ for each in one.__mro__])
    return found


_KINDS = _kinds()
ROUTES = ((THIS, openapi),)
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

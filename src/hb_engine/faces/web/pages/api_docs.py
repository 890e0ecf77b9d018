"""The API in words: how to come in, how to ask, and every address and document, from the OpenAPI document itself.

The descriptions of addresses and fields are those of the document, in English; the way in is in each language. Nothing
is loaded from elsewhere to show it.
"""

from __future__ import annotations

import functools
from typing import Any

from hb_engine.faces.web.api.answering import ROOT
from hb_engine.faces.web.api.openapi import described
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown
from hb_engine.model.record import record

PAGE = Page("/api", also=("/api/objects/{name:str}",))
SITE = "http://127.0.0.1:1703"


@record
class Asked:
    """A parameter as it is shown."""

    name: str
    where: str  # path, query or header
    kind: str
    meaning: str
    usual: str = ""


@record
class Address:
    """An address as it is shown."""

    path: str
    meaning: str
    answer: str  # the name of the object that comes
    statuses: tuple[tuple[str, str], ...]
    parameters: tuple[Asked, ...]
    name: str


@record
class Field:
    """A field of an object: `of` is the object that it holds, where it holds one."""

    name: str
    kind: str
    of: str
    meaning: str


async def show(ask: Ask) -> Answer:
    """All addresses, or one object with its fields. Raises NotThere for an object that there is not."""
    name = ask.params.get("name", "")
    found = objects()
    values = {"objects": found, "site": SITE, "root": ROOT, "one": name}
    if not name:
        statuses = sorted({one for address in addresses() for one in address.statuses})
        return Shown("api.html", {**values, "addresses": addresses(), "statuses": statuses})
    if name not in found:
        raise NotThere(
            ask.language.say("The API has no object %(name)s.", name=name),
            ask.language.say("The page of the API lists all of them."),
        )
    return Shown("api.html", {**values, "addresses": (), "statuses": ()})


@functools.cache
def addresses() -> tuple[Address, ...]:
    """Every address of the document."""
    return tuple([_address(path, told["get"]) for path, told in described("hb_1703")["paths"].items()])


@functools.cache
def objects() -> dict[str, tuple[str, tuple[Field, ...]]]:
    """Every object of the document: what it is, and its fields."""
    found = described("hb_1703")["components"]["schemas"]
    return {
        name: (
            schema.get("description", ""),
            tuple(
                [
                    Field(field, kind_of(one), of(one), one.get("description", ""))
                    for field, one in schema["properties"].items()
                ]
            ),
        )
        for name, schema in sorted(found.items())
    }


def kind_of(schema: dict[str, Any]) -> str:
    """A JSON Schema in short, as programmers write types: string | null, Opening[]."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join([kind_of(one) for one in schema["anyOf"]])
    if schema.get("type") == "array":
        inner = kind_of(schema.get("items", {}))
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if schema.get("type") == "object" and "additionalProperties" in schema:
        return f"{{string: {kind_of(schema['additionalProperties'])}}}"
    if "enum" in schema:
        return " | ".join([f'"{word}"' for word in schema["enum"]])
    kind = schema.get("format") or schema.get("type", "any")
    bounds = (schema.get("minimum"), schema.get("maximum"))
    return f"{kind} {bounds[0]}-{bounds[1]}" if None not in bounds else str(kind)


def of(schema: dict[str, Any]) -> str:
    """The object that a field holds, or holds several of; empty for none."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    inside = [*schema.get("anyOf", ()), *[schema[key] for key in ("items", "additionalProperties") if key in schema]]
    return next((name for one in inside if isinstance(one, dict) and (name := of(one))), "")


def _address(path: str, told: dict[str, Any]) -> Address:
    content = told["responses"]["200"].get("content", {}).get("application/json", {})
    return Address(
        path,
        told["description"],
        of(content.get("schema", {})),
        tuple([(status, one["description"]) for status, one in told["responses"].items() if status != "200"]),
        tuple([_asked(one) for one in told["parameters"]]),
        told["operationId"],
    )


def _asked(one: dict[str, Any]) -> Asked:
    schema = one["schema"]
    kind = kind_of(schema)
    longest = f" 1-{schema['maxLength']}" if kind == "string" and "maxLength" in schema else ""
    return Asked(one["name"], one["in"], kind + longest, one["description"], str(schema.get("default", "")))

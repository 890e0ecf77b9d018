"""The shapes of lists: each is a page, whose items are described."""

from __future__ import annotations

import msgspec
import pytest

from hb_engine.faces.web.api import shapes_lists as shapes
from hb_engine.faces.web.api.openapi import routes
from hb_engine.faces.web.api.shapes import Document

PAGES = [one for one in vars(shapes).values() if isinstance(one, type) and issubclass(one, shapes.Page)]
LISTS = [one for one in PAGES if one is not shapes.Page]


@pytest.mark.parametrize("shape", LISTS, ids=lambda one: one.__name__)
def test_every_list_has_what_each_list_has(shape):
    names = set(shape.__struct_fields__)
    assert {"schema", "kind", "items", "next", "total", "sight", "taken_at", "troubles"} <= names
    assert set(shape.__struct_fields__) - set(shapes.Page.__struct_fields__) <= {"items", "groups", "suggestions"}


def test_every_shape_is_of_use():
    used = {route.answer for route in routes()}
    assert set(LISTS) <= used


def test_lists_are_cut_and_documents_are_not():
    for route in routes():
        names = {one.name for one in route.parameters}
        cuts = isinstance(route.answer, type) and issubclass(route.answer, shapes.Page)
        assert ({"limit", "cursor"} <= names) is cuts
        assert bool(route.order) is cuts


def test_a_document_without_its_fields_is_none():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"schema": "hb/1", "kind": "page"}, shapes.Ports)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"schema": "hb/2", "kind": "x", "about": ""}, Document)

"""The shapes of machines and registries are those of the command line's documents, field by field."""

from __future__ import annotations

import json

import msgspec
from tests.faces.kit import LOOK
from tools.docs.json_page import filled

from hb_engine.faces.export import documents
from hb_engine.faces.web.api import shapes
from hb_engine.model.assignment import Assignment, Threat
from hb_engine.model.inventory import Inventory
from hb_engine.model.opening import Opening
from hb_engine.model.record import items
from hb_engine.registry.ranges import Elsewhere
from hb_engine.wire.json_text import quote_whole
from hb_engine.wire.opening_json import opening


def is_whole(shape, document):
    """A document as its shape reads it is the very same: nothing is missing, nothing more is there."""
    assert msgspec.to_builtins(msgspec.convert(document, shape, strict=True)) == document


def test_an_opening_with_every_field_filled():
    is_whole(shapes.Opening, json.loads(opening(filled(Opening), quote_whole)))


def test_openings_as_they_come():
    for one in LOOK.openings:
        is_whole(shapes.Opening, json.loads(opening(one, quote_whole)))


def test_hosts_and_coverage():
    told = json.loads(documents.inventory(filled(Inventory)))
    is_whole(shapes.Host, told["host"])
    is_whole(shapes.Coverage, told["coverage"])


def test_what_registries_say():
    is_whole(shapes.Assignment, json.loads(json.dumps(documents.assignment(filled(Assignment)))))
    is_whole(shapes.Threat, json.loads(json.dumps(documents.threat(filled(Threat)))))
    is_whole(shapes.Elsewhere, json.loads(json.dumps(dict(items(filled(Elsewhere))))))

"""The shapes of rules and verdicts are those of the command line's documents, field by field."""

from __future__ import annotations

import json

from tests.faces.deciding import BASELINE
from tests.faces.judged import DRIFTED
from tests.faces.registers import EMPTY, MANY, ONE
from tests.faces.web.api.test_shapes import is_whole
from tools.docs.json_page import filled

from hb_engine.faces.export.deciding_json import rule
from hb_engine.faces.export.register import json as writing
from hb_engine.faces.export.report_json import verdict
from hb_engine.faces.web.api import shapes_rules as shapes
from hb_engine.model.record import replace
from hb_engine.model.report import Verdict
from hb_engine.wire.json_text import quote_whole


def test_verdicts():
    full = replace(filled(Verdict), state="drift", kind="new", severity="high")
    for one in (full, *DRIFTED.verdicts):
        is_whole(shapes.Verdict, json.loads(verdict(one, quote_whole)))


def test_rules():
    for one in BASELINE.rules:
        is_whole(shapes.Rule, json.loads(json.dumps(rule(one))))


def test_the_register():
    for made in (EMPTY, ONE, MANY):
        is_whole(shapes.Register, json.loads(writing.write(made, "1")))

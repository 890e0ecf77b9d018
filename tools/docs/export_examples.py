"""The documents of hb register and hb generate, one of each with every field filled, for the page of JSON."""

from __future__ import annotations

from typing import Any

from tools.docs.deciding_examples import RULE

from hb_engine.app.ruling.register import Line, Machine, Open, Register, Unapproved
from hb_engine.faces.export.generating_json import generated
from hb_engine.faces.export.register import json as register_json
from hb_engine.model.inventory import Gap
from hb_engine.model.record import replace
from hb_engine.model.report import Verdict


def documents(filled: Any) -> dict[str, tuple[list[str], str]]:
    """Each kind of document: the commands that write it, and one. `filled` makes a record by its types."""
    texts = ("text",)
    rule = replace(RULE, accepted=1, sources=texts)
    line = Line(
        rule, texts, texts, "public", texts, (Open("text", "text", "text", texts),), 1, insecure=texts, features=texts
    )
    machine = Machine("text", "text", 1.0, 1, 1, privileged=True, gaps=(filled(Gap),), source="text")
    found = (Unapproved("text", filled(Verdict)),)
    register = Register(1.0, (machine,), (line,), (line,), found, found, "text", texts, 1)
    return {
        "register": (["hb register --json"], register_json.write(register, "1")),
        "generated": (["hb generate nftables --json"], generated("nftables", [("text", "text")], "text")),
    }

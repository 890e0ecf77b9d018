"""The rules of the baseline, and the register that auditors ask for: what hb register writes, made of what is shown."""

from __future__ import annotations

from hb_engine import __version__
from hb_engine.app.hub.sight import Sight
from hb_engine.app.ruling import register as registering
from hb_engine.faces.export.deciding_json import rule
from hb_engine.faces.export.register import json as written
from hb_engine.faces.web.api.answering import Asked, handler, page, unruled
from hb_engine.faces.web.api.cursors import cut
from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, Parameter, Route
from hb_engine.faces.web.api.shapes_lists import Rules
from hb_engine.faces.web.api.shapes_rules import Register
from hb_engine.faces.web.api.views import VIEWS
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.folding import folded
from hb_engine.faces.web.searching.kept import Kept
from hb_engine.model.baseline import RULE_KINDS
from hb_engine.wire.json_text import value

LIST = Route(
    "/rules",
    "rules",
    "The rules of the baseline, those of packs with them",
    Rules,
    (
        LIMIT,
        CURSOR,
        Parameter("q", "words that stand in ids, reasons, owners or places"),
        Parameter("kind", "only of this kind", "word", RULE_KINDS),
        Parameter("used", "whether a rule covers something that is open", "truth"),
    ),
    order="by id",
)
REGISTER = Route("/register", "register", "The register of what is allowed, for auditors", Register, needs_rules=True)


def rules(asked: Asked) -> str:
    """A part of the rules. Raises NotYet where there is no baseline: no rules, and none that could be told."""
    if asked.sight.baseline is None:
        raise unruled(asked.sight, "there is no baseline")
    words, view = asked.words, VIEWS.of(asked.hub)
    wanted = folded(words["q"] or "").split()[:8]
    found = []
    for key, one, machines, covers in view.rules:
        text = folded(f"{one.id} {one.why} {one.owner} {one.places}") if wanted else ""
        if words["kind"] in (None, one.kind) and words["used"] in (None, covers > 0):
            found += [(key, one, machines, covers)] if all(word in text for word in wanted) else []
    part = cut(LIST.name, [four[0] for four in found], words["cursor"], words["limit"])
    told_now = [
        {**(rule(one) or {}), "machines": machines, "covers": covers}
        for _, one, machines, covers in found[part.start : part.end]
    ]
    return page(asked, part, len(found), lambda q: [value(one, q) for one in told_now], view.unjudged())


def register(asked: Asked) -> str:
    """The register, whole. Raises NotYet."""
    return REGISTERS.of(asked.hub)


def _register(hub: Hub, sight: Sight) -> str:
    reports = [one.report for one in sight.machines if one.report]
    baseline = sight.baseline.baseline if sight.baseline else None

    def names(transport: str, port: int) -> tuple[str, ...]:
        return tuple([entry.name for entry in hub.registry.short(transport, port) if entry.name])

    if baseline is None:
        raise unruled(sight, "there is no baseline")
    return written.write(registering.register(reports, baseline, sight.taken_at, names), __version__)


REGISTERS: Kept[str] = Kept(_register)
ROUTES = ((LIST, rules), (REGISTER, register))
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

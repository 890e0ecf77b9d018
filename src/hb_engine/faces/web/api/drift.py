"""What differs from the baseline, on all machines: the verdicts of hb check, whole, the worst first."""

from __future__ import annotations

from hb_engine.faces.export.report_json import verdict
from hb_engine.faces.web.api.answering import Asked, handler, page
from hb_engine.faces.web.api.cursors import Keys, cut
from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, Parameter, Route
from hb_engine.faces.web.api.shapes_lists import Drift
from hb_engine.faces.web.api.views import VIEWS, unseen
from hb_engine.model.report import KINDS, STATES
from hb_engine.model.verdict import SEVERITIES

EVERY = "any"
LIST = Route(
    "/drift",
    "drift",
    "What differs from the baseline, with the evidence",
    Drift,
    (
        LIMIT,
        CURSOR,
        Parameter("state", "what it counts as; any for all", "word", (*STATES, EVERY), usual=STATES[0]),
        Parameter("severity", "only what is as bad, or worse", "word", SEVERITIES),
        Parameter("difference", "only what happened so", "word", KINDS),
        Parameter("machine", "only of the machine of this name"),
    ),
    order="the worst first; equals in an order of their own, always the same",
    needs_rules=True,
)


def drift(asked: Asked) -> str:
    """A part of the differences."""
    words, view = asked.words, VIEWS.of(asked.hub)
    least = SEVERITIES.index(words["severity"]) if words["severity"] else 0
    found = [
        (key, one)
        for key, machine, one in view.verdicts
        if words["state"] in (EVERY, one.state)
        and SEVERITIES.index(one.severity) >= least
        and words["difference"] in (None, one.kind)
        and words["machine"] in (None, machine.name)
    ]
    part = cut(LIST.name, Keys(found, lambda pair: pair[0]), words["cursor"], words["limit"])
    told = found[part.start : part.end]
    missing = [*view.unjudged(), *[each for machine in asked.sight.machines for each in unseen(machine)]]
    return page(asked, part, len(found), lambda q: [verdict(one, q) for _, one in told], missing)


ROUTES = ((LIST, drift),)
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

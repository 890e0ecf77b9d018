"""The documents of hb explain, hb plan and hb prune, one of each with every field filled, for the page of JSON.

Their records hold conditions, which may hold conditions: these are made by hand; others are filled by their types.
"""

from __future__ import annotations

from typing import Any

from hb_engine.app.changing.prune import Pruned
from hb_engine.app.ruling.explain import Explained, Explanation
from hb_engine.app.ruling.plan import Change, Plan
from hb_engine.faces.export import deciding_json
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Listen, Rule, Where
from hb_engine.model.decision import Decision, Step
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Opening
from hb_engine.model.report import Report, Verdict

RULE = Rule(
    "allow",
    "text",
    (Listen("tcp", 1, 1, text="tcp/1"),),
    why="text",
    owner="text",
    until=1,
    review=1,
    accepts=("text",),
    pack="text",
    where=Where("text", 1, 1),
    by_text="unit:text",
)


def documents(filled: Any) -> dict[str, tuple[list[str], str]]:
    """Each kind of document: the commands that write it, and one. `filled` makes a record by its types."""
    decision = Decision(filled(Opening), "expected", RULE, "text", "text", (Step(RULE, "covers", "text"),))
    verdicts = (filled(Verdict),)
    explained = Explained(decision, filled(Answer), verdicts)
    found = Explanation("text", filled(Report), ("text",), (explained,), filled(Coverage), (decision,), verdicts)
    change = Change("text", "expected", decision, decision, RULE)
    planned = Plan("text", "text", (change,), 1, 1, (1, 1), ("text",), ("text",), ("text",))
    unused = Pruned("text", (RULE,), 1, 90, 1.0, 1.0, 1.0, 1, ("text",))
    return {
        "explain": (["hb explain tcp/443 --json"], deciding_json.explanation(found)),
        "plan": (["hb plan --json"], deciding_json.plan(planned)),
        "prune": (["hb prune --json"], deciding_json.pruned(unused)),
    }

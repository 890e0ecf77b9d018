"""The documents of the flow (hb learn, propose, review, accept), one of each with every field filled"""

from __future__ import annotations

from typing import Any

from tools.docs.deciding_examples import RULE

from hb_engine.app.changing.accept import Accepted
from hb_engine.app.changing.learn import Taught, Where
from hb_engine.app.changing.propose import Proposed
from hb_engine.app.changing.review import Session
from hb_engine.app.ruling.baseline import Loaded
from hb_engine.baseline.learning import Learned, Standing
from hb_engine.baseline.proposing import LeftOut, Proposal
from hb_engine.faces.export import flow
from hb_engine.model.baseline import Baseline, LockedHost, Role
from hb_engine.model.decision import Decision
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Opening
from hb_engine.model.report import Report, Verdict


def documents(filled: Any) -> dict[str, tuple[list[str], str]]:
    """Each kind of document: the commands that write it, and one. `filled` makes a record by its types."""
    decision = Decision(filled(Opening), "expected", RULE)
    host = LockedHost("text", "text", 1, 1)
    taught = Taught("text", filled(Inventory), Learned(host, ("text",), ("text",)), (decision,), "text", ("text",))
    where = Where("text", "text", Standing(1, 1, 1, 1, 1, 1, 1.0, 1.0))
    found = Proposal((), (Role("text", ("text",)),), (LeftOut("text", "text", "text"),), 1, 1)
    proposed = Proposed("text", ("text",), found, (), "text", "text")
    accepted = Accepted(RULE, "text", "text", 1, decision, ("text",))
    verdict = Verdict("new", "drift", "medium", "text", "text", "text", filled(Opening), since=1.0)
    session = Session(Loaded("text", Baseline()), [Report(filled(Host), 1.0, filled(Coverage), (verdict,))])
    return {
        "accepted": (["hb accept tcp/443 --why TEXT --owner NAME --json"], flow.accepted(accepted)),
        "learned": (["hb learn --now --json"], flow.taught(taught)),
        "learning": (["hb learn --json"], flow.standing(where)),
        "review": (["hb review --json"], flow.cards(session)),
        "proposal": (["hb propose --json"], flow.proposed(proposed)),
    }

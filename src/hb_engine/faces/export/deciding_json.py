"""How the baseline decides, as JSON: hb explain, hb plan and hb prune. One document each, schema hb/1.

Rules are told in short (id, kind, where they stand, whose they are); the files of hb.d have the rest. Fields stand in
the order of the contract, further ones after them; times are text, ISO 8601 in UTC.
"""

from __future__ import annotations

from hb_engine.faces.export.documents import SCHEMA, coverage
from hb_engine.faces.export.scan_json import port as answer
from hb_engine.wire.dates import iso
from hb_engine.wire.json_text import document, members, value
from hb_engine.wire.opening_json import opening

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.changing.prune import Pruned
    from hb_engine.app.ruling.explain import Explained, Explanation
    from hb_engine.app.ruling.plan import Change, Plan
    from hb_engine.model.baseline import Rule
    from hb_engine.model.decision import Decision
    from hb_engine.model.report import Verdict
    from hb_engine.wire.json_text import Quote

QUIET = ("other-host", "other-place")  # outcomes of rules that are not about an opening


def explanation(found: Explanation) -> str:
    """The decision on each opening that was meant, with the rules that were held against it, in order."""
    return _document(
        "explain",
        lambda q: [
            ("query", value(found.query, q)),
            ("host", value(found.report.host.name, q)),
            ("baseline", value(found.report.baseline, q)),
            ("roles", value(found.roles, q)),
            ("decisions", _array([_explained(one, q) for one in found.explained])),
            ("if_open", _array([_decision(one, q) for one in found.closed])),
            ("missing", value([_verdict(one) for one in found.missing], q)),
            ("coverage", value(coverage(found.coverage), q)),
        ],
    )


def plan(found: Plan) -> str:
    """What an edit changes: openings on which both baselines differ, and rules that were edited."""
    counts = {
        effect: sum(one.effect == effect for one in found.changes) for effect in ("expected", "violation", "other")
    }
    counts |= {effect: sum(one.effect == effect for one in found.changes) for effect in ("gone", "required")}
    return _document(
        "plan",
        lambda q: [
            ("baseline", value(found.folder, q)),
            ("against", value(found.against, q)),
            ("hosts", str(found.hosts)),
            ("openings", str(found.openings)),
            ("counts", value(counts, q)),
            ("rules", value({"added": found.added, "removed": found.removed, "changed": found.changed}, q)),
            ("changes", _array([_change(one, q) for one in found.changes])),
        ],
    )


def pruned(found: Pruned) -> str:
    """The rules that nothing used, and how far back that could be known."""
    told = {
        "baseline": found.folder,
        "days": found.days,
        "history_begins": iso(found.begins),
        "complete": not found.is_short,
        "looks": found.looks,
        "hosts": found.hosts,
        "considered": found.of,
        "rules": [rule(one) for one in found.rules],
    }
    return _document("prune", lambda q: [(name, value(item, q)) for name, item in told.items()])


def rule(one: Rule | None) -> dict[str, Any] | None:
    """A rule in short."""
    if one is None:
        return None
    return {
        "id": one.id,
        "kind": one.kind,
        "file": one.where.file,
        "line": one.where.line,
        "listen": one.places,
        "by": one.by_text,
        "why": one.why,
        "owner": one.owner,
        "until": None if one.until is None else iso(one.until),
        "review": None if one.review is None else iso(one.review),
        "severity": one.severity,
        "accepts": one.accepts,
        "pack": one.pack,
    }


def _document(kind: str, fields: Any) -> str:
    return document(
        lambda q: members([("schema", value(SCHEMA, q)), ("kind", value(kind, q)), *fields(q)], q),
    )


def _array(texts: list[str]) -> str:
    return f"[{', '.join(texts)}]"


def _explained(one: Explained, q: Quote) -> str:
    more = [
        ("speaks", answer(one.answer, q) if one.answer else "null"),
        ("verdicts", value([_verdict(verdict) for verdict in one.verdicts], q)),
    ]
    return _decision(one.decision, q, more)


def _decision(one: Decision, q: Quote, more: list[tuple[str, str]] | None = None) -> str:
    held = [step for step in one.steps if step.outcome not in QUIET]
    steps = [{"rule": rule(step.rule), "outcome": step.outcome, "detail": step.detail} for step in held]
    return members(
        [
            ("word", value(one.word, q)),
            ("detail", value(one.detail, q)),
            ("muted", value(one.muted, q)),
            ("rule", value(rule(one.rule), q)),
            ("steps", value(steps, q)),
            ("other_rules", str(len(one.steps) - len(held))),
            *(more or []),
            ("opening", opening(one.opening, q)),
        ],
        q,
    )


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "state": one.state,
        "severity": one.severity,
        "key": one.key,
        "reason": one.reason,
        "rule": one.rule,
        "remedy": one.remedy,
    }


def _change(one: Change, q: Quote) -> str:
    before, after = one.before, one.after
    at = one.opening
    return members(
        [
            ("host", value(one.host, q)),
            ("effect", value(one.effect, q)),
            ("rule", value(rule(one.rule), q)),
            ("before", value(before and {"word": before.word, "detail": before.detail}, q)),
            ("after", value(after and {"word": after.word, "detail": after.detail}, q)),
            ("opening", opening(at, q) if at else "null"),
        ],
        q,
    )

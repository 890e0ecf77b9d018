"""What learning, accepting and proposing did, as JSON documents (schema hb/1)."""

from __future__ import annotations

from hb_engine.faces.export.documents import SCHEMA
from hb_engine.model.record import items
from hb_engine.wire.dates import iso
from hb_engine.wire.json_text import document, members, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.changing.accept import Accepted
    from hb_engine.app.changing.learn import Taught, Where
    from hb_engine.app.changing.propose import Proposed
    from hb_engine.app.changing.review import Session


def accepted(done: Accepted) -> str:
    """A rule that was written, or would be."""
    return _document(
        "accepted",
        {
            "rule": done.rule.id,
            "text": done.text,
            "file": done.path,
            "line": done.line,
            "written": not done.dry,
            "key": done.decision.opening.key if done.decision else None,
            "word": done.decision.word if done.decision else None,
            "notes": list(done.notes),
        },
    )


def taught(done: Taught) -> str:
    """What is known of a machine after a look."""
    host = done.learned.host
    return _document(
        "learned",
        {
            "host": host.name,
            "baseline": done.folder,
            "lock": done.lock,
            "made": done.made or None,
            "packs": list(done.packs),
            "learned_at": iso(host.learned_at),
            "learning_until": _when(host.learning_until),
            "known": len(host.observed),
            "added": list(done.learned.added),
            "gone": list(done.learned.gone),
            "other_machine": done.learned.other,
            "expected": sum(one.word == "expected" for one in done.decisions),
        },
    )


def standing(found: Where) -> str:
    """How far learning has come; `standing` is null before it began."""
    far = found.standing
    told: dict[str, Any] | None = None
    if far is not None:
        told = dict(items(far))
        for name in ("learned_at", "until", "last_look", "latest"):
            told[name] = _when(told[name])
    return _document("learning", {"host": found.host, "baseline": found.folder, "standing": told})


def cards(session: Session) -> str:
    """What nobody decided yet, each key once, in the order in which it is asked about."""
    found = []
    for card in session.cards:
        verdict = card.verdict
        told = {name: getattr(verdict, name) for name in ("state", "kind", "severity", "reason")}
        found.append({"key": card.key, **told, "hosts": list(card.hosts), "since": _when(card.since)})
    return _document("review", {"baseline": session.folder, "file": session.path, "cards": found})


def _lost(reason: str) -> dict[str, Any]:
    """Something that could not be carried over from another tool's file."""
    return {"key": None, "host": None, "reason": reason}


def _when(at: float | None) -> str | None:
    return None if at is None else iso(at)


def _document(kind: str, body: dict[str, Any]) -> str:
    told = {"schema": SCHEMA, "kind": kind, **body}
    return document(lambda q: members([(name, value(item, q)) for name, item in told.items()], q))


def proposed(done: Proposed) -> str:
    """What is proposed, and what was left out."""
    found = done.proposal
    return _document(
        "proposal",
        {
            "source": done.source,
            "text": done.text,
            "rules": list(done.ids),
            "roles": [{"name": one.name, "hosts": list(one.hosts)} for one in found.roles] if found else [],
            "left_out": [dict(items(one)) for one in found.left_out]
            if found
            else [_lost(one) for one in done.left_out],
            "covered": found.covered if found else 0,
            "passing": found.passing if found else 0,
            "written": done.written or None,
        },
    )

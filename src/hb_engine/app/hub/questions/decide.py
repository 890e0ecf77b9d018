"""A decision, written: one block at the end of one file of the rules, once, and only as it was shown.

The audit log has a line before the write and one after it. Killed in between, the file is the old one or the new one,
and the log says that it was begun; questions/audit.py finds out which. What comes twice is written once.
"""

from __future__ import annotations

import os

from hb_engine.app.hub import audit, deciding, wishes
from hb_engine.app.hub.questions import Question
from hb_engine.app.hub.standing import begun_again
from hb_engine.app.hub.wishes import Asked
from hb_engine.model.errors import BadInput, HbError
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.hub.audit import Log
    from hb_engine.app.hub.deciding import Changed, Ready, Refused
    from hb_engine.app.hub.questions import Place

QUESTION = Question("decide", "a decision written into the rules", writes=True)


@record
class Written:
    """What was written, and where. `number` is that of its line in the audit log; `again` where it was before."""

    number: int
    rule: str
    path: str
    line: int
    again: bool = False
    unlogged: str = ""  # why the outcome is not in the log, where it is not


def answer(
    place: Place,
    *,
    key: str = "",
    host: str = "",
    seen: str = "",
    decision: str = "",
    why: str = "",
    owner: str = "",
    until: str = "",
    days: str = "",
    review: str = "",
    only: str = "",
    scope: str = "",
    file: str = "",
    accepts: tuple[str, ...] = (),
    mark: str = "",
    ticket: str = "",
    user: str = "",
    uid: int | None = None,
) -> Written | Refused | Changed:
    """What was written, or why nothing was; the words are wishes.Asked's. Raises BadInput, CannotLook, DataError."""
    if not place.writing:
        raise BadInput("this hb serve may not write", "Start it with --write, or commit the block yourself.")
    one = wishes.checked(
        Asked(
            *(key, host, seen, decision, why, owner, until, days, review, only, scope, file, tuple(accepts)),
            *(mark, ticket, user, uid),
        )
    )
    if not one.ticket or not one.mark:
        raise BadInput("a decision is written as it was shown, and this one was not", "Draft it first.")
    machines = deciding.machines(place)
    with audit.Log() as log:
        before = begun_again(log.recent(), one.ticket)
        if before is not None:
            return Written(before.of or before.number, before.rule, before.file, before.line, again=True)
        return _carried_out(one, log, deciding.prepare(place, one, machines))


def _carried_out(one: Asked, log: Log, ready: Ready | Refused | Changed) -> Written | Refused | Changed:
    told = {"user": one.user, "uid": one.uid, "host": one.host, "key": one.key, "ticket": one.ticket}
    said = {**told, "kind": one.decision, "owner": one.owner, "why": one.why}
    if isinstance(ready, deciding.Refused):
        log.append("decide", "refused", **said, detail=" ".join([each.code or each.message for each in ready.wrong]))
        return ready
    if isinstance(ready, deciding.Changed):
        log.append("decide", "refused", **said, rule=ready.rule, detail=ready.what)
        return ready
    if ready.draft.mark != one.mark:
        log.append("decide", "refused", **said, detail="draft")
        return deciding.Changed("draft", one.key, one.host, draft=ready.draft)
    return _write(log, ready, told)


def _write(log: Log, ready: Ready, told: dict[str, Any]) -> Written:
    edit, draft = ready.edit, ready.draft
    rule = edit.rules[-1]
    words = {
        **told,
        "kind": rule.kind,
        "rule": rule.id,
        "block": audit.digest(draft.text),
        "file": os.path.abspath(edit.path),
        "line": edit.line,
        "owner": rule.owner,
        "why": rule.why,
        "size": -1 if edit.before is None else len(edit.before.encode()),
        "was": "" if edit.before is None else audit.digest(edit.before),
        "now": audit.digest(edit.text),
    }
    begun = log.append("decide", "begun", **words)  # raises: then nothing is written
    try:
        edit.write()
    except HbError as error:
        log.append("decide", "failed", **words, of=begun.number, detail=error.message)
        raise
    made = Written(begun.number, rule.id, edit.path, edit.line)
    try:
        log.append("decide", "written", **words, of=begun.number)
    except HbError as error:  # it is written all the same, and its beginning is in the log
        return replace(made, unlogged=error.message)
    return made

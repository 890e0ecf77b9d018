"""The last decision taken back, as long as its file is to the letter what it was after it."""

from __future__ import annotations

from hb_engine.app.changing import rule_files
from hb_engine.app.hub import audit, standing, wishes
from hb_engine.app.hub.questions import Question
from hb_engine.app.hub.wishes import Asked
from hb_engine.model.errors import BadInput, DataError, HbError
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.audit import Entry, Log
    from hb_engine.app.hub.questions import Place

QUESTION = Question("undo", "the last decision, taken back", writes=True)


@record
class Undone:
    """A decision that was taken back: its number and its rule; `again` where it was before."""

    number: int
    rule: str
    path: str
    key: str
    again: bool = False
    unlogged: str = ""


def answer(place: Place, number: int = 0, user: str = "", uid: int | None = None) -> Undone:
    """What was taken back. Raises BadInput where it is not the last decision, DataError where its file is another."""
    if not place.writing:
        raise BadInput("this hb serve may not write", "Start it with --write, or take the block out yourself.")
    wishes.checked(Asked(user=user, uid=uid))  # they go into the log, which holds nothing of another kind
    with audit.Log() as log:
        recent = log.recent()
        before = [one for one in recent if one.undoes == number and one.what == "undo" and one.stage == "written"]
        if before:
            return Undone(number, before[-1].rule, before[-1].file, before[-1].key, again=True)
        last = standing.last_of(recent)
        if last is None or last.number != number:
            raise BadInput(
                f"decision {number} is not the last one, and only the last one is taken back",
                "Take its block out of the file yourself, with git to see what changes.",
            )
        return _taken_back(last, log, user[:200], uid)


def _taken_back(last: Entry, log: Log, user: str, uid: int | None) -> Undone:
    names = ("host", "key", "kind", "rule", "block", "file", "line", "owner", "why")
    words = {name: getattr(last, name) for name in names}
    words |= {"user": user, "uid": uid, "undoes": last.number}
    try:
        now, before = _texts(last)
    except HbError as error:
        log.append("undo", "refused", **words, detail=error.message)
        raise
    words |= {"size": len(now.encode()), "was": last.now, "now": last.was}
    begun = log.append("undo", "begun", **words)
    try:
        if before is None:
            rule_files.remove(last.file, now)
        else:
            rule_files.write(last.file, before, now)
    except HbError as error:
        log.append("undo", "failed", **words, of=begun.number, detail=error.message)
        raise
    made = Undone(last.number, last.rule, last.file, last.key)
    try:
        log.append("undo", "written", **words, of=begun.number)
    except HbError as error:
        return replace(made, unlogged=error.message)
    return made


def _texts(last: Entry) -> tuple[str, str | None]:
    """The file as it is and as it was before; None where there was none. Raises DataError where it is another."""
    from hb_engine.app.changing.accept import reread

    now = rule_files.read(last.file)
    if now is None or audit.digest(now) != last.now:
        told = f"{last.file} was changed since decision {last.number}, and nothing was taken back"
        raise DataError(told, f"Take rule {last.rule} out of it yourself.")
    before = now.encode()[: last.size].decode() if last.size >= 0 else None
    folder = last.file.rpartition("/")[0]
    wrong = reread(folder, last.file, before or "").errors
    if wrong:
        told = f"without rule {last.rule} the rules cannot be read: {wrong[0].where.text}: {wrong[0].message}"
        raise DataError(told, "Correct that first; nothing was taken back.")
    return now, before

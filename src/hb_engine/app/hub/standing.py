"""How decisions in the audit log went, and how they stand: what was begun and never ended is looked up in its file.

A process can be killed between a write and the line that tells of it. The file is whole then, the old one or the new
one (app/changing/rule_files.py), so whether the block is in it tells which. It refuses to guess from anything else.
"""

from __future__ import annotations

from hb_engine.app.changing import rule_files
from hb_engine.app.hub.audit import Entry, digest
from hb_engine.baseline import blocks
from hb_engine.model.errors import DataError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

STATES = ("written", "failed", "refused", "there", "not-there", "unknown", "undone")


@record
class Standing:
    """An entry, and how it stands: written, failed, refused; there or not-there, for what was begun and of which
    nothing more is known, by its file; unknown where that cannot be read; undone where it was taken back since."""

    entry: Entry
    state: str
    undoable: bool = False  # it is the last decision, and its file is as it was written


def is_there(one: Entry) -> bool:
    """Whether a decision's block is in its file, to the letter. Raises DataError where that cannot be read."""
    text = rule_files.read(one.file)
    if text is None:
        return False
    lines = text.replace("\r\n", "\n").split("\n")
    return any(
        digest("\n".join(lines[table.head : table.end]) + "\n") == one.block
        for table in blocks.tables(text)
        if table.name == one.kind
    )


def state_of(one: Entry, undone: frozenset[int]) -> str:
    """How an attempt stands: one of STATES."""
    if one.stage != "begun":
        return "undone" if one.what == "decide" and one.stage == "written" and one.of in undone else one.stage
    if one.number in undone:
        return "undone"
    try:
        return "there" if is_there(one) else "not-there"
    except DataError:
        return "unknown"


def standings(entries: Sequence[Entry], undone: frozenset[int], last: Entry | None) -> tuple[Standing, ...]:
    """Attempts as they stand, by the decisions that were taken back; `last` is the last one that is in force."""
    made = []
    for one in entries:
        is_last = last is not None and (one.of or one.number) == last.number and one.stage in ("begun", "written")
        undoable = is_last and is_as_written(one)
        made.append(Standing(one, state_of(one, undone), undoable))
    return tuple(made)


def is_as_written(one: Entry) -> bool:
    """Whether a decision's file is to the letter what it was after it."""
    try:
        text = rule_files.read(one.file)
    except DataError:
        return False
    return text is not None and digest(text) == one.now


def last_of(entries: Sequence[Entry]) -> Entry | None:
    """The line that began the last decision which is in force, of those at the end of a log."""
    ended = {one.of: one.stage for one in entries if one.of and one.what == "decide"}
    undone = undone_of(entries)
    for one in reversed(entries):
        if one.what != "decide" or one.stage != "begun" or one.number in undone:
            continue
        stage = ended.get(one.number, "begun")
        if stage == "written" or (stage == "begun" and state_of(one, frozenset()) == "there"):
            return one
    return None


def undone_of(entries: Sequence[Entry]) -> frozenset[int]:
    """The decisions that were taken back, also where the outcome of that is not in the log: by their files."""
    ended = {one.of for one in entries if one.of}
    found = set()
    for one in entries:
        if one.what == "undo" and one.stage == "written":
            found.add(one.undoes)
        elif one.what == "undo" and one.stage == "begun" and one.number not in ended:
            found |= {one.undoes} if state_of(one, frozenset()) == "not-there" else set()
    return frozenset(found)


def begun_again(entries: Sequence[Entry], ticket: str) -> Entry | None:
    """The line that began a decision of a ticket, where that is written already."""
    ended = {one.of: one.stage for one in entries if one.of}
    for one in reversed(entries):
        if one.ticket == ticket and one.what == "decide" and one.stage == "begun":
            stage = ended.get(one.number, "begun")
            if stage == "written" or (stage == "begun" and is_there(one)):
                return one
    return None

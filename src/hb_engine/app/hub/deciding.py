"""Decisions of the pages, made where the rights are: drafted, tried on every machine, and held against what was shown.

A draft reads the rules as they are now and looks at the machine as it is now. What it comes to has a mark: a digest of
the opening, of the baseline's word on it, and of the text that would be written; a decision is carried out only if
drafting it once more comes to the same mark. It refuses to carry over anything that changed meanwhile: that is told,
and shown anew.
"""

from __future__ import annotations

import time

from hb_engine.app.changing.accept import Edit
from hb_engine.app.hub import wishes
from hb_engine.app.hub.sight import Machine
from hb_engine.app.hub.wishes import Asked, Wrong
from hb_engine.model.errors import BadInput
from hb_engine.model.opening import Opening
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.app.hub.questions import Place
    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.baseline.accepting import Wish
    from hb_engine.model.decision import Decision
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.owner import Container, Owner

    Named = tuple[str, Inventory]  # by the name that pages know it by: two of one name have different ones

TOLD = 100  # openings of a preview that are told one by one
FIELDS = {"--accepts": "accepts"}
UNMATCHED = "unmatched"  # of model.decision.WORDS


@record
class Turn:
    """What the baseline says of an opening on a machine, before and after; `ours` where the new rule decides then."""

    host: str
    key: str
    before: str  # one of model.decision.WORDS
    after: str
    rule: str = ""  # that decides then, or comes nearest
    ours: bool = False


@record
class Draft:
    """What would be written, and what would be decided then. `line` is the block's first; nothing is written yet.

    `more` are turns that are not told one by one. `exists` is whether the file is there already.
    """

    asked: Asked  # with its end as a time
    rule: str
    kind: str
    text: str
    folder: str
    path: str
    line: int
    exists: bool
    mark: str
    turns: tuple[Turn, ...] = ()
    more: int = 0
    notes: tuple[str, ...] = ()
    unsafe: str = ""


@record
class Refused:
    """Why there is no draft: mistakes by their fields."""

    asked: Asked
    wrong: tuple[Wrong, ...]


@record
class Changed:
    """What was shown is not so any more: gone, opening (it is another), decided (by `rule`, which stands at `where`),
    draft (the rules changed, and with them what would be written: `draft`), machine (nobody looks at it any more)."""

    what: str
    key: str
    host: str
    opening: Opening | None = None
    rule: str = ""
    owner: str = ""
    where: str = ""
    word: str = ""
    draft: Draft | None = None


@record
class Ready:
    """A draft with what it takes to write it."""

    draft: Draft
    edit: Edit


def fingerprint(opening: Opening) -> str:
    """A digest of what an opening is: where it is, how far it reaches, and who holds it. No pid, no time, no order.

    What makes it another opening than the one that a person looked at changes it; a restart does not.
    """
    from hashlib import sha256  # only where something is decided

    unowned = opening.unowned.reason if opening.unowned else ""
    facts = (
        opening.key,
        opening.kind,
        () if opening.ephemeral else tuple(sorted(opening.addresses)),
        tuple(sorted(opening.families)),
        opening.interface,
        tuple(sorted(opening.flags)),
        unowned,
        opening.user if not opening.owners else "",
        opening.unit or "",
        _box(opening.container),
        tuple(sorted({_owner(one) for one in opening.owners})),
    )
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


def _owner(one: Owner) -> str:
    package = one.package
    told = (package.name, package.version, package.verified) if package else ()
    name = "" if one.exe else one.comm
    return repr((one.exe, name, one.exe_state, one.script, one.unit, one.user, _box(one.container), told))


def _box(box: Container | None) -> str:
    return repr((box.runtime, box.name, box.image)) if box else ""


def machines(place: Place) -> tuple[Named, ...]:
    """Every machine as it is now, this one first, by the names that pages know them by.

    Files that cannot be read are left out: the look tells them. Raises CannotLook.
    """
    from hb_engine.app.looking.look import look

    seen = look()
    return ((seen.host.name, seen), *_in_files(place.files, seen))


def _in_files(paths: tuple[str, ...], here: Inventory) -> tuple[Named, ...]:
    if not paths:
        return ()
    from hb_engine.app.hub.elsewhere import Elsewhere  # brings all formats along

    found = Elsewhere(paths).found(Machine(here.host.name, here), None)
    return tuple([(one.name, one.seen) for one in found.machines])


def prepare(place: Place, one: Asked, named: tuple[Named, ...]) -> Ready | Refused | Changed:
    """The draft of a decision, by the rules as they are now. Raises BadInput, DataError; BadBaseline too."""
    from hb_engine.app.changing import accept
    from hb_engine.app.ruling.baseline import load

    loaded, now = load(place.baseline), time.time()
    seen = tuple([each for _, each in named])
    made, wrong = wishes.wish(one, loaded.baseline, [each.host.name for each in seen], now)
    if made is None:
        return Refused(one, wrong)
    machine = next((each for name, each in named if name == one.host), None)
    if machine is None:
        return Changed("machine", one.key, one.host)
    opening = next((each for each in machine.openings if each.key == one.key), None)
    if opening is None:
        return Changed("gone", one.key, one.host)
    if fingerprint(opening) != one.seen:
        return Changed("opening", one.key, one.host, opening)
    before = [accept.decided(loaded, each) for each in seen]
    here = before[seen.index(machine)]
    decision = next(each for each in here if each.opening.key == one.key)
    if _is_decided(decision, made):
        return _decided(one, decision)
    try:
        rule = accept.made(opening, one.key, made, loaded, replace(machine, taken_at=now), decisions=here)
        from hb_engine.baseline.accepting import file_of

        edit = accept.edited(loaded.folder, file_of(one.file.strip()), (rule,))
    except BadInput as error:
        return Refused(one, (_about(error),))
    _, notes = accept.tried(edit, opening, loaded, machine)
    draft = _draft(wishes.settled(one, made), edit, loaded, decision, notes)
    turns = list(_turns(edit, loaded, named, before))
    return Ready(replace(draft, turns=tuple(turns[:TOLD]), more=max(len(turns) - TOLD, 0)), edit)


def _is_decided(decision: Decision, made: Wish) -> bool:
    """Whether the rules say by now what is wished; a finding that is accepted by name goes beyond that."""
    if made.kind == "forbid":
        return decision.word == "forbidden"
    return decision.word == "expected" and not made.accepts


def _decided(one: Asked, decision: Decision) -> Changed:
    rule = decision.rule
    told = (rule.id, rule.owner, rule.where.text) if rule else ("", "", "")
    return Changed("decided", one.key, one.host, decision.opening, *told, decision.word)


def _about(error: BadInput) -> Wrong:
    """A refusal as a mistake of the field that it is about."""
    field = next((field for option, field in FIELDS.items() if option in error.remedy), "decision")
    return Wrong(
        field, "accepts" if field == "accepts" else "", error.message, "" if field == "accepts" else error.remedy
    )


def _draft(one: Asked, edit: Edit, loaded: Loaded, decision: Decision, notes: Iterable[str]) -> Draft:
    from hb_engine.app.hub.audit import digest
    from hb_engine.baseline.blocks import block

    rule, text = edit.rules[-1], block(edit.rules[-1])
    stands = (decision.word, decision.rule.id if decision.rule else "")
    mark = digest(repr((one.seen, one.host, stands, text, edit.path)))
    return Draft(
        one, rule.id, rule.kind, text, loaded.folder, edit.path, edit.line, edit.before is not None, mark,
        notes=tuple(notes), unsafe=loaded.unsafe,
    )  # fmt: skip


def _turns(edit: Edit, loaded: Loaded, named: tuple[Named, ...], before: list[tuple[Decision, ...]]) -> Iterator[Turn]:
    """Every opening of every machine on which the word or the rule changes.

    What no rule is about before and after is none of them, though the new one comes nearest: nothing is decided there.
    """
    from hb_engine.app.ruling.check import decider

    rule, edited = edit.rules[-1], replace(loaded, baseline=edit.baseline)
    for (shown, machine), decisions in zip(named, before, strict=True):
        words = decider(edited, machine)
        for was in decisions:
            then = words.decide(was.opening)
            name = then.rule.id if then.rule else ""
            if then.word == was.word == UNMATCHED:
                continue
            if (then.word, name) != (was.word, was.rule.id if was.rule else ""):
                yield Turn(shown, was.opening.key, was.word, then.word, name, name == rule.id)

"""`hb accept`: one opening of this machine, one rule for it, one block of text at the end of one file.

The rule is tried before it is written: the folder is read with it, and what it would decide is told. It refuses to
write what does not read back as the rule that was meant, and everything that baseline/accepting.py refuses.
"""

from __future__ import annotations

import os

from hb_engine.app.changing import rule_files
from hb_engine.baseline import accepting, blocks
from hb_engine.model.baseline import Baseline, Rule
from hb_engine.model.decision import Decision
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.baseline.accepting import Wish
    from hb_engine.baseline.language.parse import Parsed
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

TRIES = 20  # where others write into the same file


@record
class Accepted:
    """A rule that was written, or would be (`dry`): its text, where it stands, and what is decided with it.

    `decision` is None where nothing is open there; `notes` are sentences of what a person may not expect.
    """

    rule: Rule
    text: str
    path: str
    line: int  # of the block's header
    decision: Decision | None = None
    notes: tuple[str, ...] = ()
    dry: bool = False


@record
class Edit:
    """A file as it is (None: not there) and as it will be, the line of the first new header, and what the whole folder
    would then say."""

    path: str
    before: str | None
    text: str
    line: int
    rules: tuple[Rule, ...]
    baseline: Baseline

    def write(self) -> None:
        """Put it in place. Raises DataError, also where the file was changed since."""
        rule_files.write(self.path, self.text, self.before)


def accept(what: str, wish: Wish, *, baseline: str = "", file: str = "", dry: bool = False) -> Accepted:
    """Accept (or forbid) the opening that a key or a port names. Raises BadInput, CannotLook, DataError."""
    from hb_engine.app.ruling.baseline import load

    name = accepting.file_of(file)
    loaded = load(baseline)
    _check_role(wish.role, loaded)
    seen = _look()
    for _ in range(TRIES):
        try:
            return _accept(what, wish, loaded, seen, name=name, dry=dry)
        except rule_files.Changed:  # somebody else accepts at the same time
            loaded = load(baseline)
    return _accept(what, wish, loaded, seen, name=name, dry=dry)


def _accept(what: str, wish: Wish, loaded: Loaded, seen: Inventory, *, name: str, dry: bool) -> Accepted:
    decisions = decided(loaded, seen)
    opening = accepting.meant(what, seen.openings, covered(decisions))
    rule = made(opening, what, wish, loaded, seen, decisions=decisions)
    edit = edited(loaded.folder, name, (rule,))
    after, notes = tried(edit, opening, loaded, seen)
    notes += [loaded.unsafe] if loaded.unsafe else []
    if not dry:
        edit.write()
    return Accepted(rule, blocks.block(rule), edit.path, edit.line, after, tuple(notes), dry)


def _look() -> Inventory:
    from hb_engine.app.looking.look import look

    return look()


def decided(loaded: Loaded, seen: Inventory) -> tuple[Decision, ...]:
    """What the baseline says of each opening of this machine."""
    from hb_engine.app.ruling.check import decider

    words = decider(loaded, seen)
    return tuple([words.decide(opening) for opening in seen.openings])


def covered(decisions: Sequence[Decision]) -> frozenset[str]:
    """The keys of openings that a rule covers."""
    return frozenset([one.opening.key for one in decisions if one.word == "expected"])


def made(
    opening: Opening | None,
    what: str,
    wish: Wish,
    loaded: Loaded,
    seen: Inventory,
    *,
    decisions: Sequence[Decision],
) -> Rule:
    """The rule that a wish makes; its id is nobody else's. Raises BadInput."""
    from hb_engine.app.looking.look import rule_names
    from hb_engine.app.ruling.check import lasting

    taken = {rule.id for rule in loaded.baseline.rules}
    if opening is None:
        return _of_nothing(what, wish, seen, taken)
    names = [name.rpartition(".")[2].replace("_", "-") for name in rule_names()]
    accepting.refuse(opening, wish, lasting(), {*names, *_rules_that_spoke(seen)})
    before = next((one for one in decisions if one.opening.key == opening.key), None)
    rule = before.rule if before else None
    if rule and before and before.word == "expected" and wish.kind != "forbid" and not wish.accepts:
        raise BadInput(
            f"{opening.key} is expected already, by {rule.id} ({rule.where.text})",
            "It comes with a pack: nothing is left to accept." if rule.pack else "Change that rule instead.",
        )
    return accepting.rule_of(opening, wish, seen.taken_at, taken)


def _rules_that_spoke(seen: Inventory) -> set[str]:
    return {reason.rule for opening in seen.openings for reason in accepting.reasons(opening)}


def _of_nothing(what: str, wish: Wish, seen: Inventory, taken: set[str]) -> Rule:
    """A rule for a place where nothing is open: only one that forbids needs nobody who holds it."""
    from hb_engine.app.ruling.baseline import services
    from hb_engine.baseline.language.listen import parse
    from hb_engine.baseline.language.nodes import Mistake

    text = what.replace(" ", "/")
    text = text if "/" in text else f"tcp/{text}"
    try:
        places = parse(text, services)
    except Mistake as error:
        raise BadInput(
            f"nothing open is called {what!r}",
            "hb ls tells what is open, and hb ls --json its keys; a port is said as tcp/8080.",
        ) from error
    if wish.kind == "forbid":
        return accepting.rule_for(places, wish, seen.taken_at, taken)
    raise BadInput(
        f"nothing is open on {text.replace('/', ' ')}, as far as was asked",
        "Start it, then accept what it opens; or write the rule by hand.",
    )


def _check_role(role: str, loaded: Loaded) -> None:
    names = sorted(one.name for one in loaded.baseline.roles)
    if not role or role in names:
        return
    from hb_engine.model.nearest import nearest

    near = nearest(role, names)
    hint = f"Did you mean {near}?" if near else f"There are {', '.join(names)}." if names else "Write a [[role]] first."
    raise BadInput(f"the baseline has no role {role!r}", hint)


def tried(edit: Edit, opening: Opening | None, loaded: Loaded, seen: Inventory) -> tuple[Decision | None, list[str]]:
    """What is decided about an opening once the folder is so edited, and what of that a person may not expect."""
    if opening is None:
        return None, []
    from hb_engine.app.ruling.check import decider

    rule = edit.rules[-1]
    after = decider(replace(loaded, baseline=edit.baseline), seen).decide(opening)
    wanted = "forbidden" if rule.kind == "forbid" else "expected"
    notes = []
    if after.word != wanted or (after.rule and after.rule.id != rule.id):
        notes.append(_unexpected(rule, after))
    if after.muted:
        notes.append(f"window {after.muted} mutes it now")
    return after, notes


def _unexpected(rule: Rule, after: Decision) -> str:
    other = after.rule
    if other is None:
        return "this rule is not for this machine: nothing changes here"
    if other.id == rule.id:
        return f"the opening is still {after.word}: {after.detail or 'the rule does not fit it as it is now'}"
    return f"{other.kind} rule {other.id} ({other.where.text}) still decides: {after.word}"


def edited(folder: str, name: str, rules: tuple[Rule, ...]) -> Edit:
    """The folder with the blocks of these rules at the end of one file. Raises BadInput and DataError where a rule
    would not be read as it was meant."""
    path = os.path.join(folder, name)
    before = rule_files.read(path)
    text = before if before is not None else 'schema = "hb/1"\n'
    for rule in rules:
        text = blocks.appended(text, blocks.block(rule))
    heads = [table.head + 1 for table in blocks.tables(text)]
    parsed = reread(folder, path, text)
    wrong = parsed.errors
    if wrong:
        told = f"the rule would not be read: {wrong[0].where.text}: {wrong[0].message}"
        raise BadInput(told, wrong[0].hint or "Nothing was written.")
    found = {rule.id: rule for rule in parsed.baseline.rules}
    for rule in rules:
        read = found.get(rule.id)
        if read is None or (read.why, read.owner, read.kind) != (rule.why, rule.owner, rule.kind):
            raise DataError(f"rule {rule.id} would not be read as it was meant", "Nothing was written.")
    return Edit(path, before, text, heads[len(heads) - len(rules)], rules, parsed.baseline)


def reread(folder: str, path: str, text: str) -> Parsed:
    """A folder's baseline as it would be with another text in one of its files."""
    from hb_engine.app.ruling import baseline
    from hb_engine.baseline.language import parse as language
    from hb_engine.baseline.language.builder import World

    texts = {**dict(baseline.gathered([folder]).files), path: text}
    world = World(
        baseline.services, baseline.alike, lambda name: baseline.zone(name, 0) is not None, baseline.findings()
    )
    return language.read(sorted(texts.items()), baseline.pack_text, known_packs=baseline.pack_names(), world=world)

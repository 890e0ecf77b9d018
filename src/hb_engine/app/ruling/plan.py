"""`hb plan`: what an edit of the rules changes, before anybody relies on it.

The rules as they stand in the folder are held against the last inventories, and so are those of another folder or of a
commit; what differs is told. Git is asked for the files of a commit, by fixed arguments, and for nothing else. Nothing
is written, and no opening is asked what it speaks.
"""

from __future__ import annotations

import os
import time

from hb_engine.app.ruling import git
from hb_engine.app.ruling.ready import Ready
from hb_engine.model.baseline import Rule
from hb_engine.model.decision import Decision
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Baseline, Lock
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

    Given = tuple[Inventory, Mapping[str, Answer]]

FINE = ("expected", "unseen")  # words that are no violation
EFFECTS = ("expected", "violation", "other", "gone", "required")
NAMES = "Name one as git does: HEAD, HEAD~3, main, v1.2."
OTHERS = "Run hb plan as that user, or trust it: git config --global --add safe.directory FOLDER."
NO_GIT = "Name the folder to compare with: hb plan --against OTHER/hb.d."


@record
class Change:
    """An opening on which both baselines differ, or a rule that requires something that is not there.

    `effect` is expected (it was a violation, and is none now), violation (the other way round), other (another
    violation than before), gone (a rule requires now what is not there), or required (a rule did, and no longer does).
    """

    host: str
    effect: str
    before: Decision | None = None
    after: Decision | None = None
    rule: Rule | None = None  # that decides now, or else before

    @property
    def opening(self) -> Opening | None:
        """What it is about; None for what is not there."""
        decision = self.after or self.before
        return decision.opening if decision else None


@record
class Plan:
    """What an edit changes. `against` is what the folder is compared with; `rules` counts those of both baselines."""

    folder: str
    against: str
    changes: tuple[Change, ...]
    hosts: int
    openings: int
    rules: tuple[int, int] = (0, 0)
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def violations(self) -> tuple[Change, ...]:
        """What the edit makes wrong."""
        return tuple([change for change in self.changes if change.effect in ("violation", "gone")])


def plan(folder: str = "", against: str = "", files: tuple[str, ...] = (), roles: tuple[str, ...] = ()) -> Plan:
    """What the rules of a folder change, against another folder or a commit (HEAD where none is named).

    Raises BadInput for baselines with errors, and where there is nothing to compare with; CannotLook; DataError.
    """
    from hb_engine.app.ruling import baseline

    loaded = baseline.load(folder)
    name, before = _other(loaded.folder, against)
    ready = Ready(baseline.zone)
    changes: list[Change] = []
    hosts: set[str] = set()
    openings = 0
    for one in _inventories(files):
        hosts.add(one[0].host.name)
        openings += len(one[0].openings)
        changes += compared(before, loaded.baseline, loaded.lock, one, roles=roles, ready=ready)
    if not hosts:
        raise DataError("no machine was seen in these files, so nothing can be said of the edit", "Name other files.")
    added, removed, changed = _edited(before, loaded.baseline)
    return Plan(
        loaded.folder,
        name,
        tuple(changes),
        len(hosts),
        openings,
        (len(before.rules), len(loaded.baseline.rules)),
        added,
        removed,
        changed,
    )


def compared(
    before: Baseline,
    after: Baseline,
    lock: Lock,
    given: Given,
    *,
    roles: tuple[str, ...] = (),
    ready: Ready,
) -> Iterator[Change]:
    """What two baselines say differently of one machine. What hb.lock knows is debt, and no violation."""
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.model.coverage import untold

    seen, answers = given
    now, host = seen.taken_at, seen.host
    told = untold(seen.coverage)
    old = Decider(before, host, now, roles=roles, shared=ready.rules(before, now), untold=told)
    new = Decider(after, host, now, roles=roles, shared=ready.rules(after, now), untold=told)
    debt = {one.thread for locked in lock.hosts if locked.name == host.name for one in locked.observed}
    for opening in seen.openings:
        first, second = old.decide(opening, answers.get(opening.key)), new.decide(opening, answers.get(opening.key))
        effect = _effect(_word(first, debt), _word(second, debt))
        if effect:
            rule = second.rule if second.word != "unmatched" else first.rule
            yield Change(host.name, effect, first, second, rule)
    was, lacking = _lacking(old, seen), _lacking(new, seen)
    yield from [Change(host.name, "gone", rule=rule) for key, rule in lacking.items() if key not in was]
    yield from [Change(host.name, "required", rule=rule) for key, rule in was.items() if key not in lacking]


def _lacking(decider: Decider, seen: Inventory) -> dict[tuple[str, str], Rule]:
    """What rules require, is not there, and would have been seen: by id and place, each rule with that place alone."""
    from hb_engine.judge.missing import required, would_show_all

    return {
        (rule.id, places[0].text): replace(rule, listen=places)
        for rule, lacking in decider.lacking(seen.openings)
        for places in lacking
        if would_show_all(seen.coverage, places, required(rule, places))
    }


def _word(decision: Decision, debt: set[str]) -> str:
    known = decision.word == "unmatched" and decision.opening.thread in debt
    return "debt" if known else decision.word


def _effect(before: str, after: str) -> str:
    """One of EFFECTS, or "" where nothing that counts has changed."""
    if before == after:
        return ""
    if after == "expected":
        return "expected"
    if after in (*FINE, "debt"):
        return "" if before in (*FINE, "debt") else "other"
    return "violation" if before in (*FINE, "debt") else "other"


def _edited(before: Baseline, after: Baseline) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The ids of rules that were added, removed and changed; where they stand does not count."""
    from hb_engine.model.baseline import Where

    old = {rule.id: replace(rule, where=Where("")) for rule in before.rules}
    new = {rule.id: replace(rule, where=Where("")) for rule in after.rules}
    changed = tuple([name for name, rule in new.items() if name in old and old[name] != rule])
    return (
        tuple([name for name in new if name not in old]),
        tuple([name for name in old if name not in new]),
        changed,
    )


# -- what is compared with what ------------------------------------------------------------------------------------


def _inventories(files: tuple[str, ...]) -> Iterator[Given]:
    """What was saved in files; this machine as it is, where none are named."""
    if files:
        from hb_engine.app.looking.inputs import read_all  # brings all formats along

        for given in read_all(files):
            yield given.inventory, given.answers
        return
    from hb_engine.app.looking.collect import collect

    yield collect(), {}


def _other(folder: str, against: str) -> tuple[str, Baseline]:
    from hb_engine.app.ruling import baseline

    if against and os.path.isdir(against):
        return against, baseline.load(against).baseline
    if against and (os.sep in against or against.startswith(".")) and not _is_commit(folder, against):
        raise BadInput(f"{against} is no folder and no commit", NO_GIT)
    name = against or "HEAD"
    texts = baseline.Texts(tuple(committed(folder, name)))
    parsed = baseline.parsed(texts, now=time.time())
    errors = tuple([problem for problem in parsed.problems if problem.level == "error"])
    if errors:
        raise baseline.BadBaseline(f"{folder} of {name}", errors)
    return f"{folder} of {name}", parsed.baseline


def _is_commit(folder: str, name: str) -> bool:
    if name.startswith("-") or "\0" in name:
        return False
    try:
        _commit(folder, name)
    except BadInput:
        return False
    return True


def _commit(folder: str, name: str) -> str:
    """The number of a commit. Raises BadInput where git knows none of that name."""
    if name.startswith("-") or "\0" in name:
        raise BadInput(f"{name!r} is no commit", NAMES)
    try:
        told = git.ask(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except git.Refused as error:
        raise BadInput(f"git knows no commit {name!r} here", NAMES) from error
    return told.decode("ascii", "replace").split()[-1]  # an older git prints --end-of-options first


def committed(folder: str, commit: str) -> Iterator[tuple[str, str]]:
    """The files of a folder as they stand in a commit: (name, text). Raises BadInput where git knows of none."""
    from hb_engine.app.ruling.baseline import LARGEST as LARGEST_FILE
    from hb_engine.app.ruling.baseline import MOST_FILES
    from hb_engine.baseline.language.formats import endings

    if commit.startswith("-") or "\0" in commit:
        raise BadInput(f"{commit!r} is no commit", NAMES)
    if not os.path.isdir(folder):
        raise BadInput(f"{folder} is not there", NO_GIT)
    _in_work_tree(folder)
    number, count = _commit(folder, commit), 0
    for entry in git.ask(folder, "ls-tree", "-z", number, "./", remedy=NO_GIT).split(b"\0"):
        about, _, name = entry.partition(b"\t")
        words = about.split()
        base = os.path.basename(os.fsdecode(name))
        if len(words) == 3 and words[1] == b"blob" and base[:1] != "." and base.lower().endswith(tuple(endings())):
            count += 1
            if count > MOST_FILES:
                raise BadInput(f"{folder} of {commit} holds more than {MOST_FILES} files", "Put rules together.")
            blob = words[2].decode("ascii", "replace")
            if int(git.ask(folder, "cat-file", "-s", blob, remedy=NO_GIT) or 0) > LARGEST_FILE:
                raise BadInput(f"{base} of {commit} is larger than {LARGEST_FILE >> 20} MiB", "Split it.")
            data = git.ask(folder, "cat-file", "blob", blob, remedy=NO_GIT)
            yield os.path.join(folder, base), data.decode(errors="replace")


def _in_work_tree(folder: str) -> None:
    """Raises BadInput where git says that it is none, or does not trust who owns it."""
    try:
        inside = git.ask(folder, "rev-parse", "--is-inside-work-tree", remedy=NO_GIT).startswith(b"true")
    except git.Refused as error:
        if "dubious ownership" in error.message or "unsafe repository" in error.message:
            raise BadInput(f"git refuses the work tree of {folder}: it belongs to another user", OTHERS) from error
        inside = False
    if not inside:
        raise BadInput(f"{folder} is in no git work tree, so there is nothing to compare it with", NO_GIT)

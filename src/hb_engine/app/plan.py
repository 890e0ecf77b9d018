"""`hb plan`: what an edit of the rules changes, before anybody relies on it.

The rules as they stand in the folder are held against the last inventories, and so are those of another folder or of a
commit; what differs is told. Git is asked for the files of a commit, by fixed arguments, and for nothing else. Nothing
is written, and no opening is asked what it speaks.
"""

from __future__ import annotations

import os
import time

from hb_engine.model.baseline import Rule
from hb_engine.model.decision import Decision
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hb_engine.baseline.rules import Rules
    from hb_engine.baseline.windows import Offset
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Baseline, Lock
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

    Given = tuple[Inventory, Mapping[str, Answer]]

PATIENCE = 20  # seconds for each question to git
LARGEST = 16 << 20  # bytes of an answer of git
FINE = ("expected", "unseen")  # words that are no violation
EFFECTS = ("expected", "violation", "other", "gone", "required")
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
    from hb_engine.app import baseline

    loaded = baseline.load(folder)
    name, before = _other(loaded.folder, against)
    given = list(_inventories(files))
    ready = Ready(baseline.zone)
    changes = [
        change
        for one in given
        for change in compared(before, loaded.baseline, loaded.lock, one, roles=roles, ready=ready)
    ]
    added, removed, changed = _edited(before, loaded.baseline)
    return Plan(
        loaded.folder,
        name,
        tuple(changes),
        len({seen.host.name for seen, _ in given}),
        sum(len(seen.openings) for seen, _ in given),
        (len(before.rules), len(loaded.baseline.rules)),
        added,
        removed,
        changed,
    )


class Ready:
    """Baselines made ready once for each time at which inventories were taken."""

    def __init__(self, zone: Offset) -> None:
        self._zone = zone
        self._found: dict[tuple[int, float], Rules] = {}

    def rules(self, baseline: Baseline, now: float) -> Rules:
        """The rules of a baseline at a time."""
        from hb_engine.baseline.rules import Rules

        key = (id(baseline), now)
        if key not in self._found:
            self._found[key] = Rules(baseline, now, self._zone)
        return self._found[key]


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
    from hb_engine.baseline.decide import Decider
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
    was, now_missing = old.missing(seen.openings), new.missing(seen.openings)
    yield from [Change(host.name, "gone", rule=rule) for rule in now_missing if rule.id not in _ids(was)]
    yield from [Change(host.name, "required", rule=rule) for rule in was if rule.id not in _ids(now_missing)]


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


def _ids(rules: Iterable[Rule]) -> set[str]:
    return {rule.id for rule in rules}


def _edited(before: Baseline, after: Baseline) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The ids of rules that were added, removed and changed; where they stand does not count."""
    from hb_engine.model.baseline import Where
    from hb_engine.model.record import replace

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
        from hb_engine.app.inputs import read_all  # brings all formats along

        for given in read_all(files):
            yield given.inventory, given.answers
        return
    from hb_engine.app.collect import collect

    yield collect(), {}


def _other(folder: str, against: str) -> tuple[str, Baseline]:
    from hb_engine.app import baseline

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
    try:
        _git(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except BadInput:
        return False
    return True


def committed(folder: str, commit: str) -> Iterator[tuple[str, str]]:
    """The files of a folder as they stand in a commit: (name, text). Raises BadInput where git knows of none."""
    if commit.startswith("-") or "\0" in commit:
        raise BadInput(f"{commit!r} is no commit", "Name one as git does: HEAD, HEAD~3, main, v1.2.")
    from hb_engine.app.baseline import LARGEST as LARGEST_FILE
    from hb_engine.baseline.files import endings

    if not os.path.isdir(folder):
        raise BadInput(f"{folder} is not there", NO_GIT)
    if not _git(folder, "rev-parse", "--is-inside-work-tree", missing="false").startswith(b"true"):
        raise BadInput(f"{folder} is in no git work tree, so there is nothing to compare it with", NO_GIT)
    if not _git(folder, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}", missing=""):
        raise BadInput(f"git knows no commit {commit!r} here", "Name one as git does: HEAD, HEAD~3, main, v1.2.")
    for entry in _git(folder, "ls-tree", "-z", f"{commit}", "./").split(b"\0"):
        about, _, name = entry.partition(b"\t")
        words = about.split()
        path = os.fsdecode(name)
        base = os.path.basename(path)
        if len(words) == 3 and words[1] == b"blob" and base[:1] != "." and base.lower().endswith(tuple(endings())):
            data = _git(folder, "cat-file", "blob", words[2].decode("ascii"))
            if len(data) > LARGEST_FILE:
                raise BadInput(f"{base} of {commit} is larger than {LARGEST_FILE >> 20} MiB", "Split it.")
            yield os.path.join(folder, base), data.decode(errors="replace")


def _git(folder: str, *words: str, missing: str | None = None) -> bytes:
    """What git says; `missing` stands for an answer that it refuses. Raises BadInput."""
    import subprocess  # only for plans against commits

    command = ["git", "-C", folder, *words]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL, env=clean
        )  # fmt: skip
    except FileNotFoundError as error:
        raise BadInput("there is no git here, so the rules of a commit cannot be read", NO_GIT) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f"git does not answer: {error}", NO_GIT) from error
    if done.returncode:
        if missing is not None:
            return missing.encode()
        told = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        raise BadInput(f"git {words[0]} failed: {told[0]}", NO_GIT)
    if len(done.stdout) > LARGEST:
        raise BadInput(f"git {words[0]} says more than {LARGEST >> 20} MiB", NO_GIT)
    return done.stdout

"""`hb learn`: what is there now becomes known, so that from now on only what is new is news.

It writes hb.lock, and where there is no baseline yet a first hb.d/hb.toml that names the packs that fit. It refuses to
write into the system's folder, or beside somebody's link, without being told, and it accepts nothing: what was there
before is debt until a person reviews it.
"""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.app.changing import rule_files
from hb_engine.baseline import learning
from hb_engine.baseline.learning import Learned, Standing
from hb_engine.baseline.lock import NAME as LOCK
from hb_engine.model.decision import Decision
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Lock

FOLDER = "hb.d"
FIRST = "hb.toml"
LIMIT = 256 << 20  # bytes of a lock
ABSENT = "hb learn --now makes ./hb.d, hb learn --now --baseline DIR another."


@record
class Taught:
    """What learning did: where, what is known now, what a baseline says of it, and what was made on the way."""

    folder: str
    seen: Inventory
    learned: Learned
    decisions: tuple[Decision, ...]
    made: str = ""  # the first file, where it was made
    packs: tuple[str, ...] = ()  # that it names
    recorded: bool = False  # the look is in the history too

    @property
    def lock(self) -> str:
        """The lock's path."""
        return lock_of(self.folder)


@record
class Where:
    """Where learning stands: the baseline's folder, this machine's name, and how far it is; None before it began."""

    folder: str
    host: str
    standing: Standing | None


def lock_of(folder: str) -> str:
    """The path of the lock that belongs to a folder of rules: it lies beside it."""
    return os.path.join(os.path.dirname(os.path.abspath(folder)), LOCK)


def learn(
    *,
    baseline: str = "",
    seconds: int | None = None,
    identify: bool = False,
    here: str = "",
    tell: Callable[[], None] = lambda: None,
) -> Taught:
    """Take a look and make it known; `seconds` is for how long what comes is known too. Raises BadInput, CannotLook,
    DataError."""
    folder = where(baseline, here or os.getcwd())
    path = lock_of(folder)
    before = rule_files.read(path, LIMIT)
    lock = _parsed(before, path)
    seen = _look()
    answers = _answers(seen, tell) if identify else None
    first_seen, recorded = _remembered(seen)
    until = None if seconds is None else int(seen.taken_at) + seconds
    learned = learning.learned(seen, lock, until=until, answers=answers, digests=_digests(seen), first_seen=first_seen)
    rule_files.make_folder(folder)
    made, packs = _begin(folder, seen)
    rule_files.write(path, _merged(before, learned), before)
    return Taught(folder, seen, learned, _decided(folder, seen), made, packs, recorded)


def where(given: str, here: str) -> str:
    """The folder of the baseline that is meant, whether it is there yet or not. Raises BadInput."""
    if given:
        return os.path.abspath(given)
    from hb_engine.app.ruling.baseline import locate

    found = locate("")
    if found and os.path.dirname(os.path.abspath(found)) == folders.system() and not os.environ.get("HB_BASELINE"):
        raise BadInput(
            f"this machine's baseline is {found}, which hb writes to only where it is told",
            f"Say --baseline {found}, or --baseline ./{FOLDER} for another one.",
        )
    return os.path.abspath(found) if found else os.path.join(work_tree(here) or here, FOLDER)


def work_tree(folder: str) -> str:
    """The root of the git work tree that a folder is in; "" where it is in none."""
    folder = os.path.abspath(folder)
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above


def standing(*, baseline: str = "") -> Where:
    """How far learning has come. Raises BadInput where there is no baseline, DataError."""
    from hb_engine.app.remembering.history import open_store
    from hb_engine.app.ruling.baseline import locate

    folder = locate(baseline)
    if not folder:
        raise BadInput("there is no baseline here", ABSENT)
    path = lock_of(folder)
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    host = learning.host_of(_parsed(rule_files.read(path, LIMIT), path), name)
    if host is None:
        return Where(folder, name, None)
    store = open_store()
    if store is None:
        return Where(folder, name, learning.standing(host, (), ()))
    try:
        since = float(host.learned_at)
        looks = store.looks(since=since, limit=100_000)
        return Where(folder, name, learning.standing(host, looks, store.presence(since)))
    finally:
        store.close()


def _parsed(text: str | None, path: str) -> Lock:
    from hb_engine.baseline.lock import parse
    from hb_engine.model.baseline import Lock

    return Lock() if text is None else parse(text, path)


def _merged(before: str | None, learned: Learned) -> str:
    from hb_engine.baseline.lock import merged

    return merged(before or "", learned.host)


def _look() -> Inventory:
    from hb_engine.app.looking.look import look

    return look()


def _answers(seen: Inventory, tell: Callable[[], None]) -> dict[str, Answer]:
    from hb_engine.app.looking import own  # brings all probes along

    return own.speaks(seen.openings, tell=tell)


def _digests(seen: Inventory) -> dict[str, str]:
    from hb_engine.app.looking.facts import digests

    return digests(seen.openings)


def _remembered(seen: Inventory) -> tuple[dict[str, float], bool]:
    """When each key was first seen by the history, where there is one, and whether this look went into it."""
    from hb_engine.app.remembering.history import known, remember
    from hb_engine.model.errors import HbError

    try:
        first_seen = dict(known(seen.host.name).first_seen)
        remember(seen)
    except HbError:  # learning needs no history; hb history says what is wrong with it
        return {}, False
    return first_seen, True


def _begin(folder: str, seen: Inventory) -> tuple[str, tuple[str, ...]]:
    """Make a new baseline's first file: its path and the packs that it names; "" where there are rules already."""
    from hb_engine.app.ruling.baseline import gathered

    texts = gathered([folder])
    if texts.files or texts.problems:
        return "", ()
    fitting = fitting_packs(seen)
    path = os.path.join(folder, FIRST)
    rule_files.write(path, learning.starter(fitting), None)
    return path, tuple(fitting)


def fitting_packs(seen: Inventory) -> dict[str, str]:
    """The packs that cover something that is open here, each with the rules that do. One whose openings the others
    cover as well is left out: the system's own pack comes before one of another system."""
    from hb_engine.app.changing.accept import decided
    from hb_engine.app.ruling import baseline

    rules: dict[str, tuple[str, ...]] = {}
    keys: dict[str, set[str]] = {}
    for name in baseline.pack_names():
        parsed = baseline.read([], packs=(name,))
        fits = [one for one in decided(baseline.Loaded("", parsed.baseline), seen) if one.word == "expected"]
        keys[name] = {one.opening.key for one in fits}
        rules[name] = tuple(dict.fromkeys([one.rule.id.partition("/")[2] for one in fits if one.rule]))
    chosen: list[str] = []
    left = set[str]().union(*keys.values())
    while left:
        best = min(keys, key=lambda name: (-len(keys[name] & left), not seen.host.os.startswith(name), name))
        chosen.append(best)
        left -= keys[best]
    return {name: ", ".join(rules[name]) for name in sorted(chosen)}


def _decided(folder: str, seen: Inventory) -> tuple[Decision, ...]:
    """What the baseline says of each opening. Rules with mistakes are hb lint's to tell."""
    from hb_engine.app.changing.accept import decided
    from hb_engine.app.ruling.baseline import load
    from hb_engine.model.errors import BadInput as Wrong

    try:
        return decided(load(folder), seen)
    except Wrong:
        return ()

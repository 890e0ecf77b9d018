"""From what a person wishes for one opening to the rule that says it, and what speaks against writing it.

A rule that is written is a decision: it refuses ends that are past, rules for whoever comes next, and to let a rule for
a port make evidence quiet that what runs there is not what it seems.
"""

from __future__ import annotations

from hb_engine.baseline import blocks, drafts
from hb_engine.baseline.language import times
from hb_engine.baseline.language.nodes import Mistake
from hb_engine.baseline.lock import plain
from hb_engine.model.baseline import Rule
from hb_engine.model.errors import BadInput
from hb_engine.model.nearest import nearest
from hb_engine.model.record import record, replace
from hb_engine.wire.dates import DAY, iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hb_engine.model.baseline import Listen
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner
    from hb_engine.model.verdict import Reason


@record
class Wish:
    """What a person wants of a rule. Times are seconds since the epoch; `scope` is "" for the one that was observed."""

    why: str
    owner: str
    kind: str = "allow"  # or forbid, require
    until: int | None = None
    review: int | None = None
    host: str = ""
    role: str = ""
    scope: str = ""
    accepts: tuple[str, ...] = ()


def rule_of(opening: Opening, wish: Wish, now: float, taken: Collection[str] = ()) -> Rule:
    """The rule that a wish makes of an opening. Raises BadInput where it would be a rule for anybody."""
    drafted = drafts.draft(opening, kind=wish.kind, scope=wish.scope, taken=taken)
    if wish.kind == "forbid":  # whoever holds it
        return _filled(replace(drafted, by=None, by_text="", listen=_from(drafted.listen, wish.scope)), wish, now)
    if drafted.by is None:
        raise _nobody(opening)
    return _filled(drafted, wish, now)


def rule_for(places: tuple[Listen, ...], wish: Wish, now: float, taken: Collection[str] = ()) -> Rule:
    """The rule that a wish makes of places at which nothing is open: one that forbids."""
    name = "no" if wish.kind == "forbid" else "any"
    return _filled(Rule(wish.kind, drafts.id_of(name, places, taken), _from(places, wish.scope)), wish, now)


def _from(places: tuple[Listen, ...], scope: str) -> tuple[Listen, ...]:
    """Places that are forbidden from a scope on; everywhere where none is said, which is what no scope means there."""
    told = []
    for one in places:
        reach = replace(one, text="", scope=scope or "loopback")
        text = blocks.listen(reach)
        told.append(replace(reach, text=text if scope else text.replace(" on loopback", " on", 1).removesuffix(" on")))
    return tuple(told)


def _filled(rule: Rule, wish: Wish, now: float) -> Rule:
    return replace(
        rule,
        why=wish.why,
        owner=wish.owner,
        accepted=int(now // DAY) * DAY,
        review=wish.review,
        until=wish.until,
        host=wish.host,
        role=wish.role,
        accepts=wish.accepts,
    )


def _nobody(opening: Opening) -> BadInput:
    reason = opening.unowned.reason if opening.unowned else ""
    remedy = "Find out who holds it: hb why tells what is known."
    if reason in ("not-permitted", "outside-pid-namespace"):
        remedy = "Look with more privileges (as root), then accept what you see."
    told = f"who holds {_place(opening)} is not known, and a rule without that would cover whoever comes next"
    return BadInput(told, remedy)


def _place(opening: Opening) -> str:
    return opening.transport if opening.port is None else f"{opening.transport} {opening.port}"


def end_of(length: str, day: str, now: float) -> int | None:
    """When a rule ends: by --for 8h, or by --until 2026-12-31; None where neither is said. Raises BadInput."""
    if length and day:
        raise BadInput("--for and --until both say when it ends", "Say one of them.")
    if length:
        return _later(length, now, "for")
    return _day(day, now, "until") if day else None


def review_of(text: str, now: float) -> int | None:
    """When a rule is to be confirmed again: by a length such as 180d, or a day. Raises BadInput."""
    if not text:
        return None
    if not times.is_length(text):
        return _day(text, now, "review")
    return int(_later(text, now, "review") // DAY) * DAY + DAY - 1


def _later(length: str, now: float, option: str) -> int:
    try:
        return int(now) + times.length(length)
    except Mistake as error:
        raise BadInput(f"--{option}: {error.message}", error.remedy) from error


def _day(text: str, now: float, option: str) -> int:
    try:
        at, _ = times.moment(text, ends=True)
    except Mistake as error:
        raise BadInput(f"--{option}: {error.message}", error.remedy) from error
    if at <= now:
        raise BadInput(f"--{option} {text} is past", f"It is {iso(now)} now; say a day to come.")
    return at


def meant(what: str, openings: Sequence[Opening], covered: Collection[str] = ()) -> Opening | None:
    """The one opening that a key, a thread, a port or a name (of its unit, container, process, executable, or
    registered service) means; None where nothing is open there.

    `covered` are keys that a rule covers already: where a port has several openings, the one that is not is meant.
    Raises BadInput where several are, with their keys.
    """
    exact = [one for one in openings if what in (one.key, one.thread, plain(one.key), plain(one.thread))]
    found = exact or [one for one in openings if _is_port(what, one)] or [one for one in openings if _is_of(what, one)]
    if len(found) > 1:
        found = [one for one in found if one.key not in covered] or found
    keys = list(dict.fromkeys([one.key for one in found]))
    if len(keys) > 1:
        raise BadInput(f"{what} is {len(keys)} openings", f"Say which: {', '.join(map(repr, map(plain, keys)))}.")
    return found[0] if found else None


def _is_of(what: str, opening: Opening) -> bool:
    """Whether an opening goes by a name: nginx, nginx.service, /usr/sbin/nginx, or tcp/http for what is registered."""
    transport, slash, name = what.lower().rpartition("/")
    if slash and transport == opening.transport:
        return name in [one.name.lower() for one in opening.registered]
    words = {opening.unit, *[one.name for one in opening.registered]}
    for owner in opening.owners:
        words |= {owner.unit, owner.comm, owner.exe, owner.script, *[path.rpartition("/")[2] for path in _files(owner)]}
    for box in (opening.container, *[owner.container for owner in opening.owners]):
        words |= {box.name, box.id, box.id[:12]} if box else set()
    told = {word.lower() for word in words if word}
    return what.lower() in told | {word.removesuffix(".service") for word in told}


def _files(owner: Owner) -> list[str]:
    return [path for path in (owner.exe, owner.script) if path]


def _is_port(what: str, opening: Opening) -> bool:
    transport, slash, number = what.replace(" ", "/").rpartition("/")
    if not (number.isascii() and number.isdigit() and len(number) < 11) or opening.port != int(number):
        return False
    return not slash or transport == opening.transport


def refuse(opening: Opening, wish: Wish, lasting: Collection[str], names: Iterable[str]) -> None:
    """Raises BadInput for what a rule must not make quiet: hidden openings, those of nobody known, lasting evidence.

    `lasting` are the judge's rules whose word stays whatever a baseline says; `names` all of its rules.
    """
    known = set(names)
    for name in wish.accepts:
        if name not in known:
            near = nearest(name, sorted(known))
            raise BadInput(f"there is no rule {name!r} to accept", f"Did you mean {near}?" if near else "See hb why.")
    if wish.kind == "forbid":
        return
    if "hidden" in opening.flags:
        raise BadInput(f"{_place(opening)} is hidden from the kernel's own lists", "No rule makes that quiet: hb why.")
    if drafts.by_of(opening) is None:
        raise _nobody(opening)
    left = [
        reason
        for reason in reasons(opening)
        if reason.rule in lasting and reason.severity != "info" and reason.rule not in wish.accepts
    ]  # a lasting rule's remarks are no evidence (judge/kit.py)
    if left:
        options = " ".join([f"--accepts {reason.rule}" for reason in left])
        raise BadInput(
            f"{_place(opening)} looks suspicious: {'; '.join([reason.text for reason in left])}",
            f"hb why tells more. If you know it to be right, say so: {options}.",
        )


def reasons(opening: Opening) -> tuple[Reason, ...]:
    """What the judge's rules say of an opening."""
    return opening.verdict.reasons if opening.verdict else ()


def file_of(name: str) -> str:
    """The file of a baseline that a rule goes into, by what a person calls it. Raises BadInput."""
    if not name:
        return "accepted.toml"
    if "/" in name or "\\" in name or name.startswith("."):
        raise BadInput(f"{name!r} is no name of a file in the baseline's folder", "Say such as --file web.toml.")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return f"{name}.toml"
    if ending != "toml" or not stem:
        raise BadInput(f"rules are appended to TOML files, and {name} is none", f"Say --file {stem or name}.toml.")
    return name

"""`hb explain`: every rule that was held against what is open on a port, what came of it, and what decided.

It looks and judges as hb check does, so that both say the same, and adds the way there. For a port on which nothing is
open it tells what the rules would say if something were. It refuses to guess what a person means: a port, a key as hb
prints it, or a name by which something is open or registered.
"""

from __future__ import annotations

from hb_engine.model.answer import Answer
from hb_engine.model.decision import Decision
from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.record import record, replace
from hb_engine.model.report import Report, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hb_engine.app.ruling.baseline import Loaded
    from hb_engine.app.ruling.check import Wanted
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.model.baseline import Rule
    from hb_engine.model.inventory import Inventory

    Chosen = Callable[[Opening], bool]

BOTH = ("tcp", "udp")
REMEDY = "Type a port, tcp/443, a registered name, a process or unit that hb ls shows, or a key of hb check."
WHATEVER = ("ephemeral", "any")  # places of rules that name no port
KEY_PARTS = 3  # transport/scope/port, and after them an owner and a namespace


@record
class Explained:
    """One opening: the decision with its steps, what it said where it was asked, and what hb check says of it."""

    decision: Decision
    answer: Answer | None = None
    verdicts: tuple[Verdict, ...] = ()


@record
class Explanation:
    """What was asked, and what the baseline says. `closed` are decisions on openings that are not there, made up to
    be asked about: one for each transport that was meant. `missing` are verdicts on what is required there."""

    query: str
    report: Report
    roles: tuple[str, ...]
    explained: tuple[Explained, ...]
    coverage: Coverage
    closed: tuple[Decision, ...] = ()
    missing: tuple[Verdict, ...] = ()


@record
class Place:
    """What a query means: a port of some transports, a key, a name, or what rules call ephemeral or any."""

    transports: tuple[str, ...] = ()
    port: int | None = None
    key: str = ""
    name: str = ""
    kind: str = ""  # ephemeral: ports that the kernel chose; any: whatever the transports have


def explain(query: str, wanted: Wanted) -> Explanation:
    """The whole decision. Raises BadInput, CannotLook, DataError."""
    from hb_engine.app.looking.collect import collect
    from hb_engine.app.ruling import check

    loaded = check.rules(wanted.baseline, wanted.packs)
    place = meant(query)
    seen, known = check.remembering(collect(hidden=True))
    if place.name:
        place = _named(query, place, seen)
    words = check.decider(loaded, seen, wanted.roles)
    chosen = [opening for opening in seen.openings if is_at(place, opening)]
    answers = _asked(words, chosen) if wanted.ask else {}
    made = _report(loaded, words, seen, known.first_seen, answers)
    explained = tuple([_one(words, opening, answers, made) for opening in chosen])
    closed = () if chosen or place.port is None else tuple(_imagined(words, place))
    missing = tuple([one for one in made.verdicts if one.opening is None and _is_about(one, place)])
    return Explanation(query, made, words.roles, explained, seen.coverage, closed, missing)


def meant(query: str) -> Place:
    """What a query means, as far as its form tells. Raises BadInput."""
    text = query.strip()
    if not text:
        raise BadInput("nothing was asked", REMEDY)
    parts = text.split("/")
    if len(parts) >= KEY_PARTS and parts[0].isalpha():
        port = int(parts[2]) if parts[2].isdecimal() and len(parts[2]) < 6 else None
        return Place((parts[0],), port, text)
    if len(parts) == 2 and parts[1] in WHATEVER and (parts[0] in TRANSPORTS or parts[0] == "any"):
        return Place(TRANSPORTS if parts[0] == "any" else (parts[0],), kind=parts[1])
    from hb_engine.registry import query as questions  # only for what is no key

    asked = questions.parse(text)
    transports = (asked.transport,) if asked.transport else BOTH
    return Place(transports, asked.port) if asked.port is not None else Place(transports, name=asked.text)


def is_at(place: Place, opening: Opening) -> bool:
    """Whether an opening is what was meant. A key is met by the opening's own, its thread, or their beginnings."""
    if place.key:
        return opening.key == place.key or opening.key.startswith(f"{place.key}/")
    if place.name:
        return is_called(opening, place.name.lower())
    if opening.transport not in place.transports:
        return False
    return opening.ephemeral or place.kind == "any" if place.kind else opening.port == place.port


def is_called(opening: Opening, name: str) -> bool:
    """Whether a process, unit, package or container of an opening has a name, in small letters."""
    names: list[str | None] = [opening.unit, opening.container.name if opening.container else None]
    for owner in opening.owners:
        exe = (owner.exe or "").replace("\\", "/")
        names += [owner.comm, exe[exe.rfind("/") + 1 :], owner.unit, owner.script]
        names += [box.name for box in (owner.package, owner.container) if box]
    return any(name in (each.lower(), each.lower().removesuffix(".service")) for each in names if each)


def _named(query: str, place: Place, seen: Inventory) -> Place:
    """A name under which nothing is open is that of a port. Raises BadInput for one that nobody knows."""
    if any(is_at(place, opening) for opening in seen.openings):
        return place
    from hb_engine.app.ruling.baseline import services

    ports = services(place.name)
    if not ports:
        raise BadInput(f"nothing that is open here goes by {query!r}, and no port is registered under it", REMEDY)
    return Place(tuple(dict.fromkeys(transport for transport, _ in ports)), ports[0][1])


def _asked(words: Decider, chosen: list[Opening]) -> dict[str, Answer]:
    openings = [opening for opening in chosen if words.wants_speech(opening)]
    if not openings:
        return {}
    from hb_engine.app.looking import own  # brings all probes along

    return own.speaks(openings)


def _report(
    loaded: Loaded, words: Decider, seen: Inventory, known: Mapping[str, float], answers: Mapping[str, Answer]
) -> Report:
    from hb_engine.app.looking.look import Bench
    from hb_engine.app.ruling import check
    from hb_engine.judge.drift import report

    return report(
        Bench().judged(seen, dict(answers)),
        words,
        loaded.lock,
        defaults=loaded.baseline.defaults,
        known=known,
        answers=answers,
        lasting=check.lasting(),
        unsafe=loaded.unsafe,
        baseline=loaded.folder,
    )


def _one(words: Decider, opening: Opening, answers: Mapping[str, Answer], made: Report) -> Explained:
    answer = answers.get(opening.key)
    verdicts = tuple([one for one in made.verdicts if one.opening is not None and one.opening.key == opening.key])
    return Explained(words.explain(opening, answer), answer, verdicts)


def _imagined(words: Decider, place: Place) -> list[Decision]:
    """What the rules say of a port if somebody opened it to everyone; only where a rule has anything to say."""
    found = []
    for transport in place.transports:
        nobody = Unowned("not-found", "nothing is open here")
        opening = Opening(
            "listener", transport, place.port, ("::",), ("ipv4", "ipv6"), "public", Netns(0), unowned=nobody
        )  # fmt: skip
        decision = words.explain(opening)
        if decision.word != "unmatched" or len(place.transports) == 1 or transport == BOTH[0]:
            found.append(replace(decision, opening=opening))
    return found


def _is_about(one: Verdict, place: Place) -> bool:
    """Whether a verdict on what is not there is about the port that was meant."""
    parts = one.key.split("/")
    return place.port is not None and parts[0] in place.transports and str(place.port) in parts[1:3]


def rules_about(decision: Decision) -> tuple[Rule, ...]:
    """The rules of a decision that are about the place, in order."""
    return tuple([step.rule for step in decision.steps if step.outcome not in ("other-host", "other-place")])

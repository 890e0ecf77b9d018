"""What is not there: openings that a rule requires, and openings that were observed and have vanished.

"Not there" may be said only of what was asked (model/coverage.py): where the sources that would have shown an opening
were not read, the word is that it was not seen. It refuses to guess which program should have opened it.
"""

from __future__ import annotations

from hb_engine.baseline.deciding.match import Place, Seen
from hb_engine.baseline.facts import place_of
from hb_engine.model.baseline import All, Is
from hb_engine.model.coverage import would_show
from hb_engine.model.endpoint import SCOPES, TRANSPORTS
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.owner import Owner, Package
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hb_engine.model.baseline import Condition, Listen, LockedHost, Observed, Rule
    from hb_engine.model.decision import Decision
    from hb_engine.model.inventory import Coverage

    Shows = Callable[[Opening], bool]
    Absent = tuple[Rule, tuple[Listen, ...]]

# Steps of a rule that say that what it requires may be there, though not all of it could be seen.
UNSURE = ("owner-unseen", "speech-unseen")
# Steps that say that it is there and not as it should be: a word of its own tells so.
WRONG = ("wider", "other-owner", "speaks-else", "weaker")
ADDRESSES = {"loopback": "127.0.0.1", "link": "169.254.0.1", "private": "10.0.0.1", "public": "0.0.0.0"}  # noqa: S104


def unmet(rules: tuple[Rule, ...], decisions: list[Decision], explain: Callable[[Opening], Decision]) -> list[Absent]:
    """The places of requiring rules that no opening meets, not even one that is otherwise than it should be.

    A rule requires each of its places, and of a range, or of what a name stands for, one port. `explain` gives a
    decision with its steps; it is asked only about openings at a rule's places, and only where no decision names the
    rule already.
    """
    met: dict[int, list[Opening]] = {}
    for one in decisions:
        if one.rule is not None and one.word not in ("unmatched", "expired"):
            met.setdefault(id(one.rule), []).append(one.opening)
    steps: dict[int, Decision] = {}
    found = []
    for rule in rules:
        for places in rule.wanted if rule.kind == "require" else ():
            if _at(places, met.get(id(rule), ())):
                continue
            near = _at(places, [one.opening for one in decisions])
            if not any(_meets(rule, opening, steps, explain) for opening in near):
                found.append((rule, places))
    return found


def _at(places: tuple[Listen, ...], openings: Iterable[Opening]) -> list[Opening]:
    return [one for one in openings if any(is_place(place, one) for place in places)]


def _meets(rule: Rule, opening: Opening, steps: dict[int, Decision], explain: Callable[[Opening], Decision]) -> bool:
    known = steps.get(id(opening))
    if known is None:
        known = steps[id(opening)] = explain(opening)
    return any(step.rule is rule and step.outcome in ("covers", *UNSURE) for step in known.steps)


def is_place(place: Listen, opening: Opening) -> bool:
    """Whether an opening is at a place of a rule, how far it reaches left aside."""
    if place.interface or place.networks:
        return Place(place, forbids=False).has(Seen(opening))
    if place.transport not in ("any", opening.transport) or place.netns not in ("any", opening.netns.kind):
        return False
    if place.place == "ports":
        return opening.port is not None and place.first <= opening.port <= place.last
    return place.place == "any" or opening.ephemeral


def required(rule: Rule, places: tuple[Listen, ...], locked: LockedHost | None = None) -> Opening:
    """What a rule requires, as an opening that is not there: the first of these places, and whose it was as far as
    hb.lock has it, or its rule names one unit."""
    place = places[0] if places else None
    transport = place.transport if place and place.transport in TRANSPORTS else "tcp"
    port = place.first if place and place.place == "ports" else None
    scope = place.scope if place else "public"
    netns = place.netns if place and place.netns != "any" else "host"
    opening = _absent(transport, port, scope, netns)
    was = next((one for one in locked.observed if _is_at(one, opening)), None) if locked else None
    if was is not None:
        return replace(opening, **_holder(was))
    return replace(opening, unit=unit) if (unit := _unit(rule.by)) else opening


def would_show_all(coverage: Coverage, places: tuple[Listen, ...], opening: Opening) -> bool:
    """Whether a look would have shown whatever could meet a requirement of these places, of which `opening` is one.

    What a gap hides begins and ends at ports that it names, so of a range only those are asked about.
    """
    edges = {
        int(word)
        for gap in coverage.gaps
        for text in gap.about.split()
        for word in text.partition("/")[2].split("-")
        if word.isascii() and word.isdecimal() and len(word) < 11
    }
    near = {each for edge in edges for each in (edge - 1, edge, edge + 1)}
    for place in places:
        if place.place == "ports":
            ports = {place.first, place.last, *[port for port in near if place.first <= port <= place.last]}
            if not all(would_show(coverage, replace(opening, port=port)) for port in ports):
                return False
    return would_show(coverage, opening)


def _is_at(one: Observed, opening: Opening) -> bool:
    transport, place, _, netns = place_of(one.thread)
    return (transport, place, netns) == (opening.transport, str(opening.port), opening.netns.kind)


def _holder(was: Observed) -> dict[str, object]:
    """Fields of an opening by which records find it: its unit, and who ran there."""
    sort, _, name = place_of(was.thread)[2].partition(":")
    package = Package(was.package, was.version, "") if was.package else None
    unit = name if sort == "unit" else None
    owner = Owner(0, was.exe.rpartition("/")[2], was.exe or None, unit=unit, package=package)
    return {"unit": unit, "owners": (owner,), "unowned": None}


def _unit(by: Condition | None) -> str:
    """The unit that a condition names, if it names one."""
    if isinstance(by, All):
        return next(filter(None, map(_unit, by.parts)), "")
    if not isinstance(by, Is) or by.field != "unit" or any(letter in by.pattern for letter in "*?["):
        return ""
    return by.pattern if "." in by.pattern else f"{by.pattern}.service"


def vanished(
    locked: LockedHost | None, is_there: Callable[[Observed], bool], shows: Shows
) -> Iterator[tuple[Observed, Opening]]:
    """What hb.lock holds and is not there, where it would have been seen; what comes and goes by itself is left out."""
    for one in locked.observed if locked else ():
        transport, place, _, netns = place_of(one.thread)
        if place == "ephemeral" or transport not in TRANSPORTS or is_there(one):
            continue
        port = int(place) if place.isascii() and place.isdigit() and len(place) < 11 else None
        opening = _absent(transport, port, one.scope, netns)
        if shows(opening):
            yield one, opening


def _absent(transport: str, port: int | None, scope: str, netns: str) -> Opening:
    scope = scope if scope in SCOPES else "public"
    kind = "listener" if transport == "tcp" else "bound"
    space = Netns(0, "", netns or "host")
    return Opening(kind, transport, port, (ADDRESSES[scope],), ("ipv4",), scope, space, unowned=Unowned("not-found"))

"""Rules proposed from what was seen: one for each owner and transport, with the evidence as its comment.

What is proposed is what a person would probably allow without a second look: steady, packaged, of a known owner, and
nothing said against it. Everything else is listed with the reason why it was left out, for a person to decide one by
one. It refuses to propose what looks dangerous, whatever the thresholds; what is not known is never taken for good.
"""

from __future__ import annotations

from hb_engine.baseline import blocks, clusters, drafts
from hb_engine.baseline.evidence import EXPOSURES, Sighting, against, is_passing
from hb_engine.baseline.language.builder import NOBODY, PROPOSED
from hb_engine.model.baseline import Role, Rule
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.record import record, replace
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hb_engine.model.baseline import Condition, Listen

    Group = tuple[str, str, str]  # by, transport, class of network namespace

MOST = 64  # places of one rule


@record
class Thresholds:
    """How constantly something must have been there: percent of looks (and of machines), and seconds since it came."""

    presence: int = 90
    age: float = DAY


USUAL = Thresholds()


@record
class Proposed:
    """A rule with what it stands on: a comment a line; `hosts` are the machines on which it was seen."""

    rule: Rule
    comments: tuple[str, ...]
    hosts: tuple[str, ...]


@record
class LeftOut:
    """What is not proposed, and why, in a phrase."""

    key: str
    host: str
    reason: str


@record
class Proposal:
    """Everything that was seen: as rules, as roles for machines that are alike, left out, or covered by rules already.
    `passing` counts clients' sockets, of which nobody decides."""

    rules: tuple[Proposed, ...] = ()
    roles: tuple[Role, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    covered: int = 0
    passing: int = 0


def propose(
    seen: Mapping[str, Sequence[Sighting]],
    now: float,
    *,
    thresholds: Thresholds = USUAL,
    owner: str = NOBODY,
    decided: Mapping[tuple[str, str], str] | None = None,
    lasting: Collection[str] = (),
    taken: Collection[str] = (),
    roles: Collection[str] = (),
) -> Proposal:
    """Rules from the sightings of machines, by the machines' names.

    `decided` has what rules say already, by machine and key: "" where one covers it, else why it is not to be
    proposed. `lasting` are the judge's rules that no baseline silences, `taken` the ids and `roles` the roles that
    there are.
    """
    left_out: list[LeftOut] = []
    kept: dict[str, dict[Group, list[Sighting]]] = {}
    done = passing = 0
    for host, sightings in seen.items():
        groups = kept.setdefault(host, {})
        for one in sightings:
            reason = (decided or {}).get((host, one.opening.key))
            if reason == "":
                done += 1
            elif is_passing(one.opening):
                passing += 1
            elif reason or (reason := against(one, now, thresholds.presence, thresholds.age, lasting)):
                left_out.append(LeftOut(one.opening.key, host, reason))
            else:
                groups.setdefault(_group(one), []).append(one)
    writer = _Writer(owner, now, {*taken})
    rules, made = _assembled(kept, writer, thresholds, roles)
    return Proposal(
        tuple(rules), made, tuple(sorted(left_out, key=lambda one: (one.key, one.host, one.reason))), done, passing
    )


def _group(one: Sighting) -> Group:
    by = drafts.by_of(one.opening)
    return blocks.condition(by) if by else "", one.opening.transport, one.opening.netns.kind


def _assembled(
    kept: dict[str, dict[Group, list[Sighting]]], writer: _Writer, thresholds: Thresholds, roles: Collection[str]
) -> tuple[list[Proposed], tuple[Role, ...]]:
    """Rules for all machines, for roles of machines that are alike, and for single machines, in this order."""
    items = {host: _items(groups) for host, groups in kept.items()}
    found = clusters.divided(items, thresholds.presence, roles)
    by_item = {(host, item): sightings for host, groups in kept.items() for item, sightings in _located(groups).items()}
    rules: list[Proposed] = []
    for cluster in found:
        wanted: dict[Group, list[tuple[str, Sighting]]] = {}
        for item in cluster.items:
            for host in cluster.hosts:
                wanted.setdefault(item[0], []).extend((host, one) for one in by_item.get((host, item), ()))
        for _, sightings in sorted(wanted.items()):
            rules += writer.rules(sightings, cluster.role, cluster.host)
    return rules, tuple([Role(one.role, one.hosts) for one in found if one.role])


def _items(groups: dict[Group, list[Sighting]]) -> frozenset[tuple[Group, str]]:
    return frozenset(_located(groups))


def _located(groups: dict[Group, list[Sighting]]) -> dict[tuple[Group, str], list[Sighting]]:
    """Sightings by what makes a rule and by the place that it would name."""
    found: dict[tuple[Group, str], list[Sighting]] = {}
    for group, sightings in groups.items():
        for one in sightings:
            found.setdefault((group, blocks.listen(drafts.place_of(one.opening))), []).append(one)
    return found


class _Writer:
    """Rules out of sightings, each with an id of its own."""

    def __init__(self, owner: str, now: float, taken: set[str]) -> None:
        self._owner, self._now, self._taken = owner, now, taken

    def rules(self, seen: list[tuple[str, Sighting]], role: str, host: str) -> list[Proposed]:
        """The rule of one owner and transport, with all places that it was seen at; several where those are many."""
        openings = [one.opening for _, one in seen]
        places = joined([drafts.place_of(opening) for opening in openings])
        hosts = tuple(dict.fromkeys([host for host, _ in seen]))
        told = _told(seen, hosts)
        found = []
        for first in range(0, len(places), MOST):
            some = places[first : first + MOST]
            name = drafts.id_of(drafts.name_of(openings[0]), some, self._taken)
            self._taken.add(name)
            by: Condition | None = drafts.by_of(openings[0])
            rule = Rule(
                "allow", name, some, by, why=f"{PROPOSED}{told}", owner=self._owner, role=role, host=host,
                by_text=blocks.condition(by) if by else "",
            )  # fmt: skip
            found.append(Proposed(rule, (told, *_thoughts(seen)), hosts))
        return found


def joined(places: list[Listen]) -> tuple[Listen, ...]:
    """Places each once, the widest scope of a port alone, and three ports in a row or more as a range."""
    widest: dict[tuple[object, ...], Listen] = {}
    for one in places:
        key = (one.transport, one.place, one.first, one.last, one.netns)
        if key not in widest or SCOPES.index(one.scope) > SCOPES.index(widest[key].scope):
            widest[key] = one
    found: list[Listen] = []
    row: list[Listen] = []
    for one in sorted(widest.values(), key=lambda each: (each.place, each.scope, each.first)):
        if row and one.place == "ports" and (one.first, one.scope) == (row[-1].last + 1, row[-1].scope):
            row.append(one)
            continue
        found += _row(row)
        row = [one]
    found += _row(row)
    return tuple(sorted(found, key=lambda each: (each.place != "ports", each.first, each.scope)))


def _row(row: list[Listen]) -> list[Listen]:
    return [replace(row[0], last=row[-1].last)] if len(row) > 2 else row


def _told(seen: list[tuple[str, Sighting]], hosts: tuple[str, ...]) -> str:
    """What was seen, in a sentence: of several places, that of the least constant one."""
    least = min([one for _, one in seen], key=lambda one: (one.shown / max(one.asked, 1), one.asked))
    where = f" on {len(hosts)} machines" if len(hosts) > 1 else ""
    if least.asked <= 1:
        return f"seen{where} in one look"
    days = f" over {least.days} days" if least.days > 1 else ""
    boots = f", {least.boots} boots" if least.boots > 1 else ""
    return f"seen{where} in {least.shown:,} of {least.asked:,} looks{days}{boots}"


def _thoughts(seen: list[tuple[str, Sighting]]) -> list[str]:
    """What a person should think of before accepting: exposures that the judge names, and programs of images."""
    found: list[str] = []
    for _, one in seen:
        verdict = one.opening.verdict
        found += [f"think first: {r.text}" for r in verdict.reasons if r.rule in EXPOSURES] if verdict else []
        box = next((owner.container for owner in one.opening.owners if owner.container), None)
        found += [f"its program is of the image {box.image}: no package of this machine has it"] if box else []
    return list(dict.fromkeys(found))


def text(proposal: Proposal) -> str:
    """A proposal as TOML, with what was left out as comments."""
    parts = [blocks.role(role) for role in proposal.roles]
    parts += [blocks.block(one.rule, one.comments) for one in proposal.rules]
    if proposal.left_out:
        told = [f"Left out, to be decided one by one ({len(proposal.left_out)}):"]
        many = len({one.host for one in proposal.left_out}) > 1
        told += [f"  {one.key}{f' on {one.host}' if many else ''}: {one.reason}" for one in proposal.left_out]
        parts.append("".join([f"{blocks.comment(each)}\n" for each in told]))
    return "\n".join(parts)

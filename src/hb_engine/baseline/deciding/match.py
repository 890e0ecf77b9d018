"""One rule held against one opening: place, owner, reach, speech, time, in this order; the first misfit is the outcome.

A misfit outranks what could not be seen: a rule for private networks does not fit an opening on all addresses, whoever
holds that. For a rule that forbids, scope is the narrowest that is forbidden, and any owner may be the one it means;
for one that allows or requires, scope is the widest, and every program that holds the opening must be meant.

Besides the outcome there is the question whether the rule is about the opening at all. `tcp/443 by unit:nginx.service`
is about whoever holds 443; `tcp/any by unit:nginx.service` is about nginx, and says nothing of others.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import holders, patterns, roles, speech
from hb_engine.model.baseline import RULE_KINDS
from hb_engine.model.endpoint import SCOPES
from hb_engine.wire.dates import DAY, is_over, iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Listen, Rule
    from hb_engine.model.opening import Opening

    Held = tuple[str, str, bool]  # an outcome, why in a phrase, and whether the rule is about the opening

NAMED = 1000  # ports; a wider range names nobody's port, and whoever is in it is not thereby taken for its owner
KINDS = {kind: number for number, kind in enumerate(RULE_KINDS)}
RANK = {scope: number for number, scope in enumerate(SCOPES)}
ELSEWHERE: Held = ("other-place", "", False)
OTHER_HOST: Held = ("other-host", "", False)


class Seen:
    """An opening with its answer, and what several rules ask of it, worked out once."""

    def __init__(
        self,
        opening: Opening,
        answer: Answer | None = None,
        digest: holders.Digest | None = None,
        untold: frozenset[str] = frozenset(),
    ) -> None:
        self.opening, self.answer = opening, answer
        self._digest, self._untold = digest, untold
        self._groups: tuple[holders.Group, ...] | None = None
        self._numbers: list[tuple[int, int]] | None = None

    @property
    def groups(self) -> tuple[holders.Group, ...]:
        """Its owners, by what they run."""
        if self._groups is None:
            self._groups = holders.groups(self.opening, self._digest, self._untold)
        return self._groups

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """Its addresses as numbers; 0 is every address."""
        if self._numbers is None:
            self._numbers = [found for text in self.opening.addresses if (found := roles.number(text))]
        return self._numbers

    @property
    def is_everywhere(self) -> bool:
        """Whether it is bound to no address in particular."""
        return any(not number for _, number in self.numbers)


class Place:
    """One place of a rule, ready."""

    def __init__(self, listen: Listen, *, forbids: bool) -> None:
        self.listen, self.forbids = listen, forbids
        said = listen.scope != "public" or "public" in listen.text.split()
        self.scope = listen.scope if said or not forbids else "loopback"
        self.rank = RANK[self.scope]
        self.networks = [span for text in listen.networks if (span := roles.addresses(text))]
        self.is_named = listen.place == "ports" and listen.last - listen.first < NAMED
        self._interface = patterns.glob(listen.interface) if listen.interface else None
        self._is_plain = not (listen.interface or listen.networks)

    def has(self, seen: Seen) -> bool:
        """Whether an opening is at this place, however far it reaches."""
        return self.has_port(seen) and (self._is_plain or (self._on_interface(seen) and self._in_networks(seen)))

    def is_beside(self, seen: Seen) -> bool:
        """Whether an opening has the very port, and is bound to another device or network."""
        return not self._is_plain and self.listen.place == "ports" and self.has_port(seen) and not self.has(seen)

    def has_port(self, seen: Seen) -> bool:
        """Whether an opening has this transport, namespace and port, wherever it is bound."""
        listen, opening = self.listen, seen.opening
        if listen.transport not in (opening.transport, "any") or listen.netns not in (opening.netns.kind, "any"):
            return False
        if listen.place == "ports" and not (opening.port is not None and listen.first <= opening.port <= listen.last):
            return False
        return listen.place != "ephemeral" or opening.ephemeral

    def _on_interface(self, seen: Seen) -> bool:
        """Bound to the device, or to none: then it can be reached there too, unless it has an address of its own."""
        if self._interface is None:
            return True
        bound = seen.opening.interface
        if bound:
            return self._interface(bound)
        return seen.is_everywhere or not self.forbids

    def _in_networks(self, seen: Seen) -> bool:
        return not self.networks or seen.is_everywhere or any(map(self._inside, seen.numbers))

    def _inside(self, address: tuple[int, int]) -> bool:
        version, number = address
        return any(version == family and first <= number <= last for family, first, last in self.networks)

    def misfit(self, seen: Seen) -> str:
        """Why an opening here reaches further than is allowed, or not so far as is forbidden; "" where it fits."""
        opening = seen.opening
        if self.forbids:
            return (
                "" if RANK[opening.scope] >= self.rank else f"reaches {opening.scope}; forbidden from {self.scope} on"
            )
        if RANK[opening.scope] > self.rank:
            return f"reaches {opening.scope}"
        if self._interface is not None and not opening.interface:
            return f"is not bound to {self.listen.interface}"
        if self.networks and not all(map(self._inside, seen.numbers)):
            return f"is bound to {' and '.join(opening.addresses)}, not only to {', '.join(self.listen.networks)}"
        return ""


class Ready:
    """A rule made ready to be held against many openings at one time: `now`, in seconds since the epoch.

    It is made ready when it is first held against something, since most rules of a large baseline never are.
    """

    __slots__ = ("by", "forbids", "now", "number", "order", "places", "rule")

    def __init__(self, rule: Rule, number: int, now: float) -> None:
        self.rule, self.number, self.now = rule, number, now
        self.forbids = rule.kind == "forbid"
        self.order = (KINDS[rule.kind], 0 if rule.host else 1 if rule.role else 2, number)
        self.places: list[Place] | None = None
        self.by: holders.Asked | None = None

    @property
    def name(self) -> str:
        """What people call the rule: its id, else its place in the files."""
        return self.rule.id or self.rule.where.text

    @property
    def is_expired(self) -> bool:
        """Whether its time has ended."""
        return self.rule.until is not None and is_over(self.rule.until, self.now)

    def _at(self, seen: Seen) -> list[Place]:
        if self.places is None:
            self.places = [Place(listen, forbids=self.forbids) for listen in self.rule.listen]
            self.by = holders.compiled(self.rule.by) if self.rule.by is not None else None
        return [place for place in self.places if place.has(seen)]

    def shares_port(self, seen: Seen) -> bool:
        """Whether the rule names the opening's port, alone or in a range."""
        return any(place.listen.place == "ports" for place in self._at(seen))

    def wanted(self, seen: Seen) -> list[int]:
        """At which of the places that the rule wants (Rule.wanted) an opening is, counted from 0."""
        here = {id(place.listen) for place in self._at(seen)}
        return [
            number for number, places in enumerate(self.rule.wanted) if any(id(listen) in here for listen in places)
        ]

    def hold(self, seen: Seen, outside: str = "") -> Held:
        """The rule against an opening. `outside` is the window in which the rule holds, where it is not now."""
        places = self._at(seen)
        if not places:
            return self._beside(seen)
        return self._forbid(seen, places, outside) if self.forbids else self._allow(seen, places, outside)

    def _beside(self, seen: Seen) -> Held:
        beside = next((place for place in self.places or () if place.is_beside(seen)), None)
        if beside is None or self.forbids:
            return ELSEWHERE
        bound = seen.opening.interface if beside.listen.interface else ""
        where = bound or " and ".join(seen.opening.addresses)
        return "other-place", f"is bound to {where}; {self.name} allows {beside.listen.text}", False

    def _allow(self, seen: Seen, places: list[Place], outside: str) -> Held:
        named = any(place.is_named for place in places)
        fits = holders.every(self.by, seen.groups) if self.by else True
        if fits is False:
            return "other-owner", f"{holder(seen)} holds it; {self.name} allows {self._by}", named
        about = named or (self.by is not None and bool(fits))
        misfits = [place.misfit(seen) for place in places]
        if all(misfits):
            return "wider", f"{misfits[0]}; {self.name} allows {places[0].scope}", about
        speaks, phrase = speech.held(self.rule.speaks, seen.answer) if self.rule.speaks else speech.FITS
        if speaks in ("speaks-else", "weaker"):
            return speaks, phrase, about
        late = self._late(outside)
        if late:
            return *late, about or self.by is None
        if fits is None:
            return "owner-unseen", f"who holds it could not be seen{_why(seen)}; {self.name} allows {self._by}", True
        return ("speech-unseen", phrase, True) if speaks else ("covers", "", True)

    def _forbid(self, seen: Seen, places: list[Place], outside: str) -> Held:
        fits = holders.some(self.by, seen.groups) if self.by else True
        if fits is False:
            return "other-owner", f"{holder(seen)} holds it; {self.name} forbids {self._by}", False
        misfits = [place.misfit(seen) for place in places]
        if all(misfits):
            return "other-place", misfits[0], False
        speaks, phrase = speech.held(self.rule.speaks, seen.answer) if self.rule.speaks else speech.FITS
        if speaks in ("speaks-else", "weaker") or (speaks and seen.answer is not None):
            return speaks, phrase, False
        late = self._late(outside)
        if late:
            return *late, False
        if fits is None:
            return "owner-unseen", f"who holds it could not be seen{_why(seen)}; {self.name} forbids {self._by}", True
        return ("speech-unseen", phrase, True) if speaks else ("covers", "", True)

    def _late(self, outside: str) -> tuple[str, str] | None:
        if outside:
            return "outside-window", f"{self.name} holds in the window {outside}, and it is another time"
        if self.is_expired and self.rule.until is not None:
            owner = f", owner {self.rule.owner}" if self.rule.owner else ""
            verb = {"forbid": "forbidden", "require": "required"}.get(self.rule.kind, "allowed")
            return (
                "expired",
                f"{verb} until {_date(self.rule.until)} (expired {ago(self.now - self.rule.until)} ago){owner}",
            )
        return None

    @property
    def _by(self) -> str:
        return self.rule.by_text or "another owner"


def _date(seconds: int) -> str:
    """A day where it is a day's first or last second, as whole days are written; else the time."""
    return iso_day(seconds) if seconds % DAY in (0, DAY - 1) else iso(seconds)


def ago(seconds: float) -> str:
    """3 days, 1 hour, 20 minutes: a stretch of time in its largest unit."""
    for size, unit in ((DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def _why(seen: Seen) -> str:
    unowned = seen.opening.unowned
    return f" ({unowned.reason})" if unowned else ""


def holder(seen: Seen) -> str:
    """Who holds an opening, in a word or two; strangers' text, which faces escape."""
    opening = seen.opening
    owners = [group.owners[0] for group in seen.groups if group.owners]
    if not owners:
        return opening.identity
    names = [owner.unit or owner.exe or owner.comm or f"process {owner.pid}" for owner in owners]
    return " and ".join(dict.fromkeys(names[:3]))

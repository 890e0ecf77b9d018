"""One opening held against what was decided, what was observed and what the rules of evidence say: which word fits it.

An opening gets one drift at most, the worst word that fits (ORDER). It refuses to call anything changed that was not
seen: where the owner of an opening is hidden from whoever looks, the word is that it was not seen, and what would show
it. Sentences and remedies are in judge/telling.py, so that here only the choice is made.
"""

from __future__ import annotations

from hb_engine.baseline.facts import PINNED, Difference, differences, is_led_elsewhere, is_wider, observed, place_of
from hb_engine.baseline.lock import plain
from hb_engine.model.baseline import Observed, Rule
from hb_engine.model.coverage import knowledge
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.model.verdict import SEVERITIES, Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Defaults, LockedHost
    from hb_engine.model.decision import Decision

# The drifts that one opening can have, the worst word first.
ORDER = (
    *("hidden", "forbidden", "owner-changed", "widened", "speaks-else", "weakened", "pinned-changed"),
    *("out-of-window", "expired", "new", "suspicious"),
)
BY_RULE = ("forbidden", "owner-changed", "widened", "speaks-else", "weakened", "expired", "out-of-window")
LOUD = SEVERITIES.index("high")  # what is said of an opening that no rule covers is never quiet from here on
HIDDEN = "hidden"  # the flag; no rule accepts it
NO_PLACE = ("ephemeral", "any")  # their owner is their identity: one that is another is another opening
UNSEEN = "who holds it could not be seen, so nobody can say whether it is what was observed"
CONNECTED, DATAGRAMS = ("tcp", "sctp", "dccp"), ("udp", "udplite")


@record
class Finding:
    """A word for one opening, and what led to it; `rule` is the baseline's, `reason` the evidence rule's."""

    kind: str  # one of model.report.KINDS
    state: str
    opening: Opening
    rule: Rule | None = None
    detail: str = ""
    reason: Reason | None = None
    before: Observed | None = None
    changes: tuple[Difference, ...] = ()


class Memory:
    """What is remembered of one machine: its tables of hb.lock, and when history first showed each key."""

    def __init__(self, locked: LockedHost | None, known: Mapping[str, float], openings: Iterable[Opening]) -> None:
        self._locked, self._known = locked, known
        self.observed = {one.thread: one for one in locked.observed} if locked else {}
        self._threads: set[str] = set()
        self._places: dict[tuple[str, str, str], list[Observed]] = {}
        self._openings: dict[tuple[str, str, str], list[Opening]] = {}
        for one in self.observed.values():
            transport, place, _, netns = place_of(one.thread)
            if place not in NO_PLACE:
                self._places.setdefault((transport, place, netns), []).append(one)
        for opening in openings if self.observed else ():
            thread = plain(opening.thread)
            self._threads.add(thread)
            transport, place, _, netns = place_of(thread)
            if (transport, place, netns) in self._places:
                self._openings.setdefault((transport, place, netns), []).append(opening)

    def of(self, opening: Opening) -> Observed | None:
        """What hb.lock holds of this very opening, if need be under an identity of which less, or more, was known."""
        exact = self.observed.get(plain(opening.thread))
        if exact is not None or not self.observed:
            return exact
        return next((one for one in self._held(opening) if same_program(one, opening)), None)

    def perhaps(self, opening: Opening) -> Observed | None:
        """What hb.lock holds of its place and may be this opening, whose holder cannot be seen."""
        return next((one for one in self._held(opening) if may_be(one, opening)), None)

    def predecessor(self, opening: Opening) -> Observed | None:
        """What hb.lock holds of its place under another owner, who is not there any more."""
        return next((one for one in self._held(opening) if not self.is_there(one)), None)

    def is_there(self, one: Observed) -> bool:
        """Whether what was observed is open now, or may be, as far as its holder can be seen."""
        if one.thread in self._threads:
            return True
        transport, place, _, netns = place_of(one.thread)
        return any(may_be(one, opening) for opening in self._openings.get((transport, place, netns), ()))

    def _held(self, opening: Opening) -> Sequence[Observed]:
        transport, place, _, netns = place_of(plain(opening.thread))
        return self._places.get((transport, place, netns), ())

    def is_debt(self, opening: Opening, now: float) -> bool:
        """Whether it was there before anybody decided: in hb.lock, or seen before learning ended."""
        if self._locked is None:
            return False
        before = self.of(opening)
        if before is not None:
            return not is_wider(opening.scope, before.scope)
        ended = max(self._locked.learned_at, self._locked.learning_until or 0)
        return now <= (self._locked.learning_until or 0) or self._known.get(opening.key, now + 1) <= ended


class Around:
    """What all openings of a machine share. `lasting` are the names of rules of evidence that no baseline silences;
    `answers` and `digests` (sha256) are by key, `now` is seconds since the epoch."""

    __slots__ = ("answers", "defaults", "digests", "lasting", "memory", "now")

    def __init__(
        self,
        memory: Memory,
        now: float,
        defaults: Defaults,
        *,
        lasting: frozenset[str],
        answers: Mapping[str, Answer],
        digests: Mapping[str, str],
    ) -> None:
        self.memory, self.now, self.defaults, self.lasting = memory, now, defaults, lasting
        self.answers, self.digests = answers, digests


def is_passing(opening: Opening) -> bool:
    """Whether an opening is a client's: a UDP socket on a port of the kernel's choice, or a bound socket of a connected
    transport that does not listen. Nobody decides about these, and they come and go by the thousand."""
    if opening.kind != "bound" or (opening.verdict is not None and opening.verdict.word != "quiet"):
        return False
    return opening.transport in CONNECTED or (opening.transport in DATAGRAMS and opening.ephemeral)


def _means_clients(rule: Rule | None, word: str) -> bool:
    """Whether a rule speaks of ports that the kernel chooses, and so of clients too."""
    return word != "unmatched" and rule is not None and any(place.place == "ephemeral" for place in rule.listen)


def findings(decision: Decision, around: Around) -> list[Finding]:
    """What is to be said of one opening: at most one drift, debt or unseen, and further notes."""
    opening, rule, word = decision.opening, decision.rule, decision.word
    if HIDDEN in opening.flags:
        about = rule if word != "unmatched" else None  # there it is the nearest only
        return [Finding(HIDDEN, "drift", opening, about, decision.detail)]
    if word not in ("expected", "forbidden") and is_passing(opening) and not _means_clients(rule, word):
        return []
    if word in BY_RULE:
        muted = bool(decision.muted) and word != "forbidden"
        return [Finding(word, "muted" if muted else "drift", opening, rule, decision.detail)]
    if word == "unseen":
        return [Finding("not-seen", "unseen", opening, rule, decision.detail)]
    if word == "expected" and rule is not None:
        return _expected(decision, rule, around)
    return _unmatched(decision, around)


def _expected(decision: Decision, rule: Rule, around: Around) -> list[Finding]:
    opening, muted = decision.opening, bool(decision.muted)
    before = around.memory.of(opening)
    pinned = {name for pin in rule.pin for name in PINNED.get(pin, ())}
    if before is None and not pinned and (opening.verdict is None or not opening.verdict.reasons):
        return []  # nearly all
    now = facts_of(opening, around)
    changes = differences(before, now) if before else ()
    found: list[Finding] = []
    led = _led_elsewhere(before, now)
    if led:
        found.append(Finding("owner-changed", "muted" if muted else "drift", opening, rule, before=before, changes=led))
    broken = tuple([change for change in changes if change.name in pinned])
    if broken:
        state = "muted" if muted else "drift"
        found.append(Finding("pinned-changed", state, opening, rule, "", before=before, changes=broken))
    elif pinned and (blind := _unknown(pinned, before, now)):
        found.append(Finding("not-seen", "unseen", opening, rule, blind))
    for reason in opening.verdict.reasons if opening.verdict else ():
        if reason.rule in around.lasting and SEVERITIES.index(reason.severity) > 1:
            accepted = reason.rule in rule.accepts
            if accepted or not broken:
                state = "accepted" if accepted else "drift"
                found.append(Finding("suspicious", state, opening, rule, reason=reason))
    told = {*pinned, "leads"} if led else pinned
    return [*_one_drift(found), *_changed(opening, rule, before, now, told)]


def _led_elsewhere(before: Observed | None, now: Observed) -> tuple[Difference, ...]:
    """The difference, where the kernel hands what comes to somebody else than it did."""
    if before is None or not is_led_elsewhere(before, now):
        return ()
    return tuple([each for each in differences(before, now) if each.name == "leads"])


def _one_drift(found: list[Finding]) -> list[Finding]:
    """The first drift of some, and all that is none."""
    first = next((one for one in found if one.state == "drift"), None)
    return [one for one in found if one is first or one.state != "drift"]


def _unknown(pinned: set[str], before: Observed | None, now: Observed) -> str:
    """Why pinned facts could not be compared; "" where any of them could."""
    if before is None:
        return "hb.lock holds nothing of it to compare with"
    if not any(getattr(before, name) for name in pinned):
        return f"hb.lock holds no {' or '.join(sorted(pinned))} of it"
    if not any(getattr(now, name) for name in pinned if getattr(before, name)):
        return f"its {' or '.join(sorted(pinned))} could not be read"
    return ""


def _changed(
    opening: Opening, rule: Rule | None, before: Observed | None, now: Observed, pinned: set[str]
) -> list[Finding]:
    """A note of the facts that are others than in hb.lock, and that nobody pins."""
    changes = tuple([each for each in differences(before, now) if each.name not in pinned]) if before else ()
    if not changes and not (before and is_wider(opening.scope, before.scope)):
        return []
    return [Finding("changed", "note", opening, rule, before=before, changes=changes)]


def _unmatched(decision: Decision, around: Around) -> list[Finding]:
    """An opening that no rule covers: news, unless it was there before anybody decided."""
    opening, memory = decision.opening, around.memory
    before = memory.of(opening)
    drift = "muted" if decision.muted else "drift"
    if before is not None and is_wider(opening.scope, before.scope):
        return [Finding("widened", drift, opening, before=before)]
    loud = _loudest(opening)
    perhaps = memory.perhaps(opening) if before is None else None
    if perhaps is not None:
        kind, state = ("widened", drift) if is_wider(opening.scope, perhaps.scope) else ("not-seen", "unseen")
        return [Finding(kind, state, opening, detail=UNSEEN if state == "unseen" else "", before=perhaps)]
    if memory.is_debt(opening, around.now):
        now = facts_of(opening, around)
        led = _led_elsewhere(before, now)
        notes = _changed(opening, None, before, now, {"leads"} if led else set())
        if loud:
            return [Finding("suspicious", "drift", opening, reason=loud), *notes]
        if led:
            return [Finding("owner-changed", drift, opening, before=before, changes=led), *notes]
        return [Finding("new", "debt", opening, before=before), *notes]
    gone = memory.predecessor(opening)
    if gone is not None:
        return [Finding("owner-changed", drift, opening, before=gone)]
    if around.defaults.unmatched == "ignore" and not loud:
        return []
    if around.defaults.unmatched == "note" and not loud:
        return [Finding("new", "note", opening)]
    return [Finding("new", "drift" if loud else drift, opening, detail=decision.detail)]


def _loudest(opening: Opening) -> Reason | None:
    """The worst that the rules of evidence say of it, where that is never quiet."""
    reasons = opening.verdict.reasons if opening.verdict else ()
    worst = max(reasons, key=lambda one: SEVERITIES.index(one.severity), default=None)
    return worst if worst is not None and SEVERITIES.index(worst.severity) >= LOUD else None


def same_program(one: Observed, opening: Opening) -> bool:
    """Whether an opening is what was observed though its identity is another: one of the looks knew no package."""
    owner, identity = (opening.owners[0] if opening.owners else None), place_of(one.thread)[2]
    if owner is None or not owner.exe or owner.unit or owner.container or not identity.startswith(("pkg:", "exe:")):
        return False
    unknown = owner.package is None or not one.package
    return unknown and bool(one.exe) and plain(owner.exe.removesuffix(" (deleted)")) == one.exe


def may_be(one: Observed, opening: Opening) -> bool:
    """Whether an opening may be what was observed, as far as its holder can be seen (model/coverage.py, knowledge)."""
    identity = place_of(one.thread)[2]
    if identity == plain(opening.identity) or same_program(one, opening):
        return True
    if knowledge(opening) == 3 or opening.identity.startswith("kernel:"):
        return False
    if opening.identity.startswith(("unit:", "image:", "container:")):
        return identity == "unknown" or identity.startswith("comm:")
    return not identity.startswith("kernel:")


def facts_of(opening: Opening, around: Around) -> Observed:
    """What is observed of it now."""
    key = opening.key if around.answers or around.digests else ""  # a fleet's openings have neither
    return observed(opening, around.answers.get(key), sha256=around.digests.get(key, ""))

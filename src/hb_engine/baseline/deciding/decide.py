"""The baseline's word on an opening: every rule that may be about it is held against it, and the first in order wins.

What covers wins by precedence: forbid, require, allow; host, role, fleet. Where nothing covers, the rule that comes
nearest gives the word. Words are remembered by what they depend on, so that a fleet's ten thousandth nginx costs a
look into a table. A time goes in with the rules; nothing here asks a clock.
"""

from __future__ import annotations

from hb_engine.baseline.deciding.index import precedence
from hb_engine.baseline.deciding.match import OTHER_HOST, Seen, holder
from hb_engine.baseline.deciding.rules import Rules, utc
from hb_engine.model.decision import Decision, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.baseline.deciding import holders
    from hb_engine.baseline.deciding.match import Held, Ready
    from hb_engine.baseline.deciding.rules import Said
    from hb_engine.baseline.deciding.windows import Offset
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Baseline, Listen, Rule
    from hb_engine.model.inventory import Host
    from hb_engine.model.opening import Opening

# Outcomes of rules that are about an opening and do not cover it, those that come nearest first.
WORDS = {
    "owner-unseen": "unseen",
    "speech-unseen": "unseen",
    "expired": "expired",
    "outside-window": "out-of-window",
    "weaker": "weakened",
    "speaks-else": "speaks-else",
    "wider": "widened",
    "other-owner": "owner-changed",
}
NEAREST = {outcome: number for number, outcome in enumerate(WORDS)}
TOLD = ("expected", "forbidden")  # words that no window mutes


def choose(held: Iterable[tuple[Ready, Held]]) -> tuple[str, Rule | None, str]:
    """The word, the rule that decided or came nearest, and why. `held` is in the order of precedence.

    Where a rule that forbids would decide, and who holds the opening could not be seen, nothing is expected.
    """
    unsure: tuple[Ready, str] | None = None
    near: tuple[int, Ready, str, str] | None = None
    for ready, (outcome, detail, about) in held:
        if ready.forbids:
            if outcome == "covers":
                return "forbidden", ready.rule, f"{ready.name} forbids it"
            if about and unsure is None:
                unsure = ready, detail
        elif outcome == "covers":
            if unsure:
                return "unseen", unsure[0].rule, unsure[1]
            verb = "requires" if ready.rule.kind == "require" else "allows"
            return "expected", ready.rule, f"{ready.name} {verb} it"
        elif about and (near is None or NEAREST[outcome] < near[0]):
            near = NEAREST[outcome], ready, WORDS[outcome], detail
    if near:
        return near[2], near[1].rule, near[3]
    return "unmatched", None, ""


def _nearest(held: list[tuple[Ready, Held]], seen: Seen) -> tuple[Rule | None, str]:
    """A rule that shares the place of an opening that none is about."""
    for ready, (outcome, detail, _) in held:
        near = outcome in ("wider", "speaks-else", "weaker") or (outcome == "other-owner" and ready.shares_port(seen))
        near = near or (outcome == "other-place" and bool(detail))  # the port, on another device or network
        if near and not ready.forbids:
            return ready.rule, f"no rule is about it; the nearest: {detail}"
    return None, "no rule is about it"


class Decider:
    """A baseline's words for one machine at one time."""

    def __init__(
        self,
        baseline: Baseline,
        host: Host,
        now: float,
        *,
        roles: tuple[str, ...] = (),
        offset: Offset = utc,
        digest: holders.Digest | None = None,
        shared: Rules | None = None,
        untold: frozenset[str] = frozenset(),
    ) -> None:
        """`roles` are given by a person, beside those that the baseline gives. `digest` tells the sha256 of an owner's
        executable, or "", where rules ask for it. `shared` are the same baseline's rules at the same time, made ready
        before: with them the next machine of a fleet costs a few microseconds. `untold` are the facts of owners whose
        absence means nothing, for the look does not tell them (model.coverage.untold).
        """
        self._all = shared or Rules(baseline, now, offset)
        self.roles, self._index, self._times = self._all.choose(host, roles)
        self._digest, self._untold = digest, untold
        self.host, self.now = host, now

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are for this machine, in the order of precedence."""
        return self._index.plain

    def decide(self, opening: Opening, answer: Answer | None = None) -> Decision:
        """The word on an opening. An answer is what it said when it was asked."""
        bucket = self._index.bucket(opening)
        memory = self._all.memory
        key = memory.key(bucket, self._times, opening, answer)
        key = (self._untold, key) if self._untold else key
        said = memory.get(key) if memory.can_remember else None
        if said is None:
            seen = Seen(opening, answer, self._digest, self._untold)
            said = self._say([(ready, self._hold(ready, seen)) for ready in bucket.about(seen)], seen)
            memory.keep(key, said)
        if said[1] is None:  # who else's rule may be near depends on all rules, not on these
            said = self._elsewhere(said, Seen(opening, answer, self._digest, self._untold))
        return Decision(opening, *said)

    def _hold(self, ready: Ready, seen: Seen) -> Held:
        return ready.hold(seen, self._times.outside.get(ready.rule.id, ""))

    def _say(self, held: list[tuple[Ready, Held]], seen: Seen) -> Said:
        word, rule, detail = choose(held)
        if word == "unmatched":
            rule, detail = _nearest(held, seen)
        return word, rule, detail, self._muted(word, rule, seen)

    def _muted(self, word: str, rule: Rule | None, seen: Seen) -> str:
        """The window in which this drift is not told. What is forbidden or hidden is always told."""
        if word in TOLD or "hidden" in seen.opening.flags:
            return ""
        return self.mute(rule)

    def mute(self, rule: Rule | None) -> str:
        """The window in which what goes against a rule, or against none, is not told now; "" where there is none."""
        for name, ids in self._times.muting:
            if not ids or (rule is not None and rule.id in ids):
                return name
        return ""

    def _elsewhere(self, said: Said, seen: Seen) -> Said:
        """The word on an opening that no rule is about, with a rule for its owner elsewhere, where there is one."""
        found = self._index.of_owner(seen)
        if found is None:
            return said
        detail = f"no rule is about it; {found.name} allows {holder(seen)} {found.rule.places or 'other places'}"
        return said[0], found.rule, detail, self._muted(said[0], found.rule, seen)

    def explain(self, opening: Opening, answer: Answer | None = None) -> Decision:
        """The same, by holding every rule of the baseline against the opening, in order; all of them are in `steps`.

        It uses no index to find them, and so is what the index is tested against.
        """
        seen = Seen(opening, answer, self._digest, self._untold)
        mine = {ready.number for ready in self._index.rules}
        order = sorted(self._all.ready, key=precedence)
        held = [(ready, self._hold(ready, seen) if ready.number in mine else OTHER_HOST) for ready in order]
        said = self._say(held, seen)
        if said[1] is None:
            said = self._elsewhere(said, seen)
        steps = tuple([Step(ready.rule, outcome, why) for ready, (outcome, why, _) in held])
        return Decision(opening, *said, steps)

    def _about(self, opening: Opening) -> list[Ready]:
        return self._index.bucket(opening).everything

    def held(self, opening: Opening, answer: Answer | None = None) -> list[tuple[int, str]]:
        """What holding each rule of this place comes to: its number in the baseline, and one of model.decision's
        OUTCOMES."""
        seen = Seen(opening, answer, self._digest, self._untold)
        return [(ready.number, self._hold(ready, seen)[0]) for ready in self._about(opening)]

    def wants_speech(self, opening: Opening) -> bool:
        """Whether the word on an opening may depend on what speaks there."""
        speaking = [ready for ready in self._about(opening) if ready.rule.speaks]
        if not speaking:
            return False
        seen = Seen(opening, None, self._digest, self._untold)
        return any(self._hold(ready, seen)[0] in ("speech-unseen", "owner-unseen") for ready in speaking)

    def missing(self, openings: Iterable[Opening]) -> tuple[Rule, ...]:
        """The rules that require something now that is not among these openings, not even otherwise than it should be.

        Where something else holds a required port, or speaks there, that opening's own word says so.
        """
        return tuple([rule for rule, _ in self.lacking(openings)])

    def lacking(self, openings: Iterable[Opening]) -> list[tuple[Rule, list[tuple[Listen, ...]]]]:
        """The same with the places of each that are not there, as Rule.wanted has them."""
        wanted = {
            ready.number: (ready, dict(enumerate(ready.rule.wanted)))
            for ready in self._index.required
            if not ready.is_expired and ready.rule.id not in self._times.outside
        }
        for opening in openings if wanted else ():
            for ready in self._index.bucket(opening).required:
                if ready.number not in wanted:
                    continue
                seen = Seen(opening, None, self._digest, self._untold)
                if ready.hold(seen)[2]:
                    left = wanted[ready.number][1]
                    for number in ready.wanted(seen):
                        left.pop(number, None)
                    if not left:
                        del wanted[ready.number]
        return [(ready.rule, list(left.values())) for ready, left in wanted.values()]

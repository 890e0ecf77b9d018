"""The baseline's word on an opening: every rule that may be about it is held against it, and the first in order wins.

What covers wins by precedence: forbid, require, allow; host, role, fleet. Where nothing covers, the rule that comes
nearest gives the word. Words are remembered by what they depend on, so that a fleet's ten thousandth nginx costs a
look into a table. A time goes in with the rules; nothing here asks a clock.
"""

from __future__ import annotations

from hb_engine.baseline import holders, windows
from hb_engine.baseline.index import Bucket, Index, precedence
from hb_engine.baseline.match import ELSEWHERE, OTHER_HOST, Ready, Seen, exact, holder
from hb_engine.baseline.roles import Machine, Roles, condition, named
from hb_engine.model.decision import Decision, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.baseline.match import Held
    from hb_engine.baseline.windows import Offset
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Baseline, Rule
    from hb_engine.model.inventory import Host
    from hb_engine.model.opening import Opening

    Said = tuple[str, Rule | None, str, str]  # word, rule, detail, muted

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
NEAREST = {outcome: number for number, outcome in enumerate(WORDS)}  # the fewer things are wrong, the nearer
REMEMBERED = 200_000  # words; then all are forgotten
INDEXES = 64  # sets of rules that are kept ready


def _utc(zone: str, _seconds: int) -> int | None:
    return 0 if zone == "UTC" else None


class Rules:
    """A baseline made ready for one time, and for any number of machines."""

    def __init__(self, baseline: Baseline, now: float, offset: Offset = _utc) -> None:
        self.baseline, self.now, self.offset = baseline, now, offset
        self.ready = [Ready(rule, number, now) for number, rule in enumerate(baseline.rules)]
        self.roles = Roles(baseline.roles)
        self._fleet: list[Ready] = []
        self._by_role: dict[str, list[Ready]] = {}
        self._by_host: list[tuple[Callable[[Machine], bool], Ready]] = []
        self._by_name: dict[str, list[Ready]] = {}
        for ready in self.ready:
            self._enter(ready)
        self._windows = [(window, windows.holds(window, now, offset)) for window in baseline.windows]
        self._whens = [condition(window.when) if window.when is not None else None for window in baseline.windows]
        self._judges: dict[object, Judge] = {}

    def _enter(self, ready: Ready) -> None:
        rule = ready.rule
        if not rule.host:
            (self._by_role.setdefault(rule.role, []) if rule.role else self._fleet).append(ready)
        elif any(letter in rule.host for letter in "*?["):
            self._by_host.append((named(rule.host), ready))
        else:
            self._by_name.setdefault(rule.host.lower(), []).append(ready)

    def judge(self, host: Host, given: tuple[str, ...] = ()) -> tuple[Judge, tuple[str, ...]]:
        """What judges this machine's openings, shared by all machines with the same rules; and its roles."""
        roles = self.roles.of(host, given)
        machine = Machine(host)
        own = [ready for test, ready in self._by_host if test(machine)]
        for name in dict.fromkeys((machine.name, machine.short)):
            own += self._by_name.get(name, ())
        own = [ready for ready in own if not ready.rule.role or ready.rule.role in roles]
        machine.roles.update(roles)
        open_windows = tuple([when is None or when(machine) for when in self._whens])
        key = (roles, tuple([ready.number for ready in own]), open_windows)
        judge = self._judges.get(key)
        if judge is None:
            if len(self._judges) >= INDEXES:
                self._judges.clear()
            chosen = [*self._fleet, *own, *[ready for role in roles for ready in self._by_role.get(role, ())]]
            judge = self._judges[key] = Judge(self, chosen, open_windows)
        return judge, roles

    def chosen_windows(self, applies: tuple[bool, ...]) -> tuple[dict[str, str], list[tuple[str, frozenset[str]]]]:
        """Of the windows that are for a machine: rules that do not hold now, with their window; and who is muted."""
        inside: set[str] = set()
        restricted: dict[str, str] = {}
        muting = []
        for (window, holds), chosen in zip(self._windows, applies, strict=True):
            if not chosen:
                continue
            if window.mode == "mute":
                muting += [(window.name, frozenset(window.rules))] if holds else []
            elif holds:
                inside.update(window.rules)
            else:
                restricted.update(dict.fromkeys(window.rules, window.name))
        return {rule: name for rule, name in restricted.items() if rule not in inside}, muting


class Judge:
    """The rules that are for a machine, and the words that were found so far."""

    def __init__(self, rules: Rules, chosen: list[Ready], applies: tuple[bool, ...]) -> None:
        self.index = Index(chosen)
        self.numbers = frozenset([ready.number for ready in chosen])
        self.outside, self.muting = rules.chosen_windows(applies)
        asked = frozenset[str]().union(*[holders.fields(ready.rule.by) for ready in chosen])
        self.reads = [READS[field] for field in sorted(asked) if field in READS]
        self.has_networks = any(listen.networks for ready in chosen for listen in ready.rule.listen)
        self.words: dict[object, Said] = {}
        self._owned: dict[tuple[str, str], Ready] | None = None

    def key(self, bucket: Bucket, opening: Opening, answer: Answer | None) -> object:
        """All that the word on an opening depends on."""
        owners = opening.owners
        reads = self.reads
        if len(owners) == 1:
            owner = owners[0]
            held: object = [read(owner) for read in reads] if reads else ()
            held = (*held, owner.unit, any([hold.how == "activation" for hold in owner.holds]))
        else:
            held = tuple([_everything(owner) for owner in owners])
        return (
            bucket.number,
            opening.scope,
            opening.netns.kind,
            opening.interface,
            opening.addresses if self.has_networks or opening.interface else self._wild(opening),
            opening.uid,
            opening.user,
            opening.unit,
            opening.container,
            opening.unowned,
            held,
            "hidden" in opening.flags,
            answer if bucket.speaks else None,
        )

    @staticmethod
    def _wild(opening: Opening) -> bool:
        return "0.0.0.0" in opening.addresses or "::" in opening.addresses  # noqa: S104 (compared, never bound)

    def say(self, bucket: Bucket, seen: Seen) -> Said:
        """The word on an opening, from the rules of its bucket."""
        held = [(ready, ready.hold(seen, self.outside.get(ready.rule.id, ""))) for ready in bucket.rules]
        word, rule, detail = choose(held)
        if word == "unmatched":
            rule, detail = self.nearest(held, seen)
        return word, rule, detail, self.muted(word, rule, seen)

    def muted(self, word: str, rule: Rule | None, seen: Seen) -> str:
        """The window in which this drift is not told. What is forbidden or hidden is always told."""
        if word in ("expected", "forbidden") or "hidden" in seen.opening.flags:
            return ""
        for name, ids in self.muting:
            if not ids or (rule is not None and rule.id in ids):
                return name
        return ""

    def nearest(self, held: list[tuple[Ready, Held]], seen: Seen) -> tuple[Rule | None, str]:
        """A rule that shares the port of an opening that none is about, or else its owner."""
        for ready, (outcome, detail, _) in held:
            if outcome in ("wider", "other-owner", "speaks-else", "weaker") and not ready.forbids:
                return ready.rule, f"no rule is about it; the nearest: {detail}"
        ready = self._of_owner(seen)
        if ready is None:
            return None, "no rule is about it"
        places = ", ".join([listen.text for listen in ready.rule.listen if listen.text])
        return ready.rule, f"no rule is about it; {ready.name} allows {holder(seen)} {places or 'other places'}"

    def _of_owner(self, seen: Seen) -> Ready | None:
        if self._owned is None:
            self._owned = {}
            for ready in self.index.rules:
                literal = None if ready.forbids or ready.rule.by is None else exact(ready.rule.by)
                if literal:
                    self._owned.setdefault(literal, ready)
        for group in seen.groups:
            for field in ("unit", "exe", "pkg"):
                for value in group.values(field) or ():
                    ready = self._owned.get((field, value))
                    if ready:
                        return ready
        return None


def _everything(owner: object) -> object:
    return owner


READS: dict[str, Callable[..., object]] = {
    "exe": lambda owner: (owner.exe, owner.exe_state),
    "pkg": lambda owner: (
        owner.package and owner.package.name,
        owner.script_package and owner.script_package.name,
        not owner.exe,
        owner.exe_state,
    ),
    "comm": lambda owner: owner.comm,
    "script": lambda owner: (owner.script, not owner.exe, owner.exe_state),
    "user": lambda owner: (owner.user, owner.uid),
    "container": lambda owner: owner.container,
    "image": lambda owner: owner.container,
    "signed": lambda owner: (owner.package and (owner.package.verified, owner.package.manager), not owner.exe),
    "kernel": lambda owner: owner.exe_state,
}


def choose(held: Iterable[tuple[Ready, Held]]) -> tuple[str, Rule | None, str]:
    """The word, the rule that decided or came nearest, and why. `held` is in the order of precedence."""
    unsure: tuple[Ready, str] | None = None
    near: tuple[int, Ready, str, str] | None = None
    for ready, (outcome, detail, about) in held:
        if ready.forbids:
            if outcome == "covers":
                return "forbidden", ready.rule, f"{ready.name} forbids it"
            if about and unsure is None:
                unsure = ready, detail
            continue
        if outcome == "covers":
            if unsure:
                return "unseen", unsure[0].rule, unsure[1]
            verb = "requires" if ready.rule.kind == "require" else "allows"
            return "expected", ready.rule, f"{ready.name} {verb} it"
        if about and (near is None or NEAREST[outcome] < near[0]):
            near = NEAREST[outcome], ready, WORDS[outcome], detail
    if near:
        return near[2], near[1].rule, near[3]
    return "unmatched", None, ""


class Decider:
    """A baseline's words for one machine at one time."""

    def __init__(
        self,
        baseline: Baseline,
        host: Host,
        now: float,
        *,
        roles: tuple[str, ...] = (),
        offset: Offset = _utc,
        digest: holders.Digest | None = None,
        shared: Rules | None = None,
    ) -> None:
        """`shared` are the same baseline's rules made ready before, for many machines; `digest` gives the sha256 of
        an owner's executable, where rules ask for it and somebody could read it."""
        self._all = shared or Rules(baseline, now, offset)
        self._judge, self.roles = self._all.judge(host, roles)
        self._digest = digest
        self.host, self.now = host, now

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that are for this machine, in the order of precedence."""
        return tuple([ready.rule for ready in self._judge.index.rules])

    def decide(self, opening: Opening, answer: Answer | None = None) -> Decision:
        """The word on an opening. An answer is what it said when it was asked."""
        judge = self._judge
        bucket = judge.index.bucket(opening)
        key = judge.key(bucket, opening, answer)
        said = judge.words.get(key)
        if said is None:
            said = judge.say(bucket, Seen(opening, answer, self._digest))
            if len(judge.words) >= REMEMBERED:
                judge.words.clear()
            judge.words[key] = said
        return Decision(opening, *said)

    def explain(self, opening: Opening, answer: Answer | None = None) -> Decision:
        """The same, by holding every rule of the baseline against the opening; all of them are in `steps`."""
        judge = self._judge
        seen = Seen(opening, answer, self._digest)
        held = []
        for ready in sorted(self._all.ready, key=precedence):
            mine = ready.number in judge.numbers
            held.append((ready, ready.hold(seen, judge.outside.get(ready.rule.id, "")) if mine else OTHER_HOST))
        word, rule, detail = choose(held)
        if word == "unmatched":
            rule, detail = judge.nearest([each for each in held if each[1] != OTHER_HOST], seen)
        steps = tuple([Step(ready.rule, outcome, why) for ready, (outcome, why, _) in held])
        return Decision(opening, word, rule, detail, judge.muted(word, rule, seen), steps)

    def wants_speech(self, opening: Opening) -> bool:
        """Whether the word on an opening depends on what speaks there."""
        bucket = self._judge.index.bucket(opening)
        if not bucket.speaks:
            return False
        seen = Seen(opening, None, self._digest)
        outside = self._judge.outside
        return any(ready.hold(seen, outside.get(ready.rule.id, ""))[0] == "speech-unseen" for ready in bucket.rules)

    def missing(self, openings: Iterable[Opening]) -> tuple[Rule, ...]:
        """The rules that require something now, and that no opening is about: what they require is not there.

        Where something else holds a required port, or speaks there, that opening's own word says so.
        """
        judge = self._judge
        wanted = {
            ready.number: ready
            for ready in judge.index.rules
            if ready.rule.kind == "require" and not ready.is_expired and ready.rule.id not in judge.outside
        }
        for opening in openings if wanted else ():
            seen = Seen(opening, None, self._digest)
            for ready in judge.index.bucket(opening).rules:
                if ready.number in wanted and ready.hold(seen)[2]:
                    del wanted[ready.number]
        return tuple([ready.rule for ready in wanted.values()])


__all__ = ["ELSEWHERE", "Decider", "Rules", "choose"]

"""The rules of a baseline made ready for one time, and the choice of those that are for a machine.

Machines of the same roles share everything: an index, and the words that were found. Rules that are for one machine
alone stand in a small index of its own beside that, so that 100,000 exceptions do not make 100,000 copies of the rest.
"""

from __future__ import annotations

from hb_engine.baseline import holders, windows
from hb_engine.baseline.index import Index
from hb_engine.baseline.match import Ready
from hb_engine.baseline.roles import Machine, Roles, condition, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.baseline.index import Bucket
    from hb_engine.baseline.roles import Chooses
    from hb_engine.baseline.windows import Offset
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Baseline, Rule
    from hb_engine.model.inventory import Host
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

    Said = tuple[str, Rule | None, str, str]  # word, rule, detail, muted
    Muting = tuple[str, frozenset[str]]  # a window's name, and the rules that it mutes; none for all

WORDS = 200_000  # that are remembered, of all shares together
EVERYWHERE = frozenset(("0.0.0.0", "::"))  # noqa: S104 (it is compared, never bound)
READY = 500_000  # rules that are kept in indexes, of all shares together


def utc(zone: str, _seconds: int) -> int | None:
    """The one zone that needs no file."""
    return 0 if zone == "UTC" else None


class Rules:
    """A baseline at one time (`now`, seconds since the epoch), for any number of machines."""

    def __init__(self, baseline: Baseline, now: float, offset: Offset = utc) -> None:
        self.baseline, self.now = baseline, now
        self.ready = [Ready(rule, number, now) for number, rule in enumerate(baseline.rules)]
        self._roles = Roles(baseline.roles)
        self._fleet: list[Ready] = []
        self._by_role: dict[str, list[Ready]] = {}
        self._by_name: dict[str, list[Ready]] = {}
        self._by_pattern: dict[str, list[Ready]] = {}
        for ready in self.ready:
            self._enter(ready)
        self._patterns = [(named(pattern), found) for pattern, found in self._by_pattern.items()]
        self._windows = [(window, windows.holds(window, now, offset)) for window in baseline.windows]
        self._whens: list[Chooses | None] = [
            condition(window.when) if window.when is not None else None for window in baseline.windows
        ]
        self._shares: dict[object, Share] = {}
        self.remembered = 0

    def _enter(self, ready: Ready) -> None:
        rule = ready.rule
        if not rule.host:
            (self._by_role.setdefault(rule.role, []) if rule.role else self._fleet).append(ready)
        elif any(letter in rule.host for letter in "*?["):
            self._by_pattern.setdefault(rule.host, []).append(ready)
        else:
            self._by_name.setdefault(rule.host.lower(), []).append(ready)

    def choose(self, host: Host, given: tuple[str, ...] = ()) -> tuple[tuple[str, ...], Share, Index | None]:
        """A machine's roles, what it shares with others of these roles, and the rules that are for it alone."""
        roles = self._roles.of(host, given)
        machine = Machine(host)
        machine.roles.update(roles)
        own = [ready for test, found in self._patterns if test(machine) for ready in found]
        for name in dict.fromkeys((machine.name, machine.short)):
            own += self._by_name.get(name, ())
        own = [ready for ready in own if not ready.rule.role or ready.rule.role in machine.roles]
        applies = tuple([when is None or when(machine) for when in self._whens])
        return roles, self._share(roles, applies), Index(own) if own else None

    def _share(self, roles: tuple[str, ...], applies: tuple[bool, ...]) -> Share:
        key = (roles, applies)
        share = self._shares.get(key)
        if share is None:
            chosen = [*self._fleet, *[ready for role in roles for ready in self._by_role.get(role, ())]]
            if sum(len(each.index.rules) for each in self._shares.values()) + len(chosen) > READY:
                self._shares.clear()
            share = self._shares[key] = Share(self, chosen, *self._timed(applies))
        return share

    def _timed(self, applies: tuple[bool, ...]) -> tuple[dict[str, str], list[Muting]]:
        """Of the windows for a machine: the rules that do not hold now, with their window; and who is muted."""
        inside: set[str] = set()
        restricted: dict[str, str] = {}
        muting: list[Muting] = []
        for (window, holds), chosen in zip(self._windows, applies, strict=True):
            if chosen and window.mode == "mute":
                muting += [(window.name, frozenset(window.rules))] if holds else []
            elif chosen and holds:
                inside.update(window.rules)
            elif chosen:
                restricted.update(dict.fromkeys(window.rules, window.name))
        return {rule: name for rule, name in restricted.items() if rule not in inside}, muting

    def forget(self) -> None:
        """Let go of all words that were found."""
        for share in self._shares.values():
            share.words.clear()
        self.remembered = 0


class Share:
    """What machines of the same roles have in common."""

    def __init__(self, rules: Rules, chosen: list[Ready], outside: dict[str, str], muting: list[Muting]) -> None:
        self.index = Index(chosen)
        self.outside, self.muting = outside, muting
        self.words: dict[object, Said] = {}
        self._all = rules
        asked = fields(chosen)
        self._reads = [READS[field] for field in sorted(asked) if field in READS]
        self._boxes = bool(asked & {"container", "image"})
        self._users = "user" in asked
        self._names = any(ready.rule.by is not None for ready in chosen)
        self._networks = any(listen.networks for ready in chosen for listen in ready.rule.listen)
        self.can_remember = "sha256" not in asked  # what a file holds is asked each time

    def remember(self, key: object, said: Said) -> None:
        """Keep a word for whatever depends on the same."""
        if self._all.remembered >= WORDS:
            self._all.forget()
        self._all.remembered += 1
        self.words[key] = said

    def key(self, bucket: Bucket, opening: Opening, answer: Answer | None) -> object:
        """All that the word on an opening depends on, and nothing that changes with every machine or restart."""
        return (
            bucket.number,
            opening.scope,
            opening.netns.kind,
            opening.interface,
            opening.addresses if self._networks else bool(EVERYWHERE.intersection(opening.addresses)),
            "hidden" in opening.flags,
            self._holders(opening) if self._names else None,
            (answer.state, answer.reason, answer.held, answer.identity) if answer and bucket.speaks else None,
        )

    def _holders(self, opening: Opening) -> object:
        owners = opening.owners
        if len(owners) == 1:
            return self._holder(owners[0]), self._socket(opening)
        if not owners:
            return opening.unowned, opening.identity, opening.uid, opening.user, self._socket(opening)
        many = [(self._holder(owner), owner.script, owner.container) for owner in owners]
        return tuple(dict.fromkeys(many)), self._socket(opening)

    def _socket(self, opening: Opening) -> object:
        """What is known of a socket besides its owners."""
        who = (opening.user, opening.uid) if self._users else None
        return opening.unit, who, opening.container if self._boxes else None

    def _holder(self, owner: Owner) -> object:
        waits = bool(owner.holds) and holders.is_keeper(owner)
        name = owner.unit or owner.exe or owner.comm or owner.pid
        return (name, owner.exe or owner.comm, waits, *[read(owner) for read in self._reads])


def fields(chosen: Iterable[Ready]) -> frozenset[str]:
    """The fields that the `by` of some rules ask."""
    return frozenset[str]().union(*[holders.fields(ready.rule.by) for ready in chosen])


def _package(owner: Owner) -> object:
    own, script = owner.package, owner.script_package
    return (own.name if own else None, script.name if script else None, not owner.exe, owner.exe_state == "kernel")


def _signed(owner: Owner) -> object:
    package = owner.package
    return (package.verified, package.manager) if package else not owner.exe


# What each field of `by` looks at in an owner; the unit is always looked at.
READS: dict[str, Callable[[Owner], object]] = {
    "exe": lambda owner: (owner.exe, owner.exe_state == "kernel"),
    "pkg": _package,
    "comm": lambda owner: owner.comm,
    "script": lambda owner: (owner.script, not owner.exe, owner.exe_state == "kernel"),
    "user": lambda owner: (owner.user, owner.uid),
    "container": lambda owner: owner.container,
    "image": lambda owner: owner.container,
    "signed": _signed,
    "kernel": lambda owner: owner.exe_state == "kernel",
    "cgroup": lambda owner: owner.unit,
}

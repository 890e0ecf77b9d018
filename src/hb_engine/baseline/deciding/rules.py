"""The rules of a baseline made ready for one time, and the choice of those that are for a machine.

Rules for all machines, and those of each role, are made an index of once; a machine is given a stack of them, with its
own exceptions on top. Words are remembered by the rules that they come of, so that machines of different roles share
what they have in common.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import holders, windows
from hb_engine.baseline.deciding.index import Index, Layer, Shared
from hb_engine.baseline.deciding.match import Ready
from hb_engine.baseline.deciding.roles import Machine, Roles, addresses, chooser, condition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.baseline.deciding.index import Bucket
    from hb_engine.baseline.deciding.roles import Chooses
    from hb_engine.baseline.deciding.windows import Offset
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Baseline, Rule, Window
    from hb_engine.model.inventory import Host
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Container, Owner

    Said = tuple[str, Rule | None, str, str]  # word, rule, detail, muted
    Muting = tuple[str, frozenset[str]]  # a window's name, and the rules that it mutes; none for all

WORDS = 200_000  # that are remembered: at most some 150 MB
EVERYWHERE = frozenset(("0.0.0.0", "::"))  # noqa: S104 (it is compared, never bound)
INDEXES = 5000  # combinations of roles that are kept ready,
READY = 10_000_000  # and rules in all of them together


def utc(zone: str, _seconds: int) -> int | None:
    """The one zone that needs no file."""
    return 0 if zone == "UTC" else None


class Rules:
    """A baseline at one time (`now`, seconds since the epoch), for any number of machines."""

    def __init__(self, baseline: Baseline, now: float, offset: Offset = utc) -> None:
        self.baseline, self.now = baseline, now
        self.ready = [Ready(rule, number, now) for number, rule in enumerate(baseline.rules)]
        self._roles = Roles(baseline.roles)
        self._by_role: dict[str, list[Ready]] = {"": []}  # those without a role are for all machines
        self._by_name: dict[str, list[Ready]] = {}
        self._by_pattern: dict[str, list[Ready]] = {}
        for ready in self.ready:
            self._enter(ready)
        self._patterns = [(chooser(pattern), found) for pattern, found in self._by_pattern.items()]
        self._windows = [(window, windows.holds(window, now, offset)) for window in baseline.windows]
        self._whens: list[Chooses | None] = [
            condition(window.when) if window.when is not None else None for window in baseline.windows
        ]
        self._layers: dict[str, Layer] = {}
        self._shared = Shared(self.ready)
        self._indexes: dict[tuple[str, ...], Index] = {}
        self._times: dict[tuple[bool, ...], Times] = {}
        self.memory = Memory(self.ready)

    def _enter(self, ready: Ready) -> None:
        rule = ready.rule
        if not rule.host:
            self._by_role.setdefault(rule.role, []).append(ready)
        elif any(letter in rule.host for letter in "*?[") or addresses(rule.host):
            self._by_pattern.setdefault(rule.host, []).append(ready)
        else:
            self._by_name.setdefault(rule.host.lower(), []).append(ready)

    def choose(self, host: Host, given: tuple[str, ...] = ()) -> tuple[tuple[str, ...], Index, Times]:
        """A machine's roles, the index of the rules that are for it, and what windows say of them."""
        roles = self._roles.of(host, given)
        machine = Machine(host)
        machine.roles.update(roles)
        own = [ready for test, found in self._patterns if test(machine) for ready in found]
        for name in dict.fromkeys((machine.name, machine.short)):
            own += self._by_name.get(name, ())
        own = [ready for ready in own if not ready.rule.role or ready.rule.role in machine.roles]
        index = self._index(roles)
        if own:
            index = Index([*index.layers, Layer(own, self._shared.numbers)], self._shared)
        return roles, index, self._timed(tuple([when is None or when(machine) for when in self._whens]))

    def _index(self, roles: tuple[str, ...]) -> Index:
        index = self._indexes.get(roles)
        if index is None:
            if len(self._indexes) >= min(INDEXES, 1 + READY // max(1, len(self.ready))):
                self._indexes.clear()
            index = self._indexes[roles] = self._stack(roles)
        return index

    def _stack(self, roles: tuple[str, ...]) -> Index:
        return Index([self._layer(role) for role in ("", *roles)], self._shared)

    def _layer(self, role: str) -> Layer:
        if role not in self._layers:
            self._layers[role] = Layer(self._by_role.get(role, ()), self._shared.numbers)
        return self._layers[role]

    def _timed(self, applies: tuple[bool, ...]) -> Times:
        times = self._times.get(applies)
        if times is None:
            chosen = [each for each, is_for_it in zip(self._windows, applies, strict=True) if is_for_it]
            times = self._times[applies] = Times(len(self._times), chosen)
        return times


class Times:
    """What windows say now: of rules that do not hold, the window; and who is muted. `number` stands for it in keys."""

    def __init__(self, number: int, chosen: Iterable[tuple[Window, bool]]) -> None:
        self.number = number
        inside: set[str] = set()
        restricted: dict[str, str] = {}
        self.muting: list[Muting] = []
        for window, holds in chosen:
            if window.mode == "mute":
                self.muting += [(window.name, frozenset(window.rules))] if holds else []
            elif holds:
                inside.update(window.rules)
            else:
                restricted.update(dict.fromkeys(window.rules, window.name))
        self.outside = {rule: name for rule, name in restricted.items() if rule not in inside}


class Memory:
    """Words that were found, by all that they depend on."""

    def __init__(self, chosen: list[Ready]) -> None:
        asked = fields(chosen)
        self._words: dict[object, Said] = {}
        self._reads = [READS[field] for field in sorted(asked) if field in READS]
        self._boxes = bool(asked & {"container", "image"})
        self._users = "user" in asked
        self._names = any(ready.rule.by is not None for ready in chosen)
        self._networks = any(listen.networks for ready in chosen for listen in ready.rule.listen)
        self.can_remember = "sha256" not in asked  # what a file holds is asked each time
        self.get = self._words.get

    def keep(self, key: object, said: Said) -> None:
        """Remember a word; when there are too many, all are forgotten."""
        if len(self._words) >= WORDS:
            self._words.clear()
        self._words[key] = said

    def key(self, bucket: Bucket, times: Times, opening: Opening, answer: Answer | None) -> object:
        """All that the word on an opening depends on, and nothing that changes with every machine or restart."""
        return (
            bucket.number,
            times.number,
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
        box = opening.container
        return opening.unit, who, (_called(box), box.image) if box and self._boxes else None

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


def _called(box: Container | None) -> object:
    return (box.name, box.id, box.pod) if box else None


def _signed(owner: Owner) -> object:
    package = owner.package
    return (package.verified, package.manager) if package else not owner.exe


# What each field of `by` looks at in an owner; the unit is always looked at.
READS: dict[str, Callable[[Owner], object]] = {
    "exe": lambda owner: (owner.exe, owner.exe_state in ("kernel", "elsewhere")),
    "pkg": _package,
    "comm": lambda owner: owner.comm,
    "script": lambda owner: (owner.script, not owner.exe, owner.exe_state == "kernel"),
    "user": lambda owner: (owner.user, owner.uid),
    "container": lambda owner: _called(owner.container),
    "image": lambda owner: owner.container.image if owner.container else None,
    "signed": _signed,
    "kernel": lambda owner: owner.exe_state == "kernel",
    "cgroup": lambda owner: owner.unit,
}

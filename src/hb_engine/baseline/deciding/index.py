"""Rules in the order in which they win, found by place: the few that can be about an opening, not all there are.

Rules lie in layers: those for all machines, those of each role, those of one machine. A machine's index is a stack of
layers, so that a thousand combinations of forty roles cost a thousand short lists. In a layer, rules for one port stand
in a table, ranges in sorted lists. Rules for chosen ports or for any port would be looked at for every opening; where
such a rule needs a certain unit, executable or package, it is found by that, and only for openings that this owner
holds. What was found for a port is remembered as a bucket, and ports of the same rules share one.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import holders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.baseline.deciding.match import Ready, Seen
    from hb_engine.model.baseline import Rule
    from hb_engine.model.opening import Opening

    At = tuple[str, int | None, bool]  # transport, port, whether the kernel chose it
    Hit = tuple[Ready, int]  # a rule, and which of its places
    Ranges = tuple[list[int], list[tuple[int, Hit]]]  # first ports, sorted; last ports and hits beside them

MOST = 300_000  # ports whose bucket is remembered, in each index: vsock has 32 bits of them


def precedence(ready: Ready) -> tuple[int, int, int]:
    """Forbid before require before allow; host before role before fleet; then as they were read."""
    return ready.order


class Part:
    """The rules of one layer that share a place: those to look at, and those that are found by their owner."""

    __slots__ = ("number", "owned", "rules")

    def __init__(self, number: int, rules: list[Ready], owned: list[Ready]) -> None:
        self.number, self.rules, self.owned = number, rules, owned


class Bucket:
    """The rules that share a place, in order, of all layers. `number` stands for them in keys."""

    __slots__ = ("_everything", "_owned", "_waiting", "number", "required", "rules", "speaks")

    def __init__(self, number: int, parts: list[Part]) -> None:
        self.number = number
        self.rules = sorted([ready for part in parts for ready in part.rules], key=precedence)
        self._waiting = [ready for part in parts for ready in part.owned]
        self.speaks = any(ready.rule.speaks for ready in (*self.rules, *self._waiting))
        self.required = [ready for ready in (*self.rules, *self._waiting) if ready.rule.kind == "require"]
        self._owned: dict[holders.Literal, list[Ready]] | None = None
        self._everything: list[Ready] | None = None

    @property
    def everything(self) -> list[Ready]:
        """All rules of the place, whoever the owner is that they need."""
        if self._everything is None:
            self._everything = sorted([*self.rules, *self._waiting], key=precedence)
        return self._everything

    def about(self, seen: Seen) -> list[Ready]:
        """The rules that may cover an opening, in order: without those that need another owner."""
        if not self._waiting:
            return self.rules
        if self._owned is None:
            self._owned = {}
            for ready in self._waiting:
                self._owned.setdefault(holders.literal(ready.rule.by) or ("", ""), []).append(ready)
        found: dict[int, Ready] = {}
        for group in seen.groups:
            literals = holders.literals(group)
            if literals is None:  # it was not seen, so any of them may be meant
                return self.everything
            for literal in literals:
                found.update([(ready.number, ready) for ready in self._owned.get(literal, ())])
        return sorted([*self.rules, *found.values()], key=precedence) if found else self.rules


class Layer:
    """Some rules by place."""

    def __init__(self, rules: Iterable[Ready], numbers: Iterator[int]) -> None:
        """`numbers` gives parts of all layers numbers of their own."""
        self.rules = list(rules)
        self._numbers = numbers
        self._singles: dict[tuple[str, int], list[Hit]] = {}
        self._chosen: dict[str, list[Hit]] = {}
        self._any: dict[str, list[Hit]] = {}
        spans: dict[str, list[tuple[int, int, Hit]]] = {}
        for ready in self.rules:
            for number, listen in enumerate(ready.rule.listen):
                transport, hit = listen.transport, (ready, number)
                if listen.place == "any":
                    self._any.setdefault(transport, []).append(hit)
                elif listen.place == "ephemeral":
                    self._chosen.setdefault(transport, []).append(hit)
                elif listen.first == listen.last:
                    self._singles.setdefault((transport, listen.first), []).append(hit)
                else:
                    spans.setdefault(transport, []).append((listen.first, listen.last, hit))
        self._ranges: dict[str, Ranges] = {transport: _sorted(found) for transport, found in spans.items()}
        self._parts: dict[At, Part | None] = {}
        self._same: dict[object, Part] = {}
        self._owned: dict[holders.Literal, Ready] | None = None

    @property
    def owned(self) -> dict[holders.Literal, Ready]:
        """The first rule that allows or requires something of each unit, executable and package."""
        if self._owned is None:
            self._owned = {}
            for ready in sorted(self.rules, key=precedence):
                literal = None if ready.forbids else holders.literal(ready.rule.by)
                if literal:
                    self._owned.setdefault(literal, ready)
        return self._owned

    def part(self, at: At) -> Part | None:
        """The rules of a transport and port; None where there are none."""
        if at not in self._parts:
            self._parts[at] = self._found(at)
        return self._parts[at]

    def _found(self, at: At) -> Part | None:
        transport, port, ephemeral = at
        named: list[Hit] = []
        others: list[Hit] = []
        for each in (transport, "any"):
            others += self._any.get(each, ())
            if ephemeral:
                others += self._chosen.get(each, ())
            if port is not None:
                named += self._singles.get((each, port), ())
                named += self._around(each, port)
        if not named and not others:
            return None
        # Of a rule with several places, which of them it is matters: only with the same places are ports alike.
        same = frozenset([(ready.number, number) for ready, number in (*named, *others)])
        part = self._same.get(same)
        if part is None:
            rules = {ready.number: ready for ready, _ in named}
            owned: dict[int, Ready] = {}
            for ready, _ in others:
                if ready.number not in rules:
                    by_owner = not ready.forbids and holders.literal(ready.rule.by)
                    (owned if by_owner else rules)[ready.number] = ready
            part = self._same[same] = Part(next(self._numbers), list(rules.values()), list(owned.values()))
        return part

    def _around(self, transport: str, port: int) -> list[Hit]:
        from bisect import bisect_right  # in C, and only where rules name ranges

        firsts, rest = self._ranges.get(transport, ([], []))
        return [hit for last, hit in rest[: bisect_right(firsts, port)] if last >= port]


def _sorted(spans: list[tuple[int, int, Hit]]) -> Ranges:
    spans.sort(key=lambda span: span[0])
    return [span[0] for span in spans], [(last, hit) for _, last, hit in spans]


class Shared:
    """What all indexes of a baseline have in common: buckets, their numbers, and which ports are alike."""

    def __init__(self, rules: Iterable[Ready]) -> None:
        """`rules` are all that any index of these will hold: ports that none of them tells apart are alike."""
        from itertools import count  # in C

        self.numbers = count()
        self._buckets: dict[tuple[int, ...], Bucket] = {}
        self._alike: dict[int, int] = {}  # the port that stands for a port
        self._first: dict[int, int] = {}  # and the one that stands for all between two edges
        singles: set[int] = set()
        edges: set[int] = set()
        for ready in rules:
            for listen in ready.rule.listen:
                if listen.place == "ports" and listen.first == listen.last:
                    singles.add(listen.first)
                elif listen.place == "ports":
                    edges.update((listen.first, listen.last + 1))
        self._singles, self._edges = singles, sorted(edges)

    def like(self, port: int) -> int:
        """The port that stands for a port: of 28,000 that the kernel may choose, rules tell few apart."""
        found = self._alike.get(port)
        return found if found is not None else self._of(port)

    def _of(self, port: int) -> int:
        from bisect import bisect_right  # in C

        if len(self._alike) >= MOST:
            self._alike.clear()
        named = port in self._singles
        like = port if named else self._first.setdefault(bisect_right(self._edges, port), port)
        self._alike[port] = like
        return like

    def bucket(self, parts: list[Part]) -> Bucket:
        """The bucket of some layers' parts, the same again for the same ones."""
        numbers = tuple([part.number for part in parts])
        bucket = self._buckets.get(numbers)
        if bucket is None:
            if len(self._buckets) >= MOST:  # no number comes twice, so what was remembered of them stays true
                self._buckets.clear()
            bucket = self._buckets[numbers] = Bucket(next(self.numbers), parts)
        return bucket


class Index:
    """A stack of layers. What is `shared` is there once for all stacks of a baseline."""

    def __init__(self, layers: list[Layer], shared: Shared) -> None:
        self.layers = layers
        self._shared = shared
        self._buckets: dict[At, Bucket] = {}
        self._rules: list[Ready] | None = None
        self._plain: tuple[Rule, ...] | None = None
        self._required: list[Ready] | None = None

    @property
    def rules(self) -> list[Ready]:
        """All rules, in order."""
        if self._rules is None:
            self._rules = sorted([ready for layer in self.layers for ready in layer.rules], key=precedence)
        return self._rules

    @property
    def plain(self) -> tuple[Rule, ...]:
        """All rules as they were written, in order."""
        if self._plain is None:
            self._plain = tuple([ready.rule for ready in self.rules])
        return self._plain

    @property
    def required(self) -> list[Ready]:
        """The rules that require something, whatever the time, in order."""
        if self._required is None:
            self._required = [ready for ready in self.rules if ready.rule.kind == "require"]
        return self._required

    def bucket(self, opening: Opening) -> Bucket:
        """The rules that may be about an opening, by its transport and port."""
        port = opening.port
        at = (opening.transport, port if port is None else self._shared.like(port), opening.ephemeral)
        found = self._buckets.get(at)
        return found if found is not None else self._fill(at)

    def _fill(self, at: At) -> Bucket:
        parts = [part for layer in self.layers if (part := layer.part(at)) is not None]
        bucket = self._buckets[at] = self._shared.bucket(parts)
        return bucket

    def of_owner(self, seen: Seen) -> Ready | None:
        """The first rule that allows or requires something, elsewhere, of an owner of this opening."""
        wanted = [literal for group in seen.groups for literal in holders.literals(group) or ()]
        found = [layer.owned[each] for layer in self.layers for each in wanted if each in layer.owned]
        return min(found, key=precedence, default=None)

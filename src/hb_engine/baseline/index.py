"""Rules in the order in which they win, found by place: the few that can be about an opening, not all there are.

Rules for one port stand in a table; ranges in sorted lists, cut by halves. Rules for chosen ports or for any port would
be looked at for every opening; where such a rule needs a certain unit, executable or package, it is found by that, and
only for openings that this owner holds. What was found for a port is remembered, so that 60 openings on each of 100,000
machines ask for a few hundred buckets. An index belongs to a set of rules; machines with the same rules share it.
"""

from __future__ import annotations

from hb_engine.baseline import holders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.baseline.match import Ready, Seen
    from hb_engine.model.opening import Opening

    Ranges = tuple[list[int], list[tuple[int, Ready]]]  # first ports, sorted; last ports and rules beside them


MOST = 300_000  # ports whose bucket is remembered


def precedence(ready: Ready) -> tuple[int, int, int]:
    """Forbid before require before allow; host before role before fleet; then as they were read."""
    return ready.order


class Bucket:
    """The rules that share a place, in order, and those of the same place that are found by their owner."""

    def __init__(self, number: int, rules: list[Ready], owned: list[Ready]) -> None:
        self.number, self.rules = number, rules  # the number stands for the bucket in keys
        self.everything = sorted([*rules, *owned], key=precedence)
        self.speaks = any(ready.rule.speaks for ready in self.everything)
        self._owned: dict[holders.Literal, list[Ready]] = {}
        for ready in owned:
            self._owned.setdefault(holders.literal(ready.rule.by) or ("", ""), []).append(ready)

    def about(self, seen: Seen) -> list[Ready]:
        """The rules that may cover an opening, in order: without those that need another owner."""
        if not self._owned:
            return self.rules
        found: dict[int, Ready] = {}
        for group in seen.groups:
            literals = holders.literals(group)
            if literals is None:  # it was not seen, so any of them may be meant
                return self.everything
            for literal in literals:
                found.update([(ready.number, ready) for ready in self._owned.get(literal, ())])
        return sorted([*self.rules, *found.values()], key=precedence) if found else self.rules


class Index:
    """Rules by place."""

    def __init__(self, rules: Iterable[Ready]) -> None:
        self.rules = sorted(rules, key=precedence)
        self._singles: dict[tuple[str, int], list[Ready]] = {}
        self._chosen: dict[str, list[Ready]] = {}
        self._any: dict[str, list[Ready]] = {}
        spans: dict[str, list[tuple[int, int, Ready]]] = {}
        for ready in self.rules:
            for listen in ready.rule.listen:
                transport = listen.transport
                if listen.place == "any":
                    self._any.setdefault(transport, []).append(ready)
                elif listen.place == "ephemeral":
                    self._chosen.setdefault(transport, []).append(ready)
                elif listen.first == listen.last:
                    self._singles.setdefault((transport, listen.first), []).append(ready)
                else:
                    spans.setdefault(transport, []).append((listen.first, listen.last, ready))
        self._ranges: dict[str, Ranges] = {transport: _sorted(found) for transport, found in spans.items()}
        self._buckets: dict[tuple[str, int | None, bool], Bucket] = {}
        self._same: dict[object, Bucket] = {}
        self._owned: dict[holders.Literal, Ready] | None = None

    @property
    def owned(self) -> dict[holders.Literal, Ready]:
        """The first rule that allows or requires something of each unit, executable and package."""
        if self._owned is None:
            self._owned = {}
            for ready in self.rules:
                literal = None if ready.forbids else holders.literal(ready.rule.by)
                if literal:
                    self._owned.setdefault(literal, ready)
        return self._owned

    def bucket(self, opening: Opening) -> Bucket:
        """The rules that may be about an opening, by its transport and port; ports with the same rules share one."""
        at = (opening.transport, opening.port, opening.ephemeral)
        found = self._buckets.get(at)
        return found if found is not None else self._fill(at)

    def _fill(self, at: tuple[str, int | None, bool]) -> Bucket:
        transport, port, ephemeral = at
        named: list[Ready] = []
        others: list[Ready] = []
        for each in (transport, "any"):
            others += self._any.get(each, ())
            if ephemeral:
                others += self._chosen.get(each, ())
            if port is not None:
                named += self._singles.get((each, port), ())
                named += self._around(each, port)
        rules = {ready.number: ready for ready in named}
        owned: dict[int, Ready] = {}
        for ready in others:
            if ready.number not in rules:
                found_by_owner = not ready.forbids and holders.literal(ready.rule.by)
                (owned if found_by_owner else rules)[ready.number] = ready
        same = (frozenset(rules), frozenset(owned))
        bucket = self._same.get(same)
        if bucket is None:
            ordered = sorted(rules.values(), key=precedence)
            bucket = self._same[same] = Bucket(len(self._same), ordered, list(owned.values()))
        if len(self._buckets) >= MOST:  # vsock has 32 bits of ports
            self._buckets.clear()
        self._buckets[at] = bucket
        return bucket

    def _around(self, transport: str, port: int) -> list[Ready]:
        from bisect import bisect_right  # in C, and only where rules name ranges

        firsts, rest = self._ranges.get(transport, ([], []))
        return [ready for last, ready in rest[: bisect_right(firsts, port)] if last >= port]


def _sorted(spans: list[tuple[int, int, Ready]]) -> Ranges:
    spans.sort(key=lambda span: span[0])
    return [span[0] for span in spans], [(last, ready) for _, last, ready in spans]

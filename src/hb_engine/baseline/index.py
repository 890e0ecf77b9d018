"""Rules in the order in which they win, found by place: the few that can be about an opening, not all there are.

Rules for one port stand in a table; ranges in sorted lists, searched by halves; the rest (chosen ports, any port) is
looked at for every opening. What was found for a port is remembered, so that 60 openings on each of 100,000 machines
ask for a few hundred buckets. An index belongs to a set of rules; machines with the same rules share it.
"""

from __future__ import annotations

from hb_engine.baseline.match import Ready
from hb_engine.model.baseline import LEVELS, RULE_KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.model.opening import Opening

KINDS = {kind: number for number, kind in enumerate(RULE_KINDS)}
RANKS = {level: number for number, level in enumerate(LEVELS)}


def precedence(ready: Ready) -> tuple[int, int, int]:
    """Forbid before require before allow; host before role before fleet; then as they were read."""
    return KINDS[ready.rule.kind], RANKS[ready.rule.level], ready.number


class Bucket:
    """The rules that share a place, in order. `number` stands for them in keys."""

    def __init__(self, number: int, rules: list[Ready]) -> None:
        self.number, self.rules = number, rules
        self.speaks = any(ready.rule.speaks for ready in rules)


class Index:
    """Rules by place."""

    def __init__(self, rules: Iterable[Ready]) -> None:
        self.rules = sorted(rules, key=precedence)
        self._singles: dict[tuple[str, int], list[Ready]] = {}
        self._ranges: dict[str, list[tuple[int, int, Ready]]] = {}
        self._chosen: dict[str, list[Ready]] = {}
        self._any: dict[str, list[Ready]] = {}
        for ready in self.rules:
            self._enter(ready)
        for ranges in self._ranges.values():
            ranges.sort(key=lambda each: each[:2])
        self._buckets: dict[tuple[str, int | None, bool], Bucket] = {}
        self._same: dict[tuple[int, ...], Bucket] = {}

    def _enter(self, ready: Ready) -> None:
        for listen in ready.rule.listen:
            if listen.place == "any":
                self._any.setdefault(listen.transport, []).append(ready)
            elif listen.place == "ephemeral":
                self._chosen.setdefault(listen.transport, []).append(ready)
            elif listen.first == listen.last:
                self._singles.setdefault((listen.transport, listen.first), []).append(ready)
            else:
                self._ranges.setdefault(listen.transport, []).append((listen.first, listen.last, ready))

    def bucket(self, opening: Opening) -> Bucket:
        """The rules that may be about an opening, by its transport and port; ports with the same rules share one."""
        at = (opening.transport, opening.port, opening.ephemeral)
        found = self._buckets.get(at)
        return found if found is not None else self._fill(at)

    def _fill(self, at: tuple[str, int | None, bool]) -> Bucket:
        transport, port, ephemeral = at
        rules: list[Ready] = []
        for each in (transport, "any"):
            rules += self._any.get(each, ())
            if ephemeral:
                rules += self._chosen.get(each, ())
            if port is not None:
                rules += self._singles.get((each, port), ())
                rules += self._around(each, port)
        unique = {ready.number: ready for ready in rules}
        ordered = sorted(unique.values(), key=precedence)
        numbers = tuple([ready.number for ready in ordered])
        bucket = self._same.get(numbers)
        if bucket is None:
            bucket = self._same[numbers] = Bucket(len(self._same), ordered)
        self._buckets[at] = bucket
        return bucket

    def _around(self, transport: str, port: int) -> list[Ready]:
        from bisect import bisect_right  # in C; only where rules name ranges

        ranges = self._ranges.get(transport, [])
        upto = bisect_right(ranges, port, key=lambda each: each[0])
        return [ready for _, last, ready in ranges[:upto] if last >= port]

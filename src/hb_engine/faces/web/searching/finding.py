"""A question answered: ports by their numbers, everything else by words, in groups with the best first.

It runs beside the event loop, and what was found is kept for the next pages of the same question. It refuses to look
for more than folding.LONGEST characters and folding.MOST words.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.entries import GROUPS, SHOWN, Entry, joined
from hb_engine.faces.web.searching.folding import folded
from hb_engine.faces.web.searching.index import INDEXES, WORST, Hit, Index
from hb_engine.faces.web.searching.kept import Kept
from hb_engine.faces.web.searching.question import Question, parse
from hb_engine.faces.web.searching.registered import Registered
from hb_engine.faces.web.searching.suggesting import suggest
from hb_engine.model.assignment import Assignment
from hb_engine.model.record import record

FEW = 1000  # numbers of a range that are looked at one by one
REMEMBERED = 64  # questions whose answers are kept


@record
class Shown:
    """An entry as it is shown: which of its fields matched, and the text that did; empty for a number."""

    entry: Entry
    field: str = ""
    matched: str = ""


class Found:
    """All that was found for a question."""

    def __init__(self, question: Question, index: Index, ports: list[Entry], hits: dict[str, list[Hit]]) -> None:
        self.question, self.index, self.ports, self.hits = question, index, ports, hits
        self.suggestions: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many were found, by group, of groups that have any; in the order of GROUPS."""
        found = {"ports": len(self.ports), **{name: len(hits) for name, hits in self.hits.items()}}
        return {name: found[name] for name in GROUPS if found.get(name)}

    @property
    def best(self) -> list[str]:
        """The groups that have any, the one with the best hit first; a name and its beginning are equally good."""
        return sorted(self.counts, key=lambda name: self.hits[name][0].score // 2 if name in self.hits else -1)

    def is_poor(self, group: str) -> bool:
        """Whether a group has nothing but parts of words."""
        return group in self.hits and self.hits[group][0].score == WORST

    def part(self, group: str, start: int, end: int) -> list[Shown]:
        """Some of a group's entries, with what matched."""
        if group == "ports":
            return [Shown(entry) for entry in self.ports[start:end]]
        known = self.index.groups[group].entries
        return [self.shown(known[hit.place]) for hit in self.hits.get(group, [])[start:end]]

    def shown(self, entry: Entry) -> Shown:
        """An entry with the field that matched first."""
        for field, text in entry.fields:
            plain = folded(text)
            if text and any(word in plain for word in self.question.words):
                return Shown(entry, field, text)
        return Shown(entry)


_KEPT: OrderedDict[tuple[int, str], tuple[Index, Found]] = OrderedDict()
_LOCK = threading.Lock()


async def find(hub: Hub, text: str) -> Found:
    """What there is for a question."""
    return await asyncio.to_thread(found, hub, parse(text))


def found(hub: Hub, question: Question) -> Found:
    """The same, at once. Answers are kept as long as their sight is shown."""
    index = INDEXES.of(hub)
    mark = (id(index), question.text)
    with _LOCK:
        kept = _KEPT.get(mark)
        if kept is not None and kept[0] is index:
            _KEPT.move_to_end(mark)
            return kept[1]
    hits = {name: group.find(question.words) for name, group in index.groups.items()}
    made = Found(question, index, _ports(hub, question), {name: some for name, some in hits.items() if some})
    if question.words and not made.counts:
        made.suggestions = suggest(hub, index, question.words)
    with _LOCK:
        _KEPT[mark] = index, made
        while len(_KEPT) > REMEMBERED:
            _KEPT.popitem(last=False)
    return made


def _ports(hub: Hub, question: Question) -> list[Entry]:
    """The ports that were asked for by number: of a range those of which something is known, of one alone itself."""
    if not question.ports:
        return []
    opened, names = OPENED.of(hub), Registered.of(hub).rows
    asked: set[int] = set()
    for first, last in question.ports:
        if last - first < FEW:
            known = [port for port in range(first, last + 1) if port in opened or port in names or first == last]
        else:
            known = [port for port in {*opened, *names} if first <= port <= last]
        asked.update(known)
    made = [(port, _port(port, question, opened.get(port, {}), names.get(port, []))) for port in sorted(asked)]
    alone = {first for first, last in question.ports if first == last}
    return [entry for port, entry in made if entry.detail or port in alone]


def _port(port: int, question: Question, opened: dict[str, list[str]], rows: list[Assignment]) -> Entry:
    """A port with the names and machines of the transport that was asked for, or of all."""
    transport = question.transport
    names = dict.fromkeys([row.name for row in rows if transport in (None, row.transport) or row.transport is None])
    here = [f"{one}: {_some(machines)}" for one, machines in opened.items() if transport in (None, one)]
    tone = "open" if here else ""
    return Entry(
        "ports", str(port), joined(", ".join(names), *here), addresses.port(port, transport or ""), (), port, tone
    )


def _some(machines: list[str]) -> str:
    more = f" (+{len(machines) - SHOWN})" if len(machines) > SHOWN else ""
    return ", ".join(machines[:SHOWN]) + more


def _opened(_hub: Hub, sight: Sight) -> dict[int, dict[str, list[str]]]:
    """The machines on which each port is open, by transport."""
    found: dict[int, dict[str, dict[str, None]]] = {}
    for machine in sight.machines:
        for one in machine.seen.openings:
            if one.port is not None:
                found.setdefault(one.port, {}).setdefault(one.transport, {})[machine.name] = None
    return {port: {name: list(names) for name, names in by.items()} for port, by in found.items()}


OPENED: Kept[dict[int, dict[str, list[str]]]] = Kept(_opened, times=False)

"""What stands on the map: the ports that are open on the machines, each once, by what the baseline and the judge say.

A port is as bad as the worst that is open on it. Expected is only what a rule covers; where there is no rule, and none
that could be, it is open and undecided. Tens of thousands of ports cannot be drawn one by one: the worst and the lowest
are, the rest are cells of a layer, and how many is said. It refuses to judge.
"""

from __future__ import annotations

import hashlib
from typing import Any

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines import rows
from hb_engine.faces.web.machines.rows import Shelf, kept_as_is
from hb_engine.faces.web.map.hilbert import CELLS, PORTS, laid_out
from hb_engine.faces.web.map.png import Colour, packed, picture
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.model.report import Verdict
from hb_engine.model.verdict import SEVERITIES

ALARM, LOOK, GONE, OPEN, EXPECTED = STATES = ("alarm", "look", "gone", "open", "expected")  # the worst first
WORDS = {
    ALARM: mark("look first"),
    LOOK: mark("worth a look"),
    GONE: mark("required, and not there"),
    OPEN: mark("open, undecided"),
    EXPECTED: mark("open as expected"),
}
MARKS = {ALARM: "alarm", LOOK: "look", GONE: "alarm", OPEN: "note", EXPECTED: "ok"}  # of parts.mark
DRAWN = 80  # ports that are drawn one by one
CROWD = 1000  # where more are open, only those that need a look are: a clump of marks would hide them
KEPT = 32  # overlays that are kept
CELL_COLOURS = {  # by state: the bad as the style sheet has them, the calm calmer
    "dark": ("#ff5f57", "#ffc24a", "#ff5f57", "#8c99aa", "#2f8a5b"),
    "light": ("#c8102e", "#b36b00", "#c8102e", "#6d7886", "#4aa87a"),
}


@record
class Entry:
    """One opening, or one that is required and missing: on which machine, in which state, and who holds it."""

    port: int
    transport: str
    machine: str
    state: str
    opening: Opening | None = None
    reason: str = ""  # the baseline's or the judge's sentence, in English


@record
class Mark:
    """One port of the picture with all that is open on it; x and y count cells."""

    port: int
    x: int
    y: int
    state: str
    entries: tuple[Entry, ...]

    @property
    def transports(self) -> tuple[str, ...]:
        """The transports of its entries, each once."""
        return tuple(sorted({one.transport for one in self.entries}))

    @property
    def machines(self) -> tuple[str, ...]:
        """The machines of its entries, each once, in the order of the sight."""
        return tuple(dict.fromkeys([one.machine for one in self.entries]))


@record
class Overlay:
    """All marks of some machines and a transport, the worst first."""

    marks: tuple[Mark, ...]
    counts: dict[str, int]  # ports, by state
    entries: tuple[Entry, ...]
    by_port: dict[int, Mark]
    digest: str
    portless: int  # openings without a port: taps, raw sockets

    @property
    def drawn(self) -> tuple[Mark, ...]:
        """The marks that are drawn one by one."""
        return self.marks[: self._most]

    @property
    def rest(self) -> tuple[Mark, ...]:
        """The marks that are only cells of a layer."""
        return self.marks[self._most :]

    @property
    def _most(self) -> int:
        calm = self.counts[OPEN] + self.counts[EXPECTED]
        return min(len(self.marks) - calm, DRAWN) if len(self.marks) > CROWD else DRAWN

    def layer(self, theme: str) -> bytes:
        """A PNG of the cells that are not drawn one by one; the others let the country through."""
        cells = bytearray(PORTS)
        for one in self.rest:
            cells[one.port] = STATES.index(one.state) + 1
        colours = [(0, 0, 0, 0), *[_colour(text) for text in CELL_COLOURS[theme]]]
        return picture(packed(laid_out(bytes(cells))), colours)

    def runs(self) -> list[Any]:
        """The same as numbers: first port, last port and state of each run of them, three by three."""
        found: list[tuple[int, int, str]] = []
        for one in sorted(self.rest, key=lambda each: each.port):
            if found and found[-1][1:] == (one.port - 1, one.state):
                found[-1] = (found[-1][0], one.port, one.state)
            else:
                found.append((one.port, one.port, one.state))
        return [part for run in found for part in run]


SHELF = Shelf(kept_as_is)


def overlay_of(sight: Sight, machine: str = "", transport: str = "all") -> Overlay:
    """The marks of a sight: of all machines or of one, of all transports or of one. Made once for each sight."""
    known: dict[tuple[str, str], Overlay] = SHELF.of(sight, "overlays", lambda _: {})
    found = known.get((machine, transport))
    if found is None:
        if len(known) >= KEPT:
            known.clear()
        found = known[machine, transport] = make(sight, machine, transport)
    return found


def make(sight: Sight, machine: str = "", transport: str = "all") -> Overlay:
    """The marks of a sight, made anew."""
    asked = [one for one in sight.machines if machine in ("", one.name)]
    entries = [each for one in asked for each in entries_of(one) if _is_of(each.transport, transport)]
    entries.sort(key=lambda one: (STATES.index(one.state), -_severity(one), one.port, one.transport))
    by_port: dict[int, list[Entry]] = {}
    for one in entries:
        by_port.setdefault(one.port, []).append(one)
    marks = tuple([Mark(port, *CELLS[port], told[0].state, tuple(told)) for port, told in by_port.items()])
    counts = dict.fromkeys(STATES, 0)
    for each in marks:
        counts[each.state] += 1
    said = repr([(each.port, each.state) for each in marks]).encode()
    portless = sum(one.port is None and _is_of(one.transport, transport) for m in asked for one in m.seen.openings)
    digest = hashlib.sha256(said).hexdigest()[:12]
    return Overlay(marks, counts, tuple(entries), {each.port: each for each in marks}, digest, portless)


def _severity(one: Entry) -> int:
    """How bad the judge calls it: of what is as far from the rules, the worse stands first."""
    return SEVERITIES.index(one.opening.verdict.severity) if one.opening and one.opening.verdict else 0


def entries_of(machine: Machine) -> list[Entry]:
    """Everything with a port that is open on a machine, or that should be."""
    said: dict[str, list[Verdict]] = {}
    covered: frozenset[str] = frozenset()
    if machine.report is not None:
        covered = frozenset([key for rule in machine.report.held for key in rule.keys])
        for verdict in machine.report.verdicts:
            said.setdefault(verdict.key, []).append(verdict)
    entries = []
    for opening in machine.seen.openings:
        if opening.port is not None:
            state, reason = _state(opening, said.get(opening.key, []), is_covered=opening.key in covered)
            entries.append(Entry(opening.port, opening.transport, machine.name, state, opening, reason))
    missing = [one for told in said.values() for one in told if one.kind == "gone" and one.state == "drift"]
    for one in missing:
        transport, _, port = _place(one.key)
        if port is not None:
            entries.append(Entry(port, transport, machine.name, GONE, None, one.reason))
    return entries


def _state(opening: Opening, verdicts: list[Verdict], *, is_covered: bool) -> tuple[str, str]:
    """The state of an opening, and the sentence that gave it: the baseline's drift, the judge's word, then a rule.

    As machines/rows.py has it: a rule that covers an opening makes nothing fine that the judge finds odd.
    """
    drift = [one for one in verdicts if one.state == "drift"]
    worst = max(drift, key=lambda one: SEVERITIES.index(one.severity), default=None)
    judged = opening.verdict
    own = SEVERITIES.index(judged.severity) if judged else 0
    rank = max(own, SEVERITIES.index(worst.severity) if worst else 0)
    said = worst.reason if worst else judged.reasons[0].text if judged and judged.reasons else ""
    if rank >= rows.ALARM:
        return ALARM, said
    if worst is not None or rank >= rows.LOOK:
        return LOOK, said
    if is_covered:
        return EXPECTED, ""
    if any(one.state == "muted" for one in verdicts):  # a window says that it may be so now
        return OPEN, next(one.reason for one in verdicts if one.state == "muted")
    return OPEN, ""


def _place(key: str) -> tuple[str, str, int | None]:
    """Transport, scope and port of what is required: tcp/public/22; None where it has no number."""
    transport, _, rest = key.partition("/")
    scope, _, port = rest.partition("/")
    first = port.partition("/")[0]
    return transport, scope, int(first) if first.isdecimal() and int(first) < PORTS else None


def _is_of(transport: str, asked: str) -> bool:
    """Whether a transport is the one that was asked for: UDP-Lite has UDP's numbers."""
    return asked in ("all", transport) or (asked == "udp" and transport == "udplite")


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16), 255

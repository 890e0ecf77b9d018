"""What the API's lists are made of, once for each sight: openings in their order, what is on each port, the drift.

Everything here is a value of one sight. It refuses to sort by anything that a second look may shuffle: lists are in the
order of keys that stay.
"""

from __future__ import annotations

from functools import cached_property

from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.faces.web.addresses import short
from hb_engine.faces.web.api.cursors import Key
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.kept import Kept
from hb_engine.model.baseline import Rule
from hb_engine.model.opening import Opening
from hb_engine.model.report import Report, Verdict
from hb_engine.model.verdict import SEVERITIES

PORTLESS = 65536  # where openings without a port stand in lists
STATES = ("drift", "debt", "unseen", "expected", "open")  # of a port, the most urgent first; open: nobody judged


class View:
    """One sight, in the orders that lists want. Each part is made when it is first asked for."""

    def __init__(self, hub: Hub, sight: Sight) -> None:
        self.hub, self.sight = hub, sight
        self._openings: dict[int, list[tuple[Key, Opening]]] = {}

    def openings(self, machine: Machine) -> list[tuple[Key, Opening]]:
        """A machine's openings with their keys in lists: by port, transport and id."""
        known = self._openings.get(id(machine))
        if known is None:
            found: list[tuple[Key, Opening]] = [(place(one), one) for one in machine.seen.openings]
            known = self._openings[id(machine)] = sorted(found, key=lambda pair: pair[0])
        return known

    @cached_property
    def by_port(self) -> dict[int, list[tuple[Machine, Opening]]]:
        """What is open on each port."""
        found: dict[int, list[tuple[Machine, Opening]]] = {}
        for machine in self.sight.machines:
            for one in machine.seen.openings:
                if one.port is not None:
                    found.setdefault(one.port, []).append((machine, one))
        return found

    @cached_property
    def verdicts(self) -> list[tuple[Key, Machine, Verdict]]:
        """Every difference, the worst first; equals are in the order of a digest of what they are about."""
        found = [
            (_urgency(one), machine, one)
            for machine in self.sight.machines
            if machine.report
            for one in machine.report.verdicts
        ]
        return sorted(found, key=lambda three: three[0])

    @cached_property
    def rules(self) -> list[tuple[Key, Rule, tuple[str, ...], int]]:
        """The rules in the order of their ids, with the machines that each is for and how many openings it covers."""
        if self.sight.baseline is None:
            return []
        held: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for machine in self.sight.machines:
            for one in machine.report.held if machine.report else ():
                mark = one.rule, one.where.text if one.where else ""
                held.setdefault(mark, []).append((machine.name, len(one.keys)))
        found = []
        for rule in self.sight.baseline.baseline.rules:
            asked = held.get((rule.id, rule.where.text), [])
            key: Key = (rule.id[:80], short(f"{rule.id} {rule.where.text}"))
            found.append((key, rule, tuple([name for name, _ in asked]), sum([count for _, count in asked])))
        return sorted(found, key=lambda four: four[0])

    def unjudged(self) -> list[Trouble]:
        """A trouble for each machine that was not held against rules: nothing is known of its drift."""
        return [
            Trouble(one.name, "it was not held against a baseline", "hb check tells why.")
            for one in self.sight.machines
            if one.report is None
        ]


VIEWS: Kept[View] = Kept(View)


def place(one: Opening) -> Key:
    """Where an opening stands in lists."""
    return PORTLESS if one.port is None else one.port, one.transport, short(one.key)


def unseen(machine: Machine) -> list[Trouble]:
    """What could not be seen on a machine, as troubles: a list of its openings may lack them."""
    cover = machine.seen.coverage
    found = [Trouble(machine.name, f"{gap.what}: {gap.why}", gap.remedy) for gap in cover.gaps]
    if cover.partial:
        found.append(Trouble(machine.name, f"only {cover.partial} was asked for", "Look at all of it."))
    return found


def count(report: Report) -> dict[str, int]:
    """A report's verdicts by their states."""
    found = dict.fromkeys(("drift", "debt", "note", "unseen", "muted", "accepted"), 0)
    for one in report.verdicts:
        found[one.state] += 1
    return found


def _urgency(one: Verdict) -> Key:
    told = f"{one.host}\0{one.key}\0{one.kind}\0{one.state}\0{one.rule}"
    return len(SEVERITIES) - SEVERITIES.index(one.severity), short(told)

"""Whether two sights show the same: then browsers are not told, and nothing that was made of the first is made anew.

Times of looks, inodes and lists of sources differ from look to look and say nothing about what is open. Everything else
does: keys, owners with their processes, verdicts, gaps, troubles, and the rules. It refuses to guess in doubt: what it
does not know of is a difference.
"""

from __future__ import annotations

from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.sight import Machine, Sight
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.report import Report


def same(one: Sight, other: Sight) -> bool:
    """Whether these show the same, but for when."""
    if len(one.machines) != len(other.machines):
        return False
    pairs = zip(one.machines, other.machines, strict=True)
    plain = [replace(each, number=0, taken_at=0.0, machines=()) for each in (one, other)]
    return plain[0] == plain[1] and all(before is after or _plain(before) == _plain(after) for before, after in pairs)


def again(sight: Sight, taken_at: float) -> Sight:
    """A sight whose machines that are looked at from here were found the same at another time."""
    told = [one if one.source or one.remembered else _at(one, taken_at) for one in sight.machines]
    return replace(sight, taken_at=taken_at, machines=tuple(told))


def is_again(before: Sight, after: Sight) -> bool:
    """Whether a sight is an earlier one at another time, as again() makes it: then what was made of it is as good.

    It is told by what both hold, without comparing any of it, and so in a moment also for a thousand machines.
    """
    if before is after:
        return True
    if before.number != after.number or len(before.machines) != len(after.machines):
        return False
    alike = before.baseline is after.baseline and before.troubles is after.troubles
    return alike and all(_is_same(*pair) for pair in zip(before.machines, after.machines, strict=True))


def _is_same(one: Machine, other: Machine) -> bool:
    """Whether a machine is another, but for its times."""
    if one is other:
        return True
    before, after = one.seen, other.seen
    told = [(each.name, each.source, each.remembered) for each in (one, other)]
    if told[0] != told[1] or one.outside is not other.outside or before.openings is not after.openings:
        return False
    if before.coverage is not after.coverage or before.host is not after.host:
        return False
    if one.report is None or other.report is None:
        return one.report is other.report
    return one.report.verdicts is other.report.verdicts and one.report.held is other.report.held


def _at(machine: Machine, taken_at: float) -> Machine:
    report = machine.report and replace(machine.report, taken_at=taken_at)
    return replace(machine, seen=replace(machine.seen, taken_at=taken_at), report=report)


def _plain(machine: Machine) -> Machine:
    """A machine without what differs from look to look."""
    return replace(machine, seen=_seen(machine.seen), report=machine.report and _report(machine.report))


def _seen(seen: Inventory) -> Inventory:
    openings = tuple([replace(one, inodes=()) for one in seen.openings])
    return replace(seen, taken_at=0.0, coverage=replace(seen.coverage, sources=()), openings=openings)


def _report(report: Report) -> Report:
    """Its verdicts' openings are those of the look, and compared there."""
    verdicts = tuple([replace(one, opening=None) for one in report.verdicts])
    return replace(report, taken_at=0.0, coverage=replace(report.coverage, sources=()), verdicts=verdicts)

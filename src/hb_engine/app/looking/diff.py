"""`hb diff`: two inventories beside each other, whether of two times or of two machines.

They are compared as history compares two looks (store/compare.py): other pids, inodes and an order are no difference,
widened is one change and not two, and gone is said only of what the second would have shown. The rest is told apart as
unseen.
"""

from __future__ import annotations

from hb_engine.model.coverage import knows_reach, would_show
from hb_engine.model.errors import BadInput
from hb_engine.model.history import Change
from hb_engine.model.inventory import Gap, Inventory
from hb_engine.model.opening import Opening
from hb_engine.model.record import record, replace

HERE = "here"  # this machine, now


@record
class Difference:
    """What differs. `unseen` are openings of the first that the second could not have shown, and of the second that
    the first could not."""

    before: Inventory
    after: Inventory
    changes: tuple[Change, ...]
    unseen: tuple[Opening, ...] = ()


def diff(first: str, second: str) -> tuple[Difference, ...]:
    """The differences of two files, host by host where they hold several; "here" is this machine. Raises BadInput,
    CannotLook, DataError."""
    before, after = _given(first), _given(second)
    if len(before) == len(after) == 1:
        return (between(before[0], after[0]),)
    old, new = [{seen.host.name: seen for seen in group} for group in (before, after)]
    both = [name for name in old if name in new]
    if not both:
        raise BadInput(
            f"no machine is in both: {_names(old)} in the one, {_names(new)} in the other",
            "Files of one machine each are compared whatever their names.",
        )
    return tuple([between(old[name], new[name]) for name in both])


def between(before: Inventory, after: Inventory) -> Difference:
    """What differs between two inventories, taken as two looks at one machine."""
    from hb_engine.store.memory import Memory  # only who compares needs it

    store = Memory()
    store.record(_as(before, 1.0))
    changes = store.record(_as(after, 2.0))
    keys = {opening.key for opening in (*before.openings, *after.openings)}
    touched = {change.opening.key for change in changes} | {c.previous.key for c in changes if c.previous}
    unseen = [one for one in before.openings if _only_here(one, after, keys - touched)]
    unseen += [one for one in after.openings if _only_here(one, before, keys - touched)]
    told = [change for change in changes if not _is_blind(change, before, after)]
    return Difference(before, after, tuple(sorted(told, key=_order)), tuple(unseen))


def _is_blind(change: Change, before: Inventory, after: Inventory) -> bool:
    """Whether another reach is only that one of the two could not see how far it goes."""
    return (change.kind == "narrowed" and not knows_reach(after.coverage)) or (
        change.kind == "widened" and not knows_reach(before.coverage)
    )


def _as(seen: Inventory, at: float) -> Inventory:
    """A look that history takes: a part becomes a whole one with a gap that may hide anything."""
    coverage = seen.coverage
    if coverage.partial:
        gap = Gap("the rest", f"this is a part only ({coverage.partial})", "hb snapshot", "any")
        coverage = replace(coverage, partial="", gaps=(*coverage.gaps, gap))
    return replace(seen, host=replace(seen.host, name="it"), taken_at=at, coverage=coverage)


def _only_here(opening: Opening, other: Inventory, keys: set[str]) -> bool:
    """Whether the other inventory has nothing at this place, and could not have had it."""
    if opening.key not in keys or would_show(other.coverage, opening):
        return False
    place = (opening.transport, opening.port, opening.netns.kind, opening.protocol)
    return all((one.transport, one.port, one.netns.kind, one.protocol) != place for one in other.openings)


def _given(word: str) -> list[Inventory]:
    if word == HERE:
        from hb_engine.app.looking.look import look

        return [look()]
    from hb_engine.app.looking.inputs import read_all

    return [given.inventory for given in read_all([word])]


def _names(hosts: dict[str, Inventory]) -> str:
    shown = ", ".join(list(hosts)[:3])
    return f"{shown} and {len(hosts) - 3} more" if len(hosts) > 3 else shown


def _order(change: Change) -> tuple[object, ...]:
    opening = change.opening
    return (opening.port is None, opening.port or 0, opening.transport, change.kind, opening.key)

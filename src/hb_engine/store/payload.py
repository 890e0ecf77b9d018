"""What is kept of openings: their JSON text without what can be found out again, and the facts that make a change.

A key may stand for several openings (two containers of one image on one port), so what is kept is an array; of sockets
on ports that the kernel chose only the first is kept, since a busy client has thousands of them. Names that are
registered and verdicts are left out: they follow from the rest, by today's registry and rules. Pids, start times,
inodes and command lines are kept, for "who held it last", and are never a change.
"""

from __future__ import annotations

from hb_engine.model.coverage import knowledge
from hb_engine.model.errors import DataError
from hb_engine.model.opening import leads_of
from hb_engine.model.record import replace
from hb_engine.wire.json_text import array, document
from hb_engine.wire.opening_json import opening as written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.model.opening import Opening

    Openings = tuple[Opening, ...]
    Facts = dict[str, frozenset[object]]


def grouped(openings: Openings) -> dict[str, Openings]:
    """Openings by their keys, each as it is kept; in an order that does not depend on the order of the look.

    They go through their text, so that what was just seen equals what is read later: text has whole seconds, and a form
    of its own for bytes that are no UTF-8.
    """
    found: dict[str, list[Opening]] = {}
    for one in read(text(tuple([replace(one, registered=(), verdict=None) for one in openings]))):
        found.setdefault(one.key, []).append(one)
    return {
        key: tuple(sorted(found[key], key=_order)[: 1 if found[key][0].ephemeral else None]) for key in sorted(found)
    }


def text(openings: Openings) -> str:
    """An array of openings as JSON text."""
    return document(lambda quote: array([written(one, quote) for one in openings])).rstrip("\n")


def read(told: str) -> Openings:
    """The openings of such a text. Raises DataError."""
    from hb_engine.wire import inventory_json  # only where there is history

    items = inventory_json.loaded(told)
    if not isinstance(items, list):
        raise DataError("a kept opening is none", "hb record --repair leaves it out.")
    return tuple([inventory_json.opening(each) for each in items])


def holders(openings: Openings) -> frozenset[object]:
    """Which processes hold them: what is written anew after a restart, though it is no change."""
    return frozenset([(owner.pid, owner.started_at) for one in openings for owner in one.owners])


def known(openings: Openings) -> int:
    """How much is known of who holds them: of the least known."""
    return min([knowledge(one) for one in openings], default=0)


def differ(before: Openings, now: Openings) -> bool:
    """Whether a fact has changed that both looks know: an address, a user, a package's version, a state."""
    old, new = _facts(before), _facts(now)
    if any(old[name] != new[name] for name in ("place", "user")):
        return True
    return any(old[name] and new[name] and old[name] != new[name] for name in old)


def _facts(openings: Openings) -> Facts:
    """Facts by name. Of owners each distinct one once: how many workers there are is not a fact of the opening."""
    owners = [owner for one in openings for owner in one.owners]
    boxes = [box for one in openings for box in [one.container, *[owner.container for owner in one.owners]] if box]
    packages = [package for owner in owners for package in (owner.package, owner.script_package) if package]
    return {
        "place": frozenset([_place(one) for one in openings]),
        "user": frozenset([one.uid for one in openings]),
        "unit": frozenset([unit for one in openings for unit in [one.unit, *[o.unit for o in one.owners]] if unit]),
        "exe": frozenset([(owner.exe, owner.exe_state) for owner in owners if owner.exe]),
        "script": frozenset([owner.script for owner in owners if owner.script]),
        "users": frozenset([owner.uid for owner in owners if owner.uid is not None]),
        "image": frozenset([box.image for box in boxes if box.image]),
        "package": frozenset([(package.name, package.version) for package in packages]),
        "leads": frozenset([goal for one in openings for goal in leads_of(one)]),
        "bytes": frozenset([package.verified for package in packages if package.verified is not None]),
    }


def _place(one: Opening) -> object:
    """Where it is; of a port that the kernel chose nothing that changes with each socket."""
    if one.ephemeral:
        return (one.kind, one.families)
    flags = tuple(sorted(one.flags))
    return (one.kind, tuple(sorted(one.addresses)), tuple(sorted(one.families)), one.interface, flags)


def _order(one: Opening) -> tuple[Any, ...]:
    return (one.netns.kind, one.netns.name, one.addresses, one.port or 0, one.interface, one.netns.id, one.inodes)

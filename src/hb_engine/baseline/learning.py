"""Learning what is there: a machine's part of hb.lock out of a look, a new baseline's first file, and progress.

What is learned is observed, not decided: it makes what was there before anybody decided anything debt, and what comes
after it news. It refuses to write rules; those are proposed (proposing.py) and accepted by people.
"""

from __future__ import annotations

from hb_engine.baseline.blocks import quoted
from hb_engine.baseline.facts import observed
from hb_engine.baseline.lock import plain
from hb_engine.model.baseline import LockedHost
from hb_engine.model.record import record, replace
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Lock, Observed
    from hb_engine.model.history import Look, Presence
    from hb_engine.model.inventory import Inventory

STEADY = 95  # percent of looks: what is there so often is there to stay


@record
class Learned:
    """What a look added to what was known of a machine: threads that are new in it, and that it no longer shows.
    `other` tells that what was known under this name was of another machine, and is forgotten now."""

    host: LockedHost
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    other: bool = False


@record
class Standing:
    """How far learning has come: times are seconds since the epoch, `days` those on which looks were taken."""

    learned_at: int
    until: int | None
    days: int
    looks: int
    distinct: int
    steady: int  # of the distinct ones, those in STEADY percent of looks or more
    last_look: float | None = None
    latest: float | None = None  # when the last one was first seen that had never been seen before

    def is_over(self, now: float) -> bool:
        """Whether the time to learn is over, or was never set."""
        return self.until is None or now >= self.until


def learned(
    seen: Inventory,
    before: Lock,
    *,
    until: int | None = None,
    answers: Mapping[str, Answer] | None = None,
    digests: Mapping[str, str] | None = None,
    first_seen: Mapping[str, float] | None = None,
) -> Learned:
    """A machine's part of the lock after a look; `answers`, `digests` and `first_seen` are by the openings' keys.

    What a thread spoke stays known where nobody was asked this time (`answers` None), and so do threads that a look
    without privileges does not show.
    """
    old = host_of(before, seen.host.name)
    other = old is not None and bool(old.machine and seen.host.machine) and old.machine != plain(seen.host.machine)
    if other:
        old = None
    known = {one.thread: one for one in old.observed} if old else {}
    now = {}
    for opening in seen.openings:
        one = observed(
            opening,
            (answers or {}).get(opening.key),
            sha256=(digests or {}).get(opening.key, ""),
            first_seen=(first_seen or {}).get(opening.key, seen.taken_at),
        )
        now[one.thread] = _joined(known.get(one.thread), one, asked=answers is not None)
    added, gone = [name for name in now if name not in known], [name for name in known if name not in now]
    if not seen.coverage.privileged:
        now.update({name: known[name] for name in gone})
        gone = []
    host = LockedHost(plain(seen.host.name), plain(seen.host.machine), int(seen.taken_at), until, tuple(now.values()))
    return Learned(host, tuple(added), tuple(gone), other)


def _joined(old: Observed | None, new: Observed, *, asked: bool) -> Observed:
    """A thread's facts as they are now, with what stays true of it from before."""
    if old is None:
        return new
    times = [at for at in (old.first_seen, new.first_seen) if at is not None]
    spoken = {} if asked else {name: getattr(old, name) for name in ("speaks", "protocol", "tls", "certificate")}
    return replace(new, first_seen=min(times, default=None), **spoken)


def host_of(lock: Lock, name: str) -> LockedHost | None:
    """A machine's part of a lock; None where it has none."""
    return next((host for host in lock.hosts if host.name == plain(name)), None)


def standing(host: LockedHost, looks: tuple[Look, ...], presence: tuple[Presence, ...]) -> Standing:
    """How far learning has come, by the looks since it began."""
    days = len({int(look.taken_at // DAY) for look in looks})
    steady = sum(one.asked > 0 and 100 * one.shown >= STEADY * one.asked for one in presence)
    return Standing(
        host.learned_at,
        host.learning_until,
        days,
        len(looks),
        len(presence),
        steady,
        max([look.taken_at for look in looks], default=None),
        max([one.first_seen for one in presence], default=None),
    )


def starter(packs: Mapping[str, str]) -> str:
    """The text of a new baseline's first file. `packs` are the names of those that fit, each with what it covers."""
    named = "\n".join([f"  {quoted(name)},  # {told}" for name, told in packs.items()])
    return STARTER.format(packs=f"[\n{named}\n]" if packs else "[]")


STARTER = """\
# What should be open, and what should not: rules that people decided, and review like code.
#
# Every *.toml of this folder is read, in the order of their names. hb check holds a machine against the rules,
# hb review and hb accept write rules for what is open, hb lint finds mistakes, hb explain tells which rule decides.
# hb.lock beside this folder is hb's own: what was observed.
schema = "hb/1"

[defaults]
unmatched = "alert"  # what no rule is about: alert, note or ignore
severity = "medium"  # of what goes against a rule that says nothing else
review = "180d"  # how long a decision holds before somebody should confirm it
require = ["owner", "why"]  # what every rule must say
packs = {packs}

# A rule reads as a sentence:
#
# [[allow]]
# id = "web-https"
# listen = "tcp/443 on public"
# by = "unit:nginx.service and pkg:nginx"
# why = "The shop's front end"
# owner = "team-web"
"""

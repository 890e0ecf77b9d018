"""Rules that covered nothing for a while. A rule that nobody needs is an opening that nobody would notice.

It names rules and changes none; whether one may go, a person knows: some doors are opened once a year. A rule younger
than the time that is asked for is left out where it says when it was decided, and so are rules that forbid: they are
meant to cover nothing. Rules of packs are left out too: they wait for programs that most machines do not have.
"""

from __future__ import annotations

from hb_engine.baseline.deciding.decide import Decider
from hb_engine.baseline.deciding.rules import Rules
from hb_engine.model.inventory import Host
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hb_engine.baseline.deciding.windows import Offset
    from hb_engine.model.baseline import Baseline, Rule
    from hb_engine.model.history import Span
    from hb_engine.model.opening import Opening


def unused(
    baseline: Baseline,
    spans: Iterable[Span],
    now: float,
    days: int,
    *,
    hosts: Mapping[str, Host] | None = None,
    offset: Offset | None = None,
) -> tuple[Rule, ...]:
    """The rules that allow or require, and that were about none of the openings of the last days, in their order.

    `now` is in seconds since the epoch. `hosts` tells more of a machine than its name, by name; machines of which more
    is not known have the roles that their name gives. What would fit if its owner or speech had been seen counts as
    used; whether a rule has ended or its window is closed does not matter.
    """
    since = now - days * DAY
    timeless = Rules(_without_times(baseline), now) if offset is None else Rules(_without_times(baseline), now, offset)
    used: set[int] = set()
    deciders: dict[str, Decider] = {}
    seen: set[tuple[str, str]] = set()
    for span in spans:
        at = (span.host, span.opening.key)
        if span.last_seen < since or at in seen:
            continue
        seen.add(at)
        decider = deciders.get(span.host)
        if decider is None:
            host = (hosts or {}).get(span.host) or Host(span.host, "")
            decider = deciders[span.host] = Decider(timeless.baseline, host, now, shared=timeless)
        used |= _about(decider, span.opening)
    return tuple(
        [
            rule
            for number, rule in enumerate(baseline.rules)
            if is_somebodys(rule) and number not in used and not (rule.accepted and rule.accepted > since)
        ]
    )


def is_somebodys(rule: Rule) -> bool:
    """Whether somebody may want to take a rule out: it allows or requires, and no pack brought it along."""
    return rule.kind != "forbid" and not rule.pack


def _about(decider: Decider, opening: Opening) -> set[int]:
    """The numbers of the rules that cover an opening, or would if what was not seen fits."""
    return {
        number for number, outcome in decider.held(opening) if outcome in ("covers", "owner-unseen", "speech-unseen")
    }


def _without_times(baseline: Baseline) -> Baseline:
    from hb_engine.model.record import replace  # only here

    rules = tuple([replace(rule, until=None) if rule.until is not None else rule for rule in baseline.rules])
    return replace(baseline, rules=rules, windows=())

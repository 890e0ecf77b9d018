"""How badly, and in which order: the severity of a finding and the order of a report.

The severity of a drift is that of the rule it goes against, or the defaults' where no rule is about it; where an
opening is not covered and the rules of evidence say worse of it, that counts, and the evidence says so. A finding of
the rules of evidence has their severity. Notes are info. It refuses to know faces: that is a count and a sort.
"""

from __future__ import annotations

from hb_engine.model.record import replace
from hb_engine.model.report import KINDS, STATES
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.judge.comparing import Finding
    from hb_engine.model.baseline import Defaults
    from hb_engine.model.report import Verdict

    Alike = tuple[str, str, str, str]

LEAST = {"hidden": "critical"}  # whatever the rule or the defaults say
MILD = {"debt": "info", "note": "info", "unseen": "none"}


def severity_of(finding: Finding, defaults: Defaults) -> tuple[str, str]:
    """A finding's severity, and a sentence of where it comes from, for those that are drift."""
    if finding.state in MILD:
        return MILD[finding.state], ""
    if finding.reason is not None:
        return finding.reason.severity, ""
    base = finding.rule.severity if finding.rule else defaults.severity
    source = f"rule {finding.rule.id}" if finding.rule else "the defaults, since no rule is about it"
    candidates = [(base, source)]
    if finding.kind in LEAST:
        candidates.append((LEAST[finding.kind], "what hides is looked at first"))
    accepts = finding.rule.accepts if finding.rule else ()
    reasons = finding.opening.verdict.reasons if finding.opening.verdict else ()
    candidates += [
        (each.severity, f"{each.rule}, which says worse of it than the rules")
        for each in reasons
        if each.rule not in accepts
    ]
    worst = max(candidates, key=lambda one: SEVERITIES.index(one[0]))
    return worst[0], f"{worst[0]} by {worst[1]}"


def ranked(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The worst first, each once: what is alike in kind, state, key and rule is one verdict that says how many."""
    first: dict[Alike, Verdict] = {}
    more: dict[Alike, int] = {}
    for one in sorted(verdicts, key=_order):
        alike = (one.kind, one.state, one.key, one.rule)
        if alike in first:
            more[alike] = more.get(alike, 0) + 1
        else:
            first[alike] = one
    told = []
    for alike, one in first.items():
        further = (f"and {more[alike]} more that are alike",) if alike in more else ()
        told.append(replace(one, evidence=(*one.evidence, *further)) if further else one)
    return tuple(told)


def _order(one: Verdict) -> tuple[int, int, int, str, str, str, str, tuple[object, ...]]:
    """States that are news first, then the worst, then the worst word, then what makes it the same each time."""
    return (
        STATES.index(one.state),
        -SEVERITIES.index(one.severity),
        KINDS.index(one.kind),
        one.key,
        one.rule,
        one.reason,
        one.host,
        (one.opening.addresses, one.evidence) if one.opening else (),
    )

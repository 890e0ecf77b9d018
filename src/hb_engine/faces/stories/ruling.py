"""What the baseline says of an opening, as a remark beside something else: rule web-https; no rule; never reviewed.

It refuses to explain: hb check tells the difference, and hb explain the way to it.
"""

from __future__ import annotations

from hb_engine.faces.document import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.app.ruling.standing import Standing
    from hb_engine.model.baseline import Rule
    from hb_engine.model.opening import Opening

PHRASES = {
    "expected": "{rule}",
    "forbidden": "forbidden by {rule}",
    "widened": "further than {rule} allows",
    "owner-changed": "{rule} is for another owner",
    "speaks-else": "{rule} wants another service",
    "weakened": "weaker than {rule} wants",
    "expired": "{rule} has ended",
    "out-of-window": "outside the hours of {rule}",
    "unseen": "{rule}, if what was not seen fits",
}
STYLES = {"expected": "dim", "unseen": "dim", "forbidden": "high"}


def ruling(standing: Standing) -> Span:
    """The remark."""
    decision = standing.decision
    if standing.debt:
        return Span("never reviewed", "dim")
    phrase = PHRASES.get(decision.word)
    if phrase is None or decision.rule is None:
        return Span("no rule", "medium")
    return Span(phrase.format(rule=_named(decision.rule)), STYLES.get(decision.word, "medium"))


def of(opening: Opening, standings: Mapping[str, Standing] | None) -> tuple[Span, ...]:
    """The remark on an opening as a line; nothing where there is no baseline."""
    standing = standings.get(opening.key) if standings else None
    return (ruling(standing),) if standing else ()


def _named(rule: Rule) -> str:
    return f"pack {rule.pack}" if rule.pack else f"rule {rule.id}"

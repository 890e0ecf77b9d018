"""What was judged: of one opening while it is listed, and of differences from a baseline."""

from __future__ import annotations

from hb_engine.model.record import record

SEVERITIES = ("none", "info", "low", "medium", "high", "critical")
WORDS = ("quiet", "look", "alarm")  # ○ nothing to say, ● worth a look, ✗ look first


@record
class Reason:
    """One rule that spoke: which, how badly, why in a sentence, on what evidence, and what to do."""

    rule: str
    severity: str
    text: str
    evidence: tuple[str, ...] = ()
    remedy: str = ""


@record
class Judgement:
    """What the rules say of one opening; the reasons are ordered, the worst first."""

    severity: str = "none"
    reasons: tuple[Reason, ...] = ()

    @property
    def word(self) -> str:
        """One of WORDS: what a screen shows in front of an opening."""
        rank = SEVERITIES.index(self.severity)
        return WORDS[0 if rank < 2 else 1 if rank < 4 else 2]

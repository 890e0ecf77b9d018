"""Verdicts in words and numbers, for every format that other programs read: titles, subjects, counts.

It returns unescaped text; each format escapes as it must. It refuses to judge: what is drift and how bad it is was
decided before.
"""

from __future__ import annotations

from hb_engine.faces.words import place
from hb_engine.model.report import KINDS, STATES
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hb_engine.model.report import Report, Verdict

# What each kind means: a title, what it says, and what a person does about it.
KIND_WORDS = {
    "new": (
        "Open, and no rule is about it",
        "An opening that no rule of the baseline covers.",
        "Find out why it is open (hb why); close it, or have somebody decide for it (hb accept).",
    ),
    "gone": (
        "Required, and not open",
        "A rule requires the opening, it would have been seen, and it is not there.",
        "Start what serves it, or take the rule back.",
    ),
    "widened": (
        "Reaches further than it may",
        "The opening is allowed, and reaches more of the network than its rule or its past allows.",
        "Bind it to a narrower address, or widen the rule.",
    ),
    "owner-changed": (
        "Somebody else holds the port",
        "The port is allowed to one owner, and another one holds it.",
        "Find out who took the port and why (hb why), before anything else.",
    ),
    "speaks-else": (
        "Another service speaks there",
        "What answers on the port is another protocol than its rule expects.",
        "Ask it yourself (hb scan), and find out who changed it.",
    ),
    "weakened": (
        "The service is weaker than its rule wants",
        "The expected service answers with an older TLS, another certificate or another version than its rule wants.",
        "Repair its configuration, or have the rule changed.",
    ),
    "expired": (
        "The rule that allowed it has ended",
        "The opening was allowed until a day that has passed.",
        "Close it, or have its owner decide again.",
    ),
    "hidden": (
        "Hidden from the kernel's own lists",
        "The kernel holds the port, and its lists do not show it.",
        "Treat the machine as taken over until it is explained.",
    ),
    "forbidden": (
        "Forbidden",
        "A rule forbids the opening.",
        "Close it; only a change of the rule could allow it.",
    ),
    "out-of-window": (
        "Open outside its hours",
        "The rule that allows the opening holds at other times only.",
        "Close it until then, or change its window.",
    ),
    "pinned-changed": (
        "A pinned fact has changed",
        "A fact that its rule pins (executable, version, certificate, protocol, image) is another than observed.",
        "Check the change, then have it observed again.",
    ),
    "suspicious": (
        "Covered by a rule, and suspicious",
        "A rule covers the opening, and the evidence is of a kind that no rule covers by itself.",
        "Look at the evidence (hb why); a rule may accept it by name.",
    ),
    "changed": (
        "An observed fact has changed",
        "A fact that hb.lock keeps is another, and no rule pins it.",
        "Nothing, unless the change was not yours.",
    ),
    "vanished": (
        "No longer open",
        "It was observed before, no rule requires it, and it is not there.",
        "Nothing; if it will not come back, its rule can go.",
    ),
    "review-due": (
        "A rule must be confirmed again",
        "The day by which the rule was to be confirmed has come.",
        "Have its owner confirm or withdraw it.",
    ),
    "learning": (
        "Learning goes on",
        "What is new is taken for debt, and not for drift, until a time that hb.lock names.",
        "Wait for it, or end it with hb learn --now.",
    ),
    "foreign-lock": (
        "The lock is not of this machine",
        "hb.lock holds nothing of this machine, or is of another machine of this name.",
        "Learn on this machine (hb learn), or bring its own lock.",
    ),
    "unsafe-baseline": (
        "Others may write the rules",
        "The files of the baseline can be changed by more than their owner.",
        "Take the rights away from everybody else.",
    ),
    "not-seen": (
        "Could not be looked at",
        "Something that a rule needs could not be seen.",
        "Run hb as root, or give it what the gap asks for.",
    ),
}
assert tuple(KIND_WORDS) == KINDS  # noqa: S101 - a kind without words would be found out by a person otherwise


def subject(verdict: Verdict) -> str:
    """What a verdict is about, in words: tcp 1703; or its key where nothing is open."""
    return place(verdict.opening) if verdict.opening is not None else verdict.key


def count(reports: Iterable[Report], field: str) -> dict[str, int]:
    """How many verdicts there are by `state`, `kind` or `severity`, every word of them, also those that none has.

    Kinds and severities are counted of drift alone: debt and notes are quiet.
    """
    words = {"state": STATES, "kind": KINDS, "severity": SEVERITIES}[field]
    found = dict.fromkeys(words, 0)
    for report in reports:
        for verdict in report.verdicts:
            if field == "state" or verdict.state == "drift":
                word = getattr(verdict, field)
                found[word] = found.get(word, 0) + 1
    return found


def drift(reports: Sequence[Report]) -> list[tuple[Report, Verdict]]:
    """All drift, the worst first; among equals in the order of the reports."""
    found = [(report, each) for report in reports for each in report.verdicts if each.state == "drift"]
    return sorted(found, key=lambda pair: -SEVERITIES.index(pair[1].severity))


def details(verdict: Verdict) -> list[str]:
    """Everything that is known of a verdict besides its reason, a fact a line, with its label."""
    lines = [f"key: {verdict.key}"]
    if verdict.rule:
        where = f" ({verdict.where.text})" if verdict.where is not None else ""
        lines.append(f"rule: {verdict.rule}{where}")
    lines += [f"{label}: {text}" for label, text in (("owner", verdict.owner), ("why", verdict.why)) if text]
    lines += [f"evidence: {text}" for text in verdict.evidence]
    lines += [f"probable cause: {cause.text} ({cause.source})" for cause in verdict.causes]
    return lines + ([f"what to do: {verdict.remedy}"] if verdict.remedy else [])

"""Names of rules that stay: given ones are held apart, and missing ones made from what the rule says.

Never from its place: a rule that is moved keeps its history. What a rule is about is its kind, its listen and by, and
whom it is for; its reasons and days may change under the same id.
"""

from __future__ import annotations

from hb_engine.model.baseline import Problem
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.model.baseline import Rule

DIGITS = 8  # of the digest, in hex


def given(rules: Sequence[Rule]) -> tuple[list[Rule], list[Problem]]:
    """The rules, each with its id, and a problem for each that has another one's id; those are left out."""
    first: dict[str, Rule] = {}
    problems = []
    for each in rules:
        rule = each if each.id else replace(each, id=derived(each))
        before = first.setdefault(rule.id, rule)
        if before is not rule:
            problems.append(_twice(rule, before, made=not each.id))
    return list(first.values()), problems


def derived(rule: Rule) -> str:
    """allow-tcp-443-9f3c01ab: kind, first place, and eight digits of a digest of what the rule is about."""
    from hashlib import sha256  # 2 ms, and only for rules without an id

    places = ", ".join([" ".join(place.text.split()) for place in rule.listen])
    about = f"{rule.kind}\n{places}\n{rule.by_text}\n{rule.role}\n{rule.host}"
    digest = sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
    place = rule.listen[0].text.partition(" ")[0] if rule.listen else ""
    slug = "".join([letter if letter.isascii() and letter.isalnum() else "-" for letter in place])[:40]
    return f"{rule.kind}-{slug}-{digest}"


def _twice(rule: Rule, before: Rule, *, made: bool) -> Problem:
    where = before.where.text
    if made:
        told = f"this rule is about the same as the one at {where}"
        return Problem(rule.where, told, "Leave one out, or give both an id.", "error", "twice")
    return Problem(
        rule.where, f"the id {rule.id} is taken by the rule at {where}", "Give it another.", "error", "twice"
    )

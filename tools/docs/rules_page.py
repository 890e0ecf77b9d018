"""docs/reference/rules.md: every rule by its declaration, with what its file says of why it is there."""

from __future__ import annotations

import sys

from tools.docs.markdown import bullets, code, head, join, table

from hb_engine.app.looking.look import rule_names
from hb_engine.judge import kit
from hb_engine.model.verdict import SEVERITIES, WORDS, Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.judge.kit import Loaded

LEAD = """A rule looks at one opening and what is known around it, and gives reasons. It speaks only on evidence: what
was not read is never held against anybody. A reason may be milder or worse than its rule's usual severity, for example
where only private networks can reach the opening. No rule silences another."""
LASTS = " A baseline's rule silences it only by its name, under `accepts`."
NEVER = {"hidden-opening": " No baseline's rule silences it."}
# By the folder of judge/rules that a rule stands in.
NEEDS = {
    "spoken": " It needs an answer: `hb why PORT`, `hb ls --identify`, or a check of rules about what speaks.",
    "remembered": " It needs history: `hb why PORT` and `hb check` ask for it, as far as `hb record` kept any.",
}


def page() -> str:
    """The page."""
    rules = sorted(kit.load(rule_names()), key=lambda loaded: (-_rank(loaded), loaded.rule.name))
    rows = [(f"[{one.rule.name}](#{one.rule.name})", one.rule.severity, one.rule.title) for one in rules]
    parts = [
        head("Rules", "the declarations in `src/hb_engine/judge/rules/`", LEAD),
        table(["rule", "severity", "what it looks for"], rows),
        table(["severity", "of an opening", "mark"], [_severity(name) for name in SEVERITIES]),
    ]
    for loaded in rules:
        parts += _rule(loaded)
    return join(parts)


def _rule(loaded: Loaded) -> list[str]:
    rule, module = loaded.rule, sys.modules[loaded.judge.__module__]
    path = module.__name__.partition(".rules.")[2].replace(".", "/")
    where = f"[{path.rpartition('/')[2]}.py](../../src/hb_engine/judge/rules/{path}.py)"
    needs = NEEDS.get(path.rpartition("/")[0], "")
    lasts = NEVER.get(rule.name, LASTS) if rule.lasting else ""
    return [
        f"## {rule.name}",
        f"{rule.title} Usual severity: {code(rule.severity)}. Source: {where}.{lasts}{needs}",
        (module.__doc__ or "").strip(),
        "What looks the same and is honest:",
        bullets(rule.false_positives),
    ]


def _severity(name: str) -> tuple[str, str, str]:
    word = Judgement(name).word
    marks = dict(zip(WORDS, "○●✗", strict=True))
    told = {WORDS[0]: "nothing to say", WORDS[1]: "worth a look", WORDS[2]: "look first"}
    return code(name), f"{word}: {told[word]}", marks[word]


def _rank(loaded: Loaded) -> int:
    return SEVERITIES.index(loaded.rule.severity)

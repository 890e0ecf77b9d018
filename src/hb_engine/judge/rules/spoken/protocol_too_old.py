"""A server takes a version of its protocol that was given up because it can be broken.

SSH 1 lets whoever sits between change what is sent; SMB 1 is what WannaCry came in by. Servers that speak the new
version take the old one too only if they are told to, or are old themselves.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, quote, reaches_others, spoken, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "protocol-too-old",
    "high",
    "A server accepts SSH 1 or SMB 1, which were given up.",
    ("Scanners, printers and machine tools that speak nothing newer, on a network of their own.",),
)
OLD = {
    "ssh": (("protocol 1.99", "protocol 1.5", "protocol 1.3"), "SSH 1"),
    "microsoft-ds": (("SMB 1 accepted",), "SMB 1"),
    "netbios-ssn": (("SMB 1 accepted",), "SMB 1"),
}
REMEDY = {"SSH 1": "set Protocol 2, and update the server", "SMB 1": "set server min protocol = SMB2, or remove SMB 1"}


def judge(facts: Facts) -> Iterator[Reason]:
    identity = spoken(facts)
    marks, old = OLD.get(identity.name, ((), "")) if identity else ((), "")
    if not identity or not any(part.strip() in marks for part in identity.info.split(",")):
        return
    yield RULE.reason(
        f"accepts {old}",
        quote(identity.info),
        who(facts.opening.owners) if facts.opening.owners else "",
        remedy=REMEDY[old],
        severity=by_scope(facts.opening, RULE.severity) if reaches_others(facts.opening) else "info",
    )

"""Nobody knows what this is: nothing is registered, it does not say, and nothing vouches for who opened it.

Silence alone is no reproach: many protocols wait for the client's first word. Beside an owner in doubt it is what a
back door looks like that answers only who knows its word.
"""

from __future__ import annotations

from hb_engine.judge.doubt import doubt_of
from hb_engine.judge.kit import Facts, Rule, ask, by_scope, place, quote, serves_others, who

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "silent-unknown",
    "medium",
    "A port for which nothing is registered answers nothing, and nothing vouches for its owner.",
    (
        "A team's own protocol, whose server waits for its client's first word.",
        "A server that takes connections only from addresses that it knows.",
    ),
)


def judge(facts: Facts) -> Iterator[Reason]:
    opening, answer = facts.opening, facts.answer
    if not answer or answer.identity or answer.held not in ("silent", "unknown") or not serves_others(opening):
        return
    if opening.registered or facts.registered or answer.registered:
        return
    doubt = doubt_of(facts)
    if not doubt:
        return
    silent = answer.held == "silent"
    yield RULE.reason(
        f"{place(opening)} {'says nothing' if silent else 'speaks what nobody could name'}, and {doubt}",
        "nothing is registered for the port",
        f"its words have the fingerprint {quote(answer.fingerprint)}" if answer.fingerprint and not silent else "",
        who(opening.owners) if opening.owners else "",
        remedy=f"find out what it is for: {ask(opening)}; hb ls --identify tells whether it speaks another time",
        severity=by_scope(opening, RULE.severity if silent else "low"),
    )

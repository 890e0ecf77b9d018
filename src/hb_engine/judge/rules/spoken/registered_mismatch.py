"""Another service speaks here than the one that is registered for the port.

People may run what they like where they like, and most do: a web application on some registered number is a remark. It
is worth a look where the port is one of those that firewalls let through on their name's account (below 1024), or where
what hides behind the number gives access to the machine or through it. A port that is by custom what speaks on it is
no mismatch, and neither is one that nobody could name.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, by_scope, milder, quote, reaches_others, spoken, who, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "registered-mismatch",
    "medium",
    "Another service speaks on a port than the one that is registered for it.",
    (
        "A service that was moved to a port that a firewall lets through: ssh on 443.",
        "Registrations that nobody remembers, of companies that are gone.",
    ),
)
# They give a shell, a screen, or a way through the machine.
ACCESS = words("ssh telnet socks5 vnc ms-wbt-server X11 irc tor-control jdwp http-proxy openvpn spice wsman msrpc")
SYSTEM = 1024  # RFC 6335 6: ports below are given to services of the system
WEB = words("http http2 websocket grpc ssl")  # pages of administration stand on any number, and mean little
LET_THROUGH = (22, 25, 53, 123, 853)  # where nobody puts pages, and everybody's firewall lets packets out


def judge(facts: Facts) -> Iterator[Reason]:
    answer, identity = facts.answer, spoken(facts)
    if not answer or not identity or not answer.mismatch or answer.held not in ("other-service", "tls-missing"):
        return
    severity = _severity(facts, identity.name) if answer.held == "other-service" else "low"
    if identity.proof == "pattern":
        severity = milder(severity)
    yield RULE.reason(
        quote(answer.mismatch),
        quote(identity.evidence),
        who(facts.opening.owners) if facts.opening.owners else "",
        remedy=f"give it a port that says what it is, or say in the baseline what speaks here: {ask(facts.opening)}",
        severity=by_scope(facts.opening, severity) if reaches_others(facts.opening) else "info",
    )


def _severity(facts: Facts, name: str) -> str:
    port = facts.opening.port or SYSTEM
    if name in ACCESS or port in LET_THROUGH:
        return "medium"
    return "info" if port >= SYSTEM else "low" if name in WEB else "medium"

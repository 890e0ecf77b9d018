"""The certificate that is presented is not valid now: it has expired, or its time has not come.

Clients that check it refuse to talk; people learn to click warnings away, and then do so at an attacker's too. A
certificate that signs itself is seldom checked by anybody, so less is made of it. A wrong clock looks the same.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, certificate_of, milder, quote, reaches_others
from hb_engine.wire.dates import DAY, iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "certificate-expired",
    "high",
    "A server presents a certificate that has expired or is not valid yet.",
    (
        "This machine's clock is wrong.",
        "The default certificate of a server whose real ones are chosen by name (SNI).",
    ),
)


def judge(facts: Facts) -> Iterator[Reason]:
    certificate, now = certificate_of(facts), facts.now
    if not certificate or now is None or not certificate.not_after:
        return
    if certificate.not_before <= now <= certificate.not_after:
        return
    late = now > certificate.not_after
    days = int((now - certificate.not_after if late else certificate.not_before - now) // DAY)
    severity = by_scope(facts.opening, RULE.severity) if reaches_others(facts.opening) else "low"
    yield RULE.reason(
        (f"its certificate expired {_ago(days)}" if late else "its certificate is not valid yet"),
        f"{quote(certificate.subject) or 'no subject'}, valid from {iso(certificate.not_before)} "
        f"until {iso(certificate.not_after)}",
        f"by {quote(certificate.issuer)}" if certificate.issuer and not certificate.self_signed else "",
        remedy="renew it and have the server load it again, or find out why that did not happen by itself",
        severity=milder(severity) if certificate.self_signed else severity,
    )


def _ago(days: int) -> str:
    return "today" if days < 1 else "yesterday" if days < 2 else f"{days} days ago"

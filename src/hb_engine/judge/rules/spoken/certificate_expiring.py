"""The certificate that is presented will expire soon, and should have been renewed by now.

Soon is measured by its life: clients of ACME renew when a third is left, so half of that is late, and for the long
lives of old the last month counts and the last fortnight matters. What has expired is another rule's.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, certificate_of, milder, quote, reaches_others
from hb_engine.wire.dates import DAY, iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "certificate-expiring",
    "medium",
    "A server's certificate will expire soon.",
    (
        "It is renewed by hand, and somebody has the day in the calendar.",
        "It was renewed already, and the server loads it at its next restart.",
    ),
)
SOON, AT_ONCE = 30 * DAY, 14 * DAY
LATE, TOO_LATE = 0.3, 0.15  # of the whole life, for lives of less than a hundred days


def judge(facts: Facts) -> Iterator[Reason]:
    certificate, now = certificate_of(facts), facts.now
    if not certificate or now is None or not certificate.not_before <= now <= certificate.not_after:
        return
    life, left = certificate.not_after - certificate.not_before, certificate.not_after - now
    if left > min(SOON, life * LATE):
        return
    severity = by_scope(facts.opening, "high" if left <= min(AT_ONCE, life * TOO_LATE) else "medium")
    days = int(left // DAY)
    when = "within a day" if days < 1 else "in 1 day" if days == 1 else f"in {days} days"
    yield RULE.reason(
        f"its certificate expires {when}",
        f"{quote(certificate.subject) or 'no subject'}, valid from {iso(certificate.not_before)} "
        f"until {iso(certificate.not_after)}",
        remedy="renew it now, and see whether whatever renews it still runs (certbot.timer, cert-manager, acme.sh)",
        severity=(milder(severity) if certificate.self_signed else severity)
        if reaches_others(facts.opening)
        else "info",
    )

"""A server still accepts a version of TLS that was withdrawn.

SSL 3.0 is broken (RFC 7568), and so is SSL 2.0 (RFC 6176). TLS 1.0 and 1.1 rest on SHA-1 and MD5 and are withdrawn
(RFC 8996), which audits ask for. A server that can do better and takes the old one too is told apart from one that can
do nothing else. Only versions that were seen to be accepted count.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, milder, quote, reaches_others, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "tls-too-old",
    "medium",
    "A server accepts SSL 3.0, TLS 1.0 or TLS 1.1, which are withdrawn.",
    (
        "Mail servers that prefer old encryption to none, as long as their peers do.",
        "Old equipment that must be served and speaks nothing newer.",
    ),
)
BROKEN = ("SSLv2", "SSLv3")
WITHDRAWN = ("TLSv1", "TLSv1.1", "DTLSv1")


def judge(facts: Facts) -> Iterator[Reason]:
    identity = spoken(facts)
    tls = identity.tls if identity else None
    accepted = tls.versions or ((tls.version,) if tls.version else ()) if tls else ()
    old = [version for version in accepted if version in BROKEN + WITHDRAWN]
    if not tls or not old:
        return
    broken = any(version in BROKEN for version in old)
    severity = by_scope(facts.opening, "high" if broken else "medium")
    if tls.how == "starttls" and not broken:
        severity = milder(severity)  # whoever asks for TLS there would else get none
    only = len(old) == len(accepted)
    yield RULE.reason(
        f"accepts {', '.join(old)}" + (", and nothing newer was seen" if only else ""),
        f"versions that were seen to be accepted: {', '.join(accepted)}",
        f"cipher: {quote(tls.cipher)}" if tls.cipher and only else "",
        remedy="set TLS 1.2 as the lowest version in the server's configuration",
        severity=severity if reaches_others(facts.opening) else "info",
    )

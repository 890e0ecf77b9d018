"""TLS is spoken, and its cipher protects little or nothing.

Null ciphers do not encrypt, anonymous ones let anybody in between pose as the server, export grade was made to be
broken, and RC4 (RFC 7465), DES and 3DES (64-bit blocks) are withdrawn. Every cipher was offered, the strong ones first,
so a weak one was this server's choice.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, milder, quote, reaches_others, spoken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "tls-weak-cipher",
    "medium",
    "A server chooses a cipher that is broken or does not encrypt.",
    (
        "Mail servers that take anonymous ciphers from each other on purpose, since nobody checks certificates there.",
        "Old equipment that can do nothing better.",
    ),
)
# Parts of OpenSSL's and IANA's names, which are written with - and with _; the gravest first.
PARTS = {
    "NULL": ("high", "does not encrypt"),
    "ADH": ("high", "lets anybody pose as the server"),
    "AECDH": ("high", "lets anybody pose as the server"),
    "ANON": ("high", "lets anybody pose as the server"),
    "EXP": ("high", "is export grade"),
    "EXPORT": ("high", "is export grade"),
    "RC4": ("medium", "is broken"),
    "RC2": ("medium", "is broken"),
    "DES": ("medium", "is outdated"),
    "3DES": ("medium", "is outdated"),
    "MD5": ("medium", "is broken"),
}


def judge(facts: Facts) -> Iterator[Reason]:
    identity = spoken(facts)
    tls = identity.tls if identity else None
    parts = frozenset(tls.cipher.upper().replace("_", "-").split("-")) if tls else frozenset()
    found = next((PARTS[part] for part in PARTS if part in parts), None)
    if not tls or not found:
        return
    severity, why = found
    if tls.how == "starttls":
        severity = milder(severity)  # whoever asks for TLS there would else get none
    yield RULE.reason(
        f"chose the cipher {quote(tls.cipher)}, which {why}",
        "every cipher that there is was offered",
        remedy="allow only ciphers with forward secrecy and authentication (in OpenSSL's words: HIGH:!aNULL)",
        severity=by_scope(facts.opening, severity) if reaches_others(facts.opening) else "info",
    )

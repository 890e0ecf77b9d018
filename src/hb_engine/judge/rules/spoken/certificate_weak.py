"""The certificate that is presented proves little: its key or its signature can be forged, or nobody vouches for it.

RSA below 2048 bits, DSA, small curves, and signatures with MD5 or SHA-1 are no longer accepted by anybody who decides
such things (RFC 9155, CA/Browser Forum). A certificate that signs itself is ordinary inside a network and a remark
where everybody can reach it; its own signature proves nothing in any case, and is not judged.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, certificate_of, quote, reach, reaches_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.identity import Certificate
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "certificate-weak",
    "medium",
    "A server's certificate has a weak key or signature, or signs itself.",
    (
        "Devices that make their own certificate, and whose clients know its fingerprint.",
        "The default certificate of a server whose real ones are chosen by name (SNI).",
    ),
)
SIGNATURES = ("md2", "md5", "sha1", "-SHA1")
CURVES = ("P-192", "brainpoolP160r1", "brainpoolP192r1")
LEAST = 2048  # bits of an RSA key


def judge(facts: Facts) -> Iterator[Reason]:
    certificate = certificate_of(facts)
    if not certificate or not reaches_others(facts.opening):
        return
    subject = quote(certificate.subject) or "no subject"
    weak = _weak(certificate)
    if weak:
        yield RULE.reason(
            f"its certificate {weak}",
            f"{subject}: {quote(certificate.key)}, {quote(certificate.signature)}",
            remedy="have a new one made: EC P-256 or RSA 2048 and longer, signed with SHA-256",
            severity=by_scope(facts.opening, RULE.severity),
        )
    elif certificate.self_signed and reach(facts.opening) == "public":
        yield RULE.reason(
            "its certificate signs itself: nobody else vouches for it",
            subject,
            remedy="have one signed by an authority that its clients know, or have them know this one's fingerprint",
            severity="info",
        )


def _weak(certificate: Certificate) -> str:
    """What is weak about a certificate, as the rest of a sentence; "" for nothing."""
    kind, _, size = certificate.key.partition(" ")
    if kind in ("RSA", "RSA-PSS") and size.isdecimal() and int(size) < LEAST:
        return f"has an RSA key of {size} bits"
    if kind == "DSA" or size in CURVES:
        return f"has a key of a withdrawn kind ({quote(certificate.key)})"
    signed = certificate.signature
    if not certificate.self_signed and (signed.startswith(SIGNATURES[:3]) or signed.endswith(SIGNATURES[3])):
        return f"is signed with {quote(signed)}"
    return ""

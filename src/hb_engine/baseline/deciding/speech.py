"""What speaks there, held against `speaks`: the service by name, its TLS, its certificate, version and product.

Names are nmap's. A name that ends in s for TLS (https, imaps) is the same service inside of TLS; the plain name is the
service in clear. The oldest version of TLS that is offered counts, where it is known, since an attacker may choose it.
Where nothing was asked, or nothing could be found out, that is the outcome: it is never a fit, and never a misfit.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.answer import Answer
    from hb_engine.model.baseline import Speaks
    from hb_engine.model.identity import Certificate, Identity, Tls

    Outcome = tuple[str, str]  # an outcome of model/decision.py, "" for a fit; and why

FITS: Outcome = ("", "")
# The service inside of TLS -> the service.
INSIDE = {
    **{f"{name}s": name for name in ("http", "imap", "pop3", "smtp", "ldap", "ftp", "nntp", "irc", "amqp", "sip")},
    **{f"{name}s": name for name in ("telnet", "mqtt", "rtsp", "stomp", "xmpp", "redis", "docker")},
    "https-alt": "http",
    "submissions": "smtp",
    "domain-s": "domain",
    "secure-mqtt": "mqtt",
    "syslog-tls": "syslog",
    "rediss": "redis",
}
ALIKE = {"www": "http", "http-alt": "http", "http-proxy": "http", "submission": "smtp", "dns": "domain", "tls": "ssl"}
AGES = {"SSLv2": 0, "SSLv3": 1, "TLSv1": 10, "TLSv1.0": 10, "TLSv1.1": 11, "TLSv1.2": 12, "TLSv1.3": 13}
AGES.update({"DTLSv1.0": 11, "DTLSv1": 11, "DTLSv1.2": 12, "DTLSv1.3": 13})
LEAST = {"1.0": 10, "1.1": 11, "1.2": 12, "1.3": 13}
ENDED = [(2, 0, "")]  # what a version that has ended goes on with: 1 is 1.0


def held(wanted: Speaks, answer: Answer | None) -> Outcome:
    """What holding an answer against `speaks` comes to: "" for a fit, speaks-else, weaker or speech-unseen."""
    if answer is None:
        return "speech-unseen", "it was not asked what speaks there"
    identity = answer.identity
    if identity is None or identity.proof == "port":
        return _unnamed(wanted, answer)
    tls = identity.tls if identity.tls and not identity.tls.problem else None
    checks = (_named(wanted, identity, tls), _product(wanted, identity), _encrypted(wanted, identity, tls))
    outcomes = [*checks, *_certified(wanted, tls), *_versioned(wanted, identity)]
    for outcome in ("speaks-else", "weaker", "speech-unseen"):  # a misfit is one, whatever else was not seen
        for found in outcomes:
            if found[0] == outcome:
                return found
    return FITS


def _unnamed(wanted: Speaks, answer: Answer) -> Outcome:
    if answer.state != "open":
        return "speech-unseen", f"it was asked, and the port was {answer.state} ({answer.reason})"
    if answer.held == "unknown" and wanted.names:
        return "speaks-else", f"something speaks that is not {_either(wanted.names)}, and that nobody can name"
    return "speech-unseen", f"what speaks there could not be found out ({answer.held or 'nothing was named'})"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def _plain(name: str) -> str:
    name = name.lower().removeprefix("ssl/").removeprefix("tls/")
    return INSIDE.get(name) or ALIKE.get(name) or name


def _is_inside(name: str) -> bool:
    return name.lower() in INSIDE or name.lower().startswith(("ssl/", "tls/"))


def _named(wanted: Speaks, identity: Identity, tls: Tls | None) -> Outcome:
    if not wanted.names:
        return FITS
    alike = [name for name in wanted.names if _plain(name) == _plain(identity.name)]
    if not alike:
        if identity.name in ("ssl", "tls") and any(map(_is_inside, wanted.names)):
            return "speech-unseen", "TLS speaks, and what is inside could not be found out"
        return "speaks-else", f"{identity.name} speaks, not {_either(wanted.names)}"
    implicit = (tls is not None and tls.how == "implicit") or _is_inside(identity.name)
    if any(_is_inside(name) == implicit for name in alike) or wanted.tls:
        return FITS
    if implicit:
        return "speaks-else", f"{identity.name} speaks inside TLS, not in clear as {_either(wanted.names)} does"
    return "weaker", f"{identity.name} speaks in clear, not inside TLS as {_either(wanted.names)} does"


def _encrypted(wanted: Speaks, identity: Identity, tls: Tls | None) -> Outcome:
    if not wanted.tls:
        return FITS
    if tls is None:
        if identity.tls is not None or identity.starttls == "offered" or _is_inside(identity.name):
            return "speech-unseen", "its TLS could not be looked at"
        return "weaker", f"{identity.name} speaks without TLS; {wanted.tls} or newer is wanted"
    known = [version for version in (*tls.versions, tls.version) if version in AGES]
    if not known:
        return "speech-unseen", "the versions of TLS that it offers are not known"
    oldest = min(known, key=AGES.__getitem__)
    if AGES[oldest] < LEAST.get(wanted.tls, 99):
        return "weaker", f"it offers {oldest}; {wanted.tls} or newer is wanted"
    return FITS


def _certified(wanted: Speaks, tls: Tls | None) -> list[Outcome]:
    if not wanted.certificate:
        return []
    if tls is None:
        return [("weaker", "it shows no certificate: it speaks without TLS")]
    certificate = tls.certificate
    if certificate is None:
        return [("speech-unseen", "its certificate was not seen")]
    return [_shown(certificate, field, pattern) for field, pattern in wanted.certificate]


def _shown(certificate: Certificate, field: str, pattern: str) -> Outcome:
    values = certificate.names if field == "san" else (getattr(certificate, field),)
    common = _common_names(values[0]) if field in ("subject", "issuer") and values else []
    test = patterns.glob(pattern.replace(":", "") if field == "sha256" else pattern, fold=True)
    if any(map(test, common)) or any(
        test(value) or (field == "san" and _stands_for(value, pattern)) for value in values
    ):
        return FITS
    shown = ", ".join(values[:3]) or "nothing"
    return "weaker", f"its certificate has {shown} as {field}; {pattern} is wanted"


def _common_names(name: str) -> list[str]:
    """The CN of a distinguished name (RFC 4514), which is what people mean by it: CN=www.example.org, O=Example."""
    parts = name.replace("\\,", "\0").split(",")
    return [part.strip()[3:].replace("\0", ",") for part in parts if part.strip()[:3].upper() == "CN="]


def _stands_for(name: str, wanted: str) -> bool:
    """Whether a wildcard name of a certificate stands for a name: one label, the first (RFC 6125 6.4.3)."""
    host = wanted.partition(".")[2]
    return name.startswith("*.") and patterns.is_plain(wanted) and bool(host) and name[2:].lower() == host.lower()


def _product(wanted: Speaks, identity: Identity) -> Outcome:
    if not wanted.product:
        return FITS
    if not identity.product:
        return "speech-unseen", "it does not tell its product"
    if patterns.glob(wanted.product, fold=True)(identity.product):
        return FITS
    return "speaks-else", f"{identity.product} speaks, not {wanted.product}"


def _versioned(wanted: Speaks, identity: Identity) -> list[Outcome]:
    if wanted.version and not identity.version:
        return [("speech-unseen", "it does not tell its version")]
    return [
        FITS if _compares(identity.version, how, than) else ("weaker", f"version {identity.version}, not {how} {than}")
        for how, than in wanted.version
    ]


def _compares(version: str, how: str, than: str) -> bool:
    order = compare(version, than)
    return {">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0, "=": order == 0}.get(how, False)


def compare(left: str, right: str) -> int:
    """Which of two versions is older: -1, 0 or 1. Numbers count as numbers; alpha, beta and rc come before nothing."""
    ours, theirs = _pieces(left), _pieces(right)
    for one, other in zip(ours + ENDED * len(theirs), theirs + ENDED * len(ours), strict=True):
        if one != other:
            return -1 if one < other else 1
    return 0


def _pieces(version: str) -> list[tuple[int, int, str]]:
    """Runs of digits and of letters, so that rc sorts before the end, which is zero, and any other letter after it."""
    pieces: list[str] = []
    kind = ""
    for letter in version[:200].lower().removeprefix("v"):
        now = "0" if letter in "0123456789" else "a" if letter.isalpha() else ""
        if now and now == kind:
            pieces[-1] += letter
        elif now:
            pieces.append(letter)
        kind = now
    found = []
    for piece in pieces:
        early = piece.startswith(("alpha", "beta", "rc", "pre", "dev"))
        found.append((2, int(piece), "") if piece[0] in "0123456789" else (0 if early else 3, 0, piece))
    return found

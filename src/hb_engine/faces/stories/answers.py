"""What is said of one answer from outside: what speaks there, which version, what is wrong with it, how grave that is.

A registered name is never shown as if it spoke: what speaks stands in one column, what is registered is said as such.
A mark other than the empty circle is a finding, and nothing else is.
"""

from __future__ import annotations

from hb_engine.faces.text import joined
from hb_engine.faces.words import duration
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.answer import Answer, ScannedHost
    from hb_engine.model.identity import Certificate, Tls

HELD = {  # how grave each word is that an answer may be held to
    "other-service": "high",
    "tls-missing": "high",
    "unregistered": "medium",
    "unknown": "low",
    "tls-unexpected": "low",
}
SAID = {  # what stands where the service would
    "silent": "silent",
    "unknown": "unknown",
    "unprovable": "cannot be known",
    "not-asked": "not asked",
    "everything": "accepts, says nothing",
}
OLD = ("SSLv3", "TLSv1", "TLSv1.1")  # RFC 7568, RFC 8996
DAY = 86400
SOON = 14 * DAY  # a certificate that ends within this is said to


def severity(answer: Answer, now: float) -> str:
    """How grave an open port's answer is, one of SEVERITIES; ports that are not open are none."""
    if not is_open(answer):
        return "none"
    grave = [HELD.get(answer.held, "none"), *[each for each, _ in tls_remarks(answer, now)]]
    return max(grave, key=SEVERITIES.index)


def worst(host: ScannedHost, now: float) -> str:
    """The gravest of a host's answers."""
    return max([severity(answer, now) for answer in host.answers], key=SEVERITIES.index, default="none")


def is_open(answer: Answer) -> bool:
    """Whether something answered there: silence on UDP is not that."""
    return answer.state == "open"


def service(answer: Answer) -> str:
    """What speaks: ssh; http in TLS; a word for why there is no name; nothing for a port that is not open."""
    found = answer.identity
    if found is not None:
        return (
            f"{found.name} in TLS"
            if found.tls and found.tls.how == "implicit" and not found.tls.problem
            else found.name
        )
    return SAID.get(answer.held, "") if is_open(answer) else ""


def product(answer: Answer) -> str:
    """Product, version and further words."""
    found = answer.identity
    if found is None:
        return ""
    told = " ".join(filter(None, (found.product, found.version)))
    return f"{told} ({found.info})" if found.info and told else told or found.info


def remarks(answer: Answer, now: float) -> Iterator[str]:
    """What is to be said besides, the gravest first, each once."""
    if answer.mismatch:
        yield answer.mismatch.rstrip(".")
    elif answer.held == "unregistered" or (answer.held == "unknown" and not answer.registered):
        yield "nothing is registered here"
    elif answer.identity is None:
        yield from _of_no_name(answer)
    yield from [text for _, text in tls_remarks(answer, now)]
    found = answer.identity
    if found is not None and found.guarded:
        yield "wants a password"
    if answer.held == "unknown" and answer.fingerprint:
        yield f"fingerprint {answer.fingerprint}"
    yield from answer.notes


def _of_no_name(answer: Answer) -> Iterator[str]:
    """Why a port is not open, and what is registered there."""
    if not is_open(answer):
        yield answer.reason
    if answer.registered:
        yield f"registered as {answer.registered[0].name}"


def tls_remarks(answer: Answer, now: float) -> Iterator[tuple[str, str]]:
    """What is wrong with an answer's TLS, with its severity."""
    met = answer.identity.tls if answer.identity else None
    if met is None:
        return
    if met.problem:
        yield "info", f"TLS did not come about: {met.problem}"
    old = [version for version in OLD if version in _versions(met)]
    if old:
        yield "low", f"still takes {joined(old)}"
    if met.certificate is not None:
        yield from _dates(met.certificate, now)


def _versions(met: Tls) -> tuple[str, ...]:
    return (*met.versions, met.version)


def _dates(shown: Certificate, now: float) -> Iterator[tuple[str, str]]:
    """Whether a certificate is out of its time (RFC 5280 4.1.2.5), or will be soon."""
    if shown.not_after and shown.not_after < now:
        yield "medium", f"its certificate ended {duration(now - shown.not_after)} ago"
    elif shown.not_before > now:
        yield "medium", f"its certificate begins in {duration(shown.not_before - now)}"
    elif shown.not_after and shown.not_after - now < SOON:
        yield "low", f"its certificate ends in {duration(shown.not_after - now)}"


def counts(host: ScannedHost) -> dict[str, int]:
    """Ports by state, those told as ranges too; what nobody asked is counted as not asked."""
    found: dict[str, int] = {}
    for answer in host.answers:
        found[answer.state] = found.get(answer.state, 0) + 1
    for rest in host.rest:
        name = "not asked" if rest.reason == "not-asked" else rest.state
        found[name] = found.get(name, 0) + rest.count
    return found


def counted(host: ScannedHost) -> str:
    """3 open of 65,535; the other states are told in the lines below."""
    found = counts(host)
    asked = sum([count for state, count in found.items() if state != "not asked"])
    return f"{found.get('open', 0):,} open of {asked:,}" if asked else "no port asked"

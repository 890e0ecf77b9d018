"""What speaks here, was heard to speak, takes passwords or gives access without encryption.

This is clear_text_public with certainty: not what stands on the port by name, but what answered. So TLS from the first
byte ends the matter, and it is known whether a protocol that begins in clear offers TLS later, insists on it, or has
none. One that only offers it leaves passwords to the client's good sense, and that is a remark.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, quote, reaches_others, spoken, who
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.identity import Identity
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "clear-text-spoken",
    "medium",
    "What speaks on the port takes passwords or gives access without encryption.",
    (
        "Old equipment on a closed network that speaks nothing else.",
        "Traffic between two machines whose network is encrypted below (WireGuard, IPsec).",
        "Network boot, which needs TFTP on its own segment.",
    ),
)
SHELL = "passwords and all that is typed travel in clear text"
PASSWORDS = "passwords travel in clear text"
DATA = "what is stored travels in clear text"
FILES = "files are given to whoever asks"
FLOODS = "serves no purpose today but floods against others"


@record
class Spoken:
    """A protocol in clear. `severity` is where it has no TLS at all; `later`: it may begin TLS after its first words.

    `guarded`: it matters only where a password is wanted; `fact` and `evidence`: only where this was told, or begins
    what was.
    """

    severity: str
    why: str
    later: bool = False
    guarded: bool = False
    fact: str = ""
    evidence: str = ""


SERVICES = {
    "telnet": Spoken("medium", SHELL),
    "ftp": Spoken("low", PASSWORDS, later=True),
    "imap": Spoken("medium", PASSWORDS, later=True),
    "pop3": Spoken("medium", PASSWORDS, later=True),
    "sieve": Spoken("medium", PASSWORDS, later=True),
    "nntp": Spoken("low", PASSWORDS, later=True),
    "smtp": Spoken("medium", PASSWORDS, later=True, fact="authentication"),
    "ldap": Spoken("medium", PASSWORDS, later=True),
    "jabber": Spoken("medium", PASSWORDS, later=True),
    "vnc": Spoken("low", "the screen and what is typed travel in clear text", later=True),
    "ms-wbt-server": Spoken("low", "RDP's own encryption is broken", later=True),
    "vmware-auth": Spoken("medium", PASSWORDS, later=True),
    "mysql": Spoken("low", DATA, later=True),
    "postgresql": Spoken("low", DATA, later=True),
    "http": Spoken("low", PASSWORDS, guarded=True, fact="realm"),
    "http-proxy": Spoken("low", PASSWORDS, guarded=True, fact="realm"),
    "redis": Spoken("low", PASSWORDS, guarded=True, evidence="-NOAUTH"),
    "mqtt": Spoken("low", PASSWORDS, guarded=True),
    "amqp": Spoken("low", PASSWORDS, guarded=True),
    "stomp": Spoken("low", PASSWORDS, guarded=True),
    "socks5": Spoken("low", PASSWORDS, guarded=True),
    "routeros-api": Spoken("medium", PASSWORDS),
    "freeswitch-event": Spoken("medium", PASSWORDS),
    "asterisk": Spoken("medium", PASSWORDS),
    "tftp": Spoken("medium", FILES),
    "finger": Spoken("low", "tells strangers who is logged in"),
    "echo": Spoken("medium", FLOODS),
    "chargen": Spoken("medium", FLOODS),
    "qotd": Spoken("medium", FLOODS),
}


def judge(facts: Facts) -> Iterator[Reason]:
    opening, identity = facts.opening, spoken(facts)
    known = SERVICES.get(identity.name) if identity else None
    # In a container's own namespace only its neighbours reach it; what is published is an opening of the host's.
    if not identity or not known or not reaches_others(opening) or opening.netns.kind == "container":
        return
    told = frozenset([name for name, _ in identity.facts])
    if (known.guarded and not identity.guarded) or (known.fact and known.fact not in told):
        return
    if not identity.evidence.startswith(known.evidence) or (identity.tls and identity.tls.how == "implicit"):
        return
    severity, rest = _later(known, identity)
    if severity:
        yield RULE.reason(
            f"{identity.name} in clear: {known.why}{rest}",
            quote(identity.evidence),
            who(opening.owners) if opening.owners else "",
            remedy="have it insist on TLS, replace it with what encrypts (ssh, sftp, https), or keep it to its segment",
            severity=by_scope(opening, severity),
        )


def _later(known: Spoken, identity: Identity) -> tuple[str, str]:
    """The severity by whether TLS can begin later, with the rest of the sentence; "" where nothing is said."""
    if not known.later:
        return known.severity, ""
    if identity.starttls == "absent":
        return known.severity, ", and it has no TLS"
    if identity.starttls == "offered" and known.why == PASSWORDS:
        return "info", " unless the client asks for TLS"
    return "", ""

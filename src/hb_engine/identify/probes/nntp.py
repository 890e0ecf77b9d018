"""NNTP (RFC 3977): 200 or 201 comes first; CAPABILITIES is answered with 101, a list with VERSION, and a dot.

Older servers know DATE. Varnish's command line greets with 200 and answers nonsense with 101 as well, but counts its
bytes and ends no list. TLS is begun with STARTTLS (RFC 4642). Nothing is posted, and nobody logs in.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls
from hb_engine.identify.lines import coded, host_of, product, reply, words
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("nntp", tcp=(119, 433), tls=(563,), speaks="server", names=("nntps", "snews", "nnsp"), alpn=("nntp",))
MARKS = (
    ("InterNetNews NNRP server INN", "InterNetNews (INN)", "cpe:/a:isc:inn"),
    ("InterNetNews server INN", "InterNetNews (INN)", "cpe:/a:isc:inn"),
    ("INN", "InterNetNews (INN)", "cpe:/a:isc:inn"),
    ("Leafnode NNTP Daemon, version", "Leafnode nntpd", "cpe:/a:leafnode:leafnode"),
    ("Leafnode", "Leafnode nntpd", "cpe:/a:leafnode:leafnode"),
    ("Cyrus NNTP", "Cyrus nntpd", "cpe:/a:cyrus:imap"),
    ("Cyrus", "Cyrus nntpd", "cpe:/a:cyrus:imap"),
    ("Lyris ListManager", "Lyris ListManager nntpd", ""),
    ("NNTP Service", "Microsoft NNTP Service", ""),
)


def talk(peer: Peer) -> Talk:
    """The greeting, CAPABILITIES or DATE, STARTTLS where it is offered."""
    code, greeting = reply((yield Ask(until=coded)))
    said = b" ".join(greeting).upper()
    if code in (400, 502):
        return _named(greeting, guarded=True, proof="banner") if b"NNTP" in said or b"NEWS" in said else None
    if code not in (200, 201) or greeting[0].strip().isdigit():
        return None
    listed = yield Ask(b"CAPABILITIES\r\n", until=_listed)
    told = [line.strip().upper() for line in listed.split(b"\n")]
    capabilities = told[1 : told.index(b".")] if listed.startswith(b"101") and b"." in told else []
    if not any(line.startswith(b"VERSION ") for line in capabilities):
        date, stamp = reply((yield Ask(b"DATE\r\n", until=coded)))
        if date != 111 or not (stamp[0][:14].isdigit() and len(stamp[0].strip()) >= 14):
            return None
    if peer.tls:
        return _named(greeting, capabilities)
    if b"STARTTLS" not in capabilities:
        return _named(greeting, capabilities, starttls="absent")
    agreed, _ = reply((yield Ask(b"STARTTLS\r\n", until=coded)))
    tls = (yield StartTls()) if agreed == 382 else None
    return _named(greeting, capabilities, starttls="offered", tls=tls)


def _named(
    greeting: list[bytes],
    capabilities: list[bytes] | tuple[()] = (),
    starttls: str = "",
    tls: Tls | None = None,
    *,
    guarded: bool = False,
    proof: str = "structure",
) -> Identity:
    said = words(greeting)
    name, version, cpe = product(said, MARKS)
    if not name:
        told = next((line[15:] for line in capabilities if line.startswith(b"IMPLEMENTATION ")), b"")
        name, version, cpe = product(words([told]), MARKS)
    return Identity(
        "nntp",
        name,
        version,
        info="posting allowed" if "posting ok" in said.lower() or "posting allowed" in said.lower() else "",
        hostname=host_of(said, "InterNetNews "),
        cpe=cpe,
        proof=proof,
        evidence=said,
        guarded=guarded,
        starttls=starttls,
        tls=tls,
    )


def _listed(data: bytes) -> bool:
    """A list that ends with a dot, or one line of another code."""
    if data.startswith(b"101"):
        return data.endswith((b"\n.\r\n", b"\n.\n"))
    return b"\n" in data

"""XMPP for clients (RFC 6120): both sides open a stream of XML; features follow, or the reason why there are none.

The host that was asked for is named as the one we want; servers of other hosts say so, which proves them as well.
STARTTLS is one of the features. No authentication is begun.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("jabber", tcp=(5222,), tls=(5223,), names=("xmpp", "xmpp-client", "hpvirtgrp"), alpn=("xmpp-client",))
STREAMS = b"http://etherx.jabber.org/streams"
ENDS = (b"</stream:features>", b"<stream:features/>", b"</stream:error>", b"</stream:stream>")


def talk(peer: Peer) -> Talk:
    """A stream as clients open it."""
    return (yield from ask(peer, "jabber", b"jabber:client"))


def ask(peer: Peer, name: str, namespace: bytes) -> Talk:
    """What clients and servers have in common: the header, the features, STARTTLS."""
    reply = yield Ask(header(peer.host, namespace), until=whole)
    told = opened(reply)
    if told is None or (namespace not in told[1] and b"jabber:" in told[1]):
        return None
    sender, _ = told
    features = reply.partition(b"<stream:features")[2]
    starttls, tls = "", None
    if features and not peer.tls:
        offer = features.partition(b"<starttls")[2].partition(b"</starttls>")[0]
        starttls = "absent" if b"<starttls" not in features else "required" if b"<required" in offer else "offered"
    if starttls in ("offered", "required"):
        agreed = yield Ask(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", until=b">")
        tls = (yield StartTls()) if b"<proceed" in agreed else None
    condition = error_of(reply)
    return Identity(
        name,
        "Prosody" if b">This server does not serve " in reply else "",
        info=condition,
        hostname=text(sender) if sender and not condition else "",
        evidence=f"stream {'error ' + condition if condition else 'header'} in the namespace of {STREAMS.decode()}",
        guarded=condition in ("policy-violation", "not-authorized"),
        starttls=starttls,
        tls=tls,
        facts=(("mechanisms", mechanisms),) if (mechanisms := mechanisms_of(features)) else (),
    )


def hint(reply: bytes) -> bool:
    """What a server says to bytes that are no XML."""
    return opened(reply) is not None


def header(host: str, namespace: bytes) -> bytes:
    """The opening tag of a stream to a host: a name of letters, digits, dots, colons and dashes, or hb.invalid."""
    plain = all(letter.isascii() and (letter.isalnum() or letter in ".-_:") for letter in host) and len(host) < 256
    to = host.encode() if host and plain else b"hb.invalid"
    return (
        b"<?xml version='1.0'?><stream:stream to='" + to + b"' xmlns='" + namespace + b"' xmlns:stream='" + STREAMS
        + b"' version='1.0'>"
    )  # fmt: skip


def opened(reply: bytes) -> tuple[bytes, bytes] | None:
    """Who opened the stream (from) and the whole tag, where these bytes begin with one; our own sent back is none."""
    start = reply.find(b"<stream:stream")
    tag = reply[start:].partition(b">")
    if start < 0 or start > 256 or not tag[1] or STREAMS not in tag[0] or reply.lstrip()[:1] != b"<":
        return None
    if b" id=" not in tag[0] and b"<stream:error" not in reply:
        return None
    sender = b""
    for quote in (b"'", b'"'):
        sender = sender or tag[0].partition(b" from=" + quote)[2].partition(quote)[0]
    return sender, tag[0]


def error_of(reply: bytes) -> str:
    """The condition of a stream error: host-unknown."""
    inside = reply.partition(b"<stream:error")[2].partition(b">")[2].lstrip()
    name = inside[1:].partition(b" ")[0].partition(b"/")[0].partition(b">")[0]
    return text(name) if inside.startswith(b"<") and name.replace(b"-", b"").isalpha() else ""


def mechanisms_of(features: bytes) -> str:
    """The mechanisms of authentication that the features list."""
    found = [part.partition(b"<")[0] for part in features.split(b"<mechanism>")[1:20]]
    return text(b" ".join(found))


def whole(data: bytes) -> bool:
    """Features or an error have come to their end, or no stream begins here."""
    return any(end in data for end in ENDS) or data.lstrip()[:1] not in (b"", b"<")

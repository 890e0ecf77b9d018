"""DNS on UDP and TCP 53, and inside TLS on TCP 853 (RFC 1035, 7766, 7858): asked for version.bind, class CHAOS.

Any answer with our ID and our question proves DNS, refusals too. The text that BIND made customary (RFC 4892) often
names the program; a text that we do not know is passed on as it is, and names no product. Nothing is resolved for us.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("domain", tcp=(53,), tls=(853,), udp=(53,), names=("domain-s", "dns", "dot"), alpn=("dot",))
QUESTION = b"\7version\4bind\0\0\x10\0\3"  # TXT, CH
RCODES = ("", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
PTR, TXT, SRV = 12, 16, 33
RECORDS = 64  # that are read of one message at most
# How a program's text begins, the product, and its CPE.
PRODUCTS = (
    (b"dnsmasq-", "dnsmasq", "thekelleys:dnsmasq"),
    (b"unbound ", "Unbound", "nlnetlabs:unbound"),
    (b"NSD ", "NLnet Labs NSD", "nlnetlabs:name_server_daemon"),
    (b"PowerDNS Authoritative Server ", "PowerDNS Authoritative Server", "powerdns:authoritative"),
    (b"PowerDNS Recursor ", "PowerDNS Recursor", "powerdns:recursor"),
    (b"Knot DNS ", "Knot DNS", "nic:knot_dns"),
    (b"CoreDNS-", "CoreDNS", ""),
    (b"gdnsd/", "gdnsd", ""),
)


def talk(peer: Peer) -> Talk:
    """One question; on TCP it has its length in front."""
    query = peer.nonce[:2] + b"\0\0\0\1\0\0\0\0\0\0" + QUESTION
    if peer.transport == "udp":
        reply = bytes((yield Ask(query)))
    else:
        whole = yield Ask(len(query).to_bytes(2, "big") + query, until=framed(0, 2, 2))
        reply = whole[2:] if len(whole) - 2 == int.from_bytes(whole[:2], "big") else b""
    if not _is_answer(reply, peer.nonce[:2]):
        return None
    code = reply[3] & 15
    said = next((data[1 : 1 + data[0]] for kind, _, data in records(reply) if kind == TXT and data), b"")
    product, version, cpe = _product(said)
    packager = version.rpartition("-")[2]  # 9.18.49-1~deb12u3-Debian
    system = packager if product == "ISC BIND" and packager.isalpha() else ""
    version = version.removesuffix(f"-{system}") if system else version
    refused = RCODES[code] if code < len(RCODES) else f"RCODE {code}"
    return Identity(
        "domain",
        product,
        version,
        info=text(said) if said and not product else refused,
        system=system,
        cpe=(f"{cpe}:{version.partition('-')[0]}",) if cpe and version else (),
        proof="nonce",
        evidence=f"version.bind {text(said) or refused or 'without a text'}",
        guarded=refused == "REFUSED",
        facts=(("recursion", "available"),) if reply[3] & 0x80 else (),
    )


def records(message: bytes) -> list[tuple[int, bytes, bytes]]:
    """The resource records of a message as (type, name, data), as far as it is whole; PTR and SRV data as names."""
    at, found = 12, list[tuple[int, bytes, bytes]]()
    for _ in range(min(_count(message, 4), RECORDS)):
        at = _name(message, at)[1] + 4
    for _ in range(min(sum(_count(message, place) for place in (6, 8, 10)), RECORDS)):
        name, at = _name(message, at)
        kind, size = _count(message, at), _count(message, at + 8)
        start, at = at + 10, at + 10 + size
        if at > len(message):
            break
        target = start + 6 * (kind == SRV)
        found.append((kind, name, _name(message, target)[0] if kind in (PTR, SRV) else message[start:at]))
    return found


def _is_answer(reply: bytes, identifier: bytes) -> bool:
    """A response (QR, opcode 0) to our question; servers that cannot read it may leave the question out."""
    if len(reply) < 12 or reply[:2] != identifier or reply[2] & 0xF8 != 0x80 or reply[3] & 0x40:
        return False
    if _count(reply, 4) == 0:
        return bool(reply[3] & 15) and len(reply) == 12
    return _count(reply, 4) == 1 and reply[12 : 12 + len(QUESTION)].lower() == QUESTION


def _count(message: bytes, at: int) -> int:
    return int.from_bytes(message[at : at + 2], "big")


def _name(message: bytes, at: int) -> tuple[bytes, int]:
    """A domain name with its compression undone, and where the bytes behind it begin (RFC 1035 4.1.4)."""
    labels, behind, jumps = list[bytes](), 0, 0
    while at < len(message) and message[at] and len(labels) < 128:
        if message[at] >= 0xC0:
            behind, jumps = behind or at + 2, jumps + 1
            at = _count(message, at) & 0x3FFF
            if jumps > 16:
                break
        else:
            labels.append(message[at + 1 : at + 1 + message[at]])
            at += 1 + message[at]
    return b".".join(labels)[:255], behind or at + 1


def _product(said: bytes) -> tuple[str, str, str]:
    """Product, version and CPE without version, of what version.bind says."""
    for start, product, cpe in PRODUCTS:
        if said.startswith(start):
            return product, text(said[len(start) :].split(b" ", 1)[0]), cpe and f"cpe:/a:{cpe}"
    if said.startswith(b"9.") and said[2:3].isdigit():  # BIND 9 says its number and nothing else
        return "ISC BIND", text(said.split(b" ", 1)[0]), "cpe:/a:isc:bind"
    return "", "", ""

"""LDAP (RFC 4511): the root entry may be read by anybody (RFC 4512 5.1), and says what the server is and can do.

On UDP it is CLDAP, which Active Directory speaks (MS-ADTS 6.3.3). StartTLS is an extended operation. The search is
anonymous: no bind is ever sent.
"""

from __future__ import annotations

from hb_engine.identify.kit import LIMIT, Ask, Peer, Probe, StartTls, text
from hb_engine.model.identity import Identity
from hb_engine.wire.ber import ENUMERATED, OCTETS, SEQUENCE, first, integer, number, pieces, tlv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk
    from hb_engine.model.identity import Tls

PROBE = Probe("ldap", tcp=(389, 3268), tls=(636, 3269), udp=(389,), names=("ldaps", "cldap", "msft-gc", "msft-gc-ssl"))
START_TLS = b"1.3.6.1.4.1.1466.20037"
ACTIVE_DIRECTORY = "1.2.840.113556.1.4.800"
ENTRY, DONE, EXTENDED = 0x64, 0x65, 0x78
REFUSED = (1, 8, 11, 13, 48, 50, 51, 52, 53)  # operationsError ... unwillingToPerform: it is LDAP, and says no
CONFIDENTIAL = 13
WANTED = (
    *("objectClass", "vendorName", "vendorVersion", "supportedLDAPVersion", "supportedExtension", "namingContexts"),
    *("supportedCapabilities", "dnsHostName", "defaultNamingContext", "domainControllerFunctionality"),
)
LEVELS = {"2": "2003", "3": "2008", "4": "2008 R2", "5": "2012", "6": "2012 R2", "7": "2016", "10": "2025"}


def talk(peer: Peer) -> Talk:
    """A search for the root entry, then StartTLS where it is listed."""
    number_of_ours = 1 + int.from_bytes(peer.nonce[:3], "big")
    reply = yield Ask(_search(number_of_ours), until=_is_whole)
    code, told = _read(reply, number_of_ours)
    if code is None:
        return None
    if peer.tls or peer.transport == "udp":
        return _named(code, told)
    if code == CONFIDENTIAL:
        starttls = "required"
    else:
        listed = told.get("supportedextension")  # Samba has StartTLS and no such list
        starttls = "offered" if listed is None or START_TLS.decode() in listed else "absent"
    tls = None
    if starttls != "absent":
        request = _message(number_of_ours + 1, tlv(0x77, tlv(0x80, START_TLS)))
        agreed = yield Ask(request, until=_is_whole)
        if _result(agreed, number_of_ours + 1, EXTENDED) == 0:
            tls = yield StartTls()
        else:
            starttls = "absent"
    return _named(code, told, starttls, tls)


def _named(code: int, told: dict[str, list[str]], starttls: str = "", tls: Tls | None = None) -> Identity:
    def one(name: str) -> str:
        return told.get(name.lower(), [""])[0]

    active = ACTIVE_DIRECTORY in told.get("supportedcapabilities", ())
    vendor, version, system, cpe = one("vendorName"), one("vendorVersion"), "", ""
    level = LEVELS.get(one("domainControllerFunctionality"), "")
    if "Samba" in vendor:
        product, cpe = "Samba Active Directory", "cpe:/a:samba:samba"
    elif active:
        product, system = "Microsoft Windows Active Directory LDAP", f"Windows Server {level} or later" if level else ""
    elif any(name.lower() == "openldaprootdse" for name in told.get("objectclass", ())):
        product, cpe = "OpenLDAP", "cpe:/a:openldap:openldap"
    else:
        product = vendor
    bare = version.partition("-")[0].rpartition(" ")[2].rpartition("/")[2]  # 4.17.12-Debian; 389-Directory/2.3.1 B2023
    context = one("defaultNamingContext") or one("namingContexts")
    facts = (("naming context", context), ("functional level", level))
    return Identity(
        "ldap",
        product,
        version,
        info="" if code == 0 else f"result {code}",
        hostname=one("dnsHostName"),
        system=system,
        cpe=((f"{cpe}:{bare}" if bare[:1].isdigit() else cpe),) if cpe else (),
        proof="nonce",
        evidence=f"root entry with {', '.join(sorted(told))}"[:200] if told else f"search result {code}, no entry",
        guarded=code != 0,
        starttls=starttls,
        tls=tls,
        facts=tuple([(name, value) for name, value in facts if value]),
    )


def _search(message: int) -> bytes:
    """Base object, no dereferencing, one entry, three seconds, attributes and values, (objectClass=*)."""
    zero, names = tlv(ENUMERATED, b"\0"), [tlv(OCTETS, name.encode()) for name in WANTED]
    limits = integer(1) + integer(3) + tlv(0x01, b"\0")
    return _message(
        message, tlv(0x63, tlv(OCTETS), zero, zero, limits, tlv(0x87, b"objectClass"), tlv(SEQUENCE, *names))
    )


def _message(message: int, operation: bytes) -> bytes:
    return tlv(SEQUENCE, integer(message), operation)


def _operations(reply: bytes, message: int) -> list[tuple[int, bytes]]:
    """The operations that answer our message, in order."""
    found = []
    for tag, content in pieces(reply):
        parts = pieces(content) if tag == SEQUENCE else []
        if len(parts) > 1 and parts[0][0] == 0x02 and number(parts[0][1]) == message:
            found.append(parts[1])
    return found


def _result(reply: bytes, message: int, tag: int) -> int | None:
    """The result code of an operation of ours, None where it did not come."""
    body = next((body for got, body in _operations(reply, message) if got == tag), b"")
    return number(first(body, ENUMERATED))


def _read(reply: bytes, message: int) -> tuple[int | None, dict[str, list[str]]]:
    """The result code (None for what is no answer of ours) and the attributes of the root entry, in lower case."""
    told, code = dict[str, list[str]](), _result(reply, message, DONE)
    for tag, body in _operations(reply, message):
        for _, attribute in pieces(first(body, SEQUENCE) or b"") if tag == ENTRY else []:
            parts = pieces(attribute)
            if len(parts) > 1:
                told[text(parts[0][1]).lower()] = [text(value) for _, value in pieces(parts[1][1])]
    if code is None and told:
        code = 0  # the entry is proof enough, where the rest did not come
    return (code if code is not None and (code in (0, *REFUSED) or told) else None), told


def _is_whole(data: bytes) -> bool:
    """A message that ends a conversation is there, or what is there begins no message."""
    if len(data) >= LIMIT or data[:1] not in (b"", b"\x30"):
        return True
    return any(tag in (DONE, EXTENDED) for _, content in pieces(data) for tag, _ in pieces(content))

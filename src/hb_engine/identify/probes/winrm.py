"""WS-Management, which Windows calls WinRM: its Identify request is answered without a login, where that is allowed.

Specification: DMTF DSP0226 11 (Identify), MS-WSMV 3.1.4.1.7 (the header WSMANIDENTIFY). Nothing is run by it.
"""

from __future__ import annotations

from hb_engine.identify import http
from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.identify.webserver import between, facts_of, line_of
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.identify.kit import Talk

PROBE = Probe("wsman", tcp=(5985, 47001), tls=(5986,), names=("winrm", "wsmans", "wsman-http"), anywhere=False)
IDENTIFY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    b"<s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>"
)
LINES = ("Content-Type: application/soap+xml;charset=UTF-8", "WSMANIDENTIFY: unauthenticated")
MICROSOFT = "Microsoft-HTTPAPI"


def talk(peer: Peer) -> Talk:
    """POST /wsman with the question who it is."""
    reply = yield Ask(http.request(peer, "POST", "/wsman", LINES, IDENTIFY), until=http.is_whole)
    page = http.read(reply, "/wsman", peer)
    if page is None:
        return None
    if page.status == 200 and b"IdentifyResponse" in page.body:
        return _told(page)
    if page.status == 401 and page.header("server").startswith(MICROSOFT):
        return _refused(page)
    return None


def _told(page: Page) -> Identity:
    """ProductVendor and ProductVersion; Windows writes its own version into the second: OS: 10.0.17763 SP: 0.0 ..."""
    vendor, version = _element(page.body, b"ProductVendor"), _element(page.body, b"ProductVersion")
    system = ""
    if version.startswith("OS: "):
        number = version[4:].partition(" ")[0]
        system = f"Windows {number}" if number[:1].isdigit() and number != "0.0.0" else "Windows"
        version = version.partition("Stack: ")[2]
    return Identity(
        "wsman",
        "Microsoft WinRM" if vendor.startswith("Microsoft") else vendor,
        version,
        system=system,
        evidence="IdentifyResponse",
        facts=facts_of(page),
    )


def _refused(page: Page) -> Identity:
    """The driver that carries it wants a login: a likeness, since others may live at /wsman too."""
    return Identity(
        "wsman",
        "Microsoft WinRM",
        system="Windows",
        proof="pattern",
        evidence=line_of(page, "server", "www-authenticate")[:200],
        guarded=True,
        facts=facts_of(page),
    )


def _element(body: bytes, name: bytes) -> str:
    """The text of an element in whatever namespace's prefix; empty if it is too long for a name."""
    at = body.find(name + b">")
    return between(body[at:], name + b">", b"</") if at >= 0 else ""

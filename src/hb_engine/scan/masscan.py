"""What masscan's banners say of a service, for the readers of its JSON and its XML.

masscan writes a record for each thing that it read: the protocol's first words, the server's name, the page's title,
the certificate. They are put together here, port by port. A banner is kept as the evidence it is; nothing is
concluded from it but the name that masscan gave it.
"""

from __future__ import annotations

from hb_engine.model.identity import Identity, Tls
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.answer import Answer

# masscan's words in nmap's; empty for what names no service. From the words in masscan's proto-banout and masscan-app.
NAMES = {
    "http.server": "http",
    "title": "http",
    "html": "http",
    "dns": "domain",
    "dns-ver": "domain",
    "pop": "pop3",
    "nbtstat": "netbios-ns",
    "smb": "microsoft-ds",
    "rdp": "ms-wbt-server",
    "vnc-old": "vnc",
    "X509": "ssl",
    "X509CA": "ssl",
    "vuln": "",
    "heartbleed": "",
    "ticketbleed": "",
    "safe": "",
    "scripting": "",
    "versioning": "",
    "unknown": "",
}
EVIDENCE = 200


def with_banner(answer: Answer, name: str, banner: str) -> Answer:
    """A port after one more banner of it."""
    service = NAMES.get(name, name)
    if not service:
        return answer if answer.identity else replace(answer, held="unknown")
    before = answer.identity or Identity(service, proof="banner")
    inside = service == "ssl"
    named = before if inside or before.name not in ("ssl", service) else replace(before, name=service)
    tls = _tls(before.tls, name, banner) if inside else before.tls
    product, version = _server(banner) if name == "http.server" else (before.product, before.version)
    told = " ".join(banner.split())[:EVIDENCE]
    evidence = before.evidence if before.evidence and (inside or name != service) else told
    return replace(
        answer, held="", identity=replace(named, tls=tls, product=product, version=version, evidence=evidence)
    )


def _tls(before: Tls | None, name: str, banner: str) -> Tls:
    """The version from masscan's own words: TLS/1.2 cipher:0xc02f, names."""
    known = before or Tls()
    if name != "ssl" or not banner.startswith(("TLS/", "SSL/")):
        return known
    number = banner[4:7]
    versions = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3", "3.0": "SSLv3"}
    return replace(known, version=versions.get(number, known.version))


def _server(banner: str) -> tuple[str, str]:
    """nginx/1.22.1 (Debian) as product and version; a name without a version is the product alone."""
    product, _, version = banner.partition("/")
    return product.strip()[:EVIDENCE], version.split(" ")[0][:EVIDENCE]

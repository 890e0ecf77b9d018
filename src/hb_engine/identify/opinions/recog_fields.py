"""Which texts of a port belong to which of Recog's databases: hb's answers and identity, in Recog's words.

Each database says what its patterns match: "the greeting after the response code", "the Server header", "the subject of
a certificate". hb asked its own questions, so some of these texts are there and others are not; SNMP's description, for
one, is told to nobody without a community. Strangers' bytes in, bounded text out; nothing here knows a pattern.
"""

from __future__ import annotations

from hb_engine.identify import http
from hb_engine.identify.kit import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

    Heard = tuple[tuple[str, bytes], ...]

LONGEST = 1024  # characters of one text
LINES = 8  # of a greeting, each a text of its own
HEADERS = {"wwwauth": "www-authenticate", "cookie": "set-cookie"}
GREETINGS = {  # the service, and what its greetings begin with
    "ftp.banner": ("ftp", (b"220 ", b"220-", b"120 ", b"421 ", b"530 ")),
    "smtp.banner": ("smtp", (b"220 ", b"220-", b"421 ", b"554 ")),
    "nntp.banner": ("nntp", (b"200 ", b"201 ", b"400 ", b"502 ")),
    "pop3.banner": ("pop3", (b"+OK ", b"-ERR ")),
    "imap4.banner": ("imap", (b"* OK ", b"* PREAUTH ", b"* BYE ")),
}
AMBIGUOUS = ("ftp", "smtp")  # both greet with 220: without a name nobody knows which


class Fields:
    """The texts of one port. `of(matches)` gives those that a database is for, first the likeliest."""

    def __init__(self, heard: Heard, identity: Identity | None) -> None:
        self._identity = identity
        self._name = identity.name if identity else ""
        self._heard = [(label.split(" ")[-1], answer) for label, answer in heard]
        self._greetings = [answer for label, answer in self._heard if label == "listen"]

    def of(self, matches: str) -> tuple[str, ...]:
        """The texts for `<fingerprints matches=...>`; none for a database that has no such text here."""
        place, _, what = matches.partition(".")
        if matches in GREETINGS:
            found = self._lines(*GREETINGS[matches])
        elif place in ("http_header", "sip_header", "rtsp_header", "ssdp_header"):
            found = self._headers(place.partition("_")[0], HEADERS.get(what, what))
        else:
            made: Callable[[], list[str]] = {
                "ssh.banner": self._ssh,
                "telnet.banner": self._telnet,
                "html_title": self._titles,
                "mysql.banner": self._mysql,
                "dns.versionbind": self._versionbind,
                "ntp.readvar": self._readvar,
                "ntp.banner": self._readvar,
                "x509.subject": self._subject,
                "x509.issuer": self._issuer,
            }.get(matches, list)
            found = made()
        return tuple(dict.fromkeys([one[:LONGEST] for one in found if one]))

    # -- what was said first

    def _lines(self, service: str, starts: tuple[bytes, ...]) -> list[str]:
        """The greeting's lines without what they begin with."""
        if self._name != service and (self._name or service in AMBIGUOUS):
            return []
        found = list[str]()
        for greeting in self._greetings:
            for line in greeting.splitlines()[:LINES]:
                start = next((one for one in starts if line.startswith(one)), None)
                if start is not None:
                    said = text(line[len(start) :], LONGEST)
                    found += [said.partition("] ")[2]] if service == "imap" and said.startswith("[") else []
                    found.append(said)
        return found

    def _ssh(self) -> list[str]:
        lines = [line for greeting in self._greetings for line in greeting.splitlines()[:LINES]]
        return [
            text(line.split(b"-", 2)[2], LONGEST) for line in lines if line.startswith(b"SSH-") and line.count(b"-") > 1
        ]

    def _telnet(self) -> list[str]:
        """What is shown: without commands (IAC, RFC 854), which have three bytes as a rule."""
        if self._name != "telnet":
            return []
        shown = list[str]()
        for greeting in self._greetings:
            parts = greeting.split(b"\xff")
            plain = b"".join([parts[0], *[part[2:] for part in parts[1:]]])
            shown.append("\n".join([text(line, LONGEST) for line in plain.splitlines()]).strip("\n"))
        return shown

    # -- headers

    def _pages(self) -> list[Page]:
        read = [http.read(answer) for label, answer in self._heard if label == "http" or answer.startswith(b"HTTP/")]
        return [page for page in read if page is not None]

    def _headers(self, protocol: str, name: str) -> list[str]:
        if protocol == "http":
            return [value for page in self._pages() for key, value in page.headers if key.lower() == name]
        label = {"ssdp": "upnp"}.get(protocol, protocol)
        return [said for kind, answer in self._heard if kind == label for said in _header(answer, name)]

    def _titles(self) -> list[str]:
        return [http.title(page) for page in self._pages()]

    # -- what a talk has read already

    def _mysql(self) -> list[str]:
        evidence = self._identity.evidence if self._identity and self._name == "mysql" else ""
        return [evidence] if evidence[:1].isdigit() else []

    def _versionbind(self) -> list[str]:
        evidence = self._identity.evidence if self._identity and self._name == "domain" else ""
        start = "version.bind "
        refused = self._identity is not None and self._identity.guarded
        return [evidence[len(start) :]] if evidence.startswith(start) and not refused else []

    def _readvar(self) -> list[str]:
        """The variables of a control response (RFC 9327): text after twelve bytes of header."""
        return [text(answer[12:], LONGEST) for label, answer in self._heard if label == "ntp_control"]

    def _subject(self) -> list[str]:
        tls = self._identity.tls if self._identity else None
        return [tls.certificate.subject] if tls and tls.certificate else []

    def _issuer(self) -> list[str]:
        tls = self._identity.tls if self._identity else None
        return [tls.certificate.issuer] if tls and tls.certificate else []


def _header(answer: bytes, name: str) -> list[str]:
    """The values of a header in lines like HTTP's."""
    wanted = name.replace("_", "-").encode("utf-8", "replace")
    found = list[str]()
    for line in answer.split(b"\r\n\r\n", 1)[0].splitlines()[1:100]:
        key, colon, value = line.partition(b":")
        if colon and key.strip().lower() == wanted:
            found.append(text(value, LONGEST))
    return found

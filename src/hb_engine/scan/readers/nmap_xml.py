"""nmap's XML (-oX, xmloutputversion 1.03 to 1.05), and masscan's, which is nmap's with banners.

Read by expat as it comes, element by element, against https://nmap.org/book/app-nmap-dtd.html. Scripts, traces and
guesses at the operating system are passed over. A document type with declarations of its own is refused before any of
them is used: entities are how a small file becomes a large one, or reads another. A file that breaks off is read up to
there. A service that nmap looked up in its table by the number (method="table") is no identity.
"""

from __future__ import annotations

from hb_engine.model.answer import STATES, Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.errors import DataError
from hb_engine.model.identity import Identity, Tls
from hb_engine.model.inventory import Gap
from hb_engine.model.record import replace
from hb_engine.scan import fields
from hb_engine.scan.fields import Format, Hosts, wrong
from hb_engine.scan.masscan import with_banner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = Format("nmap", "nmap's XML")
DEEPEST = 64  # levels of elements; nmap's scripts nest a few
CUT = (3, 5, 12)  # expat's errors for no element found, unclosed token, asynchronous end: the file ends too early
ARGUMENTS = 64  # words of a command line that are kept
TEXTS = {  # of a service: our names of them, and nmap's
    "product": "product",
    "version": "version",
    "info": "extrainfo",
    "hostname": "hostname",
    "system": "ostype",
    "device": "devicetype",
}


def claims(head: bytes) -> bool:
    """Whether it is XML with nmap's root element near its beginning."""
    return head.startswith((b"<?xml", b"<nmaprun", b"<!DOCTYPE")) and b"<nmaprun" in head


def read(data: bytes) -> Scan:
    """The scan. Raises DataError with the line for what is not well-formed, or not nmap's."""
    from xml.parsers.expat import ExpatError, ParserCreate

    parser = ParserCreate()
    file = _File(parser)
    parser.StartElementHandler, parser.EndElementHandler = file.start, file.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = file.characters, file.doctype
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except ExpatError as error:
        if error.code not in CUT or not file.begun:
            raise DataError(f"line {error.lineno}: this is not well-formed XML", fields.REPORT) from error
        file.cut = error.lineno
    except (UnicodeError, LookupError, ValueError) as error:
        raise DataError("the file is in an encoding that cannot be read", fields.REPORT) from error
    return file.scan()


class _File:
    """What was read so far."""

    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self._hosts = Hosts()
        self._path: list[str] = []
        self._words: list[str] = []
        self._run: dict[str, str] = {}
        self._finished: dict[str, str] = {}
        self._services: dict[str, str] = {}
        self._asked: dict[str, set[int]] = {}
        self._types: list[str] = []
        self._identified = False
        self._skipped: dict[str, int] = {}
        self.begun = self._ended = False
        self.cut = 0
        self._host: ScannedHost | None = None
        self._port: dict[str, Any] | None = None
        self._state = ""

    # -- what expat calls

    def doctype(self, _name: str, _system: str | None, _public: str | None, subset: int) -> None:
        """A document type is nmap's bare one, or is refused."""
        if subset:
            raise wrong(self._place(), "declares things of its own, which nmap never does")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self._path and name != "nmaprun":
            raise wrong(self._place(), "the root element is not nmaprun")
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise wrong(self._place(), "elements nest deeper than nmap's ever do")
        handler = getattr(self, f"_start_{name}", None) if self._is_known() else None
        if handler:
            handler(attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "cpe" and self._port is not None and self._path[-2] == "service":
            self._port["cpe"] = (*self._port["cpe"], "".join(self._words)[:200])[:16]
        elif name == "port" and self._path[-2] == "ports":
            self._put_port()
        elif name == "host" and len(self._path) == 2:
            self._put_host()
        self._ended |= name == "nmaprun"
        self._path.pop()

    def characters(self, text: str) -> None:
        """Text: only that of cpe is wanted."""
        if self._path and self._path[-1] == "cpe":
            self._words.append(text[:200])

    # -- elements

    def _is_known(self) -> bool:
        """Whether an element stands where nmap writes it: scripts may hold elements of any name."""
        return "script" not in self._path[:-1] and "hosthint" not in self._path

    def _start_nmaprun(self, attributes: dict[str, str]) -> None:
        self.begun, self._run = True, attributes
        words = attributes.get("args", "").split()[:ARGUMENTS]
        self._identified = any(_identifies(word) for word in words)

    def _start_scaninfo(self, attributes: dict[str, str]) -> None:
        self._services.setdefault(attributes.get("protocol", ""), attributes.get("services", "")[:600_000])
        self._types.append(attributes.get("type", "")[: fields.WORD])

    def _start_finished(self, attributes: dict[str, str]) -> None:
        self._finished = attributes

    def _start_host(self, attributes: dict[str, str]) -> None:
        started = fields.seconds(attributes.get("starttime"), self._place())
        ended = fields.seconds(attributes.get("endtime"), self._place())
        self._host = ScannedHost("", started_at=started or ended, ended_at=ended)

    def _start_status(self, attributes: dict[str, str]) -> None:
        if self._host is not None:
            up = {"up": True, "down": False}.get(attributes.get("state", ""))
            self._host = replace(self._host, up=up, reason=fields.word(attributes.get("reason"), self._place()))

    def _start_address(self, attributes: dict[str, str]) -> None:
        if self._host is None:
            return
        if attributes.get("addrtype") == "mac":
            self._host = replace(self._host, mac=fields.text(attributes.get("addr"), self._place(), 32).lower())
        elif not self._host.address:
            self._host = replace(self._host, address=fields.address(attributes.get("addr"), self._place()))

    def _start_hostname(self, attributes: dict[str, str]) -> None:
        name = fields.text(attributes.get("name"), self._place(), 255)
        if self._host is not None and name and len(self._host.names) < 64:
            self._host = replace(self._host, names=tuple(dict.fromkeys((*self._host.names, name))))

    def _start_times(self, attributes: dict[str, str]) -> None:
        srtt = attributes.get("srtt", "")
        if self._host is not None and srtt.isascii() and srtt.isdigit() and 0 < int(srtt[:12]) < 3_600_000_000:
            self._host = replace(self._host, rtt=int(srtt) / 1e6)

    def _start_extraports(self, attributes: dict[str, str]) -> None:
        self._state = attributes.get("state", "")[: fields.WORD]

    def _start_extrareasons(self, attributes: dict[str, str]) -> None:
        place = self._place()
        count = fields.whole(attributes.get("count"), place, 0, 65536 * 3)
        known = [name for name in self._services if name]
        protocol = attributes.get("proto") or (known[0] if len(known) == 1 else "")
        if protocol not in fields.TRANSPORTS or self._state not in STATES:
            self._skip("ports in a state or of a protocol that hb does not know", count)
        elif self._host is not None and count:
            ports = fields.ranges(attributes.get("ports"), place)
            reason = fields.word(_reason(attributes.get("reason")), place)
            rest = Rest(protocol, self._state, reason, count, ports)
            self._host = replace(self._host, rest=(*self._host.rest, rest)[:256])

    def _start_port(self, attributes: dict[str, str]) -> None:
        self._port = {"cpe": (), "state": {}, "service": None, **attributes}

    def _start_state(self, attributes: dict[str, str]) -> None:
        if self._port is not None and self._path[-2] == "port":
            self._port["state"] = attributes

    def _start_service(self, attributes: dict[str, str]) -> None:
        if self._port is not None:
            self._port["service"] = attributes

    def _start_cpe(self, _attributes: dict[str, str]) -> None:
        self._words = []

    # -- what they come to

    def _put_port(self) -> None:
        """A port is whole: note it, unless it is of a kind or in a state that hb has no word for."""
        port, self._port = self._port, None
        if port is None or self._host is None or not self._host.address:
            return
        place = self._place()
        state = port["state"].get("state", "")
        if port.get("protocol") not in fields.TRANSPORTS or state not in STATES:
            self._skip("ports in a state or of a protocol that hb does not know", 1)
            return
        number = fields.whole(port.get("portid"), place, 0, 65535)
        ttl = fields.whole(port["state"].get("reason_ttl", "0"), place, 0, 255) or None
        reason = fields.word(port["state"].get("reason"), place)
        self._add(Answer(port["protocol"], number, state, reason, ttl), port)

    def _add(self, answer: Answer, port: dict[str, Any]) -> None:
        service = port["service"] or {}
        before = self._hosts.said(self._host.address, answer.transport, answer.port) if self._host else None
        if "banner" in service:  # masscan's
            name = fields.text(service.get("name"), self._place(), fields.WORD)
            answer = with_banner(before or answer, name, fields.text(service["banner"], self._place()))
        elif before is not None and before.identity is not None:
            return
        elif answer.state == "open":
            answer = _named(answer, service, port["cpe"], identified=self._identified)
        if self._host is not None:
            self._hosts.answer(self._host.address, answer)

    def _put_host(self) -> None:
        if self._host is not None and self._host.address:
            self._hosts.put(replace(self._host, rest=self._ranged(self._host)))
        self._host = None

    def _ranged(self, host: ScannedHost) -> tuple[Rest, ...]:
        """Ranges for the only group of a protocol, where an older nmap gave but the count."""
        found = []
        for rest in host.rest:
            alone = sum([each.transport == rest.transport for each in host.rest]) == 1
            found.append(self._left(host, rest) if alone and not rest.ports else rest)
        return tuple(found)

    def _left(self, host: ScannedHost, rest: Rest) -> Rest:
        asked = self._asked.get(rest.transport)
        if asked is None:
            asked = self._asked[rest.transport] = _ports(self._services.get(rest.transport, ""))
        left = asked - self._hosts.ports(host.address, rest.transport)
        return replace(rest, ports=fields.ports_text(list(left))) if len(left) == rest.count else rest

    def _skip(self, what: str, count: int) -> None:
        self._skipped[what] = self._skipped.get(what, 0) + count

    def _place(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def scan(self) -> Scan:
        """All that was read."""
        if self.cut and self._host is not None and self._host.address:
            self._put_host()
        place = "the element nmaprun"
        scanner = fields.word(self._run.get("scanner", "nmap"), place) or "nmap"
        scanner = "hb" if self._run.get("version", "").startswith("hb-engine ") else scanner  # the DTD allows only nmap
        asked = tuple([word[:255] for word in self._run.get("args", "").split()[:ARGUMENTS]])
        gaps = [Gap(f"{count} {what}", "the file has them", "") for what, count in self._skipped.items()]
        if self._finished.get("exit") == "error":
            gaps.append(Gap("the rest of the scan", f"{scanner} did not come to its end", "scan again"))
        elif not self._ended:
            gaps.append(fields.broken_off(self.cut or self._parser.CurrentLineNumber))
        complete = self._ended and self._finished.get("exit") != "error"
        found = fields.scan_of(self._hosts, scanner, gaps=tuple(gaps), complete=complete, asked=asked)
        started = fields.seconds(self._run.get("start"), place) or found.started_at
        ended = fields.seconds(self._finished.get("time"), place) or max(found.ended_at, started)
        seconds = fields.seconds(self._finished.get("elapsed"), place) or max(ended - started, 0.0)
        stats = ScanStats("connect" if "connect" in self._types else "packet", seconds=seconds)
        return replace(found, started_at=started, ended_at=ended, stats=stats)


def _identifies(word: str) -> bool:
    """-sV, -sSV, -A: the options with which nmap asks services for their names."""
    return word == "-A" or (word.startswith("-s") and "V" in word)


def _reason(written: str | None) -> str | None:
    """In extrareasons nmap writes plurals: resets, no-responses."""
    plurals = {"resets": "reset", "no-responses": "no-response", "port-unreaches": "port-unreach"}
    return plurals.get(written or "", written)


def _ports(services: str) -> set[int]:
    """The ports of a scaninfo; none where it is not written as nmap does."""
    found: set[int] = set()
    for part in services.split(","):
        first, _, last = part.partition("-")
        ends = (first, last or first)
        if not all(end.isascii() and end.isdigit() and len(end) < 6 for end in ends) or int(ends[1]) > 65535:
            return set()
        found.update(range(int(ends[0]), int(ends[1]) + 1))
    return found


def _named(answer: Answer, service: dict[str, str], cpes: tuple[str, ...], *, identified: bool) -> Answer:
    """An open port with what nmap said of its service."""
    name = service.get("name", "")[: fields.WORD]
    if name == "tcpwrapped":
        return replace(answer, held="silent", notes=("accepts and closes at once, without a word",))
    print_ = _fingerprint(service.get("servicefp", "")) if "servicefp" in service else ""
    if service.get("method") != "probed" or name in ("", "unknown"):
        held = fields.held(None, identified=identified or bool(print_), spoke=bool(print_))
        return replace(answer, held=held, fingerprint=print_)
    texts = {ours: service.get(nmap_s, "")[:200] for ours, nmap_s in TEXTS.items()}
    tls = Tls() if service.get("tunnel") == "ssl" else None
    evidence = f"nmap matched it with confidence {service.get('conf', '')[:2]}"
    found = Identity(name, cpe=cpes, proof="pattern", evidence=evidence, tls=tls)
    return replace(answer, identity=replace(found, **texts), fingerprint=print_)


def _fingerprint(told: str) -> str:
    """A hash of the answers in nmap's service fingerprint, without its times and versions."""
    from hashlib import sha256  # few ports are unknown

    answers = told.split("%r(")[1:]
    return "nmap-" + sha256("\0".join(answers).encode("utf-8", "surrogatepass")).hexdigest()[:16] if answers else ""

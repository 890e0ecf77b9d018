"""A scan in nmap's XML (xmloutputversion 1.05), for what reads that: ndiff, Zenmap, Metasploit, DefectDojo, Faraday.

Valid by nmap.dtd, whose `scanner` allows one value, nmap; `args`, `version` and a comment say who really asked. What
the format cannot say is not bent into it: a port that nobody asked is left out, an unreachable one is filtered with its
own reason, and an IPv6 host has an ipv6 address alone (an invented IPv4 address would please a reader that insists on
one, and be false). A service is method="probed" only where something besides the number proved it; what is merely
registered is method="table", as with nmap. What hb alone knows (mismatches, notes) is output of a host script, hb.

Characters that XML 1.0 (section 2.2) forbids, and those that hide or reorder text, become visible escapes (\\x1b).
"""

from __future__ import annotations

import time

from hb_engine import __version__
from hb_engine.faces.export.scan_json import CONFIDENCE, LATEST
from hb_engine.faces.text import escape, plural, shell_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost
    from hb_engine.model.identity import Identity

STATES = {"unreachable": "filtered"}  # nmap has no state for it; the reason says it
PROTOCOLS = ("tcp", "udp", "sctp")
TYPES = {"tcp": "syn", "udp": "udp", "sctp": "sctpinit"}
MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def scan(seen: Scan) -> str:
    """The document, ended by a line feed."""
    return "".join(_lines(seen))


def quoted(text: str) -> str:
    """Text for an attribute or an element, whatever is in it."""
    return escape(text).translate(MARKUP)


def ctime(seconds: float) -> str:
    """Sun Nov 22 14:05:11 2026, in UTC: the same on every machine, and in no locale's words."""
    at = time.gmtime(min(max(seconds, 0), LATEST))
    day, month = DAYS[at.tm_wday], MONTHS[at.tm_mon - 1]
    return f"{day} {month} {at.tm_mday:2} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} {at.tm_year}"


def _lines(seen: Scan) -> Iterator[str]:
    words = " ".join([shell_word(word) or escape(word) for word in seen.asked]) or "hb scan"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n'
    scanner = escape(seen.scanner).replace("-", "_")  # a comment may hold no --
    yield f"<!-- hb-engine {__version__} wrote this in nmap's format; asked by {scanner} -->\n"
    yield (
        f'<nmaprun scanner="nmap" args="{quoted(words)}" start="{_whole(seen.started_at)}" '
        f'startstr="{ctime(seen.started_at)}" version="hb-engine {__version__}" xmloutputversion="1.05">\n'
    )
    yield from _scaninfo(seen)
    yield '<verbose level="0"/>\n<debugging level="0"/>\n'
    for host in seen.hosts:
        yield from _host(host)
    yield from _runstats(seen)
    yield "</nmaprun>\n"


def _scaninfo(seen: Scan) -> Iterator[str]:
    """Which ports were asked, by protocol: those that any host tells of."""
    for protocol in PROTOCOLS:
        ports = _ports_asked(seen, protocol)
        if ports:
            engine = "connect" if protocol == "tcp" and seen.stats.engine == "connect" else TYPES[protocol]
            services = ",".join([f"{first}-{last}" if first < last else f"{first}" for first, last in ports])
            count = sum([last - first + 1 for first, last in ports])
            yield f'<scaninfo type="{engine}" protocol="{protocol}" numservices="{count}" services="{services}"/>\n'


def _ports_asked(seen: Scan, protocol: str) -> list[tuple[int, int]]:
    found = {
        (answer.port, answer.port) for host in seen.hosts for answer in host.answers if answer.transport == protocol
    }
    texts = {rest.ports for host in seen.hosts for rest in host.rest if rest.transport == protocol and _asked(rest)}
    for text in texts:
        found.update(_ranges(text))
    merged: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isascii() and first.isdigit() and (not last or (last.isascii() and last.isdigit())):
            yield int(first), int(last or first)


def _asked(rest: Rest) -> bool:
    return rest.reason != "not-asked"


def _host(host: ScannedHost) -> Iterator[str]:
    yield f'<host starttime="{_whole(host.started_at)}" endtime="{_whole(host.ended_at)}">'
    state = {True: "up", False: "down", None: "unknown"}[host.up]
    yield f'<status state="{state}" reason="{quoted(host.reason or "unknown-response")}" reason_ttl="0"/>\n'
    kind = "ipv6" if ":" in host.address else "ipv4"
    yield f'<address addr="{quoted(host.address)}" addrtype="{kind}"/>\n'
    if host.mac:
        yield f'<address addr="{quoted(host.mac.upper())}" addrtype="mac"/>\n'
    yield "<hostnames>\n"
    for name in host.names:
        yield f'<hostname name="{quoted(name)}" type="user"/>\n'
    yield "</hostnames>\n<ports>"
    yield from _extraports(host)
    for answer in host.answers:
        if answer.transport in PROTOCOLS and answer.reason != "not-asked":
            yield from _port(answer)
    yield "</ports>\n"
    yield from _hostscript(host)
    if host.rtt is not None and 0 <= host.rtt < 3600:
        micros = round(host.rtt * 1e6)
        yield f'<times srtt="{micros}" rttvar="{micros}" to="{max(100_000, micros * 5)}"/>\n'
    yield "</host>\n"


def _extraports(host: ScannedHost) -> Iterator[str]:
    """One element a state, as nmap has it, with a reason for each transport."""
    states: dict[str, list[Rest]] = {}
    for rest in host.rest:
        if rest.transport in PROTOCOLS and _asked(rest):
            states.setdefault(STATES.get(rest.state, rest.state), []).append(rest)
    for state, group in states.items():
        yield f'<extraports state="{quoted(state)}" count="{sum([rest.count for rest in group])}">\n'
        for rest in group:
            ports = f' ports="{quoted(rest.ports)}"' if rest.ports else ""
            where = f'proto="{rest.transport}"{ports}'
            yield f'<extrareasons reason="{quoted(rest.reason)}" count="{rest.count}" {where}/>\n'
        yield "</extraports>\n"


def _port(answer: Answer) -> Iterator[str]:
    state = quoted(STATES.get(answer.state, answer.state))
    yield f'<port protocol="{answer.transport}" portid="{answer.port}"><state state="{state}" '
    yield f'reason="{quoted(answer.reason)}" reason_ttl="{answer.ttl or 0}"/>'
    found = answer.identity
    if found is not None:
        yield _service(found)
    elif answer.registered:
        yield f'<service name="{quoted(answer.registered[0].name)}" method="table" conf="{CONFIDENCE["port"]}"/>'
    yield "</port>\n"


def _service(found: Identity) -> str:
    """Attributes in nmap's order. A name is needed: "unknown" is nmap's word for none."""
    texts = (("product", found.product), ("version", found.version), ("extrainfo", found.info))
    more = (("hostname", found.hostname), ("ostype", found.system), ("devicetype", found.device))
    said = "".join([f' {name}="{quoted(text)}"' for name, text in (*texts, *more) if text])
    tunnel = ' tunnel="ssl"' if found.tls is not None and found.tls.how == "implicit" and not found.tls.problem else ""
    proof = f' method="{"table" if found.proof == "port" else "probed"}" conf="{CONFIDENCE.get(found.proof, 0)}"'
    cpes = "".join([f"<cpe>{quoted(cpe)}</cpe>" for cpe in found.cpe])
    end = f">{cpes}</service>" if cpes else "/>"
    return f'<service name="{quoted(found.name or "unknown")}"{said}{tunnel}{proof}{end}'


def _hostscript(host: ScannedHost) -> Iterator[str]:
    """What hb alone knows, a line each: of the host, then of its ports.

    It does not stand with the ports: ndiff 7.93 ends in a TypeError where two ports differ in nothing but a script.
    """
    said = [*host.notes]
    for answer in host.answers:
        texts = [text for text in (answer.mismatch, *answer.notes) if text]
        said += [f"{answer.transport} {answer.port}: {'; '.join(texts)}"] if texts else []
    if said:
        lines = "&#xa;".join([quoted(text) for text in said])
        yield f'<hostscript><script id="hb" output="{lines}"/></hostscript>\n'


def _runstats(seen: Scan) -> Iterator[str]:
    up = sum([host.up is True for host in seen.hosts])
    down = sum([host.up is False for host in seen.hosts])
    total = len(seen.hosts)
    elapsed = max(0.0, min(seen.ended_at - seen.started_at, LATEST)) or seen.stats.seconds
    addresses, hosts = plural(total, "IP address", "IP addresses"), plural(up, "host")
    told = f"{addresses} ({hosts} up) scanned in {elapsed:.2f} seconds"
    end = 'exit="success"' if seen.complete else 'exit="error" errormsg="interrupted"'
    yield (
        f'<runstats><finished time="{_whole(seen.ended_at)}" timestr="{ctime(seen.ended_at)}" '
        f'summary="hb done at {ctime(seen.ended_at)}; {told}" elapsed="{elapsed:.2f}" {end}/>'
        f'<hosts up="{up}" down="{down}" total="{total}"/>\n</runstats>\n'
    )


def _whole(seconds: float) -> int:
    return int(min(max(seconds, 0), LATEST))

"""Values as people say them: addresses, scopes, times, sizes, names of people and RFCs.

It knows no clock: what depends on the time of day takes `now`, in seconds since the epoch. It returns unescaped text;
renderers escape.
"""

from __future__ import annotations

import time

from hb_engine.faces.text import joined, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Gap
    from hb_engine.model.opening import Opening

SCOPES = {"loopback": "this machine", "link": "this link", "private": "private net", "public": "everyone"}
RANGES = {"system": "well-known", "user": "registered", "dynamic": "dynamic"}  # RFC 6335 6, as people say them
UNOWNED = {
    "kernel": "the kernel",
    "outside-pid-namespace": "a process outside this pid namespace",
    "not-permitted": "a process that is not yours to read",
    "in-flight": "a socket on its way between two processes",
    "vanished": "a process that ended while it was looked at",
    "not-found": "no process was found",
    "untold": "a process that the file does not name",
}
STEPS = ((60, "second"), (3600, "minute"), (86400, "hour"), (14 * 86400, "day"), (60 * 86400, "week"))
MONTH, YEAR = 30.44 * 86400, 365.25 * 86400


def scope(word: str) -> str:
    """A scope in people's words."""
    return SCOPES.get(word, word)


def reach(opening: Opening) -> str:
    """Which addresses an opening answers on, in words: every address, this machine only, 10.0.0.5 and [fd00::5]."""
    on = f" through {opening.interface}" if opening.interface else ""
    return (_wildcard(opening) or _named(opening)) + on


def address(text: str) -> str:
    """An address as it stands before a port: IPv6 in brackets."""
    return f"[{text}]" if ":" in text and not text.startswith("[") else text


def _wildcard(opening: Opening) -> str:
    addresses = set(opening.addresses)
    if not addresses:
        return ""
    if addresses <= {"127.0.0.1", "::1"}:
        return "this machine only"
    if addresses <= {"0.0.0.0", "::", "*"}:  # noqa: S104 - read from the kernel, not bound
        families = opening.families
        if len(families) == 1 and families[0] in ("ipv4", "ipv6"):
            return f"every IPv{families[0][3]} address"
        return "every address"
    return ""


def _named(opening: Opening) -> str:
    shown = [address(text) for text in opening.addresses]
    if len(shown) > 3:
        return f"{shown[0]}, {shown[1]} and {len(shown) - 2} more addresses"
    return joined(shown) if shown else scope(opening.scope)


def place(opening: Opening) -> str:
    """Transport and port, or what stands for a port: tcp 1703; raw icmp; packet 0x88cc on eth0."""
    if opening.port is not None:
        return f"{opening.transport} {opening.port}"
    what = f"{opening.transport} {opening.protocol}".strip()
    return f"{what} on {opening.interface}" if opening.interface else what


def number(opening: Opening) -> str:
    """The port for a table; where there are none, the protocol or a dash."""
    return str(opening.port) if opening.port is not None else opening.protocol or "-"


def ago(then: float, now: float) -> str:
    """How long ago: 3 minutes ago. A time in the future says so, for then a clock was set."""
    gone = now - then
    if gone < -1:
        return f"{duration(-gone)} in the future by this clock"
    return "just now" if gone < 2 else f"{duration(gone)} ago"


def duration(seconds: float) -> str:
    """A length of time in its largest fitting unit: 40 seconds, 3 hours, 5 weeks, 2 years."""
    length = 1.0
    for limit, name in STEPS:
        if seconds < limit:
            return plural(int(seconds / length), name)
        length = float(limit if limit <= 86400 else 7 * 86400)
    return plural(int(seconds / MONTH), "month") if seconds < YEAR else plural(int(seconds / YEAR), "year")


def moment(then: float, now: float) -> str:
    """A time of day in local time, with its date unless that is today: 14:02:11; 2026-11-19 14:02."""
    that, today = time.localtime(then), time.localtime(now)
    return time.strftime("%H:%M:%S" if that[:3] == today[:3] else "%Y-%m-%d %H:%M", that)


def since(then: float, now: float) -> str:
    """A time and how long ago it was: 14:02:11, 3 minutes ago."""
    return f"{moment(then, now)}, {ago(then, now)}"


def size(octets: float) -> str:
    """Bytes in binary units (IEC 80000-13): 48 KiB."""
    if octets < 1024:
        return plural(int(octets), "byte")
    octets /= 1024
    for unit in ("KiB", "MiB", "GiB"):
        if octets < 1024:
            return f"{octets:.1f} {unit}".replace(".0 ", " ") if octets < 10 else f"{octets:.0f} {unit}"
        octets /= 1024
    return f"{octets:.0f} TiB"


def person(name: str) -> str:
    """An assignee as IANA writes it, [Charles_C_L_Chou], as people write it: Charles C. L. Chou."""
    parts = name.replace("][", ", ").strip("[]").split("_")
    return " ".join([f"{part}." if len(part) == 1 and part.isalpha() else part for part in parts if part])


def reference(text: str) -> str:
    """A reference of the registry: RFC9110 as RFC 9110."""
    bare = text.strip("[]")
    return f"RFC {bare[3:]}" if bare[:3] == "RFC" and bare[3:].isdigit() else bare


def milliseconds(seconds: float) -> str:
    """How long something took: 41 ms, 2.4 s."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def gap(value: Gap) -> str:
    """A gap in one sentence: what was not seen, why, and what would show it."""
    told = f"{value.what}: {value.why}" if value.why else value.what
    return f"{told} ({value.remedy})" if value.remedy else told

"""What has been linked with a port: sourced claims, each with its confidence.

A claim is about a number, never about this machine: the wording here is "has been listed as", and nothing in this
project says "is infected" on a number alone. 135 claims lie below 1024, and port 80 has fifteen. Judging what a claim
is worth for an opening is judge's business; this module refuses to.
"""

from __future__ import annotations

from hb_engine.model.assignment import Threat
from hb_engine.model.errors import DataError
from hb_engine.registry import tsv
from hb_engine.registry.assignments import REINSTALL, packaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "threats.tsv"
KIND = "hb-threats"
VERSION = 1
FIELDS = (
    "number",
    "transport",
    "direction",
    "kind",
    "confidence",
    "name",
    "platform",
    "year",
    "source",
    "read",  # lists, read or unread: how the source is known
    "lists",  # the lists that have it, between spaces
)
CONFIDENCE = ("high", "medium", "low")
SORTS = {
    "c2": "a command-and-control tool",
    "rat": "a remote access trojan",
    "exposed-admin": "a service that is often attacked when it is exposed",
    "trojan": "a trojan",
    "backdoor": "a backdoor",
    "worm": "a worm",
    "botnet": "a botnet",
}
USES = {
    "listen": "waiting on this port",
    "outbound": "connecting to this port elsewhere",
    "scan": "looking for this port on other machines",
}
SPOKEN = {
    "bekkoame": "Bekkoame",
    "nessus": "Nessus",
    "simovits": "Simovits",
    "snort": "Snort",
    "wikipedia": "Wikipedia",
}


class Threats:
    """The claims, open for questions. `as_of` is YYYY-MM-DD."""

    __slots__ = ("_known", "_ranges", "_singles", "as_of")

    def __init__(self, data: bytes, where: str) -> None:
        """Check a whole file. Raises DataError where it is not one, not whole, or of another format."""
        file = tsv.check(data, KIND, VERSION, where)
        self.as_of = file.header.get("as_of", "")
        self._known: dict[int, tuple[Threat, ...]] = {}
        self._ranges: list[bytes] = []
        self._singles: dict[bytes, list[bytes]] = {}
        for row in data[file.start : file.end].split(b"\n"):
            if row[5:6] == b"\t":
                self._singles.setdefault(row[:5], []).append(row)
            elif row:
                self._ranges.append(row)

    @classmethod
    def open(cls) -> Threats:
        """The packaged claims. Raises DataError if they cannot be used."""
        try:
            return cls(packaged(FILE), f"the packaged {FILE}")
        except DataError as error:
            raise DataError(error.message, REINSTALL) from error

    def threats(self, port: int, transport: str | None = None) -> tuple[Threat, ...]:
        """Claims about a port, the surest first; for one transport if asked (udplite is asked as udp)."""
        found = self._known.get(port)
        if found is None:
            key = b"%05d" % port
            rows = self._singles.get(key, []) + [row for row in self._ranges if row[:5] <= key <= row[6:11]]
            parsed = sorted(map(_parse, rows), key=lambda claim: CONFIDENCE.index(claim.confidence))
            found = self._known[port] = tuple(parsed)
        if transport is None:
            return found
        asked = "udp" if transport == "udplite" else transport
        return tuple(claim for claim in found if claim.transport == asked)

    def all(self) -> Iterator[Threat]:
        """Every claim, by its port, ranges last."""
        for rows in self._singles.values():
            yield from map(_parse, rows)
        yield from map(_parse, self._ranges)


def sentence(claim: Threat) -> str:
    """A claim in words, without its source: "1703/tcp has been listed as a trojan (Exploiter), waiting ..."."""
    number = str(claim.first) if claim.first == claim.last else f"{claim.first}-{claim.last}"
    name = claim.name if not claim.year else f"{claim.name}, {claim.year}"
    sort = SORTS.get(claim.kind, claim.kind)
    use = "" if claim.kind == "exposed-admin" else f", {USES.get(claim.direction, claim.direction)}"
    return f"{number}/{claim.transport} has been listed as {sort} ({name}){use}; confidence {claim.confidence}"


def _parse(row: bytes) -> Threat:
    """A row as a Threat. Raises DataError for one that no version of this program wrote."""
    try:
        number, transport, direction, kind, confidence, name, platform, year, source, read, lists = tsv.cells(
            row, len(FIELDS)
        )
        CONFIDENCE.index(confidence)
        first, last = int(number[:5]), int(number[-5:])
    except ValueError:
        raise DataError(f"the packaged {FILE} has a row that cannot be read: {row[:40]!r}", REINSTALL) from None
    return Threat(
        name, transport, first, last, kind, direction, confidence, source, platform, year, _evidence(read, lists)
    )


def _evidence(read: str, lists: str) -> str:
    if read == "lists":
        names = [SPOKEN.get(name, name) for name in lists.split()]
        return f"in the lists of {' and '.join(names)}" if len(names) > 1 else f"in the list of {''.join(names)}"
    return "the source was read" if read == "read" else "the source is known, but was not opened for this list"

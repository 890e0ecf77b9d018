"""Whether an address may be asked: this machine's own networks and private ones, what a person's file allows, no other.

Four questions in this order, each on ranges and never on single addresses:

    1. is it an address that no host has (multicast, broadcast, reserved, documentation)?     never asked
    2. does a line of a scope file exclude it?                                                  not asked
    3. is it loopback, link-local, private, or of a network attached to this machine?           may be asked
    4. does a line of a scope file allow it, today?                                             may be asked

Everything else is refused with what to do. An exclusion wins over everything, also over the default; a line whose day
is past allows nothing. This module reads no file and knows no clock: lines, networks and the day are handed in.
"""

from __future__ import annotations

from hb_engine.model.record import record
from hb_engine.scan.addresses import BITS, AddressSet, Range, network, number_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NAT64 = 0x0064FF9B << 96  # 64:ff9b::/96, RFC 6052: IPv4 as seen through a translator
NARROWEST = {4: 8, 6: 32}  # bits of the widest network that attachment alone, or one line of a file, may open


def networks(*texts: str) -> tuple[Range, ...]:
    """Networks as written here: 10.0.0.0/8."""
    found = []
    for each in texts:
        address, _, bits = each.partition("/")
        family, number = number_of(address) or (4, 0)
        found.append(network(family, number, int(bits)))
    return tuple(found)


@record
class Kind:
    """A kind of address, and where it is defined."""

    ranges: tuple[Range, ...]
    what: str
    source: str


NEVER = (
    Kind(networks("255.255.255.255/32"), "the broadcast address of every link", "RFC 919"),
    Kind(networks("0.0.0.0/8", "::/128"), "unspecified: no host has it", "RFC 1122 3.2.1.3, RFC 4291 2.5.2"),
    Kind(networks("224.0.0.0/4", "ff00::/8"), "multicast: many hosts at once", "RFC 5771, RFC 4291 2.7"),
    Kind(networks("240.0.0.0/4"), "reserved", "RFC 1112 4"),
    Kind(
        networks("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
        "for documentation: no host has it",
        "RFC 5737, RFC 3849, RFC 9637",
    ),
    Kind(networks("192.0.0.0/24"), "for protocols: no host has it", "RFC 6890"),
    Kind(networks("192.88.99.0/24"), "of no one host (6to4 relays)", "RFC 7526"),
    Kind(networks("100::/64"), "for discarding: no host has it", "RFC 6666"),
)
# All but ::1: IPv4 in the clothes of IPv6, deprecated (RFC 4291 2.5.5.1) or a program's own business.
COMPATIBLE = Kind(
    (Range(6, 2, (1 << 32) - 1), *networks("64:ff9b:1::/48"), Range(6, 0xFFFF << 32, (1 << 48) - 1)),
    "IPv4 inside of IPv6",
    "RFC 4291 2.5.5, RFC 8215",
)
LOCAL = (
    Kind(networks("127.0.0.0/8", "::1/128"), "this machine", "RFC 1122, RFC 4291 2.5.3"),
    Kind(networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), "private", "RFC 1918"),
    Kind(networks("fc00::/7"), "private", "RFC 4193"),
    Kind(networks("100.64.0.0/10"), "shared by a provider's customers", "RFC 6598"),
    Kind(networks("169.254.0.0/16", "fe80::/10"), "link-local", "RFC 3927, RFC 4291 2.5.6"),
)


@record
class Line:
    """One line of a scope file. `number` is 0 for what stands in no file; days are written 2026-12-31."""

    allow: bool
    what: str  # as the person wrote it: a network, an address, a name
    addresses: AddressSet
    why: str = ""
    until: str = ""  # the last day on which it allows; empty for always
    by: str = ""
    added: str = ""
    file: str = ""
    number: int = 0

    @property
    def place(self) -> str:
        """Where it stands: FILE:3."""
        return f"{self.file}:{self.number}" if self.file else self.what


@record
class Attached:
    """An address of this machine: its number, its network's bits, and the interface that has it."""

    family: int
    number: int
    bits: int
    interface: str = ""

    @property
    def network(self) -> Range:
        """The network that is attached; the address alone where the network is wider than anybody's own."""
        bits = self.bits if NARROWEST[self.family] <= self.bits <= BITS[self.family] else BITS[self.family]
        zone = self.interface if self.family == 6 and self.number >> 118 == 0xFE80 >> 6 else ""
        return network(self.family, self.number, bits, zone)


@record
class Scope:
    """All that judging needs: the lines of the files, the networks attached, and today as 2026-11-25."""

    lines: tuple[Line, ...] = ()
    attached: tuple[Attached, ...] = ()
    today: str = ""


@record
class Refused:
    """A range that is not asked, why, and what a person can do about it. `line` is what excluded it, or ran out."""

    range: Range
    reason: str
    remedy: str = ""
    line: Line | None = None


@record
class Allowance:
    """A range that may be asked, and why: a kind of address, an attached network, or a line of a file."""

    range: Range
    reason: str
    line: Line | None = None


@record
class Allowed:
    """The judgement: what may be asked, why, and what is refused. Ranges of `refused` are disjoint."""

    addresses: AddressSet
    allowances: tuple[Allowance, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of files that allowed something: they belong in the log."""
        return tuple(dict.fromkeys([each.line for each in self.allowances if each.line]))


def judge(targets: AddressSet, scope: Scope) -> Allowed:
    """Which of these may be asked. Costs by the number of ranges and lines, never by that of addresses."""
    refused: list[Refused] = []
    rest = targets
    for kind in (*NEVER, COMPATIBLE):
        speaks = _with_translated(kind.ranges) if kind is not COMPATIBLE else AddressSet(kind.ranges)
        hit, rest = _parted(rest, speaks)
        refused += [Refused(one, f"{kind.what} ({kind.source})") for one in hit]
    for one, reason in _ends(scope.attached):
        hit, rest = _parted(rest, one)
        refused += [Refused(each, reason) for each in hit]
    for line in scope.lines:
        if not line.allow:
            hit, rest = _parted(rest, _with_translated(line.addresses.ranges))
            refused += [_excluded(one, line) for one in hit]
    allowances: list[Allowance] = []
    for speaks, reason, by in _reasons(scope):
        hit, rest = _parted(rest, speaks)
        allowances += [Allowance(one, reason, by) for one in hit]
    refused += _not_allowed(rest, scope)
    return Allowed(AddressSet([each.range for each in allowances]), tuple(allowances), tuple(refused))


def never(addresses: AddressSet) -> tuple[tuple[Range, str], ...]:
    """The parts of a set that are never asked, whatever a file says, each with its reason."""
    return tuple([(each.range, each.reason) for each in judge(addresses, Scope()).refused if not each.remedy])


def expired(line: Line, today: str) -> bool:
    """Whether a line's last day is past. Days in this form are ordered as texts are."""
    return bool(line.until) and line.until < today


def _parted(rest: AddressSet, speaks: AddressSet) -> tuple[tuple[Range, ...], AddressSet]:
    """The ranges that something speaks of, and the addresses that are left."""
    hit = (rest & speaks).ranges
    return hit, rest - speaks if hit else rest


def _reasons(scope: Scope) -> Iterable[tuple[AddressSet, str, Line | None]]:
    """What allows, in the order in which it is told: the default first, so that a needless line is not praised."""
    for kind in LOCAL:
        yield AddressSet(kind.ranges), f"{kind.what} ({kind.source})", None
    for one in scope.attached:
        where = f" to {one.interface}" if one.interface else ""
        yield AddressSet([one.network]), f"of the network {one.network} attached{where}", None
    for line in scope.lines:
        if line.allow and not expired(line, scope.today):
            yield line.addresses, line.why or "allowed by a line without a reason", line


def _ends(attached: tuple[Attached, ...]) -> Iterable[tuple[AddressSet, str]]:
    """The first and last address of attached IPv4 networks: the network itself, and everybody in it (RFC 1122 3.2.1.3).

    Networks of 31 and 32 bits have neither (RFC 3021).
    """
    for one in attached:
        if one.family == 4 and one.bits <= 30:
            whole = network(4, one.number, one.bits)
            named = f"{whole}{' on ' + one.interface if one.interface else ''}"
            last = Range(4, whole.last, whole.last)
            yield AddressSet([last]), f"the broadcast address of the attached network {named}: all hosts at once"
            yield (
                AddressSet([Range(4, whole.first, whole.first)]),
                f"the address of the attached network {named} itself",
            )


def _with_translated(ranges: Iterable[Range]) -> AddressSet:
    """Ranges, and IPv4 ones among them as a translator's clients see them: 10.0.0.1 is 64:ff9b::a00:1 too.

    A zone is left out: what must not be asked must not be asked through another link.
    """
    found = [Range(one.family, one.first, one.last) for one in ranges]
    found += [Range(6, NAT64 + one.first, NAT64 + one.last) for one in found if one.family == 4]
    return AddressSet(found)


def _excluded(one: Range, line: Line) -> Refused:
    why = f": {line.why}" if line.why else ""
    return Refused(one, f"excluded by {line.place}{why}", f"Take the line out there: hb scope remove {line.what}", line)


def _not_allowed(rest: AddressSet, scope: Scope) -> list[Refused]:
    refused = []
    for line in scope.lines:
        if line.allow and expired(line, scope.today):
            reason = f"allowed by {line.place} until {line.until}, which is past"
            remedy = f"Allow it anew: hb scope add {line.what} --why TEXT --until DATE"
            hit, rest = _parted(rest, line.addresses)
            refused += [Refused(one, reason, remedy, line) for one in hit]
    for one in rest.ranges:
        reason = "neither private nor attached to this machine, and no line of a scope file allows it"
        refused.append(Refused(one, reason, f"If it is yours to scan: hb scope add {one} --why TEXT"))
    return refused

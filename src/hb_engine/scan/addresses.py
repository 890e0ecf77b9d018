"""Sets of addresses as ranges of numbers: a /8 is one range, and every question about it costs what one range costs.

A set is ordered (IPv4 before IPv6, then by zone and number) and its ranges are disjoint and apart, so that two sets of
the same addresses are equal. A zone (RFC 4007: fe80::1%eth0) is part of an address; a set without zones speaks of every
zone when it is taken away from another or held against it, so that an exclusion of fe80::/10 holds on every link.

It refuses to read a person's words (words.py does), to know which addresses may be asked (scope.py), and to list a set.
"""

from __future__ import annotations

import _socket
from bisect import bisect_right

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BITS = {4: 32, 6: 128}
AF = {4: _socket.AF_INET, 6: _socket.AF_INET6}
MAPPED = 0xFFFF << 32  # ::ffff:0:0/96, RFC 4291 2.5.5.2


@record
class Range:
    """The addresses from `first` to `last`, both in it, as numbers. `family` is 4 or 6; `zone` is for link-local."""

    family: int
    first: int
    last: int
    zone: str = ""

    @property
    def count(self) -> int:
        """How many addresses."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        """10.0.0.0/24 where it is a network, 10.0.0.1 where it is one address, 10.0.0.1-10.0.0.9 otherwise."""
        start = text(self.family, self.first, self.zone)
        if self.first == self.last:
            return start
        size = self.count
        if size & (size - 1) == 0 and self.first % size == 0:
            return f"{start}/{BITS[self.family] - size.bit_length() + 1}"
        return f"{start}-{text(self.family, self.last, self.zone)}"


class AddressSet:
    """An immutable set of addresses."""

    __slots__ = ("_starts", "count", "ranges")

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self.ranges = _merged(ranges)
        starts, total = [], 0
        for one in self.ranges:
            starts.append(total)
            total += one.count
        self._starts = tuple(starts)
        self.count = total  # len() cannot say how many IPv6 addresses there are

    def __bool__(self) -> bool:
        """Whether there is any address in it."""
        return bool(self.ranges)

    def __eq__(self, other: object) -> bool:
        """Sets of the same addresses are equal."""
        return self.ranges == other.ranges if isinstance(other, AddressSet) else NotImplemented

    def __hash__(self) -> int:
        """As equality has it."""
        return hash(self.ranges)

    def __repr__(self) -> str:
        """AddressSet(10.0.0.0/24, fd00::1), cut where there are many ranges."""
        more = ", ..." if len(self.ranges) > 8 else ""
        return f"AddressSet({', '.join(map(str, self.ranges[:8]))}{more})"

    def __iter__(self) -> Iterator[tuple[int, int, str]]:
        """Every address, in order, as (family, number, zone)."""
        for one in self.ranges:
            for number in range(one.first, one.last + 1):
                yield one.family, number, one.zone

    def at(self, index: int) -> tuple[int, int, str]:
        """The address at a place from 0 to count - 1, as (family, number, zone). Raises IndexError."""
        if not 0 <= index < self.count:
            raise IndexError(f"{index} is not one of {self.count} addresses")
        place = bisect_right(self._starts, index) - 1
        one = self.ranges[place]
        return one.family, one.first + index - self._starts[place], one.zone

    def text_at(self, index: int) -> str:
        """The address at a place as text, its zone included: fe80::1%eth0. Raises IndexError."""
        return text(*self.at(index))

    def packed_at(self, index: int) -> bytes:
        """The address at a place as 4 or 16 bytes in network order. Raises IndexError."""
        family, number, _ = self.at(index)
        return packed(family, number)

    def index(self, family: int, number: int, zone: str = "") -> int | None:
        """The place of an address, None where it is not in the set."""
        place = bisect_right(self.ranges, (family, zone, number), key=_order) - 1
        if place < 0:
            return None
        one = self.ranges[place]
        here = (one.family, one.zone) == (family, zone) and one.first <= number <= one.last
        return self._starts[place] + number - one.first if here else None

    def __contains__(self, address: tuple[int, int, str]) -> bool:
        """Whether (family, number, zone) is in it, as exactly that."""
        return self.index(*address) is not None

    def __or__(self, other: AddressSet) -> AddressSet:
        """All addresses of both."""
        return AddressSet((*self.ranges, *other.ranges))

    def __and__(self, other: AddressSet) -> AddressSet:
        """The addresses of this set that the other speaks of; the other's ranges without a zone speak of every zone."""
        return AddressSet(_walk(self.ranges, other, inside=True))

    def __sub__(self, other: AddressSet) -> AddressSet:
        """The addresses of this set that the other does not speak of, as above."""
        return AddressSet(_walk(self.ranges, other, inside=False))


def network(family: int, number: int, bits: int, zone: str = "") -> Range:
    """The network of that many leading bits that an address lies in."""
    size = 1 << (BITS[family] - bits)
    first = number - number % size
    return Range(family, first, first + size - 1, zone)


def text(family: int, number: int, zone: str = "") -> str:
    """An address as inet_ntop writes it, with its zone."""
    return _socket.inet_ntop(AF[family], packed(family, number)) + (f"%{zone}" if zone else "")


def packed(family: int, number: int) -> bytes:
    """An address as 4 or 16 bytes in network order."""
    return number.to_bytes(BITS[family] // 8, "big")


def number_of(written: str) -> tuple[int, int] | None:
    """(family, number) of an address as text without a zone; None for anything else. ::ffff:a.b.c.d is IPv4.

    Nothing is guessed: 127.1, 010.0.0.1 and 0x7f000001 are no addresses here.
    """
    if ":" in written:
        try:
            number = int.from_bytes(_socket.inet_pton(_socket.AF_INET6, written), "big")
        except (OSError, ValueError):  # ValueError: a zero byte, or what is no Unicode
            return None
        return (4, number - MAPPED) if number >> 32 == 0xFFFF else (6, number)
    parts = written.split(".")
    if len(parts) != 4 or not all(map(is_octet, parts)):
        return None
    return 4, int.from_bytes(bytes(map(int, parts)), "big")


def is_octet(part: str) -> bool:
    """Whether text is a number from 0 to 255 as addresses are written: no zeros before it, which some read as octal."""
    return part.isascii() and part.isdigit() and len(part) <= 3 and str(int(part)) == part and int(part) < 256


def _order(one: Range) -> tuple[int, str, int]:
    return one.family, one.zone, one.first


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The ranges in order, those that overlap or touch as one."""
    found: list[Range] = []
    for one in sorted(ranges, key=_order):
        before = found[-1] if found else None
        if before and (before.family, before.zone) == (one.family, one.zone) and one.first <= before.last + 1:
            if one.last > before.last:
                found[-1] = Range(before.family, before.first, one.last, before.zone)
        else:
            found.append(one)
    return tuple(found)


def _walk(ranges: tuple[Range, ...], other: AddressSet, *, inside: bool) -> Iterator[Range]:
    """The parts of some ranges that lie inside another set, or those that lie outside of it."""
    spoken: dict[tuple[int, str], tuple[list[int], tuple[Range, ...]]] = {}
    for one in ranges:
        space = (one.family, one.zone)
        if space not in spoken:
            matching = _merged(
                [
                    Range(each.family, each.first, each.last, one.zone)
                    for each in other.ranges
                    if each.family == one.family and each.zone in ("", one.zone)
                ]
            )
            spoken[space] = [each.last for each in matching], matching
        yield from _cut(one, *spoken[space], inside=inside)


def _cut(one: Range, lasts: list[int], others: tuple[Range, ...], *, inside: bool) -> Iterator[Range]:
    at = one.first
    for place in range(bisect_right(lasts, one.first - 1), len(others)):
        other = others[place]
        if other.first > one.last:
            break
        if inside:
            yield Range(one.family, max(one.first, other.first), min(one.last, other.last), one.zone)
        elif other.first > at:
            yield Range(one.family, at, other.first - 1, one.zone)
        at = max(at, other.last + 1)
    if not inside and at <= one.last:
        yield Range(one.family, at, one.last, one.zone)

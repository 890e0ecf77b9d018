"""From a person's words to the addresses that are to be asked: everything said, minus everything left out, each once.

Words are read by words.py, files by sources.py; roles of the baseline are asked of a function that is passed in, and
names are resolved all together, once, by another. What was read into words (a network out of 10.0.0.5/24, several
addresses of a name, things said twice) is kept as notes, so that a person can be told. It refuses targets that leave
nothing, IPv6 networks that nobody could ask through, and link-local addresses without their link. Whether an address
*may* be asked is scope.py's.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record
from hb_engine.scan import sources
from hb_engine.scan.addresses import AddressSet, Range, text
from hb_engine.scan.resolve import FAMILIES, by_system
from hb_engine.scan.sources import Said
from hb_engine.scan.words import LINK_LOCAL, quoted, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hb_engine.scan.resolve import Resolve, Resolved
    from hb_engine.scan.words import Word

    Roles = Callable[[str], tuple[tuple[str, str], ...]]

LARGEST_IPV6 = 1 << 20  # addresses of one IPv6 network or range
MOST_NAMES = 4096
FILE = "@file:"


@record
class Targets:
    """What is to be asked. `names`: by address as text, the names it was asked for by. `notes` are sentences."""

    addresses: AddressSet
    names: dict[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many addresses: each is named once."""
        return self.addresses.count


def parse(
    words: Iterable[str],
    *,
    exclude: Iterable[str] = (),
    files: Iterable[str] = (),
    families: tuple[str, ...] = FAMILIES,
    resolve: Resolve = by_system,
    roles: Roles | None = None,
) -> Targets:
    """The addresses of some words, without those of `exclude`. Raises BadInput, and nothing else.

    `files` are paths whose words count as said; `families` says which addresses of names are taken (ipv4, ipv6);
    `roles` gives the hosts of a role, or of all roles for "baseline", each with where it was said; BadInput for none.
    """
    asked = tuple(words)
    said = [each for word in asked for each in _spread(word, roles)]
    said += [each for path in files for each in sources.from_file(path)]
    if not said:
        raise BadInput("nothing is to be asked", "Type an address, a name or a network, such as 10.0.0.0/24.")
    named = _Gathering(said, families, resolve, bounded=True)
    left_out = left_out_by(exclude, resolve=resolve, roles=roles)
    addresses = named.addresses - left_out
    if not addresses:
        raise BadInput("the exclusions leave no address to ask", "Leave out less, or name more.")
    return Targets(addresses, named.kept(addresses), named.notes, asked)


def left_out_by(words: Iterable[str], *, resolve: Resolve = by_system, roles: Roles | None = None) -> AddressSet:
    """The addresses that some words speak of, of any size and in every family. Raises BadInput."""
    said = [each for word in words for each in _spread(word, roles)]
    return _Gathering(said, FAMILIES, resolve, bounded=False).addresses


def _spread(word: str, roles: Roles | None) -> list[Said]:
    """@file:PATH and @ROLE as the words that stand there; any other word as itself."""
    if word[:1] != "@":
        return [Said(word)]
    if word.startswith(FILE):
        return sources.from_file(word.removeprefix(FILE))
    if word == "@":
        raise BadInput("'@' names no role", "Type @file:PATH, @baseline, or @ROLE.")
    if roles is None:
        raise BadInput(f"{quoted(word)} is a role, and there is no baseline to look in", "Type the hosts themselves.")
    return [Said(host, where) for host, where in roles(word[1:])]


class _Gathering:
    """The ranges of words, the names resolved, and what is worth saying about them."""

    def __init__(self, said: list[Said], families: tuple[str, ...], resolve: Resolve, *, bounded: bool) -> None:
        self._bounded = bounded
        self._notes: dict[str, None] = {}
        self._by_address: dict[tuple[int, int, str], dict[str, None]] = {}
        ranges: list[Range] = []
        names: dict[str, Said] = {}
        for each in said:
            word = _read(each)
            if word.name:
                names.setdefault(word.name, each)
            if word.note:
                self._notes[word.note] = None
            ranges += [self._fitting(each, one) for one in word.ranges]
        ranges += self._resolved(names, families, resolve)
        self.addresses = AddressSet(ranges)
        twice = sum([one.count for one in ranges]) - self.addresses.count
        if twice:
            told = "1 address was" if twice == 1 else f"{twice:,} addresses were"
            self._notes[f"{told} named more than once; each is asked once"] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read into the words, in their order."""
        return tuple(self._notes)

    def kept(self, addresses: AddressSet) -> dict[str, tuple[str, ...]]:
        """The names of those addresses that are left."""
        return {text(*one): tuple(names) for one, names in self._by_address.items() if one in addresses}

    def _fitting(self, said: Said, one: Range) -> Range:
        """Raises BadInput for a range that cannot be asked through, or has no link to be asked on."""
        if not self._bounded or one.family == 4:
            return one
        if one.count > LARGEST_IPV6:
            hint = (
                "Name the hosts, or a network of at most 20 bits (/108): nobody can ask through a whole IPv6 network."
            )
            raise _at(said, BadInput(f"{quoted(said.word)} has 2^{(one.count - 1).bit_length()} addresses", hint))
        if not one.zone and one.first <= LINK_LOCAL.last and one.last >= LINK_LOCAL.first:
            hint = f"Type the interface too: {text(6, one.first)}%eth0."
            raise _at(said, BadInput(f"{quoted(said.word)} is on every link", hint))
        return one

    def _resolved(self, names: dict[str, Said], families: tuple[str, ...], resolve: Resolve) -> Iterator[Range]:
        if len(names) > MOST_NAMES:
            raise BadInput(f"{len(names):,} names are more than {MOST_NAMES:,}", "Name networks, or ask in parts.")
        found = resolve(tuple(names), families) if names else {}
        _refuse_unresolved(names, found)
        for name in names:
            addresses = found[name].addresses
            if len(addresses) > 1:
                listed = ", ".join(addresses[:8]) + (" ..." if len(addresses) > 8 else "")
                self._notes[f"{name} has {len(addresses)} addresses, and all are asked: {listed}"] = None
            for address in addresses:
                for one in _read(Said(address, name)).ranges:
                    self._by_address.setdefault((one.family, one.first, one.zone), {})[name] = None
                    yield one


def _read(said: Said) -> Word:
    try:
        return read(said.word)
    except BadInput as error:
        raise _at(said, error) from None


def _at(said: Said, error: BadInput) -> BadInput:
    return BadInput(f"{said.where}: {error.message}", error.remedy) if said.where else error


def _refuse_unresolved(names: dict[str, Said], found: Mapping[str, Resolved]) -> None:
    """One error for all names that lead nowhere: a person corrects them together."""
    lost = [name for name in names if name not in found or not found[name].addresses]
    if not lost:
        return
    reasons = []
    for name in lost[:5]:
        where = f"{names[name].where}: " if names[name].where else ""
        problem = found[name].problem if name in found else ""
        reasons.append(f"{where}{quoted(name)} ({problem or 'it has no address'})")
    more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
    what = "this name does" if len(lost) == 1 else f"{len(lost)} names do"
    raise BadInput(
        f"{what} not resolve: {', '.join(reasons)}{more}", "Correct the spelling, or type the addresses themselves."
    )

"""Which roles a machine has, and which rules are for it.

A role chooses machines by their names, addresses and networks, or by a condition over what is known of them; roles that
are included come with it. What is not known of a machine (its system, its addresses) chooses nothing: a role is never
given by a guess. Everything that does not depend on the machine is made ready once, for fleets.
"""

from __future__ import annotations

from hb_engine.baseline.deciding import patterns
from hb_engine.model.baseline import All, Is, Not

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hb_engine.model.baseline import Condition, Role
    from hb_engine.model.inventory import Host

    Chooses = Callable[["Machine"], bool]
    Users = dict[str, dict[str, bool]]  # by role: whom it decides, and whether by its absence
    Span = tuple[int, int, int]  # version of IP, first, last

MOST_NAMES = 100_000  # numbers in one range of names


class Machine:
    """A host, with what many roles ask of it worked out once."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.name = host.name.lower()
        self.short = self.name.partition(".")[0]
        self._numbers: tuple[tuple[int, int], ...] | None = None
        self.roles: set[str] = set()

    @property
    def numbers(self) -> tuple[tuple[int, int], ...]:
        """Its addresses: (version of IP, number)."""
        if self._numbers is None:
            self._numbers = tuple(filter(None, map(number, self.host.addresses)))
        return self._numbers


class Roles:
    """The roles of a baseline, ready to be asked for many machines."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._names = list(dict.fromkeys(role.name for role in roles))
        self._choose: dict[str, list[Chooses]] = {name: [] for name in self._names}
        self._listed: dict[str, list[str]] = {}  # plain names, however many, with their roles
        self._includes: dict[str, list[str]] = {name: [] for name in self._names}
        for role in roles:
            for word in role.hosts:
                if patterns.is_plain(word) and "[" not in word and addresses(word) is None:
                    self._listed.setdefault(word.lower(), []).append(role.name)
                else:
                    self._choose[role.name].append(chooser(word))
            self._includes[role.name] += role.includes
            if role.when is not None:
                self._choose[role.name].append(condition(role.when))
        self._after = strata(roles)

    def of(self, host: Host, given: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The roles of a machine, in the order of their definition; `given` are roles that a person named.

        Roles that ask for roles are decided after those that they ask for, again and again until nothing is added.
        """
        machine = Machine(host)
        self._add(machine, given)
        for name in (machine.name, machine.short):
            self._add(machine, self._listed.get(name, ()))
        later = {name for names in self._after for name in names}
        self._decide(machine, [name for name in self._names if name not in later])
        for names in self._after:
            grown = -1
            while grown != len(machine.roles):
                grown = len(machine.roles)
                self._decide(machine, names)
        unknown = [name for name in given if name not in self._choose]
        return tuple(dict.fromkeys([*[name for name in self._names if name in machine.roles], *unknown]))

    def _decide(self, machine: Machine, names: Sequence[str]) -> None:
        """Give those roles whose own words choose the machine."""
        for name in names:
            if name not in machine.roles and any(chooses(machine) for chooses in self._choose[name]):
                self._add(machine, (name,))

    def _add(self, machine: Machine, names: Sequence[str]) -> None:
        """Give roles with all that they include; a circle ends where it began."""
        left = list(names)
        while left:
            name = left.pop()
            if name not in machine.roles:
                machine.roles.add(name)
                left += self._includes.get(name, ())


# -- one word of `hosts` -------------------------------------------------------------------------------------------


def chooser(word: str) -> Chooses:
    """A test for a name (web-*), a range of names (web-[01:20]), an address, a network or a range of addresses."""
    span = addresses(word)
    if span is not None:
        version, first, last = span
        return lambda machine: any(v == version and first <= n <= last for v, n in machine.numbers)
    return named(word)


def named(word: str) -> Chooses:
    """A test for a name or pattern, with its domain or without; capitals do not matter."""
    numbered = _numbered(word.lower())
    if numbered is not None:
        return lambda machine: machine.name in numbered or machine.short in numbered
    if patterns.is_plain(word):
        plain = word.lower()
        return lambda machine: plain in (machine.name, machine.short)
    test = patterns.glob(word.lower())
    return lambda machine: test(machine.name) or test(machine.short)


def slip(word: str) -> tuple[str, str] | None:
    """What is wrong with a word that can choose no machine, and what to write; None where nothing is."""
    if "://" in word:
        return "a host is a name or an address, and no page's", "Leave out what stands before and behind the name."
    if any(letter in word for letter in "\\^$(|+"):
        return "hosts are no regular expressions", "* stands for any letters, ? for one, web-[1:20] for numbers."
    if "/" in word and addresses(word) is None:
        return f"{word[:60]!r} is no network", "Write one such as 10.0.0.0/8 or fd00::/8."
    if "[" in word and _numbered(word) is None:
        return "these brackets are no range of numbers", "Write one such as web-[1:20], the lower number first."
    looks = word.count(".") == 3 and all(letter in "0123456789." for letter in word)
    if (looks or (":" in word and "[" not in word)) and addresses(word) is None:
        return f"{word[:60]!r} is no address", "Write one such as 10.0.0.5 or fd00::5; ports stand in listen."
    return None


def _numbered(word: str) -> frozenset[str] | None:
    """The names of web-[01:20].example.org; None for a word without such a range."""
    head, opened, rest = word.partition("[")
    inside, closed, tail = rest.partition("]")
    first, colon, last = inside.partition(":")
    if not (opened and closed and colon and first.isdecimal() and last.isdecimal() and word.isascii()):
        return None
    if len(first) > 9 or len(last) > 9 or not 0 <= int(last) - int(first) < MOST_NAMES:
        return None
    width = len(first) if first.startswith("0") else 0
    return frozenset([f"{head}{each:0{width}d}{tail}" for each in range(int(first), int(last) + 1)])


def number(text: str) -> tuple[int, int] | None:
    """An address as (version of IP, number); None for what is none. A zone (%eth0) is left out."""
    text = text.partition("%")[0]
    if ":" not in text:
        parts = text.split(".")
        if len(parts) != 4 or not all(part.isdecimal() and part.isascii() and len(part) < 4 for part in parts):
            return None
        octets = [int(part) for part in parts]
        return (4, int.from_bytes(bytes(octets), "big")) if max(octets) < 256 else None
    import ipaddress  # costs 3 ms, and most baselines name no IPv6 address

    try:
        found = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped
    return (4, int(mapped)) if mapped else (6, int(found))


def addresses(text: str) -> Span | None:
    """10.0.0.5, 10.0.0.0/24, 10.0.0.5-10.0.0.20, 10.0.0.5-20 as (version, first, last); None for any other word."""
    base, slash, prefix = text.partition("/")
    if slash:
        return _network(base, prefix)
    first, dash, last = text.partition("-")
    begin = number(first)
    if begin is None or not dash:
        return None if begin is None else (*begin, begin[1])
    if last.isdecimal() and begin[0] == 4:
        last = f"{first.rpartition('.')[0]}.{last}"
    end = number(last)
    if end is None or end[0] != begin[0] or end[1] < begin[1]:
        return None
    return (*begin, end[1])


def _network(base: str, prefix: str) -> Span | None:
    begin = number(base)
    if begin is None or not (prefix.isdecimal() and prefix.isascii() and len(prefix) < 4):
        return None
    free = (32 if begin[0] == 4 else 128) - int(prefix)
    if free < 0:
        return None
    first = begin[1] >> free << free
    return (begin[0], first, first + (1 << free) - 1)


# -- conditions over machines --------------------------------------------------------------------------------------


def condition(when: Condition) -> Chooses:
    """A condition as a test of machines. What is not known of a machine holds neither so nor negated."""
    asked = _three(when)
    return lambda machine: asked(machine) is True


def _three(when: Condition) -> Callable[[Machine], bool | None]:
    if isinstance(when, Is):
        return _is(when.field, when.pattern)
    if isinstance(when, Not):
        part = _three(when.part)
        return lambda machine: None if (answer := part(machine)) is None else not answer
    parts = [_three(part) for part in when.parts]
    wins = not isinstance(when, All)  # one True decides an or; one False decides an and

    def asked(machine: Machine) -> bool | None:
        answers = [part(machine) for part in parts]
        return wins if wins in answers else None if None in answers else not wins

    return asked


def _is(field: str, pattern: str) -> Callable[[Machine], bool | None]:
    if field == "host":
        return named(pattern)
    if field == "cidr":
        chosen = chooser(pattern)
        return lambda machine: chosen(machine) if machine.host.addresses else None
    if field == "role":
        role = patterns.glob(pattern)
        return lambda machine: any(map(role, machine.roles))
    if field == "os":
        return _system(pattern.lower())
    if field == "group":
        group = patterns.glob(pattern)
        return lambda machine: any(group(label.removeprefix("group=")) for label in machine.host.labels)
    label = patterns.glob(pattern)
    if "=" in pattern:
        return lambda machine: any(map(label, machine.host.labels))
    return lambda machine: any(label(text.partition("=")[0]) for text in machine.host.labels)


def _system(pattern: str) -> Callable[[Machine], bool | None]:
    """os:debian-12, os:debian, os:linux: the ID with its version, the ID, or the kind of system."""
    test = patterns.glob(pattern)

    def asked(machine: Machine) -> bool | None:
        host = machine.host
        kind = _kind(host)
        known = [text for text in (host.os.lower(), host.os.lower().partition("-")[0], kind) if text]
        return any(map(test, known)) if known else None

    return asked


def _kind(host: Host) -> str:
    words = f"{host.os} {host.system}".lower()
    for word, kind in (("windows", "windows"), ("macos", "macos"), ("darwin", "macos"), ("freebsd", "freebsd")):
        if word in words:
            return kind
    return "linux" if host.os or host.boot_id or "linux" in words else ""


# -- roles that ask for roles --------------------------------------------------------------------------------------


def strata(roles: Sequence[Role]) -> list[list[str]]:
    """The roles that ask for roles, in groups: whoever says `not role:x` comes after all that may give x.

    Where roles deny one another in a circle there is no such order, and the last group has them as they were written;
    `denials` tells of those, and hb refuses them.
    """
    asks, _, heights = _heights(roles)
    groups: dict[int, list[str]] = {}
    for name in dict.fromkeys(role.name for role in roles):
        if name in asks:
            groups.setdefault(heights[name], []).append(name)
    return [groups[height] for height in sorted(groups)]


def denials(roles: Sequence[Role]) -> tuple[str, ...]:
    """A circle of roles in which one is given where it is not: `a when not role:b`, `b when not role:a`; or none."""
    asks, users, heights = _heights(roles)
    for name, height in heights.items():
        if height > len(asks):
            circle = _circle(name, users)
            if circle:
                return circle
    return ()


def _heights(roles: Sequence[Role]) -> tuple[set[str], Users, dict[str, int]]:
    """The roles that ask for roles, what each role decides, and how many denials lie below it; one more than there
    are roles that ask where there is no end of them."""
    names = dict.fromkeys(role.name for role in roles)
    users: Users = {name: {} for name in names}
    asks: set[str] = set()
    meant: dict[str, list[str]] = {}
    for role in roles:
        for pattern, denied in _asked(role.when) if role.when is not None else ():
            asks.add(role.name)
            if pattern not in meant:
                meant[pattern] = _meant(pattern, names)
            for name in meant[pattern]:
                if name == role.name and not patterns.is_plain(pattern):
                    continue  # who asks for role:* asks for all others
                users.setdefault(name, {})[role.name] = denied or users.get(name, {}).get(role.name, False)
        for name in role.includes:
            users[role.name].setdefault(name, False)  # who includes it gives it
    return asks, users, _counted(users, len(asks) + 1)


def _counted(users: Users, most: int) -> dict[str, int]:
    """The denials below each role: everything before what it decides, and circles as often as it takes."""
    waiting = dict.fromkeys(users, 0)
    for decided in users.values():
        for user in decided:
            waiting[user] = waiting.get(user, 0) + 1
    left = [name for name, count in waiting.items() if not count]
    for name in left:  # it grows
        for user in users.get(name, ()):
            waiting[user] -= 1
            if not waiting[user]:
                left.append(user)
    left += [name for name, count in waiting.items() if count]
    pending, heights = set(left), dict.fromkeys(waiting, 0)
    for name in left:
        pending.discard(name)
        for user, denied in users.get(name, {}).items():
            height = min(heights[name] + denied, most)
            if height > heights[user]:
                heights[user] = height
                if user not in pending:
                    pending.add(user)
                    left.append(user)
    return heights


def _meant(pattern: str, names: Iterable[str]) -> list[str]:
    """The roles of a pattern; of a whole name, that one, whether it is there or not."""
    if patterns.is_plain(pattern):
        return [pattern]
    test = patterns.glob(pattern)
    return [name for name in names if test(name)]


def _circle(start: str, users: Users) -> tuple[str, ...]:
    """A way from a role over what it decides back to itself; none, where it only depends on a circle."""
    came: dict[str, str] = {}
    left = [start]
    for name in left:  # it grows
        for user in users.get(name, ()):
            if user == start:
                way = [start, name]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return tuple(way)
            if user not in came:
                came[user] = name
                left.append(user)
    return ()


def asked_roles(when: Condition) -> list[str]:
    """The roles that a condition asks for by their whole names."""
    return [pattern for pattern, _ in _asked(when) if patterns.is_plain(pattern)]


def _asked(when: Condition, *, denied: bool = False) -> Iterator[tuple[str, bool]]:
    """The patterns of roles that a condition asks for, and whether it wants them not to be there."""
    if isinstance(when, Is):
        if when.field == "role":
            yield when.pattern, denied
        return
    for part in (when.part,) if isinstance(when, Not) else when.parts:
        yield from _asked(part, denied=denied is not isinstance(when, Not))

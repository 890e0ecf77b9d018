"""From a person's words to ports: numbers, ranges, names, the commonest so many, or all, in the order of asking.

    22,80,8000-9000    -1024    60000-    -        numbers and ranges, open at an end where nothing stands there
    T:22,80,U:53       udp/53   53/udp             of a transport: a letter holds for what follows, a word for its item
    ssh    http*                                   names, by a function that knows the registry
    top:1000           all                         the commonest, and every one from 1 to 65535

What has no transport is of the transports of the scan. Port 0 is asked only where somebody writes it: it is reserved,
and a stack that answers there is worth knowing. It refuses to guess; errors are BadInput with what to write instead.
"""

from __future__ import annotations

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record
from hb_engine.scan import top
from hb_engine.scan.words import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    Named: TypeAlias = Callable[[str], Iterable[tuple[str, int]]]

TRANSPORTS = top.TRANSPORTS
LETTERS = {"T": "tcp", "U": "udp"}
LONGEST = 4096  # characters of a list
EXAMPLES = "Type ports such as 22,80,8000-9000, udp/53, ssh, top:100 or all."
PORT = "A port is a number from 1 to 65535."


@record
class Ports:
    """What to ask of each host, the commonest ports first."""

    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many questions these are for one host."""
        return len(self.tcp) + len(self.udp)

    def of(self, transport: str) -> tuple[int, ...]:
        """The ports of one transport."""
        return self.tcp if transport == "tcp" else self.udp


def parse(
    words: Iterable[str],
    *,
    transports: tuple[str, ...] = ("tcp",),
    exclude: Iterable[str] = (),
    named: Named = lambda _: (),
) -> Ports:
    """The ports of some lists, without those of `exclude`. Raises BadInput.

    `named` gives (transport, port) for a service's name, in which * stands for any letters. What `exclude` says without
    a transport holds for both.
    """
    asked = _gathered(words, transports, named)
    if not any(asked.values()):
        raise BadInput("no port is to be asked", EXAMPLES)
    left_out = _gathered(exclude, TRANSPORTS, named)
    kept = {name: in_order(name, asked[name] - left_out[name]) for name in TRANSPORTS}
    if not any(kept.values()):
        raise BadInput("the exclusions leave no port to ask", "Leave out less, or ask for more.")
    return Ports(kept["tcp"], kept["udp"])


def in_order(transport: str, ports: set[int] | frozenset[int]) -> tuple[int, ...]:
    """Ports in the order of asking: the commonest first, 0 last."""
    ordered = tuple([port for port in top.order(transport) if port in ports])
    return (*ordered, 0) if 0 in ports else ordered


def as_text(ports: Iterable[int]) -> str:
    """Ports as ranges, in the order of their numbers: 1-21,23-79."""
    spans: list[list[int]] = []
    for port in sorted(set(ports)):
        if spans and port == spans[-1][1] + 1:
            spans[-1][1] = port
        else:
            spans.append([port, port])
    return ",".join([str(first) if first == last else f"{first}-{last}" for first, last in spans])


def _gathered(words: Iterable[str], transports: tuple[str, ...], named: Named) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {name: set() for name in TRANSPORTS}
    for word in words:
        for of, item in _items(word, transports):
            for transport, ports in _meant(item, of, named):
                found[transport].update(ports)
    return found


def _items(word: str, transports: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The items of a list, each with its transports."""
    if len(word) > LONGEST or not word.isprintable():
        raise BadInput(f"{quoted(word)} is too long, or holds characters that cannot be printed", EXAMPLES)
    holding = transports
    for each in word.split(","):
        item = each.strip()
        letter, colon, rest = item.partition(":")
        if colon and letter.upper() in LETTERS:
            holding, item = (LETTERS[letter.upper()],), rest.strip()
        elif colon and len(letter) == 1:
            raise BadInput(f"{quoted(item)}: {quoted(letter)} is no transport", "T: stands before TCP, U: before UDP.")
        if not item:
            raise BadInput(f"{quoted(word)} has an empty item", EXAMPLES)
        yield _slashed(item) if "/" in item else (holding, item)


def _slashed(item: str) -> tuple[tuple[str, ...], str]:
    """udp/53 and 53/udp."""
    left, _, right = item.partition("/")
    for transport, rest in ((left.lower(), right), (right.lower(), left)):
        if transport in TRANSPORTS:
            if not rest:
                raise BadInput(f"{quoted(item)} names a transport and no port", "Type the port as well: udp/53.")
            return (transport,), rest
    wrong = right if left.isdigit() else left
    raise BadInput(f"{quoted(item)}: {quoted(wrong)} is no transport that is scanned", "Type tcp/ or udp/.")


def _meant(item: str, of: tuple[str, ...], named: Named) -> Iterator[tuple[str, Iterable[int]]]:
    """The ports of one item, by transport."""
    low = item.lower()
    if low == "all":
        yield from [(name, range(1, 65536)) for name in of]
    elif low.startswith("top:") or low == "top":
        count = _count(item, item[4:])
        yield from [(name, top.first(name, count)) for name in of]
    elif _is_range(item):
        ports = _range(item)
        yield from [(name, ports) for name in of]
    else:
        yield from _by_name(item, of, named)


def _count(item: str, digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits[:9]) <= 65535:
        raise BadInput(f"{quoted(item)} asks for no number of ports", "Type top:1 to top:65535.")
    return int(digits[:9])


def _is_range(item: str) -> bool:
    """Whether an item is meant as numbers: only digits, dashes and signs."""
    return all(letter in "-+" or (letter.isascii() and letter.isdigit()) for letter in item)


def _range(item: str) -> range:
    low, dash, high = item.partition("-")
    if "-" in high or "+" in item:
        raise BadInput(f"{quoted(item)} is neither a port nor a range", EXAMPLES)
    first = _port(item, low) if low else 1
    last = _port(item, high) if high else 65535 if dash else first
    if first > last:
        raise BadInput(f"{quoted(item)} ends before it begins", f"Did you mean {last}-{first}?")
    return range(first, last + 1)


def _port(item: str, digits: str) -> int:
    if len(digits.lstrip("0")) > 5 or int(digits[-6:]) > 65535:
        told = quoted(digits) if digits == item else f"{quoted(item)}: {quoted(digits)}"
        raise BadInput(f"{told} is no port: a port has 16 bits, so the highest is 65535", PORT)
    return int(digits[-6:])


def _by_name(item: str, of: tuple[str, ...], named: Named) -> Iterator[tuple[str, Iterable[int]]]:
    rows = [(transport, port) for transport, port in named(item.lower()) if transport in TRANSPORTS and port]
    if not rows:
        raise BadInput(f"no service that is called {quoted(item)} has a port", EXAMPLES)
    found = {transport: [port for name, port in rows if name == transport] for transport in of}
    if not any(found.values()):
        there = " and ".join(sorted({transport for transport, _ in rows}))
        hint = f"Type {there.partition(' ')[0]}/{item}, or ask for that transport too."
        raise BadInput(f"{quoted(item)} is registered for {there} alone", hint)
    yield from found.items()

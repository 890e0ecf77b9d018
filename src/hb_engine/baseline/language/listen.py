"""`listen`: what may be open, and how far: "tcp/443 on public, udp/443 on private iface:eth0".

    listen  = place *( "," place )
    place   = transport "/" ports [ "on" 1*( scope | "iface:" NAME | "net:" CIDR | "netns:" CLASS ) ]
    ports   = N | N "-" N | "ephemeral" | "any" | NAME of a service

A comma is an or. The scope is the widest that is allowed, public where none is said. It refuses everything else, with
the place of the character and with what was probably meant; and it refuses to know services: their names are looked up
by a function that is passed in.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import LONGEST, Mistake, shown
from hb_engine.model.baseline import NAMESPACES, Listen
from hb_engine.model.endpoint import SCOPES, TRANSPORTS
from hb_engine.model.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    # A service's name into (transport, port) of what is registered for it; names that are like it.
    Services = Callable[[str], tuple[tuple[str, int], ...]]
    Alike = Callable[[str], tuple[str, ...]]
    Word = tuple[str, int]

PORTS = 65535
VSOCK_PORTS = (1 << 32) - 1  # vsock(7): 32 bits
PORTLESS = ("raw", "packet")
MOST = 256  # places of one rule
WHERE = "loopback, link, private, public, iface:NAME, net:CIDR or netns:CLASS"
EXAMPLE = "Write tcp/443, or tcp/443 on private."
EVERY = ("0.0.0.0", "::", "[::]", "*", "")  # noqa: S104 - as people write it, nothing is bound
# Words that people write for ours.
SCOPE_WORDS = {
    **dict.fromkeys(("localhost", "local", "host", "lo", "127.0.0.1", "::1", "self"), "loopback"),
    **dict.fromkeys(("lan", "internal", "intranet", "rfc1918"), "private"),
    **dict.fromkeys(("all", "any", "everyone", "everywhere", "world", "internet", "external"), "public"),
    **dict.fromkeys(EVERY, "public"),
    **dict.fromkeys(("link-local", "linklocal"), "link"),
    **dict.fromkeys(("docker", "containers", "container"), "netns:container"),
}
TRANSPORT_WORDS = {
    **dict.fromkeys(("tcp4", "tcp6", "tcp46"), "tcp"),
    **dict.fromkeys(("udp4", "udp6", "udp46"), "udp"),
    **dict.fromkeys(("icmp", "icmp6", "icmpv6", "ip"), "raw"),
    **dict.fromkeys(("all", "*", "both"), "any"),
    "quic": "udp",
}
DEVICES = ("eth", "en", "wl", "ww", "br", "docker", "veth", "tun", "tap", "wg", "bond", "vlan", "virbr", "vmbr", "lxc")
_FAST: list[re.Pattern[str]] = []


def parse(text: str, services: Services | None = None, alike: Alike | None = None) -> tuple[Listen, ...]:
    """The places that a sentence names. Raises Mistake."""
    quick = _quick(text)
    if quick:
        return (quick,)
    if len(text) > LONGEST:
        raise Mistake(f"listen has more than {LONGEST} characters", 0, "Write two rules.", "too-long")
    if not text.strip():
        raise Mistake("listen says nothing", 0, EXAMPLE, "listen")
    reader = _Reader(services or (lambda _: ()), alike or (lambda _: ()))
    found: list[Listen] = []
    pieces = _pieces(text)
    for number, piece in enumerate(pieces):
        if not piece:
            at = text.find(",") if not number else pieces[number - 1][-1][1] + len(pieces[number - 1][-1][0])
            raise Mistake("there is a comma here with nothing beside it", at, "Leave it out.", "listen")
        found += reader.places(piece, found[-1].transport if found else "")
        if len(found) > MOST:
            raise Mistake(f"listen names more than {MOST} places", piece[0][1], "Write two rules.", "too-long")
    return tuple(found)


def _quick(text: str) -> Listen | None:
    """What nearly all rules say, in one match."""
    if not _FAST:
        import re  # compiled once; most runs of hb read no baseline

        scopes = "|".join(SCOPES)
        _FAST.append(
            re.compile(rf"(tcp|udp)/([1-9][0-9]{{0,4}})(?:-([1-9][0-9]{{0,4}}))?(?: on ({scopes}))?", re.ASCII)
        )
    found = _FAST[0].fullmatch(text)
    if not found:
        return None
    transport, low, high, scope = found.groups()
    first = int(low)
    last = int(high) if high else first
    return Listen(transport, first, last, scope=scope or "public", text=text) if first <= last <= PORTS else None


def _pieces(text: str) -> list[list[Word]]:
    """The words between commas, each with its offset."""
    found: list[list[Word]] = []
    at = 0
    for piece in text.split(","):
        words, cursor = [], 0
        for word in piece.split():
            cursor = piece.index(word, cursor)
            words.append((word, at + cursor))
            cursor += len(word)
        found.append(words)
        at += len(piece) + 1
    return found


class _Reader:
    """Places of one sentence."""

    def __init__(self, services: Services, alike: Alike) -> None:
        self._services, self._alike = services, alike

    def places(self, words: list[Word], before: str) -> list[Listen]:
        """The places of one piece; several where a service has several ports. `before` is the last one's transport."""
        (word, at), rest = words[0], words[1:]
        if rest and (word.endswith("/") or rest[0][0].startswith("/")):
            meant = "".join([each for each, _ in words[: 3 if rest[0][0] == "/" else 2]])
            raise Mistake("a place is one word", at, f"Write {meant}, without spaces.", "listen")
        transport, ports = self._split(word, at, before)
        first_last = self._ports(transport, ports, at + len(word) - len(ports))
        reach = self._reach(rest)
        text = " ".join([each for each, _ in words])
        return [Listen(transport, first, last, place, *reach, text) for place, first, last in first_last]

    def _split(self, word: str, at: int, before: str) -> tuple[str, str]:
        transport, slash, ports = word.partition("/")
        if not slash:
            raise self._no_slash(word, at, before)
        if transport in TRANSPORTS or transport == "any":
            return transport, ports
        if transport.lower() in (*TRANSPORTS, "any"):
            raise Mistake(
                f"transports are written in small letters: {transport}", at, f"Write {word.lower()}.", "listen"
            )
        if ports in (*TRANSPORTS, "any") and transport:
            raise Mistake(f"{word} is the wrong way round", at, f"Write {ports}/{transport}.", "listen")
        if transport == "unix":
            hint = "hb looks at what a network can reach; leave this out."
            raise Mistake("unix sockets have no place in a baseline", at, hint, "listen")
        if transport in TRANSPORT_WORDS:
            meant = f"{TRANSPORT_WORDS[transport]}/{'any' if TRANSPORT_WORDS[transport] == 'raw' else ports}"
            raise Mistake(f"there is no transport {shown(transport)}", at, f"Write {meant}.", "listen")
        meant = self._services(transport)[0][0] if self._services(transport) else nearest(transport, TRANSPORTS)
        hint = f"Did you mean {meant}/{ports}?" if meant else f"It is one of {', '.join(TRANSPORTS)} and any."
        raise Mistake(f"there is no transport {shown(transport)}", at, hint, "listen")

    def _no_slash(self, word: str, at: int, before: str) -> Mistake:
        """443, tcp:443, tcp, https, :8080, 127.0.0.1:80, [::]:80."""
        transport = before if before in ("tcp", "udp", "sctp", "dccp") else "tcp"
        host, colon, port = word.rpartition(":")
        if word.replace("-", "").isdigit() and word.isascii():
            return Mistake(f"{shown(word)} has no transport", at, f"Write {transport}/{word}.", "listen")
        if word in TRANSPORTS:
            return Mistake(f"{word} names no port", at, f"Write {word}/any for all, or {word}/443.", "listen")
        if colon and host in TRANSPORTS:
            return Mistake(
                f"a port stands after a slash, not {shown(':')}", at + len(host), f"Write {host}/{port}.", "listen"
            )
        if colon and _number(host) and _number(port):
            return Mistake(
                f"{shown(word)} is no place", at, f"Write {transport}/{port}, or {transport}/{host}.", "listen"
            )
        if colon and port.isascii() and port.isdigit():
            meant = f"{transport}/{port}{_reach_of(host)}"
            return Mistake(
                f"{shown(word)} is an address; a rule says how far it reaches", at, f"Write {meant}.", "listen"
            )
        if word == "any":
            return Mistake("any names a transport or all ports, and one is missing", at, "Write any/any.", "listen")
        if word in ("on", "and", "or"):
            return Mistake(f"a place stands before {shown(word)}", at, EXAMPLE, "listen")
        if self._services(word):
            return Mistake(
                f"{shown(word)} has no transport", at, f"Write {self._services(word)[0][0]}/{word}.", "listen"
            )
        meant = nearest(word, TRANSPORTS)
        return Mistake(f"{shown(word)} is no place", at, f"Did you mean {meant}/any?" if meant else EXAMPLE, "listen")

    def _ports(self, transport: str, ports: str, at: int) -> list[tuple[str, int, int]]:
        """(place, first, last), at least one."""
        if ports == "any":
            return [("any", 0, PORTS)]
        if transport in PORTLESS:
            raise Mistake(f"{transport} sockets have no ports", at, f"Write {transport}/any.", "listen")
        if ports == "ephemeral":
            return [("ephemeral", 0, PORTS)]
        if not ports:
            raise Mistake(
                f"no port stands after {transport}/", at, f"Write {transport}/443, or {transport}/any.", "listen"
            )
        if ports in ("*", "all"):
            raise Mistake(f"all ports are called any, not {shown(ports)}", at, f"Write {transport}/any.", "listen")
        low, dash, high = ports.partition("-")
        if _number(low) and (not dash or _number(high)):
            return [("ports", *self._range(transport, low, high or low, at, dash=bool(dash)))]
        if dash and (_number(low) or _number(high)) and not (low and high):
            meant = f"{low}-{PORTS}" if low else f"1-{high}"
            raise Mistake(f"a range has two ends: {ports}", at, f"Write {transport}/{meant}.", "listen")
        return [("ports", port, port) for port in self._service(transport, ports, at)]

    def _range(self, transport: str, low: str, high: str, at: int, *, dash: bool) -> tuple[int, int]:
        most = VSOCK_PORTS if transport == "vsock" else PORTS
        for text, place in ((low, at), (high, at + (len(low) + 1 if dash else 0))):
            if len(text) > 10 or not 1 <= int(text) <= most:
                raise Mistake(f"{shown(text)} is no port", place, f"Ports are 1 to {most}.", "listen")
        first, last = int(low), int(high)
        if first > last:
            raise Mistake(
                f"this range ends before it begins: {low}-{high}", at, f"Write {transport}/{last}-{first}.", "listen"
            )
        return first, last

    def _service(self, transport: str, name: str, at: int) -> list[int]:
        for letter in ";|&+":
            if letter in name:
                told = f"places stand with commas between them, not {shown(letter)}"
                raise Mistake(told, at + name.index(letter), "Write a comma.", "listen")
        if ":" in name:
            meant = name.replace(":", "-") if name.replace(":", "").isdigit() else name.strip(":")
            told = f"{shown(name)} is no port and no service"
            raise Mistake(told, at + name.index(":"), f"Write {transport}/{meant}.", "listen")
        known = self._services(name)
        found = sorted({port for where, port in known if transport in (where, "any")})
        if found:
            return found
        if known:
            others = ", ".join(sorted({f"{where}/{name}" for where, _ in known}))
            raise Mistake(f"{shown(name)} is not registered for {transport}", at, f"Did you mean {others}?", "listen")
        fixed = nearest(name, ("any", "ephemeral")) if len(name) > 2 else ""
        near = [fixed] if fixed else list(self._alike(name))[:3]
        hint = f"Did you mean {' or '.join([f'{transport}/{each}' for each in near])}?" if near else "Write its number."
        raise Mistake(f"no service is called {shown(name)}", at, hint, "listen")

    def _reach(self, words: list[Word]) -> tuple[str, str, tuple[str, ...], str]:
        """What stands after the ports: scope, interface, networks, class of network namespaces."""
        said: dict[str, str] = {}
        networks: list[str] = []
        if words and words[0][0] != "on":
            raise _before_on(*words[0])
        if len(words) == 1:
            raise Mistake("nothing stands after on", words[0][1], f"It is followed by {WHERE}.", "listen")
        for word, at in words[1:]:
            name, value = _part(word, at)
            if name == "net":
                networks.append(value)
            elif name in said:
                raise Mistake(f"{'the scope' if name == 'scope' else name} is said twice", at, _twice(name), "listen")
            else:
                said[name] = value
        return said.get("scope", "public"), said.get("iface", ""), tuple(networks), said.get("netns", "host")


def _reach_of(host: str) -> str:
    """What a rule says instead of an address that something is bound to."""
    if host in EVERY:
        return ""
    bare = host.strip("[]")
    if bare.startswith(("127.", "localhost", "::1")):
        return " on loopback"
    return f" on net:{bare}/{128 if ':' in bare else 32}"


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _twice(name: str) -> str:
    return "The widest alone is enough." if name == "scope" else "Write two places, with a comma between them."


def _before_on(word: str, at: int) -> Mistake:
    if word in SCOPES or word.partition(":")[0] in ("iface", "net", "netns"):
        return Mistake("on is missing here", at, f"Write on {word}.", "listen")
    if word.lower() == "on":
        return Mistake("on is written in small letters", at, "Write on.", "listen")
    if word.lower() in ("and", "or", "&&", "||", "|", "&", ";", "+"):
        return Mistake(f"places stand with commas between them, not {shown(word)}", at, "Write a comma.", "listen")
    if "/" in word:
        return Mistake("a comma is missing here", at, f"Write it before {word}.", "listen")
    meant = SCOPE_WORDS.get(word.lower()) or nearest(word, SCOPES)
    hint = f"Did you mean on {meant}?" if meant else f"After the ports comes on, with {WHERE}."
    return Mistake(f"{shown(word)} says nothing here", at, hint, "listen")


def _part(word: str, at: int) -> tuple[str, str]:
    """One word after on: which part it is, and its value."""
    if word in SCOPES:
        return "scope", word
    name, colon, value = word.partition(":")
    if colon and name in ("iface", "net", "netns"):
        if not value:
            raise Mistake(
                f"nothing stands after {name}:", at, f"Write {name}:{_sample(name)}, without a space.", "listen"
            )
        if name == "net":
            return name, network(value, at + 4)
        if name == "netns" and value not in NAMESPACES:
            meant = nearest(value, NAMESPACES)
            hint = f"Did you mean netns:{meant}?" if meant else f"It is one of {', '.join(NAMESPACES)}."
            raise Mistake(f"there is no class of network namespaces {shown(value)}", at + 6, hint, "listen")
        return name, value
    raise _no_scope(word, at)


def _sample(name: str) -> str:
    return {"iface": "eth0", "net": "10.0.0.0/8", "netns": "container"}[name]


def _no_scope(word: str, at: int) -> Mistake:
    lower = word.lower()
    name, colon, value = word.partition(":")
    if lower in SCOPES:
        return Mistake(f"scopes are written in small letters: {word}", at, f"Write on {lower}.", "listen")
    if lower in ("and", "or", "&&", "||"):
        return Mistake(f"{shown(word)} has no place here", at, "A comma begins the next place.", "listen")
    if "/" in word and word.partition("/")[0] in (*TRANSPORTS, "any"):
        return Mistake("a comma is missing here", at, f"Write it before {word}.", "listen")
    if lower in SCOPE_WORDS:
        return Mistake(f"{shown(word)} is no scope", at, f"Write on {SCOPE_WORDS[lower]}.", "listen")
    if "/" in word or (word.replace(".", "").isdigit() and word.count(".") == 3):
        return Mistake(f"{shown(word)} is no scope", at, f"Write on net:{word}.", "listen")
    if colon and name in ("if", "dev", "interface", "device"):
        return Mistake(f"there is no {name}: here", at, f"Write iface:{value}.", "listen")
    meant = nearest(word, SCOPES)
    if meant:
        return Mistake(f"{shown(word)} is no scope", at, f"Did you mean {meant}?", "listen")
    if lower.startswith(DEVICES) and any(letter.isdigit() for letter in lower):
        return Mistake(f"{shown(word)} is no scope", at, f"Write on iface:{word}.", "listen")
    return Mistake(f"{shown(word)} is no scope", at, f"It is {WHERE}.", "listen")


def network(text: str, at: int) -> str:
    """A network in CIDR notation as it is written canonically. Raises Mistake."""
    from ipaddress import ip_network  # 6 ms, and only for rules that name networks

    try:
        return str(ip_network(text))
    except ValueError:
        pass
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        raise Mistake(
            f"{shown(text)} is no network", at, "Write one such as 10.0.0.0/8 or fd00::/8.", "network"
        ) from None
    told = f"{shown(text)} is an address inside of a network"
    alone = text.partition("/")[0]
    raise Mistake(told, at, f"Write {meant} for the network, or {alone} for the address alone.", "network")

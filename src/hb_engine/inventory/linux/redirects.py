"""Ways in without a socket: what nf_tables' rules lead elsewhere, and how that is told as openings.

A way in is an opening of the kernel's: its port, how far the rule lets it reach, and in the notes where it leads. The
container behind an address is named where its runtime keeps that. Whether there are rules at all is for firewall to
ask: most namespaces have none, and need nothing of this file.
"""

from __future__ import annotations

import _socket

from hb_engine.inventory.linux.firewall import ABOUT
from hb_engine.inventory.linux.nat_rules import Walk
from hb_engine.model.endpoint import narrower, scope_of, widest
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.record import record
from hb_engine.wire import nfnetlink, nftables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence  # noqa: TC004 -- records keep annotations as text

    from hb_engine.inventory.linux.interfaces import Interfaces
    from hb_engine.inventory.linux.nat_match import Match
    from hb_engine.inventory.linux.nat_rules import Puzzle, Way
    from hb_engine.kernel.netlink import Netlink
    from hb_engine.model.owner import Container
    from hb_engine.wire.nftables import Element, Rule

SINGLE = 16  # ports of a range that become openings one by one
ADDRESSES = 16  # of one opening; more are told as all of their family
NAMED = 8  # targets that are told of one opening
ELEMENTS = 1 << 16  # of one set
EVERY = {"ipv4": "0.0.0.0", "ipv6": "::"}  # noqa: S104 -- nothing is bound here


def ask(kernel: Netlink) -> tuple[tuple[Way, ...], tuple[Gap, ...]]:
    """The ways that nf_tables' rules open in the conversation's namespace, and what was not understood.

    Raises what asking the kernel raises.
    """
    walk = _Asked(kernel).walk()
    return tuple(walk.ways), tuple([_puzzle(one) for one in walk.puzzles])


def _puzzle(one: Puzzle) -> Gap:
    what = f"where rules of nf_tables lead in {one.chain}"
    about = "forward" if one.passing else ABOUT
    return Gap(what, f"hb does not follow {one.what}", f"nft list chain {one.chain} shows them", about)


def _own() -> frozenset[bytes]:
    """The addresses of the calling thread's namespace; none where they cannot be asked, and then no rule is skipped."""
    from hb_engine.inventory.linux import interfaces  # only where there are rules

    try:
        known = interfaces.look().addresses.values()
    except CannotLook:
        return frozenset()
    return frozenset([one for group in known for one in group])


class _Asked:
    """The ruleset, asked for as far as a walk needs it."""

    def __init__(self, kernel: Netlink) -> None:
        self._kernel = kernel
        self._sets: dict[tuple[str, str], dict[str, bool]] = {}
        self._known: dict[tuple[str, str, str], tuple[Sequence[Element], bool]] = {}

    def walk(self) -> Walk:
        """The walk, done. Raises what the kernel says."""
        bodies = self._kernel.messages(nfnetlink.tables_request, nfnetlink.NEWTABLE)
        awake = {(one.family, one.name) for one in map(nftables.table, bodies) if not one.dormant}
        found = map(nftables.chain, self._kernel.messages(nftables.chains_request, nftables.NEWCHAIN))
        chains = [one for one in found if (one.family, one.table) in awake]
        walk = Walk(chains, self._rules, self._elements, _own())
        walk.run()
        return walk

    def _rules(self, family: str, table: str) -> list[Rule]:
        bodies = self._kernel.messages(lambda number: nftables.rules_request(family, table, number), nftables.NEWRULE)
        rules = [nftables.rule(body) for body in bodies]
        return [one for one in rules if (one.family, one.table) == (family, table)]

    def _elements(self, family: str, table: str, name: str) -> tuple[Sequence[Element], bool]:
        key = (family, table, name)
        if key not in self._known:
            bodies = self._kernel.messages(
                lambda number: nftables.elements_request(family, table, name, number), nftables.NEWSETELEM
            )
            found = [one for body in bodies for one in nftables.elements(body)]
            self._known[key] = (found[:ELEMENTS], self._intervals(family, table).get(name, False))
        return self._known[key]

    def _intervals(self, family: str, table: str) -> dict[str, bool]:
        key = (family, table)
        if key not in self._sets:
            bodies = self._kernel.messages(lambda number: nftables.sets_request(family, table, number), nftables.NEWSET)
            self._sets[key] = {one.name: one.interval for one in map(nftables.one_set, bodies)}
        return self._sets[key]


# -- as openings ------------------------------------------------------------------------------------------------------


def _anywhere(device: str) -> tuple[str, str]:
    """A device that nothing is known of reaches as far as any."""
    return device, "public"


@record
class Place:
    """What is known of a namespace: itself, its own addresses (packed), how far a device reaches, and its name."""

    netns: Netns
    own: frozenset[bytes] = frozenset()
    reach: Callable[[str], tuple[str, str]] = _anywhere  # a device's name or #number -> its name and scope


def of(ways: Iterable[Way], netns: Netns, devices: Interfaces | None) -> list[Opening]:
    """The ways of one namespace as openings; without its devices every rule counts as for this machine and everyone."""
    from hb_engine.inventory.linux import containers

    known: dict[str, Container | None] = {}

    def box(address: str) -> Container | None:
        if address not in known:
            known[address] = containers.address_owner(address)
        return known[address]

    return openings(ways, place_of(netns, devices), box)


def place_of(netns: Netns, devices: Interfaces | None) -> Place:
    """What a namespace's devices and addresses say of its rules."""
    if devices is None:
        return Place(netns)
    known, numbers = devices, {name: number for number, name in devices.names.items()}

    def reach(word: str) -> tuple[str, str]:
        number = int(word[1:]) if word.startswith("#") and word[1:].isdigit() else numbers.get(word, 0)
        return known.names.get(number, word), known.scope(number)

    return Place(netns, frozenset([one for group in devices.addresses.values() for one in group]), reach)


def covers(opening: Opening, port: int) -> bool:
    """Whether an opening of a rule is for a port: its own, one of its range, or any."""
    if opening.port is not None or not opening.protocol:
        return opening.port in (port, None)
    low, _, high = opening.protocol.partition("-")
    return int(low) <= port <= int(high)


def openings(ways: Iterable[Way], place: Place, container: Callable[[str], Container | None]) -> list[Opening]:
    """Ways in as openings: one for each transport, port, reach and chain, with all that it leads to in the notes."""
    groups: dict[tuple[object, ...], list[Way]] = {}
    for way in ways:
        for transport in way.match.transports or ("tcp", "udp"):
            for port, span in _spans(way.match.ports):
                groups.setdefault(_group(way, transport, port, span, place), []).append(way)
    return [_opening(key, members, place, container) for key, members in groups.items()]


def _spans(ranges: tuple[tuple[int, int], ...] | None) -> list[tuple[int | None, str]]:
    """Ports one by one where they are few, ranges as text where they are many; any port is neither."""
    if ranges is None:
        return [(None, "")]
    told: list[tuple[int | None, str]] = []
    for low, high in ranges:
        first = max(low, 1)
        if high - first < SINGLE:
            told += [(port, "") for port in range(first, high + 1)]
        else:
            told.append((None, f"{first}-{high}"))
    return told


def _group(way: Way, transport: str, port: int | None, span: str, place: Place) -> tuple[object, ...]:
    """What ways of one opening have in common: what its key is made of, and the device."""
    interface, reach = _device(way.match, place)
    scope = narrower(reach, _scope(way.match, foreign=_is_foreign(way.match, place)))
    return (transport, port, span, scope, interface, way.table, way.chain)


def _device(match: Match, place: Place) -> tuple[str, str]:
    if not match.devices or match.devices[0].endswith("*"):
        return "", "public"
    return place.reach(match.devices[0])


def _is_foreign(match: Match, place: Place) -> bool:
    """Whether it is for other machines' addresses alone, whose traffic passes through here."""
    if not match.addresses or match.local:
        return False
    return not any(_holds(prefix, own) for prefix in match.addresses for own in place.own)


def _holds(prefix: tuple[bytes, int], address: bytes) -> bool:
    packed, bits = prefix
    if len(packed) != len(address):
        return False
    shift = 8 * len(packed) - bits
    return int.from_bytes(packed, "big") >> shift == int.from_bytes(address, "big") >> shift


def _scope(match: Match, *, foreign: bool) -> str:
    if not match.addresses or foreign:
        return "public"
    whole = [packed for packed, bits in match.addresses if bits == 8 * len(packed)]
    return widest([scope_of(packed) for packed in whole]) if len(whole) == len(match.addresses) else "public"


def _opening(
    key: tuple[object, ...], ways: list[Way], place: Place, container: Callable[[str], Container | None]
) -> Opening:
    transport, port, span, scope, interface, table, chain = key
    away = any(way.action == "dnat" and way.address not in place.own for way in ways)
    families = sorted({family for way in ways for family in ([way.match.family] if way.match.family else EVERY)})
    named = dict.fromkeys([text(packed, bits) for way in ways for packed, bits in way.match.addresses or ()])
    addresses = tuple(named) if len(named) <= ADDRESSES else ()
    boxes = [found for way in ways if way.address and (found := container(text(way.address)))]
    old = str(table).startswith(("iptables ", "ip6tables "))
    return Opening(
        kind="forward" if away else "redirect",
        transport=transport,  # type: ignore[arg-type]
        port=port,  # type: ignore[arg-type]
        addresses=addresses or tuple([EVERY[family] for family in families]),
        families=tuple(families),
        scope=scope,  # type: ignore[arg-type]
        netns=place.netns,
        interface=interface,  # type: ignore[arg-type]
        unowned=Unowned("kernel", f"{'' if old else 'nftables '}{table} {chain}"),
        container=boxes[0] if boxes else None,
        notes=_notes(ways, place, container, foreign=all(_is_foreign(way.match, place) for way in ways)),
        protocol=span,  # type: ignore[arg-type]
    )


def _notes(
    ways: list[Way], place: Place, container: Callable[[str], Container | None], *, foreign: bool
) -> tuple[str, ...]:
    leads = sorted({_leads(way, place, container) for way in ways})
    told = leads[:NAMED] + ([f"and {len(leads) - NAMED} more"] if len(leads) > NAMED else [])
    if any(way.match.further for way in ways):
        words = dict.fromkeys([word for way in ways for word in way.match.further])
        told.append(f"only under further conditions of the rule: {', '.join(words)}")
    if foreign:
        told.append("for addresses that are not this machine's, whose traffic passes through it")
    return tuple(told)


def _leads(way: Way, place: Place, container: Callable[[str], Container | None]) -> str:
    """Where a way leads, as a sentence."""
    port = str(way.first) if way.first == way.last else f"{way.first}-{way.last}"
    if not way.address or way.address in place.own:
        where = f" of {text(way.address)}" if way.address else " of this machine"
        goal = f"port {port}{where}" if way.first else f"the same port{where}"
    else:
        shown = text(way.address)
        goal = (f"[{shown}]" if ":" in shown else shown) + (f":{port}" if way.first else ", the same port")
        box = container(shown)
        goal += f", container {box.name or box.id[:12]}" if box else ""
    if way.varies:
        goal = "a target that the rule chooses while it runs"
    return f"leads to {goal}" if way.action != "tproxy" else f"taken by the transparent proxy at {goal}"


def text(packed: bytes, bits: int | None = None) -> str:
    """An address as people write it, with its prefix where that is not all of it."""
    shown = _socket.inet_ntop(_socket.AF_INET if len(packed) == 4 else _socket.AF_INET6, packed)
    return shown if bits in (None, 8 * len(packed)) else f"{shown}/{bits}"

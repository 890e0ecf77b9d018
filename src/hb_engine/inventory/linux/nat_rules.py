"""What a ruleset of nf_tables does with what comes in: which ports it leads elsewhere, under which conditions.

The rules of a chain are played through with registers that hold not values but their origin (the destination port, the
destination address ...), so that a comparison becomes a condition. Conditions on ports, protocols, destinations and
devices are understood; any other is kept as a word, and the way in counts all the same: nothing may look safer than it
is. Order is not played through, save that nothing follows an unconditional end. What is not understood is a Puzzle.

Sources: nft(8); net/netfilter/nft_{payload,meta,cmp,range,lookup,immediate,nat,redir,tproxy,fib,compat}.c.
"""

from __future__ import annotations

from hb_engine.inventory.linux.nat_match import (
    TOP,
    WORDS,
    Match,
    device,
    further,
    narrowed,
    narrowed_ports,
    others,
    transported,
)
from hb_engine.model.record import record, replace
from hb_engine.wire import nftables, xtables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hb_engine.wire.nftables import Chain, Element, Expression, Rule

    Elements = Callable[[str], tuple[Sequence[Element], bool]]  # by a set's name: what it has, whether as intervals
    Range = tuple[int, int]
    Registers = dict[int, "_Loaded"]
    Branches = list[tuple["Match", Registers]]

ACTIONS = ("redir", "nat", "tproxy")
RULES, BRANCHES, DEPTH = 4096, 1024, 16  # that are played through, of one rule, of jumps
OTHERS = 128  # rules for other machines' addresses: a node of a cluster has one for each service of all of it
_META = {1: "protocol", 4: "iif", 6: "iifname", 15: "nfproto", 16: "l4proto"}  # NFT_META_*; 1 is the ethertype
_EQ, _NEQ, _LT, _LTE, _GT, _GTE = range(6)
_NEUTRAL = ("counter", "log", "notrack", "last", "quota", "limit", "dup", "queue", "reject", "masq", "dynset", "objref")
# What loads something that is not looked into, by the attribute that names its register. Chance is no condition.
_LOADERS = {
    "ct": ("ct", 1), "rt": ("other", 1), "exthdr": ("other", 1), "socket": ("other", 1), "osf": ("other", 1),
    "tunnel": ("other", 1), "xfrm": ("other", 1), "byteorder": ("other", 2), "numgen": ("", 1), "hash": ("", 2),
}  # fmt: skip


@record
class Puzzle:
    """Something that was not understood, and where; `passing` is about what only passes through this machine."""

    what: str
    chain: str
    passing: bool = False


@record
class Way:
    """A way in: what goes where. `address` is packed, empty for this machine; ports 0 for the one that was asked.

    `chain` is the base chain, or the first that it jumps to on the way to the rule: programs that write rules name the
    chains further in after what is there now, a pod or an address, and the name of a way in has to last.
    """

    action: str  # redirect, dnat, tproxy
    match: Match
    table: str  # family and name: ip nat
    chain: str
    address: bytes = b""
    first: int = 0
    last: int = 0
    varies: bool = False  # the target is chosen while it runs: by chance, or by something in the packet


class _Loaded:
    """What a register's bytes are: a field of the packet, or known bytes (a constant, or a map's answer)."""

    __slots__ = ("data", "field", "size")

    def __init__(self, field: str, size: int, data: bytes | None = None) -> None:
        self.field, self.size, self.data = field, size, data


class Walk:
    """One walk from the chains that what comes in passes first. `ways` and `puzzles` are what was found."""

    def __init__(
        self,
        chains: Iterable[Chain],
        rules: Callable[[str, str], Sequence[Rule]],
        elements: Callable[[str, str, str], tuple[Sequence[Element], bool]],
        own: frozenset[bytes] = frozenset(),
    ) -> None:
        self._chains = list(chains)
        self._rules, self._elements = rules, elements
        self._by_chain: dict[tuple[str, str], dict[str, list[Rule]]] = {}
        self._own = own
        self._left, self._left_for_others = RULES, OTHERS
        self.ways: list[Way] = []
        self.puzzles: dict[Puzzle, None] = {}

    def run(self) -> None:
        """Play through every base chain at prerouting; of ingress only tell that packets are handed on there.

        Raises what asking the kernel raises.
        """
        for chain in self._chains:
            if chain.hook == nftables.PREROUTING and chain.family in ("ip", "ip6", "inet"):
                family = {"ip": "ipv4", "ip6": "ipv6"}.get(chain.family, "")
                self._walk(chain.family, chain.table, chain.name, Match(family=family), ())
            elif chain.family == "netdev" or (chain.family == "inet" and chain.hook == nftables.INGRESS):
                rules = self._of(chain.family, chain.table).get(chain.name, ())
                if any(b"fwd\0" in rule.raw for rule in rules):
                    where = f"{chain.family} {chain.table} {chain.name}"
                    self._puzzle("what is handed to other devices at ingress (fwd)", where)

    def _walk(self, family: str, table: str, name: str, match: Match, path: tuple[str, ...]) -> None:
        path = (*path, name)
        if len(path) > DEPTH:
            self._puzzle("jumps that go deeper than the kernel lets them", f"{family} {table} {name}")
            return
        for rule in self._of(family, table).get(name, ()):
            if self._left <= 0:
                self._puzzle(f"the rules behind the first {RULES}", f"{family} {table} {name}")
                return
            if not _concerns(rule.raw):
                continue
            if self._own and nftables.for_others(rule.raw, self._own):
                self._left_for_others -= 1
                if self._left_for_others < 0:
                    what = f"the rules for other machines' addresses behind the first {OTHERS}"
                    self.puzzles[Puzzle(what, f"{family} {table} {name}", passing=True)] = None
                    continue
            self._left -= 1
            if self._play(rule, match, path):
                return

    def _of(self, family: str, table: str) -> dict[str, list[Rule]]:
        key = (family, table)
        if key not in self._by_chain:
            grouped: dict[str, list[Rule]] = {}
            for rule in self._rules(family, table):
                grouped.setdefault(rule.chain, []).append(rule)
            self._by_chain[key] = grouped
        return self._by_chain[key]

    def _play(self, rule: Rule, match: Match, path: tuple[str, ...]) -> bool:
        """Play one rule; whether nothing can follow it in its chain."""
        play = _Play(rule, path[:2][-1], lambda name: self._elements(rule.family, rule.table, name))
        play.run(match)
        for what in play.puzzles:
            self._puzzle(what, f"{rule.family} {rule.table} {rule.chain}")
        self.ways += play.ways
        for chain, at in play.jumps:
            self._walk(rule.family, rule.table, chain, at, path)
        return play.ends

    def _puzzle(self, what: str, chain: str) -> None:
        self.puzzles[Puzzle(what, chain)] = None


def _concerns(raw: bytes) -> bool:
    """Whether a rule may lead somewhere at all: most only count, drop or accept."""
    words = (b"redir\0", b"nat\0", b"tproxy\0", b"target\0", b"immediate\0", b"lookup\0", b"objref\0")
    return any(word in raw for word in words)


class _Play:
    """One rule, played through: branches are what a packet may be and what the registers then hold."""

    def __init__(self, rule: Rule, chain: str, elements: Elements) -> None:
        self.rule = rule
        self.chain = chain
        self.elements = elements
        self.ways: list[Way] = []
        self.jumps: list[tuple[str, Match]] = []
        self.puzzles: list[str] = []
        self.ends = False

    def run(self, match: Match) -> None:
        steps = nftables.expressions(self.rule.raw)
        if not _leads(steps):
            return
        branches: Branches = [(match, {})]
        for step in steps:
            told: Branches = []
            for at, registers in branches:
                told += self._step(step, at, registers)
            if len(told) > BRANCHES:
                self.puzzles.append(f"a rule with more than {BRANCHES} cases")
            branches = told[:BRANCHES]
        self.ends = self.ends and any(at == match for at, _ in branches)

    # -- one step ----------------------------------------------------------------------------------------------------

    def _step(self, step: Expression, match: Match, registers: Registers) -> Branches:
        handler = _HANDLERS.get(step.name)
        if handler is not None:
            told: Branches = handler(self, step, match, registers)
            return told
        if step.name in _NEUTRAL:
            return [(match, registers)]
        if step.name in _LOADERS:
            field, target = _LOADERS[step.name]
            return [(match, _put(registers, _place(step.number(target)), _Loaded(field, 4)))]
        return [(further(match, WORDS["other"]), registers)]

    def _immediate(self, step: Expression, match: Match, registers: Registers) -> Branches:
        data = step.values.get(2, b"")
        verdict = nftables.verdict(data)
        if verdict is not None:
            self._verdict(verdict, match)
            return [(match, registers)]
        known = nftables.value(data)
        return [(match, _put(registers, _place(step.number(1)), _Loaded("", len(known), known)))]

    def _verdict(self, verdict: tuple[int, str], match: Match) -> None:
        code, chain = verdict
        if code in (nftables.JUMP, nftables.GOTO):
            self.jumps.append((chain, match))
        self.ends = self.ends or code not in (nftables.JUMP, nftables.CONTINUE, nftables.BREAK)

    def _payload(self, step: Expression, match: Match, registers: Registers) -> Branches:
        if not step.has(1):  # it writes
            return [(match, registers)]
        base, offset, size = step.number(2), step.number(3), step.number(4)
        return [
            (match, _put(registers, _place(step.number(1)), _Loaded(_field(base, offset, size, match.family), size)))
        ]

    def _meta(self, step: Expression, match: Match, registers: Registers) -> Branches:
        if not step.has(1):
            return [(match, registers)]
        field = _META.get(step.number(2), "other")
        size = {"iifname": 16, "l4proto": 1, "nfproto": 1, "protocol": 2}.get(field, 4)
        return [(match, _put(registers, _place(step.number(1)), _Loaded(field, size)))]

    def _fib(self, step: Expression, match: Match, registers: Registers) -> Branches:
        local = step.number(2) == 3 and step.number(3) & 2 and not step.number(3) & 1  # the type of the destination
        return [(match, _put(registers, _place(step.number(1)), _Loaded("type" if local else "other", 4)))]

    def _cmp(self, step: Expression, match: Match, registers: Registers) -> Branches:
        known = nftables.value(step.values.get(3, b""))
        return [
            (one, registers)
            for one in self._compared(match, registers.get(_place(step.number(1))), step.number(2), (known, known))
        ]

    def _range(self, step: Expression, match: Match, registers: Registers) -> Branches:
        span = (nftables.value(step.values.get(3, b"")), nftables.value(step.values.get(4, b"")))
        return [
            (one, registers)
            for one in self._compared(match, registers.get(_place(step.number(1))), step.number(2), span)
        ]

    @staticmethod
    def _compared(match: Match, loaded: _Loaded | None, operator: int, span: tuple[bytes, bytes]) -> list[Match]:
        """A comparison with a value or a range as a condition; [] where no packet can be so."""
        first, last = span
        field = loaded.field if loaded else "other"
        if field == "dport" and len(first) == 2 == len(last):
            low, high = int.from_bytes(first, "big"), int.from_bytes(last, "big")
            ranges = {_EQ: ((low, high),), _NEQ: others(((low, high),)), _LT: ((0, low - 1),), _LTE: ((0, low),),
                      _GT: ((low + 1, TOP),), _GTE: ((low, TOP),)}.get(operator, ())  # fmt: skip
            return narrowed_ports(match, ranges)
        if operator != _EQ or first != last:
            word = (
                f"not through {device(first)}"
                if field == "iifname" and operator == _NEQ
                else WORDS.get(field, WORDS["other"])
            )
            return [further(match, word)]
        return narrowed(match, field, first)

    def _lookup(self, step: Expression, match: Match, registers: Registers) -> Branches:
        """A set or a map: a case for each element, save where the key is nothing that is understood."""
        fields = _fields(registers, _place(step.number(2)))
        inverted, mapped = bool(step.number(5) & 1), step.has(3)
        known = [field.field for field in fields]
        if not mapped and not any(field in ("dport", "daddr", "l4proto", "iifname") for field in known):
            return [(further(match, *[WORDS.get(field, WORDS["other"]) for field in known]), registers)]
        found, interval = self.elements(step.text(1))
        keys = _keys(found, interval)
        if not mapped and known == ["dport"]:
            ranges = tuple([(int.from_bytes(low[:2], "big"), int.from_bytes(high[:2], "big")) for low, high, _ in keys])
            return [(one, registers) for one in narrowed_ports(match, others(ranges) if inverted else ranges)]
        if inverted:
            return [(further(match, WORDS["other"]), registers)]
        told = []
        for low, high, element in keys:
            for one in _keyed(match, fields, low, high):
                if element.verdict is not None:
                    self._verdict(element.verdict, one)
                told.append(
                    (
                        one,
                        _put(registers, _place(step.number(3)), _Loaded("", len(element.data), element.data))
                        if mapped and element.verdict is None
                        else registers,
                    )
                )
        if mapped and any(element.verdict for element in found):
            self.ends = False
            return [(match, registers)]
        return told

    # -- where it leads ----------------------------------------------------------------------------------------------

    def _redir(self, step: Expression, match: Match, registers: Registers) -> Branches:
        self._way("redirect", match, registers, (0, step.number(1), step.number(2) or step.number(1)))
        return [(match, registers)]

    def _nat(self, step: Expression, match: Match, registers: Registers) -> Branches:
        if step.number(1) == 1:  # NFT_NAT_DNAT
            family = {2: "ipv4", 10: "ipv6"}.get(step.number(2), match.family)
            if match.family in ("", family):
                given = (step.number(3), step.number(5), step.number(6) or step.number(5))
                self._way("dnat", replace(match, family=family), registers, given)
        return [(match, registers)]

    def _tproxy(self, step: Expression, match: Match, registers: Registers) -> Branches:
        family = {2: "ipv4", 10: "ipv6"}.get(step.number(1), match.family)
        if match.family in ("", family):
            given = (step.number(2), step.number(3), step.number(3))
            self._way("tproxy", replace(match, family=family), registers, given)
        return [(match, registers)]

    def _way(self, action: str, match: Match, registers: Registers, given: tuple[int, int, int]) -> None:
        """A way in; the registers of address, first and last port are 0 where they are not given."""
        address, first, last = given
        data, varies = _known(registers, address, 16)
        size = 4 if match.family == "ipv4" else 16 if match.family == "ipv6" else len(data)
        if len(data[:size]) not in (0, 4, 16):
            data, varies = b"", True
        low, moves = _known(registers, first, 2)
        high, shifts = _known(registers, last, 2)
        self.ways.append(
            Way(
                action,
                match,
                f"{self.rule.family} {self.rule.table}",
                self.chain,
                data[:size],
                int.from_bytes(low[:2], "big"),
                int.from_bytes(high[:2], "big"),
                varies or moves or shifts,
            )
        )

    # -- iptables-nft ------------------------------------------------------------------------------------------------

    def _match(self, step: Expression, match: Match, registers: Registers) -> Branches:
        name, revision, info = step.text(1), step.number(2), step.values.get(3, b"")
        asked = xtables.ports(name, revision, info)
        if asked:
            transports = (name,) if name in ("tcp", "udp") else None
            narrowed = match if transports is None else transported(match, transports)
            if narrowed is None:
                return []
            return [
                (one, registers)
                for one in narrowed_ports(narrowed, others(asked.ranges) if asked.inverted else asked.ranges)
            ]
        if xtables.only_local(name, revision, info):
            return [(replace(match, local=True), registers)]
        return [(match if name == "comment" else further(match, f"-m {name}"), registers)]

    def _target(self, step: Expression, match: Match, registers: Registers) -> Branches:
        name = step.text(1)
        if name in xtables.TARGETS:
            found = xtables.target(name, step.number(2), step.values.get(3, b""), wide=match.family == "ipv6")
            if found is None:
                self.puzzles.append(f"a target {name} of revision {step.number(2)}")
            else:
                action = {"REDIRECT": "redirect", "DNAT": "dnat"}.get(name, "tproxy")
                table = f"{self.rule.family} {self.rule.table}"
                self.ways.append(Way(action, match, table, self.chain, found.address, found.first, found.last))
        elif name in ("NETMAP", "DNPT", "CLUSTERIP", "SAME"):
            self.puzzles.append(f"a target {name}")
        return [(match, registers)]

    def _bitwise(self, step: Expression, match: Match, registers: Registers) -> Branches:
        """A part of a field: of an address it is a prefix, which _cmp then compares; of anything else, not known."""
        loaded = registers.get(_place(step.number(1)))
        mask = nftables.value(step.values.get(4, b""))
        bits = f"{int.from_bytes(mask, 'big'):b}".rstrip("0")
        prefix = loaded is not None and loaded.field == "daddr" and "0" not in bits
        field = "ct" if loaded is not None and loaded.field == "ct" else "other"
        kept = _Loaded(f"daddr/{len(bits)}" if prefix else field, len(mask))
        return [(match, _put(registers, _place(step.number(2)), kept))]


_HANDLERS = {
    name: getattr(_Play, f"_{name}")
    for name in (
        *("immediate", "payload", "meta", "fib", "cmp", "range", "lookup", "redir", "nat", "tproxy", "match", "target"),
        "bitwise",
    )
}


def _leads(steps: Iterable[Expression]) -> bool:
    """Whether a rule redirects, jumps or chooses a verdict by a map, or ends its chain."""
    return any(
        step.name in (*ACTIONS, "target")
        or (step.name == "immediate" and nftables.verdict(step.values.get(2, b"")) is not None)
        or (step.name == "lookup" and step.has(3))
        for step in steps
    )


def _place(register: int) -> int:
    """Where a register begins, in bytes: 1 to 4 are of 16 bytes, 8 to 23 the same memory in pieces of 4."""
    return (register - 1) * 16 if 1 <= register <= 4 else (register - 8) * 4


def _put(registers: Registers, place: int, loaded: _Loaded) -> Registers:
    kept = {at: one for at, one in registers.items() if not place <= at < place + max(loaded.size, 1)}
    kept[place] = loaded
    return kept


def _known(registers: Registers, register: int, size: int) -> tuple[bytes, bool]:
    """The known bytes from a register on, and whether they are chosen while it runs instead."""
    if not register:
        return b"", False
    place = _place(register)
    for at, loaded in registers.items():
        if loaded.data is not None and at <= place < at + max(len(loaded.data), 1):
            return loaded.data[place - at : place - at + size], False
    return b"", True


def _fields(registers: Registers, place: int) -> list[_Loaded]:
    """The fields that lie side by side from a place on, each padded to four bytes."""
    found = []
    while place in registers:
        found.append(registers[place])
        place += (max(registers[place].size, 1) + 3) & ~3
    return found or [_Loaded("other", 4)]


def _field(base: int, offset: int, size: int, family: str) -> str:
    """The name of a part of a packet: base 1 is the network header, 2 the transport header."""
    if (base, offset, size) == (2, 2, 2):
        return "dport"
    start, whole = (16, 4) if family == "ipv4" else (24, 16)
    if base == 1 and family and offset == start and 0 < size <= whole:
        return "daddr"
    source = 12 if family == "ipv4" else 8
    return "saddr" if base == 1 and family and offset == source else "other"


def _keys(found: Sequence[Element], interval: bool) -> list[tuple[bytes, bytes, Element]]:
    """The elements as ranges of keys, both ends included. Ends of intervals are elements of their own."""
    plain = [one for one in found if not one.flags & (nftables.CATCHALL | nftables.INTERVAL_END)]
    if not interval or any(one.end is not None for one in plain):
        return [(one.key, one.key if one.end is None else one.end, one) for one in plain]
    ends = sorted([one.key for one in found if one.flags & nftables.INTERVAL_END])
    told = []
    for one in plain:
        end = next((key for key in ends if key > one.key), None)
        last = b"\xff" * len(one.key) if end is None else (int.from_bytes(end, "big") - 1).to_bytes(len(end), "big")
        told.append((one.key, last, one))
    return told


def _keyed(match: Match, fields: list[_Loaded], low: bytes, high: bytes) -> list[Match]:
    """A case of a set with a key of one or more fields."""
    cases, at = [match], 0
    for field in fields:
        first, last = low[at : at + field.size], high[at : at + field.size]
        at += (field.size + 3) & ~3
        if not first:
            break
        told: list[Match] = []
        for one in cases:
            if field.field == "dport":
                told += narrowed_ports(one, ((int.from_bytes(first, "big"), int.from_bytes(last, "big")),))
            elif first == last:
                told += narrowed(one, field.field, first)
            else:
                told.append(further(one, WORDS.get(field.field, WORDS["other"])))
        cases = told
    return cases

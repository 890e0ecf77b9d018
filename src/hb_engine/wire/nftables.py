"""nf_tables over netlink: the questions that list tables, chains, rules and sets, and the answers as records.

A rule is a program of small expressions (load the destination port into a register, compare it, redirect); here they
are taken apart and not understood: that is for whoever walks them. Nothing is changed, and nothing is asked by which a
module would be loaded.

Sources: include/uapi/linux/netfilter/{nfnetlink,nf_tables}.h; net/netfilter/nf_tables_api.c.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import Truncated
from hb_engine.model.record import record
from hb_engine.wire import netlink, nfnetlink
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.nfnetlink import HEADER, NFTABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NEWCHAIN, NEWRULE, NEWSET, NEWSETELEM = [NFTABLES | number for number in (3, 6, 9, 12)]
_GETCHAIN, _GETRULE, _GETSET, _GETSETELEM = [NFTABLES | number for number in (4, 7, 10, 13)]
FAMILIES = {1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6"}  # NFPROTO_*
NUMBERS = {name: number for number, name in FAMILIES.items()}
PREROUTING, INGRESS = 0, 5  # NF_INET_PRE_ROUTING, NF_INET_INGRESS
JUMP, GOTO, RETURN, BREAK, CONTINUE = -3, -4, -5, -2, -1  # verdicts; 0 drops and 1 accepts
INTERVAL_END, CATCHALL = 1, 2  # of elements
INTERVAL = 4  # of sets

_DORMANT = 1
_NAME_LIMIT = 256
# A payload expression that loads a whole destination address, as the kernel writes it: base, offset and length.
_DESTINATIONS = tuple(
    [
        b"".join(
            [netlink.attribute(kind, value.to_bytes(4, "big")) for kind, value in ((2, 1), (3, offset), (4, size))]
        )
        for offset, size in ((16, 4), (24, 16))
    ]
)
_LIST_ELEMENT = 1
_BE32, _SIGNED, _ATTRIBUTE = Struct("!I"), Struct("!i"), Struct("=HH")


@record
class Table:
    """A table. A dormant one is there, and its chains are not called."""

    family: str
    name: str
    dormant: bool = False


@record
class Chain:
    """A chain. `hook` is None for one that only jumps lead to; `kind` is filter, nat or route."""

    family: str
    table: str
    name: str
    hook: int | None = None
    kind: str = ""


@record
class Rule:
    """A rule, its expressions as they came: most rules are never looked into."""

    family: str
    table: str
    chain: str
    raw: bytes


@record
class Expression:
    """One step of a rule: its name (payload, cmp, redir ...) and its attributes, not taken apart further."""

    name: str
    values: dict[int, bytes]

    def number(self, kind: int, missing: int = 0) -> int:
        """An attribute of four bytes in network order; `missing` where there is none of that size."""
        data = self.values.get(kind, b"")
        return int(_BE32.unpack(data)[0]) if len(data) == _BE32.size else missing

    def text(self, kind: int) -> str:
        """An attribute that is a name; "" where there is none."""
        return _text(self.values.get(kind, b""))

    def has(self, kind: int) -> bool:
        """Whether there is such an attribute."""
        return kind in self.values


@record
class Set:
    """A set or a map. `interval`: its elements are the ends of ranges."""

    family: str
    table: str
    name: str
    interval: bool = False
    key_size: int = 0


@record
class Element:
    """An element: its key, the last key of its range where it has one, and what a map gives for it."""

    key: bytes
    end: bytes | None = None
    data: bytes = b""
    verdict: tuple[int, str] | None = None  # code, and the chain of a jump
    flags: int = 0


def chains_request(sequence: int = 1) -> bytes:
    """All chains. Needs CAP_NET_ADMIN, as every question here."""
    return _request(_GETCHAIN, 0, {}, sequence)


def rules_request(family: str, table: str, sequence: int = 1) -> bytes:
    """The rules of a table."""
    return _request(_GETRULE, NUMBERS[family], {1: table}, sequence)


def sets_request(family: str, table: str, sequence: int = 1) -> bytes:
    """The sets and maps of a table, without their elements."""
    return _request(_GETSET, NUMBERS[family], {1: table}, sequence)


def elements_request(family: str, table: str, name: str, sequence: int = 1) -> bytes:
    """The elements of a set."""
    return _request(_GETSETELEM, NUMBERS[family], {1: table, 2: name}, sequence)


def table(body: Cursor) -> Table:
    """One NFT_MSG_NEWTABLE. Raises Truncated."""
    family, found = _message(body)
    return Table(family, _text(found.get(1, b"")), bool(_number(found.get(2, b"")) & _DORMANT))


def chain(body: Cursor) -> Chain:
    """One NFT_MSG_NEWCHAIN. Raises Truncated."""
    family, found = _message(body)
    hook = _nested(found[4]).get(1) if 4 in found else None
    number = _number(hook) if hook is not None else None
    return Chain(family, _text(found.get(1, b"")), _text(found.get(3, b"")), number, _text(found.get(7, b"")))


def rule(body: Cursor) -> Rule:
    """One NFT_MSG_NEWRULE. Raises Truncated."""
    family, found = _message(body)
    return Rule(family, _text(found.get(1, b"")), _text(found.get(2, b"")), found.get(4, b""))


def expressions(raw: bytes) -> list[Expression]:
    """The expressions of a rule, in their order. Raises Truncated."""
    told = []
    for kind, payload in netlink.attributes(Cursor(raw)):
        if kind == _LIST_ELEMENT:
            found = {number: part for number, part in netlink.attributes(payload)}  # noqa: C416 -- cursors, not pairs
            name = found[1].text(_NAME_LIMIT) if 1 in found else ""
            told.append(Expression(name, _values(found[2]) if 2 in found else {}))
    return told


def for_others(raw: bytes, own: frozenset[bytes]) -> bool:
    """Whether a rule is plainly for one address that is not ours: told by its bytes, since there may be thousands."""
    if not any(one in raw for one in _DESTINATIONS) or b"bitwise\0" in raw or b"lookup\0" in raw:
        return False
    at = raw.find(b"cmp\0")
    while at >= 0:
        if raw[at + 20 : at + 24] != b"\0\0\0\0":  # behind the name, a header and the register: the operator, if not EQ
            return False
        at = raw.find(b"cmp\0", at + 4)
    return not any(address in raw for address in own)


def one_set(body: Cursor) -> Set:
    """One NFT_MSG_NEWSET. Raises Truncated."""
    family, found = _message(body)
    interval = bool(_number(found.get(3, b"")) & INTERVAL)
    return Set(family, _text(found.get(1, b"")), _text(found.get(2, b"")), interval, _number(found.get(5, b"")))


def elements(body: Cursor) -> Iterator[Element]:
    """The elements in one NFT_MSG_NEWSETELEM. Raises Truncated."""
    _, found = _message(body)
    for kind, payload in netlink.attributes(Cursor(found.get(3, b""))):
        if kind == _LIST_ELEMENT:
            values = _values(payload)
            end = value(values[10]) if 10 in values else None
            data = values.get(2, b"")
            yield Element(value(values.get(1, b"")), end, value(data), verdict(data), _number(values.get(3, b"")))


def value(data: bytes) -> bytes:
    """The bytes in a struct of NFTA_DATA; empty where it holds a verdict. Raises Truncated."""
    return _nested(data).get(1, b"")


def verdict(data: bytes) -> tuple[int, str] | None:
    """The verdict in a struct of NFTA_DATA, and the chain that it jumps to; None for a value. Raises Truncated."""
    found = _nested(data).get(2)
    if found is None:
        return None
    parts = _nested(found)
    code = parts.get(1, b"")
    return (int(_SIGNED.unpack(code)[0]) if len(code) == _SIGNED.size else CONTINUE), _text(parts.get(2, b""))


def _request(kind: int, family: int, names: dict[int, str], sequence: int) -> bytes:
    texts = [
        netlink.attribute(number, name.encode("utf-8", "surrogateescape") + b"\0") for number, name in names.items()
    ]
    return nfnetlink.request(kind, family, b"".join(texts), sequence)


def _message(body: Cursor) -> tuple[str, dict[int, bytes]]:
    family = body.unpack(HEADER)[0]
    return FAMILIES.get(family, str(family)), _values(body)


def _values(body: Cursor) -> dict[int, bytes]:
    return _nested(body.take(body.left))


def _nested(data: bytes) -> dict[int, bytes]:
    """Attributes by their number. A table may have 10,000 rules, so this goes without a cursor."""
    found, at, end = {}, 0, len(data)
    while end - at >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if not _ATTRIBUTE.size <= length <= end - at:
            raise Truncated(f"a netlink attribute says that it is {length} bytes long, {end - at} are left")
        found[kind & netlink.TYPE_MASK] = data[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3
    return found


def _number(data: bytes) -> int:
    return int(_BE32.unpack(data)[0]) if len(data) == _BE32.size else 0


def _text(data: bytes) -> str:
    return data[:_NAME_LIMIT].split(b"\0", 1)[0].decode("utf-8", "surrogateescape")

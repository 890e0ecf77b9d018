"""nftables: a table of its own that lets in what rules allow and refuses what they forbid (nft(8)).

The table is inet hb_baseline, so that it stands beside whatever is loaded, and loading it again replaces it. Answers
to this machine's own connections come first; then what is forbidden, loopback, ICMP, what is allowed; what is left of
TCP, UDP, SCTP and DCCP is counted, or with `closed` refused. Other protocols (IGMP, ESP, GRE, routing) pass, since a
baseline says nothing of them. `accept` here ends this table only: another table may still refuse.

A scope is a claim about addresses, so it becomes the address that a packet is sent to. Ports of containers are
forwarded and never come through here: rules for other network namespaces are left to a comment.
"""

from __future__ import annotations

from hb_engine.faces.export import generating as kit
from hb_engine.faces.export.formats import Format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.app.ruling.generate import Order
    from hb_engine.faces.export.generating import Sources
    from hb_engine.model.baseline import Listen, Rule

FORMAT = Format("nftables", "a table inet hb_baseline for nft -f", ".nft")
FILE = "hb-baseline.nft"
PROTOCOLS = ("tcp", "udp", "udplite", "sctp", "dccp")
ALL = "{ " + ", ".join(PROTOCOLS) + " }"
IFNAMSIZ = 15  # letters of an interface's name
SETS = ("link", "private")


def write(order: Order) -> tuple[tuple[str, str], ...]:
    """One file."""
    return ((FILE, "\n".join(_lines(order)) + "\n"),)


def _lines(order: Order) -> Iterator[str]:
    yield from kit.head(order, "nftables rules", f"nft -c -f {FILE} && nft -f {FILE}")
    if order.closed:
        yield kit.remark("It refuses what no rule allows: keep another way in open until you have tried it.")
    yield ""
    yield "table inet hb_baseline"  # so that the next line has something to delete
    yield "delete table inet hb_baseline"
    yield ""
    yield "table inet hb_baseline {"
    yield from _sets()
    yield "\tchain forbidden {"
    yield '\t\tlimit rate 6/minute burst 10 packets log prefix "hb forbidden: "'
    yield "\t\tcounter drop"
    yield "\t}"
    yield ""
    if order.closed:
        yield "\tchain closed {"
        yield '\t\tlimit rate 6/minute burst 10 packets log prefix "hb closed: "'
        yield "\t\tcounter drop"
        yield "\t}"
        yield ""
    yield "\tchain input {"
    yield "\t\ttype filter hook input priority filter; policy accept;"
    yield ""
    yield "\t\tct state established,related accept"
    for rule in order.forbidden:
        yield from _rule(order, rule)
    yield ""
    yield '\t\tiif "lo" accept'
    yield "\t\tmeta l4proto { icmp, ipv6-icmp } accept"
    for rule in order.allowed:
        yield from _rule(order, rule)
    yield ""
    yield "\t\t# what no rule is about"
    verdict = "jump closed" if order.closed else "counter accept"
    yield f'\t\tmeta l4proto {ALL} {verdict} comment "no rule"'
    yield "\t}"
    yield "}"


def _sets() -> Iterator[str]:
    """Addresses that reach no further than a scope."""
    for scope in SETS:
        for family in (4, 6):
            yield f"\tset {scope}{family} {{"
            yield f"\t\ttype ipv{family}_addr; flags interval; auto-merge"
            yield f"\t\telements = {{ {', '.join(kit.networks(scope, family))} }}"
            yield "\t}"
    yield ""


def _rule(order: Order, rule: Rule) -> Iterator[str]:
    yield ""
    forbids = rule.kind == "forbid"
    unfit = kit.unfit(order, rule) if forbids else []
    for line in [*kit.about(order, rule), *(unfit or kit.unsaid(rule, "by", "speaks"))]:
        yield f"\t\t{line}"
    if unfit:
        return
    end = f'{"counter jump forbidden" if forbids else "counter accept"} comment "{kit.slug(kit.name(rule))}"'
    came = kit.sources(rule)
    if came.unknown:
        yield "\t\t" + kit.remark(f"  not said here: from {', '.join(came.unknown)}; write its address as net:")
    written: dict[str, None] = {}
    for listen in rule.listen:
        problem = _unsayable(listen)
        if problem:
            yield "\t\t" + kit.remark(f"  not said here: {kit.place(listen)}: {problem}")
            continue
        if listen.place == "ephemeral":
            yield "\t\t" + kit.remark("  any program's ports of the range that the kernel chooses from")
        protocol = _protocol(order, listen)
        found = _places(listen, came, forbids=forbids)
        if not found and not forbids and listen.scope == "loopback":
            yield "\t\t" + kit.remark("  loopback is let in above")
        written |= dict.fromkeys([" ".join([part for part in (where, protocol, end) if part]) for where in found])
    yield from [f"\t\t{line}" for line in written]


def _unsayable(listen: Listen) -> str:
    """Why a place cannot be told to nft, or ""."""
    if listen.netns not in ("host", "any"):
        return f"ports of network namespaces of the class {listen.netns} are forwarded, and do not come through here"
    if listen.transport not in (*PROTOCOLS, "any"):
        return f"{listen.transport} has no ports that nftables could match"
    if listen.interface and not _interface(listen.interface):
        return f"nft cannot match interfaces like {listen.interface}"
    if kit.span(listen, None) is None:
        return "there is no such port"
    return ""


def _interface(pattern: str) -> str:
    """A name, or the beginning of one and a *, in quotes for nft; "" for what nft cannot match."""
    bare = pattern.removesuffix("*")
    fits = 0 < len(bare) <= IFNAMSIZ and all(letter in kit.PLAIN or letter in ":@" for letter in bare)
    return f'"{pattern}"' if fits else ""


def _protocol(order: Order, listen: Listen) -> str:
    """tcp dport 443; meta l4proto tcp; meta l4proto { tcp, udp ... } th dport 53."""
    which = f"meta l4proto {ALL}" if listen.transport == "any" else f"meta l4proto {listen.transport}"
    span = kit.span(listen, order.host)
    if listen.place == "any" or span is None:
        return which
    ports = str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"
    return f"{which} th dport {ports}" if listen.transport == "any" else f"{listen.transport} dport {ports}"


def _places(listen: Listen, came: Sources, *, forbids: bool) -> list[str]:
    """Conditions on interface and addresses, one for each line that is needed; none where no packet fits."""
    first = [f"iifname {_interface(listen.interface)}"] if listen.interface else []
    narrow = kit.forbidden_from(listen) if forbids else listen.scope
    if not forbids and narrow == "loopback":
        return []
    if forbids and narrow != "loopback" and not listen.interface:
        first.append('iif != "lo"')
    own = kit.by_family(listen.networks)
    lines = []
    if not forbids and narrow == "link":  # a socket of one link hears what is sent to all on it, such as DHCP
        lines.append(" ".join([*first, "meta pkttype { broadcast, multicast }"]))
    for family in (4, 6):
        conditions = _of_family(family, _reach(narrow, family, forbids=forbids), own, came)
        if conditions is not None:
            lines.append(" ".join([*first, *conditions]))
    whole = " ".join(first)
    return [whole] if lines == [whole, whole] else list(dict.fromkeys(lines))


def _reach(scope: str, family: int, *, forbids: bool) -> str:
    """The addresses that a place may be reached at, or is forbidden at; "" where that is all of them."""
    ip = "ip" if family == 4 else "ip6"
    if not forbids:
        return f"{ip} daddr @{scope}{family}" if scope in SETS else ""
    free = {"private": "link", "public": "private"}.get(scope)
    return f"{ip} daddr != @{free}{family}" if free else ""


def _of_family(family: int, reach: str, own: tuple[tuple[str, ...], ...], came: Sources) -> list[str] | None:
    """The conditions of one family; None where the rule is not about it."""
    ip, conditions = ("ip", [reach]) if family == 4 else ("ip6", [reach])
    nets = own[0 if family == 4 else 1]
    if own[0] or own[1]:
        if not nets:
            return None
        conditions.append(f"{ip} daddr {{ {', '.join(nets)} }}")
    if not came.anywhere:
        if not came.of(family):
            return None
        conditions.append(f"{ip} saddr {{ {', '.join(came.of(family))} }}")
    return [part for part in conditions if part]

"""What generators have in common: the order, comments that stay comments, spans of ports, scopes as networks.

Every text of a rule is a stranger's here: it stands in comments alone, escaped to one visible line, or becomes a plain
name of few letters. It refuses to interpret a rule beyond its words: what a program cannot be told is listed by
`unsaid`, and what it must not be told, since half of the rule would be lost, by `unfit`.
"""

from __future__ import annotations

from hb_engine.faces.text import escape, joined
from hb_engine.model.baseline import All, AnyOf, Is
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.app.ruling.generate import Order
    from hb_engine.model.baseline import Condition, Listen, Rule
    from hb_engine.model.inventory import Host

    Span = tuple[int, int]

PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
LAST = 65535
EPHEMERAL = (32768, 60999)  # ip_local_port_range of Linux where nobody set another
SCOPES_OF_FORBIDDEN = "loopback"  # from where on a place is forbidden where no scope is written
# RFC 1122, 1918, 2365, 3927, 5771, 6598: as model/endpoint.py judges addresses. Each has what is narrower in it.
IPV4 = {
    "loopback": ("127.0.0.0/8",),
    "link": ("169.254.0.0/16", "224.0.0.0/24"),
    "private": ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "239.0.0.0/8"),
}
# RFC 4193, 4291, 7346; multicast of the flags that are in use (well-known, and transient: 0 and 1, RFC 3306: 3).
IPV6 = {
    "loopback": ("::1", *[f"ff{flag}1::/16" for flag in "013"]),
    "link": ("fe80::/10", *[f"ff{flag}2::/16" for flag in "013"]),
    "private": ("fc00::/7", "fec0::/10", *[f"ff{flag}{scope}::/16" for flag in "013" for scope in "345678"]),
}

LONGEST = 1000  # characters of a comment, of which none takes more than four bytes


def remark(text: str, mark: str = "#") -> str:
    """A comment of one line, whatever the text holds, without its line end; never ending in a backslash.

    It is cut to LONGEST: Suricata reads 8,191 bytes of a line, and takes what follows them for a line of its own.
    """
    shown = f"{mark} {escape(text)}".rstrip()
    shown = shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."
    return f"{shown} ." if shown.endswith("\\") else shown


def head(order: Order, what: str, how: str, mark: str = "#") -> list[str]:
    """The comments that a generated file begins with."""
    about = order.host.name if order.host is not None else ""
    roles = f"role {joined(order.roles)}" if order.roles else ""
    told = ", ".join([part for part in (about, roles) if part]) or "every machine"
    lines = [
        f"{what} for {told}, made by hb-engine {order.version} from {order.baseline or 'a baseline'}.",
        "hb never applies it. Read it, try it, then apply it yourself:",
        f"    {how}",
    ]
    ended = [rule for rule in order.rules if order.ended(rule)]
    lines += [f"Left out, for its time is over: {name(rule)} ({rule.where.text})." for rule in ended]
    return [remark(line, mark) for line in lines]


def name(rule: Rule) -> str:
    """What people call a rule: its id, or where it stands."""
    return rule.id or rule.where.text


def slug(text: str, most: int = 60) -> str:
    """A name of letters, digits, dots, - and _ alone, never empty."""
    return "".join([letter if letter in PLAIN else "_" for letter in text])[:most] or "rule"


def about(order: Order, rule: Rule, mark: str = "#") -> list[str]:
    """The comments that stand before a rule's lines: which it is, and what the lines cannot say."""
    owner = f", owner {rule.owner}" if rule.owner else ""
    places = ", ".join([listen.text or place(listen) for listen in rule.listen])
    lines = [f"{rule.kind} {name(rule)} ({rule.where.text}{owner}): {places}"]
    lines += [f"  why: {rule.why}"] if rule.why else []
    windows = _windows(order, rule)
    if windows:
        lines.append(f"  not said here: it holds only in the window {joined(windows)}")
    return [remark(line, mark) for line in lines]


def _windows(order: Order, rule: Rule) -> list[str]:
    return [window for id_, window in order.windows if id_ and id_ == rule.id]


def unfit(order: Order, rule: Rule) -> list[str]:
    """Why a rule that forbids must not be enforced by its ports alone, as comments: it would hit others too."""
    told = []
    if rule.by is not None:
        told.append(f"it forbids {rule.by_text or 'some'} alone, and others may hold the port")
    if rule.speaks is not None:
        told.append(f"it forbids {rule.speaks.text or ' '.join(rule.speaks.names)} alone, and others may speak there")
    if _windows(order, rule):
        told.append("it forbids at some times alone")
    return [remark(f"  left to you: {text}") for text in told]


def unsaid(rule: Rule, *parts: str, mark: str = "#") -> list[str]:
    """Comments for what a rule says and a program cannot be told: of by, speaks, pin, from."""
    told = []
    if "by" in parts and rule.by is not None:
        told.append(f"who may hold it: {rule.by_text or 'by'}")
    if "speaks" in parts and rule.speaks is not None:
        told.append(f"what must speak: {rule.speaks.text or ' '.join(rule.speaks.names)}")
    if "from" in parts and rule.sources and "any" not in rule.sources:
        told.append(f"from where: {', '.join(rule.sources)}")
    return [remark(f"  not said here: {text}", mark) for text in told]


def place(listen: Listen) -> str:
    """tcp/443, as rules have it."""
    if listen.place != "ports":
        return f"{listen.transport}/{listen.place}"
    return f"{listen.transport}/{listen.first}" + (f"-{listen.last}" if listen.last != listen.first else "")


def span(listen: Listen, host: Host | None) -> Span | None:
    """The ports of a place; for ephemeral, those that the kernel chooses from; None for a place without ports."""
    if listen.place == "any":
        return 0, LAST
    if listen.place == "ephemeral":
        chosen = (host.local_ports if host is not None else None) or EPHEMERAL
        return chosen if 0 <= chosen[0] <= chosen[1] <= LAST else EPHEMERAL
    return (listen.first, listen.last) if 0 <= listen.first <= listen.last <= LAST else None


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Spans of ports less others, merged and sorted."""
    left = merged(spans)
    for first, last in taken:
        kept: list[Span] = []
        for low, high in left:
            kept += [part for part in ((low, min(high, first - 1)), (max(low, last + 1), high)) if part[0] <= part[1]]
        left = kept
    return left


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def forbidden_from(listen: Listen) -> str:
    """From which scope on a place of a rule that forbids is meant: everywhere, where none is written."""
    said = listen.scope != "public" or "public" in listen.text.split()
    return listen.scope if said else SCOPES_OF_FORBIDDEN


def networks(scope: str, family: int) -> tuple[str, ...]:
    """The networks of a scope and of those narrower; none for public, which is everything."""
    table = IPV4 if family == 4 else IPV6
    return tuple([net for each in SCOPES[: SCOPES.index(scope) + 1] for net in table.get(each, ())])


@record
class Sources:
    """Where clients may come from: networks by family; `unknown` are names that only a person can make addresses of."""

    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    anywhere: bool = False

    def of(self, family: int) -> tuple[str, ...]:
        """The networks of one family."""
        return self.ipv4 if family == 4 else self.ipv6


def sources(rule: Rule) -> Sources:
    """A rule's `from`, read strictly: what is no network and no address is unknown. Forbidden is forbidden to all."""
    if not rule.sources or "any" in rule.sources or rule.kind == "forbid":
        return Sources(anywhere=True)
    found = [(parsed(text.partition(":")[2]), text) for text in rule.sources]
    return Sources(
        tuple([net for net, _ in found if net and ":" not in net]),
        tuple([net for net, _ in found if net and ":" in net]),
        tuple([text for net, text in found if not net]),
    )


def parsed(text: str) -> str:
    """A network or address as it is written canonically; "" for any other text, and for addresses with a zone."""
    from ipaddress import ip_network  # 6 ms, and only where rules are generated

    try:
        net = ip_network(text, strict=False)
    except ValueError:
        return ""
    written = str(net)
    if "%" in written:
        return ""
    return written.removesuffix("/32") if net.version == 4 else written.removesuffix("/128")


def by_family(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Networks and addresses, IPv4 and IPv6 apart; other texts are left out."""
    found = [net for net in map(parsed, texts) if net]
    return tuple([net for net in found if ":" not in net]), tuple([net for net in found if ":" in net])


def units(condition: Condition | None) -> Iterator[str]:
    """The units by which a rule knows an owner, where a unit is enough or is asked for among other things."""
    if isinstance(condition, Is) and condition.field == "unit":
        yield condition.pattern if "." in condition.pattern else f"{condition.pattern}.service"
    elif isinstance(condition, (AnyOf, All)):
        for part in condition.parts:
            yield from units(part)

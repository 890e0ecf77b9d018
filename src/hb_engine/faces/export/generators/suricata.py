"""Suricata: alerts for ports that should be quiet (Suricata 6 and 7, rules format).

A SYN to a forbidden TCP port, a datagram to a forbidden UDP port, one alert a source and hour; with `closed` the same
for every port that no rule allows; and for an allowed port, sources that its rule does not name. The machine's own
addresses stand in the rules where they are known, else $HOME_NET. A sid is made of what the rule is about, in the
range for local use (1000000 to 1999999), and stays while that stays. Messages have plain letters alone.
"""

from __future__ import annotations

from hb_engine.faces.export import generating as kit
from hb_engine.faces.export.formats import Format
from hb_engine.model.endpoint import SCOPES, scope_of
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.app.ruling.generate import Order
    from hb_engine.faces.export.generating import Span
    from hb_engine.model.baseline import Listen, Rule

FORMAT = Format("suricata", "alerts for ports that should be quiet", ".rules")
FILE = "hb-baseline.rules"
FIRST_SID, SIDS = 1_000_000, 1_000_000
HOME = "$HOME_NET"
TRANSPORTS = ("tcp", "udp", "sctp")
FLAGS = {"tcp": "flow:to_server; flags:S,12; "}
MESSAGE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-/,()")


@record
class Alert:
    """A rule up to its sid, and what it is about: that alone makes the sid."""

    about: str
    text: str


# Suricata takes 1,023 bytes of ports or addresses in one rule: spans of 12, networks of 44 characters.
MOST_SPANS = 80
MOST_NETS = 20


def write(order: Order) -> tuple[tuple[str, str], ...]:
    """One file."""
    return ((FILE, "\n".join(_numbered(_lines(order))) + "\n"),)


def _numbered(lines: Iterator[str | Alert]) -> Iterator[str]:
    """Lines with their sids; two that fall on one number are told apart by their order."""
    from hashlib import sha256  # heavy, and only for this format

    taken: set[int] = set()
    for line in lines:
        if isinstance(line, str):
            yield line
            continue
        digest = sha256(line.about.encode("utf-8", "backslashreplace")).digest()
        number = int.from_bytes(digest[:8], "big") % SIDS
        while number in taken:
            number = (number + 1) % SIDS
        taken.add(number)
        yield f"{line.text}sid:{FIRST_SID + number}; rev:1;)"


def _lines(order: Order) -> Iterator[str | Alert]:
    yield from kit.head(order, "Suricata rules", f"suricata -T -S {FILE}")
    for rule in order.forbidden:
        unfit = kit.unfit(order, rule)
        yield ""
        yield from [*kit.about(order, rule), *unfit]
        for listen in rule.listen if not unfit else ():
            yield from _forbidden(order, rule, listen)
    for rule in order.allowed:
        lines = list(_other_sources(order, rule))
        if lines:
            yield ""
            yield from [*kit.about(order, rule), *kit.unsaid(rule, "by", "speaks")]
            yield from lines
    if order.closed:
        yield ""
        yield "# what no rule allows"
        for transport in ("tcp", "udp"):
            yield from _closed(order, transport)


def _forbidden(order: Order, rule: Rule, listen: Listen) -> Iterator[str | Alert]:
    problem = _unsayable(listen)
    to = homes(order, kit.forbidden_from(listen))
    if problem or not to:
        yield kit.remark(
            f"  not said here: {kit.place(listen)}: {problem or 'no address of the machine reaches so far'}"
        )
        return
    for transport in (listen.transport,) if listen.transport != "any" else ("tcp", "udp"):
        span = kit.span(listen, order.host)
        if span is not None:
            yield _alert(transport, "any", to, ports([span]), what=f"forbidden port {kit.place(listen)}", rule=rule)


def _other_sources(order: Order, rule: Rule) -> Iterator[str | Alert]:
    """Alerts for sources that an allowed port is not meant for, unless another rule lets everyone in."""
    if kit.sources(rule).anywhere:
        return
    for listen in rule.listen:
        if listen.scope == "loopback":
            continue
        all_ = [rule, *[other for other in order.allowed if other is not rule and _overlap(order, other, listen)]]
        to = homes(order, "link")
        problem = _unsayable(listen) or _unbounded(all_) or ("" if to else "no address of the machine is known")
        if problem:
            yield kit.remark(f"  not said here: {kit.place(listen)}: {problem}")
            continue
        nets = dict.fromkeys([net for one in all_ for net in (*kit.sources(one).ipv4, *kit.sources(one).ipv6)])
        if len(nets) > MOST_NETS:
            yield kit.remark(f"  not said here: {kit.place(listen)}: {len(nets)} sources are too many for one rule")
            continue
        source = f"![{','.join(nets)}]"
        for transport in (listen.transport,) if listen.transport != "any" else ("tcp", "udp"):
            span = kit.span(listen, order.host)
            if span is not None:
                what = f"other source to {kit.place(listen)}"
                yield _alert(transport, source, to, ports([span]), what=what, rule=rule)


def _unbounded(rules: list[Rule]) -> str:
    """Why the sources that rules let in cannot be listed, or ""."""
    for rule in rules:
        came = kit.sources(rule)
        if came.anywhere:
            return f"{kit.name(rule)} lets others in"
        if came.unknown:
            return f"from {', '.join(came.unknown)}; write its address as net:"
    return ""


def _overlap(order: Order, other: Rule, listen: Listen) -> bool:
    mine = kit.span(listen, order.host)
    for each in other.listen:
        theirs = kit.span(each, order.host)
        same = listen.transport == each.transport or "any" in (listen.transport, each.transport)
        if mine and theirs and same and each.netns in ("host", "any") and mine[0] <= theirs[1] and theirs[0] <= mine[1]:
            return True
    return False


def _closed(order: Order, transport: str) -> Iterator[str | Alert]:
    spans: list[Span] = []
    for rule in (*order.allowed, *order.forbidden):  # what is forbidden has alerts of its own
        for listen in rule.listen:
            span = kit.span(listen, order.host)
            here = listen.netns in ("host", "any") and (rule.kind == "forbid" or listen.scope != "loopback")
            if span is not None and listen.transport in (transport, "any") and here:
                spans.append(span)
    quiet = kit.without([(0, kit.LAST)], spans)
    to = homes(order, "link")
    if not quiet or not to:
        yield kit.remark(
            f"  {transport}: rules allow every port" if not quiet else "  no address of the machine is known"
        )
        return
    for first in range(0, len(quiet), MOST_SPANS):
        some = ports(quiet[first : first + MOST_SPANS])
        yield _alert(transport, "any", to, some, what=f"closed {transport} port", rule=None)


def _unsayable(listen: Listen) -> str:
    if listen.netns not in ("host", "any"):
        return f"network namespaces of the class {listen.netns} have addresses of their own"
    if listen.transport not in (*TRANSPORTS, "any"):
        return f"Suricata has no rules for {listen.transport} ports"
    return "" if kit.span(listen, None) is not None else "there is no such port"


def homes(order: Order, scope: str) -> str:
    """Where the machine is, as far as a scope and wider ones go: [10.0.0.5,fd00::5], $HOME_NET; "" for nowhere."""
    addresses = order.host.addresses if order.host is not None else ()
    if not addresses:
        return HOME
    from socket import AF_INET, AF_INET6, inet_pton  # heavy, and only for this format

    found = []
    for text in addresses:
        net = kit.parsed(text.partition("%")[0])
        if net and "/" not in net:
            reach = scope_of(inet_pton(AF_INET6 if ":" in net else AF_INET, net))
            if SCOPES.index(reach) >= SCOPES.index("link" if scope == "loopback" else scope):
                found.append(net)
    return HOME if len(found) > MOST_NETS else f"[{','.join(found)}]" if found else ""


def ports(spans: list[Span]) -> str:
    """Ports as rules have them: 23, 512:514, [0:21,23]; any for all."""
    if spans == [(0, kit.LAST)]:
        return "any"
    words = [str(first) if first == last else f"{first}:{last}" for first, last in spans]
    return words[0] if len(words) == 1 else f"[{','.join(words)}]"


def _alert(transport: str, source: str, to: str, port: str, *, what: str, rule: Rule | None) -> Alert:
    """A rule. A message has no quote, semicolon, colon or backslash, which would be syntax there."""
    named = f" ({kit.slug(kit.name(rule))})" if rule is not None else ""
    message = "".join([letter if letter in MESSAGE else "_" for letter in f"hb {what}{named}"])
    meta = f"metadata:hb_rule {kit.slug(kit.name(rule))}; " if rule is not None else ""
    limit = "threshold:type limit, track by_src, seconds 3600, count 1; "
    return Alert(
        "\0".join([transport, what, kit.name(rule) if rule is not None else ""]),
        f'alert {transport} {source} any -> {to} {port} (msg:"{message}"; {FLAGS.get(transport, "")}{limit}'
        f"classtype:policy-violation; {meta}",
    )

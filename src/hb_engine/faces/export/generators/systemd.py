"""systemd: drop-ins that let a unit bind the ports that its rules name, and no other (systemd.resource-control(5)).

SocketBindAllow= is looked at first, and whatever it allows is allowed, so a forbidden port is cut out of what is
allowed rather than denied beside it. The kernel is asked at bind(2): addresses, and with them scopes, cannot be told
apart there, a port of the kernel's choice is port 0 and no port at all, and a socket that systemd opened for the unit
was bound before. A unit's drop-in has its own rules and those that are for any owner.
"""

from __future__ import annotations

from hb_engine.faces.export import generating as kit
from hb_engine.faces.export.formats import Format
from hb_engine.model.baseline import Is

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.app.ruling.generate import Order
    from hb_engine.faces.export.generating import Span
    from hb_engine.model.baseline import Rule

FORMAT = Format("systemd", "drop-ins with SocketBindAllow= and SocketBindDeny=", ".conf")
FILE = "50-hb-baseline.conf"
MOST = 128  # assignments that systemd takes
NAMES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@")  # systemd.unit(5)
SECTIONS = {"service": "Service", "socket": "Socket", "slice": "Slice"}  # what a drop-in can be written for in advance


def write(order: Order) -> tuple[tuple[str, str], ...]:
    """A file for each unit that rules name: nginx.service.d/50-hb-baseline.conf. None where they name no unit."""
    named: dict[str, list[Rule]] = {}
    for rule in order.allowed:
        for unit in dict.fromkeys(kit.units(rule.by)):
            named.setdefault(unit, []).append(rule)
    anyone = [rule for rule in order.allowed if rule.by is None]
    found = [(folder, unit, rules) for unit, rules in named.items() if (folder := folder_of(unit))]
    left = [unit for unit in named if not folder_of(unit)]
    files = []
    for folder, unit, rules in found:
        files.append((f"{folder}/{FILE}", "\n".join(_lines(order, unit, [*rules, *anyone], left)) + "\n"))
    return tuple(files)


def folder_of(unit: str) -> str:
    """The folder of a unit's drop-ins; "" for a name that is none, or a pattern. name@*.service is its template."""
    stem, _, kind = unit.rpartition(".")
    if stem.endswith("@*"):
        stem = stem[:-1]
    fits = 0 < len(stem) < 240 and all(letter in NAMES for letter in stem) and not stem.startswith(".")
    return f"{stem}.{kind}.d" if kind in SECTIONS and fits else ""


def _lines(order: Order, unit: str, rules: list[Rule], left: list[str]) -> Iterator[str]:
    where = f"/etc/systemd/system/{folder_of(unit)}/"
    yield from kit.head(order, f"Ports of {unit}", f"install -D -m 644 {FILE} {where}{FILE} && systemctl daemon-reload")
    yield kit.remark("A unit that asks the kernel for a port (bind to port 0) may be refused; try it.")
    yield kit.remark("Sockets that systemd opens for the unit are bound before this is looked at.")
    for other in left:
        yield kit.remark(f"There is no drop-in for {other}: it is no name of a unit.")
    yield ""
    yield f"[{SECTIONS[unit.rpartition('.')[2]]}]"
    for rule in rules:
        yield from kit.about(order, rule)
        yield from kit.unsaid(rule, "speaks", "from")
        if rule.by is not None and not (isinstance(rule.by, Is) and list(kit.units(rule.by)) == [unit]):
            yield kit.remark(f"  not said here: who may hold it besides the unit: {rule.by_text or 'by'}")
        yield from _notes(rule)
    for rule in order.forbidden:
        yield from kit.about(order, rule)
        yield from kit.unfit(order, rule) or [
            kit.remark("  cut out of what is allowed, where it is forbidden anywhere")
        ]
    lines = [text for transport in ("tcp", "udp") for text in _binds(order, rules, transport)]
    if len(lines) > MOST:
        yield kit.remark(f"systemd takes {MOST} assignments, and these are {len(lines)}: the last ones will not hold")
    yield "SocketBindDeny=any"
    yield from [f"SocketBindAllow={text}" for text in lines]


def _notes(rule: Rule) -> Iterator[str]:
    for listen in rule.listen:
        if listen.transport not in ("tcp", "udp", "any"):
            yield kit.remark(f"  not said here: {kit.place(listen)}: SocketBind knows TCP and UDP alone")
        elif listen.scope != "public" or listen.networks or listen.interface:
            narrow = ", ".join(filter(None, (listen.scope, listen.interface, *listen.networks)))
            yield kit.remark(f"  not said here: {kit.place(listen)} on {narrow} only; any address of it can be bound")
        if listen.place == "ephemeral":
            yield kit.remark("  a port of the kernel's choice is none that can be named: all of the range are allowed")


def _binds(order: Order, rules: list[Rule], transport: str) -> list[str]:
    """The words of SocketBindAllow= for a transport, less what is forbidden. Port 0 cannot be named (man page)."""
    spans = []
    for rule in rules:
        for listen in rule.listen:
            ports = kit.span(listen, order.host)
            if listen.transport in (transport, "any") and ports is not None:
                spans.append(ports)
    left = kit.without(spans, _forbidden(order, transport))
    if left == [(0, kit.LAST)]:
        return [transport]
    named = [(max(first, 1), last) for first, last in left if last]
    return [f"{transport}:{first}" if first == last else f"{transport}:{first}-{last}" for first, last in named]


def _forbidden(order: Order, transport: str) -> list[Span]:
    """The ports that are forbidden wherever they are bound, to anybody: bind(2) knows no other."""
    found = []
    for rule in order.forbidden:
        for listen in rule.listen:
            everywhere = (
                kit.forbidden_from(listen) in ("loopback", "link") and not listen.interface and not listen.networks
            )
            if not kit.unfit(order, rule) and everywhere and listen.transport in (transport, "any"):
                ports = kit.span(listen, order.host)
                found += [ports] if ports is not None and listen.netns in ("host", "any") else []
    return found

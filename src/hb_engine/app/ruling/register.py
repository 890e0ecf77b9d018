"""`hb register`: the ports, protocols and services that rules allow, with what is open under each, as auditors ask it.

PCI DSS 4.0.1 asks for services, protocols and ports that are identified, approved and needed (1.2.5), for security
features of insecure ones (1.2.6) and for a review every six months (1.2.7); NIST SP 800-53 CM-7 for the same in other
words. So a line of the register is a rule, and whatever is open without one stands beside them as such. It refuses to
make anything look better than it is: what could not be seen, who did not decide, and which review is late is said.
"""

from __future__ import annotations

from hb_engine.model.baseline import Rule
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.record import record
from hb_engine.model.report import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hb_engine.model.baseline import Baseline, Listen
    from hb_engine.model.report import Report

    Names = Callable[[str, int], tuple[str, ...]]  # transport and port to the names that are registered

FEW = 64  # ports of one place that are looked at one by one
# What an opening is that nobody approved, or not as it is.
UNAPPROVED = (
    *("new", "widened", "owner-changed", "speaks-else", "weakened", "expired", "hidden", "forbidden", "out-of-window"),
)
COMPLAINTS = "passwords and all that is said travel in clear text"
MAIL = "mail and passwords travel in clear text unless the client asks for TLS"
# Beyond the judge's clear-text services: what PCI DSS names as insecure (1.2.6, guidance), and what is no better. By
# nmap's names; a port says it only where the rule does not say what speaks.
INSECURE = {
    "http": ((("tcp", 80), ("tcp", 8080)), "nothing is encrypted"),
    "pop3": ((("tcp", 110),), MAIL),
    "imap": ((("tcp", 143),), MAIL),
    "smtp": ((("tcp", 25),), MAIL),
    "nntp": ((("tcp", 119),), "nothing is encrypted unless the client asks for TLS"),
    "ldap": ((("tcp", 389),), "passwords travel in clear text unless the client asks for TLS"),
    "snmp": ((("udp", 161),), "versions 1 and 2c carry their password in clear text"),
    "vnc": ((("tcp", 5900),), "the screen travels in clear text"),
    "netbios-ssn": ((("tcp", 139),), "the first version of SMB neither signs nor encrypts"),
    "nfs": ((("tcp", 2049), ("udp", 2049)), "files travel in clear text unless Kerberos is used"),
    "rsync": ((("tcp", 873),), "files travel in clear text"),
    "syslog": ((("udp", 514),), "messages travel in clear text, from whoever claims to send them"),
    "redis": ((("tcp", 6379),), "nothing is encrypted unless TLS is configured"),
    "memcached": ((("tcp", 11211), ("udp", 11211)), "nothing is encrypted, and nobody is asked who they are"),
    "docker": ((("tcp", 2375),), "whoever reaches it owns the machine"),
    "x11": ((("tcp", 6000),), COMPLAINTS),
}


# The ports by which the judge's table knows its services.
USUAL = {
    "telnet": ("tcp", 23),
    "ftp": ("tcp", 21),
    "tftp": ("udp", 69),
    "finger": ("tcp", 79),
    "mqtt": ("tcp", 1883),
    "exec": ("tcp", 512),
    "login": ("tcp", 513),
    "shell": ("tcp", 514),
    "echo": ("tcp", 7),
    "chargen": ("tcp", 19),
    "qotd": ("tcp", 17),
}


@record
class Open:
    """What is open under a rule: the place and the owner of its key, on some machines."""

    place: str  # tcp/443
    scope: str
    identity: str  # unit:nginx.service
    machines: tuple[str, ...]


@record
class Line:
    """A rule of the register. `due` is when it must be reviewed, in seconds since the epoch; None: nobody said."""

    rule: Rule
    places: tuple[str, ...]
    names: tuple[str, ...]  # protocols: what the rule says that speaks, else what is registered
    reach: str  # the widest scope that is allowed; for what is forbidden, the narrowest that is
    machines: tuple[str, ...]  # that the rule is for, of those that were looked at
    open: tuple[Open, ...] = ()
    due: int | None = None
    is_overdue: bool = False
    insecure: tuple[str, ...] = ()  # what is insecure about it, a phrase each
    features: tuple[str, ...] = ()  # security features: what limits it, by the rule's own words

    @property
    def approved(self) -> bool:
        """Whether somebody stands for it: an owner and a reason are named."""
        return bool(self.rule.owner and self.rule.why)

    @property
    def unmitigated(self) -> bool:
        """Whether it is insecure, and nothing in the rule limits it."""
        return bool(self.insecure) and not self.features


@record
class Unapproved:
    """Something open without approval, or of which too little could be seen to say."""

    machine: str
    verdict: Verdict


@record
class Machine:
    """A machine that was looked at; the register knows of no other."""

    name: str
    system: str
    looked_at: float
    openings: int
    expected: int
    privileged: bool
    gaps: tuple[Gap, ...] = ()
    source: str = ""


@record
class Register:
    """All of it. `made_at` is seconds since the epoch; of what is `unjudged` too little could be seen."""

    made_at: float
    machines: tuple[Machine, ...]
    allowed: tuple[Line, ...]
    forbidden: tuple[Line, ...]
    unapproved: tuple[Unapproved, ...]
    unjudged: tuple[Unapproved, ...]
    baseline: str
    files: tuple[str, ...] = ()
    unused: int = 0  # rules of packs under which nothing is open: they are no lines of it


def make(files: tuple[str, ...] = (), baseline: str = "", now: float = 0.0, roles: tuple[str, ...] = ()) -> Register:
    """The register of this machine, or of those in some files. Raises BadInput, CannotLook, DataError."""
    from hb_engine.app import folders  # help and mistakes need none of it
    from hb_engine.app.ruling.baseline import load
    from hb_engine.app.ruling.check import Wanted, check
    from hb_engine.registry.assignments import Registry

    loaded = load(baseline)
    reports = check(Wanted(files, baseline, roles=roles))
    registry = Registry.open(folders.data())

    def names(transport: str, port: int) -> tuple[str, ...]:
        return tuple([entry.name for entry in registry.short(transport, port) if entry.name])

    return register(reports, loaded.baseline, now, names)


def register(reports: Sequence[Report], baseline: Baseline, now: float, names: Names) -> Register:
    """The register out of reports and the rules that they were held against. Pure."""
    chosen = _chosen(reports)
    lines = [
        _line(rule, chosen[_mark(rule)], now, names)
        for rule in baseline.rules
        if _mark(rule) in chosen and (rule.until is None or now < rule.until)
    ]
    lines.sort(key=lambda line: (_first(line.rule), line.rule.id))
    allowed = [line for line in lines if line.rule.kind != "forbid"]
    used = [line for line in allowed if line.open or not line.rule.pack]
    return Register(
        now,
        tuple([_machine(report) for report in reports]),
        tuple(used),
        tuple([line for line in lines if line.rule.kind == "forbid"]),
        _open(reports, lambda verdict: verdict.kind in UNAPPROVED and verdict.state not in ("accepted", "unseen")),
        _open(reports, lambda verdict: verdict.state == "unseen"),
        next((report.baseline for report in reports if report.baseline), ""),
        baseline.files,
        len(allowed) - len(used),
    )


def _open(reports: Sequence[Report], test: Callable[[Verdict], bool]) -> tuple[Unapproved, ...]:
    """Openings by their verdicts."""
    found = [(report.host.name, each) for report in reports for each in report.verdicts if each.opening is not None]
    return tuple([Unapproved(machine, verdict) for machine, verdict in found if test(verdict)])


def insecure_services(transport: str, port: int) -> tuple[str, str] | None:
    """The name of the insecure service that is usual on a port, and what is insecure about it."""
    from hb_engine.judge.rules.clear_text_public import SERVICES  # the judge's table, so that both say the same

    match = SERVICES.match(Opening("listener", transport, port, (), (), "public", Netns(0)))
    if match:
        return match.service.name, match.service.why
    for name, (places, why) in INSECURE.items():
        if (transport, port) in places:
            return name, why
    return None


def _mark(rule: Rule) -> tuple[str, str]:
    return rule.id, rule.where.text


def _chosen(reports: Iterable[Report]) -> dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]]:
    """Each rule that is for a machine: those machines, and the keys that it covers there."""
    found: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
    for report in reports:
        for held in report.held:
            mark = held.rule, held.where.text if held.where is not None else ""
            found.setdefault(mark, []).append((report.host.name, held.keys))
    return found


def _first(rule: Rule) -> tuple[int, int, str]:
    """Lines are in the order of their ports; what has none stands at the end."""
    ports = [listen.first for listen in rule.listen if listen.place == "ports"]
    return (0, min(ports), "") if ports else (1, 0, rule.listen[0].transport if rule.listen else "")


def _machine(report: Report) -> Machine:
    return Machine(
        report.host.name,
        report.host.system,
        report.taken_at,
        report.openings,
        report.expected,
        report.coverage.privileged,
        report.coverage.gaps,
        report.source,
    )


def _line(rule: Rule, held: list[tuple[str, tuple[str, ...]]], now: float, names: Names) -> Line:
    opened = _opened(held)
    scopes = [listen.scope for listen in rule.listen] or ["loopback"]
    forbids = rule.kind == "forbid"
    return Line(
        rule,
        tuple(dict.fromkeys([place(listen) for listen in rule.listen])),
        tuple(dict.fromkeys(_names(rule, names))),
        min(map(_narrowest, rule.listen), key=SCOPES.index, default="loopback")
        if forbids
        else max(scopes, key=SCOPES.index),
        tuple(dict.fromkeys([machine for machine, _ in held])),
        opened,
        rule.review,
        rule.review is not None and rule.review <= now,
        () if forbids else tuple(dict.fromkeys(_insecure(rule, opened))),
        () if forbids else tuple(_features(rule)),
    )


def _narrowest(listen: Listen) -> str:
    """From where on a place is forbidden: everywhere, where no scope was written (baseline/deciding/match.py)."""
    return listen.scope if listen.scope != "public" or "public" in listen.text.split() else "loopback"


def place(listen: Listen) -> str:
    """Transport and ports, as rules have them: tcp/443, tcp/8000-8010, udp/ephemeral, raw/any."""
    if listen.place != "ports":
        return f"{listen.transport}/{listen.place}"
    span = str(listen.first) if listen.first == listen.last else f"{listen.first}-{listen.last}"
    return f"{listen.transport}/{span}"


def _opened(held: list[tuple[str, tuple[str, ...]]]) -> tuple[Open, ...]:
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for machine, keys in held:
        for key in keys:
            transport, scope, rest = (*key.split("/", 2), "", "")[:3]
            number, _, owner = rest.partition("/")
            found.setdefault((f"{transport}/{number}", scope, owner.rpartition("/")[0]), {})[machine] = None
    return tuple([Open(*what, tuple(machines)) for what, machines in sorted(found.items())])


def _ports(rule: Rule) -> Iterator[tuple[str, int]]:
    """The ports that a rule names, where they are few."""
    for listen in rule.listen:
        if listen.place == "ports" and listen.last - listen.first < FEW:
            for port in range(listen.first, listen.last + 1):
                yield listen.transport, port


def _names(rule: Rule, names: Names) -> Iterator[str]:
    if rule.speaks is not None and rule.speaks.names:
        yield from rule.speaks.names
        return
    for transport, port in _ports(rule):
        for each in (transport,) if transport != "any" else ("tcp", "udp"):
            yield from names(each, port)[:1]


def _insecure(rule: Rule, opened: tuple[Open, ...]) -> Iterator[str]:
    """What is insecure: by what the rule says that speaks, else by the ports of the rule and of what is open."""
    if rule.speaks is not None and (rule.speaks.tls or rule.speaks.certificate):
        return
    if rule.speaks is not None and rule.speaks.names:
        for name in rule.speaks.names:
            why = _by_name(name)
            if why:
                yield f"{name}: {why}"
        return
    numbers = [one.place.split("/") for one in opened]
    seen = [(transport, int(port)) for transport, port in numbers if port.isascii() and port.isdigit()]
    for transport, port in dict.fromkeys([*_ports(rule), *seen]):
        for each in (transport,) if transport != "any" else ("tcp", "udp"):
            found = insecure_services(each, port)
            if found:
                yield f"{found[0]}: {found[1]}"


def _by_name(name: str) -> str:
    from hb_engine.judge.rules.clear_text_public import SERVICES  # as above

    if name in INSECURE:
        return INSECURE[name][1]
    if name not in USUAL:
        return ""
    match = SERVICES.match(Opening("listener", *USUAL[name], (), (), "public", Netns(0)))
    return match.service.why if match else ""


def _features(rule: Rule) -> Iterator[str]:
    """What limits a service: what hb checks first, then what the rule says for firewalls and people."""
    speaks = rule.speaks
    if speaks is not None and speaks.tls:
        yield f"TLS {speaks.tls} or newer"
    if speaks is not None and speaks.certificate:
        yield "certificate " + ", ".join([f"{field} {pattern}" for field, pattern in speaks.certificate])
    widest = max([listen.scope for listen in rule.listen], key=SCOPES.index, default="public")
    if widest != "public":
        yield f"reaches {widest} at most"
    narrow = [listen.interface for listen in rule.listen if listen.interface]
    narrow += [network for listen in rule.listen for network in listen.networks]
    if narrow and all(listen.interface or listen.networks for listen in rule.listen):
        yield f"only on {', '.join(dict.fromkeys(narrow))}"
    if rule.sources and "any" not in rule.sources:
        yield f"only from {', '.join(rule.sources)}"

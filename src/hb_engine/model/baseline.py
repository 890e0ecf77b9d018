"""What should be open: rules that people wrote, the roles of machines, and the times at which rules hold.

These are values only. baseline/ reads them from hb.d and holds openings against them; docs/reference/baseline.md
has the language. A `Rule` here is a person's decision; what judges evidence by itself is a judge's rule (judge/kit.py).
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Condition: TypeAlias = "Is | Not | All | AnyOf"

RULE_KINDS = ("forbid", "require", "allow")  # in the order of precedence
LEVELS = ("host", "role", "fleet")  # whom a rule is for, the most specific first
OWNER_FIELDS = (
    *("unit", "exe", "pkg", "user", "comm", "script", "container", "image", "cgroup", "sha256", "signed", "kernel"),
)
HOST_FIELDS = ("host", "cidr", "os", "group", "label", "role")
PINS = ("sha256", "version", "certificate", "protocol", "image")  # facts of the lock that a rule may pin
UNMATCHED = ("alert", "note", "ignore")
WINDOW_MODES = ("only", "mute")
NAMESPACES = ("host", "named", "container", "private", "any")  # classes in keys, and all of them


@record
class Where:
    """Where something was said: a file, and a line and column that begin at 1 (0: the file as a whole)."""

    file: str
    line: int = 0
    column: int = 0

    @property
    def text(self) -> str:
        """hb.d/web.toml:12:10, as compilers have it."""
        return ":".join([self.file, *[str(number) for number in (self.line, self.column) if number]])


@record
class Problem:
    """Something wrong with a baseline. `level` is error or warning; `hint` says what was probably meant."""

    where: Where
    message: str
    hint: str = ""
    level: str = "error"
    code: str = ""  # a word for programs: unknown-key, conflict, no-owner ...


@record
class Listen:
    """One place of a rule: tcp/443 on public.

    `place` is ports (first to last), ephemeral (the kernel chose the port: the owner is the identity), or any
    (whatever port, chosen or not, and what has no port). `scope` is the widest that is allowed. `transport` is one of
    model.endpoint.TRANSPORTS, or any. `netns` is a class of network namespaces, the host's own where nothing is said.
    """

    transport: str
    first: int = 0
    last: int = 65535
    place: str = "ports"
    scope: str = "public"
    interface: str = ""
    networks: tuple[str, ...] = ()  # only addresses inside of these
    netns: str = "host"
    text: str = ""  # as it was written


@record
class Is:
    """A field matches a pattern: unit:nginx.service, exe:/usr/bin/python3*. * and ? stand for any letters, or one."""

    field: str
    pattern: str


@record
class Not:
    """The part does not hold."""

    part: Condition


@record
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@record
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@record
class Speaks:
    """What must speak there: https tls>=1.2 cert:san=*.example.org. Names are nmap's; any of them will do."""

    names: tuple[str, ...] = ()
    tls: str = ""  # the oldest version that may be offered: 1.0, 1.1, 1.2, 1.3; "" where nothing is said
    certificate: tuple[tuple[str, str], ...] = ()  # (san | subject | issuer | sha256, pattern)
    version: tuple[tuple[str, str], ...] = ()  # (>= | > | < | <= | =, version)
    product: str = ""  # a pattern
    text: str = ""  # as it was written


@record
class Rule:
    """A decision: what must, may or must not be open, by whom, how far, why, who owns the decision, until when.

    Times are seconds since the epoch; a day that was written without a time ends at its midnight, UTC. `accepts` names
    judge's rules whose findings were accepted too, though no baseline silences them by itself.
    """

    kind: str  # one of RULE_KINDS
    id: str
    listen: tuple[Listen, ...]
    by: Condition | None = None
    speaks: Speaks | None = None
    sources: tuple[str, ...] = ()  # `from`: net:10.0.0.0/8, host:web-1, any; for firewalls and people
    why: str = ""
    owner: str = ""
    accepted: int | None = None  # when it was decided
    review: int | None = None  # when it must be confirmed again
    until: int | None = None  # when it ends
    severity: str = "medium"  # of what goes against it
    role: str = ""  # only machines of this role
    host: str = ""  # only this machine; a pattern
    pin: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    pack: str = ""  # the pack that it comes from
    where: Where = Where("")
    by_text: str = ""  # as it was written

    @property
    def wanted(self) -> tuple[tuple[Listen, ...], ...]:
        """Its places, those together that one name stands for: of each, a rule that requires wants one to be open."""
        found: dict[object, list[Listen]] = {}
        for number, place in enumerate(self.listen):
            found.setdefault(place.text or number, []).append(place)
        return tuple([tuple(places) for places in found.values()])

    @property
    def level(self) -> str:
        """Whom it is for: one of LEVELS."""
        return "host" if self.host else "role" if self.role else "fleet"

    @property
    def places(self) -> str:
        """Its places as they were written; a name that stands for several ports makes several, and is told once."""
        return ", ".join(dict.fromkeys([one.text for one in self.listen if one.text]))


@record
class Role:
    """A kind of machine: by names, addresses and networks, or by a condition. `includes` are roles that it has too."""

    name: str
    hosts: tuple[str, ...] = ()
    when: Condition | None = None
    includes: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    where: Where = Where("")


@record
class Hours:
    """Weekly hours: days (0 is Monday), minutes of the day from and to (to <= from: past midnight), and the zone."""

    days: tuple[int, ...]
    start: int
    end: int
    zone: str = "UTC"


@record
class Window:
    """A time: `only` in it the named rules hold, or in it drift is `mute`, that is recorded and not told."""

    name: str
    mode: str = "only"
    rules: tuple[str, ...] = ()  # ids; for mute, none stands for all
    when: Condition | None = None
    every: tuple[Hours, ...] = ()
    start: int | None = None  # one that is not weekly
    end: int | None = None
    text: str = ""
    where: Where = Where("")


@record
class Defaults:
    """What holds where a rule says nothing. `review` is in days."""

    unmatched: str = "alert"
    severity: str = "medium"
    review: int | None = 180
    require: tuple[str, ...] = ("owner", "why")
    packs: tuple[str, ...] = ()  # for every machine


@record
class Baseline:
    """All rules of a folder with the packs that it names, in the order in which they were read."""

    rules: tuple[Rule, ...] = ()
    roles: tuple[Role, ...] = ()
    windows: tuple[Window, ...] = ()
    defaults: Defaults = Defaults()
    files: tuple[str, ...] = ()


@record
class Observed:
    """What was seen of one opening: facts that may change without anybody having decided anything. Empty: unknown."""

    thread: str  # the opening's key without its scope
    scope: str
    exe: str = ""
    sha256: str = ""  # of the executable
    package: str = ""
    version: str = ""  # of the package
    image: str = ""
    speaks: str = ""
    protocol: str = ""  # product and version that it told
    tls: str = ""
    certificate: str = ""  # sha256
    first_seen: int | None = None  # seconds since the epoch
    leads: str = ""  # where a firewall's rule leads


@record
class LockedHost:
    """What was observed on one machine. `machine` tells machines of one name apart; times are since the epoch."""

    name: str
    machine: str = ""
    learned_at: int = 0
    learning_until: int | None = None
    observed: tuple[Observed, ...] = ()


@record
class Lock:
    """hb.lock: observations, by machine."""

    hosts: tuple[LockedHost, ...] = ()

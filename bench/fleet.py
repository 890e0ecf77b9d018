"""A fleet that is made up, with the baseline that is right for it, and drift that is planted where it is known.

Everything comes of a host's number, so that the same fleet comes again, in any process and in any order. Hosts have
names, addresses, boot ids, pids, inodes, start times, package versions and containers of their own: what is the same on
two of them is what is the same on real ones, the services of their roles. Each opening comes with the word that a
right judgement must give it.
"""

from __future__ import annotations

import pickle
from random import Random

from hb_engine.model.baseline import All, Baseline, Hours, Is, Listen, Role, Rule, Window
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Ancestor, Container, Origin, Owner, Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.baseline import Condition

NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z, a Friday
DAY = 86400
ROLES = 37  # a prime, so that roles differ in nothing else
OPENINGS = 60  # of each host
SERVICES = 700  # that the fleet knows; a host has those of its roles
LEAST = 720  # rules, without which the words are others
DRIFTS = 0.002  # of all openings
SITES = ("ams", "fra", "nyc", "sin", "syd")
Planned = tuple[Opening, str]


class Service:
    """One service of the catalogue: what is the same of it on all hosts."""

    def __init__(self, number: int) -> None:
        random = Random(number)  # noqa: S311 (no secret comes of it)
        self.number = number
        self.name = f"{random.choice(('app', 'db', 'cache', 'agent', 'proxy', 'queue'))}{number}"
        self.transport = "udp" if number % 9 == 4 else "tcp"
        self.port = 2000 + number * 7
        self.ephemeral = number % 10 == 3
        self.scope = ("public", "private", "loopback")[number % 3]
        self.unit = f"{self.name}.service"
        self.package = f"{self.name}-server"
        self.exe = f"/usr/{random.choice(('s', ''))}bin/{self.name}d"
        self.boxed = number % 8 == 5
        self.role = f"role-{number % ROLES}"
        self.versions = [f"{random.randint(1, 9)}.{random.randint(0, 30)}.{minor}-{minor % 3}" for minor in range(12)]

    def by(self) -> Condition:
        """Who holds it, said in the four ways that people say it."""
        if self.boxed:
            return Is("image", f"registry/{self.name}:*")
        unit = Is("unit", self.unit)
        return (unit, All((unit, Is("pkg", self.package))), Is("exe", self.exe), Is("pkg", self.package))[
            self.number % 4
        ]

    def listen(self) -> Listen:
        """Its place, as a rule says it."""
        if self.ephemeral:
            return Listen(self.transport, place="ephemeral", scope=self.scope, text=f"{self.transport}/ephemeral")
        return Listen(self.transport, self.port, self.port, scope=self.scope, text=f"{self.transport}/{self.port}")


CATALOGUE = [Service(number) for number in range(SERVICES)]
BY_ROLE = {f"role-{number}": CATALOGUE[number::ROLES] for number in range(ROLES)}
FORBIDDEN = (21, 23, 69, 79, 111, 512, 513, 514, 1900, 2375)


def baseline(rules: int = 2000, *, unique: bool = False) -> Baseline:
    """The rules of the fleet: one for each service, some for all hosts, and others for ports that nobody has here.

    `unique` adds one that asks for comm, which is another in each process of a fleet made with `unique`.
    """
    found = [_rule(service) for service in CATALOGUE]
    found += [
        Rule("forbid", f"no-{port}", (Listen("tcp", port, port, text=f"tcp/{port}"),), severity="critical", owner="sec")
        for port in FORBIDDEN
    ]
    found.append(Rule("allow", "night", (Listen("tcp", 1999, 1999),), owner="ops", why="backups"))
    found.append(
        Rule("allow", "gone", (Listen("tcp", 1998, 1998),), owner="eve", why="a test", until=int(NOW) - 3 * DAY)
    )
    if unique:
        found.append(
            Rule("allow", "odd", (Listen("any", place="any"),), by=Is("comm", "nobody-has-this-name"), owner="x")
        )
    found = found[:rules]
    for number in range(len(found), rules):
        found.append(_filler(number))
    roles = [Role("every", ("*",)), *[Role(f"role-{each}", when=Is("label", f"role-{each}")) for each in range(ROLES)]]
    window = Window("nightly", "only", ("night",), every=(Hours(tuple(range(7)), 60, 240),))
    return Baseline(tuple(found), tuple(roles), (window,))


def _rule(service: Service) -> Rule:
    return Rule(
        "require" if service.number % 50 == 7 and not service.ephemeral else "allow",
        f"allow-{service.name}",
        (service.listen(),),
        service.by(),
        why="it is needed",
        owner=f"team-{service.number % 17}",
        role=service.role,
    )


def _filler(number: int) -> Rule:
    """A rule that is for the fleet's hosts, and for ports or owners that none of them has."""
    random = Random(number)  # noqa: S311
    kind, port = random.choice(("allow", "allow", "allow", "forbid")), 10_000 + number % 20_000
    shape = number % 10
    listen = Listen("tcp", port, port, scope=random.choice(("public", "private", "loopback")))
    if shape == 0:
        listen = Listen("tcp", port, port + random.randint(1, 9))
    if shape == 1 and kind == "allow":
        listen = Listen("udp", place="ephemeral")
    by = Is(random.choice(("unit", "exe", "pkg")), f"/opt/x{number}") if kind == "allow" else None
    if shape == 2 and by:
        by = Is("exe", f"/opt/x{number}/*")
    role = f"role-{number % ROLES}" if shape in (3, 4, 5) else ""
    return Rule(kind, f"filler-{number}", (listen,), by, why="none", owner="nobody", role=role)


class Machine:
    """One host of the fleet: its description, and its openings with the word for each."""

    def __init__(self, number: int, *, unique: bool = False) -> None:
        self.random = Random(number * 2654435761 % 2**32)  # noqa: S311
        self.number, self.unique = number, unique
        self.pid = 300
        site = SITES[number % len(SITES)]
        self.roles = sorted({f"role-{number % ROLES}", f"role-{number * 7 % ROLES}", f"role-{number // 11 % ROLES}"})
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.host = Host(
            f"{self.roles[0]}-{number}.{site}.example.org",
            "Debian GNU/Linux 12 (bookworm)",
            "6.1.0-18-amd64",
            f"{self.random.getrandbits(128):032x}",
            f"{self.random.getrandbits(128):032x}",
            "debian-12",
            (self.address,),
            (*self.roles, f"site={site}"),
        )
        self.booted = NOW - self.random.randint(1, 400) * DAY

    def openings(self) -> list[Planned]:
        """Sixty openings, each with its word."""
        services = [service for role in self.roles for service in BY_ROLE[role]]
        found = []
        for each in range(OPENINGS):
            if self.random.random() < DRIFTS:
                found.append(self._drift(self.random.choice([each for each in services if _plain(each)])))
            else:
                service = services[each] if each < len(services) else self.random.choice(services)
                found.append((self._opening(service), "expected"))
        return found

    def _opening(self, service: Service, *, port: int | None = None, scope: str = "", unit: str = "") -> Opening:
        chosen = service.ephemeral and port is None
        place = self.random.randint(32768, 60999) if chosen else port or service.port
        reach = scope or service.scope
        address = {"public": "0.0.0.0", "private": self.address, "loopback": "127.0.0.1"}[reach]
        return Opening(
            "listener",
            service.transport,
            place,
            (address,),
            ("ipv4",),
            reach,
            Netns(4026531840),
            owners=(self._owner(service, unit),),
            uid=110,
            user=service.name,
            unit=None if service.boxed else unit or service.unit,
            ephemeral=chosen,
            inodes=(self.random.randint(10_000, 9_999_999),),
        )

    def _owner(self, service: Service, unit: str) -> Owner:
        self.pid += self.random.randint(1, 40)
        version = self.random.choice(service.versions)
        stranger = bool(unit)
        box = None
        if service.boxed and not stranger:
            digest = f"{self.random.getrandbits(64):016x}"
            box = Container("docker", digest, f"{service.name}-{self.number}", f"registry/{service.name}:{version}")
        exe = "/opt/stranger/bin/thing" if stranger else service.exe
        return Owner(
            self.pid,
            f"c{self.number}-{self.pid}" if self.unique else service.name[:15],
            exe,
            cmdline=(exe, "--config", f"/etc/{service.name}/{self.number}.conf"),
            uid=110,
            user=service.name,
            started_at=self.booted + self.pid / 7,
            unit=None if box else unit or service.unit,
            container=box,
            parents=(Ancestor(1, "systemd", self.booted),),
            origin=Origin("service", service.unit),
            package=None if stranger else Package(service.package, version, "dpkg"),
        )

    def _drift(self, plain: Service) -> Planned:
        """One opening that the baseline is against, and how."""
        kind = self.random.randrange(7)
        if kind == 0:
            return self._opening(plain, port=self.random.choice(FORBIDDEN)), "forbidden"
        if kind == 1:
            return self._opening(plain, unit="stranger.service"), "owner-changed"
        if kind == 2:
            return self._opening(plain, port=1999), "out-of-window"
        if kind == 3:
            return self._opening(plain, port=1998), "expired"
        if kind == 4 and plain.scope != "public":
            return self._opening(plain, scope="public"), "widened"
        return self._opening(plain, port=40_000 + self.random.randrange(9000), unit="stranger.service"), "unmatched"


def _plain(service: Service) -> bool:
    return not service.ephemeral and not service.boxed and service.transport == "tcp"


def stream(first: int, last: int, *, unique: bool = False) -> bytes:
    """Hosts with their openings as bytes, as they would come from another machine."""
    machines = [Machine(number, unique=unique) for number in range(first, last)]
    return b"".join([pickle.dumps((machine.host, machine.openings()), 5) for machine in machines])

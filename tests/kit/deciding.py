"""Rules, machines and openings for tests of deciding: written down shortly, or drawn at random from a small world.

The world is small on purpose (few ports, units, users), so that random rules and random openings meet.
"""

from __future__ import annotations

from random import Random

from hb_engine.model.answer import Answer
from hb_engine.model.baseline import All, AnyOf, Baseline, Hours, Is, Listen, Not, Role, Rule, Speaks, Window
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.identity import Certificate, Identity, Tls
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.owner import Container, Hold, Owner, Package

NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z, a Friday
DAY = 86400
PORTS = (22, 23, 80, 443, 5000, 8080, 40000)
UNITS = ("nginx.service", "ssh.service", "user@1000.service/app.slice/dev.service")
EXES = ("/usr/sbin/nginx", "/usr/sbin/sshd", "/usr/bin/python3.11", "/usr/bin/python3.11 (deleted)", "C:\\Web\\srv.exe")
PACKAGES = ("nginx", "openssh-server", "python3.11")
NETWORKS = ("10.0.0.0/8", "192.168.7.0/24", "fd00::/8")
ADDRESSES = ("0.0.0.0", "::", "10.1.2.3", "192.168.7.9", "127.0.0.1", "203.0.113.5", "fd00::7", "::1")


def listen(text: str) -> Listen:
    """tcp/443, tcp/1-99 on private, udp/ephemeral, any/any: a place, as far as tests write them."""
    place, _, scope = text.partition(" on ")
    transport, _, ports = place.partition("/")
    if ports in ("any", "ephemeral"):
        return Listen(transport, place=ports, scope=scope or "public", text=text)
    first, _, last = ports.partition("-")
    return Listen(transport, int(first), int(last or first), scope=scope or "public", text=text)


def rule(kind: str, name: str, *places: str | Listen, **more: object) -> Rule:
    """A rule; places as `listen` reads them."""
    found = tuple([listen(place) if isinstance(place, str) else place for place in places])
    by = more.get("by")
    if isinstance(by, Is):
        more.setdefault("by_text", f"{by.field}:{by.pattern}")
    return Rule(kind, name, found, **more)  # type: ignore[arg-type]


def owner(**more: object) -> Owner:
    """nginx, or what the arguments make of it."""
    given = {"pid": 100, "comm": "nginx", "exe": "/usr/sbin/nginx", "unit": "nginx.service", "user": "root", "uid": 0}
    return Owner(**{**given, "package": Package("nginx", "1.22", "dpkg"), **more})  # type: ignore[arg-type]


def opening(port: int | None = 443, scope: str = "public", *owners: Owner, **more: object) -> Opening:
    """An opening on all addresses, held by nginx unless other owners or `unowned` are given."""
    addresses = ("127.0.0.1",) if scope == "loopback" else ("0.0.0.0",)
    given = {"kind": "listener", "transport": "tcp", "port": port, "addresses": addresses, "families": ("ipv4",)}
    held = owners or (() if "unowned" in more else (owner(),))
    return Opening(**{**given, "scope": scope, "netns": Netns(1), "owners": held, **more})  # type: ignore[arg-type]


def answer(name: str = "http", **more: object) -> Answer:
    """An answer of a service by name; `tls`, `product`, `version` ... are its identity's."""
    return Answer("tcp", 443, "open", "syn-ack", identity=Identity(name, **more), held="confirmed")  # type: ignore[arg-type]


def tls(*versions: str, **more: object) -> Tls:
    """TLS with the versions that it offers."""
    return Tls(versions[-1] if versions else "", versions=versions, **more)  # type: ignore[arg-type]


HOST = Host("web-1.example.org", "Debian GNU/Linux 12", boot_id="b", os="debian-12", addresses=("10.1.2.3",))

# -- at random -----------------------------------------------------------------------------------------------------

VALUES = {
    "unit": ("nginx", "nginx.service", "ssh*", "dev", "*"),
    "exe": ("/usr/sbin/nginx", "python3*", "/usr/bin/*", "nginx", "c:/web/*", "/usr/bin/python3.11"),
    "pkg": (*PACKAGES, "open*"),
    "user": ("root", "0", "alice", "1000"),
    "comm": ("nginx", "n*"),
    "script": ("/srv/app.py", "*.py"),
    "container": ("shop", "*"),
    "image": ("redis:7", "redis:*"),
    "signed": ("distro",),
    "kernel": ("yes",),
}
OFTEN = ("unit", "unit", "exe", "pkg")
RANGES = ((1, 1023), (20, 30), (1024, 65535), (8000, 8090))
SPEAKING = (
    *(None,) * 9,
    Speaks(("https",), "1.2"),
    Speaks(("http", "ssh")),
    Speaks(("ssh",), version=((">=", "9"),)),
    Speaks((), product="nginx*"),
    Speaks(("https",), certificate=(("san", "*.example.org"),)),
)
ROLES = (Role("web", ("web-*",)), Role("db", when=Is("label", "db")), Role("all", includes=("db",)))
HOSTS = (HOST, HOST, Host("db-1", "", labels=("db",)), Host("lone", ""))
BOXES = (*(None,) * 6, Container("docker", "c0ffee", "shop", "redis:7"), Container("docker", "1dea"))
WEEKS = ((Hours((0, 1, 2, 3, 4), 7 * 60, 9 * 60),), (Hours((5, 6), 0, 0),), ())


class World:
    """What a seed makes: the same again for the same seed. Many small worlds are drawn faster than hypothesis can."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (no secret comes of it)
        self.pick = self.random.choice

    def rarely(self, what, otherwise, odds=6):
        """Something now and then."""
        return otherwise if self.random.randrange(odds) else what

    def condition(self, depth=0):
        """A condition of at most four terms."""
        kind = self.random.randrange(6 if depth < 2 else 3)
        if kind < 3:
            field = self.pick(OFTEN if kind else tuple(VALUES))
            return Is(field, self.pick(VALUES[field]))
        if kind == 3:
            return Not(self.condition(depth + 1))
        return (All if kind == 4 else AnyOf)((self.condition(depth + 1), self.condition(depth + 1)))

    def place(self):
        """A place; its scope is said, or not."""
        place = self.pick(("ports", "ports", "ephemeral", "any"))
        port = self.pick(PORTS)
        first, last = self.rarely(self.pick(RANGES), (port, port), 4) if place == "ports" else (0, 65535)
        scope, said = self.pick(SCOPES), self.pick((True, False))
        return Listen(
            self.pick(("tcp", "tcp", "udp", "any")),
            first,
            last,
            place,
            scope if said else "public",
            self.rarely(self.pick(("eth0", "eth*")), ""),
            self.rarely(self.pick((NETWORKS[:1], NETWORKS)), ()),
            self.rarely("container", self.pick(("host", "any"))),
            f"written on {scope}" if said else "written",
        )

    def rule(self, *kinds):
        """A rule of one of some kinds."""
        return Rule(
            self.pick(kinds or ("forbid", "require", *("allow",) * 6)),
            self.pick("abcdefgh"),
            tuple([self.place() for _ in range(self.random.randint(1, 3))]),
            self.condition() if self.random.randrange(4) else None,
            self.pick(SPEAKING),
            until=self.rarely(self.pick((int(NOW) - 3 * DAY, int(NOW) + DAY)), None, 4),
            role=self.rarely(self.pick(("web", "db")), ""),
            host=self.rarely(self.pick(("web-1", "web-*", "other")), ""),
            by_text="somebody",
        )

    def window(self):
        """A window of some rules, or of all."""
        return Window(
            self.pick(("night", "day")),
            self.pick(("only", "mute")),
            tuple([self.pick("abcdefgh") for _ in range(self.random.randrange(3))]),
            self.rarely(Is("role", self.pick(("web", "db"))), None, 3),
            self.pick(WEEKS),
            self.pick((None, int(NOW) - DAY)),
            self.pick((None, int(NOW) + DAY)),
        )

    def baseline(self, *kinds, most=24):
        """Rules, the same three roles, and windows."""
        found = tuple([self.rule(*kinds) for _ in range(self.random.randint(1, most))])
        return Baseline(found, ROLES, tuple([self.window() for _ in range(self.random.randrange(4))]))

    def owner(self):
        """An owner of whom this and that could not be seen."""
        package = self.rarely(None, Package(self.pick(PACKAGES), "1", "dpkg", self.pick((True, False, None))), 4)
        return Owner(
            self.random.randint(2, 4),
            self.rarely("", self.pick(("nginx", "python3"))),
            self.rarely(None, self.pick(EXES)),
            self.rarely("kernel", "present", 12),
            uid=self.pick((0, 1000, None)),
            user=self.pick(("root", "alice", "")),
            unit=self.rarely(None, self.pick(UNITS), 4),
            container=self.pick(BOXES),
            package=package,
            script=self.rarely("/srv/app.py", None),
            holds=self.rarely((Hold("activation", "x.socket"),), (), 8),
        )

    def opening(self):
        """An opening of up to three owners, or of none that is known."""
        held = tuple([self.owner() for _ in range(self.pick((0, 1, 1, 1, 2, 3)))])
        absences = (None, Unowned("not-permitted"), Unowned("kernel", "NFS server"), Unowned("not-found"))
        return Opening(
            "listener",
            self.rarely("raw", self.pick(("tcp", "tcp", "udp")), 12),
            self.rarely(None, self.pick(PORTS), 12),
            tuple(self.random.sample(ADDRESSES, self.pick((1, 1, 2)))),
            ("ipv4",),
            self.pick(SCOPES),
            Netns(1, kind=self.rarely("container", "host")),
            self.rarely(self.pick(("eth0", "wlan0")), ""),
            held,
            None if held else self.pick(absences),
            self.pick((None, 0, 1000)),
            self.pick(("", "root", "alice")),
            self.rarely(self.pick(UNITS), None),
            self.pick(BOXES),
            self.pick((True, False)),
            self.pick(((), (), ("hidden",), ("reuseport",))),
        )

    def answer(self):
        """What it said, or None where it was not asked."""
        if not self.random.randrange(3):
            return None
        certificates = (None, Certificate("CN=x", "CN=ca", ("www.example.org",)), Certificate("CN=y", "CN=ca"))
        versions = self.pick(((), ("TLSv1.2", "TLSv1.3"), ("TLSv1", "TLSv1.3")))
        secret = self.pick((None, Tls("TLSv1.3", versions=versions, certificate=self.pick(certificates))))
        name, product = self.pick(("http", "http", "ssh", "telnet", "ssl")), self.pick(("", "nginx", "OpenSSH"))
        identity = Identity(name, product, self.pick(("", "9.2p1", "1.22.1")), tls=secret)
        state = self.rarely("filtered", "open")
        held = self.pick(("confirmed", "unknown", "silent"))
        return Answer("tcp", 443, state, "syn-ack", identity=self.rarely(None, identity, 4), held=held)

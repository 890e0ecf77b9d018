"""Rules, machines and openings for tests of deciding: written down shortly, or drawn at random from a small world.

The world is small on purpose (few ports, units, users), so that random rules and random openings meet.
"""

from __future__ import annotations

from hypothesis import strategies as st

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

values = {
    "unit": st.sampled_from(("nginx", "nginx.service", "ssh*", "dev", "*")),
    "exe": st.sampled_from(("/usr/sbin/nginx", "python3*", "/usr/bin/*", "nginx", "c:/web/*", "/usr/bin/python3.11")),
    "pkg": st.sampled_from((*PACKAGES, "open*")),
    "user": st.sampled_from(("root", "0", "alice", "1000")),
    "comm": st.sampled_from(("nginx", "n*")),
    "script": st.sampled_from(("/srv/app.py", "*.py")),
    "container": st.sampled_from(("shop", "*")),
    "image": st.sampled_from(("redis:7", "redis:*")),
    "signed": st.just("distro"),
    "kernel": st.just("yes"),
}
terms = st.sampled_from(sorted(values)).flatmap(lambda field: st.builds(Is, st.just(field), values[field]))
conditions = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.tuples(inner, inner)),
        st.builds(AnyOf, st.tuples(inner, inner)),
    ),
    max_leaves=4,
)
ranges = st.one_of(
    st.sampled_from(PORTS).map(lambda port: (port, port)),
    st.sampled_from(((1, 1023), (20, 30), (1024, 65535), (8000, 8090))),
)


@st.composite
def places(draw: st.DrawFn) -> Listen:
    place = draw(st.sampled_from(("ports", "ports", "ports", "ephemeral", "any")))
    first, last = draw(ranges) if place == "ports" else (0, 65535)
    scope = draw(st.sampled_from(SCOPES))
    said = draw(st.booleans())
    return Listen(
        draw(st.sampled_from(("tcp", "tcp", "udp", "any"))),
        first,
        last,
        place,
        scope if said else "public",
        draw(st.sampled_from(("", "", "", "eth0", "eth*"))),
        draw(st.sampled_from(((), (), (), NETWORKS[:1], NETWORKS))),
        draw(st.sampled_from(("host", "host", "any", "container"))),
        f"written on {scope}" if said else "written",
    )


speaking = st.sampled_from(
    (
        None,
        None,
        Speaks(("https",), "1.2"),
        Speaks(("http", "ssh")),
        Speaks(("ssh",), version=((">=", "9"),)),
        Speaks((), product="nginx*"),
        Speaks(("https",), certificate=(("san", "*.example.org"),)),
    )
)


@st.composite
def rules(draw: st.DrawFn, kinds: tuple[str, ...] = ("forbid", "require", "allow", "allow", "allow")) -> Rule:
    return Rule(
        draw(st.sampled_from(kinds)),
        draw(st.sampled_from("abcdefgh")),
        tuple(draw(st.lists(places(), min_size=1, max_size=3))),
        draw(st.one_of(st.none(), conditions)),
        draw(speaking),
        until=draw(st.sampled_from((None, None, None, int(NOW) - 3 * DAY, int(NOW) + DAY))),
        role=draw(st.sampled_from(("", "", "web", "db"))),
        host=draw(st.sampled_from(("", "", "", "web-1", "web-*", "other"))),
        by_text="somebody",
    )


windows = st.builds(
    Window,
    st.sampled_from(("night", "day")),
    st.sampled_from(("only", "mute")),
    st.lists(st.sampled_from("abcdefgh"), max_size=3).map(tuple),
    st.one_of(st.none(), st.builds(Is, st.just("role"), st.sampled_from(("web", "db")))),
    st.sampled_from(((Hours((0, 1, 2, 3, 4), 7 * 60, 9 * 60),), (Hours((5, 6), 0, 0),), ())),
    st.sampled_from((None, int(NOW) - DAY)),
    st.sampled_from((None, int(NOW) + DAY)),
)
ROLES = (Role("web", ("web-*",)), Role("db", when=Is("label", "db")), Role("all", includes=("db",)))
hosts = st.sampled_from((HOST, Host("db-1", "", labels=("db",)), Host("lone", "")))


@st.composite
def baselines(draw: st.DrawFn, **more: tuple[str, ...]) -> Baseline:
    found = tuple(draw(st.lists(rules(**more), max_size=12)))
    return Baseline(found, ROLES, tuple(draw(st.lists(windows, max_size=3))))


boxes = st.sampled_from((None, None, None, Container("docker", "c0ffee", "shop", "redis:7"), Container("docker", "1dea")))
owners = st.builds(
    Owner,
    st.integers(2, 4),
    st.sampled_from(("nginx", "python3", "")),
    st.sampled_from((*EXES, None)),
    st.sampled_from(("present", "kernel", "deleted")),
    uid=st.sampled_from((0, 1000, None)),
    user=st.sampled_from(("root", "alice", "")),
    unit=st.sampled_from((*UNITS, None)),
    container=boxes,
    package=st.one_of(st.none(), st.builds(Package, st.sampled_from(PACKAGES), st.just("1"), st.just("dpkg"))),
    script=st.sampled_from((None, None, "/srv/app.py")),
    holds=st.sampled_from(((), (), (), (Hold("activation", "x.socket"),))),
)
absences = st.sampled_from((None, Unowned("not-permitted"), Unowned("kernel", "NFS server"), Unowned("not-found")))


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    held = tuple(draw(st.lists(owners, max_size=3)))
    return Opening(
        "listener",
        draw(st.sampled_from(("tcp", "tcp", "udp", "raw"))),
        draw(st.sampled_from((*PORTS, None))),
        tuple(draw(st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=2, unique=True))),
        ("ipv4",),
        draw(st.sampled_from(SCOPES)),
        Netns(1, kind=draw(st.sampled_from(("host", "host", "container")))),
        draw(st.sampled_from(("", "", "eth0", "wlan0"))),
        held,
        None if held else draw(absences),
        draw(st.sampled_from((None, 0, 1000))),
        draw(st.sampled_from(("", "root", "alice"))),
        draw(st.sampled_from((None, *UNITS))),
        draw(boxes),
        draw(st.booleans()),
        draw(st.sampled_from(((), (), ("hidden",), ("reuseport",)))),
    )


certificates = st.sampled_from((None, Certificate("CN=x", "CN=ca", ("www.example.org",)), Certificate("CN=y", "CN=ca")))
answers = st.one_of(
    st.none(),
    st.builds(
        Answer,
        st.just("tcp"),
        st.just(443),
        st.sampled_from(("open", "open", "filtered")),
        st.just("syn-ack"),
        identity=st.one_of(
            st.none(),
            st.builds(
                Identity,
                st.sampled_from(("http", "ssh", "telnet", "ssl")),
                st.sampled_from(("", "nginx", "OpenSSH")),
                st.sampled_from(("", "9.2p1", "1.22.1")),
                tls=st.one_of(
                    st.none(),
                    st.builds(
                        Tls,
                        st.just("TLSv1.3"),
                        versions=st.sampled_from(((), ("TLSv1.2", "TLSv1.3"), ("TLSv1", "TLSv1.3"))),
                        certificate=certificates,
                    ),
                ),
            ),
        ),
        held=st.sampled_from(("confirmed", "unknown", "silent")),
    ),
)

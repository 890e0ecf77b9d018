"""Inventories and port pages made by hand, and the records that the faces expect of app. No I/O, no clock."""

from __future__ import annotations

import errno
import io
import os
from typing import Any

from hb_engine.app.looking import port as app_port
from hb_engine.app.looking.why import Story
from hb_engine.faces.cli import plain, pretty
from hb_engine.faces.cli.output import Output
from hb_engine.faces.text import INVISIBLE
from hb_engine.model.answer import Answer
from hb_engine.model.assignment import Assignment, PortPage, PortRange, Pressure, Threat
from hb_engine.model.identity import Identity
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening, Registered, Unowned
from hb_engine.model.owner import Ancestor, Container, Hold, Origin, Owner, Package
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason
from hb_engine.registry import ranges
from hb_engine.registry.update import UpdateResult

Found, Elsewhere = app_port.Found, ranges.Elsewhere
NOW = 1795356311.0  # 2026-11-22 14:05:11 UTC
DAY = 86400.0
HOST = Host("web-17", "Debian GNU/Linux 12 (bookworm)", "6.1.0-28-amd64", "6f1c")
BOTH = ("ipv4", "ipv6")
EVERY = ("0.0.0.0", "::")
HOME = Netns(4026531840, "", "host")
SOURCES = ("sock_diag tcp", "sock_diag udp", "sock_diag raw", "packet_diag", "bpf task iterator")
ROOT = Coverage(True, SOURCES)
NOBODY = Coverage(
    False,
    SOURCES[:4],
    (
        Gap(
            "owners of 5 sockets",
            "their processes are not yours to read",
            "run as root, or give hb CAP_SYS_PTRACE",
            "owners",
        ),
        Gap("namespace cni-4f2a", "setns: operation not permitted", "run as root", "netns"),
    ),
)


ANSWER = Answer(
    "tcp",
    1703,
    "open",
    "conn-accepted",
    identity=Identity("ssh", "OpenSSH", "9.2p1", evidence="SSH-2.0-OpenSSH_9.2p1"),
    held="other-service",
    mismatch="registered as hb-engine, speaks ssh",
)


def heard(told, ask):
    """A story of which the openings were asked what they speak, or not."""
    return replace(told, spoken={one.key: ANSWER for one in told.openings} if ask else None)


def story(query, transport, port, coverage, *told):
    """What app.why.why answers; `told` is openings, page and details."""
    openings, page, details = told
    return Story(query, coverage, openings, details, transport, port, page)


def updated(state="updated", added=0, removed=0, changed=0, note=""):
    """What app.update.update answers."""
    return UpdateResult(state, "2026-11-20", 14_499, "/home/x/hb/iana.tsv", NOW, added, removed, changed, note)


def service(name, pid, exe, package, *, unit="", user="root", age=40 * DAY, comm=""):
    """An ordinary daemon of a package, started by its unit."""
    unit = unit or f"{name}.service"
    return Owner(
        pid,
        comm or exe.rsplit("/", 1)[-1][:15],
        exe,
        cmdline=(exe, "-D"),
        uid=0 if user == "root" else 999,
        user=user,
        started_at=NOW - age,
        unit=unit,
        parents=(Ancestor(1, "systemd", NOW - 41 * DAY, ("/sbin/init",)),),
        origin=Origin("service", unit),
        package=Package(package, "1:9.2p1-2", "dpkg", verified=True),
        holds=(Hold("fd", "3"),),
    )


def opening(port, owner=None, *, transport="tcp", scope="public", **more):
    """A listener; addresses follow the scope unless they are given."""
    addresses = {"public": EVERY, "loopback": ("127.0.0.1",), "private": ("10.0.0.5",), "link": ("169.254.7.7",)}[scope]
    kind = "bound" if transport == "udp" else "listener"
    defaults = {
        "kind": kind,
        "addresses": addresses,
        "families": BOTH if scope == "public" else BOTH[:1],
        "netns": HOME,
        "owners": (owner,) if owner else (),
        "uid": 0,
        "user": "root",
        "inodes": (10_000 + (port or 0),),
        "verdict": Judgement(),
    }
    return Opening(transport=transport, port=port, scope=scope, **{**defaults, **more})


BACKDOOR_OWNER = Owner(
    4117,
    "kworker/u8:1",
    "/dev/shm/.x",
    "deleted",
    ("kworker/u8:1",),
    0,
    "root",
    NOW - 182,
    "cron.service",
    None,
    (
        Ancestor(4116, "sh", NOW - 184, ("/bin/sh", "-c", "/dev/shm/.x")),
        Ancestor(4110, "cron", NOW - 185, ("/usr/sbin/CRON", "-f")),
        Ancestor(611, "cron", NOW - 40 * DAY, ("/usr/sbin/cron", "-f")),
    ),
    Origin("cron", "cron.service", "root", "", NOW - 184),
    None,
    None,
    None,
    (Hold("fd", "3"), Hold("thread", "4120, fd 5")),
)
BACKDOOR = opening(
    1703,
    BACKDOOR_OWNER,
    registered=(Registered("hb-engine", "hb-engine"),),
    verdict=Judgement(
        "critical",
        (
            Reason(
                "deleted-executable",
                "critical",
                "runs a deleted file from /dev/shm",
                ("/proc/4117/exe -> /dev/shm/.x (deleted)",),
                "keep /proc/4117/exe before the process ends",
            ),
            Reason("unpackaged-in-writable-path", "high", "its executable belongs to no package"),
            Reason("disguised-name", "high", "names itself like a kernel thread and is none", ("comm kworker/u8:1",)),
        ),
    ),
)
DETAILS = {
    BACKDOOR.key: {
        "size": "48 KiB",
        "sha256": "9f31" * 16,
        "unit file": "/lib/systemd/system/cron.service, package cron",
        "firewall": "lets every source in (inet filter input, policy accept)",
        "queue": "128 connections may wait",
    }
}
REDIS = opening(
    6379,
    service("redis-server", 820, "/usr/bin/redis-check-rdb", "redis-tools", user="redis", comm="redis-server", age=400),
    registered=(Registered("redis", "An advanced key-value cache and store"),),
    verdict=Judgement(
        "high",
        (
            Reason(
                "private-service-exposed",
                "high",
                "a private service by nature, open to everyone",
                ("registered as redis", "bound to 0.0.0.0 and ::"),
                "bind it to 127.0.0.1 in /etc/redis/redis.conf, then systemctl restart redis-server",
            ),
        ),
    ),
)
SSH = opening(22, service("ssh", 712, "/usr/sbin/sshd", "openssh-server"), registered=(Registered("ssh"),))
HTTPS = opening(
    443,
    service("nginx", 900, "/usr/sbin/nginx", "nginx"),
    owners=(
        service("nginx", 900, "/usr/sbin/nginx", "nginx"),
        service("nginx", 901, "/usr/sbin/nginx", "nginx", user="www-data"),
        service("nginx", 902, "/usr/sbin/nginx", "nginx", user="www-data"),
    ),
    registered=(Registered("https", "http protocol over TLS/SSL"),),
)
DHCP = opening(
    68,
    service("networking", 500, "/usr/sbin/dhclient", "isc-dhcp-client"),
    transport="udp",
    scope="link",
    registered=(Registered("bootpc"),),
)
POSTGRES = opening(
    5432,
    service("postgresql@15-main", 840, "/usr/lib/postgresql/15/bin/postgres", "postgresql-15", user="postgres"),
    scope="loopback",
    registered=(Registered("postgresql"),),
)
CLIENT = opening(40123, service("chrony", 510, "/usr/sbin/chronyd", "chrony"), transport="udp", ephemeral=True)
IDLE = opening(8009, service("idle", 511, "/usr/bin/idle", "idle"), kind="bound", scope="loopback")
VXLAN = opening(4789, transport="udp", kind="kernel", unowned=Unowned("kernel", "VXLAN device vx0"))
TAP = opening(
    None,
    service("dump", 3000, "/usr/bin/tcpdump", "tcpdump", user="tcpdump"),
    transport="packet",
    kind="tap",
    interface="eth0",
    addresses=(),
    families=(),
)
WEBBOX = opening(
    8080,
    Owner(
        2200,
        "node",
        "/usr/local/bin/node",
        cmdline=("node", "/app/server.js"),
        uid=1000,
        user="1000",
        started_at=NOW - 3 * DAY,
        unit="docker-3f1c.scope",
        container=Container("docker", "3f1c09ab2d11aa", "shop", "registry.example/shop:4", ""),
        script="/app/server.js",
        origin=Origin("container", "shop"),
    ),
    scope="private",
    netns=Netns(4026532500, "shop", "container"),
    addresses=("172.17.0.3",),
)

LOOK = Inventory(HOST, NOW, ROOT, (SSH, DHCP, HTTPS, BACKDOOR, VXLAN, POSTGRES, REDIS, IDLE, WEBBOX, CLIENT, TAP))
QUIET = Inventory(HOST, NOW, ROOT, (SSH, HTTPS, POSTGRES))


def unprivileged(look=LOOK):
    """The same machine as nobody sees it: no owner, units by cgroup."""
    blind = tuple(
        replace(
            o,
            owners=(),
            unit=o.owners[0].unit,
            container=o.owners[0].container,
            unowned=Unowned("not-permitted", "the holder's descriptors are not yours to read"),
        )
        if o.owners
        else o
        for o in look.openings
    )
    return Inventory(look.host, look.taken_at, NOBODY, blind)


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J",
    "two\nlines\r\tand tab",
    "txt.\u202egpj.exe",
    "zero\u200bwidth\u2066\u2069",
    "byte\udcff\udc80",
    "\u9b54\u738b\U0001f525" * 3,
    "a" * 4096,
    "e" + "\u0301" * 40,
    "\u3164",
    "`rm -rf /`; $(id)'\"",
    "\x9b31m",
)


def hostile_look():
    """Each hostile text as name, executable, command line, unit, user, interface and reason."""
    openings = []
    for index, text in enumerate(HOSTILE):
        owner = Owner(
            100 + index, text, "/" + text, "deleted", (text, text), 0, text, NOW - 5, text + ".service", None,
            (Ancestor(1, text, NOW, (text,)),),
            Origin("login", text, text, text), Package(text, text, text, None, text),
            text, None, (Hold(text, text),),
        )  # fmt: skip
        reason = Reason(text, "critical", text, (text,), text)
        openings.append(
            opening(2000 + index, owner, interface=text, notes=(text,), registered=(Registered(text, text),),
                    verdict=Judgement("critical", (reason,)), netns=Netns(7, text, "named"))
        )  # fmt: skip
    gap = Gap(HOSTILE[0], HOSTILE[1], HOSTILE[2])
    return Inventory(Host(HOSTILE[0], HOSTILE[1]), NOW, Coverage(False, HOSTILE, (gap,)), tuple(openings))


HB = Assignment(
    "hb-engine", "tcp", 1703, 1703, "hb-engine", "[Charles_C_L_Chou]", "[Charles_C_L_Chou]",
    as_of="2026-09-17", details_as_of="2015-07-24",
)  # fmt: skip
PAGE = PortPage(
    1703,
    PortRange("user", 1024, 49151, privileged=False, ephemeral=False, detail="/proc/sys/net/ipv4/ip_local_port_range"),
    (HB, replace(HB, transport="udp")),
    (
        Threat("Exploiter", "tcp", 1703, 1703, "trojan", "listen", "medium", "http://www.simovits.com/trojans/trojans.html",
               "windows", "", "three lists that copy one another"),
    ),
    (replace(HB, name="deskshare", first=1702, last=1702), replace(HB, name="bcs-broker", first=1704, last=1704)),
    "2026-09-17",
    "packaged",
)  # fmt: skip
HTTP = Assignment(
    "http", "tcp", 80, 80, "World Wide Web HTTP", "[IESG]", "[IETF_Chair]", "", "2021-10-01", ("RFC9110",),
    as_of="2026-09-17", details_as_of="2015-07-24",
)  # fmt: skip
PAGE_80 = PortPage(
    80,
    PortRange("system", 0, 1023, privileged=True, ephemeral=False, detail="ip_unprivileged_port_start"),
    (
        HTTP,
        replace(HTTP, transport="udp"),
        replace(HTTP, transport="sctp", references=("RFC9260",)),
        replace(HTTP, name="www", status="alias", alias_of="http", notes='This is a duplicate of the "http" service.'),
        replace(HTTP, name="www-http", status="alias", alias_of="http"),
        Assignment("", None, 79, 81, "Reserved", status="reserved", unauthorized="Unauthorized Use Known on port 80"),
    ),
    tuple(
        Threat(f"Trojan {n}", "tcp", 80, 80, "trojan", ("listen", "outbound", "scan")[n % 3], "medium", "a list")
        for n in range(15)
    ),
)  # fmt: skip
DYNAMIC = PortPage(
    50000, PortRange("dynamic", 49152, 65535, privileged=False, ephemeral=True, detail="ip_local_port_range"), (), ()
)
PRESSURE = tuple(Pressure(f"2026-11-{day:02d}", day * 20 % 97, 84 if day % 3 else None, 41) for day in range(1, 22))
ATTRIBUTION = "SANS Technology Institute, Internet Storm Center, https://isc.sans.edu"


class App:
    """The functions of app, each replaceable, each call remembered in `asked`."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.answers: dict[str, Any] = {
            "look": lambda *_, **__: LOOK,
            "again": lambda _, openings, __: tuple(openings),
            "page": lambda text: Found(text, PAGE, openings=(BACKDOOR,), coverage=ROOT),
            "pressure": lambda *_: (PRESSURE, ATTRIBUTION),
            "why": lambda text, *, ask: heard(story(text, "tcp", 1703, ROOT, (BACKDOOR,), PAGE, DETAILS), ask),
            "update": lambda *_: updated("updated", 340, 2, 17),
        }

    def through(self, name):
        """A function that calls the answer of this moment."""

        def call(*words, **named):
            self.asked.append((name, words, named))
            return self.answers[name](*words, **named)

        return call


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


class Pipe(io.StringIO):
    """A stream that is none."""

    encoding = "utf-8"


class Full(Pipe):
    """A disk that is full."""

    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")


class Gone(Pipe):
    """A pipe whose reader has left."""

    def write(self, text):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def output(stdout=None, stderr=None, *, size=(80, 24), now=NOW, **environment):
    """An Output on streams of this kit."""
    stdout = Pipe() if stdout is None else stdout
    return Output(stdout, stderr or Pipe(), {"TERM": "xterm", **environment}, now=now, size=lambda: size)


def said(document, width=None, **more):
    """A document as text: plain, or as a terminal of a width shows it, without colour."""
    if width is None:
        return plain.render(document, **more)
    return pretty.render(document, width, colour=False, **more)


def is_safe(text):
    """Whether a text holds no character that a terminal would obey or a reader would misread."""
    return all(c == "\n" or (c.isprintable() and c not in INVISIBLE) for c in text)


def golden(name, text):
    """Compare with tests/faces/golden/NAME; with HB_UPDATE_GOLDEN=1 in the environment, write it instead."""
    path = os.path.join(os.path.dirname(__file__), "golden", name)
    if os.environ.get("HB_UPDATE_GOLDEN"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        assert text == file.read(), f"{name} changed; look at the difference, then run with HB_UPDATE_GOLDEN=1"

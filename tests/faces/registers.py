"""Registers made by hand of rules and reports: an ordinary one of a few machines, an empty one, a hostile one."""

from __future__ import annotations

from tests.faces import judged
from tests.faces.kit import DAY, HOST, NOBODY, NOW, ROOT, SSH, opening

from hb_engine.app.ruling.register import register
from hb_engine.model.baseline import Baseline, Listen, Rule, Speaks, Where
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace
from hb_engine.model.report import Held, Report, Verdict

ACCEPTED = int(NOW - 40 * DAY)
DUE = int(NOW + 140 * DAY)


def tcp(port, scope="public", last=0, **more):
    """A place on TCP."""
    text = f"tcp/{port}{f'-{last}' if last else ''} on {scope}"
    return Listen("tcp", port, last or port, scope=scope, text=text, **more)


def rule(name, *listen, kind="allow", file="web.toml", line=1, **more):
    """A rule that somebody stands for."""
    given = {"why": "Shop front end", "owner": "team-web", "accepted": ACCEPTED, "review": DUE, **more}
    return Rule(kind, name, listen, where=Where(f"hb.d/{file}", line, 1), **given)


RULES = (
    rule(
        "web-https",
        tcp(443),
        kind="require",
        line=3,
        by_text="unit:nginx.service and pkg:nginx",
        speaks=Speaks(("https",), "1.2", (("san", "*.shop.example"),), text="https tls>=1.2 cert:san=*.shop.example"),
    ),
    rule("web-http", tcp(80), line=12, why="Redirects to HTTPS; answers ACME challenges", by_text="unit:nginx.service"),
    rule(
        "ssh-admin",
        tcp(22),
        file="admin.toml",
        line=2,
        why="Administration",
        owner="sre",
        sources=("net:10.20.0.0/16", "host:bastion-1"),
        by_text="pkg:openssh-server",
    ),
    rule(
        "metrics",
        tcp(9100, "private"),
        Listen("tcp", 9113, 9113, scope="private", text="tcp/9113 on private"),
        file="admin.toml",
        line=10,
        why="Metrics for capacity and alerting",
        owner="sre",
        sources=("net:10.20.0.0/16",),
    ),
    rule(
        "shop-db",
        tcp(5432, "private"),
        file="db.toml",
        why="Orders of the shop",
        owner="team-data",
        review=int(NOW - 20 * DAY),
        by_text="unit:postgresql@*.service",
    ),
    rule(
        "old-ftp",
        tcp(21),
        file="partners.toml",
        why="Price lists of two partners who know nothing newer",
        owner="team-buying",
        until=int(NOW + 30 * DAY),
    ),
    rule(
        "snmp",
        Listen("udp", 161, 161, scope="private", text="udp/161 on private"),
        file="admin.toml",
        line=30,
        why="Monitoring of the rack",
        owner="sre",
        sources=("net:10.20.7.0/24",),
    ),
    rule(
        "time",
        Listen("udp", 323, 323, scope="loopback", text="udp/323 on loopback"),
        file="pack debian",
        why="chronyc",
        owner="",
        accepted=None,
        review=None,
        pack="debian",
    ),
    rule(
        "rpc",
        Listen("tcp", 0, 65535, "ephemeral", scope="private", text="tcp/ephemeral on private"),
        file="db.toml",
        line=20,
        why="Replication picks its ports",
        owner="team-data",
        by_text="unit:replicator.service",
    ),
    rule("debug", tcp(8000, last=8010), file="tmp.toml", why="", owner="alice", accepted=None, review=None),
    rule(
        "no-clear-text",
        Listen("tcp", 23, 23, text="tcp/23"),
        Listen("tcp", 512, 514, text="tcp/512-514"),
        kind="forbid",
        file="no.toml",
        why="Clear-text shells",
        owner="security",
    ),
    rule(
        "no-docker",
        tcp(2375, "private"),
        kind="forbid",
        file="no.toml",
        line=9,
        why="Root for whoever asks",
        owner="security",
    ),
    rule("long-gone", tcp(8443), file="tmp.toml", line=9, until=int(NOW - 3 * DAY)),
)
KEYS = {
    "web-https": ("tcp/public/443/unit:nginx.service/host",),
    "web-http": ("tcp/public/80/unit:nginx.service/host",),
    "ssh-admin": (SSH.key,),
    "metrics": ("tcp/private/9100/unit:node-exporter.service/host",),
    "old-ftp": ("tcp/public/21/unit:vsftpd.service/host",),
    "time": ("udp/loopback/323/unit:chrony.service/host",),
    "rpc": ("tcp/private/ephemeral/unit:replicator.service/host",),
    "snmp": ("udp/private/161/exe:/usr/sbin/snmpd/host",),
}
BASELINE = Baseline(RULES, files=("hb.d/admin.toml", "hb.d/web.toml"))


def held(*rules, keys=True):
    """How rules fared."""
    return tuple([Held(r.id, r.kind, r.where, r.owner, r.why, KEYS.get(r.id, ()) if keys else ()) for r in rules])


TELNET = opening(23, transport="tcp")
FORBIDDEN = Verdict(
    "forbidden",
    "drift",
    "critical",
    TELNET.key,
    "no-clear-text forbids it",
    "db-3",
    TELNET,
    "no-clear-text",
    Where("hb.d/no.toml", 1, 1),
    "security",
    "Clear-text shells",
)
WEB = Report(
    HOST,
    NOW - 2,
    ROOT,
    (judged.NEW, judged.WIDENED, judged.DEBT, judged.REVIEW, judged.ACCEPTED),
    11,
    6,
    12,
    "hb.d",
    held=held(*RULES),
)
DB = Report(
    Host("db-3", "Debian GNU/Linux 12 (bookworm)"),
    NOW - DAY,
    NOBODY,
    (FORBIDDEN, judged.WATCHED),
    5,
    3,
    8,
    "hb.d",
    "db-3.json",
    held=held(*RULES[2:], keys=True),
)
REGISTERED = {80: "http", 443: "https", 22: "ssh", 5432: "postgresql", 21: "ftp", 161: "snmp", 9100: "hp-pdl-datastr"}


def names(transport, port):
    """What this test's registry says."""
    return (REGISTERED[port],) if port in REGISTERED else ()


ONE = register((WEB,), BASELINE, NOW, names)
MANY = register(
    (WEB, DB, *[replace(DB, host=Host(f"db-{n}", ""), source=f"db-{n}.json", verdicts=()) for n in range(4, 12)]),
    BASELINE,
    NOW,
    names,
)
EMPTY = register((replace(judged.QUIET, held=()),), Baseline(), NOW, names)


def saying(text):
    """A register in which a text stands everywhere."""
    told = judged.told(text)
    listen = Listen("tcp", 80, 80, scope="public", interface=text, networks=(text,), text=text)
    rules = tuple(
        [
            Rule(
                kind,
                text,
                (listen,),
                None,
                Speaks((text,), text, ((text, text),), ((text, text),), text, text),
                (text,),
                text,
                text,
                int(NOW),
                int(NOW),
                None,
                where=Where(text, 1),
                by_text=text,
                pack=text,
            )
            for kind in ("allow", "forbid")
        ]
    )
    fared = tuple(
        [Held(text, each.kind, each.where, text, text, (text, f"tcp/public/1/{text}/host")) for each in rules]
    )
    report = replace(judged.saying(text), held=fared, verdicts=(told,))
    return register((report,), Baseline(rules), NOW, lambda *_: (text,))

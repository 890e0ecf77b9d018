"""A service that is meant for its own machine, or for a few known clients, is open to more.

Databases, caches, control sockets and displays trust whoever reaches them, or were never built to meet strangers. The
table says which, and how badly: `high` gives data or the machine away without a password, `medium` asks for one first.
It names no port that much else is served on. A firewall in front is not seen here; it makes this milder, and it is one
mistake away from not being there.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, milder, reach, reaches_others, who
from hb_engine.judge.naming import Service, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.judge.naming import Match
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "private-service-public",
    "high",
    "A service that is private by nature can be reached from other machines.",
    (
        "A firewall or a security group lets only its clients in.",
        "A cluster's own network, where its members must reach each other: narrow the bind to that interface.",
        "The port is used by something else: the match is by number where the program does not tell.",
    ),
)
ROOT = "whoever reaches it is root on this machine"
OPEN = "asks for no password unless told to"
ASKS = "asks for a password, and was not built to meet the Internet"
TALKS = "tells strangers about this machine, and takes part in floods against others"

SERVICES = Table(
    (
        Service("docker", "", tcp=(2375,), why=ROOT),
        Service("kubelet", "", tcp=(10255,), why="shows pods and their secrets without asking"),
        Service(
            "kubelet", "", tcp=(10250,), severity="medium", why="runs commands in pods for whom the cluster trusts"
        ),
        Service("etcd", "etcd", tcp=(2379, 2380), why="holds a cluster's secrets, and " + OPEN),
        Service("consul", "consul", why=OPEN),
        Service("nomad", "nomad", tcp=(4646, 4647), why="runs jobs, and " + OPEN),
        Service(
            "redis",
            "redis-server redis-sentinel valkey-server keydb-server dragonfly redis valkey",
            (6379, 26379),
            why=OPEN,
        ),
        Service("memcached", "memcached", tcp=(11211,), udp=(11211,), why="has no password, and multiplies floods"),
        Service("mongodb", "mongod mongos mongo", tcp=(27017, 27018, 27019), why=OPEN),
        Service("elasticsearch", "elasticsearch opensearch", tcp=(9200, 9300), why=OPEN),
        Service("cassandra", "cassandra scylla", tcp=(7199, 9042), why=OPEN),
        Service("couchdb", "couchdb", tcp=(5984,), severity="medium", why=ASKS),
        Service("zookeeper", "zookeeper", tcp=(2181,), why=OPEN),
        Service("kafka", "kafka", tcp=(9092,), severity="medium", why=OPEN),
        Service("hadoop", "", tcp=(9870, 50070), why="runs jobs, and " + OPEN),
        Service("spark", "", tcp=(7077,), why="runs jobs, and " + OPEN),
        Service("epmd", "epmd", tcp=(4369,), severity="medium", why="leads to Erlang nodes that share one cookie"),
        Service("nats", "nats-server", tcp=(4222,), severity="medium", why=OPEN),
        Service("influxdb", "influxd", tcp=(8086,), severity="medium", why=ASKS),
        Service("clickhouse", "clickhouse-server clickhouse", severity="medium", why=ASKS),
        Service("postgresql", "postgres postmaster postgresql", tcp=(5432,), severity="medium", why=ASKS),
        Service("mysql", "mysqld mariadbd mysql mariadb", tcp=(3306, 33060), severity="medium", why=ASKS),
        Service("ms-sql", "sqlservr", tcp=(1433,), udp=(1434,), severity="medium", why=ASKS),
        Service("oracle", "tnslsnr", tcp=(1521,), severity="medium", why=ASKS),
        Service("rabbitmq", "rabbitmq-server rabbitmq", tcp=(25672, 15672), severity="medium", why=ASKS),
        Service("adb", "adb adbd", tcp=(5037,), why="gives a shell to whoever connects"),
        Service("x11", "xorg xwayland xephyr xvfb", why="shows and types on the screen for strangers"),
        Service("vnc", "xvnc x11vnc wayvnc vino-server xtightvnc", (5900, 5901, 5902), severity="medium", why=ASKS),
        Service("rpcbind", "rpcbind portmap", tcp=(111,), udp=(111,), severity="medium", why=TALKS),
        Service("nfs", "nfsd", tcp=(2049,), udp=(2049,), severity="medium", why="trusts addresses, not people"),
        Service("rsync", "", tcp=(873,), severity="medium", why=OPEN),
        Service("microsoft-ds", "smbd", tcp=(445,), severity="medium", why="is the first thing that worms ask for"),
        Service("netbios-ssn", "", tcp=(139,), severity="medium", why="is the first thing that worms ask for"),
        Service("snmp", "snmpd", udp=(161,), severity="medium", why=TALKS),
        Service("ipmi", "", udp=(623,), why="gives the machine's hashes to strangers"),
        Service(
            "ipp", "cupsd cups-browsed", tcp=(631,), udp=(631,), severity="medium", why="takes printers from strangers"
        ),
        Service("jupyter", "jupyter-lab jupyter-notebook jupyter", severity="medium", why="runs code, and " + ASKS),
        Service("kube-proxy", "", tcp=(10249,), severity="medium", why="shows the cluster's routes without asking"),
    )
)
BEST = "bind it to loopback or to its clients' interface, or let only them through the firewall"


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    # In a container's own namespace only its neighbours reach it; what is published is an opening of the host's.
    match = SERVICES.match(opening) if reaches_others(opening) and opening.netns.kind != "container" else None
    if match:
        yield _reason(facts, match)


def _reason(facts: Facts, match: Match) -> Reason:
    opening, service = facts.opening, match.service
    severity = by_scope(opening, service.severity)
    to = "everyone" if reach(opening) == "public" else "private networks"
    return RULE.reason(
        f"{'' if match.certain else 'perhaps '}{service.name}, a private service, open to {to}",
        f"{service.name} {service.why}",
        match.by,
        who(opening.owners) if opening.owners else "",
        remedy=BEST,
        severity=severity if match.certain else milder(severity),
    )

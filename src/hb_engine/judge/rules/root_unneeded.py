"""A server runs as root whose kind does not need to.

What is found in it, or in a library under it, is then root's on this machine. Databases and caches come with a user of
their own in every distribution; application servers need none of root's rights. A server that takes a port below 1024
and then becomes somebody else keeps a root process beside its workers: where any owner is not root, nothing is said.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, by_scope, milder, quote, serves_others, who, words
from hb_engine.judge.naming import owner_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "root-unneeded",
    "medium",
    "A server that needs no rights of root runs as root and can be reached from other machines.",
    (
        "An agent that manages the machine and happens to be written in Node, Java or Ruby.",
        "A server that reads a private key as root first and was looked at before it became somebody else.",
    ),
)
# Their packages bring a user, and their manuals tell to use it.
OWN_USER = words(
    "mysqld mariadbd postgres mongod mongos redis-server redis-sentinel valkey-server keydb-server memcached couchdb"
    " influxd etcd nats-server clickhouse-server rabbitmq-server cassandra zookeeper kafka elasticsearch opensearch"
    " grafana grafana-server prometheus alertmanager node_exporter prometheus-node-exporter loki vault consul gitea"
    " forgejo minio mosquitto solr jenkins tomcat squid privoxy tor unbound named slapd"
)
# They run somebody's application; what that is, only its path tells.
APPLICATIONS = words(
    "node nodejs bun deno java gunicorn uvicorn hypercorn daphne waitress-serve uwsgi puma unicorn passenger rails thin"
    " dotnet kestrel flask werkzeug streamlit jupyter-lab jupyter-notebook jupyter-server code-server"
)


def judge(facts: Facts) -> Iterator[Reason]:
    opening, owners = facts.opening, facts.opening.owners
    if not owners or owners[0].uid != 0 or opening.kind == "activation" or not serves_others(opening):
        return
    own = [name for owner in owners for name in owner_names(owner) if name in OWN_USER]
    applications = [name for owner in owners for name in owner_names(owner) if name in APPLICATIONS]
    if not own and not applications:
        return
    if any(owner.uid != 0 or owner.container for owner in owners):  # a uid that was not read is no evidence
        return
    name = (own or applications)[0]
    low = opening.port is not None and opening.port < 1024
    severity = by_scope(opening, "medium" if own else "low")
    yield RULE.reason(
        f"{name} runs as root, which it does not need",
        f"{who(owners)}: {quote(' '.join(owners[0].cmdline)) or name}",
        "it takes a port below 1024, for which CAP_NET_BIND_SERVICE is enough" if low else "",
        remedy="give its unit a user of its own (User=, DynamicUser=yes)"
        + (" and AmbientCapabilities=CAP_NET_BIND_SERVICE" if low else ""),
        severity=severity if own or not low else milder(severity),
    )

"""Orders for generators, made by hand: an ordinary one, an empty one, one of odd places, and hostile ones."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.faces import judged
from tests.faces.kit import DAY, NOW

from hb_engine.app.ruling.generate import Order
from hb_engine.model.baseline import All, AnyOf, Is, Listen, Not, Rule, Speaks, Where
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

WHERE = Where("hb.d/web.toml", 3, 1)
HOST = Host(
    "web-17",
    "Debian",
    addresses=("10.0.0.5", "198.51.100.7", "fd00::5", "2001:db8::5", "fe80::5%eth0"),
    local_ports=(40000, 50000),
)


def rule(name, *listen, kind="allow", **more):
    """A rule with a reason and an owner."""
    return Rule(kind, name, listen, **{"why": "Shop", "owner": "team-web", "where": WHERE, **more})


def at(transport, first, last=0, scope="public", **more):
    """A place, with the text that it would be written as."""
    return Listen(transport, first, last or first, scope=scope, text=f"{transport}/{first} on {scope}", **more)


HTTPS = rule(
    "web-https",
    at("tcp", 443),
    at("udp", 443),
    kind="require",
    by=All((Is("unit", "nginx.service"), Is("pkg", "nginx"))),
    by_text="unit:nginx.service and pkg:nginx",
    speaks=Speaks(("https",), "1.2", text="https tls>=1.2"),
)
SSH = rule("ssh", at("tcp", 22), sources=("net:10.20.0.0/16", "net:fd00:20::/32"))
METRICS = rule(
    "metrics",
    at("tcp", 9100, scope="private"),
    by=Is("unit", "node-exporter"),
    by_text="unit:node-exporter",
    sources=("net:10.20.0.0/16", "host:prometheus-1"),
)
LOCAL = rule(
    "local-db", at("tcp", 5432, scope="loopback"), by=Is("unit", "postgresql@*.service"), by_text="unit:postgresql@*"
)
DHCP = rule("dhcp", at("udp", 68, scope="link", interface="eth0"))
EPHEMERAL = rule(
    "rpc",
    Listen("tcp", 0, 65535, "ephemeral", "private"),
    by=AnyOf((Is("unit", "rpc.service"), Is("exe", "/usr/bin/rpc"))),
)
CONTAINER = rule("shop", at("tcp", 8080, netns="container"))
RAW = rule("ping", Listen("raw", place="any"))
OWN = rule("own-net", at("tcp", 8443, networks=("10.0.0.0/8", "fd00::/8")))
NO_TELNET = rule("no-telnet", Listen("tcp", 23, 23, text="tcp/23"), kind="forbid")
NO_DOCKER = rule("no-docker", at("tcp", 2375, 2376, scope="private"), kind="forbid")
NO_APACHE = rule(
    "no-apache", at("tcp", 8080), kind="forbid", by=Is("unit", "apache2.service"), by_text="unit:apache2.service"
)
ENDED = rule("debug", at("tcp", 8000), until=int(NOW - DAY))
RULES = (NO_TELNET, NO_DOCKER, NO_APACHE, HTTPS, SSH, METRICS, LOCAL, DHCP, EPHEMERAL, CONTAINER, RAW, OWN, ENDED)
ORDER = Order(RULES, HOST, ("web",), (("metrics", "night"),), NOW, baseline="hb.d", version="1.2.3")
CLOSED = replace(ORDER, closed=True)
EMPTY = Order((), version="1.2.3")
ODD = Order(
    (
        rule("", at("any", 53)),
        rule("a" * 300, at("sctp", 36412), at("dccp", 5001), at("udplite", 7), at("vsock", 1), at("packet", 2)),
        rule("everything", Listen("any", place="any")),
        rule("all-tcp", Listen("tcp", place="any"), by=Not(Is("unit", "x.service"))),
        rule(
            "patterns", at("tcp", 1, interface="eth*"), at("tcp", 2, interface="e?h0"), at("tcp", 3, interface="a" * 20)
        ),
        rule("impossible", Listen("tcp", 70000, 80000), Listen("tcp", 9, 1), Listen("tcp", -5, 2)),
        rule("no-udp", Listen("udp", place="any", text="udp/any"), kind="forbid"),
        rule("public-only", at("any", 111), kind="forbid"),
        rule("odd-sources", at("tcp", 5), sources=("net:not a net", "host:10.1.1.1", "host:fd00::1", "any-thing")),
        rule("nobody", at("tcp", 6), sources=("host:unknown",)),
        rule(
            "units",
            at("tcp", 7),
            by=AnyOf(
                (
                    Is("unit", "*.service"),
                    Is("unit", "../../x.service"),
                    Is("unit", "b.socket"),
                    Is("unit", "c.slice"),
                    Is("unit", "d.mount"),
                )
            ),
        ),
    ),
    Host("odd", "", addresses=("127.0.0.1", "not an address", "fe80::1%eth0")),
    version="1.2.3",
)


def saying(text):
    """An order in which a text stands everywhere."""
    listen = Listen("tcp", 80, 81, scope="public", interface=text, networks=(text,), text=text)
    plain = Listen("tcp", 80, 81, text=text)
    rules = tuple(
        [
            Rule(
                kind,
                text,
                (plain, listen, replace(listen, scope="private", networks=("10.0.0.0/8", text), interface="")),
                Is("unit", text) if by else None,
                Speaks((text,), text, text=text) if by else None,
                (f"net:{text}", f"host:{text}", text, "net:10.0.0.0/8"),
                text,
                text,
                where=Where(text, 1),
                by_text=text,
            )
            for kind in ("forbid", "require", "allow")
            for by in (False, True)
        ]
    )
    ended = replace(rules[-1], until=1)
    host = Host(text, text, addresses=(text, "10.0.0.5"))
    return Order((*rules, ended), host, (text,), ((text, text),), NOW, closed=True, baseline=text, version="1.2.3")


LARGE = Order(
    tuple(
        [rule(f"service-{n}", at("tcp", 1000 + 7 * n)) for n in range(1000)]
        + [rule("many", at("tcp", 3), sources=tuple([f"net:2001:db8:{n:x}::/48" for n in range(200)]))]
    ),
    Host("large", "", addresses=tuple([f"2001:db8:0:0:0:0:0:{n:x}" for n in range(1, 200)])),
    closed=True,
    version="1.2.3",
)
ALL = {
    "ordinary": ORDER,
    "closed": CLOSED,
    "empty": EMPTY,
    "odd": ODD,
    "odd closed": replace(ODD, closed=True),
}
SYNTAX = (
    *(
        'x"; drop',
        "x\\",
        "eth0 accept",
        "10.0.0.0/8 }",
        "\n\ttcp dport 1-65535 accept",
        "# x",
        "[Service]",
        "ExecStart=/bin/sh",
    ),
    *("$HOME_NET", ");sid:1;", "%s%n", "\rSocketBindAllow=any", "@load evil", "\u2028accept", "a.service", "-.slice"),
    *("..service", "ff00::%1", "eth*", "10.0.0.1", "fd00::1"),
)
texts = judged.anything | judged.surrogates | st.sampled_from(SYNTAX)

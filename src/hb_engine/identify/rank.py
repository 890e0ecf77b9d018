"""In which order unknown ports are asked: what the number suggests, then how common a protocol is on other ports.

The list is an order, not a register: a probe that is missing here comes after those that are named, by its own name.
It was put together from what administrators run on ports of their own choice; nothing depends on it but time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.identify.kit import Probe
    from hb_engine.identify.loading import Library, Module

# By nmap's service names. Protocols that a GET makes speak come late: they are found by their hints already.
ORDER = (
    *("postgresql", "microsoft-ds", "ldap", "mqtt", "ms-wbt-server", "domain", "mongodb", "redis", "memcached"),
    *(
        "amqp",
        "rpcbind",
        "sip",
        "rtsp",
        "kafka",
        "cassandra-native",
        "ms-sql-s",
        "oracle-tns",
        "bolt",
        "java-rmi",
        "ajp13",
    ),
    *("socks5", "iscsi", "X11", "zookeeper", "nfs", "mountd", "netbios-ssn", "epmd", "git", "jabber"),
    *("zabbix-agent", "nrpe", "gearman", "beanstalkd", "finger", "ident", "whois", "gopher", "openvpn", "pptp"),
)
COMMON_UDP = (
    "domain",
    "snmp",
    "ntp",
    "sip",
    "stun",
    "coap",
    "rpcbind",
    "openvpn",
    "L2TP",
    "isakmp",
    "kerberos-sec",
    "tftp",
    "murmur",
    "netbios-ns",
    "ldap",
    "dtls",
    "memcached",
    "quic",
)  # what else is met on ports of one's own choice
NEAR = 10


def near(port: int, homes: Iterable[int]) -> bool:
    """Whether a port's number suggests a protocol's own: 5433, 15432 and 54321 do of 5432, as people choose them."""
    for home in homes:
        digits, own = str(port), str(home)
        if abs(port - home) <= NEAR or (len(own) >= 2 and (digits.endswith(own) or digits.startswith(own))):
            return True
    return False


def moved(library: Library, port: int) -> list[Module]:
    """The probes of COMMON_UDP, those first that the number of a port suggests."""
    found = [module for name in COMMON_UDP for module in library.named(name) if module.probe.udp]
    return sorted(dict.fromkeys(found), key=lambda module: not near(port, module.probe.udp))


def place(probe: Probe, port: int) -> tuple[int, int, str]:
    """The place of a probe in the order for a port, to sort by."""
    known = ORDER.index(probe.name) if probe.name in ORDER else len(ORDER)
    return (0 if near(port, probe.tcp + probe.tls) else 1, known, probe.name)


def ordered(modules: Iterable[Module], port: int) -> list[Module]:
    """Modules, most likely first."""
    return sorted(modules, key=lambda module: place(module.probe, port))

"""What an ordinary machine runs is quiet under all rules at once; what an intruder leaves is not.

A judge that cries wolf is switched off, so this table is the one to extend first when a user says "that is normal".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

import pytest
from tests.judge.builders import BOX, NOW, answer, certificate, opening, owner, package, stray, threat, tls

from hb_engine.app.looking.look import rule_names
from hb_engine.judge import kit
from hb_engine.judge.judgement import judge_inventory
from hb_engine.model.answer import Answer
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import Origin
from hb_engine.model.record import replace

RULES = kit.load(rule_names())
DAY = 86400
POD = Netns(4026532600, "shop-cache-1", "container")


def udp(port: int, *owners: Owner, **changes: Any) -> Opening:
    return opening(port, *owners, **{"transport": "udp", "kind": "bound", **changes})


def tap(*owners: Owner, **changes: Any) -> Opening:
    return opening(None, *owners, **{"kind": "tap", "transport": "packet", "interface": "eth0", **changes})


WEB = replace(BOX, name="shop-web-1", image="docker.io/library/nginx:1")
SSHD = owner(
    "/usr/sbin/sshd",
    cmdline=("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",),
    unit="ssh.service",
    package=package("openssh-server"),
)
NGINX = owner(cmdline=("nginx: master process /usr/sbin/nginx -g daemon on; master_process on;",), unit="nginx.service")
WORKERS = [replace(NGINX, pid=pid, uid=33, user="www-data", cmdline=("nginx: worker process",)) for pid in range(8)]
SYSTEMD = owner("/usr/lib/systemd/systemd", pid=1, comm="systemd", cmdline=("/sbin/init",))
RESOLVED = owner("/usr/lib/systemd/systemd-resolved", uid=101, user="systemd-resolve", unit="systemd-resolved.service")
POSTGRES = owner(
    "/usr/lib/postgresql/15/bin/postgres",
    cmdline=("/usr/lib/postgresql/15/bin/postgres", "-D", "/var/lib/postgresql/15/main"),
    uid=110,
    user="postgres",
    unit="postgresql@15-main.service",
)
AVAHI = owner("/usr/sbin/avahi-daemon", cmdline=("avahi-daemon: running [web-17.local]",), uid=105, user="avahi")
JAVA = owner(
    "/usr/lib/jvm/java-17-openjdk-amd64/bin/java",
    cmdline=("/usr/bin/java", "-jar", "/usr/share/jenkins.war"),
    uid=112,
    user="jenkins",
    unit="jenkins.service",
)
EXPORTER = owner("/usr/bin/prometheus-node-exporter", uid=113, user="prometheus")
PING = owner("/usr/bin/ping", uid=1000, user="ann", origin=Origin("login", "sshd session 3", "ann", "192.0.2.7"))
PUBLISHED = Unowned("kernel", "nftables ip nat DOCKER")
CUPS = owner("/usr/sbin/cupsd", unit="cups.service")

ORDINARY = {
    "sshd": opening(22, SSHD, families=("ipv4", "ipv6"), addresses=("0.0.0.0", "::")),
    "sshd by socket activation": opening(22, SYSTEMD, unit="ssh.socket"),
    "nginx http": opening(80, NGINX, *WORKERS),
    "nginx https": opening(443, NGINX, *WORKERS),
    "apache": opening(8081, owner("/usr/sbin/apache2", unit="apache2.service")),
    "haproxy": opening(8443, owner("/usr/sbin/haproxy", uid=106, user="haproxy")),
    "caddy quic": udp(443, owner("/usr/bin/caddy")),
    "dhclient": udp(68, owner("/usr/sbin/dhclient")),
    "dhclient's packet socket": tap(owner("/usr/sbin/dhclient"), flags=("filter",)),
    "systemd-networkd's packet socket": tap(owner("/usr/lib/systemd/systemd-networkd"), flags=("filter",)),
    "systemd-networkd": udp(546, owner("/usr/lib/systemd/systemd-networkd"), scope="link", addresses=("fe80::1",)),
    "systemd-resolved": opening(53, RESOLVED, scope="loopback", addresses=("127.0.0.53",)),
    "systemd-resolved llmnr": udp(5355, RESOLVED),
    "systemd-timesyncd": udp(40123, owner("/usr/lib/systemd/systemd-timesyncd"), ephemeral=True),
    "chronyd": udp(123, owner("/usr/sbin/chronyd")),
    "postgres on loopback": opening(5432, POSTGRES, scope="loopback"),
    "redis on loopback": opening(6379, owner("/usr/bin/redis-server"), scope="loopback"),
    "mariadb on loopback": opening(3306, owner("/usr/sbin/mariadbd"), scope="loopback"),
    "docker-proxy": opening(8080, owner("/usr/bin/docker-proxy", package=package("docker-ce"))),
    "a container's redis in its own namespace": opening(
        6379, stray("/usr/local/bin/redis-server", container=BOX), netns=POD
    ),
    "a container's app in its own namespace": opening(3000, stray("/app/node", container=BOX), netns=POD),
    "avahi": udp(5353, AVAHI),
    "avahi by ephemeral port": udp(51234, AVAHI, ephemeral=True),
    "cups on loopback": opening(631, CUPS, scope="loopback"),
    "postfix": opening(25, owner("/usr/lib/postfix/sbin/master", cmdline=("/usr/lib/postfix/sbin/master", "-w"))),
    "exim on loopback": opening(25, owner("/usr/sbin/exim4"), scope="loopback"),
    "dovecot": opening(993, owner("/usr/sbin/dovecot")),
    "bind": opening(53, owner("/usr/sbin/named", uid=107, user="bind")),
    "bind's control channel": opening(953, owner("/usr/sbin/named"), scope="loopback"),
    "libvirt's dnsmasq": udp(53, owner("/usr/sbin/dnsmasq"), scope="private", addresses=("192.168.122.1",)),
    "rsyslog": udp(514, owner("/usr/sbin/rsyslogd")),
    "snmpd on loopback": udp(161, owner("/usr/sbin/snmpd"), scope="loopback"),
    "prometheus node exporter": opening(9100, EXPORTER),
    "jenkins": opening(8082, JAVA),
    "php-fpm on loopback": opening(9000, owner("/usr/sbin/php-fpm8.2"), scope="loopback"),
    "kube-apiserver": opening(
        6443, stray("/usr/local/bin/kube-apiserver", container=replace(BOX, image="kube-apiserver:v1"))
    ),
    "snap's lxd": opening(8444, stray("/snap/lxd/24322/bin/lxd")),
    "wireguard": udp(51820, owners=(), unowned=Unowned("kernel", "wireguard wg0"), kind="kernel"),
    "vxlan": udp(4789, owners=(), unowned=Unowned("kernel", "vxlan100"), kind="kernel"),
    "a user's ssh forward": opening(8888, owner("/usr/bin/ssh", uid=1000, user="ann"), scope="loopback"),
    "sshd after an update": opening(2222, replace(SSHD, exe_state="replaced")),
    "a container's published port": opening(
        8080,
        owners=(),
        unowned=PUBLISHED,
        kind="forward",
        container=WEB,
        notes=("leads to 172.17.0.2:80, container shop-web-1",),
    ),
    "a container on the host's network": opening(
        9101, stray("/bin/agent", container=WEB, origin=Origin("container", "agent"))
    ),
    "somebody's ping": opening(None, PING, kind="bound", transport="raw", protocol="icmp"),
    "systemd-networkd's icmp": opening(
        None, owner("/usr/lib/systemd/systemd-networkd"), kind="bound", transport="raw", protocol="ipv6-icmp"
    ),
    "chronyd's client": udp(39123, owner("/usr/sbin/chronyd", origin=Origin("cron", "crond")), ephemeral=True),
    "a desktop's own program": opening(
        27036, owner("/usr/bin/player", uid=1000, user="ann", origin=Origin("login", "session 2", "ann"))
    ),
    "a user's http.server on loopback": opening(
        8000,
        owner("/usr/bin/python3.11", cmdline=("python3", "-m", "http.server"), script="http.server"),
        scope="loopback",
    ),
    "mysqlx on loopback": opening(33060, owner("/usr/sbin/mysqld", uid=114, user="mysql"), scope="loopback"),
    "an unread owner": opening(111, owners=(), unowned=Unowned("not-permitted"), scope="loopback"),
}
MODERN = tls("TLSv1.2", "TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", certificate=certificate())
OWN = tls("TLSv1.3", certificate=certificate(self_signed=True))
LATER = tls("TLSv1.3", how="starttls", certificate=certificate(self_signed=True))
# What those say that are asked; who is not here was not, or said nothing that could be named.
SAID = {
    "sshd": answer("ssh", held="confirmed", info="Debian 2+deb12u3, protocol 2.0", proof="banner"),
    "nginx http": answer("http", held="confirmed", product="nginx", facts=(("server", "nginx"), ("status", "301"))),
    "nginx https": answer("http", held="confirmed", product="nginx", tls=MODERN),
    "apache": answer("http", held="confirmed", product="Apache httpd"),
    "haproxy": answer("http", held="confirmed", tls=MODERN),
    "systemd-resolved": answer("domain", held="confirmed", proof="nonce"),
    "postgres on loopback": answer("postgresql", held="confirmed", starttls="absent"),
    "redis on loopback": answer("redis", held="confirmed", evidence="+PONG"),
    "mariadb on loopback": answer("mysql", held="confirmed", starttls="absent"),
    "docker-proxy": answer("http", held="confirmed", product="Grafana"),
    "a container's redis in its own namespace": answer("redis", held="confirmed", evidence="+PONG"),
    "a container's app in its own namespace": answer("http", held="other-service", mismatch="registered as hbci"),
    "cups on loopback": answer("ipp", held="confirmed", product="CUPS", starttls="offered"),
    "postfix": answer("smtp", held="confirmed", starttls="offered", tls=LATER),
    "exim on loopback": answer("smtp", held="confirmed", starttls="absent", facts=(("authentication", "PLAIN"),)),
    "dovecot": answer("imap", held="confirmed", tls=MODERN),
    "bind": answer("domain", held="confirmed", facts=(("recursion", "available"),), proof="nonce"),
    "bind's control channel": Answer("tcp", 953, "open", "conn-accepted", held="silent"),
    "prometheus node exporter": answer(
        "http", held="other-service", mismatch="registered as hp-pdl-datastr, speaks http", product="Node Exporter"
    ),
    "jenkins": answer(
        "http", held="other-service", mismatch="registered as blackice-alerts, speaks http", guarded=True
    ),
    "php-fpm on loopback": answer("fastcgi", held="other-service", mismatch="registered as cslistener"),
    "kube-apiserver": answer("http", held="unregistered", product="Kubernetes API", tls=OWN),
    "snap's lxd": answer("http", held="unregistered", tls=OWN),
    "a user's ssh forward": answer("http", held="other-service", mismatch="registered as ddi-tcp-1, speaks http"),
    "sshd after an update": answer("ssh", held="other-service", mismatch="", info="protocol 2.0", proof="banner"),
    "a user's http.server on loopback": answer("http", held="other-service", mismatch="registered as irdmi"),
    "mysqlx on loopback": answer("mysqlx", held="confirmed", starttls="offered"),
}
PLANTED = {
    "a deleted file that plays kernel thread": (
        opening(
            1703, stray("/dev/shm/.x (deleted)", comm="kworker/u8:1", cmdline=("kworker/u8:1",), exe_state="deleted")
        ),
        "critical",
    ),
    "redis for everyone": (opening(6379, owner("/usr/bin/redis-server")), "high"),
    "an impostor on https": (opening(443, stray("/srv/.x"), inodes=(9,)), "high"),
    "a magic packet's reader": (
        tap(stray("/usr/lib/.d/udevd", cmdline=("/sbin/udevd", "-d")), flags=("filter",)),
        "high",
    ),
    "a shell behind netcat": (opening(31337, owner("/usr/bin/nc", cmdline=("nc", "-e", "/bin/sh"))), "high"),
    "a patched sshd": (opening(2022, replace(SSHD, package=package("openssh-server", verified=False))), "high"),
    "a socket of nobody": (opening(4444, owners=(), unowned=Unowned("not-found")), "high"),
    "a team's own server": (opening(8001, stray()), "medium"),
    "telnet": (opening(23, owner("/usr/sbin/in.telnetd")), "medium"),
    "a port that no list shows": (
        opening(4445, owners=(), unowned=Unowned("not-found"), flags=("hidden",)),
        "critical",
    ),
    "traffic that is led away": (
        opening(443, owners=(), unowned=PUBLISHED, kind="forward", notes=("leads to 192.0.2.9:443",)),
        "high",
    ),
    "a second sshd from a login": (
        opening(2022, replace(SSHD, unit=None, cmdline=("/tmp/.s", "-f", "/tmp/.c"), origin=Origin("login", "x"))),
        "high",
    ),
    "a listener in icmp": (
        opening(None, stray("/usr/lib/.d/pd"), kind="bound", transport="raw", protocol="icmp"),
        "medium",
    ),
}
TELLING = {
    "docker for everyone": (
        opening(4243, addresses=("192.0.2.7",)),
        answer("docker", evidence="ApiVersion 1.43"),
        "critical",
    ),
    "a proxy behind sshd's name": (opening(2022, SSHD), answer("socks5", info="no authentication"), "high"),
    "ssh on the web's port": (
        opening(443, JAVA),
        answer("ssh", held="other-service", mismatch="registered as https, speaks ssh"),
        "medium",
    ),
    "SSL 3": (opening(8443), answer("http", tls=tls("SSLv3", "TLSv1")), "high"),
    "last year's certificate": (
        opening(8443),
        answer("http", tls=tls("TLSv1.3", certificate=certificate(not_before=NOW - 400 * DAY, not_after=NOW - DAY))),
        "high",
    ),
    "telnet on a number of its own": (opening(4223), answer("telnet"), "medium"),
}


def judged(*openings: Opening, **known: Any) -> tuple[Any, ...]:
    """The openings of one machine, each of whose ports some old list names."""
    host = Host("web-17", "Debian 12", local_ports=(32768, 60999))
    machine = Inventory(host, float(NOW), Coverage(privileged=True, sources=("dpkg",)), openings)
    listed = lambda transport, port: [threat(transport=transport, first=port, last=port)]  # noqa: E731
    return judge_inventory(machine, RULES, listed, **known)


def heard() -> dict[str, Answer]:
    """What the ordinary machine says when it is asked, by key."""
    return {ORDINARY[name].key: said for name, said in SAID.items()}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_server_is_quiet(name):
    (it,) = judged(ORDINARY[name])
    assert it.verdict.word == "quiet", it.verdict.reasons


def test_all_of_them_on_one_machine_are_quiet():
    assert [it.verdict.reasons for it in judged(*ORDINARY.values()) if it.verdict.word != "quiet"] == []


@pytest.mark.parametrize("name", SAID)
def test_it_is_quiet_when_it_is_asked_too(name):
    (it,) = judged(ORDINARY[name], answers={ORDINARY[name].key: SAID[name]})
    assert it.verdict.word == "quiet", it.verdict.reasons


def test_all_of_them_are_quiet_when_all_are_asked_and_when_they_are_known_for_long_or_not():
    since = NOW - 400 * DAY
    for first in (since, NOW - 100 * DAY, NOW - DAY):
        known = {it.key: float(first) for it in ORDINARY.values()}
        found = judged(*ORDINARY.values(), answers=heard(), first_seen=known, looking_since=float(since))
        assert [it.verdict.reasons for it in found if it.verdict.word != "quiet"] == []


@pytest.mark.parametrize("name", TELLING)
def test_what_an_answer_betrays_stands_out_among_them(name):
    it, said, severity = TELLING[name]
    found = judged(*ORDINARY.values(), it, answers={**heard(), it.key: said})[-1]
    assert found.verdict.severity == severity, found.verdict.reasons


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_opening_stands_out_among_them(name):
    it, severity = PLANTED[name]
    verdict = judged(*ORDINARY.values(), it)[-1].verdict
    assert verdict.severity == severity, verdict.reasons


def test_the_worst_of_the_sketch_has_every_reason_that_a_person_would_give():
    it, _ = PLANTED["a deleted file that plays kernel thread"]
    (found,) = judged(it)
    assert [(reason.rule, reason.severity) for reason in found.verdict.reasons] == [
        ("deleted-executable", "critical"),
        ("disguised-name", "high"),
        ("writable-path", "high"),
        ("threat-listed-unexpected", "medium"),
        ("unpackaged-public", "medium"),
    ]

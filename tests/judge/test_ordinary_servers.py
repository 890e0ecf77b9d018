"""What an ordinary machine runs is quiet under all rules at once; what an intruder leaves is not.

A judge that cries wolf is switched off, so this table is the one to extend first when a user says "that is normal".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

import os

import pytest
from tests.judge.builders import BOX, opening, owner, package, stray, threat

from hb_engine.judge import kit, rules
from hb_engine.judge.judgement import judge_inventory
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.record import replace

NAMES = [file[:-3] for file in os.listdir(rules.__path__[0]) if file.endswith(".py") and file[0] != "_"]
RULES = kit.load(NAMES)
POD = Netns(4026532600, "shop-cache-1", "container")


def udp(port: int, *owners: Owner, **changes: Any) -> Opening:
    return opening(port, *owners, **{"transport": "udp", "kind": "bound", **changes})


def tap(*owners: Owner, **changes: Any) -> Opening:
    return opening(None, *owners, **{"kind": "tap", "transport": "packet", "interface": "eth0", **changes})


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
JAVA = owner("/usr/lib/jvm/java-17-openjdk-amd64/bin/java", cmdline=("/usr/bin/java", "-jar", "/usr/share/jenkins.war"))
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
    "prometheus node exporter": opening(9100, owner("/usr/bin/prometheus-node-exporter")),
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
    "an unread owner": opening(111, owners=(), unowned=Unowned("not-permitted"), scope="loopback"),
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
}


def judged(*openings: Opening) -> tuple[Any, ...]:
    """The openings of one machine, each of whose ports some old list names."""
    machine = Inventory(Host("web-17", "Debian 12"), 0.0, Coverage(privileged=True, sources=("dpkg",)), openings)
    return judge_inventory(machine, RULES, lambda transport, port: [threat(transport=transport, first=port, last=port)])


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_server_is_quiet(name):
    (it,) = judged(ORDINARY[name])
    assert it.verdict.word == "quiet", it.verdict.reasons


def test_all_of_them_on_one_machine_are_quiet():
    assert [it.verdict.reasons for it in judged(*ORDINARY.values()) if it.verdict.word != "quiet"] == []


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

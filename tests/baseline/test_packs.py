"""Packs held against what real servers opened, and against what only looks like them.

packs/servers.json is what hb saw of servers of Debian 12 that were started in namespaces of their own, each in the unit
that its package has, told as openings of the host's own namespace; ports that only the test bed gave them are left out
(tools/record_servers.py).
"""

from __future__ import annotations

import os

import pytest
from tests.baseline.seen import opening, owner, pkg

from hb_engine.app.ruling.baseline import pack_names, pack_text, read
from hb_engine.baseline.deciding import conflicts
from hb_engine.baseline.deciding.decide import Decider
from hb_engine.model.baseline import All, AnyOf, Is
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace
from hb_engine.wire.inventory_json import read as read_inventory

with open(os.path.join(os.path.dirname(__file__), "packs", "servers.json"), encoding="utf-8") as file:
    SERVERS = read_inventory(file.read())
SYSTEMD = [name for name in pack_names() if name != "alpine"]
EVERYTHING = read([], packs=SYSTEMD)
ALPINE = read([], packs=["alpine"])
WIDER = {"loopback": "link", "link": "private", "private": "public"}


def decide(one, parsed=EVERYTHING):
    return Decider(parsed.baseline, Host("any", "any"), SERVERS.taken_at).decide(one)


@pytest.mark.parametrize("name", pack_names())
def test_every_pack_reads_without_a_word_of_complaint(name):
    parsed = read([], packs=[name])
    assert parsed.problems == ()
    assert parsed.baseline.rules
    for rule in parsed.baseline.rules:
        assert rule.id.startswith(f"{name}/")
        assert rule.pack == name
        assert len(rule.why) > 10
    text = pack_text(name) or ""
    assert text.startswith("# ")
    assert max(map(len, text.splitlines())) <= 120


def test_packs_do_not_contradict_one_another():
    """Two systems' own packs say the same of what both have; nobody names both."""
    together = read([], packs=[name for name in SYSTEMD if name != "fedora"])
    told = conflicts.problems(together.baseline, SERVERS.taken_at)
    assert [(one.message, one.where.text) for one in told] == []


def leaves(condition):
    """The ways in which a condition can hold, each as the fields that it then names."""
    if isinstance(condition, Is):
        return [{condition.field}]
    if isinstance(condition, AnyOf):
        return [way for part in condition.parts for way in leaves(part)]
    if isinstance(condition, All):
        ways: list[set[str]] = [set()]
        for part in condition.parts:
            ways = [way | more for way in ways for more in leaves(part)]
        return ways
    return [set()]


@pytest.mark.parametrize("parsed", [EVERYTHING, ALPINE], ids=["systemd", "alpine"])
def test_whatever_is_allowed_is_allowed_to_a_unit_or_a_path_and_its_package(parsed):
    """By whichever way a rule fits, it names where the program comes from and what started it, or where it lies."""
    for rule in parsed.baseline.rules:
        if rule.kind == "forbid":
            continue
        assert rule.by is not None, rule.id
        for way in leaves(rule.by):
            assert way & {"unit", "exe"}, rule.id
            assert way & {"pkg", "comm"}, rule.id
        for place in rule.listen:
            assert place.transport != "any", rule.id
            assert place.place != "any" or place.transport in ("raw", "packet"), rule.id
            assert place.last - place.first < 10 or place.place != "ports", rule.id


EXPECTED = {
    "tcp/public/22/unit:ssh.service/host": "ssh-admin/sshd",
    "tcp/public/110/unit:dovecot.service/host": "mail/dovecot-pop3",
    "tcp/public/143/unit:dovecot.service/host": "mail/dovecot-imap",
    "tcp/public/993/unit:dovecot.service/host": "mail/dovecot-imap",
    "tcp/public/995/unit:dovecot.service/host": "mail/dovecot-pop3",
    "tcp/public/4190/unit:dovecot.service/host": "mail/dovecot-sieve",
    "tcp/public/25/unit:postfix@-.service/host": "mail/postfix",
    "tcp/public/465/unit:postfix@-.service/host": "mail/postfix",
    "tcp/public/587/unit:postfix@-.service/host": "mail/postfix",
    "tcp/loopback/53/unit:named.service/host": "dns/bind",
    "udp/loopback/53/unit:named.service/host": "dns/bind",
    "tcp/loopback/53/unit:unbound.service/host": "dns/unbound",
    "udp/loopback/53/unit:unbound.service/host": "dns/unbound",
    "tcp/loopback/53/unit:systemd-resolved.service/host": "debian/resolved",
    "udp/loopback/53/unit:systemd-resolved.service/host": "debian/resolved",
    "tcp/public/5355/unit:systemd-resolved.service/host": "debian/llmnr",
    "udp/public/5355/unit:systemd-resolved.service/host": "debian/llmnr",
    "tcp/public/80/unit:nginx.service/host": "web/nginx",
    "tcp/public/443/unit:nginx.service/host": "web/nginx",
    "tcp/public/80/unit:apache2.service/host": "web/apache",
    "tcp/public/443/unit:apache2.service/host": "web/apache",
    "tcp/public/80/unit:haproxy.service/host": "web/haproxy",
    "tcp/public/80/unit:lighttpd.service/host": "web/lighttpd",
    "tcp/public/80/unit:caddy.service/host": "web/caddy",
    "tcp/loopback/2019/unit:caddy.service/host": "web/caddy-admin",
    "udp/loopback/323/unit:chrony.service/host": "debian/chrony",
    "udp/public/68/unit:networking.service/host": "debian/dhclient",
    "packet/private/all%d0/unit:networking.service/host": "debian/dhclient",
    "udp/public/5353/unit:avahi-daemon.service/host": "desktop/avahi",
    "tcp/loopback/631/unit:cups.service/host": "desktop/cups",
    "tcp/loopback/3306/unit:mariadb.service/host": "databases/mariadb",
    "tcp/loopback/6379/unit:redis-server.service/host": "databases/redis",
    "tcp/loopback/11211/unit:memcached.service/host": "databases/memcached",
    "tcp/loopback/ephemeral/unit:containerd.service/host": "docker-host/containerd",
}
WIDENED = {  # the test bed has them listen to everyone; packs allow less
    "tcp/public/24/unit:dovecot.service/host": "mail/dovecot-lmtp",
    "tcp/public/53/unit:unbound.service/host": "dns/unbound",
    "udp/public/53/unit:unbound.service/host": "dns/unbound",
    "tcp/private/53/unit:named.service/host": "dns/bind",
    "udp/private/53/unit:named.service/host": "dns/bind",
    "tcp/private/53/unit:dnsmasq.service/host": "dns/dnsmasq",
    "udp/private/53/unit:dnsmasq.service/host": "dns/dnsmasq",
    "udp/public/161/unit:snmpd.service/host": "monitoring/snmpd",
    "tcp/public/631/unit:cups.service/host": "desktop/cups",
    "tcp/public/783/unit:spamd.service/host": "mail/spamd",
    "tcp/public/3306/unit:mariadb.service/host": "databases/mariadb",
    "tcp/public/5432/unit:postgresql@15-main.service/host": "postgres/postgresql",
    "tcp/public/6379/unit:redis-server.service/host": "databases/redis",
    "tcp/public/6432/unit:pgbouncer.service/host": "postgres/pgbouncer",
    "tcp/public/9100/unit:prometheus-node-exporter.service/host": "monitoring/node-exporter",
    "tcp/public/11211/unit:memcached.service/host": "databases/memcached",
}


def test_what_real_servers_open_is_covered_by_the_rule_that_is_meant():
    told = {}
    for one in SERVERS.openings:
        decision = decide(one)
        if decision.word == "expected":
            told[one.key] = decision.rule.id
    assert told == EXPECTED


def test_what_reaches_further_than_its_pack_allows_is_told_and_is_covered_once_it_does_not():
    told = {}
    for one in SERVERS.openings:
        decision = decide(one)
        if decision.word == "widened":
            told[one.key] = decision.rule.id
            narrow = replace(one, scope=decision.rule.listen[0].scope)
            assert decide(narrow).word == "expected", one.key
    assert told == WIDENED


def test_exim_that_no_package_owns_is_not_covered():
    """It was unpacked into a folder when it was recorded: the unit's name alone is not enough."""
    found = [one for one in SERVERS.openings if one.unit == "exim4.service" or "exim4" in one.key]
    assert [decide(one).word for one in found] == ["owner-changed"]
    packaged = replace(found[0], owners=tuple([replace(o, package=pkg("exim4-daemon-light")) for o in found[0].owners]))
    assert decide(packaged).rule.id == "mail/exim"


def covered():
    return [(one, decide(one)) for one in SERVERS.openings if decide(one).word == "expected"]


def changed(one, **fields):
    return replace(one, owners=tuple([replace(owner, **fields) for owner in one.owners]))


def test_look_alikes_are_not_covered():
    """The same unit, port and name, with a program from elsewhere; the same program in another unit."""
    assert len(covered()) > 30
    for one, _ in covered():
        fakes = [
            changed(one, exe="/tmp/" + (one.owners[0].exe or "").rpartition("/")[2], package=None),
            changed(one, package=None),
            changed(one, package=pkg("look-alike")),
            replace(changed(one, unit="evil.service"), unit="evil.service"),
            replace(changed(one, unit=None), unit=None),
            replace(one, owners=(*one.owners, owner("/tmp/second", None, one.owners[0].unit))),
        ]
        assert {decide(fake).word for fake in fakes} <= {"owner-changed", "unmatched", "unseen"}, one.key


def test_other_ports_of_the_same_program_are_not_covered():
    for one, _ in covered():
        if one.port is not None and not one.ephemeral:
            assert decide(replace(one, port=31337)).word in ("unmatched", "owner-changed"), one.key


def test_wider_ones_are_not_covered():
    for one, decision in covered():
        place = next(each for each in decision.rule.listen if each.transport == one.transport)
        if place.scope in WIDER:
            assert decide(replace(one, scope=WIDER[place.scope])).word == "widened", one.key


SSHD = ("/usr/sbin/sshd", "openssh-server")


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (opening(22, owner(*SSHD, "ssh.service")), "ssh-admin/sshd"),
        (opening(22, owner(*SSHD, "sshd.service")), "ssh-admin/sshd"),  # Fedora
        (opening(443, owner("/usr/sbin/nginx", "nginx-core", "nginx.service")), "web/nginx"),  # Debian 11, Fedora
        (opening(80, owner("/usr/sbin/httpd", "httpd-core", "httpd.service")), "web/apache"),
        (
            opening(5432, owner("/usr/bin/postgres", "postgresql-server", "postgresql.service"), scope="loopback"),
            "postgres/postgresql-rpm",
        ),
        (
            opening(
                5432,
                owner("/usr/pgsql-16/bin/postgres", "postgresql16-server", "postgresql-16.service"),
                scope="loopback",
            ),
            "postgres/postgresql-rpm",
        ),
        (
            opening(323, owner("/usr/sbin/chronyd", "chrony", "chronyd.service"), transport="udp", scope="loopback"),
            "fedora/chrony",
        ),
    ],
)  # fmt: skip
def test_names_of_other_systems(one, rule):
    assert decide(one).rule.id == rule
    assert decide(one).word == "expected"


def test_alpine_has_paths_in_the_place_of_units():
    sshd = opening(22, owner(*SSHD, None))
    assert decide(sshd, ALPINE).word == "expected"
    assert decide(opening(22, owner("/tmp/sshd", None, None)), ALPINE).word == "owner-changed"
    assert decide(opening(22, owner("/tmp/sshd", "openssh-server", None)), ALPINE).word == "owner-changed"
    assert decide(opening(22, owner(*SSHD, "ssh.service")), ALPINE).word == "owner-changed"


@pytest.mark.parametrize("scope", ["loopback", "public"])
def test_dockers_api_in_clear_is_forbidden_to_whomever(scope):
    one = opening(2375, owner("/usr/sbin/dockerd", "docker.io", "docker.service"), scope=scope)
    assert (decide(one).word, decide(one).rule.severity) == ("forbidden", "critical")


def test_ports_that_containers_publish_are_decisions_of_their_own():
    one = opening(8080, owner("/usr/sbin/docker-proxy", "docker.io", "docker.service"))
    assert decide(one).word in ("unmatched", "owner-changed")


PYTHON = ("/usr/bin/python3.11", "python3.11-minimal")


def hub(port=1703, scope="loopback", *, exe=PYTHON[0], package=PYTHON[1], users=("root", "nobody")):
    """hb serve as a look shows it: the process that keeps the socket, and the one that answers."""
    words = ("/usr/bin/python3", "/usr/bin/hb", "serve")
    people = [owner(exe, package, None, user=user, comm="hb", cmdline=words, script="/usr/bin/hb") for user in users]
    return opening(port, *people, scope=scope)


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (hub(), "expected"),
        (hub(exe="/usr/bin/python3.12", package="python3"), "expected"),  # Alpine, Fedora
        (hub(scope="private"), "widened"),
        (hub(scope="public"), "widened"),
        (hub(port=1704), "unmatched"),
        (hub(users=("alice",)), "owner-changed"),
        (hub(exe="/home/alice/.pyenv/bin/python3.11", package=None), "owner-changed"),
        (hub(exe="/usr/bin/python3.11", package=None), "owner-changed"),
        (hub(exe="/tmp/python3", package="python3"), "owner-changed"),
    ],
)
def test_the_hub_is_covered_where_an_ordinary_account_could_not_be_it(one, word):
    assert decide(one).word == word
    assert word != "expected" or decide(one).rule.id == "hb-engine/pages"

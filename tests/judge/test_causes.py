"""Causes: what fits in subject and time is told as likely, and what does not fit is not told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.judge.causes import COMPANY, MOST, causes
from hb_engine.model.event import EVENTS, Event
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.owner import Container, Origin, Owner, Package
from hb_engine.model.record import replace

AFTER, UNTIL = 1000.0, 90_000.0
HOME = Netns(1)
REDIS = Owner(
    7,
    "redis-server",
    "/usr/bin/redis-server",
    user="redis",
    started_at=80_000.0,
    unit="redis-server.service",
    package=Package("redis-server", "5:7.0.15-1", "dpkg"),
)


def opening(*owners, **more):
    return Opening("listener", "tcp", 6379, ("0.0.0.0",), ("ipv4",), "public", HOME, owners=owners, **more)


def event(kind, text, subject="", *, at=79_000.0, source="/var/log/x", user=""):
    return Event(at, kind, text, source, subject, user)


UPGRADE = event("package", "redis-server upgraded 1 -> 2", "redis-server")
CONF = event("config", "/etc/redis/redis.conf changed", "redis-server", at=79_900.0, source="/etc/redis/redis.conf")
LOGIN = event("login", "deploy logged in from 198.51.100.7", "deploy", at=78_500.0, user="deploy")


def told(*events, of=None, kind="new", after=AFTER, until=UNTIL):
    return [cause.text for cause in causes(of or opening(REDIS), kind, events, after, until)]


def test_nothing_where_nothing_happened():
    assert told() == []


@pytest.mark.parametrize(
    "one",
    [
        UPGRADE,
        event("package", "redis-tools upgraded", "redis-tools"),
        event("unit", "drop-in changed", "redis-server.service"),
        CONF,
        event("config", "/etc/redis/users.acl changed", "", source="/etc/redis/users.acl"),
        event("config", "/etc/default/redis-server changed", "", source="/etc/default/redis-server"),
        event("login", "deploy ran sudo /usr/bin/systemctl restart redis-server", "deploy", user="deploy"),
        event("boot", "the machine was started", at=79_950.0),
    ],
    ids=lambda one: one.text,
)
def test_what_fits_in_subject_and_time_is_told(one):
    assert told(one) == [one.text]
    assert told(replace(one, at=AFTER)) == [], "it was there at the last look without it"
    assert told(replace(one, at=UNTIL + 60)) == [], "it came later"
    (cause,) = causes(opening(REDIS), "new", [one], AFTER, UNTIL)
    assert (cause.at, cause.source, cause.kind) == (one.at, one.source, one.kind)


@pytest.mark.parametrize(
    "one",
    [
        event("package", "nginx upgraded", "nginx"),
        event("package", "libc6 upgraded", "libc6"),
        event("unit", "x", "nginx.service"),
        event("config", "/etc/nginx/nginx.conf changed", "nginx-common", source="/etc/nginx/nginx.conf"),
        event("config", "/etc/hosts changed", "", source="/etc/hosts"),
        event("container", "x", "redis"),
        event("cron", "the crontab of redis changed", "redis", user="redis"),
        event("login", "deploy ran sudo /usr/bin/apt update", "deploy", user="deploy"),
        event("boot", "the machine was started", at=20_000.0),
    ],
    ids=lambda one: one.text,
)
def test_what_is_about_something_else_is_not(one):
    assert told(one) == []


PYTHON = Owner(
    9, "python3", "/usr/bin/python3.11", cmdline=("python3", "-m", "http.server", "8000"), started_at=80_000.0,
    package=Package("python3.11-minimal", "3.11.2-6", "dpkg"), script="",
)  # fmt: skip
NODE = replace(PYTHON, comm="node", exe="/usr/bin/node", cmdline=("node", "/srv/a.js"), script="/srv/a.js",
               package=Package("nodejs", "18.20", "dpkg"))  # fmt: skip


def sudo(command):
    return event("login", f"deploy ran sudo {command}", "deploy", user="deploy")


@pytest.mark.parametrize(
    ("owner", "one"),
    [
        (PYTHON, event("config", "x", "freeradius", source="/etc/freeradius/3.0/mods-config/python/radius.py")),
        (PYTHON, event("config", "x", "", source="/etc/python3/debian_config")),
        (PYTHON, event("config", "x", "", source="/etc/python3.11/sitecustomize.py")),
        (PYTHON, event("package", "python3-yaml upgraded 6.0-1 -> 6.0-2", "python3-yaml")),
        (PYTHON, sudo("/usr/bin/python3 /root/backup.py")),
        (PYTHON, sudo("/usr/bin/python3.11 /root/backup.py")),
        (NODE, event("package", "node-semver installed 7.3", "node-semver")),
        (
            replace(PYTHON, comm="perl", exe="/usr/bin/perl"),
            event("config", "x", "", source="/etc/perl/Net/libnet.cfg"),
        ),
        (replace(PYTHON, comm="bash", exe="/bin/bash"), event("config", "x", "", source="/etc/bash.bashrc")),
        (
            replace(PYTHON, comm="java", exe="/usr/lib/jvm/java-17/bin/java"),
            event("config", "x", source="/etc/java/a.cfg"),
        ),
        (REDIS, event("config", "x", "", source="/etc/freeradius/3.0/mods-enabled/redis")),
        (REDIS, event("config", "x", "", source="/etc/grafana/plugins/redis.yaml")),
        (REDIS, event("package", "redis-exporter upgraded 1.2 -> 1.3", "redis-exporter")),
        (REDIS, event("unit", "x", "redis-exporter.service")),
    ],
)
def test_a_name_that_many_have_makes_no_cause(owner, one):
    assert told(one, of=opening(owner)) == []


@pytest.mark.parametrize(
    ("owner", "one"),
    [
        (PYTHON, sudo("/usr/bin/python3 -m http.server 8000")),
        (NODE, sudo("/usr/bin/systemctl restart /srv/a.js")),
        (REDIS, event("package", "redis upgraded 5:7.0.14-1 -> 5:7.0.15-1", "redis")),
        (REDIS, event("package", "redis-tools upgraded 5:7.0.14-1 -> 5:7.0.15-1+b2", "redis-tools")),
        (REDIS, event("config", "x", "", source="/usr/local/etc/redis/redis.conf")),
        (REDIS, event("config", "x", "", source="/etc/apparmor.d/local/redis-server")),
    ],
)
def test_what_is_its_own_is_named_all_the_same(owner, one):
    assert told(one, of=opening(owner)) == [one.text]


def test_the_best_come_first_and_then_the_nearest():
    assert told(CONF, UPGRADE) == [UPGRADE.text, CONF.text]
    early = replace(UPGRADE, at=2000.0, text="the upgrade before")
    assert told(early, UPGRADE) == [UPGRADE.text], "one entry of a package is enough"


def test_what_happened_after_the_process_began_counts_for_less():
    later = replace(UPGRADE, at=85_000.0)
    assert told(later, CONF) == [CONF.text, later.text]
    old = replace(REDIS, started_at=10.0)  # long before: it was reloaded, and the last look is the only bound
    assert told(later, CONF, of=opening(old)) == [later.text, CONF.text]


def test_what_came_with_a_package_is_no_cause_of_its_own():
    put = event("config", "/etc/redis/redis.conf was put there, or got other rights", "redis-server")
    unit = event("unit", "/usr/lib/systemd/system/redis-server.service was put there", "redis-server.service")
    assert told(put, unit, UPGRADE) == [UPGRADE.text]
    assert told(put, unit) == [unit.text, put.text]


def test_at_most_three_and_one_for_each_subject():
    many = [replace(CONF, text=f"/etc/redis/{at} changed", at=70_000.0 + at) for at in range(40)]
    assert told(*many) == ["/etc/redis/39 changed"]
    others = [event("package", f"redis-{at} upgraded", f"redis-{at}") for at in range(9)]
    assert len(told(*others, CONF)) == MOST


def test_a_login_goes_with_a_change_that_follows_it():
    assert told(UPGRADE, LOGIN) == [UPGRADE.text, LOGIN.text]
    assert told(UPGRADE, replace(LOGIN, at=UPGRADE.at - COMPANY - 60)) == [UPGRADE.text]
    assert told(UPGRADE, replace(LOGIN, at=UPGRADE.at + 60)) == [UPGRADE.text]
    others = [event("package", f"redis-{at} upgraded", f"redis-{at}") for at in range(9)]
    assert told(*others, LOGIN)[-1] == LOGIN.text
    assert len(told(*others, LOGIN)) == MOST


def test_a_login_takes_no_place_where_a_command_is_told_already():
    ran = event(
        "login", "deploy ran sudo /usr/bin/systemctl restart redis-server", "deploy", at=79_950.0, user="deploy"
    )
    assert told(UPGRADE, CONF, ran, LOGIN) == [UPGRADE.text, CONF.text, ran.text]
    assert told(UPGRADE, ran, LOGIN) == [UPGRADE.text, ran.text, LOGIN.text]


def test_alone_a_login_is_told_only_near_the_drift_and_only_the_last():
    near = replace(LOGIN, at=79_700.0)
    assert told(near) == [LOGIN.text]
    assert told(near, replace(LOGIN, at=79_800.0, text="anna logged in", user="anna")) == ["anna logged in"]
    assert told(replace(LOGIN, at=70_000.0)) == []
    user = replace(LOGIN, at=79_000.0, text="redis logged in", user="redis")
    assert told(near, user) == ["redis logged in"], "the user that it runs as"


def test_a_start_of_the_machine_needs_no_login():
    boot = event("boot", "the machine was started", at=79_950.0)
    assert told(boot, replace(LOGIN, at=79_940.0)) == [boot.text]


def test_containers_by_name_and_cron_by_user():
    box = Container("docker", "4f" * 32, "shop", "nginx:1.27")
    started = event("container", "container shop (nginx:1.27) was started", "shop")
    assert told(started, of=opening(container=box)) == [started.text]
    assert told(started, of=opening(replace(REDIS, container=box))) == [started.text]
    job = replace(REDIS, origin=Origin("cron", user="deploy"))
    assert told(event("cron", "the crontab of deploy changed", "deploy", user="deploy"), of=opening(job))
    assert told(event("cron", "x", "anna", user="anna"), of=opening(job)) == []


def test_that_some_packages_changed_is_all_that_apk_tells():
    some = event("package", "apk installed, upgraded or removed packages", source="/lib/apk/db/installed")
    alpine = replace(REDIS, package=Package("redis", "7.2-r0", "apk"))
    assert told(some, of=opening(alpine)) == [some.text]
    assert told(some) == []


def test_a_firewalls_way_in_is_the_firewalls():
    way = replace(opening(unowned=Unowned("kernel", "nftables inet proxy pre")), kind="redirect")
    rules = event("config", "/etc/nftables.conf changed", "nftables", source="/etc/nftables.conf")
    assert told(rules, of=way) == [rules.text]
    assert told(rules) == []
    kernel = opening(unowned=Unowned("kernel", "WireGuard wg0"))
    assert told(rules, of=kernel) == []


@pytest.mark.parametrize("kind", ["expired", "out-of-window"])
def test_what_the_calendar_did_needs_no_cause(kind):
    assert told(UPGRADE, kind=kind) == []


def test_without_an_owner_the_socket_unit_counts():
    alone = opening(unit="redis-server.service", unowned=Unowned("not-permitted", "x"))
    assert told(event("unit", "changed", "redis-server.service"), of=alone) == ["changed"]
    assert told(CONF, of=opening(unowned=Unowned("not-found"))) == []


WORDS = st.sampled_from(("", "redis-server", "redis", "nginx", "deploy", "/etc/redis/x", "a ran sudo b", "x logged in"))
ANY = st.builds(Event, st.floats(0, 100_000), st.sampled_from(EVENTS), WORDS, WORDS, WORDS, WORDS)


@given(st.lists(ANY, max_size=12))
def test_whatever_happened_at_most_three_are_told_all_within_the_time(events):
    found = causes(opening(REDIS), "new", events, AFTER, UNTIL)
    assert len(found) <= MOST
    assert all(AFTER < cause.at <= UNTIL + 2 for cause in found)
    assert found == causes(opening(REDIS), "new", events, AFTER, UNTIL)

"""Who holds an opening, named so that nobody is misled."""

from __future__ import annotations

import pytest
from tests.faces import kit

from hb_engine.faces.stories import owners
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container, Owner
from hb_engine.model.record import replace

BARE = Owner(4117, "nc", "/usr/bin/nc", user="deploy", uid=1001)
HOLDERS = {
    "a service and its process are kin": (kit.SSH, "ssh.service"),
    "a service with an instance": (kit.POSTGRES, "postgresql@15-main.service"),
    "a stranger inside a service": (kit.BACKDOOR, '"kworker/u8:1" in cron.service'),
    "a known program inside another's unit": (kit.DHCP, "dhclient in networking.service"),
    "several processes of one program": (kit.HTTPS, "nginx.service"),
    "a script in a container": (kit.WEBBOX, "server.js in docker shop"),
    "no unit": (kit.opening(9, BARE), "pid 4117 nc"),
    "a login's scope is no owner": (kit.opening(9, replace(BARE, unit="session-3.scope")), "pid 4117 nc"),
    "a chosen name": (kit.opening(9, replace(BARE, comm="sshd")), 'pid 4117 "sshd"'),
    "a name with spaces": (kit.opening(9, replace(BARE, comm="nginx in web")), 'pid 4117 "nginx in web"'),
    "two programs": (kit.opening(9, owners=(BARE, replace(BARE, pid=5, comm="cat"))), "pid 4117 nc +1"),
    "nothing known": (kit.opening(9), "nobody named"),
    "the kernel": (kit.VXLAN, "kernel: VXLAN device vx0"),
    "the kernel without detail": (kit.opening(9, unowned=Unowned("kernel")), "the kernel"),
    "not permitted": (kit.opening(9, unowned=Unowned("not-permitted")), "a process that is not yours to read"),
    "a reason of a later version": (kit.opening(9, unowned=Unowned("eaten")), "eaten"),
    "only the unit": (kit.opening(9, unit="a.slice/b.service"), "b.service"),
    "only the container": (kit.opening(9, container=Container("docker", "3f1c09ab2d11aa")), "docker 3f1c09ab2d11"),
}


@pytest.mark.parametrize(("opening", "said"), HOLDERS.values(), ids=HOLDERS)
def test_holders(opening, said):
    assert owners.holder(opening) == said


KIN = [("ssh.service", "sshd", True), ("redis-server.service", "redis-server", True), ("cron.service", "nc", False)]
KIN += [
    ("systemd-resolved.service", "systemd-resolve", True),
    ("x.service", "xorg", False),
    ("a@b.service", "a", False),
]


@pytest.mark.parametrize(("unit", "comm", "kin"), KIN)
def test_kinship_is_a_common_beginning_of_two_letters_or_more(unit, comm, kin):
    assert owners.kin(unit, Owner(1, comm)) is kin


def test_kinship_by_executable_or_script():
    assert owners.kin("redis.service", Owner(1, "main", "/usr/bin/redis-server"))
    assert owners.kin("shop.service", Owner(1, "python3", "/usr/bin/python3.11", script="/opt/shop.py"))


def test_names_of_processes():
    assert owners.process_name(Owner(1, "kworker/u8:1", "/dev/shm/.x")) == "kworker/u8:1"
    assert owners.process_name(Owner(1, "python3", "/usr/bin/python3", script="/opt/app.py")) == "app.py"
    assert owners.process_name(Owner(1, "", "/usr/bin/x")) == "x"
    assert owners.process_name(Owner(17)) == "pid 17"


def test_an_option_is_nobodys_name():
    told = Owner(1, "python3", "/usr/bin/python3.11", script="-c")
    assert owners.process_name(told) == "python3"
    assert owners.process_name(replace(told, script="-")) == "python3"


def test_a_name_is_chosen_when_the_executable_does_not_begin_so():
    assert not owners.chosen_name(Owner(1, "systemd-resolve", "/lib/systemd/systemd-resolved"))
    assert owners.chosen_name(Owner(1, "sshd", "/tmp/x"))
    assert not owners.chosen_name(Owner(1, "sshd", None))


def test_pids_users_and_starts():
    assert owners.pids(kit.HTTPS) == "900,901,902"
    assert owners.pids(kit.opening(9, owners=tuple(Owner(n) for n in range(1, 9)))) == "1+7"
    assert owners.pids(kit.VXLAN) == ""
    assert owners.user_of(kit.WEBBOX) == "1000"
    assert owners.user_of(kit.VXLAN) == "root"
    assert owners.user_of(kit.opening(9, user="", uid=None)) == ""
    assert owners.user_of(kit.opening(9, user="", uid=0)) == "0"
    assert owners.started(kit.VXLAN) is None
    assert owners.started(kit.BACKDOOR) == kit.NOW - 182


def test_what_was_not_judged_is_quiet():
    opening = replace(kit.SSH, verdict=None)
    assert (owners.word(opening), owners.worst(opening)) == ("quiet", "none")


def test_what_to_ask_about():
    assert owners.why_query(kit.SSH) == "22"
    assert owners.why_query(kit.TAP) == "tcpdump"
    assert owners.why_query(kit.opening(None, replace(BARE, comm="a\nb", exe=None))) is None
    assert owners.why_query(kit.opening(None)) is None


def test_paths_and_units():
    assert owners.base("/usr/bin/x") == "x"
    assert owners.base("/") == "/"
    assert owners.unit_stem("user@1000.service/app.slice/foo-bar@3.service") == "foo-bar"
    assert owners.services(kit.SSH) == "ssh"
    assert owners.services(kit.VXLAN) == ""
    assert owners.holder_line(kit.VXLAN)[0].style == "dim"


@pytest.mark.parametrize(
    ("note", "goal"),
    [
        ("leads to port 443 of this machine", "443"),
        ("leads to port 80-90 of this machine", "80-90"),
        ("leads to the same port of this machine", "the same port"),
        ("leads to 10.0.0.2:5353", "10.0.0.2:5353"),
        ("leads to 172.17.0.2:80, container shop", "172.17.0.2:80"),
        ("taken by the transparent proxy at 127.0.0.1:3129", ""),
    ],
)
def test_where_a_firewalls_rule_leads(note, goal):
    rule = kit.opening(8443, unowned=Unowned("kernel", "nftables ip nat PREROUTING"), notes=(note,))
    assert owners.leads(replace(rule, kind="redirect")) == goal
    assert owners.leads(rule) == "", "only redirects and forwards lead anywhere"
    said = owners.holder(replace(rule, kind="forward"))
    assert said == (f"\u2192 {goal}, " if goal else "") + "kernel: nftables ip nat PREROUTING"
    box = replace(rule, kind="forward", container=Container("docker", "4f", "shop"))
    assert owners.holder(box).endswith("docker shop")

"""A tunnel's end that others reach is said; one on loopback, and sshd itself, are not."""

from __future__ import annotations

import pytest
from tests.judge.builders import facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import forwarder_public as rule
from hb_engine.model.owner import Origin

SSH = owner("/usr/bin/ssh", cmdline=("ssh", "-g", "-L", "8888:db:5432", "jump"), uid=1000, user="ann")
SESSION = owner("/usr/sbin/sshd", cmdline=("sshd: ann@pts/0",), uid=1000, user="ann")
NEW_SESSION = owner("/usr/lib/openssh/sshd-session", cmdline=("sshd-session: ann@notty",), uid=1000, user="ann")
LISTENER = owner("/usr/sbin/sshd", cmdline=("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",))
KUBECTL = owner("/usr/bin/kubectl", cmdline=("kubectl", "port-forward", "--address", "0.0.0.0", "svc/web", "8080:80"))


@pytest.mark.parametrize(
    ("it", "severity"),
    [
        (opening(8888, SSH), "medium"),
        (opening(8888, SSH, scope="private"), "low"),
        (opening(8888, SESSION), "medium"),
        (opening(8888, NEW_SESSION), "medium"),
        (opening(8080, KUBECTL), "medium"),
        (opening(1080, stray("/opt/chisel", cmdline=("/opt/chisel", "server"))), "medium"),
        (opening(7000, owner("/usr/bin/frps")), "medium"),
        (opening(53, owner("/usr/bin/dnscat2"), transport="udp", kind="bound"), "medium"),
        (opening(50000, SSH, ephemeral=True), "medium"),
    ],
)
def test_it_speaks(it, severity):
    assert severities(rule, it) == [severity]


@pytest.mark.parametrize(
    "it",
    [
        opening(8888, SSH, scope="loopback"),
        opening(6010, SESSION, scope="loopback"),
        opening(22, LISTENER),
        opening(22, owner("/usr/sbin/sshd")),
        opening(22, owner("/usr/sbin/sshd", cmdline=("/usr/sbin/sshd", "-D"))),
        opening(8001, owner("/usr/bin/kubectl", cmdline=("kubectl", "proxy"))),
        opening(51234, SSH, transport="udp", kind="bound", ephemeral=True),
        opening(8443, owner("/usr/sbin/haproxy")),
        opening(80, owners=()),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_says_what_forwards_and_whose_login_it_was():
    from hb_engine.model.record import replace

    far = replace(SESSION, origin=Origin("login", "session 3", "ann", "192.0.2.7"))
    (reason,) = rule.judge(facts(opening(8888, far)))
    assert reason.text == "a login over ssh opened this port for its other end"
    assert reason.evidence[1] == "the login came from 192.0.2.7"
    assert "GatewayPorts no" in reason.remedy

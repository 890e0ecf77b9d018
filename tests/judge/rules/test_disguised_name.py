"""Two disguises are seen through; the many honest odd names are left alone."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, severities, stray

from hb_engine.judge.rules import disguised_name as rule


@pytest.mark.parametrize(
    "who",
    [
        stray("/dev/shm/.x", comm="kworker/u8:1", cmdline=("kworker/u8:1",)),
        stray("/dev/shm/.x", cmdline=("[kworker/0:1]",)),
        stray(None, comm="kswapd0", cmdline=("kswapd0",), exe_state="unreadable"),
        stray("/dev/shm/.x", cmdline=("[migration/0]", "")),
        owner("/usr/bin/perl", comm="perl", cmdline=("[ksoftirqd/1]",)),
        stray("/var/lib/x/.y", cmdline=("/sbin/udevd", "-d")),
        stray("/srv/a", cmdline=("/usr/sbin/sshd -D",)),
    ],
)
def test_it_speaks(who):
    assert severities(rule, opening(1703, who)) == ["high"]


@pytest.mark.parametrize(
    "who",
    [
        owner(None, comm="kworker/u8:1", cmdline=(), exe_state="kernel", package=None),
        owner(None, comm="kworker/u8:1", cmdline=(), exe_state="unreadable", package=None),
        owner("/usr/sbin/nginx", cmdline=("nginx: master process /usr/sbin/nginx",)),
        owner("/usr/lib/postgresql/15/bin/postgres", cmdline=("postgres: checkpointer ",)),
        owner("/usr/sbin/sshd", cmdline=("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",)),
        owner("/usr/lib/systemd/systemd", cmdline=("/sbin/init",)),
        owner("/usr/bin/python3.11", cmdline=("[celeryd: a@b:MainProcess]",)),
        owner("/bin/busybox", cmdline=("/usr/sbin/httpd",)),
        stray("/opt/jdk/bin/java", cmdline=("/usr/bin/java", "-jar", "x.jar")),
        stray("/srv/jdk-17/bin/java", cmdline=("/usr/bin/java",)),
        stray("/srv/py/bin/python3.11", cmdline=("/usr/bin/python3",)),
        stray("/snap/lxd/1/bin/lxd", cmdline=("/usr/sbin/other",)),
        stray("/app/server", cmdline=("/usr/sbin/other",), container=BOX),
        stray("/srv/app/server", cmdline=("./server",)),
        stray("/srv/app/server", cmdline=()),
        owner("/usr/sbin/irqbalance"),
        owner("/usr/sbin/auditd"),
    ],
)
def test_it_is_silent(who):
    assert heard(rule, opening(1703, who)) == []


def test_it_says_what_it_calls_itself_and_what_it_runs():
    who = stray("/dev/shm/.x (deleted)", comm="kworker/u8:1", cmdline=("kworker/u8:1",), exe_state="deleted")
    (reason,) = rule.judge(facts(opening(1703, who)))
    assert reason.text == 'calls itself "kworker/u8:1" but is no kernel thread'
    assert reason.evidence[0] == 'pid 4117 "kworker/u8:1" as root runs /dev/shm/.x'

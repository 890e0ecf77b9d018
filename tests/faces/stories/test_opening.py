"""One opening told whole: facts that were read, and nothing that was not."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import NOW, golden, is_safe, said

from hb_engine.faces.document import Document
from hb_engine.faces.stories import opening as story
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import Container, Hold, Origin, Owner, Package
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement


def told(opening, page=None, details=None, width=None):
    return said(Document(tuple(story.tell(opening, page, details or {}, NOW))), width)


@pytest.mark.parametrize("width", [None, 60, 80, 120])
def test_the_story_of_a_backdoor(width):
    golden(f"why-backdoor-{width or 'plain'}.txt", told(kit.BACKDOOR, kit.PAGE, kit.DETAILS[kit.BACKDOOR.key], width))


STORIES = {"quiet": kit.SSH, "several": kit.HTTPS, "kernel": kit.VXLAN, "tap": kit.TAP, "container": kit.WEBBOX}
STORIES |= {"exposed": kit.REDIS, "udp-client": kit.CLIENT, "unprivileged": kit.unprivileged().openings[0]}


@pytest.mark.parametrize("name", STORIES)
def test_other_stories(name):
    golden(f"why-{name}.txt", told(STORIES[name]))


def owned(**changes):
    return replace(kit.SSH, owners=(replace(kit.SSH.owners[0], **changes),))


FACTS = {
    "no command line of its own": (owned(cmdline=("/usr/sbin/sshd",)), "command line", False),
    "a replaced file": (owned(exe_state="replaced"), "replaced since: it runs the old file", True),
    "a memfd": (owned(exe="/memfd:x (deleted)", exe_state="memfd"), "in memory only", True),
    "an executable that could not be read": (owned(exe=None, exe_state="unreadable"), "not readable", True),
    "no executable known": (owned(exe=None), "an executable that could not be read", True),
    "a kernel thread": (owned(exe=None, exe_state="kernel"), "a kernel thread", True),
    "no package": (owned(package=None), "no package known", True),
    "a package that differs": (
        owned(package=Package("x", "1", "dpkg", verified=False, detail="md5 of /usr/sbin/sshd")),
        "package x 1 (dpkg), DIFFERS from the package: md5 of /usr/sbin/sshd",
        True,
    ),
    "a package not verified": (owned(package=Package("x", "1", "rpm")), "package x 1 (rpm), not verified", True),
    "a script": (owned(script="/opt/a.py"), "script   /opt/a.py, no package known", True),
    "no name": (owned(comm=""), "no name", True),
    "no user": (owned(user="", uid=None), "user unknown", True),
    "a user without a name": (owned(user="", uid=1007), "uid 1007", True),
    "an unknown origin": (owned(origin=Origin("unknown")), "what started it is not known", True),
    "a login": (
        owned(origin=Origin("login", "", "deploy", "198.51.100.7", NOW - 600)),
        "login of deploy from 198.51.100.7 at 13:55:11",
        True,
    ),
    "a timer": (owned(origin=Origin("timer", "backup.timer")), "timer backup.timer", True),
    "socket activation without a name": (owned(origin=Origin("socket")), "socket activation of ssh.service", True),
    "no chain but a unit": (owned(parents=(), origin=None), "came by  ssh.service", True),
    "no chain at all": (owned(parents=(), origin=None, unit=None), "came by", False),
    "an ordinary descriptor": (kit.SSH, "held by", False),
    "io_uring": (owned(holds=(Hold("io_uring", "ring 5"),)), "held by  pid 712: io_uring ring 5", True),
    "flags": (replace(kit.SSH, flags=("mptcp", "odd")), "speaks Multipath TCP as well; odd", True),
    "a device": (replace(kit.SSH, interface="eth0"), "device eth0", True),
    "notes": (replace(kit.SSH, notes=("seen by bind",)), "noted    seen by bind", True),
    "a namespace": (replace(kit.SSH, netns=Netns(7, "blue", "named")), "in network namespace blue", True),
    "nobody, and no reason": (kit.opening(9), "no process is named, and no reason is known", True),
    "nobody, for a reason": (kit.opening(9, unowned=Unowned("in-flight")), "on its way between two processes", True),
    "a container without a process": (
        kit.opening(9, container=Container("docker", "3f", "web", "nginx:1", "shop/web")),
        "docker web, image nginx:1, pod shop/web",
        True,
    ),
    "nothing registered": (replace(kit.SSH, registered=()), "nothing is registered here", True),
    "not judged": (replace(kit.SSH, verdict=None), "Not judged.", True),
    "quiet": (kit.SSH, "Nothing odd about it.", True),
    "quiet, but unseen": (kit.opening(9, unowned=Unowned("not-permitted")), "Nothing odd in what could be seen.", True),
    "the kernel's": (kit.VXLAN, "Nothing odd about it.", True),
    "a look": (replace(kit.SSH, verdict=Judgement("medium")), "Worth a look.", True),
}


@pytest.mark.parametrize(("opening", "fact", "is_told"), FACTS.values(), ids=FACTS)
def test_facts(opening, fact, is_told):
    assert (fact in told(opening)) is is_told


def test_evidence_joins_its_line_or_stands_on_its_own():
    page = told(
        kit.SSH, None, {"size": "1 KiB", "sha256": "ab", "unit file": "/x", "firewall": "open", "speaks": "SSH"}
    )
    assert "/usr/sbin/sshd, 1 KiB, sha256 ab, package openssh-server" in page
    assert "unit file /x" in page
    assert "firewall: open" in page
    assert " speaks   SSH" in page


def test_the_page_of_another_port_says_nothing_of_this_one():
    assert "Exploiter" not in told(kit.SSH, kit.PAGE)
    assert "registered as ssh" in told(kit.SSH, kit.PAGE)
    assert "Exploiter" not in told(replace(kit.BACKDOOR, ephemeral=True), kit.PAGE)


def test_many_programs_are_counted():
    crowd = tuple(Owner(n, f"w{n}", f"/bin/w{n}") for n in range(2, 12))
    assert "and 4 more programs: hb ls --json tells all" in told(replace(kit.SSH, owners=crowd))


def test_many_processes_of_one_program_are_one_line():
    crowd = tuple(replace(kit.SSH.owners[0], pid=n) for n in range(100, 164))
    assert "pids 100, 101, 102, 103 and 60 more, root" in told(replace(kit.SSH, owners=crowd))


def test_command_lines_are_quoted_and_bounded():
    assert story.command_line(("sh", "-c", "a b")) == "sh -c 'a b'"
    assert story.command_line(("x\ny",)) == '"x\\ny"'
    assert len(story.command_line(("x" * 5000,))) <= 401


@pytest.mark.parametrize("width", [None, 60, 120])
def test_hostile_openings_are_told_safely(width):
    for opening in kit.hostile_look().openings:
        assert is_safe(told(opening, width=width))

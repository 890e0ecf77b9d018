"""One thing against an opening is enough; nothing that is not known is taken for good."""

from __future__ import annotations

import pytest
from tests.baseline.seen import DAY, NOW, SSH, WEB, opening, owner, pkg

from hb_engine.baseline.evidence import Sighting, against, is_passing, remembered
from hb_engine.model.history import Presence
from hb_engine.model.opening import Unowned
from hb_engine.model.owner import Container, Hold
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement, Reason

BOX = Container("docker", "4f1c", "shop", "shop:4")


def said(*reasons):
    return replace(WEB, verdict=Judgement(reasons[0].severity, reasons))


def held(**fields):
    return opening(80, owner(**fields))


def told(one, **fields):
    lasting = fields.pop("lasting", ())
    return against(Sighting(one, **fields), NOW, lasting=lasting)


def test_nothing_speaks_against_an_ordinary_server():
    assert told(WEB) == told(SSH) == ""
    assert told(opening(111, unowned=Unowned("kernel", "NFS"))) == ""
    assert told(held(exe_state="replaced")) == ""  # an upgrade that waits for a restart
    keeper = owner("/usr/lib/systemd/systemd", None, "cups.service", holds=(Hold("activation"),))
    assert told(opening(631, keeper)) == ""


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (replace(WEB, flags=("hidden",)), "lists do not show it"),
        (replace(WEB, kind="tap", transport="packet", port=None), "reads packets"),
        (replace(WEB, kind="redirect"), "a redirect"),
        (opening(80), "who holds it is not known"),
        (opening(80, unowned=Unowned("not-permitted")), "who holds it is not known"),
        (opening(80, unowned=Unowned("not-found")), "who holds it is not known"),
        (held(exe_state="deleted"), "deleted"),
        (held(exe_state="memfd"), "memory only"),
        (held(exe_state="unreadable"), "cannot be read"),
        (held(exe=None, package=None, comm="x"), "which file it runs is not known"),
        (held(package=None), "in no package"),
        (held(package=None, exe_state="replaced"), "was replaced, and is in no package"),
        (opening(80, replace(owner(), package=pkg("nginx", verified=False))), "not the one that its package brought"),
        (held(exe="/usr/bin/python3", package="python3", script="/srv/x.py"), "script of no package: /srv/x.py"),
        (held(container=replace(BOX, image=""), package=None), "image of its container is not known"),
        (opening(80, owner(), owner("/opt/second", None)), "in no package"),
    ],
)
def test_what_looks_dangerous_is_never_proposed(one, words):
    assert words in told(one)
    assert words in told(one, shown=1000, asked=1000, days=14, first_seen=0.0)


@pytest.mark.parametrize(
    "exe",
    ["/usr/bin/python3.11", "/usr/bin/perl", "/usr/lib/jvm/java-17/bin/java", "/usr/bin/node-18", "/bin/busybox",
     "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"],
)  # fmt: skip
def test_an_interpreter_of_which_nobody_knows_what_it_runs(exe):
    """A process may write over its own command line, and then no script is seen."""
    blind = Sighting(opening(80, owner(exe, "python3.11-minimal", None)))
    assert "what that runs is not known" in against(blind, NOW)
    known = Sighting(opening(80, owner(exe, "p", None, script="/usr/bin/x", script_package=pkg("x"))))
    assert against(known, NOW) == ""


@pytest.mark.parametrize("exe", ["/usr/sbin/php-fpm8.2", "/usr/bin/node_exporter", "/usr/sbin/sshd", "/usr/bin/ldapd"])
def test_programs_that_are_named_like_interpreters_are_none(exe):
    assert against(Sighting(opening(80, owner(exe))), NOW) == ""


def test_programs_of_an_image_and_packaged_scripts_are_as_good_as_packages():
    assert told(held(exe="/app", package=None, container=BOX)) == ""
    script = owner("/usr/bin/python3", "python3", script="/usr/bin/x", script_package=pkg("x"))
    assert told(opening(80, script)) == ""
    assert told(held(package=None), packages_asked=False) == ""


@pytest.mark.parametrize(
    ("rule", "severity", "silent"),
    [
        ("anything", "low", True),
        ("anything", "medium", False),
        ("clear-text-public", "medium", True),
        ("private-service-public", "medium", True),
        ("private-service-public", "high", False),
        ("writable-path", "low", False),
        ("threat-listed-unexpected", "info", False),
        ("relay-tool", "low", False),
        ("opened-later", "info", True),
        ("lasting-one", "low", False),
    ],
)
def test_the_judges_word_counts_unless_it_is_an_exposure_that_one_may_want(rule, severity, silent):
    found = told(said(Reason(rule, severity, "it is odd")), lasting=("lasting-one",))
    assert found == ("" if silent else f"it is odd ({rule})")


def test_the_gravest_comes_first_and_a_milder_one_is_not_lost():
    assert told(said(Reason("a", "high", "one"), Reason("b", "medium", "two"))) == "one (a)"
    assert told(said(Reason("clear-text-public", "medium", "one"), Reason("writable-path", "low", "two"))) == (
        "two (writable-path)"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shown": 89, "asked": 100}, "seen in 89 of 100 looks only"),
        ({"shown": 90, "asked": 100}, ""),
        ({"shown": 0, "asked": 0}, ""),
        ({"first_seen": NOW - 3 * 3600}, "first seen 3 hours ago"),
        ({"first_seen": NOW - 60}, "within the last hours"),
        ({"first_seen": NOW - DAY}, ""),
        ({"first_seen": NOW - 60, "looking_since": NOW - 60}, ""),  # it was there when anybody first looked
        ({"first_seen": NOW - 60, "looking_since": NOW - 61}, "within the last hours"),
        ({"first_seen": NOW + 999}, "within the last hours"),
    ],
)
def test_what_is_seldom_or_new_waits(fields, words):
    found = told(WEB, **fields)
    assert found == words if words in ("", f"seen in {fields.get('shown', 0)} of 100 looks only") else words in found


def test_clients_are_passing():
    assert is_passing(opening(40000, owner(), transport="udp", ephemeral=True))
    assert is_passing(opening(40000, owner(), kind="bound"))
    assert not is_passing(WEB)
    assert not is_passing(opening(53, owner(), transport="udp"))
    odd = replace(
        opening(1, owner(), transport="udp", ephemeral=True), verdict=Judgement("high", (Reason("a", "high", "x"),))
    )
    assert not is_passing(odd)


def test_history_becomes_a_sighting():
    one = remembered(Presence(WEB, 5.0, 9.0, 7, 8, 2, 3), 1.0, packages_asked=False)
    assert one == Sighting(WEB, 7, 8, 2, 3, 5.0, 1.0, packages_asked=False)

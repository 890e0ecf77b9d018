"""An opening and a silence in words: who, how far, and what the baseline says."""

from __future__ import annotations

import pytest
from tests.faces.kit import (
    BACKDOOR,
    CLIENT,
    HTTPS,
    NOW,
    POSTGRES,
    REDIS,
    SSH,
    TAP,
    VXLAN,
    WEBBOX,
    hostile_look,
    opening,
)
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import language
from hb_engine.faces.web.machines import rows as machines
from hb_engine.faces.web.ports.standing import Silence, Stand, stands
from hb_engine.faces.web.ports.telling import opened, quiet, reach, unit, verdict
from hb_engine.model.record import replace

ENGLISH = language("en")
STANDS = {port: stands(kit.SIGHT, port, ("tcp", "udp"))[0] for port in (22, 443, 1703, 5432, 6379, 8009)}


def told(port):
    return opened(STANDS[port].rows[0], STANDS[port], ENGLISH)


def test_a_backdoor():
    one = told(1703)
    assert (one.place, one.mark, one.word) == ("tcp 1703", "alarm", "drift")
    assert one.who == '"kworker/u8:1" in cron.service'
    assert one.verdict == "No rule allows it."
    assert one.reasons[0] == "runs a deleted file from /dev/shm"
    assert ("runs", "/dev/shm/.x (deleted)") in one.facts
    assert one.href == addresses.opening("web-17", BACKDOOR.key)
    assert one.started_at == NOW - 182


def test_nothing_is_said_twice_of_it():
    row = STANDS[1703].rows[0]
    assert row.opening.verdict is not None
    judged = [one.text for one in row.opening.verdict.reasons]
    twice = replace(row, verdict=replace(row.verdict, reason="; ".join(["no rule is about it", *judged])))
    assert opened(twice, STANDS[1703], ENGLISH).reasons == tuple(judged)
    near = replace(row, verdict=replace(row.verdict, reason="; ".join(["no rule; the nearest: x", *judged])))
    assert opened(near, STANDS[1703], ENGLISH).reasons == (*judged, "no rule; the nearest: x")


def test_a_rule_is_told_with_its_file_and_line():
    one = told(6379)
    assert (one.rule, one.where, one.owner) == ("cache", "hb.d/web.toml:31:10", "team-web")
    assert one.verdict == "It reaches further than its rule allows."
    covered = told(443)
    assert (covered.rule, covered.where) == ("web-https", "hb.d/web.toml:12:1")
    assert covered.verdict == "A rule of the baseline covers it."


def test_debt_and_what_no_rule_is_about():
    assert "before anybody decided" in told(5432).verdict
    assert told(8009).verdict == "No rule of the baseline is about it."


def test_without_a_baseline_nothing_is_said_to_be_allowed():
    (found,) = stands(Sight(2, NOW, (replace(kit.MACHINE, report=None),)), 22, ("tcp",))
    assert verdict(found.rows[0], ENGLISH) == "There is no baseline to hold it against."


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (SSH, "on every address"),
        (POSTGRES, "from this machine only"),
        (WEBBOX, "on some of its addresses: private net"),
        (replace(SSH, families=("ipv4",), addresses=("0.0.0.0",)), "on every IPv4 address"),
        (replace(SSH, families=("ipv6",), addresses=("::",)), "on every IPv6 address"),
        (replace(SSH, interface="eth0"), "through eth0 only"),
        (replace(SSH, addresses=()), "on some of its addresses: everyone"),
    ],
)
def test_how_far(one, words):
    assert reach(one, ENGLISH) == words


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (SSH, "ssh.service"),
        (REDIS, "redis-server.service"),
        (HTTPS, "nginx.service"),
        (BACKDOOR, ""),  # what cron started is not stopped by stopping cron
        (WEBBOX, ""),
        (VXLAN, ""),
        (TAP, ""),  # tcpdump calls itself so, and its unit is dump.service
        (replace(SSH, owners=(), unit="ssh.service"), "ssh.service"),
        (replace(SSH, owners=(), unit="a$(id).service"), ""),
        (replace(SSH, owners=(), unit="user@1000.service"), ""),
        (replace(SSH, owners=(), unit="-x.service"), ""),
        (replace(SSH, owners=(), unit=None), ""),
    ],
)
def test_what_would_be_stopped_is_named_only_where_it_is_the_one(one, name):
    assert unit(one) == name


def at(name="web-17"):
    return Stand(Machine(name, kit.MACHINE.seen), "", (), ())


def test_silences_in_words():
    assert quiet(Silence(("tcp", "udp"), True, True), at(), ENGLISH)[0].startswith("tcp and udp, at the look of ")
    apart = quiet(Silence(("tcp",), True, False), at(), ENGLISH)
    assert "on the machine itself" in apart[0]
    assert "network namespaces" in apart[1]
    (unsure,) = quiet(Silence(("udp",), False, True), at(), ENGLISH)
    assert "does not mean that nothing is there" in unsure
    assert len(quiet(Silence(("udp",), False, True, (), "ports 22"), at(), ENGLISH)) == 2


def test_a_port_that_the_kernel_chose_says_so():
    (found,) = stands(Sight(3, NOW, (replace(kit.MACHINE),)), CLIENT.port, ("udp",))
    assert opened(found.rows[0], found, ENGLISH).ephemeral


@pytest.mark.parametrize("code", ["en", "ro", "ja"])
def test_strangers_text_is_told_whole(code):
    look = hostile_look()
    for rows in machines.of(Sight(4, NOW, (Machine("hostile", look),))):
        stand = Stand(rows.machine, "", rows.all, ())
        for row in rows.all:
            one = opened(row, stand, language(code))
            assert one.who
            assert unit(row.opening) == "" or unit(row.opening).isascii()


def test_many_addresses_are_counted():
    one = replace(opening(80), addresses=tuple([f"10.0.0.{n}" for n in range(9)]))
    (found,) = stands(Sight(5, NOW, (Machine("m", replace(kit.MACHINE.seen, openings=(one,))),)), 80, ("tcp",))
    assert opened(found.rows[0], found, ENGLISH).addresses.endswith("10.0.0.3, +5")

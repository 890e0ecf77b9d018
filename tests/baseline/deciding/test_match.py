"""One rule against one opening: places, reach, owners, speech, time, and whether it is about it at all."""

from __future__ import annotations

import pytest
from tests.kit.deciding import DAY, NOW, answer, listen, opening, owner, rule, tls

from hb_engine.baseline.deciding.match import Place, Ready, Seen, ago, holder
from hb_engine.baseline.language.listen import parse
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Is, Listen, Speaks
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.record import replace

NGINX = Is("unit", "nginx.service")
STRANGER = owner(unit="evil.service", exe="/tmp/x", package=None)
UNSEEN = Unowned("not-permitted")


def hold(found, seen, spoken=None, outside=""):
    return Ready(found, 0, NOW).hold(Seen(seen, spoken), outside)


def outcome(found, seen, spoken=None, outside=""):
    return hold(found, seen, spoken, outside)[0]


def covers(place, seen, kind="allow"):
    return outcome(rule(kind, "r", place), seen) == "covers"


# -- places


@pytest.mark.parametrize(
    ("place", "seen", "fits"),
    [
        ("tcp/443", opening(443), True),
        ("tcp/443", opening(444), False),
        ("udp/443", opening(443), False),
        ("any/443", opening(443), True),
        ("tcp/400-500", opening(443), True),
        ("tcp/444-500", opening(443), False),
        ("tcp/443-443", opening(443), True),
        ("tcp/any", opening(443), True),
        ("tcp/any", opening(None), True),
        ("any/any", opening(None, transport="packet"), True),
        ("tcp/ephemeral", opening(443), False),
        ("tcp/ephemeral", opening(40000, ephemeral=True), True),
        ("tcp/40000", opening(40000, ephemeral=True), True),  # a port is that port, whoever chose it
        ("tcp/0-65535", opening(None), False),
        ("raw/any", opening(None, transport="raw"), True),
    ],
)
def test_transports_and_ports(place, seen, fits):
    assert covers(place, seen) is fits
    assert covers(place, seen, "forbid") is fits


@pytest.mark.parametrize("netns", ["host", "named", "container", "private"])
def test_a_rule_speaks_of_the_hosts_own_namespace_unless_it_says_otherwise(netns):
    seen = opening(443, netns=Netns(7, kind=netns))
    assert covers("tcp/443", seen) is (netns == "host")
    assert covers(Listen("tcp", 443, 443, netns="any"), seen)
    assert covers(Listen("tcp", 443, 443, netns="container"), seen) is (netns == "container")


@pytest.mark.parametrize("allowed", SCOPES)
@pytest.mark.parametrize("reached", SCOPES)
def test_scope_is_the_widest_that_is_allowed_and_the_narrowest_that_is_forbidden(allowed, reached):
    seen = opening(443, reached)
    narrower = SCOPES.index(reached) <= SCOPES.index(allowed)
    assert covers(f"tcp/443 on {allowed}", seen) is narrower
    forbidden = SCOPES.index(reached) >= SCOPES.index(allowed)
    assert covers(f"tcp/443 on {allowed}", seen, "forbid") is forbidden


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_forbidden_without_a_scope_is_forbidden_everywhere(scope):
    assert covers("tcp/23", opening(23, scope), "forbid")
    assert covers(Listen("tcp", 23, 23), opening(23, scope), "forbid")


def test_interfaces():
    place = Listen("tcp", 443, 443, interface="eth*")
    assert covers(place, opening(443, interface="eth1"))
    assert outcome(rule("allow", "r", place), opening(443, interface="wlan0")) == "other-place"
    told = hold(rule("allow", "r", place), opening(443))
    assert told == ("wider", "is not bound to eth*; r allows public", True)


def test_a_forbidden_interface_can_be_reached_by_what_is_bound_to_no_address():
    place = Listen("tcp", 443, 443, interface="eth0")
    assert covers(place, opening(443), "forbid")
    assert covers(place, opening(443, interface="eth0"), "forbid")
    assert not covers(place, opening(443, interface="eth1"), "forbid")
    assert not covers(place, opening(443, addresses=("10.0.0.1",)), "forbid")


@pytest.mark.parametrize(
    ("addresses", "expected", "forbidden"),
    [
        (("10.1.2.3",), "covers", "covers"),
        (("10.1.2.3", "10.9.9.9"), "covers", "covers"),
        (("10.1.2.3", "192.0.2.1"), "wider", "covers"),
        (("192.0.2.1",), "other-place", "other-place"),
        (("0.0.0.0",), "wider", "covers"),
        (("::",), "wider", "covers"),
        (("fd00::1",), "other-place", "other-place"),
        (("::ffff:10.1.2.3",), "covers", "covers"),
    ],
)
def test_networks(addresses, expected, forbidden):
    place = Listen("tcp", 443, 443, networks=("10.0.0.0/8",))
    seen = opening(443, addresses=addresses)
    assert outcome(rule("allow", "r", place), seen) == expected
    assert outcome(rule("forbid", "r", place), seen) == forbidden


def test_a_rule_of_several_places_fits_at_any_of_them():
    found = rule("allow", "r", "tcp/80 on loopback", "tcp/443", "udp/443 on private")
    assert outcome(found, opening(443)) == "covers"
    assert outcome(found, opening(80)) == "wider"
    twice = rule("allow", "r", "tcp/80 on loopback", "tcp/1-99 on public")
    assert outcome(twice, opening(80)) == "covers"


# -- outcomes, and what the rule is about


def test_the_first_misfit_is_told():
    found = rule("allow", "r", "tcp/443 on private", by=NGINX, speaks=Speaks(("https",), "1.2"), until=int(NOW) - 1)
    https = answer("http", tls=tls("TLSv1.3"))
    fitting = opening(443, "private")
    assert outcome(found, opening(443, "public", STRANGER)) == "other-owner"
    assert outcome(found, opening(443)) == "wider"
    assert outcome(found, fitting, answer("ssh")) == "speaks-else"
    assert outcome(found, fitting, answer("http", tls=tls("TLSv1"))) == "weaker"
    assert outcome(found, fitting, https, "night") == "outside-window"
    assert outcome(found, fitting, https) == "expired"
    assert outcome(rule("allow", "r", "tcp/443", by=NGINX), fitting) == "covers"


def test_a_misfit_outranks_what_was_not_seen():
    found = rule("allow", "r", "tcp/443 on private", by=NGINX, speaks=Speaks(("https",)))
    assert outcome(found, opening(443, unowned=UNSEEN)) == "wider"
    assert outcome(found, opening(443, "private", unowned=UNSEEN)) == "owner-unseen"
    assert outcome(found, opening(443, "private")) == "speech-unseen"


@pytest.mark.parametrize(
    ("place", "more", "seen", "about"),
    [
        ("tcp/443", {"by": NGINX}, opening(443, "public", STRANGER), True),
        ("tcp/400-500", {"by": NGINX}, opening(443, "public", STRANGER), True),
        ("tcp/1-65535", {"by": NGINX}, opening(443, "public", STRANGER), False),  # nobody's port
        ("tcp/any", {"by": NGINX}, opening(443, "public", STRANGER), False),  # about nginx
        ("tcp/any on loopback", {"by": NGINX}, opening(443), True),  # nginx, further than it may
        ("tcp/any on loopback", {}, opening(443), False),  # about loopback
        ("tcp/443 on loopback", {}, opening(443), True),
        ("tcp/any", {"by": NGINX}, opening(443, unowned=UNSEEN), True),  # it may be nginx
        ("tcp/any on loopback", {"by": NGINX}, opening(443, unowned=UNSEEN), False),
        ("tcp/any", {"until": 1}, opening(443), True),
        ("tcp/any", {"speaks": Speaks(("ssh",))}, opening(443), True),
    ],
)
def test_whether_a_rule_is_about_an_opening(place, more, seen, about):
    assert hold(rule("allow", "r", place, **more), seen)[2] is about


def test_rules_that_forbid():
    found = rule("forbid", "r", "tcp/443", by=Is("exe", "nc"))
    assert outcome(found, opening(443)) == "other-owner"
    shared = opening(443, "public", owner(), owner(pid=9, exe="/usr/bin/nc", unit="x.service"))
    assert outcome(found, shared) == "covers"
    assert hold(found, opening(443, unowned=UNSEEN))[::2] == ("owner-unseen", True)
    assert outcome(rule("forbid", "r", "tcp/443", until=1), opening(443)) == "expired"
    assert outcome(rule("forbid", "r", "tcp/443"), opening(443), outside="night") == "outside-window"


def test_a_service_that_is_forbidden_must_have_been_heard():
    found = rule("forbid", "r", "tcp/any", speaks=Speaks(("telnet",)))
    assert outcome(found, opening(443), answer("telnet")) == "covers"
    assert outcome(found, opening(443), answer("ssh")) == "speaks-else"
    assert hold(found, opening(443))[::2] == ("speech-unseen", True)
    silent = Answer("tcp", 443, "open", "syn-ack", held="silent")
    assert hold(found, opening(443), silent)[::2] == ("speech-unseen", False)  # asked, and it said nothing


# -- words


def test_phrases():
    found = rule("allow", "web", "tcp/443 on private", by=NGINX)
    assert hold(found, opening(443))[1] == "reaches public; web allows private"
    assert hold(found, opening(443, "public", STRANGER))[1] == "evil.service holds it; web allows unit:nginx.service"
    unseen = hold(found, opening(443, "private", unowned=UNSEEN))[1]
    assert unseen == "who holds it could not be seen (not-permitted); web allows unit:nginx.service"
    narrow = hold(rule("forbid", "r", "tcp/23 on private"), opening(23, "loopback"))[1]
    assert narrow == "reaches loopback; forbidden from private on"


def test_an_expired_rule_tells_when_and_whose_it_was():
    found = rule("allow", "r", "tcp/443", until=int(NOW) - 3 * DAY, owner="alice")
    assert hold(found, opening(443))[1] == "allowed until 2027-01-12T08:00:00Z (expired 3 days ago), owner alice"
    whole = rule("allow", "r", "tcp/443", until=int(NOW) // DAY * DAY - 1)
    assert hold(whole, opening(443))[1] == "allowed until 2027-01-14 (expired 8 hours ago)"
    for kind, verb in (("require", "required"), ("forbid", "forbidden")):
        outcome, told, _ = hold(replace(whole, kind=kind), opening(443))
        assert (outcome, told) == ("expired", f"{verb} until 2027-01-14 (expired 8 hours ago)")


@pytest.mark.parametrize(
    ("until", "ended"), [(int(NOW) - 1, True), (int(NOW), True), (int(NOW) + 1, False), (None, False)]
)
def test_a_rule_ends_at_its_time(until, ended):
    assert Ready(rule("allow", "r", "tcp/443", until=until), 0, NOW).is_expired is ended


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "less than a minute"),
        (60, "1 minute"),
        (7300, "2 hours"),
        (DAY, "1 day"),
        (40.5 * DAY, "40 days"),
    ],
)
def test_stretches_of_time(seconds, text):
    assert ago(seconds) == text


def test_holders_in_words():
    assert holder(Seen(opening())) == "nginx.service"
    assert holder(Seen(opening(443, "public", owner(), STRANGER))) == "nginx.service and evil.service"
    assert holder(Seen(opening(unowned=Unowned("kernel", "NFS server")))) == "kernel:NFS server"
    assert holder(Seen(opening(443, "public", owner(unit=None, exe=None, comm="")))) == "process 100"


def test_a_place_whose_scope_is_written_is_not_taken_for_one_where_nothing_is_said():
    assert Place(listen("tcp/23 on public"), forbids=True).scope == "public"
    assert Place(listen("tcp/23"), forbids=True).scope == "loopback"
    assert Place(listen("tcp/23"), forbids=False).scope == "public"


@pytest.mark.parametrize(
    ("listen", "seen", "told"),
    [
        ("tcp/443 on iface:eth0", opening(443, interface="eth1"), "is bound to eth1; r allows tcp/443 on iface:eth0"),
        (
            "tcp/443 on net:10.9.0.0/16",
            opening(443, "private", addresses=("10.1.2.3",)),
            "is bound to 10.1.2.3; r allows tcp/443 on net:10.9.0.0/16",
        ),
        ("tcp/443 on net:10.9.0.0/16", opening(444, "private", addresses=("10.1.2.3",)), ""),
        ("tcp/443 on net:10.9.0.0/16", opening(443, transport="udp"), ""),
        ("tcp/any on net:10.9.0.0/16", opening(443, "private", addresses=("10.1.2.3",)), ""),
    ],
)
def test_a_rule_for_the_port_elsewhere_is_near(listen, seen, told):
    assert hold(rule("allow", "r", parse(listen)[0]), seen) == ("other-place", told, False)

"""Rules that covered nothing for a while."""

from __future__ import annotations

from tests.kit.deciding import DAY, NOW, opening, owner, rule

from hb_engine.baseline.deciding.unused import unused
from hb_engine.model.baseline import Baseline, Hours, Is, Role, Speaks, Window
from hb_engine.model.history import Span
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Unowned


def span(seen, days_ago=0.0, host="web-1"):
    return Span(host, seen, NOW - 400 * DAY, NOW - days_ago * DAY)


def names(rules, *spans, days=90, roles=(), windows=(), **more):
    return [one.id for one in unused(Baseline(rules, roles, windows), spans, NOW, days, **more)]


WEB, SSH = rule("allow", "web", "tcp/443"), rule("require", "ssh", "tcp/22")


def test_rules_that_covered_nothing_come_in_their_order():
    assert names((WEB, SSH)) == ["web", "ssh"]
    assert names((WEB, SSH), span(opening(443))) == ["ssh"]
    assert names((WEB, SSH), span(opening(443)), span(opening(22))) == []


def test_what_was_open_long_ago_does_not_count():
    assert names((WEB,), span(opening(443), 91)) == ["web"]
    assert names((WEB,), span(opening(443), 89)) == []
    assert names((WEB,), span(opening(443), 91), days=100) == []


def test_rules_that_forbid_are_meant_to_cover_nothing():
    assert names((rule("forbid", "no", "tcp/23"),)) == []


def test_rules_of_packs_are_nobody_s_to_take_out():
    assert names((rule("allow", "packed", "tcp/443", pack="debian"), SSH)) == ["ssh"]


def test_a_rule_that_did_not_fit_was_not_used():
    found = rule("allow", "web", "tcp/443 on private", by=Is("unit", "nginx"))
    assert names((found,), span(opening(443))) == ["web"]
    assert names((found,), span(opening(443, "private", owner(unit="x.service")))) == ["web"]
    assert names((found,), span(opening(443, "private"))) == []


def test_what_may_have_fitted_counts_as_used():
    by = rule("allow", "by", "tcp/443", by=Is("exe", "nginx"))
    speaks = rule("allow", "speaks", "tcp/443", speaks=Speaks(("https",)))
    assert names((by, speaks), span(opening(443, unowned=Unowned("not-permitted")))) == []


def test_whether_it_holds_today_does_not_matter():
    ended = rule("allow", "ended", "tcp/443", until=int(NOW) - DAY)
    timed = rule("allow", "timed", "tcp/22")
    window = Window("w", "only", ("timed",), every=(Hours((0,), 0, 1),))
    assert names((ended, timed), span(opening(443)), span(opening(22)), windows=(window,)) == []


def test_rules_that_are_younger_than_the_time_are_left_out():
    new, old = (
        rule("allow", name, "tcp/1", accepted=int(NOW) - days * DAY) for name, days in (("new", 3), ("old", 300))
    )
    assert names((new, old)) == ["old"]
    assert names((new, old), days=2) == ["new", "old"]


def test_machines_have_the_roles_that_their_name_gives_or_what_is_known_of_them():
    found = (rule("allow", "web", "tcp/443", role="web"), rule("allow", "deb", "tcp/443", role="deb"))
    roles = (Role("web", ("web-*",)), Role("deb", when=Is("os", "debian")))
    assert names(found, span(opening(443)), roles=roles) == ["deb"]
    assert names(found, span(opening(443), host="db-1"), roles=roles) == ["web", "deb"]
    known = {"web-1": Host("web-1", "", os="debian-12")}
    assert names(found, span(opening(443)), roles=roles, hosts=known) == []


def test_rules_for_a_host():
    found = (rule("allow", "one", "tcp/443", host="web-1"), rule("allow", "two", "tcp/443", host="web-2"))
    assert names(found, span(opening(443))) == ["two"]
    assert names(found, span(opening(443)), span(opening(443), host="web-2")) == []


def test_two_rules_of_one_id_are_told_apart():
    assert len(unused(Baseline((WEB, rule("allow", "web", "tcp/80"))), [span(opening(443))], NOW, 90)) == 1


def test_every_rule_that_covers_is_used_not_only_the_one_that_decides():
    both = (SSH, rule("allow", "ssh-too", "tcp/1-99"))
    assert names(both, span(opening(22))) == []

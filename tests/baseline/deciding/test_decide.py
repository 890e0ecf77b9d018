"""The word on an opening: precedence, nearness, and the index against a walk over all rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.kit import deciding as kit
from tests.kit.deciding import HOST, NOW, answer, opening, owner, rule, tls

from hb_engine.baseline.deciding.decide import NEAREST, WORDS, Decider
from hb_engine.baseline.deciding.rules import Rules
from hb_engine.model.baseline import All, Baseline, Hours, Is, Listen, Not, Role, Speaks, Window
from hb_engine.model.decision import OUTCOMES
from hb_engine.model.decision import WORDS as ALL_WORDS
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.record import replace

NGINX = Is("unit", "nginx.service")


def decider(*rules, host=HOST, **more):
    return Decider(Baseline(rules, **more), host, NOW)


def said(found):
    return found.word, found.rule and found.rule.id


def decide(rules, asked, spoken=None, **more):
    return said(decider(*rules, **more).decide(asked, spoken))


# -- the index and the walk ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_the_index_and_a_walk_over_all_rules_agree(part):
    """Twice over, so that what was remembered of one opening is held against the walk for the others."""
    words = set()
    for seed in range(part * 40, part * 40 + 40):
        world = kit.World(seed)
        baseline = world.baseline()
        shared = Rules(baseline, NOW)
        deciders = [Decider(baseline, host, NOW, shared=shared) for host in kit.HOSTS]
        asked = [(world.opening(), world.answer(), one) for _ in range(8) for one in deciders]
        asked += [(replace(each, netns=Netns(2, kind="container")), spoken, one) for each, spoken, one in asked[::4]]
        asked += [(each, spoken, world.pick(deciders)) for each, spoken, _ in asked]
        for each, spoken, one in asked:
            quick, slow = one.decide(each, spoken), one.explain(each, spoken)
            assert (quick.word, quick.rule, quick.detail, quick.muted) == (
                slow.word,
                slow.rule,
                slow.detail,
                slow.muted,
            )
            words.add(quick.word)
    assert words == set(ALL_WORDS)


# -- precedence ----------------------------------------------------------------------------------------------------


def every_kind(*places, **more):
    return [rule(kind, kind, *places, **more) for kind in ("allow", "require", "forbid")]


def test_forbid_before_require_before_allow():
    allow, require, forbid = every_kind("tcp/443")
    assert decide((allow, require, forbid), opening()) == ("forbidden", "forbid")
    assert decide((allow, require), opening()) == ("expected", "require")
    assert decide((allow,), opening()) == ("expected", "allow")
    assert decide((), opening()) == ("unmatched", None)


def test_host_before_role_before_fleet():
    fleet, role, host = (rule("allow", "fleet", "tcp/443"), rule("allow", "role", "tcp/443", role="web"),
                         rule("allow", "host", "tcp/443", host="web-1"))  # fmt: skip
    roles = (Role("web", ("web-*",)),)
    assert decide((fleet, role, host), opening(), roles=roles) == ("expected", "host")
    assert decide((fleet, role), opening(), roles=roles) == ("expected", "role")
    assert decide((fleet, role), opening()) == ("expected", "fleet")


def test_an_exception_for_a_host_does_not_lift_what_is_forbidden():
    found = (rule("forbid", "no", "tcp/23"), rule("allow", "yes", "tcp/23", host="web-1"))
    assert decide(found, opening(23)) == ("forbidden", "no")


def test_among_equals_the_first_decides():
    assert decide((rule("allow", "b", "tcp/443"), rule("allow", "a", "tcp/1-999")), opening()) == ("expected", "b")


def test_rules_for_other_machines_say_nothing():
    found = (rule("allow", "a", "tcp/443", role="db"), rule("allow", "b", "tcp/443", host="web-2"))
    assert decide(found, opening()) == ("unmatched", None)
    assert {step.outcome for step in decider(*found).explain(opening()).steps} == {"other-host"}


def test_a_rule_for_a_role_and_a_host_needs_both():
    found = rule("allow", "a", "tcp/443", role="web", host="web-*")
    assert decide((found,), opening()) == ("unmatched", None)
    assert decide((found,), opening(), roles=(Role("web", ("*",)),)) == ("expected", "a")


def test_roles_given_by_hand():
    found = Baseline((rule("allow", "a", "tcp/443", role="web"),), (Role("web"),))
    assert Decider(found, HOST, NOW, roles=("web",)).decide(opening()).word == "expected"
    assert Decider(found, HOST, NOW).decide(opening()).word == "unmatched"


# -- the nearest ---------------------------------------------------------------------------------------------------


def test_every_outcome_that_can_be_nearest_has_a_word():
    assert set(WORDS) < set(OUTCOMES)
    assert {*WORDS.values(), "expected", "forbidden", "unmatched"} == set(ALL_WORDS)
    assert list(NEAREST) == list(WORDS)


@pytest.mark.parametrize(
    ("more", "seen", "spoken", "word"),
    [
        ({"by": NGINX}, opening(443, "private", owner(unit="evil.service")), None, "owner-changed"),
        ({}, opening(443, "public"), None, "widened"),
        ({"speaks": Speaks(("https",))}, opening(443, "private"), answer("ssh"), "speaks-else"),
        ({"speaks": Speaks(("https",), "1.2")}, opening(443, "private"), answer("http", tls=tls("TLSv1")), "weakened"),
        ({"until": int(NOW) - 1}, opening(443, "private"), None, "expired"),
        ({"by": NGINX}, opening(443, "private", unowned=Unowned("not-permitted")), None, "unseen"),
        ({"speaks": Speaks(("https",))}, opening(443, "private"), None, "unseen"),
        ({}, opening(443, "private"), None, "expected"),
    ],
)
def test_words(more, seen, spoken, word):
    assert decide((rule("allow", "r", "tcp/443 on private", **more),), seen, spoken) == (word, "r")


def test_the_rule_that_fits_best_gives_the_word():
    mine = rule("allow", "mine", "tcp/443", by=NGINX, until=int(NOW) - 1)
    other = rule("allow", "other", "tcp/443", by=Is("unit", "caddy.service"))
    assert decide((other, mine), opening()) == ("expired", "mine")
    narrow = rule("allow", "narrow", "tcp/443 on loopback", by=NGINX)
    assert decide((other, narrow), opening()) == ("widened", "narrow")
    assert decide((other,), opening()) == ("owner-changed", "other")


def test_among_rules_that_are_as_near_the_first_in_order_gives_the_word():
    one, other = rule("allow", "one", "tcp/443 on loopback"), rule("allow", "other", "tcp/443 on link")
    must = rule("require", "must", "tcp/443 on private")
    assert decide((one, other), opening()) == ("widened", "one")
    assert decide((other, one, must), opening()) == ("widened", "must")


def test_any_rule_that_covers_is_enough():
    assert decide((rule("allow", "a", "tcp/443 on loopback"), rule("allow", "b", "tcp/443")), opening()) == (
        "expected",
        "b",
    )


def test_who_may_be_forbidden_is_not_called_expected():
    found = (rule("forbid", "no-nc", "tcp/any", by=Is("exe", "nc")), rule("allow", "yes", "tcp/443"))
    assert decide(found, opening()) == ("expected", "yes")
    assert decide(found, opening(unowned=Unowned("not-permitted"))) == ("unseen", "no-nc")
    assert decide(found, opening(80, unowned=Unowned("not-permitted"))) == ("unmatched", None)


@pytest.mark.parametrize(
    ("found", "seen", "detail"),
    [
        ((), opening(), "no rule is about it"),
        (
            (rule("allow", "web", "tcp/443", by=NGINX),),
            opening(8080),
            "no rule is about it; web allows nginx.service tcp/443",
        ),
        (
            (rule("allow", "low", "tcp/1-65535", by=Is("unit", "x.service")),),
            opening(),
            "no rule is about it; the nearest: nginx.service holds it; low allows unit:x.service",
        ),
        ((rule("allow", "local", "tcp/any on loopback"),), opening(),
         "no rule is about it; the nearest: reaches public; local allows loopback"),
        ((rule("forbid", "no", "tcp/8080", by=NGINX),), opening(), "no rule is about it"),
        ((rule("allow", "other", "tcp/any", by=Is("unit", "x.service")),), opening(), "no rule is about it"),
    ],
)  # fmt: skip
def test_what_no_rule_is_about_names_a_rule_that_shares_the_port_or_the_owner(found, seen, detail):
    one = decider(*found).decide(seen)
    assert (one.word, one.detail) == ("unmatched", detail)


# -- times ---------------------------------------------------------------------------------------------------------

MORNING = (Hours((4,), 7 * 60, 9 * 60),)  # NOW is in it
NIGHT = (Hours((4,), 0, 60),)


def test_a_rule_with_a_window_holds_only_in_it():
    web = rule("allow", "web", "tcp/443")
    assert decide((web,), opening(), windows=(Window("w", "only", ("web",), every=MORNING),)) == ("expected", "web")
    late = (Window("w", "only", ("web",), every=NIGHT),)
    assert decide((web,), opening(), windows=late) == ("out-of-window", "web")
    either = (*late, Window("v", "only", ("web",), every=MORNING))
    assert decide((web,), opening(), windows=either) == ("expected", "web")
    elsewhere = (Window("w", "only", ("web",), Is("host", "db-*"), NIGHT),)
    assert decide((web,), opening(), windows=elsewhere) == ("expected", "web")


def test_what_is_forbidden_at_night_is_free_in_the_morning():
    found = (rule("forbid", "no", "tcp/443"), rule("allow", "yes", "tcp/443"))
    assert decide(found, opening(), windows=(Window("w", "only", ("no",), every=NIGHT),)) == ("expected", "yes")
    assert decide(found, opening(), windows=(Window("w", "only", ("no",), every=MORNING),)) == ("forbidden", "no")


def muted(found, seen, *windows):
    return decider(*found, windows=windows).decide(seen).muted


def test_windows_that_mute():
    narrow = rule("allow", "narrow", "tcp/443 on loopback")
    everything = Window("patches", "mute", every=MORNING)
    assert muted((narrow,), opening(), everything) == "patches"
    assert muted((narrow,), opening(443, "loopback"), everything) == ""  # nothing to mute
    assert muted((), opening(), everything) == "patches"
    assert muted((narrow,), opening(), Window("w", "mute", ("narrow",), every=MORNING)) == "w"
    assert muted((narrow,), opening(), Window("w", "mute", ("other",), every=MORNING)) == ""
    assert muted((narrow,), opening(), Window("w", "mute", every=NIGHT)) == ""
    assert muted((narrow,), opening(), Window("w", "mute", (), Is("host", "db-*"), MORNING)) == ""


def test_what_is_forbidden_or_hidden_is_never_muted():
    """The rest of the worlds at random is below."""
    everything = Window("patches", "mute", every=MORNING)
    assert muted((rule("forbid", "no", "tcp/443"),), opening(), everything) == ""
    assert muted((), opening(flags=("hidden",)), everything) == ""


# -- laws ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(150))
def test_narrowing_an_opening_never_makes_it_drift(seed):
    world = kit.World(seed)
    one = Decider(world.baseline(), world.pick(kit.HOSTS), NOW)
    for _ in range(10):
        seen, spoken = world.opening(), world.answer()
        words = [one.decide(replace(seen, scope=scope), spoken).word for scope in SCOPES]
        for narrow, wide in pairwise(words):
            assert wide != "expected" or narrow == "expected"
            assert narrow != "forbidden" or wide == "forbidden"


@pytest.mark.parametrize("seed", range(100))
def test_more_rules_that_allow_never_make_drift_and_more_that_forbid_never_lift_it(seed):
    world = kit.World(seed)
    few = world.baseline()
    allowing = replace(few, rules=(*few.rules, world.rule("allow", "require")))
    forbidding = replace(few, rules=(*few.rules, world.rule("forbid")))
    host = world.pick(kit.HOSTS)
    for _ in range(8):
        seen, spoken = world.opening(), world.answer()
        word = Decider(few, host, NOW).decide(seen, spoken).word
        if word == "expected":
            assert Decider(allowing, host, NOW).decide(seen, spoken).word == "expected"
        if word == "forbidden":
            assert Decider(allowing, host, NOW).decide(seen, spoken).word == "forbidden"
        if word != "expected":
            assert Decider(forbidding, host, NOW).decide(seen, spoken).word != "expected"


@pytest.mark.parametrize("seed", range(100))
def test_at_random_what_is_forbidden_or_hidden_is_never_muted(seed):
    world = kit.World(seed)
    found = replace(world.baseline(), windows=(Window("all", "mute", start=0),))
    one = Decider(found, HOST, NOW)
    for _ in range(10):
        decision = one.decide(world.opening(), world.answer())
        quiet = decision.word in ("expected", "forbidden") or "hidden" in decision.opening.flags
        assert (decision.muted == "") is quiet


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_owners_and_what_changes_with_a_restart_do_not_matter(seed):
    world = kit.World(seed)
    one = Decider(world.baseline(), HOST, NOW)
    for _ in range(10):
        seen, spoken = world.opening(), world.answer()
        again = [replace(each, pid=each.pid + 1000, started_at=1.0) for each in reversed(seen.owners)]
        later = replace(seen, owners=tuple(again), inodes=(77,), netns=replace(seen.netns, id=9))
        first, second = one.decide(seen, spoken), one.decide(later, spoken)
        assert (first.word, first.muted) == (second.word, second.muted)


def test_what_was_remembered_of_one_place_of_a_rule_is_not_said_of_another():
    one = decider(rule("allow", "r", "tcp/80 on loopback", "tcp/443"))
    assert [one.decide(opening(port)).word for port in (443, 80, 443)] == ["expected", "widened", "expected"]


def test_machines_share_what_was_made_ready():
    found = Baseline((rule("allow", "a", "tcp/443", role="web"), rule("allow", "b", "tcp/22", host="db-1")),
                     (Role("web", ("web-*",)),))  # fmt: skip
    shared = Rules(found, NOW)
    words = {}
    for name in ("web-1", "web-2", "db-1", "web-1"):
        one = Decider(found, Host(name, ""), NOW, shared=shared)
        words[name] = [one.decide(opening(port)).word for port in (443, 22)]
    assert words == {"web-1": ["expected", "unmatched"], "web-2": ["expected", "unmatched"],
                     "db-1": ["unmatched", "expected"]}  # fmt: skip


def test_machines_of_the_same_roles_with_other_windows_share_no_word():
    night = Window("w", "only", ("a",), Is("label", "quiet"), every=NIGHT)
    found = Baseline((rule("allow", "a", "tcp/443"),), windows=(night,))
    shared = Rules(found, NOW)
    hosts = (Host("one", ""), Host("two", "", labels=("quiet",)), Host("three", ""))
    words = [Decider(found, host, NOW, shared=shared).decide(opening()).word for host in hosts]
    assert words == ["expected", "out-of-window", "expected"]


def test_what_a_file_holds_is_asked_every_time():
    told = ["ab" * 32]
    found = rule("allow", "a", "tcp/443", by=Is("sha256", "ab" * 32))
    one = Decider(Baseline((found,)), HOST, NOW, digest=lambda _: told[0])
    assert one.decide(opening()).word == "expected"
    told[0] = "cd" * 32
    assert one.decide(opening()).word == "owner-changed"


# -- what is asked, and what is not there --------------------------------------------------------------------------


def test_only_openings_whose_rules_want_to_know_are_asked():
    web = rule("allow", "web", "tcp/443", by=NGINX, speaks=Speaks(("https",)))
    one = decider(web, rule("allow", "ssh", "tcp/22"), rule("allow", "no", "tcp/80", speaks=Speaks(("http",)), until=1))
    assert one.wants_speech(opening())
    assert one.wants_speech(opening(unowned=Unowned("not-permitted")))
    assert not one.wants_speech(opening(443, "public", owner(unit="evil.service")))
    assert not one.wants_speech(opening(22))
    assert not one.wants_speech(opening(80))
    assert decider(rule("forbid", "no", "tcp/any", speaks=Speaks(("telnet",)))).wants_speech(opening(22))


def missing(found, *seen, **more):
    return [one.id for one in decider(*found, **more).missing(seen)]


def test_what_is_required_and_not_there():
    web, ssh = rule("require", "web", "tcp/443", by=NGINX), rule("require", "ssh", "tcp/22")
    assert missing((web, ssh)) == ["web", "ssh"]
    assert missing((web, ssh), opening()) == ["ssh"]
    assert missing((web, ssh), opening(), opening(22)) == []


def test_what_somebody_else_holds_is_told_of_that_opening():
    web = rule("require", "web", "tcp/443 on private", by=NGINX)
    for seen in (opening(443, "public"), opening(443, "private", owner(unit="evil.service"))):
        assert missing((web,), seen) == []
        assert decider(web).decide(seen).rule == web


def test_an_owner_that_is_required_somewhere_is_missed_whatever_else_is_open():
    java = rule("require", "java", "tcp/ephemeral", by=Is("exe", "java"))
    assert missing((java,), opening(40000, ephemeral=True)) == ["java"]
    assert missing((java,), opening(40000, "public", owner(exe="/usr/bin/java"), ephemeral=True)) == []


def test_each_place_of_a_rule_is_required():
    web = rule("require", "web", "tcp/80", "tcp/443")
    assert missing((web,), opening(80)) == ["web"]
    assert missing((web,), opening(80), opening(443)) == []
    assert missing((web,), opening(443), opening(22)) == ["web"]


def test_the_places_that_are_lacking_are_told():
    web = rule("require", "web", "tcp/80", "tcp/443", "tcp/8000-8010")
    ((found, places),) = decider(web).lacking((opening(443), opening(8001)))
    assert (found, [place.first for (place,) in places]) == (web, [80])
    assert [len(places) for _, places in decider(web).lacking(())] == [3]


def test_one_port_of_a_range_or_name_is_enough():
    assert missing((rule("require", "web", "tcp/80-90"),), opening(85)) == []
    named = [Listen("tcp", port, port, text="tcp/x11") for port in (6000, 6001)]
    assert missing((rule("require", "x", *named),), opening(6001)) == []
    assert missing((rule("require", "x", *named, "tcp/80"),), opening(6001)) == ["x"]


def test_windows_mute_what_is_missing_too():
    web, ssh = rule("require", "web", "tcp/443"), rule("require", "ssh", "tcp/22")
    one = decider(web, ssh, windows=(Window("w", "mute", ("web",), every=MORNING),))
    assert (one.mute(web), one.mute(ssh), one.mute(None)) == ("w", "", "")
    assert decider(web, windows=(Window("w", "mute", every=NIGHT),)).mute(web) == ""
    assert decider(web, windows=(Window("w", "mute", every=MORNING),)).mute(None) == "w"


def test_nothing_is_required_after_its_time_or_outside_its_window():
    assert missing((rule("require", "web", "tcp/443", until=int(NOW) - 1),)) == []
    late = (Window("w", "only", ("web",), every=NIGHT),)
    assert missing((rule("require", "web", "tcp/443"),), windows=late) == []
    assert missing((rule("allow", "web", "tcp/443"), rule("forbid", "no", "tcp/23"))) == []
    assert missing((rule("require", "web", "tcp/443", host="db-1"),)) == []


def test_steps_are_all_rules_in_order():
    found = (
        rule("allow", "c", "tcp/443"),
        rule("forbid", "a", "tcp/23"),
        rule("require", "b", "tcp/443", host="web-1"),
    )
    steps = decider(*found).explain(opening()).steps
    assert [(step.rule.id, step.outcome) for step in steps] == [("a", "other-place"), ("b", "covers"), ("c", "covers")]


def test_the_rules_of_a_machine_in_order():
    found = (rule("allow", "c", "tcp/1"), rule("forbid", "a", "tcp/2", host="other"), rule("forbid", "b", "tcp/3"))
    assert [one.id for one in decider(*found).rules] == ["b", "c"]


def test_other_namespaces_and_conditions_of_several_parts():
    found = rule("allow", "r", Listen("tcp", 443, 443, netns="container"), by=All((NGINX, Not(Is("user", "alice")))))
    assert decide((found,), opening()) == ("unmatched", "r")  # by its owner
    assert decide((found,), opening(netns=Netns(9, kind="container"))) == ("expected", "r")
    by_alice = opening(443, "public", owner(user="alice"), netns=Netns(9, kind="container"))
    assert decide((found,), by_alice) == ("owner-changed", "r")

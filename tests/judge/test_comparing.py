"""Which word fits one opening: by the decision, by what was observed, by what the evidence says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.checking import LASTING, NOW, client, locked, opening, rule, said, service, unseen

from hb_engine.baseline.facts import observed
from hb_engine.judge.comparing import ORDER, Around, Finding, Memory, findings, is_passing, may_be, same_program
from hb_engine.model.baseline import Defaults, Observed
from hb_engine.model.decision import WORDS, Decision
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.owner import Container, Package
from hb_engine.model.record import replace
from hb_engine.model.report import DRIFTS, KINDS, STATES

NGINX = opening()


def around(lock=None, openings=(), known=None, **more):
    """What is known around an opening of this machine."""
    memory = Memory(lock.hosts[0] if lock else None, known or {}, openings)
    digests, answers = more.get("digests", {}), more.get("answers", {})
    return Around(memory, NOW, Defaults(), lasting=LASTING, answers=answers, digests=digests)


def words(decision, lock=None, **more):
    """Kind and state of what is found."""
    found = findings(decision, around(lock, [decision.opening], **more))
    return [(one.kind, one.state) for one in found]


def test_the_order_has_every_drift_that_an_opening_can_have():
    assert set(ORDER) == set(DRIFTS) - {"gone"}


BY_WORD = {
    "expected": [],
    "forbidden": [("forbidden", "drift")],
    "widened": [("widened", "drift")],
    "owner-changed": [("owner-changed", "drift")],
    "speaks-else": [("speaks-else", "drift")],
    "weakened": [("weakened", "drift")],
    "expired": [("expired", "drift")],
    "out-of-window": [("out-of-window", "drift")],
    "unseen": [("not-seen", "unseen")],
    "unmatched": [("new", "drift")],
}


@pytest.mark.parametrize(("word", "found"), BY_WORD.items())
def test_the_baseline_s_word_becomes_a_finding(word, found):
    assert words(Decision(NGINX, word, rule() if word != "unmatched" else None)) == found


def test_every_word_is_known():
    assert set(BY_WORD) == set(WORDS)


@pytest.mark.parametrize("word", ["widened", "owner-changed", "expired", "out-of-window", "unmatched"])
def test_what_is_muted_is_not_told_and_not_lost(word):
    assert [state for _, state in words(Decision(NGINX, word, rule(), muted="patching"))] == ["muted"]


def test_what_is_forbidden_cannot_be_muted():
    assert words(Decision(NGINX, "forbidden", rule("forbid"), muted="patching")) == [("forbidden", "drift")]


def test_the_nearest_rule_of_what_no_rule_covers_is_not_its_rule():
    """A decider names the rule that came nearest; a report must not blame it."""
    (found,) = findings(Decision(NGINX, "unmatched", rule()), around())
    assert found.rule is None


@given(
    st.sampled_from(WORDS),
    st.sampled_from([None, "low", "high", "critical"]),
    st.sampled_from([(), ("hidden",)]),
    st.tuples(st.booleans(), st.booleans()),
    st.sampled_from(["", "patching"]),
)
def test_an_opening_has_one_drift_at_most(word, severity, flags, has, muted):
    observed_before, pins = has
    one = opening(flags=flags, verdict=said(severity) if severity else None)
    lock = locked(opening(scope="private")) if observed_before else None
    decision = Decision(one, word, rule(pin=("sha256",) if pins else ()), muted=muted)
    found = findings(decision, around(lock, [one], digests={one.key: "cd" * 32}))
    assert len([each for each in found if each.state in ("drift", "muted")]) <= 1
    assert all(each.kind in KINDS and each.state in STATES for each in found)
    if flags:
        assert [each.kind for each in found] == ["hidden"]


def test_a_rule_that_leads_elsewhere_has_another_owner():
    def led(goal):
        kernel = Unowned("kernel", "nftables ip nat pre")
        return opening(kind="forward", owner=None, unowned=kernel, notes=(f"leads to {goal}",))

    was, lock = led("172.17.0.2:80"), locked(led("172.17.0.2:80"))
    away, next_door = led("198.51.100.7:80"), led("172.17.0.3:80")
    covers = rule(unit="")
    assert words(Decision(was, "expected", covers), lock) == []
    assert words(Decision(away, "expected", covers), lock) == [("owner-changed", "drift")]
    assert words(Decision(away, "expected", covers, muted="patching"), lock) == [("owner-changed", "muted")]
    assert words(Decision(away, "unmatched"), lock) == [("owner-changed", "drift")]
    assert words(Decision(next_door, "expected", covers), lock) == [("changed", "note")]
    assert words(Decision(next_door, "unmatched"), lock) == [("new", "debt"), ("changed", "note")]
    (found,) = findings(Decision(away, "unmatched"), around(lock, [away]))
    assert [each.told for each in found.changes] == ["target 172.17.0.2:80 -> 198.51.100.7:80"]


def test_worse_words_win():
    odd = opening(verdict=said("critical"), flags=("hidden",))
    assert words(Decision(odd, "forbidden", rule("forbid"))) == [("hidden", "drift")]
    wide = opening(verdict=said("critical"))
    assert words(Decision(wide, "unmatched"), locked(opening(scope="private"))) == [("widened", "drift")]
    changed = Decision(wide, "expected", rule(pin=("sha256",)))
    assert words(changed, locked(NGINX), digests={wide.key: "cd" * 32}) == [("pinned-changed", "drift")]


@pytest.mark.parametrize(
    ("one", "passing"),
    [
        (client(), True),
        (opening(port=9, kind="bound"), True),
        (NGINX, False),
        (replace(client(), ephemeral=False), False),
        (client(verdict=said("low")), False),
        (client(verdict=None), True),
        (opening(40000, ephemeral=True), False),
    ],
)
def test_clients_pass_and_listeners_do_not(one, passing):
    assert is_passing(one) is passing


@pytest.mark.parametrize("word", sorted(set(WORDS) - {"expected", "forbidden"}))
def test_clients_are_nobody_s_news_unless_a_rule_means_them(word):
    broad, meant = rule(listen="udp/any", unit=""), rule(listen="udp/ephemeral", unit="")
    assert words(Decision(client(), word, broad)) == []
    assert words(Decision(client(), word, meant)) == ([] if word == "unmatched" else BY_WORD[word])


def test_a_client_that_was_observed_is_neither_debt_nor_wider():
    before = client(addresses=("127.0.0.1",), scope="loopback")
    assert words(Decision(client(), "unmatched"), locked(before)) == []
    assert words(Decision(before, "unmatched"), locked(before)) == []


def test_what_hides_does_not_blame_the_nearest_rule():
    (found,) = findings(Decision(opening(flags=("hidden",)), "unmatched", rule()), around())
    assert (found.kind, found.rule) == ("hidden", None)


# -- memory


def test_what_was_observed_is_found_by_its_thread():
    memory = around(locked(NGINX), [NGINX]).memory
    assert memory.of(NGINX).thread == NGINX.thread
    assert memory.of(opening(scope="loopback")).thread == NGINX.thread, "the scope is no part of it"
    assert memory.of(opening(owner="caddy")) is None
    assert memory.of(opening(netns=Netns(1, "", "container"))) is None


def test_a_predecessor_is_somebody_who_is_not_there_any_more():
    lock = locked(opening(owner="caddy"))
    assert around(lock, [NGINX]).memory.predecessor(NGINX).thread == "tcp/443/unit:caddy.service/host"
    beside = opening(owner="caddy", addresses=("127.0.0.2",))
    assert around(lock, [NGINX, beside]).memory.predecessor(NGINX) is None
    assert around(lock, [opening(80)]).memory.predecessor(opening(80)) is None


def test_an_ephemeral_port_has_no_predecessor():
    lock = locked(opening(40000, "caddy", ephemeral=True))
    one = opening(40001, ephemeral=True)
    assert around(lock, [one]).memory.predecessor(one) is None


MAY_BE = {
    "the same": (opening(), opening(), True),
    "another unit": (opening(), opening(owner="caddy"), False),
    "nobody seen": (opening(), unseen(), True),
    "a unit seen, the same": (opening(), unseen(unit="nginx.service"), True),
    "a unit seen, another": (opening(), unseen(unit="caddy.service"), False),
    "a unit seen where a package was": (opening(owner=service(unit=None)), unseen(unit="caddy.service"), False),
    "a name seen": (
        opening(owner=service(unit=None)),
        opening(owner=service(unit=None, exe=None, package=None)),
        True,
    ),
    "the kernel where somebody was": (opening(), opening(owner=None, unowned=Unowned("kernel", "NFS")), False),
    "nobody seen where the kernel was": (opening(owner=None, unowned=Unowned("kernel", "NFS")), unseen(), False),
    "a container of the same image": (
        opening(owner=None, container=Container("docker", "1", "a", "shop:4")),
        opening(owner=None, container=Container("docker", "2", "b", "shop:4")),
        True,
    ),
    "a container where a unit was": (
        opening(),
        opening(owner=None, container=Container("docker", "2", "b", "shop:4")),
        False,
    ),
}


@pytest.mark.parametrize(("before", "now", "may"), MAY_BE.values(), ids=MAY_BE)
def test_what_an_opening_may_be(before, now, may):
    assert may_be(observed(before), now) is may


BARE = service("tool", unit=None)


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (BARE, replace(BARE, package=None), True),
        (replace(BARE, package=None), BARE, True),
        (BARE, replace(BARE, package=None, exe="/tmp/tool"), False),
        (BARE, replace(BARE, package=Package("other", "1", "dpkg")), False),
        (BARE, replace(BARE, package=None, unit="x.service"), False),
        (BARE, replace(BARE, package=None, exe=None), False),
    ],
)
def test_the_same_program_under_another_name(before, now, same):
    assert same_program(observed(opening(owner=before)), opening(owner=now)) is same


def test_what_cannot_be_seen_is_still_there():
    memory = around(locked(NGINX), [unseen()]).memory
    assert memory.is_there(observed(NGINX))
    assert not around(locked(NGINX), [unseen(80)]).memory.is_there(observed(NGINX))


def test_what_reaches_further_than_was_observed_is_no_debt():
    memory = around(locked(opening(scope="private")), [NGINX]).memory
    assert memory.is_debt(opening(scope="loopback"), NOW)
    assert memory.is_debt(opening(scope="private"), NOW)
    assert not memory.is_debt(NGINX, NOW)


def test_a_lock_of_nothing_remembers_nothing():
    memory = Memory(None, {NGINX.key: 5.0}, [NGINX])
    assert not memory.is_debt(NGINX, NOW)
    assert memory.of(NGINX) is None
    assert not memory.is_there(Observed("tcp/443/x/host", "public"))


# -- pins and changes


@pytest.mark.parametrize(
    ("pin", "changes", "broken"),
    [
        (("sha256",), {"sha256": "cd" * 32}, True),
        (("version",), {"sha256": "cd" * 32}, False),
        (("version",), {"version": "2"}, True),
        (("protocol",), {"speaks": "ssh"}, True),
        (("protocol",), {"tls": "TLSv1"}, True),
        (("certificate",), {"certificate": "ee"}, True),
        (("image",), {"image": "shop:5"}, True),
        (("sha256", "version"), {"version": "2"}, True),
    ],
)
def test_a_pin_is_of_its_own_facts(pin, changes, broken):
    was = replace(observed(NGINX, sha256="ab" * 32), certificate="dd", speaks="http", tls="TLSv1.3", image="shop:4")
    lock = locked(NGINX, observed=(replace(was, **dict.fromkeys(changes, "before")),))
    box = Container("docker", "1", "x", changes.get("image", "shop:4"))
    package = Package("nginx", changes.get("version", "1.22.1-9"), "dpkg")
    now = opening(owner=service(package=package, container=box))
    heard = spoken(changes)
    found = findings(
        Decision(now, "expected", rule(pin=pin)),
        around(lock, [now], digests={now.key: changes.get("sha256", "ab" * 32)}, answers={now.key: heard}),
    )
    assert ("pinned-changed" in [one.kind for one in found]) is broken
    assert {change.name for one in found for change in one.changes} >= set(changes)


def spoken(changes):
    from tests.judge.checking import answer

    return answer(
        changes.get("speaks", "http"), tls=changes.get("tls", "TLSv1.3"), certificate=changes.get("certificate", "dd")
    )


def test_a_wider_scope_that_its_rule_allows_is_a_note():
    found = findings(Decision(NGINX, "expected", rule()), around(locked(opening(scope="loopback")), [NGINX]))
    assert [(one.kind, one.state) for one in found] == [("changed", "note")]


def test_what_changed_in_debt_is_a_note_beside_it():
    upgraded = opening(owner=service(package=Package("nginx", "2", "dpkg")))
    assert words(Decision(upgraded, "unmatched"), locked(NGINX)) == [("new", "debt"), ("changed", "note")]


def test_a_finding_is_a_value():
    assert Finding("new", "drift", NGINX) == Finding("new", "drift", NGINX)

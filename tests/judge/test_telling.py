"""Each word has a reason, evidence and a remedy that a person can type or do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judge.checking import DAY, NOW, opening, rule, said, service, unseen

from hb_engine.baseline.facts import Difference, observed
from hb_engine.judge.comparing import ORDER, Finding
from hb_engine.judge.telling import REASONS, ROOT, evidence, reason, remedy, to_show
from hb_engine.model.baseline import Speaks
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.opening import Unowned
from hb_engine.model.record import replace
from hb_engine.model.report import KINDS
from hb_engine.model.verdict import Reason

NGINX = opening()
WITHOUT_OPENING = ("gone", "vanished", "review-due", "learning", "foreign-lock", "unsafe-baseline")


def test_every_word_about_an_opening_has_a_sentence():
    assert set(REASONS) == set(KINDS) - set(WITHOUT_OPENING)


@pytest.mark.parametrize("kind", ORDER)
@pytest.mark.parametrize("ruled", [True, False])
def test_every_drift_says_why_and_what_to_do(kind, ruled):
    finding = Finding(kind, "drift", NGINX, rule(until=int(NOW) - 5) if ruled else None, before=observed(NGINX),
                      changes=(Difference("version", "1", "2"),), detail="because")  # fmt: skip
    told = reason(finding, NOW)
    assert told
    assert not told.endswith(".")
    assert "hb " in remedy(finding)


@pytest.mark.parametrize("kind", ["hidden", "forbidden"])
def test_what_must_not_be_is_never_to_be_accepted(kind):
    assert "hb accept" not in remedy(Finding(kind, "drift", NGINX, rule()))


SENTENCES = {
    "new": (Finding("new", "drift", NGINX), "no rule is about it"),
    "new and odd": (
        Finding("new", "drift", opening(verdict=said("high"))),
        "no rule is about it; runs a deleted file",
    ),
    "debt": (Finding("new", "debt", NGINX), "it was there before anybody decided, and nobody has reviewed it"),
    "expired on a day": (
        Finding("expired", "drift", NGINX, rule(until=int(NOW) // DAY * DAY - 2 * DAY, owner="alice")),
        "allowed until 2026-11-23 (expired 2 days ago), owner alice",
    ),
    "expired with a day": (
        Finding("expired", "drift", NGINX, rule(until=int(NOW) // DAY * DAY - 1, owner="")),
        "allowed until 2026-11-24 (expired 9 hours ago)",
    ),
    "expired at a time": (
        Finding("expired", "drift", NGINX, rule(until=int(NOW) - 3600, owner="")),
        "allowed until 2026-11-25T08:46:40Z (expired 1 hour ago)",
    ),
    "expired just now": (
        Finding("expired", "drift", NGINX, rule(until=int(NOW) - 5, owner="")),
        "allowed until 2026-11-25T09:46:35Z (expired less than a minute ago)",
    ),
    "widened since": (
        Finding("widened", "drift", NGINX, before=observed(opening(scope="loopback"))),
        "this machine \u2192 everyone since it was observed",
    ),
    "another owner": (
        Finding("owner-changed", "drift", NGINX, before=observed(opening(owner="caddy"))),
        "unit:caddy.service held it, now unit:nginx.service does",
    ),
    "forbidden": (Finding("forbidden", "drift", NGINX, rule("forbid", why="clear text")), "forbidden: clear text"),
    "forbidden without a reason": (Finding("forbidden", "drift", NGINX, rule("forbid", why="")), "a rule forbids it"),
    "wider as allowed": (
        Finding("changed", "note", NGINX, rule(), before=observed(opening(scope="loopback"))),
        "this machine \u2192 everyone, as its rule allows",
    ),
    "evidence": (
        Finding("suspicious", "drift", NGINX, rule(), reason=Reason("relay-tool", "high", "a bare relay.")),
        "a bare relay",
    ),
    "the decider's own words": (Finding("weakened", "drift", NGINX, rule(), "offers TLSv1"), "offers TLSv1"),
}


@pytest.mark.parametrize(("finding", "told"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(finding, told):
    assert reason(finding, NOW) == told


def test_remarks_do_not_accuse():
    remark = opening(verdict=said("info", text="a remark"))
    assert reason(Finding("new", "drift", remark), NOW) == "no rule is about it"


def test_evidence_names_owner_rule_and_what_was_before():
    finding = Finding("owner-changed", "drift", opening(owner="caddy"), rule(), before=observed(NGINX))
    assert evidence(finding) == (
        'pid 100 "caddy" as root',
        "runs /usr/sbin/caddy",
        "rule: tcp/443, by unit:nginx.service",
        "hb.lock: tcp/443/unit:nginx.service/host, everyone",
    )


def test_evidence_rules_are_quoted_with_their_severity():
    told = evidence(Finding("new", "drift", opening(verdict=said("high"))))
    assert told[-1] == "deleted-executable (high): runs a deleted file"
    finding = Finding("suspicious", "drift", NGINX, reason=Reason("r", "high", "t", ("proof",)))
    assert evidence(finding)[-1] == "proof"


def test_what_nobody_holds_has_no_owner_to_tell():
    assert evidence(Finding("new", "drift", unseen())) == ()


REMEDIES = {
    "new": (Finding("new", "drift", NGINX), "hb accept tcp/public/443/unit:nginx.service/host"),
    "debt": (Finding("new", "debt", NGINX), "hb review"),
    "by a rule": (Finding("widened", "drift", NGINX, rule()), "(hb.d/web.toml:12:1)"),
    "by the lock": (Finding("widened", "drift", NGINX, before=observed(NGINX)), "hb accept"),
    "expired": (Finding("expired", "drift", NGINX, rule()), "--for 30d"),
    "evidence": (
        Finding("suspicious", "drift", NGINX, reason=Reason("r", "high", "t", remedy="look at it")),
        "hb why 443; look at it",
    ),
    "no owner seen": (Finding("not-seen", "unseen", unseen(), rule()), "as root"),
    "nothing in the lock": (
        Finding("not-seen", "unseen", NGINX, rule(), "hb.lock holds nothing of it"),
        "hb learn --now",
    ),
    "nothing heard in the lock": (
        Finding("not-seen", "unseen", NGINX, rule(pin=("certificate",)), "hb.lock holds no certificate of it"),
        "hb learn --now --identify",
    ),
    "nothing heard": (
        Finding("not-seen", "unseen", NGINX, rule(speaks=Speaks(("https",))), "what speaks was not asked"),
        "hb why 443 asks what speaks there",
    ),
    "a name that no shell takes": (
        Finding("new", "drift", opening(53, None, unowned=Unowned("kernel", "a; rm -rf /"))),
        "hb accept tcp/53",
    ),
    "no port": (Finding("new", "drift", opening(None, transport="raw", protocol="icmp")), "hb ls --wide"),
}


@pytest.mark.parametrize(("finding", "told"), REMEDIES.values(), ids=REMEDIES)
def test_remedies(finding, told):
    assert told in remedy(finding)


@given(st.text(max_size=40), st.sampled_from(ORDER))
def test_a_stranger_s_name_never_reaches_a_command(name, kind):
    """A key that a shell would read otherwise is not put into a line to type."""
    one = replace(NGINX, owners=(service(unit=f"{name}.service"),))
    told = remedy(Finding(kind, "drift", one))
    command = told.partition("hb accept ")[2].split(" --")[0]
    assert not set(command) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-")


def test_what_could_not_be_seen_is_shown_by_what_its_gap_says():
    finding = Finding("not-seen", "unseen", replace(NGINX, owners=()), rule())
    assert remedy(finding) == ROOT
    scan = Coverage(False, (), (Gap("who holds it", "a scan", "hb snapshot on the machine itself", "owners"),))
    assert remedy(finding, scan) == "hb snapshot on the machine itself"
    assert to_show(scan, NGINX) == ROOT
    holes = Coverage(True, (), (Gap("a", "b", "scan these ports", "tcp/1-500"), Gap("c", "d", "load it", "udp")))
    assert to_show(holes, NGINX) == "scan these ports"
    assert to_show(Coverage(True, partial="ports 22"), NGINX).endswith("hb snapshot -o FILE")

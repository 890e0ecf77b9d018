"""The page of hb explain. Goldens: HB_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit
from tests.faces.deciding import BASELINE, EXPLANATIONS, HTTPS, closed, explained, explanation, verdict
from tests.faces.kit import HOSTILE, NOW, golden, is_safe, said

from hb_engine.baseline.deciding.decide import Decider
from hb_engine.faces.stories.explain import MOST, OUTCOMES, WORDS, tell
from hb_engine.model import decision
from hb_engine.model.answer import Answer
from hb_engine.model.baseline import Baseline, Window
from hb_engine.model.identity import Identity, Tls
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace


@pytest.mark.parametrize("width", [None, 60, 80, 120])
@pytest.mark.parametrize("name", EXPLANATIONS)
def test_the_page(name, width):
    golden(f"explain-{name}-{width or 'plain'}.txt", said(tell(EXPLANATIONS[name]), width))


def test_every_word_and_every_outcome_has_words_for_people():
    assert set(WORDS) == set(decision.WORDS)
    assert set(OUTCOMES) == set(decision.OUTCOMES)


def page(*found, **more):
    return said(tell(explanation("x", *found), **more))


def test_what_decided_is_marked():
    lines = page(explained(kit.REDIS)).splitlines()
    marked = [line for line in lines if line.startswith(">")]
    assert len(marked) == 1
    assert "allow old" in marked[0]
    assert "hb.d/tmp.toml:1:1" in marked[0]


def test_rules_for_other_places_are_counted_and_shown_on_request():
    short, long = page(explained(kit.HTTPS)), page(explained(kit.HTTPS), every=True)
    assert "4 rules for other places or machines   --all" in short
    assert "no-telnet" not in short
    assert "another place" in long
    assert "other machines" in long
    assert "--all" not in long


def test_whose_decision_it_is_and_until_when():
    told = page(explained(kit.HTTPS))
    assert "whose     owner team-web: Shop front end" in told
    assert "review by 2027-02-20" in told
    assert "web-https accepts clear-text besides" in told


def test_a_window_that_mutes_is_named():
    muting = Decider(Baseline((), windows=(Window("patches", "mute", start=0),)), kit.HOST, NOW)
    assert "recorded and not told: in the window patches" in page(explained(kit.REDIS, decider=muting))


def test_what_speaks():
    spoken = Identity("http", "nginx", "1.22", tls=Tls("TLSv1.3", versions=("TLSv1.2", "TLSv1.3")))
    answer = Answer("tcp", 443, "open", "syn-ack", identity=spoken)
    assert "speaks    http nginx 1.22, TLSv1.2, TLSv1.3" in page(explained(kit.HTTPS, answer=answer))
    silent = Answer("tcp", 443, "open", "syn-ack", held="silent")
    assert "nothing that could be named (silent)" in page(explained(kit.HTTPS, answer=silent))


def test_other_namespaces_are_named():
    seen = replace(kit.HTTPS, netns=Netns(7, "cni-4f2a", "named"))
    assert "every address, in namespace cni-4f2a, held by" in page(explained(seen))


def test_what_hb_check_says():
    told = page(explained(kit.REDIS, verdict(kit.REDIS, "widened", "reaches public")))
    assert "hb check  widened (drift): reaches public   hb why 6379" in told
    assert "hb check  nothing to say" in page(explained(kit.REDIS))


def test_that_no_rule_is_about_it_is_said_once():
    one = explained(kit.BACKDOOR)
    for detail, told in (
        ("no rule is about it", "no rule is about it"),
        ("no rule is about it; web allows nginx tcp/443", "no rule is about it: web allows nginx tcp/443"),
    ):
        shown = page(replace(one, decision=replace(one.decision, word="unmatched", detail=detail)))
        assert told in shown
        assert shown.count("no rule is about it") == 1


def test_many_openings_are_counted():
    told = page(*[explained(kit.HTTPS)] * (MOST + 3))
    assert "and 3 more openings   hb explain x --json" in told


@pytest.mark.parametrize(
    ("port", "words"),
    [
        (23, "tcp 23 is forbidden"),
        (443, "tcp 443 may be open, where the right program holds it, and is required"),
        (6379, "tcp 6379 allowed no longer"),
        (9, "tcp 9 would be drift: no rule is about it"),
    ],
)
def test_closed_ports(port, words):
    assert words in said(tell(explanation(str(port), closed=(closed(port),))))


def test_what_a_rule_asks_for_is_said_of_a_closed_port():
    assert "if it is unit:nginx.service" in said(tell(EXPLANATIONS["missing"]))
    assert "could not be seen" not in said(tell(EXPLANATIONS["missing"]))


@given(st.sampled_from(HOSTILE))
def test_strangers_text_is_escaped(text):
    hostile = replace(HTTPS, id=text, why=text, owner=text, by_text=text, accepts=(text,))
    decider = Decider(replace(BASELINE, rules=(hostile,)), kit.HOST, NOW)
    look = kit.hostile_look()
    found = [explained(seen, decider=decider) for seen in (kit.HTTPS, *look.openings)]
    for width in (None, 60, 120):
        assert is_safe(said(tell(explanation(text, *found), every=True), width))

"""The word on an opening: precedence, nearness, and the index against a walk over all rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.baseline.decide import NEAREST, WORDS, Decider
from hb_engine.baseline.rules import Rules
from hb_engine.model.baseline import All, Baseline, Hours, Is, Listen, Not, Role, Speaks, Window
from hb_engine.model.decision import OUTCOMES, WORDS as ALL_WORDS
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Unowned
from hb_engine.model.record import replace
from tests.kit import deciding as kit
from tests.kit.deciding import HOST, NOW, answer, opening, owner, rule, tls

NGINX = Is("unit", "nginx.service")


def decider(*rules, host=HOST, **more):
    return Decider(Baseline(rules, **more), host, NOW)


def said(found):
    return found.word, found.rule and found.rule.id


def decide(rules, asked, spoken=None, **more):
    return said(decider(*rules, **more).decide(asked, spoken))


# -- the index and the walk ----------------------------------------------------------------------------------------


@settings(max_examples=1500, deadline=None)
@given(kit.baselines(), kit.hosts, st.lists(st.tuples(kit.openings(), kit.answers), max_size=4))
def test_the_index_and_a_walk_over_all_rules_agree(baseline, host, asked):
    """Twice over, so that what was remembered of the first opening is held against the walk for the others."""
    one = Decider(baseline, host, NOW)
    for each, spoken in [*asked, *asked]:
        quick, slow = one.decide(each, spoken), one.explain(each, spoken)
        assert (quick.word, quick.rule, quick.detail, quick.muted) == (slow.word, slow.rule, slow.detail, slow.muted)
        assert [step.rule for step in slow.steps].__len__() == len(baseline.rules)

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


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_the_index_and_a_walk_over_all_rules_agree(part):
    """Twice over, so that what was remembered of one opening is held against the walk for the others."""
    words = set()
    for seed in range(part * 100, part * 100 + 100):
        world = kit.World(seed)
        one = Decider(world.baseline(), world.pick(kit.HOSTS), NOW)
        asked = [(world.opening(), world.answer()) for _ in range(12)]
        for each, spoken in [*asked, *asked]:
            quick, slow = one.decide(each, spoken), one.explain(each, spoken)
            assert (quick.word, quick.rule, quick.detail, quick.muted) == (slow.word, slow.rule, slow.detail, slow.muted)
            words.add(quick.word)
    assert words == set(ALL_WORDS)

"""The page of the judge's rules says of each what a baseline can do about it."""

from __future__ import annotations

from tools.docs import rules_page

from hb_engine.app.looking.look import rule_names
from hb_engine.judge.kit import load


def test_what_lasts_says_how_it_is_silenced_and_what_hides_that_it_is_not():
    page = rules_page.page()
    for one in load(rule_names()):
        about = page.partition(f"\n## {one.rule.name}\n")[2].partition("\n## ")[0]
        assert one.rule.title in about
        hides = one.rule.name == "hidden-opening"
        assert ("No baseline's rule silences it." in about) == hides
        assert ("silences it only by its name" in about) == (one.rule.lasting and not hides)

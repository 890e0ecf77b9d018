"""The remark beside a proposal: how many rules, from what, what was left out, and how to go on."""

from __future__ import annotations

import pytest
from tests.faces.kit import said

from hb_engine.app.changing.propose import Proposed
from hb_engine.baseline.proposing import LeftOut, Proposal
from hb_engine.faces.stories.proposed import tell

LEFT = (LeftOut("k", "h", "r"), LeftOut("l", "h", "r"))


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (
            Proposed("x", ("a", "b"), Proposal(left_out=LEFT, covered=3, passing=1), (), "one look"),
            """ 2 rules from one look.
 2 left out, 3 covered by rules already and 1 client's socket passed over.
 next  keep what is right: hb propose --write NAME
""",
        ),
        (
            Proposed("x", ("a",), Proposal(), (), "one look", "hb.d/a.toml"),
            " 1 rule from one look, written to hb.d/a.toml.\n next  fill in why and owner, then hb lint\n",
        ),
        (
            Proposed("", (), Proposal(left_out=LEFT), (), "one look"),
            " 0 rules from one look.\n 2 left out.\n next  decide one by one: hb review\n",
        ),
        (Proposed("", (), Proposal(), (), "one look"), " 0 rules from one look.\n"),
        (Proposed("x", ("a",), None, ("a",), "goss's file g"), " 1 rule from goss's file g.\n 1 not carried over.\n"),
        (Proposed("x", ("a",), None, (), "goss's file g"), " 1 rule from goss's file g.\n"),
    ],
)
def test_remarks(done, told):
    assert said(tell(done)) == told

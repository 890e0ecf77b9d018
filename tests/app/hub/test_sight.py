"""What pages show before anybody looked, and what a sight says of itself."""

from __future__ import annotations

import pickle

from tests.faces.kit import LOOK, NOW

from hb_engine.app.hub.sight import NOTHING, Fresh, Machine, Sight


def test_before_the_first_look_it_is_said_that_nobody_looked():
    """And not that there is nothing: an empty list would be a claim."""
    assert (NOTHING.number, NOTHING.machines) == (0, ())
    assert [one.about for one in NOTHING.troubles] == ["machine"]
    assert NOTHING.troubles[0].remedy


def test_a_machine_is_looked_at_here_unless_it_is_said_otherwise():
    one = Machine("web-17", LOOK)
    assert (one.report, one.source, one.outside, one.remembered) == (None, "", (), False)


def test_what_goes_over_a_pipe_comes_back_equal():
    for one in (NOTHING, Sight(1, NOW, (Machine("web-17", LOOK),)), Fresh(1, NOW)):
        assert pickle.loads(pickle.dumps(one, 5)) == one  # noqa: S301 -- it was made here

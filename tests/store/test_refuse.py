"""What is no history is refused with what to do; the machine that is meant is clear."""

from __future__ import annotations

import pytest
from tests.store.kit import ROOT, SSH, START, look

from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace
from hb_engine.store.refuse import LATEST, one_host, refuse


def test_what_is_kept_and_what_is_kept_already():
    assert refuse(look(0, SSH), None) is False
    assert refuse(look(1, SSH), START) is False
    assert refuse(look(0, SSH), START) is True
    assert refuse(replace(look(0), taken_at=0.0), None) is False
    assert refuse(replace(look(0), taken_at=LATEST), None) is False


@pytest.mark.parametrize(
    ("seen", "said", "remedy"),
    [
        (look(0, coverage=replace(ROOT, partial="filters")), "at a part only", "whole looks"),
        (look(0, host=""), "no name of its machine", "names of machines"),
        (replace(look(0), taken_at=-1.0), "no time", "clock"),
        (replace(look(0), taken_at=float("inf")), "no time", "clock"),
        (replace(look(0), taken_at=float("nan")), "no time", "clock"),
        (look(-1), "a later look at web-17 is kept already, of 2026-11-22T14:05:11Z", "--repair"),
    ],
)
def test_what_is_refused(seen, said, remedy):
    with pytest.raises(BadInput, match=said) as caught:
        refuse(seen, START)
    assert remedy in caught.value.remedy


def test_which_machine():
    assert one_host("", ()) == ""
    assert one_host("", ("a",)) == "a"
    assert one_host("b", ("a", "b")) == "b"
    with pytest.raises(BadInput, match="no history of a machine named 'c'") as caught:
        one_host("c", ("a", "b"))
    assert "a, b" in caught.value.remedy
    with pytest.raises(BadInput, match="of 20 machines") as caught:
        one_host("", tuple([f"host-{number}" for number in range(20)]))
    assert "host-7" in caught.value.remedy
    assert "host-8" not in caught.value.remedy
    with pytest.raises(BadInput):
        one_host("a", ())

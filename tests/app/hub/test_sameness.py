"""Two looks show the same, or they do not: what differs from look to look by itself is no news."""

from __future__ import annotations

import pytest
from tests.faces import judged
from tests.faces.kit import HOST, LOOK, NOW

from hb_engine.app.hub.sameness import again, is_again, same
from hb_engine.app.hub.sight import Machine, Sight, Trouble
from hb_engine.model.inventory import Gap
from hb_engine.model.record import replace
from hb_engine.model.verdict import Judgement

MACHINE = Machine(HOST.name, LOOK, judged.DRIFTED)
FILED = Machine("db-3", LOOK, None, "db-3.json")
SIGHT = Sight(4, NOW, (MACHINE, FILED))
FIRST = LOOK.openings[0]


def seen(**more):
    return replace(SIGHT, machines=(replace(MACHINE, seen=replace(LOOK, **more)), FILED))


def opening(**more):
    return seen(openings=(replace(FIRST, **more), *LOOK.openings[1:]))


def reported(**more):
    return replace(SIGHT, machines=(replace(MACHINE, report=replace(judged.DRIFTED, **more)), FILED))


COVERAGE = LOOK.coverage
SAME = {
    "the same": SIGHT,
    "numbers and times": replace(SIGHT, number=5, taken_at=NOW + 30),
    "the time of the look": seen(taken_at=NOW + 30),
    "the time of the report": reported(taken_at=NOW + 30),
    "inodes": opening(inodes=(1, 2, 3)),
    "which sources were asked": seen(coverage=replace(COVERAGE, sources=("bind sweep",))),
}
OTHER = {
    "one machine less": replace(SIGHT, machines=(MACHINE,)),
    "another order": replace(SIGHT, machines=(FILED, MACHINE)),
    "no baseline any more": replace(SIGHT, machines=(replace(MACHINE, report=None), FILED)),
    "a trouble": replace(SIGHT, troubles=(Trouble("history", "locked", "wait"),)),
    "one opening less": seen(openings=LOOK.openings[1:]),
    "another verdict": opening(verdict=Judgement("critical")),
    "another owner": opening(owners=()),
    "another process": opening(owners=(replace(FIRST.owners[0], pid=99_999),)),
    "a gap": seen(coverage=replace(COVERAGE, gaps=(Gap("a", "b", "c"),))),
    "another drift": reported(verdicts=judged.DRIFTED.verdicts[1:]),
    "an address": seen(host=replace(LOOK.host, addresses=("10.0.0.99",))),
    "only remembered": replace(SIGHT, machines=(MACHINE, replace(FILED, remembered=True))),
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_what_is_no_news(other):
    assert same(SIGHT, other)
    assert same(other, SIGHT)


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_what_is_news(other):
    assert not same(SIGHT, other)
    assert not same(other, SIGHT)


def test_the_time_of_another_look_is_given_to_what_is_looked_at_here():
    later = again(SIGHT, NOW + 60)
    here, filed = later.machines
    assert here.report is not None
    assert (later.taken_at, here.seen.taken_at, here.report.taken_at) == (NOW + 60,) * 3
    assert filed is FILED
    assert same(SIGHT, later)


def test_what_history_alone_knows_keeps_its_time():
    past = replace(MACHINE, remembered=True)
    assert again(replace(SIGHT, machines=(past,)), NOW + 60).machines == (past,)


# -- the same at another time


def test_a_sight_is_known_as_an_earlier_one_at_another_time():
    later = again(SIGHT, NOW + 60)
    assert is_again(SIGHT, SIGHT)
    assert is_again(SIGHT, later)
    assert is_again(later, again(later, NOW + 120))
    bare = replace(SIGHT, machines=(replace(MACHINE, report=None), FILED))
    assert is_again(bare, again(bare, NOW + 60))


@pytest.mark.parametrize("name", [*OTHER, "another number", "another file"])
def test_nothing_else_is(name):
    """Also not what only looks the same: it is told without comparing, and so in doubt it is another."""
    more = {
        "another number": replace(SIGHT, number=5),
        "another file": replace(SIGHT, machines=(MACHINE, replace(FILED, name="db-4"))),
    }
    assert not is_again(SIGHT, {**OTHER, **more}[name])
    assert not is_again(
        SIGHT, replace(SIGHT, machines=(replace(MACHINE, seen=replace(LOOK, coverage=replace(COVERAGE))), FILED))
    )

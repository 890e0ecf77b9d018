"""Sweeps over simulated networks: nothing open is missed, nothing is invented, and what it costs is bounded.

No time passes: the clock is the network's own (tests/scan/kit.py). Bounds of seconds are of that clock, and so the same
on every machine.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scan.kit import Host, Path, Run, spread

from hb_engine.model.errors import CannotLook
from hb_engine.scan.board import CLOSED, LIMITED, OPEN, SILENT, UNASKED, Board
from hb_engine.scan.pace import Limits, Pace
from hb_engine.scan.sweep import FEW_ROUNDS, MOST, RISK, Sweep

ALL = list(range(1, 65536))
SOME = list(range(1, 4001))


def host(ports=SOME, opened=40, *, filtered=frozenset(), seed=7, **wishes):
    return Host(spread(opened, ports, seed), frozenset(filtered) - spread(opened, ports, seed), **wishes)


def sound(run):
    """Nothing is missed, nothing is called what it is not, and every cell has a word."""
    assert run.missed() == []
    assert run.invented() == set()
    return run.told


# -- the easy way


def test_one_round_where_nothing_is_lost():
    run = Run([host(ALL, 200)], ALL, Path(rtt=0.0002))
    told = sound(run)
    assert (told.sent, told.rounds, told.loss, told.again) == (65535, 1, 0.0, 0)
    assert run.seconds < 0.3, "the sender's own speed is nearly all of it"


def test_what_greetings_found_out_does_not_shorten_the_wait_for_the_rest():
    run = Run([host()], SOME, Path(rtt=0.1), greeted=8)
    told = sound(run)
    assert (told.sent, told.rounds) == (3992, 1)


@pytest.mark.parametrize("rtt", [0.02, 0.2, 0.6])
def test_a_long_way_is_no_loss(rtt):
    run = Run([host()], SOME, Path(rtt=rtt))
    assert sound(run).sent == 4000
    assert run.pace.cuts == 0


def test_answers_that_come_twice_count_once():
    told = sound(Run([host()], SOME, Path(twice=0.3)))
    assert (told.answered, told.sent) == (4000, 4000)


def test_progress_reaches_its_end():
    seen = []
    Run([host()], SOME, Path(), greeted=8, watch=lambda settled, total: seen.append((settled, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] <= seen[-1][1] == 3992


# -- loss


@pytest.mark.parametrize("lost", [0.02, 0.05])
def test_loss_is_repaired_and_told(lost):
    """The share that is told is that of both ways."""
    for seed in range(5):
        told = sound(Run([host()], SOME, Path(lost=lost), seed=seed))
        assert told.loss == pytest.approx(1 - (1 - lost) ** 2, abs=0.015)
        assert told.sent < 4000 * 1.3


@pytest.mark.slow
def test_no_open_port_is_missed_over_many_seeds():
    """RISK is one in ten thousand a sweep: 120 sweeps with 40 open ports and up to a tenth lost each way miss none."""
    for seed in range(40):
        for lost in (0.02, 0.05, 0.1):
            run = Run([host(seed=seed)], SOME, Path(lost=lost), seed=seed)
            sound(run)


def test_few_answers_are_asked_again_to_know_the_loss():
    """Behind a firewall that drops, three open ports are all that tells; ten rounds would be asked without them."""
    filtered = frozenset(SOME) - {22, 80, 443}
    run = Run([Host(frozenset((22, 80, 443)), filtered)], SOME, Path())
    told = sound(run)
    assert told.rounds <= 3
    assert told.loss == 0.0
    lossy = Run([Host(frozenset((22, 80, 443)), filtered)], SOME, Path(lost=0.2))
    assert sound(lossy).rounds > told.rounds


def test_a_ring_that_is_too_small_is_repaired():
    run = Run([host(ALL, 200)], ALL, Path(room=256))
    told = sound(run)
    assert told.dropped > 1000
    assert told.sent < 65535 * 2


# -- slow ways


@pytest.mark.parametrize(("queue", "rtt"), [(100, 0.001), (1000, 0.001), (1000, 0.1)])
def test_a_bottleneck_is_found_and_kept_to(queue, rtt):
    """5,000 packets a second: 65,535 of them take 13 s at best."""
    run = Run([host(ALL, 200)], ALL, Path(bottleneck=5_000.0, queue=queue, rtt=rtt))
    told = sound(run)
    assert run.net.overrun < 65535 * 0.3, "most packets were sent at a rate that came through"
    assert told.sent < 65535 * 1.4
    assert 13 < run.seconds < 26
    assert told.limited == ()


def test_a_slow_bottleneck_with_loss():
    run = Run([host(ALL, 200)], ALL, Path(bottleneck=1_000.0, lost=0.02))
    told = sound(run)
    assert told.sent < 65535 * 1.5
    assert run.seconds < 110
    assert told.limited == ()


def test_a_fast_bottleneck():
    run = Run([host(ALL, 200)], ALL, Path(bottleneck=50_000.0, rtt=0.02))
    assert sound(run).sent < 65535 * 1.4
    assert run.seconds < 3


def test_a_device_that_takes_few_at_once():
    run = Run([host()], SOME, Path(refuses=50))
    assert sound(run).sent == 4000
    assert run.pace.cuts > 0


# -- filtered ports, and silence


def test_silence_is_called_filtered_and_never_closed():
    filtered = frozenset(SOME[::2])
    run = Run([host(filtered=filtered)], SOME, Path(lost=0.03))
    sound(run)
    assert run.called(SILENT) == {(0, port) for port in filtered - run.hosts[0].opened}


def test_where_nothing_answers_it_is_asked_three_times():
    run = Run([Host(frozenset(), frozenset(SOME))], SOME, Path())
    told = sound(run)
    assert (told.rounds, told.sent, told.loss, told.answered) == (3, 12_000, None, 0)
    assert 12_000 / run.seconds <= 20_000


def test_the_pace_does_not_fall_for_what_is_filtered():
    """What is asked again is silent, or lost; its share says nothing of the way."""
    run = Run([host(ALL, 200, filtered=frozenset(ALL[::2]))], ALL, Path(lost=0.02))
    sound(run)
    assert run.pace.cuts == 0
    assert run.seconds < 3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 300), st.booleans(), st.booleans()), min_size=1, max_size=4),
    st.floats(0, 0.3), st.sampled_from((0.0005, 0.05, 0.3)), st.integers(0, 1000),
    st.sampled_from((None, 400.0, 3000.0)),
)  # fmt: skip
def test_whatever_the_network_does_nothing_is_invented_and_questions_are_bounded(hosts, lost, rtt, seed, bottleneck):
    ports = list(range(1, 401))
    made = []
    for number, (opened, filtered, limited, dies) in enumerate(hosts):
        silent = spread(filtered, ports, seed + 1)
        wishes = {"bucket": (50.0, 5)} if limited else {}
        made.append(host(ports, opened, filtered=silent, seed=number, dies=100.02 if dies else None, **wishes))
    run = Run(made, ports, Path(lost=lost, rtt=rtt, bottleneck=bottleneck), seed=seed)
    assert run.invented() == set()
    assert run.told.rounds <= MOST
    assert max(run.net.asked.values()) <= 4 * MOST + 2 * 900
    assert run.told.sent == sum(run.net.asked.values())
    assert run.told.answered == run.board.settled


def test_a_few_silent_ports_are_asked_once_more():
    filtered = frozenset(SOME[:30])
    assert sound(Run([host(filtered=filtered)], SOME, Path())).rounds == FEW_ROUNDS


@pytest.mark.parametrize("most", [1, 2])
def test_a_person_may_bound_the_rounds(most):
    assert Run([host(filtered=frozenset(SOME[::2]))], SOME, Path(lost=0.1), most=most).told.rounds == most


def test_a_least_number_of_rounds():
    told = Run([host(filtered=frozenset(SOME[::2]))], SOME, Path(), least=4).told
    assert told.rounds == 4


# -- hosts that limit their refusals


LIMITS: dict[str, dict[str, Any]] = {"a bucket": {"bucket": (300.0, 5)}, "BSD's second": {"window": 200}}


@pytest.mark.parametrize("lost", [0.0, 0.03])
@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_recognised_and_told(name, lost):
    run = Run([host(ALL, 200, **LIMITS[name])], ALL, Path(lost=lost))
    told = sound(run)
    ((number, rate),) = told.limited
    assert number == 0
    assert 150 <= rate <= 350
    assert run.called(SILENT) == set(), "nothing is called filtered that may be closed"
    assert len(run.called(LIMITED)) > 50_000
    assert run.seconds < 40, "and not the minutes that all refusals would take"


def test_a_limit_on_a_slow_way():
    run = Run([host(ALL, 200, bucket=(300.0, 5))], ALL, Path(bottleneck=5_000.0, lost=0.01))
    sound(run)
    assert [number for number, _ in run.told.limited] == [0]


def test_a_limited_host_among_others_does_not_hide_them():
    hosts = [host(seed=n) for n in range(6)] + [host(seed=6, bucket=(100.0, 5)), host(seed=7, filtered=SOME)]
    run = Run(hosts, SOME, Path(lost=0.02))
    told = sound(run)
    assert [number for number, _ in told.limited] == [6]
    assert {number for number, _ in run.called(LIMITED)} <= {6}
    assert {number for number, _ in run.called(SILENT)} == {7}


def test_few_ports_of_a_limited_host_are_told_apart():
    """300 refusals a second: a thousand ports are known after a few seconds of asking slowly."""
    ports = SOME[:1000]
    run = Run([host(ports, 20, bucket=(300.0, 5))], ports, Path())
    sound(run)
    assert len(run.called(CLOSED)) > 900
    assert run.seconds < 12


def test_many_limited_hosts_are_asked_at_the_same_time():
    ports = SOME[:1000]
    run = Run([host(ports, 20, seed=n, window=200) for n in range(12)], ports, Path())
    sound(run)
    assert run.seconds < 30


def test_udp_refusals_are_limited_by_every_kernel():
    """Linux: six at once, then one a second to each address. The rest stays open or filtered, which is the truth."""
    ports = SOME[:300]
    run = Run([Host(frozenset((53,)), bucket=(1.0, 6))], ports, Path(), transport="udp")
    assert [number for number, _ in run.told.limited] == [0]
    assert run.called(LIMITED) == set()
    assert len(run.called(SILENT)) > 250
    assert run.seconds < 20


# -- ends


def test_a_host_that_dies_midway_is_told():
    run = Run([host(ALL, 200, dies=100.06)], ALL, Path())
    assert run.invented() == set()
    assert run.told.gone == (0,)
    assert run.told.limited == ()
    assert run.seconds < 20, "nobody is waited for at the floor's pace"


@pytest.mark.parametrize("after", [0, 1, 5, 50, 500])
def test_a_stop_ends_soon_and_says_what_was_not_asked(after):
    """Within a round of the loop: nothing more is sent, and what was never asked is no silence."""
    calls = iter(range(10**9))
    filtered = frozenset(SOME[::2])
    run = Run(
        [host(filtered=filtered)], SOME, Path(rtt=0.05), stop=lambda: next(calls) > after, limits=Limits(2000.0, 2000.0)
    )
    assert run.invented() == set()
    assert run.told.stopped
    never = {(0, port) for port in SOME if port not in run.net.asked}
    assert run.called(UNASKED) == never
    assert all(port in filtered or port in run.net.asked for _, port in run.called(SILENT))


class Failing:
    """A line over a device that goes away after so many packets."""

    def __init__(self, net, after) -> None:
        self._net, self._after = net, after
        self.dropped = 0

    def ask(self, cells, mark):
        if self._net.sent > self._after:
            raise CannotLook("the network device went away: Network is down", "See ip link.")
        return self._net.ask(cells, mark)

    def hear(self, wait):
        self._net.hear(wait)


@pytest.mark.parametrize("after", [-1, 0, 500, 3999, 4100])
def test_a_device_that_goes_away_leaves_what_is_known(after):
    whole = Run([host(filtered=frozenset(SOME[::2]))], SOME, Path())
    board = Board(whole.board.hosts, SOME)
    whole.net.board, whole.net.sent = board, 0
    line = Failing(whole.net, after)
    pace = Pace(Limits(), whole.net.now, 0.001, board.heard)
    told = Sweep(board, line, pace, whole.net.clock).run(list(whole.cells))
    assert told.broken == "the network device went away: Network is down"
    assert told.stopped
    assert bytes(board.codes[0]).count(SILENT) == 0, "whether silence was asked at all is not known any more"
    assert board.count(0, UNASKED) + told.answered == len(SOME)
    assert all(board.code(port) == OPEN for port in whole.hosts[0].opened if board.code(port) != UNASKED)


def test_a_device_that_takes_nothing_any_more_is_told():
    """Else a sweep would try for ever, and sleep all the while."""
    run = Run([host()], SOME, Path(refuses=0))
    assert run.told.broken.startswith("nothing can be sent any more")
    assert run.net.sent == 0
    assert set(run.board.codes[0]) == {UNASKED}
    assert run.seconds < 10


# -- when it is enough


def risk(found, opened=200, rounds=None):
    board = Board([bytes(4)], SOME)
    sweep = Sweep(board, Failing(None, 0), Run([host()], SOME, Path()).pace, lambda: 0.0)
    board.opened, sweep._answers = opened, list(found)
    return sweep.risk()


def test_the_risk_falls_with_every_round_and_rises_with_loss():
    assert risk([60_000]) > risk([60_000, 0]) > risk([60_000, 0, 0])
    assert risk([40_000, 0]) < risk([40_000, 100]) < risk([40_000, 4000])
    assert risk([3, 0], opened=3) > RISK > risk([60_000, 0])


def test_the_last_rounds_loss_is_not_taken_from_nothing_that_came_after():
    """Four in a hundred get lost: two rounds of that are two hundred times 0.0016."""
    assert risk([60_000, 2_500]) == pytest.approx(200 * 0.04**2, rel=0.05)


def test_silence_alone_is_worth_three_rounds():
    assert risk([0]) == risk([0, 0]) == 1.0
    assert risk([0, 0, 0]) == 0.0

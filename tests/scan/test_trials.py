"""Trials over simulated hosts: who limits refusals, who is gone, how much gets lost, and how little that costs."""

from __future__ import annotations

import pytest
from tests.scan.kit import Host, Net, Path, spread

from hb_engine.scan import trials
from hb_engine.scan.board import CLOSED, OPEN, Board
from hb_engine.scan.pace import Limits, Pace
from hb_engine.scan.trials import BURST, EACH, LONG, Trials

PORTS = list(range(1, 2001))
OPENED = spread(20, PORTS, 1)


def tried(host, path=None, *, known=300, opened=OPENED, transport="tcp", limits=None, stop=lambda: False, seed=0):
    """Trials of a host of which some refusals and its open ports are known already."""
    board = Board([bytes((10, 0, 0, 1))], PORTS, transport)
    net = Net(board, [host], path or Path(), seed)
    refusal = CLOSED if transport == "tcp" else 6
    closed = [port for port in PORTS if port not in host.opened and port not in host.filtered]
    for port in closed[:known]:
        board.note(port, refusal)
    for port in opened:
        board.note(port, OPEN if transport == "tcp" else 9)
    pace = Pace(limits or Limits(), net.now, net.path.rtt, board.heard)
    made = Trials(board, net, pace, net.clock, stop)
    made.look()
    return made, net, pace


LIMITED = {
    "a bucket": Host(OPENED, bucket=(300.0, 5)),
    "a large bucket": Host(OPENED, bucket=(100.0, 20)),
    "one a second": Host(OPENED, bucket=(1.0, 6)),
    "BSD's second": Host(OPENED, window=200),
    "macOS's second": Host(OPENED, window=250),
}


@pytest.mark.parametrize("lost", [0.0, 0.05])
@pytest.mark.parametrize("name", LIMITED)
def test_limits_are_seen(name, lost):
    made, _, pace = tried(LIMITED[name], Path(lost=lost))
    assert made.limited == {0}
    assert not pace.trusted
    assert not made.gone


@pytest.mark.parametrize("lost", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("filtered", [frozenset(), frozenset(range(500, 2001)) - OPENED], ids=["closed", "filtered"])
def test_hosts_that_refuse_everything_are_not_taken_for_limited(lost, filtered):
    made, _, pace = tried(Host(OPENED, filtered), Path(lost=lost))
    assert (made.limited, made.gone, pace.trusted) == (set(), set(), True)


def test_a_slow_way_is_not_taken_for_a_limit():
    """Open ports get lost there as well, since both are asked evenly mixed."""
    made, _, _ = tried(Host(OPENED), Path(bottleneck=500.0, queue=30))
    assert made.limited == set()


def test_a_deep_queue_is_waited_for():
    made, _, _ = tried(Host(OPENED), Path(bottleneck=400.0, queue=1000))
    assert made.limited == set()


def test_a_host_that_died_is_gone_and_not_limited():
    for opened in (OPENED, frozenset()):
        made, _, pace = tried(Host(OPENED, dies=0.0), opened=opened)
        assert (made.limited, made.gone, pace.trusted) == (set(), {0}, True)


def test_a_host_that_comes_back_is_not_gone():
    host = Host(OPENED, dies=0.0)
    made, _, _ = tried(host)
    host.dies = None
    made.look()
    assert made.gone == set()


@pytest.mark.parametrize("known", [0, 1, 2])
def test_without_known_refusals_nothing_is_asked(known):
    made, net, _ = tried(Host(OPENED, window=2), known=known)
    assert (made.sent, net.sent, made.limited) == (0, 0, set())


def test_three_refusals_are_enough():
    made, _, _ = tried(Host(OPENED, bucket=(1.0, 6)), known=3)
    assert made.limited == {0}


def test_a_host_with_few_silent_ports_is_let_alone():
    made, net, _ = tried(Host(OPENED, bucket=(1.0, 6)), known=1950)
    assert (made.limited, net.sent) == (set(), 0)


def test_a_host_is_not_tried_twice():
    made, net, _ = tried(LIMITED["a bucket"])
    sent = net.sent
    made.look()
    assert net.sent == sent


def test_what_it_costs_is_bounded():
    for host in (*LIMITED.values(), Host(OPENED), Host(OPENED, frozenset(PORTS[1000:]) - OPENED)):
        made, net, _ = tried(host)
        assert made.sent == net.sent <= 2 * (BURST + BURST) + LONG
        assert all(net.asked.get(port, 0) <= 2 * EACH for port in OPENED), "a service is asked a few times"


def test_a_person_who_allows_little_gets_no_burst():
    _, net, _ = tried(Host(OPENED), limits=Limits(50.0, 50.0, 50.0))
    assert net.sent
    assert net.sent / (net.now - 100.0) < 60


def test_a_stop_ends_it_and_nothing_is_concluded():
    calls = iter(range(10**6))
    made, net, pace = tried(LIMITED["a bucket"], stop=lambda: next(calls) > 10)
    assert (made.limited, made.gone, pace.trusted) == (set(), set(), True)
    assert net.sent <= 2 * BURST, "no second trial is begun"


def test_services_of_udp_are_asked_twice_more():
    _, net, _ = tried(Host(OPENED), known=300, transport="udp")
    assert max(net.asked[port] for port in OPENED if port in net.asked) <= 2 * 2


def test_a_trial_that_cannot_be_sent_tells_nothing():
    made, net, pace = tried(LIMITED["a bucket"], Path(refuses=0))
    assert (made.limited, made.gone, pace.trusted, net.sent) == (set(), set(), True, 0)


def test_limits_of_udp():
    made, _, _ = tried(Host(OPENED, bucket=(1.0, 6)), known=5, transport="udp")
    assert made.limited == {0}


# -- how much gets lost


@pytest.mark.parametrize(("lost", "least", "most"), [(0.0, 0.0, 0.0), (0.3, 0.4, 0.6)])
def test_loss_is_measured_with_what_is_known(lost, least, most):
    """Thirty in a hundred each way are 51 in all."""
    asked = told = 0
    for seed in range(20):
        made, net, _ = tried(Host(frozenset((22, 80, 443))), Path(lost=lost), known=0, opened=(22, 80, 443), seed=seed)
        made.measure_loss()
        assert made.asked == net.sent == 3 * EACH
        asked, told = asked + made.asked, told + made.lost
    assert least <= told / asked <= most


def test_refusals_of_a_host_that_limits_them_do_not_tell_of_loss():
    made, _, _ = tried(Host(OPENED, bucket=(1.0, 6)))
    made.measure_loss()
    assert (made.asked, made.lost) == (BURST, 0)


def test_where_nothing_is_known_nothing_is_measured():
    made, net, _ = tried(Host(frozenset(), frozenset(PORTS)), known=0, opened=())
    made.measure_loss()
    assert (made.asked, made.lost, net.sent) == (0, 0, 0)


def test_marks_of_trials_are_their_own():
    _, net, _ = tried(Host(OPENED))
    used = {number for number, heard in enumerate(net.board.heard) if heard}
    assert used == {trials.REFUSALS, trials.WELCOMES}

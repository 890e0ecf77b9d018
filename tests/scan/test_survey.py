"""Whole scans in groups: engines chosen, groups bounded, UDP after TCP, and what an earlier run knew noted again."""

from __future__ import annotations

import sys

import pytest

from hb_engine.model.errors import CannotLook
from hb_engine.scan import plain, survey
from hb_engine.scan.board import CLOSED, CODES, OPEN, SILENT, Board, Shape
from hb_engine.scan.hosts import Outcome, Target
from hb_engine.scan.job import Job
from hb_engine.scan.pace import Limits
from hb_engine.scan.ports import Ports
from hb_engine.scan.survey import Counted, Survey
from hb_engine.scan.sweep import Told

PORTS = Ports((22, 80), (53,))


def target(number):
    return Target(bytes((10, 0, number >> 8, number & 255)), f"10.0.{number >> 8}.{number & 255}")


class Engine:
    """Stands in for both engines: finds port 22 open on even hosts; odd hosts are down."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, int, int]] = []
        self.told = [Told(10, 1, 0.1, answered=5, again=2, dropped=1)]

    def sweep(self, outcomes, job):
        self.jobs.append((job.transport, job.first, len(outcomes)))
        for outcome in outcomes:
            if outcome.up is False:
                continue
            board = Board([outcome.target.address], job.ports, job.transport)
            job.known(board)
            if outcome.target.address[3] % 2 == 0:
                board.note(job.ports[0], OPEN if job.transport == "tcp" else CODES["udp-response"])
                outcome.up = True
                job.opened(board)
            else:
                outcome.up = False
            outcome.rows[job.transport] = (job.ports, bytes(board.codes[0]))
            job.watch(1, 1)
        return self.told


def surveyed(monkeypatch, count=4, ports=PORTS, **wishes):
    engine = Engine()
    monkeypatch.setattr(plain, "sweep", engine.sweep)
    job = Job("tcp", (), Limits(), 1, lambda: 0.0, bytes, **wishes)
    return Survey(count, target, ports, "connect", job), engine


def run(made):
    opened, seen = [], []
    groups = list(made.groups(lambda: 7.0, lambda *found: opened.append(found), lambda *step: seen.append(step)))
    return groups, opened, seen


def test_tcp_and_then_udp(monkeypatch):
    made, engine = surveyed(monkeypatch)
    (group,), opened, seen = run(made)
    assert engine.jobs == [("tcp", 0, 4), ("udp", 0, 4)]
    assert [one.up for one in group] == [True, False, True, False]
    assert opened == [
        (target(n).address, transport, port) for transport, port in (("tcp", 22), ("udp", 53)) for n in (0, 2)
    ]
    assert (made.total, seen[-1]) == (12, (12, 12))
    assert [one.ended_at for one in group] == [7.0] * 4


def test_a_host_that_is_down_is_not_asked_by_udp_and_said_so(monkeypatch):
    made, _ = surveyed(monkeypatch)
    (group,), _, _ = run(made)
    assert group[1].rows["udp"] == ((53,), bytes([CODES["host-unreach"]]))


def test_numbers_of_hosts_stay_the_same_whoever_is_down(monkeypatch):
    """Otherwise what belongs to which shard would depend on who happens to answer."""
    made, engine = surveyed(monkeypatch, shard=(1, 2))
    run(made)
    assert [size for *_, size in engine.jobs] == [4, 4]


def test_groups_are_bounded_by_hosts_and_by_cells(monkeypatch):
    monkeypatch.setattr(survey, "HOSTS", 3)
    made, engine = surveyed(monkeypatch, 7, Ports((22,)))
    groups, _, _ = run(made)
    assert [len(group) for group in groups] == [3, 3, 1]
    assert engine.jobs == [("tcp", 0, 3), ("tcp", 3, 3), ("tcp", 6, 1)]
    monkeypatch.setattr(survey, "CELLS", 4)
    groups, _, _ = run(surveyed(monkeypatch, 4)[0])
    assert [len(group) for group in groups] == [1, 1, 1, 1]


def test_a_stop_ends_it_after_a_group(monkeypatch):
    monkeypatch.setattr(survey, "HOSTS", 1)
    stopped = list[int]()
    made, engine = surveyed(monkeypatch, 5, stop=lambda: bool(stopped))
    groups = made.groups(lambda: 0.0, lambda *_: None, lambda *_: None)
    next(groups)
    stopped.append(1)
    assert list(groups) == []
    assert len(engine.jobs) == 2, "one host, by TCP and by UDP"


def test_what_it_cost_is_added_up(monkeypatch):
    made, engine = surveyed(monkeypatch)
    engine.told = [Told(10, 1, 0.1, answered=5, again=2, dropped=1), Told(5, 1, None, broken="gone")]
    run(made)
    assert made.counted == Counted(30, 10, 2, 4, 0.1, ("gone",))


def test_the_worst_loss_is_told():
    told = [Told(1, 1, None), Told(1, 1, 0.2), Told(1, 1, 0.05)]
    assert Counted().plus(told).lost == 0.2
    assert Counted(lost=0.3).plus(told).lost == 0.3
    assert Counted().plus(told[:1]).lost is None


def test_what_an_earlier_run_knew_is_noted_and_no_news(monkeypatch):
    made, _ = surveyed(monkeypatch, 1, Ports((22, 80, 443)))
    earlier = Outcome(target(0), 3.0)
    earlier.rows["tcp"] = ((443, 80, 9), bytes((OPEN, CLOSED, OPEN)))
    earlier.shapes["tcp", 443] = Shape(64, 1, 40)
    made.known = {earlier.target.address: earlier}
    (group,), opened, _ = run(made)
    assert opened == [(earlier.target.address, "tcp", 22)]
    assert group[0] is earlier
    assert bytes(group[0].rows["tcp"][1]) == bytes((OPEN, CLOSED, OPEN))


def test_nothing_to_ask(monkeypatch):
    made, engine = surveyed(monkeypatch, 0)
    assert run(made)[0] == []
    assert engine.jobs == []
    assert SILENT == 0


# -- which engine


def test_connections_where_they_are_wanted():
    assert survey.engine("connect") == ("connect", None)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_packets_are_built_on_linux_only(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    name, gap = survey.engine("auto")
    assert name == "connect"
    assert gap
    assert "connected to each port" in gap.why
    with pytest.raises(CannotLook, match="Linux only"):
        survey.engine("packet")


def test_without_the_right_it_connects_and_says_so(monkeypatch):
    def refused():
        raise CannotLook("no packet socket: Operation not permitted", "Run hb as root.")

    monkeypatch.setattr(survey, "_try_packets", refused)
    name, gap = survey.engine("auto")
    assert name == "connect"
    assert gap
    assert gap.remedy == "Run hb as root."
    with pytest.raises(CannotLook):
        survey.engine("packet")


def test_with_the_right_it_builds_packets(monkeypatch):
    monkeypatch.setattr(survey, "_try_packets", lambda: None)
    assert survey.engine("auto") == survey.engine("packet") == ("packet", None)

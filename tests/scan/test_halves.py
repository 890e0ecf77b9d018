"""Two halves at the same time: nothing is lost, nothing is asked twice, and a child that fails is made up for."""

from __future__ import annotations

import os
import socket

import pytest

from hb_engine.model.errors import CannotLook
from hb_engine.scan import halves
from hb_engine.scan.hosts import Outcome, Target
from hb_engine.scan.job import Job
from hb_engine.scan.pace import Limits
from hb_engine.scan.sweep import Told

PARENT = os.getpid()


def outcomes(count):
    return [Outcome(Target(bytes((10, 0, 0, n + 1)), f"10.0.0.{n + 1}"), 0.0) for n in range(count)]


def job(**more):
    return Job("tcp", (22, 80), Limits(1000.0, 2000.0, 500.0), 1, lambda: 0.0, os.urandom, **more)


def swept(members, asked):
    """A sweep that finds each host's own port, and writes down who asked, and how."""
    for number, outcome in enumerate(members):
        outcome.up, outcome.reason = True, f"{os.getpid() == PARENT} {asked.first + number} {asked.together}"
        outcome.rows["tcp"] = (asked.ports, bytes((1, 2)))
    asked.watch(len(members), len(members))
    return [Told(len(members) * 2, 1, None, answered=len(members) * 2)]


@pytest.mark.parametrize("count", [2, 5, 16])
def test_both_halves_are_there_in_their_order(count):
    known = outcomes(count)
    told = halves.sweep(swept, known, job(first=100))
    assert sum(one.sent for one in told) == count * 2
    assert all(one.up and one.rows["tcp"] == ((22, 80), bytes((1, 2))) for one in known)
    half = count // 2
    assert [one.reason for one in known] == [f"{n < half} {100 + n} {count}" for n in range(count)]


def test_each_half_keeps_to_half_of_the_rate():
    rates = []

    def note(members, asked):
        rates.append(asked.limits)
        return swept(members, asked)

    halves.sweep(note, outcomes(4), job())
    assert rates == [Limits(500.0, 1000.0, 250.0)]


def test_progress_speaks_of_all_hosts():
    seen = []
    halves.sweep(swept, outcomes(4), job(watch=lambda settled, _: seen.append(settled)))
    assert seen == [4]


def test_a_child_that_ends_without_a_word_is_made_up_for():
    def fails(members, asked):
        if os.getpid() != PARENT:
            os._exit(1)
        return swept(members, asked)

    known = outcomes(4)
    assert sum(one.sent for one in halves.sweep(fails, known, job())) == 8
    assert [one.reason.split()[0] for one in known] == ["True"] * 4


def test_what_a_child_cannot_see_is_said():
    def fails(members, asked):
        if os.getpid() != PARENT:
            raise CannotLook("the device went away", "See ip link.")
        return swept(members, asked)

    with pytest.raises(CannotLook, match="went away"):
        halves.sweep(fails, outcomes(4), job())


def test_an_error_here_leaves_no_child_behind():
    reader, writer = socket.socketpair()

    def fails(members, asked):
        if os.getpid() == PARENT:
            raise CannotLook("no ring", "")
        reader.close()
        writer.recv(1)  # for ever
        return []

    with pytest.raises(CannotLook, match="no ring"):
        halves.sweep(fails, outcomes(2), job())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    reader.close()
    writer.close()


def test_a_stop_reaches_the_child():
    stopped = []

    def waits(members, asked):
        if os.getpid() == PARENT:
            stopped.append(1)
            return swept(members, asked)
        while not asked.stop():
            pass
        return swept(members, asked)

    known = outcomes(2)
    halves.sweep(waits, known, job(stop=lambda: bool(stopped)))
    assert [one.up for one in known] == [True, True]


def test_what_is_worth_a_second_process():
    assert not halves.worth(1, 65535 * 16)
    assert not halves.worth(2, 100)
    assert halves.worth(16, 65535) == ((os.cpu_count() or 1) > 1)

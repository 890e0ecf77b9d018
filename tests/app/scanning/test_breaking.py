"""Ctrl-C as a wish: the first is noted, the second ends hb, and outside nothing is changed."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from hb_engine.app.scanning.breaking import Breaking


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def test_the_first_one_is_noted():
    with Breaking() as breaking:
        assert not breaking.asked
        interrupt()
        assert breaking.asked


def test_the_second_one_ends_it():
    with Breaking() as breaking:
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            interrupt()
        assert breaking.asked


def test_afterwards_everything_is_as_before():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Breaking():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_pause_gives_signals_back_to_who_handles_them():
    before = signal.getsignal(signal.SIGINT)
    with Breaking() as breaking:
        with breaking.paused():
            assert signal.getsignal(signal.SIGINT) == before
            with pytest.raises(KeyboardInterrupt):
                interrupt()
        assert not breaking.asked
        interrupt()
        assert breaking.asked


def test_in_another_thread_it_changes_nothing():
    seen = []

    def work():
        with Breaking() as breaking, breaking.paused():
            seen.append(breaking.asked)

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
    assert signal.getsignal(signal.SIGINT) == before

"""How long each question is worth, and what is offered with it."""

from __future__ import annotations

import pytest

from hb_engine.identify.carrier import LISTENS
from hb_engine.identify.jobs import Jobs, grace
from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.identify.loading import Library, Module
from hb_engine.identify.question import Settings

SETTINGS = Settings(wait=2.0, talk=9.0)


def _talk(peer):
    yield Ask(peer.nonce)


def module(name, **more):
    return Module(name, Probe(name, **more), _talk)


WEB = module("http", alpn=("http/1.1", "http/1.0"))
MAIL = module("imap", alpn=("imap",))
PLAIN = module("redis")
NEW = module("http2", alpn=("h2",))
LIBRARY = Library([WEB, MAIL, PLAIN, NEW])


def jobs():
    count = iter(range(1, 99))
    return Jobs(LIBRARY, SETTINGS, lambda tls: Peer("tcp", "hb.invalid", 1, bytes([next(count)]) * 16, tls))


@pytest.mark.parametrize(("rtt", "seconds"), [(0.0, 0.15), (0.01, 0.15), (0.1, 0.35), (1.0, 0.4)])
def test_the_grace_before_we_speak(rtt, seconds):
    assert grace(rtt) == pytest.approx(seconds)


@pytest.mark.parametrize(("rtt", "first", "then"), [(0.0, 0.25, 2.0), (0.1, 1.0, 2.0), (1.0, 2.0, 4.0)])
def test_brisk_is_as_short_as_the_round_trip_allows(rtt, first, then):
    job = jobs().ask(PLAIN, False, brisk=True)
    assert job.first is not None
    assert job.first(rtt) == pytest.approx(first)
    assert job.wait(rtt) == then
    assert job.capped


def test_what_is_expected_is_waited_for():
    job = jobs().ask(PLAIN, False)
    assert job.first is None
    assert not job.capped
    assert (job.wait(0.0), job.seconds) == (2.0, 9.0)


def test_a_wait_of_its_own_for_the_first_answer():
    job = jobs().ask(PLAIN, False, wait=0.5)
    assert job.first is not None
    assert (job.first(0.01), job.first(0.5)) == (0.5, 2.0)


@pytest.mark.parametrize(
    ("probe", "offers"),
    [
        (WEB, (("http/1.1",), ())),  # never h2: its talk would not speak it
        (MAIL, (("imap",), ())),
        (NEW, (("h2",), ())),
        (PLAIN, ((),)),
    ],
)
def test_what_a_talk_offers_is_what_it_speaks(probe, offers):
    assert jobs().ask(probe, True).offers == offers


def test_to_find_out_everything_is_offered_and_h2_only_where_that_is_refused():
    first, second, last = jobs().tls(1.0).offers
    assert first == ("http/1.1", "http/1.0", "imap")
    assert second == ("h2", *first)
    assert last == ()
    assert jobs().listen(tls=True).offers == (first, second, last)


def test_every_talk_has_a_nonce_of_its_own():
    made = jobs()
    sent = [next(made.ask(PLAIN, False).talk).send for _ in range(3)]
    assert len(set(sent)) == 3
    assert [nonce.hex() for nonce in sent] == made.nonces
    assert made.made == {("redis", False)}


def test_listening():
    short, long = jobs().listen(keep=True), jobs().listen(6.0, place=LISTENS)
    assert (short.wait(0.0), long.wait(0.0)) == (0.15, 6.0)
    assert long.seconds > 6.0 + SETTINGS.wait
    assert (short.place, long.place, short.keep) == ("", LISTENS, True)


def test_the_handshake_is_given_time_also_where_listening_is_short():
    job = jobs().listen(tls=True)
    assert job.shake is not None
    assert job.shake(0.0) == SETTINGS.wait


def test_versions_and_parrot():
    made = jobs()
    assert [job.label for job in made.versions()][-1] == "version TLSv1.3"
    job, line = made.parrot(True)
    assert job.tls
    assert next(job.talk).send == line
    assert made.h2().offers[0][0] == "h2"

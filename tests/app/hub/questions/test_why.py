"""The question for one opening's story: what it may ask, and that nothing comes back that was not asked for."""

from __future__ import annotations

import os

import pytest
from tests.faces.kit import BACKDOOR, DETAILS, REDIS, ROOT, heard, story
from tests.kit.sockets import in_namespace, needs_root, tcp

from hb_engine.app.hub.questions import Place, load
from hb_engine.app.hub.questions import why as question
from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace

TWIN = replace(BACKDOOR, transport="udp", kind="bound")


@pytest.fixture
def told(monkeypatch):
    """What app answers, and what it was asked."""
    asked = []

    def why(text, *, ask=False):
        asked.append((text, ask))
        found = story(text, None, 1703, ROOT, (BACKDOOR, TWIN, REDIS), None, {**DETAILS, REDIS.key: {"rule": "x"}})
        return heard(found, ask)

    monkeypatch.setattr(question, "story", why)
    return asked


def test_it_is_found_by_its_name_and_writes_nothing():
    found, answer = load("why")
    assert (found.name, found.writes) == ("why", False)
    assert answer is question.answer


def test_only_what_was_asked_for_comes_back(told):
    found = question.answer(Place(), key=BACKDOOR.key, port=1703, transport="tcp")
    assert found.openings == (BACKDOOR,)
    assert set(found.details) == {BACKDOOR.key}
    assert found.spoken is None
    assert told == [("1703", False)]


def test_without_a_key_all_of_that_transport(told):
    assert question.answer(Place(), port=1703).openings == (BACKDOOR, TWIN, REDIS)
    assert question.answer(Place(), port=1703, transport="udp").openings == (TWIN,)


def test_a_key_that_is_not_there_is_an_empty_story(told):
    found = question.answer(Place(), key="tcp/public/1/unknown/host", port=1703)
    assert (found.openings, found.details) == ((), {})


def test_it_is_asked_what_it_speaks_where_that_is_wanted(told):
    found = question.answer(Place(), key=BACKDOOR.key, port=1703, speak=True)
    assert told == [("1703", True)]
    assert found.spoken is not None
    assert set(found.spoken) == {BACKDOOR.key}


def test_the_word_of_another_baseline_is_left_out(told):
    assert question.answer(Place(), key=REDIS.key, port=6379).details[REDIS.key] == {"rule": "x"}
    assert question.answer(Place(baseline="/srv/hb.d"), key=REDIS.key, port=6379).details[REDIS.key] == {}


def test_a_process_by_its_name(told):
    question.answer(Place(), name="tcpdump", transport="packet")
    assert told == [("tcpdump", False)]


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"port": -1},
        {"port": 65536},
        {"port": True},
        {"port": "1703"},
        {"port": 17.5},
        {"name": ""},
        {"name": "x" * 201},
        {"name": "two\nlines"},
        {"name": "nul\0"},
        {"name": 7},
        {"port": 1703, "transport": "carrier-pigeon"},
        {"port": 1703, "transport": ["tcp"]},
    ],
)
def test_what_is_no_question_is_refused(told, words):
    with pytest.raises(BadInput) as raised:
        question.answer(Place(), **words)
    assert raised.value.remedy
    assert told == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_transport_may_be_asked_about(told, transport):
    question.answer(Place(), port=0, transport=transport)
    assert told == [("0", False)]


PORT = 17031  # all namespaces are looked at, and an hb serve may be in one of them


@pytest.mark.root
@pytest.mark.slow
def test_a_real_opening_of_this_process(monkeypatch, tmp_path):
    needs_root()
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    monkeypatch.chdir(tmp_path)

    def work():
        with tcp(PORT):
            (one,) = question.answer(Place(), port=PORT, transport="tcp").openings
            found = question.answer(Place(), key=one.key, port=PORT, transport="tcp")
            assert [each.pid for each in found.openings[0].owners] == [os.getpid()]
            assert len(found.details[one.key]["sha256"]) == 64

    in_namespace(work)

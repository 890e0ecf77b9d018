"""SANS ISC's answers in every shape, its demands, and a cache that keeps to its terms. Numbers are made up."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.assignment import Pressure
from hb_engine.model.errors import BadInput, DataError, TooSoon, Unreachable
from hb_engine.model.record import replace
from hb_engine.registry import pressure
from hb_engine.registry.pressure import Desk, look, parse

from .conftest import reply

NOON = 1795348800.0  # 2026-11-22 12:00 UTC
TWO_DAYS = {
    "0": {"date": "2026-11-21", "records": 288, "targets": 80, "sources": 37, "tcp": 96, "udp": 4},
    "1": {"date": "2026-11-22", "records": 312, "targets": 84, "sources": 41, "tcp": 97, "udp": 3},
    "startdate": "2026-11-21",
    "enddate": "2026-11-22",
    "port": 1703,
}
DAYS = (Pressure("2026-11-21", 288, 80, 37), Pressure("2026-11-22", 312, 84, 41))


class Clock:
    def __init__(self, now: float = NOON) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(peer, tmp_path, clock):
    peer.answer = lambda handler: reply(handler, json.dumps(TWO_DAYS).encode(), headers={"Content-Type": "text/json"})
    return Desk(str(tmp_path / "cache"), base=peer.url + "api/", clock=clock, sleep=clock.sleep)


def say(peer, value, status=200, **headers):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    peer.answer = lambda handler: reply(
        handler, body, status, {name.replace("_", "-"): v for name, v in headers.items()}
    )


def test_the_clock_of_these_tests():
    assert pressure._date(NOON) == "2026-11-22"


def test_a_first_look(desk, peer):
    found = look(replace(desk, mail="me@example.org"), 1703, days=2)
    assert found.days == DAYS
    assert (found.port, found.fetched_at, found.from_cache, found.problem) == (1703, NOON, False, "")
    assert "Internet Storm Center" in found.attribution
    path, headers = peer.asked[0]
    assert path == "/api/porthistory/1703/2026-11-21/2026-11-22?json"
    assert headers["user-agent"].endswith("(me@example.org)")


def test_thirty_days_by_default(desk, peer):
    assert len(look(desk, 1703).days) == 30
    assert "/2026-10-24/2026-11-22" in peer.asked[0][0]


def test_twelve_hours_of_peace(desk, peer, clock):
    look(desk, 1703, days=2)
    clock.now += pressure.FRESH - 1
    found = look(desk, 1703, days=1)
    assert len(peer.asked) == 1
    assert found.from_cache


def test_only_what_is_missing_is_asked(desk, peer, clock):
    look(desk, 1703, days=30)
    clock.now += 2 * 86400
    look(desk, 1703, days=30)
    assert "/2026-11-22/2026-11-24?" in peer.asked[1][0]
    clock.now += 3600
    assert look(desk, 1703, days=30).from_cache


def test_a_day_that_just_ended_is_not_final(desk, peer, clock):
    clock.now = NOON + 13 * 3600  # 01:00 of the 23rd
    look(desk, 1703, days=2)
    clock.now += 13 * 3600
    look(desk, 1703, days=2)
    assert "/2026-11-22/2026-11-23?" in peer.asked[1][0]
    clock.now += 13 * 3600
    look(desk, 1703, days=2)
    assert "/2026-11-23/2026-11-24?" in peer.asked[2][0]


def test_days_without_a_count_are_not_asked_again(desk, peer):
    say(peer, [])
    assert look(desk, 1703, days=2).days == (
        Pressure("2026-11-21", None, None, None),
        Pressure("2026-11-22", None, None, None),
    )
    assert look(desk, 1703, days=2).from_cache


@pytest.mark.parametrize(
    "shape",
    [
        [TWO_DAYS["0"], TWO_DAYS["1"]],
        {"portinfo": [TWO_DAYS["0"], TWO_DAYS["1"]]},
        {"portinfo": {"0": TWO_DAYS["0"], "1": TWO_DAYS["1"]}},
        {"data": {"portinfo": [TWO_DAYS["1"], TWO_DAYS["0"]]}},
        {**TWO_DAYS, "limit": 2},
        [*[TWO_DAYS["0"], TWO_DAYS["1"]], None, 7, "x", {"date": "never"}],
    ],
)
def test_shapes_of_several_days(shape):
    assert parse(json.dumps(shape).encode(), 1703) == DAYS


def test_the_summary_of_one_day():
    answer = {
        "number": 1703,
        "data": {
            "date": "2026-11-22",
            "records": 312,
            "targets": 84,
            "sources": 41,
            "datein": "2026-11-22",
            "portin": 1703,
        },
        "services": {"udp": {"service": "0", "name": "0"}, "tcp": {"service": "hb-engine", "name": "hb-engine"}},
    }
    assert parse(json.dumps(answer).encode(), 1703) == DAYS[1:]


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (312, 312),
        ("1,203,344", 1203344),
        (" 7 ", 7),
        (None, None),
        ("", None),
        ("many", None),
        (-1, None),
        (True, None),
        (3.0, 3),
        ([], None),
        ("9" * 30, None),
        (10**30, None),
        ("٣", None),
    ],
)
def test_counts(value, count):
    day = {"date": "2026-11-22", "records": value, "targets": value, "sources": value}
    assert parse(json.dumps([day]).encode()) == (Pressure("2026-11-22", count, count, count),)


def test_counts_that_are_no_numbers_at_all():
    body = b'[{"date": "2026-11-22", "records": NaN, "targets": Infinity, "sources": 1e300}]'
    assert parse(body) == (Pressure("2026-11-22", None, None, None),)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b'{"error":"bad port number"}', "bad port number"),
        (b'{"error":"\\u001b[2J"}', "x1b"),
        (b"<html><body>Maintenance</body></html>", "a page"),
        (b"  <!DOCTYPE html>", "a page"),
        (b'{"0":{"date":"2026-11-21","rec', "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b'"text"', "shape"),
        (b"7", "shape"),
        (b"null", "shape"),
        (b'{"some":{"thing":1}}', "shape"),
        (b"[[[]]]", "shape"),
        (b'{"number":22,"data":{"date":"2026-11-22","records":1}}', "port 22"),
        (b'{"port":"22"}', "port 22"),
    ],
)
def test_answers_that_say_nothing(body, word, desk, peer):
    say(peer, body)
    with pytest.raises(Unreachable) as caught:
        look(desk, 1703, days=2)
    assert word in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.remedy


@pytest.mark.parametrize("value", [[], {}, {"portinfo": []}, {"startdate": "2026-11-21", "enddate": "x", "port": 1703}])
def test_answers_that_say_none(value):
    assert parse(json.dumps(value).encode(), 1703) == ()


def test_429_is_remembered(desk, peer, clock):
    say(peer, b"slow down", 429, Retry_After="600")
    with pytest.raises(TooSoon) as caught:
        look(desk, 1703)
    assert "10 minutes" in caught.value.remedy
    say(peer, TWO_DAYS)
    clock.now += 599
    with pytest.raises(TooSoon, match="left alone"):
        look(desk, 80)
    assert len(peer.asked) == 1
    clock.now += 2
    assert look(desk, 1703, days=2).days == DAYS


def test_429_without_a_time_is_five_minutes(desk, peer, clock):
    say(peer, b"", 429)
    with pytest.raises(TooSoon):
        look(desk, 1703)
    clock.now += 299
    with pytest.raises(TooSoon):
        look(desk, 1703)
    assert len(peer.asked) == 1


def test_a_demand_from_a_wrong_clock_is_forgotten(desk, peer, clock):
    say(peer, b"", 429, Retry_After="600")
    with pytest.raises(TooSoon):
        look(desk, 1703)
    clock.now -= 10 * 86400
    say(peer, [])
    assert look(desk, 1703, days=2).days


def test_older_numbers_are_better_than_none(desk, peer, clock):
    look(desk, 1703, days=2)
    clock.now += 86400
    say(peer, b"", 429, Retry_After="60")
    found = look(desk, 1703, days=2)
    assert found.days == DAYS[1:]
    assert "left alone" in found.problem
    assert found.from_cache


def test_two_seconds_between_calls(desk, peer, clock):
    say(peer, [])
    look(desk, 1703)
    clock.now += 0.5
    look(desk, 80)
    assert clock.slept == [1.5]
    clock.now += 3
    look(desk, 443)
    assert clock.slept == [1.5]


@pytest.mark.parametrize(("status", "word"), [(403, "refuses"), (500, "HTTP 500"), (404, "HTTP 404"), (304, "304")])
def test_refusals(desk, peer, status, word):
    say(peer, b"", status)
    with pytest.raises(Unreachable, match=word):
        look(desk, 1703)


def test_a_huge_answer(desk, peer):
    peer.answer = lambda handler: reply(handler, bytes(pressure.LIMIT + 1), length=-1)
    with pytest.raises(Unreachable, match="longer"):
        look(desk, 1703)


def test_a_slow_answer(desk, peer):
    """The desk's own fetch, with a clock that jumps."""
    from hb_engine.registry import web

    def slow(url, headers, **more):
        ticks = iter(range(0, 1000, 100))
        return web.fetch(url, headers, **more, clock=lambda: float(next(ticks)))

    with pytest.raises(Unreachable, match="slowly"):
        look(replace(desk, fetch=slow), 1703)


def test_a_redirect_elsewhere(desk, peer):
    say(peer, b"", 302, Location="http://example.org/")
    with pytest.raises(Unreachable, match="elsewhere"):
        look(desk, 1703)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_ports_that_cannot_be(desk, peer, port):
    with pytest.raises(BadInput):
        look(desk, port)
    assert peer.asked == []


def test_a_bad_address_is_noticed_before_the_call(desk, peer):
    with pytest.raises(BadInput):
        look(replace(desk, mail="x\r\ny"), 1703)
    assert peer.asked == []


def test_without_a_cache_there_is_no_call(desk, peer, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        look(replace(desk, folder=str(tmp_path / "file")), 1703)
    assert "terms" in caught.value.remedy
    assert peer.asked == []


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"format":2}',
        b'{"format":1,"port":80,"days":{"2026-11-22":[1,1,1,1795348800]}}',
        b'{"format":1,"port":1703,"days":[]}',
        b'{"format":1,"port":1703,"days":{"x":[1,2,3,4],"2026-11-22":"y","2026-11-21":[1,2,3,"z"]}}',
    ],
)
def test_a_cache_that_was_spoiled(desk, peer, kept):
    os.makedirs(desk.folder)
    for name in ("isc-1703.json", pressure.STAMP):
        with open(os.path.join(desk.folder, name), "wb") as file:
            file.write(kept)
    assert look(desk, 1703, days=2).days == DAYS
    assert len(peer.asked) == 1


def test_the_number_of_days_is_bounded(desk, peer):
    assert len(look(desk, 1703, days=10**6).days) == 366
    assert len(look(desk, 1703, days=-3).days) == 1


def answered(body):
    """Whether an answer is days, or an error that can be printed."""
    try:
        return isinstance(parse(body, 1703), tuple)
    except Unreachable as error:
        return error.message.isprintable()


@given(st.binary())
def test_any_bytes(data):
    assert answered(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["0", "1", "date", "records", "portinfo", "data", "port", "error", "number"]), inner
        )
    ),
)


@pytest.mark.slow
@given(JSON)
def test_any_json(value):
    assert answered(json.dumps(value).encode())


# -- what is kept, without asking


def test_nothing_is_kept_of_a_port_that_nobody_asked_about(desk, peer):
    assert pressure.kept(desk, 1703) is None
    assert pressure.ports(desk.folder) == ()
    assert not peer.asked


def test_what_was_asked_is_kept_and_told_again_without_asking(desk, peer, clock):
    looked = look(desk, 1703)
    asked = len(peer.asked)
    clock.now += 5 * 86400
    told = pressure.kept(desk, 1703)
    assert told is not None
    assert told.from_cache
    assert (told.problem, told.fetched_at) == ("", looked.fetched_at)
    assert told.days[-1].date == looked.days[-1].date
    assert len(peer.asked) == asked
    assert pressure.ports(desk.folder) == (1703,)


def test_days_that_are_too_old_are_not_told(desk, clock):
    look(desk, 1703)
    clock.now += 60 * 86400
    assert pressure.kept(desk, 1703) is None
    assert pressure.ports(desk.folder) == (1703,)


def test_other_files_in_the_folder_are_no_ports(tmp_path):
    for name in ("isc-calls.json", "isc-22.json", "isc-\u0662.json", "isc-123456.json", "other-80.json"):
        (tmp_path / name).write_text("{}")
    assert pressure.ports(str(tmp_path)) == (22,)

"""The plan: arithmetic that adds up, sentences that say it, and a /8 by mistake that is asked about first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.scan.order import order
from hb_engine.scan.plan import MANY_HOSTS, Shard, confirmed, duration, plan, shard_of, size


def test_one_host_of_a_thousand_ports_needs_no_question():
    made = plan(1, 1000, 0)
    assert (made.probes, made.packets, made.octets) == (1000, 3000, 192_000)
    assert made.reasons == ()
    confirmed(made, yes=False)


def test_a_slash_8_by_mistake_is_asked_about_first():
    made = plan(1 << 24, 1000, 0)
    assert made.reasons[0] == "16,777,216 hosts are more than 4,096"
    assert made.reasons[1] == "16,777,216,000 questions are more than 1,000,000"
    assert made.reasons[2].startswith("it may take ")
    with pytest.raises(BadInput) as raised:
        confirmed(made, yes=False)
    assert raised.value.message.startswith("1,000 TCP ports of 16,777,216 hosts: 16,777,216,000 questions, at most ")
    assert raised.value.remedy == "Say --yes if that is meant, or ask for less."
    confirmed(made, yes=True)


def test_each_threshold_asks_by_itself():
    assert plan(MANY_HOSTS, 1, 0).reasons == ()
    assert len(plan(MANY_HOSTS + 1, 1, 0).reasons) == 1
    assert plan(1, 65535, 0, rate=10.0).reasons == ("it may take 5 hours, more than 10 minutes",)
    assert [reason.split()[1] for reason in plan(100, 11_000, 0).reasons] == ["questions"]


def test_the_story():
    assert plan(1, 1, 1, identify=False).story == (
        "1 TCP port and 1 UDP port of 1 host: 2 questions, at most 6 packets (522 bytes) by the packet engine, "
        "less than a second to 6 seconds"
    )
    told = plan(3, 0, 10, engine="connect", shard=Shard(2, 3)).story
    assert told.startswith("10 UDP ports of 3 hosts, part 2 of 3: 10 questions")
    assert told.endswith("and then what the open ones take to be identified")


def test_connecting_costs_more_packets_than_asking():
    assert plan(1, 100, 0, engine="connect").packets > plan(1, 100, 0, engine="packet").packets


def test_gentle_and_rate_make_it_longer_and_silence_makes_it_longest():
    usual = plan(16, 65535, 0)
    assert usual.seconds[0] < plan(16, 65535, 0, gentle=True).seconds[0]
    assert plan(16, 65535, 0, rate=1000.0).seconds[0] == pytest.approx(16 * 65.535)
    assert plan(16, 65535, 0, tries=5).seconds[1] > usual.seconds[1]


@given(st.integers(0, 1 << 24), st.integers(0, 65536), st.integers(0, 65536), st.integers(1, 5), st.booleans())
def test_no_plan_contradicts_itself(hosts, tcp, udp, tries, gentle):
    made = plan(hosts, tcp, udp, tries=tries, gentle=gentle)
    assert made.probes == hosts * (tcp + udp)
    assert made.probes <= made.packets <= made.probes * tries
    assert made.seconds[0] <= made.seconds[1]
    assert made.octets >= made.packets * 64
    assert made.state >= made.probes // 4
    assert "questions" in made.story


@given(st.integers(0, 300), st.integers(1, 12))
def test_parts_cover_every_question_exactly_once(total, of):
    parts = [list(Shard(number, of).positions(total)) for number in range(1, of + 1)]
    assert sorted(position for part in parts for position in part) == list(range(total))
    assert all(Shard(number, of).covers(position) for number, part in enumerate(parts, 1) for position in part)
    assert sum(plan(total, 1, 0, shard=Shard(number, of)).probes for number in range(1, of + 1)) == total


@given(
    st.integers(1, 6),
    st.lists(st.integers(1, 65535), min_size=1, max_size=12, unique=True),
    st.integers(1, 5),
    st.integers(0, 99),
)
def test_the_order_of_a_scan_is_parted_as_the_plan_says(hosts, ports, of, seed):
    """Every host and port is asked by exactly one part, and each part asks as many as its plan counts."""
    parts = [order(hosts, ports, seed, (number, of)) for number in range(1, of + 1)]
    assert sorted(cell for part in parts for cell in part) == sorted(order(hosts, ports, seed))
    assert len({cell for part in parts for cell in part}) == hosts * len(ports)
    assert [len(part) for part in parts] == [
        plan(hosts, len(ports), 0, shard=Shard(number, of)).probes for number in range(1, of + 1)
    ]


@pytest.mark.parametrize(("text", "shard"), [("1/1", Shard()), ("2/8", Shard(2, 8)), ("08/8", Shard(8, 8))])
def test_parts_from_words(text, shard):
    assert shard_of(text) == shard


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0/8", "there is no part 0 of 8"),
        ("9/8", "there is no part 9 of 8"),
        ("1/0", "there is no part 1 of 0"),
        ("2", "is no part of a scan"),
        ("a/b", "is no part of a scan"),
        ("1/2/3", "is no part of a scan"),
        ("-1/2", "is no part of a scan"),
        ("1/9999999", "is no part of a scan"),
        ("", "is no part of a scan"),
    ],
)
def test_parts_that_are_none(text, told):
    with pytest.raises(BadInput, match=told):
        shard_of(text)


@given(st.text(max_size=12))
def test_no_part_raises_anything_but_bad_input(text):
    try:
        found = shard_of(text)
    except BadInput:
        return
    assert 1 <= found.number <= found.of


def test_durations_and_sizes():
    assert [duration(seconds) for seconds in (0.2, 1, 89, 90, 3600, 86400, 400_000)] == [
        "less than a second", "1 second", "89 seconds", "2 minutes", "60 minutes", "24 hours", "5 days"
    ]  # fmt: skip
    assert [size(octets) for octets in (10, 2048, 5 << 20, 3 << 30, 2 << 40)] == [
        "10 bytes", "2 KiB", "5 MiB", "3 GiB", "2 TiB"
    ]  # fmt: skip

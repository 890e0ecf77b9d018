"""Orders of asking: every cell exactly once whatever the numbers, evenly over hosts, and cut into shards that agree."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan.order import again, order, stride

PORTS = st.lists(st.integers(0, 65535), min_size=1, max_size=60, unique=True)
SEED = st.integers(0, 65535)


def every(hosts, ports):
    return {host << 16 | port for host in range(hosts) for port in ports}


@given(st.integers(1, 12), PORTS, SEED)
def test_every_cell_is_asked_exactly_once(hosts, ports, seed):
    cells = order(hosts, ports, seed)
    assert len(cells) == hosts * len(ports)
    assert set(cells) == every(hosts, ports)


@given(st.integers(1, 8), PORTS, SEED, st.integers(1, 9))
def test_shards_are_the_whole_and_have_nothing_in_common(hosts, ports, seed, parts):
    shards = [order(hosts, ports, seed + part, (part, parts)) for part in range(1, parts + 1)]
    asked = Counter(cell for shard in shards for cell in shard)
    assert set(asked) == every(hosts, ports)
    assert set(asked.values()) == {1}


@given(st.permutations(range(6)), PORTS, SEED, st.integers(2, 5))
def test_a_shard_is_the_same_however_hosts_are_sorted(numbers, ports, seed, parts):
    """Machines that share a scan may reach its hosts by different devices, and sort them differently."""
    straight = {(cell >> 16, cell & 0xFFFF) for cell in order(6, ports, seed, (1, parts), [0, 1, 2, 3, 4, 5])}
    other = {(numbers[cell >> 16], cell & 0xFFFF) for cell in order(6, ports, seed + 1, (1, parts), numbers)}
    assert straight == other


@given(st.integers(2, 12), PORTS, SEED)
def test_no_host_is_asked_twice_before_all_were_asked_once(hosts, ports, seed):
    cells = order(hosts, ports, seed)
    for begin in range(0, len(cells), hosts):
        assert {cell >> 16 for cell in cells[begin : begin + hosts]} == set(range(hosts))


def test_any_stretch_is_a_fair_sample():
    """Of a port space whose lower half is closed, each hundredth of the order has about half."""
    cells = order(1, range(1, 65536), 7)
    for begin in range(0, len(cells) - 654, 655):
        low = sum(cell < 32768 for cell in cells[begin : begin + 655])
        assert abs(low - 327) < 20


def test_hosts_begin_at_different_ports():
    cells = order(16, range(1, 1001), 5)
    assert len({cell & 0xFFFF for cell in cells[:16]}) == 16


def test_nothing_to_ask():
    assert order(0, [1, 2], 5) == []
    assert order(3, [], 5) == []


@given(st.integers(1, 5000), SEED)
def test_a_stride_visits_every_place(size, seed):
    step = stride(size, seed)
    assert len({number * step % size for number in range(size)}) == size


@given(st.lists(st.integers(0, 2**24), max_size=200, unique=True), st.integers(0, 20))
def test_asking_again_is_a_permutation(cells, seed):
    assert sorted(again(cells, seed)) == sorted(cells)


@pytest.mark.parametrize("size", [3, 4, 100, 1000])
def test_asking_again_is_another_order(size):
    cells = list(range(size))
    assert again(cells, 1) != cells
    if size > 20:
        assert min(abs(a - b) for a, b in zip(again(cells, 1), again(cells, 1)[1:], strict=False)) > size // 5

"""Jobs: which cell is whose, and which ports a host is greeted at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan.job import Job
from hb_engine.scan.order import order
from hb_engine.scan.pace import Limits

PORTS = tuple(range(1, 41))


def job(shard=(1, 1), ports=PORTS):
    return Job("tcp", ports, Limits(), 1, lambda: 0.0, bytes, shard=shard)


@given(st.integers(1, 9), st.integers(0, 50), st.integers(0, 39))
def test_each_cell_is_in_exactly_one_shard(parts, host, place):
    assert sum(job((part, parts)).mine(host, place) for part in range(1, parts + 1)) == 1


@given(st.integers(1, 9), st.integers(1, 5))
def test_a_job_and_the_order_agree(parts, hosts):
    for part in range(1, parts + 1):
        cells = order(hosts, PORTS, 3, (part, parts))
        mine = {
            (host, port) for host in range(hosts) for n, port in enumerate(PORTS) if job((part, parts)).mine(host, n)
        }
        assert {(cell >> 16, cell & 0xFFFF) for cell in cells} == mine


@given(st.integers(1, 40), st.integers(0, 20))
def test_a_host_is_greeted_within_its_shard_however_thin(parts, host):
    """With more shards than greetings, the first ports of the list may all be another machine's."""
    found = job((1, parts)).first_ports(host, 8, lambda _: True)
    mine = [port for place, port in enumerate(PORTS) if job((1, parts)).mine(host, place)]
    assert found == mine[:8]
    assert sorted([*mine, *job((1, parts)).others(host)]) == list(PORTS)


def test_only_what_is_wanted():
    assert job().first_ports(0, 3, lambda port: port % 2 == 0) == [2, 4, 6]
    assert job().first_ports(0, 3, lambda _: False) == []


def test_a_whole_scan_leaves_nothing_to_others():
    assert job().others(7) == []

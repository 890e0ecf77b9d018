"""The packet engine over real links: every kind of way, every kind of answer, and everything that goes wrong midway.

Each test makes its own namespaces and firewalls. What is asserted is what was found, never how fast.
"""

from __future__ import annotations

import fcntl
import os
import random
import socket
import struct
import subprocess
import sys
import threading

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("packet sockets are Linux's", allow_module_level=True)

from tests.kit import sockets as kit
from tests.kit.network import Network, frames, tcp_answer
from tests.scan.scanning import V4, V6, job, no_limits, outcome, pair, states, swept

from hb_engine.model.errors import CannotLook
from hb_engine.scan.board import CLOSED, UNASKED
from hb_engine.scan.linux import engine

pytestmark = [pytest.mark.root, pytest.mark.slow]
ALL = range(1, 65536)
OPENED = sorted(random.Random(1).sample(range(1, 60_000), 200))  # noqa: S311 -- the same every time


@pytest.fixture(autouse=True)
def _root():
    kit.needs_root()


@pytest.fixture
def network():
    with Network() as made:
        yield made


def found(engine_name, texts, ports, **wishes):
    """What a sweep said of each host: states, up, reason, notes; picklable."""
    outcomes, told = swept(engine_name, texts, ports, **wishes)
    return [(states(one) if one.rows else {}, one.up, one.reason, one.notes) for one in outcomes], told


def state_of(words):
    """States by port, without reasons, which differ between the engines where they must."""
    return {port: state for (state, _), ports in words.items() for port in ports}


# -- the whole port space


@pytest.mark.parametrize("text", [V4, V6])
def test_every_open_port_of_a_host(network, text):
    pair(network, OPENED)
    ((words, up, reason, notes),), (told,) = network.run("a", found, "packet", [text], ALL)
    assert words == {("open", "syn-ack"): OPENED, ("closed", "reset"): [n for n in ALL if n not in set(OPENED)]}
    assert (up, reason, notes) == (True, "answered", [])
    assert told.loss == 0.0


def test_loopback_and_all_its_ports(network):
    network.add("a")
    network.listen("a", OPENED[:20])
    for text in ("127.0.0.1", "::1"):
        ((words, up, _, _),), _ = network.run("a", found, "packet", [text], ALL)
        assert words["open", "syn-ack"] == OPENED[:20]
        assert len(words["closed", "reset"]) == 65515
        assert up


def test_loss_each_way_hides_nothing(network):
    """Two in a hundred, both ways: the share that is told is what was lost."""
    pair(network, OPENED)
    for hook in ("input", "output"):
        network.firewall("b", hook, "numgen random mod 100 < 2 drop")
    ((words, *_),), (told,) = network.run("a", found, "packet", [V4], ALL)
    assert words["open", "syn-ack"] == OPENED
    assert set(words) <= {("open", "syn-ack"), ("closed", "reset"), ("filtered", "no-response")}
    assert len(words["closed", "reset"]) > 65_300
    assert 0.03 < told.loss < 0.05


def test_limited_resets_are_recognised(network):
    """300 a second, and three in a hundred lost: open ports are known, and nothing silent is called closed."""
    pair(network, OPENED)
    network.firewall("b", "input", "numgen random mod 100 < 3 drop")
    rules = "numgen random mod 100 < 3 drop", "tcp flags & rst == rst limit rate over 300/second burst 5 packets drop"
    network.firewall("b", "output", *rules)
    ports = sorted({*range(1, 20_001), *OPENED})
    ((words, _, _, notes),), (told,) = network.run("a", found, "packet", [V4], ports)
    assert words["open", "syn-ack"] == OPENED
    assert set(words) == {("open", "syn-ack"), ("closed", "reset"), ("closed|filtered", "no-response")}
    assert len(words["closed|filtered", "no-response"]) > 10_000
    assert [host for host, _ in told.limited] == [0]
    assert any("limits its refusals" in note for note in notes)


# -- ways


def test_link_local_addresses_with_their_zone(network):
    pair(network)
    for name in ("packet", "connect"):
        assert network.run("a", by_zone, name, network.run("b", link_local)) == (
            [22, 80, 443],
            "nd-response or answered",
        )


def link_local():
    with open("/proc/net/if_inet6", encoding="ascii") as file:
        words = next(line.split() for line in file if line.startswith("fe80") and "v1" in line)
    return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[0]))


def by_zone(name, text):
    outcomes, _ = swept(name, [text], range(1, 500), zone=socket.if_nametoindex("v0"))
    words = states(outcomes[0])
    opened = words.get(("open", "syn-ack")) or words.get(("open", "conn-accepted"))
    return opened, "nd-response or answered" if outcomes[0].up else outcomes[0].reason


def routed(network):
    """Namespaces a, r and b: r routes between them."""
    network.add("a", "r", "b")
    network.join("a", "v0", "r", "r0", ("10.78.1.2/24", "10.78.1.1/24"), ("fd78:1::2/64", "fd78:1::1/64"))
    network.join("r", "r1", "b", "v1", ("10.78.2.1/24", "10.78.2.2/24"), ("fd78:2::1/64", "fd78:2::2/64"))
    for key in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
        network.set("r", key, "1")
    for name, gateway in (("a", "10.78.1.1"), ("b", "10.78.2.1"), ("a", "fd78:1::1"), ("b", "fd78:2::1")):
        network.ip(name, *(["-6"] if ":" in gateway else []), "route", "add", "default", "via", gateway)
    no_limits(network, "r")
    network.listen("b", (22, 80, 443, 450))


ROUTERS_WORDS = {
    ("unreachable", "host-unreach"): list(range(100, 110)),
    ("filtered", "admin-prohibited"): list(range(120, 130)),
    ("filtered", "port-unreach"): list(range(140, 150)),
    ("unreachable", "net-unreach"): list(range(160, 170)),
    ("filtered", "no-response"): list(range(180, 190)),
}


@pytest.mark.parametrize("text", ["10.78.2.2", "fd78:2::2"])
def test_a_router_and_all_that_it_may_say(network, text):
    routed(network)
    kinds = ("host-unreachable", "admin-prohibited", "port-unreachable", "no-route")
    rules = [f"tcp dport {100 + 20 * n}-{109 + 20 * n} reject with icmpx type {kind}" for n, kind in enumerate(kinds)]
    network.firewall("r", "forward", *rules, "tcp dport 180-189 drop")
    told = {name: network.run("a", found, name, [text], range(1, 500))[0][0] for name in ("packet", "connect")}
    for words, up, reason, _ in told.values():
        assert {key: words[key] for key in ROUTERS_WORDS} == ROUTERS_WORDS
        assert (up, reason) == (True, "answered")
    assert state_of(told["packet"][0]) == state_of(told["connect"][0])
    assert told["packet"][0]["open", "syn-ack"] == [22, 80, 443, 450]


@pytest.mark.parametrize("name", ["packet", "connect"])
def test_a_router_that_knows_no_neighbour_there(network, name):
    """What it says of the host is not the host's own word: it is down, and no port of it closed."""
    routed(network)
    ((words, up, reason, _),), _ = network.run("a", found, name, ["10.78.2.9"], range(1, 200))
    assert (words, up, reason) == ({("unreachable", "host-unreach"): list(range(1, 200))}, False, "host-unreach")


@pytest.mark.parametrize("name", ["packet", "connect"])
def test_packets_that_live_too_short(network, name):
    routed(network)
    network.firewall("r", "prerouting", "iifname r0 ip ttl set 1")
    ((words, up, reason, _),), _ = network.run("a", found, name, ["10.78.2.2"], range(1, 100))
    assert (words, up, reason) == ({("unreachable", "time-exceeded"): list(range(1, 100))}, False, "time-exceeded")


def test_a_tunnel_without_ethernet(network):
    """A TUN device takes bare IP packets: the kernel routes what is built here, and answers come back the same way."""
    network.add("a")
    ((words, up, reason, _),), mac = network.run("a", through_a_tunnel)
    assert words == {
        ("open", "syn-ack"): [22, 90],
        ("closed", "reset"): [n for n in range(1, 100) if n not in (22, 90)],
    }
    assert (up, reason, mac) == (True, "answered", "")


def through_a_tunnel():
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"t0", 0x1001))  # TUNSETIFF, IFF_TUN | IFF_NO_PI
    for words in ("address add 10.66.0.1/24 dev t0", "link set t0 up"):
        subprocess.run(["ip", *words.split()], check=True)
    threading.Thread(target=far_end, args=(tun,), daemon=True).start()
    outcomes, _ = swept("packet", ["10.66.0.2"], range(1, 100))
    one = outcomes[0]
    return [(states(one), one.up, one.reason, one.notes)], one.mac


def far_end(tun):
    while True:
        packet = os.read(tun, 2048)
        frame = bytes(12) + b"\x08\0" + packet
        if packet[0] == 0x45 and packet[9] == 6:
            port = int.from_bytes(packet[22:24], "big")
            made = tcp_answer(frame, 0x12 if port in (22, 90) else 0x14, window=512)
            if made:
                os.write(tun, made[14:])


# -- who is there


@pytest.mark.parametrize("name", ["packet", "connect"])
def test_a_dead_neighbour_a_live_one_and_no_route(network, name):
    pair(network)
    texts = [V4, "10.77.0.9", "fd77::9", "10.99.0.1"]
    rows, _ = network.run("a", found, name, texts, range(1, 60))
    assert [(up, reason) for _, up, reason, _ in rows] == [
        (True, "answered"), (False, "no-neighbour"), (False, "no-neighbour"), (False, "net-unreach"),
    ]  # fmt: skip
    assert [list(words) for words, *_ in rows[1:]] == [
        [("unreachable", "host-unreach")], [("unreachable", "host-unreach")], [("unreachable", "net-unreach")],
    ]  # fmt: skip
    assert 22 in next(ports for (state, _), ports in rows[0][0].items() if state == "open")


def test_a_neighbour_that_is_silent_is_up_by_its_hardware_address(network):
    pair(network, ())
    network.firewall("b", "input", "meta l4proto tcp drop")
    outcomes = network.run("a", silent_neighbours)
    assert outcomes == [(True, "arp-response", 17, None), (True, "nd-response", 17, None)]


def silent_neighbours():
    outcomes, _ = swept("packet", [V4, V6], range(1, 30), most=1)
    assert all(states(one) == {("filtered", "no-response"): list(range(1, 30))} for one in outcomes)
    return [(one.up, one.reason, len(one.mac), one.rtt) for one in outcomes]


def test_both_engines_say_the_same(network):
    pair(network, (22, 80, 443))
    no_limits(network, "b")
    kinds = ("port-unreachable", "admin-prohibited", "host-unreachable")
    rules = [f"tcp dport {60 + 10 * n}-{69 + 10 * n} reject with icmpx type {kind}" for n, kind in enumerate(kinds)]
    network.firewall("b", "input", "tcp dport 30-39 drop", "tcp dport 50-59 reject with tcp reset", *rules)
    for text in (V4, V6):
        first, second = (network.run("a", found, name, [text], range(1, 500))[0][0] for name in ("packet", "connect"))
        assert state_of(first[0]) == state_of(second[0])
        assert first[1:3] == second[1:3] == (True, "answered")
        assert {reason for _, reason in first[0]} ^ {reason for _, reason in second[0]} == {
            "syn-ack", "conn-accepted", "reset", "conn-refused",
        }  # fmt: skip


def test_many_hosts_some_of_them_silent(network):
    """Behind a router, among many, who answers no greeting is not asked further, and that is said."""
    routed(network)
    for number in range(20, 40):
        network.ip("b", "address", "add", f"10.78.2.{number}/24", "dev", "v1")
    network.firewall("b", "input", "ip daddr 10.78.2.30-10.78.2.39 drop")
    texts = [f"10.78.2.{number}" for number in range(20, 40)]
    rows, _ = network.run("a", found, "packet", texts, range(1, 40))
    assert [up for _, up, _, _ in rows] == [True] * 10 + [None] * 10
    assert all(list(words) == [("filtered", "not-asked")] for words, *_ in rows[10:])
    rows, _ = network.run("a", every_host, texts)
    assert all(words == {("filtered", "no-response"): list(range(1, 40))} for words, *_ in rows[10:])


def every_host(texts):
    return found("packet", texts, range(1, 40), every_host=True)


# -- what goes wrong


def test_our_own_firewall_is_told_and_nobody_is_called_dead(network):
    """The kernel does not even ask for a neighbour whose packets it drops."""
    pair(network)
    network.firewall("a", "output", f"ip daddr {V4} drop")
    ((words, up, reason, notes),), _ = network.run("a", found, "packet", [V4], range(1, 60))
    assert (words, up, reason) == ({("filtered", "admin-prohibited"): list(range(1, 60))}, None, "admin-prohibited")
    assert notes == ["this machine's own firewall lets nobody here ask this host"]


@pytest.mark.parametrize("name", ["packet", "connect"])
def test_a_device_that_goes_down_midway(network, name):
    """No traceback, and what was known stays known; what was not answered is not called silent."""
    pair(network, (22,))
    network.firewall("b", "input", "tcp dport 9-65535 drop")
    ((words, up, _, notes),), told = network.run("a", goes_down, name)
    assert set(words) == {("closed", "reset" if name == "packet" else "conn-refused"), ("filtered", "not-asked")}
    assert up
    assert "went away" in told[-1].broken
    assert notes == [f"this host was not asked to the end: {told[-1].broken}"]


def goes_down(name):
    """The link is taken down by the sweep's own progress."""
    calls = iter(range(10**9))

    def watch(*_):
        if next(calls) == 20:
            subprocess.run(["ip", "link", "set", "v0", "down"], check=True)

    return found(name, [V4], range(1, 30_000), watch=watch)


def test_a_device_that_is_down_from_the_beginning(network):
    pair(network)
    network.ip("a", "link", "set", "v0", "down")
    ((words, up, reason, _),), told = network.run("a", found, "packet", [V4], range(1, 60))
    assert (words, up, reason, told) == ({("unreachable", "net-unreach"): list(range(1, 60))}, False, "net-unreach", [])


def test_two_scans_at_once_do_not_disturb_each_other(network):
    pair(network, OPENED)
    first, second = network.run("a", twice_at_once)
    assert first == second == OPENED


def twice_at_once():
    results = {}

    def scan(number):
        outcomes, _ = swept("packet", [V4], ALL)
        results[number] = states(outcomes[0])["open", "syn-ack"]

    threads = [threading.Thread(target=scan, args=(number,)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results[0], results[1]


def test_a_tarpit_is_recognised_and_not_listed(network):
    """Every SYN is answered, with a window of 0: twenty lines instead of 65,535."""
    network.add("a", "b")
    network.join("a", "v0", "b", "v1", ("10.77.0.1/24", "10.77.0.2/24"))
    network.firewall("b", "input", "meta l4proto tcp drop")
    network.serve("b", frames, "v1", tarpit)
    listed, rest, notes = network.run("a", in_the_tar)
    assert listed == 20
    assert rest == [("open", 3980)]
    assert notes[0].startswith("4000 of 4000 asked ports say that they are open, with a window of 0")


def tarpit(frame):
    made = tcp_answer(frame, 0x12)
    return [made, made] if made else []


def in_the_tar():
    outcomes, _ = swept("packet", [V4], range(1, 4001))
    host = outcomes[0].host()
    return len(host.answers), [(one.state, one.count) for one in host.rest], outcomes[0].notes


def test_a_stop_leaves_what_is_known(network):
    pair(network, (22,))
    network.firewall("b", "input", "tcp dport 9-65535 drop")
    ((words, up, *_),), told = network.run("a", stopped)
    assert told[-1].stopped
    assert up
    assert len(words["closed", "reset"]) == 8
    assert len(words["filtered", "not-asked"]) > 10_000


def stopped():
    calls = iter(range(10**9))
    return found("packet", [V4], range(1, 60_000), stop=lambda: next(calls) > 200)


# -- parts of a scan


@pytest.mark.parametrize("parts", [3, 20])
def test_shards_together_are_the_whole(network, parts):
    """With more shards than greetings, a host is greeted at ports of the shard, or it would seem to be dead."""
    pair(network, (22, 45, 60))
    words = network.run("a", in_shards, parts)
    expected = {
        (text, port): "open" if port in (22, 45, 60) else "closed" for text in (V4, V6) for port in range(1, 61)
    }
    assert words == expected


def in_shards(parts):
    words = {}
    for part in range(1, parts + 1):
        outcomes, _ = swept("packet", [V4, V6], range(1, 61), shard=(part, parts))
        for one in outcomes:
            assert one.up, "a host in every shard"
            for (state, reason), ports in states(one).items():
                for port in ports if reason != "not-asked" else ():
                    assert (one.target.text, port) not in words
                    words[one.target.text, port] = state
    return words


def test_what_was_known_before_is_kept_and_the_rest_is_asked(network):
    """Also where the kernel has forgotten the neighbour since: no frame goes to hardware address nought."""
    pair(network, (22, 80))
    words, sent = network.run("a", resumed)
    assert words == {
        ("open", "syn-ack"): [22, 80],
        ("closed", "reset"): [n for n in range(1, 101) if n not in (22, 80)],
    }
    assert sent < 60


def resumed():
    def known(board):
        for port in range(1, 61):
            if port != 22:
                board.note(port, CLOSED)

    one = outcome(V4)
    told = engine.sweep([one], job(range(1, 101), known=known))
    return states(one), sum(each.sent for each in told)


def test_nothing_is_left_to_ask(network):
    pair(network, ())
    words, told = network.run("a", all_known)
    assert (words, told) == ({("closed", "reset"): list(range(1, 11))}, [])


def all_known():
    def known(board):
        for port in range(1, 11):
            board.note(port, CLOSED)

    one = outcome(V4)
    told = engine.sweep([one], job(range(1, 11), known=known))
    assert UNASKED not in one.rows["tcp"][1]
    return states(one), told


def test_without_the_right_it_says_so():
    def attempt():
        with pytest.raises(CannotLook) as caught:
            swept("packet", ["127.0.0.1"], [22])
        return caught.value.remedy

    assert "--engine connect" in kit.as_nobody(attempt)

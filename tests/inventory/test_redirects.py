"""Rules as openings: real ones, that nft and iptables made in a namespace, and what is told of them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest
from tests.kit.sockets import CLONE_NEWNET, as_nobody, in_namespace, ip, needs_root, unshare

from hb_engine.inventory.linux import collect, firewall, redirects
from hb_engine.inventory.linux.nat_match import Match
from hb_engine.inventory.linux.nat_rules import Way
from hb_engine.inventory.linux.redirects import Place
from hb_engine.model.opening import Netns
from hb_engine.model.owner import Container
from hb_engine.model.record import replace

HOME = Netns(4711, "", "host")
OWN, AWAY = socket.inet_aton("192.0.2.1"), socket.inet_aton("10.0.0.2")
WEB = Match(("tcp",), ((8080, 8080),), family="ipv4")
BOX = Container("docker", "4f" * 32, "shop", "nginx:1.27")


def told(*ways, own=(OWN,), box=None, reach=None):
    place = Place(HOME, frozenset(own), reach) if reach else Place(HOME, frozenset(own))
    return redirects.openings(ways, place, lambda address: box if address == "10.0.0.2" else None)


def way(action="dnat", match=WEB, address=AWAY, first=80, **more):
    return Way(action, match, "ip nat", "DOCKER", address, first, first, **more)


def test_a_forward_names_table_and_chain_and_tells_where_it_leads():
    (one,) = told(way())
    assert (one.kind, one.key) == ("forward", "tcp/public/8080/kernel:nftables ip nat DOCKER/host")
    assert one.unowned.reason == "kernel"
    assert (one.addresses, one.families, one.notes) == (("0.0.0.0",), ("ipv4",), ("leads to 10.0.0.2:80",))


def test_the_key_stays_where_only_the_target_moves():
    assert told(way())[0].key == told(way(address=OWN[:3] + b"\x09", first=81))[0].key


def test_a_published_port_belongs_to_its_container():
    (one,) = told(way(), box=BOX)
    assert (one.container, one.identity) == (BOX, "image:nginx:1.27")
    assert one.notes == ("leads to 10.0.0.2:80, container shop",)


def test_to_this_machine_is_a_redirect():
    assert told(way("redirect", address=b""))[0].notes == ("leads to port 80 of this machine",)
    (one,) = told(way(address=OWN))
    assert (one.kind, one.notes) == ("redirect", ("leads to port 80 of 192.0.2.1",))
    assert told(way("redirect", address=b"", first=0))[0].notes == ("leads to the same port of this machine",)
    assert told(way("tproxy", address=b""))[0].notes == ("taken by the transparent proxy at port 80 of this machine",)


def test_how_far_it_reaches_is_the_rules_address_and_device():
    local = replace(WEB, addresses=((socket.inet_aton("10.1.2.3"), 32),))
    assert told(way(match=local), own=(socket.inet_aton("10.1.2.3"),))[0].scope == "private"
    device = replace(WEB, devices=("lo",))
    (one,) = told(way(match=device), reach=lambda name: (name, "loopback"))
    assert (one.scope, one.interface) == ("loopback", "lo")
    (one,) = told(way(match=replace(WEB, devices=("eth*",))), reach=lambda name: (name, "loopback"))
    assert (one.scope, one.interface) == ("public", "")


def test_what_passes_through_is_told_as_such():
    (one,) = told(way(match=replace(WEB, addresses=((socket.inet_aton("203.0.113.0"), 24),))))
    assert one.addresses == ("203.0.113.0/24",)
    assert one.notes[-1] == "for addresses that are not this machine's, whose traffic passes through it"
    (one,) = told(way(match=replace(WEB, addresses=((socket.inet_aton("192.0.2.0"), 24),))))
    assert len(one.notes) == 1, "a prefix that holds an address of ours"


def test_no_two_have_one_key():
    """What a key does not tell apart is one opening: own and foreign addresses, redirects and forwards."""
    foreign = replace(WEB, addresses=((socket.inet_aton("203.0.113.7"), 32),))
    (one,) = told(way(), way("redirect", address=b""), way(match=foreign, first=81))
    assert one.kind == "forward"
    assert one.notes == ("leads to 10.0.0.2:80", "leads to 10.0.0.2:81", "leads to port 80 of this machine")


def test_ports_are_single_where_they_are_few():
    few = told(way(match=Match(("tcp",), ((9000, 9002),))))
    assert [one.port for one in few] == [9000, 9001, 9002]
    (many,) = told(way(match=Match(("tcp",), ((100, 200),))))
    assert (many.port, many.protocol, many.key.split("/")[2]) == (None, "100-200", "100-200")
    assert {one.key.split("/")[2] for one in told(way(match=Match()))} == {"any"}
    assert [one.transport for one in told(way(match=Match()))] == ["tcp", "udp"]


def test_which_ports_one_is_for():
    (many,) = told(way(match=Match(("tcp",), ((100, 200),))))
    assert [redirects.covers(many, port) for port in (99, 100, 200, 201)] == [False, True, True, False]
    assert redirects.covers(told(way(match=Match(("tcp",))))[0], 7)
    assert not redirects.covers(told(way())[0], 7)


def test_many_targets_are_told_in_a_fixed_order_and_bounded():
    ways = [way(address=bytes((10, 0, 0, at))) for at in range(30, 10, -1)]
    (one,) = told(*ways)
    assert len(one.notes) == redirects.NAMED + 1
    assert one.notes[-1] == "and 12 more"
    assert one == told(*reversed(ways))[0]


def test_many_addresses_are_told_as_all_of_their_family():
    ways = [way(match=replace(WEB, addresses=((bytes((10, 96, 0, at)), 32),))) for at in range(40)]
    assert told(*ways[:3])[0].addresses == ("10.96.0.0", "10.96.0.1", "10.96.0.2")
    assert told(*ways)[0].addresses == ("0.0.0.0",)


def test_further_conditions_and_moving_targets_are_told():
    (one,) = told(way(match=replace(WEB, further=("where it comes from",)), varies=True))
    assert one.notes == (
        "leads to a target that the rule chooses while it runs",
        "only under further conditions of the rule: where it comes from",
    )


def test_without_devices_everything_counts_as_open_to_everyone():
    place = redirects.place_of(HOME, None)
    assert (place.own, place.reach("eth0")) == (frozenset(), ("eth0", "public"))


# -- real rules

NFT = """
table inet proxy {
  set many { type inet_service; flags interval; elements = { 9000-9010, 9020 } }
  map away { type inet_service : ipv4_addr . inet_service; elements = { 30080 : 10.1.1.1 . 80 } }
  chain svc { ct state new meta l4proto tcp redirect to :7777; }
  chain pre { type nat hook prerouting priority dstnat;
    tcp dport 8443 redirect to :443
    iifname "lo" tcp dport { 81, 82 } redirect to :80
    iifname != "docker0" tcp dport @many counter redirect
    ip daddr 192.0.2.1 udp dport 53 dnat ip to 10.0.0.2:5353
    meta l4proto { tcp, udp } th dport 1234 redirect to :4321
    dnat ip to tcp dport map @away
    tcp dport vmap { 7000 : jump svc, 7001 : accept }
    ip6 daddr 2001:db8::1 tcp dport 90 dnat ip6 to [fd00::2]:99
    tcp dport 100-200 dnat ip to 10.0.0.3
    ip daddr . tcp dport { 192.0.2.1 . 21, 198.51.100.2 . 22 } redirect to :2121
    meta l4proto tcp redirect to :tcp dport map { 11 : 12 }
    fib daddr type local tcp dport 6443 dnat ip to numgen random mod 2 map { 0 : 10.0.0.5, 1 : 10.0.0.6 }
    tcp dport 5 counter drop
  }
  chain mangle { type filter hook prerouting priority mangle;
    tcp dport 80 tproxy ip to 127.0.0.1:3129 meta mark set 1 accept
  }
  chain out { type nat hook output priority -100; tcp dport 4000 redirect to :4001; }
}
table ip asleep {
  flags dormant
  chain pre { type nat hook prerouting priority dstnat; tcp dport 3 redirect to :4; }
}
"""
LEADS = {
    ("tcp", "8443"): ("public", "leads to port 443 of this machine"),
    ("tcp", "81"): ("public", "leads to port 80 of this machine"),
    ("tcp", "82"): ("public", "leads to port 80 of this machine"),
    **{("tcp", str(port)): ("public", "leads to the same port of this machine") for port in (*range(9000, 9011), 9020)},
    ("udp", "53"): ("public", "leads to 10.0.0.2:5353"),
    ("tcp", "1234"): ("public", "leads to port 4321 of this machine"),
    ("udp", "1234"): ("public", "leads to port 4321 of this machine"),
    ("tcp", "30080"): ("public", "leads to 10.1.1.1:80"),
    ("tcp", "7000"): ("public", "leads to port 7777 of this machine"),
    ("tcp", "90"): ("public", "leads to [fd00::2]:99"),
    ("tcp", "100-200"): ("public", "leads to 10.0.0.3, the same port"),
    ("tcp", "21"): ("public", "leads to port 2121 of this machine"),
    ("tcp", "22"): ("public", "leads to port 2121 of this machine"),
    ("tcp", "11"): ("public", "leads to port 12 of this machine"),
    ("tcp", "6443"): ("public", "leads to 10.0.0.5, the same port"),
    ("tcp", "80"): ("public", "taken by the transparent proxy at port 3129 of 127.0.0.1"),
}


def run(*words, text=None):
    """Run a tool of the firewall; skip where it is not installed or this kernel cannot do what is asked."""
    if not shutil.which(words[0], path="/usr/sbin:/sbin:/usr/bin:/bin"):
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{' '.join(words)}: {done.stderr.strip()[:200]}")


@pytest.mark.root
@pytest.mark.slow
def test_rules_that_nft_made():
    needs_root()

    def work():
        ip("addr", "add", "192.0.2.1/32", "dev", "lo")
        run("nft", "-f", "-", text=NFT)
        seen = collect.collect()
        home = [one for one in seen.openings if one.kind in ("redirect", "forward")]
        one = collect.collect(frozenset((150,)))
        return home, one.openings, seen.coverage

    found, one, coverage = in_namespace(work)
    mine = {(o.transport, o.key.split("/")[2]): (o.scope, o.notes[0]) for o in found if "inet proxy" in o.key}
    assert mine == LEADS
    assert len({o.key for o in found}) == len(found)
    assert not [gap for gap in coverage.gaps if "redirect" in gap.about]
    assert "nf_tables" in coverage.sources
    assert [o.protocol for o in one if o.kind == "forward"] == ["100-200"]
    chains = {o.unowned.detail for o in found}
    assert chains == {"nftables inet proxy pre", "nftables inet proxy svc", "nftables inet proxy mangle"}
    assert next(o for o in found if o.port == 81).interface == "lo"
    assert next(o for o in found if o.port == 53).addresses == ("192.0.2.1",)
    assert "not this machine's" in next(o for o in found if o.port == 22).notes[-1]
    assert "its connection" in next(o for o in found if o.port == 7000).notes[-1]


@pytest.mark.root
def test_rules_that_iptables_made_over_nf_tables():
    needs_root()
    docker = [
        "-N DOCKER",
        "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
        "-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER",
        "-A DOCKER -i docker0 -j RETURN",
        "-A DOCKER ! -i docker0 -p tcp --dport 8081 -j DNAT --to-destination 172.17.0.2:80",
        "-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 80",
        "-A PREROUTING -p udp -m multiport --dports 1,2,5:9 -j REDIRECT --to-ports 99",
    ]

    def work():
        for line in docker:
            run("iptables-nft", "-t", "nat", *line.split())
        for line in (
            "iptables-nft -t mangle -A PREROUTING -p tcp --dport 83 -j TPROXY --on-port 84",
            "ip6tables-nft -t nat -A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 443",
        ):
            run(*line.split())
        return firewall.look()

    found = in_namespace(work)
    assert found.gaps == ()
    told = {(o.transport, o.port, o.families, o.unowned and o.unowned.detail): o.notes[0] for o in redirects.openings(
        found.ways, Place(HOME), lambda _: None)}  # fmt: skip
    four = ("ipv4",)
    assert told == {
        ("tcp", 8081, four, "nftables ip nat DOCKER"): "leads to 172.17.0.2:80",
        ("tcp", 8080, four, "nftables ip nat PREROUTING"): "leads to port 80 of this machine",
        **{
            ("udp", port, four, "nftables ip nat PREROUTING"): "leads to port 99 of this machine"
            for port in (1, 2, 5, 6, 7, 8, 9)
        },
        ("tcp", 83, four, "nftables ip mangle PREROUTING"): "taken by the transparent proxy at port 84 of this machine",
        ("tcp", 8080, ("ipv6",), "nftables ip6 nat PREROUTING"): "leads to port 443 of this machine",
    }


@pytest.mark.root
@pytest.mark.slow
def test_without_rights_the_rules_are_a_gap_and_never_nothing():
    needs_root()

    def work():
        run("nft", "-f", "-", text=NFT)
        return as_nobody(collect.collect)

    seen = in_namespace(work)
    assert not [one for one in seen.openings if one.kind in ("redirect", "forward")]
    assert [gap.about for gap in seen.coverage.gaps if "firewall" in gap.what] == ["redirect forward"]


def neighbour(links, ports):
    """Which of some ports of 192.0.2.1 take a connection from a machine behind vb. `links` tells when vb is there."""
    unshare(CLONE_NEWNET)
    links.send(b"x")
    links.recv(1)
    ip("addr", "add", "192.0.2.2/24", "dev", "vb")
    ip("link", "set", "vb", "up")
    taken = []
    for port in ports:
        with socket.socket() as one:
            one.settimeout(2)
            if one.connect_ex(("192.0.2.1", port)) == 0:
                taken.append((port, one.recv(16).decode()))
    return taken


@pytest.mark.root
@pytest.mark.slow
def test_what_is_told_is_what_a_neighbour_finds():
    """The rules' own kernel is the judge: a connection from outside arrives where the opening says that it leads."""
    needs_root()

    def work():
        ip("link", "add", "name", "va", "type", "veth", "peer", "name", "vb")
        ip("addr", "add", "192.0.2.1/24", "dev", "va")
        ip("link", "set", "va", "up")
        run("nft", "-f", "-", text=NFT)
        here, there = socket.socketpair()
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.write(writer, repr(neighbour(there, (8443, 11, 8444, 80))).encode())
            finally:
                os._exit(0)
        here.recv(1)
        ip("link", "set", "vb", "netns", str(pid))
        servers = [socket.create_server(("0.0.0.0", port)) for port in (443, 12)]
        here.send(b"x")
        for server in servers:
            server.settimeout(5)
            with server.accept()[0] as one:
                one.sendall(str(server.getsockname()[1]).encode())
        os.waitpid(pid, 0)
        seen = [one for one in collect.collect().openings if one.kind == "redirect" and one.port in (8443, 11, 8444)]
        return os.read(reader, 4096).decode(), {one.port: one.notes[0] for one in seen}

    found, said = in_namespace(work)
    assert found == "[(8443, '443'), (11, '12')]"
    assert said == {8443: "leads to port 443 of this machine", 11: "leads to port 12 of this machine"}

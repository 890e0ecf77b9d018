"""The table is taken by nft itself; in two namespaces it lets in what rules allow and nothing that they forbid."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess

import pytest
from hypothesis import given
from tests.faces import judged, orders
from tests.kit.network import Network, udp_echo
from tests.kit.sockets import needs_root

from hb_engine.faces.export.generators import nftables
from hb_engine.model.record import replace

# Everything that a line may be. Strangers' names stand in quotes after comment and iifname, in plain letters.
NET = r"[0-9a-f.:]+(?:/\d+)?"
SET = rf"\{{ {NET}(?:, {NET})* \}}"
PROTOCOLS = r"(?:\{ [a-z, ]+ \}|[a-z]+)"
RULE = re.compile(
    r'\t\t(?:iifname "[A-Za-z0-9._:@*-]+" )?(?:iif != "lo" )?(?:meta pkttype \{ broadcast, multicast \} )?'
    rf"(?:ip6? daddr (?:!= )?@[a-z]+[46] )?(?:ip6? daddr {SET} )?(?:ip6? saddr {SET} )?"
    rf"(?:meta l4proto {PROTOCOLS} )?(?:(?:[a-z]+|th) dport \d+(?:-\d+)? )?"
    r'(?:counter accept|counter jump forbidden|jump closed) comment "[A-Za-z0-9._ -]+"'
)
FIXED = {
    *("", "table inet hb_baseline", "delete table inet hb_baseline", "table inet hb_baseline {", "}", "\t}"),
    *("\tchain forbidden {", "\tchain closed {", "\tchain input {", "\t\tcounter drop", '\t\tiif "lo" accept'),
    *("\t\tct state established,related accept", "\t\tmeta l4proto { icmp, ipv6-icmp } accept"),
    '\t\tlimit rate 6/minute burst 10 packets log prefix "hb forbidden: "',
    '\t\tlimit rate 6/minute burst 10 packets log prefix "hb closed: "',
    "\t\ttype filter hook input priority filter; policy accept;",
}
SETS = re.compile(rf"\tset [a-z]+[46] \{{|\t\ttype ipv[46]_addr; flags interval; auto-merge|\t\telements = {SET}")


def text(order):
    return nftables.write(order)[0][1]


def lines(order):
    """The lines that are no comments and not the same in every file."""
    found = [line for line in text(order).splitlines() if line not in FIXED and not line.lstrip("\t").startswith("#")]
    return [line.strip() for line in found if not SETS.fullmatch(line)]


@given(orders.texts)
def test_no_text_becomes_syntax(given_):
    for line in text(orders.saying(given_)).splitlines():
        comment = line.lstrip("\t").startswith("#")
        assert comment or line in FIXED or SETS.fullmatch(line) or RULE.fullmatch(line), line


def test_every_line_is_known():
    for order in orders.ALL.values():
        for line in text(order).splitlines():
            assert line.lstrip("\t").startswith("#") or line in FIXED or SETS.fullmatch(line) or RULE.fullmatch(line), (
                line
            )


@pytest.fixture(scope="module")
def checked():
    """Whether nft takes a text, and what it says: in a network namespace of its own, and without loading it."""
    needs_root()
    if not shutil.which("nft") or not shutil.which("unshare"):
        pytest.skip("nft or unshare is not installed (packages nftables, util-linux)")

    def check(written):
        done = subprocess.run(
            ["unshare", "-n", "nft", "-c", "-f", "-"], input=written.encode(), capture_output=True, check=False
        )
        return done.returncode, done.stderr.decode(errors="replace")

    rules = "type filter hook input priority filter; policy accept;\nct state new tcp dport 1 counter drop"
    code, told = check(f"table inet x {{\nchain y {{\n{rules}\n}}\n}}\n")
    if code:
        pytest.skip(f"this kernel lacks what nft needs: {told.splitlines()[0]}")
    return check


@pytest.mark.slow
@pytest.mark.parametrize("order", orders.ALL.values(), ids=orders.ALL)
def test_nft_takes_it(checked, order):
    assert checked(text(order)) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("text_", judged.AWKWARD, ids=range(len(judged.AWKWARD)))
def test_nft_takes_what_strangers_wrote(checked, text_):
    assert checked(text(orders.saying(text_))) == (0, "")


@pytest.mark.slow
def test_nft_does_refuse(checked):
    assert checked(text(orders.ORDER).replace("dport 443", "dport https-no-such"))[0] != 0


def test_forbidden_stands_before_allowed_and_before_loopback():
    found = text(orders.ORDER)
    order = [
        found.index(part)
        for part in (
            "established,related",
            'comment "no-telnet"',
            'iif "lo" accept',
            'comment "web-https"',
            'comment "no rule"',
        )
    ]
    assert order == sorted(order)


def test_places():
    found = lines(orders.ORDER)
    assert 'tcp dport 23 counter jump forbidden comment "no-telnet"' in found
    assert 'iif != "lo" ip daddr != @link4 tcp dport 2375-2376 counter jump forbidden comment "no-docker"' in found
    assert 'udp dport 443 counter accept comment "web-https"' in found
    assert 'ip6 saddr { fd00:20::/32 } tcp dport 22 counter accept comment "ssh"' in found
    assert 'ip daddr @private4 ip saddr { 10.20.0.0/16 } tcp dport 9100 counter accept comment "metrics"' in found
    assert not [line for line in found if "ip6" in line and "metrics" in line]
    assert 'iifname "eth0" meta pkttype { broadcast, multicast } udp dport 68 counter accept comment "dhcp"' in found
    assert 'ip6 daddr @private6 tcp dport 40000-50000 counter accept comment "rpc"' in found
    assert 'ip daddr { 10.0.0.0/8 } tcp dport 8443 counter accept comment "own-net"' in found
    for name in ("no-apache", "local-db", "shop", "ping", "debug"):
        assert not [line for line in found if name in line], name


def test_what_cannot_be_said_is_said():
    found = text(orders.ORDER)
    for part in (
        "not said here: who may hold it: unit:nginx.service and pkg:nginx",
        "not said here: what must speak: https tls>=1.2",
        "left to you: it forbids unit:apache2.service alone, and others may hold the port",
        "not said here: from host:prometheus-1; write its address as net:",
        "not said here: it holds only in the window night",
        "ports of network namespaces of the class container are forwarded",
        "raw has no ports that nftables could match",
        "Left out, for its time is over: debug",
    ):
        assert part in found, part


def test_nobody_who_could_be_named_is_let_in():
    assert not [line for line in lines(orders.ODD) if "nobody" in line]


# -- what it does


def reaches(address, port, patience):
    """Whether a connection is made, is refused, or gets no answer in so many seconds."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM) as one:
        one.settimeout(patience)
        try:
            one.connect((address, port))
        except TimeoutError:
            return "silent"
        except ConnectionRefusedError:
            return "refused"
        return "open"


def answers(address, port, patience):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(patience)
        one.sendto(b"x", (address, port))
        try:
            return one.recv(100) == b"you said x"
        except TimeoutError:
            return False


LONG, SHORT = 20, 0.3  # seconds: an answer that is due is waited for, silence is not


def all_of(expected):
    """What each place does, by what it is expected to do."""
    return {
        (address, port): reaches(address, port, SHORT if word == "silent" else LONG)
        for (address, port), word in expected.items()
    }


V4, V6, PUBLIC4, PUBLIC6 = "10.9.0.1", "fd09::1", "203.0.113.1", "2001:db8:9::1"
SERVED = (22, 23, 443, 2375, 5432, 8080, 9100, 9999)


def network():
    made = Network()
    made.__enter__()
    made.add("server", "client")
    made.join(
        "server",
        "eth0",
        "client",
        "eth0",
        (f"{V4}/24", "10.9.0.2/24"),
        (f"{V6}/64", "fd09::2/64"),
        (f"{PUBLIC4}/24", "203.0.113.2/24"),
        (f"{PUBLIC6}/64", "2001:db8:9::2/64"),
    )
    made.listen("server", SERVED)
    made.serve("server", udp_echo, (443, 9999))
    return made


def load(made, order):
    command = ["ip", "netns", "exec", made.name("server"), "nft", "-f", "-"]
    done = subprocess.run(command, input=text(order).encode(), capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"this kernel lacks what the firewall needs: {done.stderr.decode().splitlines()[0]}")


@pytest.fixture
def net():
    if not shutil.which("nft"):
        pytest.skip("nft is not installed")
    made = network()
    yield made
    made.__exit__(None, None, None)


METRICS = replace(orders.METRICS, sources=("net:10.9.0.0/24",))
RULES = (orders.NO_TELNET, orders.NO_DOCKER, orders.HTTPS, replace(orders.SSH, sources=()), METRICS, orders.LOCAL)


def does(net, name, expected):
    assert net.run(name, all_of, expected) == expected


@pytest.mark.slow
@pytest.mark.root
def test_what_is_allowed_answers_and_what_is_forbidden_does_not(net):
    silent = [(V4, 23), (V6, 23), (PUBLIC4, 2375), (V6, 2375)]
    answering = dict.fromkeys([(V4, 22), (V6, 22), (PUBLIC6, 443), (V4, 9999)], "open") | {(V4, 81): "refused"}
    does(net, "client", answering | dict.fromkeys(silent, "open"))  # so that the difference is the table's
    load(net, replace(orders.ORDER, rules=RULES))
    does(net, "client", answering | dict.fromkeys(silent, "silent"))
    # tcp/23 is forbidden anywhere, 2375 from private networks on
    own = {("127.0.0.1", 23): "silent", ("::1", 23): "silent", ("127.0.0.1", 2375): "open", ("::1", 443): "open"}
    does(net, "server", own)


@pytest.mark.slow
@pytest.mark.root
def test_closed_lets_in_what_rules_allow_alone(net):
    load(net, replace(orders.CLOSED, rules=RULES))
    load(net, replace(orders.CLOSED, rules=RULES))  # again: it replaces itself
    answering = dict.fromkeys([(V4, 22), (PUBLIC6, 22), (V4, 443), (V4, 9100)], "open")
    silent = dict.fromkeys([(V6, 9100), (PUBLIC4, 9100), (V4, 5432), (V4, 9999), (V4, 81)], "silent")
    does(net, "client", answering | silent)
    assert net.run("client", answers, V4, 443, LONG)
    assert not net.run("client", answers, V4, 9999, SHORT)
    does(net, "server", {("127.0.0.1", 5432): "open", ("127.0.0.1", 9999): "open"})
    net.listen("client", (7777,))
    does(net, "server", {("10.9.0.2", 7777): "open", ("fd09::2", 7777): "open"})  # its own connections


@pytest.mark.slow
@pytest.mark.root
def test_interfaces_and_own_networks(net):
    here = orders.rule(
        "here",
        orders.at("tcp", 8080, networks=("203.0.113.0/24",)),
        orders.at("tcp", 9100, interface="eth*"),
        orders.at("tcp", 9999, interface="eth1"),
    )
    load(net, replace(orders.CLOSED, rules=(here,)))
    answering = dict.fromkeys([(PUBLIC4, 8080), (V4, 9100), (V6, 9100)], "open")
    does(net, "client", answering | dict.fromkeys([(V4, 8080), (V6, 8080), (V4, 9999)], "silent"))

"""Hidden ports: found where a list leaves them out, and never where sockets only come and go.

No rootkit is at hand, so the lists are what is false here: a kernel that answers as this one does and leaves rows out.
"""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.sockets import as_nobody, in_namespace, needs_root

from hb_engine.inventory.linux import collect, hidden, sockets
from hb_engine.inventory.linux.hidden import BUSY, FREE, REFUSED, Finding
from hb_engine.model.errors import CannotLook
from hb_engine.model.opening import Netns, Opening, Unowned
from hb_engine.model.record import replace

HOME = Netns(4711, "", "host")
SECRET = Finding("tcp", 4444, ("0.0.0.0", "::"), True, False, 6)


def nothing(_):
    """No waiting: a test's sockets do not change by themselves."""


class Lying(hidden.Kernel):
    """This kernel, whose lists leave some ports out."""

    def __init__(self, *left_out, text=True) -> None:
        super().__init__()
        self.left_out, self.text = set(left_out), text

    def listed(self, transport, port=0):
        return super().listed(transport, port) - self.left_out

    def in_text(self, transport):
        return super().in_text(transport) - (self.left_out if self.text else set())


class Scripted(hidden.Kernel):
    """A kernel out of a test's head: for each port what binds say in turn, and the ports that each list shows."""

    lists_bound = True

    def __init__(self, binds, lists=(), accepted=False, text=()) -> None:
        self.binds = {port: list(answers) for port, answers in binds.items()}
        self.lists = [set(one) for one in lists]
        self.accepted, self.text = accepted, set(text)
        self.asked = 0

    def listed(self, transport, port=0):
        if transport == "udp":
            return set()
        self.asked += 1
        known = self.lists.pop(0) if self.lists else set()
        return known & {port} if port else known

    def in_text(self, transport):
        return self.text

    def bind(self, transport, port, address=""):
        return BUSY

    def sweep(self, transport, ports):
        if transport == "udp":
            return {}, ""
        said = {}
        for port in ports:
            answers = self.binds.get(port, [FREE])
            said[port] = answers.pop(0) if len(answers) > 1 else answers[0]
        return {port: word for port, word in said.items() if word != FREE}, "Permission denied"

    def accepts(self, port):
        return self.accepted

    def own(self):
        return ("127.0.0.1", "::1")


def find(kernel, ports=(4444,), held=()):
    return hidden.find(ports, held, kernel, nothing)


# -- what is hidden


def test_a_port_that_stays_in_use_and_unlisted_is_hidden():
    (found,), gaps = find(Scripted({4444: [BUSY]}))
    assert found == Finding("tcp", 4444, ("0.0.0.0", "::"), False, False, hidden.ROUNDS + 1)
    assert gaps == ()


@pytest.mark.parametrize("free", range(hidden.ROUNDS + 1))
def test_one_bind_that_succeeds_clears_it(free):
    answers = [BUSY] * free + [FREE] + [BUSY]
    assert find(Scripted({4444: answers})) == ((), ())


@pytest.mark.parametrize("seen", range(2 + 2 * hidden.ROUNDS))
def test_one_list_that_shows_it_clears_it(seen):
    nothing_listed: set[int] = set()
    lists = [nothing_listed] * seen + [{4444}]
    kernel = Scripted({4444: [BUSY]}, lists)
    assert find(kernel) == ((), ())
    assert kernel.asked == seen + 1, "what is cleared is not asked about again"


def test_what_was_listed_before_is_not_even_bound():
    class Refusing(Scripted):
        def sweep(self, transport, ports):
            assert not list(ports) or transport == "udp"
            return {}, ""

    assert find(Refusing({}, [{4444}])) == ((), ())


def test_a_port_that_may_not_be_bound_is_a_gap_and_never_hidden():
    (gap,) = find(Scripted({80: [REFUSED]}), (80,))[1]
    assert (gap.what, gap.about) == ("whether tcp port 80 is hidden", "hidden")
    assert "Permission denied" in gap.why
    (gap,) = find(Scripted({port: [REFUSED] for port in range(1, 100)}), range(1, 100))[1]
    assert gap.what == "whether 99 tcp ports (1 to 99) are hidden"


def test_an_old_kernel_lists_too_little_to_be_sure():
    class Old(Scripted):
        lists_bound = False

    found, (gap,) = find(Old({4444: [BUSY]}))
    assert (found, gap.what) == ((), "whether tcp port 4444 is hidden")
    assert "6.8" in gap.why
    assert find(Old({4444: [BUSY]}), held={("tcp", 4444)}) == ((), ()), "a descriptor explains it"
    assert len(find(Old({4444: [BUSY]}, accepted=True))[0]) == 1, "a listener every kernel lists"
    assert len(find(Old({4444: [BUSY]}, text={4444}))[0]) == 1


def test_a_machine_that_refuses_everything_is_not_full_of_rootkits(monkeypatch):
    monkeypatch.setattr(hidden, "SUSPECTS", 10)
    found, (gap,) = find(Scripted({port: [BUSY] for port in range(1, 100)}), range(1, 100))
    assert found == ()
    assert gap.what == "which of 99 tcp ports are hidden"


def test_without_lists_nothing_is_said():
    class Mute(Scripted):
        def listed(self, transport, port=0):
            raise CannotLook("netlink is not there")

    found, gaps = find(Mute({4444: [BUSY]}))
    assert found == ()
    assert [gap.what for gap in gaps] == ["hidden tcp ports", "hidden udp ports"]


@given(
    st.dictionaries(st.integers(1, 9), st.lists(st.sampled_from((FREE, BUSY, REFUSED)), min_size=1, max_size=8)),
    st.lists(st.sets(st.integers(1, 9)), max_size=200),
)
def test_whatever_the_kernel_says_only_what_was_never_free_and_never_listed_is_hidden(binds, lists):
    def once(answers):
        return (answers + [answers[-1]] * hidden.ROUNDS)[: hidden.ROUNDS + 1]

    found, _ = find(Scripted(binds, lists), range(1, 10))
    assert {one.port for one in found} <= {port for port, said in binds.items() if set(once(said)) == {BUSY}}
    if not any(lists):
        assert {one.port for one in found} == {port for port, said in binds.items() if set(once(said)) == {BUSY}}


# -- as openings


def test_what_is_told_of_one():
    one = hidden.opening(SECRET, HOME)
    assert one.key == "tcp/public/4444/unknown/host"
    assert (one.kind, one.flags, one.families) == ("listener", ("hidden",), ("ipv4", "ipv6"))
    assert one.unowned == Unowned("not-found", "the kernel keeps the port, and none of its lists says for whom")
    assert one.notes == (
        "bind(2) said 6 times that tcp port 4444 is in use",
        "neither netlink nor /proc/net/tcp shows a socket there, in any state",
        "a connection to it over loopback was accepted",
    )


def test_which_witness_speaks_is_told():
    one = hidden.opening(replace(SECRET, transport="udp", accepted=None, text=True, addresses=("127.0.0.1",)), HOME)
    assert (one.kind, one.scope, one.families) == ("bound", "loopback", ("ipv4",))
    assert one.notes[1:] == ("/proc/net/udp shows a socket there, netlink does not",)
    assert "was not accepted" in hidden.opening(replace(SECRET, accepted=False), HOME).notes[2]


def test_what_a_descriptor_showed_keeps_its_owner_and_is_marked():
    held = Opening("listener", "tcp", 4444, ("0.0.0.0",), ("ipv4",), "public", HOME, uid=33, notes=("seen",))
    elsewhere = replace(held, netns=Netns(1, "x", "named"))
    told = hidden.merged((elsewhere, held), (SECRET, replace(SECRET, port=7)), HOME)
    assert [(one.port, one.netns.id, one.uid, one.flags) for one in told] == [
        (7, HOME.id, None, ("hidden",)),
        (4444, HOME.id, 33, ("hidden",)),
        (4444, 1, 33, ()),
    ]
    assert told[1].notes[0] == "seen"
    assert len(told[1].notes) == 4


# -- on this machine

MAKERS: dict[int, dict[str, Any]] = {  # port: how its socket is made
    6001: {"host": "0.0.0.0"},
    6002: {"host": "127.0.0.1"},
    6003: {"host": "::", "v6only": 0},
    6004: {"host": "::", "v6only": 1},
    6005: {"host": "::1", "v6only": 1},
    6006: {"host": "0.0.0.0", "option": socket.SO_REUSEADDR},
    6007: {"host": "0.0.0.0", "option": socket.SO_REUSEPORT},
    6008: {"host": "0.0.0.0", "listens": False},
    6009: {"host": "0.0.0.0", "option": socket.SO_REUSEADDR, "listens": False},
    6011: {"host": "0.0.0.0", "kind": socket.SOCK_DGRAM},
    6012: {"host": "0.0.0.0", "kind": socket.SOCK_DGRAM, "option": socket.SO_REUSEADDR},
    6013: {"host": "::", "kind": socket.SOCK_DGRAM, "v6only": 1},
    6014: {"host": "127.0.0.1", "kind": socket.SOCK_DGRAM},
    6015: {"host": "0.0.0.0", "kind": socket.SOCK_DGRAM, "option": socket.SO_REUSEPORT},
}
REACH = {
    6003: ("0.0.0.0", "::"),
    6004: ("::",),
    6005: ("::1",),
    6002: ("127.0.0.1",),
    6013: ("::",),
    6014: ("127.0.0.1",),
}


def made(port, host, *, kind=socket.SOCK_STREAM, v6only=None, option=0, listens=True):
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
    if v6only is not None:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    if option:
        one.setsockopt(socket.SOL_SOCKET, option, 1)
    one.bind((host, port))
    if kind == socket.SOCK_STREAM and listens:
        one.listen(1)
    return one


def close(*held):
    for one in held:
        one.close()


@pytest.mark.root
def test_every_way_of_binding_is_found_and_where_it_reaches():
    needs_root()

    def work():
        held = [made(port, **how) for port, how in MAKERS.items()]
        found, gaps = hidden.find(range(5990, 6030), (), Lying(*MAKERS), nothing)
        honest = hidden.find(range(5990, 6030), (), None, nothing)
        close(*held)
        return found, gaps, honest

    found, gaps, honest = in_namespace(work)
    assert honest == ((), ())
    assert gaps == ()
    assert {one.port: one.addresses for one in found} == {port: REACH.get(port, ("0.0.0.0",)) for port in MAKERS}
    listening = {one.port for one in found if one.accepted}
    assert listening == {6001, 6002, 6003, 6004, 6005, 6006, 6007}
    assert not any(one.text for one in found)


@pytest.mark.root
def test_a_list_that_still_shows_it_is_named():
    needs_root()

    def work():
        held = made(6001, "0.0.0.0")
        found, _ = hidden.find((6001,), (), Lying(6001, text=False), nothing)
        held.close()
        return found

    (found,) = in_namespace(work)
    assert found.text


@pytest.mark.root
@pytest.mark.slow
def test_connections_and_what_remains_of_them_are_not_hidden():
    needs_root()

    def work():
        server = made(7000, "127.0.0.1")
        server.listen(64)
        kept = []
        for at in range(20):
            client = socket.create_connection(("127.0.0.1", 7000))
            peer, _ = server.accept()
            if at % 2:
                client.close()  # TIME_WAIT is the client's
            kept += [client, peer]
        udp = socket.socket(type=socket.SOCK_DGRAM)
        udp.connect(("127.0.0.1", 7000))
        reset = socket.socket()
        reset.bind(("127.0.0.1", 7100))
        assert reset.connect_ex(("127.0.0.1", 9)) == errno.ECONNREFUSED  # closed, and still holding its port
        answer = hidden.find(pause=nothing)
        close(server, udp, reset, *kept)
        return answer

    assert in_namespace(work) == ((), ())


CHURN = """
import socket
here = ("127.0.0.1", 7000)
print("ready", flush=True)
while True:
    held = []
    for family, kind, where in (
        (2, 2, here), (2, 2, None), (2, 1, None), (2, 1, here), (10, 1, None), (2, 1, here), (10, 2, None)
    ):
        one = socket.socket(family, kind)
        held.append(one)
        try:
            one.connect(where) if where else one.bind(("", 0))
            if kind == 1 and not where:
                one.listen(1)
        except OSError:  # no port is left
            pass
    for one in held:
        one.close()
"""


@pytest.mark.root
@pytest.mark.slow
def test_twenty_sweeps_of_a_machine_where_sockets_come_and_go_accuse_nobody():
    needs_root()

    def work():
        server = made(7000, "127.0.0.1")
        server.listen(1024)
        with open("/proc/sys/net/ipv4/ip_local_port_range", "w", encoding="ascii") as range_of_ports:
            range_of_ports.write("40000 42000")  # few, so that each is used again and again
        children = [subprocess.Popen([sys.executable, "-c", CHURN], stdout=subprocess.PIPE) for _ in range(3)]
        accepting = threading.Thread(target=accept_all, args=(server,), daemon=True)
        accepting.start()
        try:
            for child in children:
                assert child.stdout
                assert child.stdout.readline() == b"ready\n"
            return [hidden.find(range(39000, 43000)) for _ in range(20)]
        finally:
            for child in children:
                child.kill()
                child.wait()

    assert in_namespace(work) == [((), ())] * 20


def accept_all(server):
    while True:
        server.accept()[0].close()


@pytest.mark.root
def test_a_kernel_without_ipv6_is_asked_in_ipv4_alone():
    needs_root()
    library: Any = vars(hidden)["_socket"]  # the module that it makes its sockets by
    real = library.socket

    def four_only(family=socket.AF_INET, *args):
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "no IPv6 here")
        return real(family, *args)

    def work():
        held = made(6001, "127.0.0.1")
        library.socket = four_only
        found, gaps = hidden.find((6000, 6001), (), Lying(6001), nothing)
        held.close()
        return found, gaps

    (found,), gaps = in_namespace(work)
    assert (found.port, found.addresses, gaps) == (6001, ("127.0.0.1",), ())


@pytest.mark.root
def test_without_rights_low_ports_are_a_gap_and_the_others_are_asked():
    needs_root()

    def work():
        held = made(6001, "127.0.0.1")
        answer = as_nobody(lambda: hidden.find((80, 81, 6001), (), Lying(6001), nothing))
        held.close()
        return answer

    found, gaps = in_namespace(work)
    assert [one.port for one in found] == [6001]
    assert [gap.what for gap in gaps] == [f"whether 2 {one} ports (80 to 81) are hidden" for one in ("tcp", "udp")]


@pytest.mark.root
@pytest.mark.slow
def test_a_look_marks_what_the_lists_leave_out_and_names_its_holder(monkeypatch):
    """The whole way: netlink's dump lacks a listener's row, the descriptor shows it, the bind convicts it."""
    needs_root()
    honest = sockets.dump

    def dump(*args):
        told = honest(*args)
        return replace(told, sockets=tuple([one for one in told.sockets if one.port != 6001]))

    monkeypatch.setattr(sockets, "dump", dump)
    monkeypatch.setattr(hidden, "Kernel", lambda: Lying(6001))
    monkeypatch.setattr(hidden, "PAUSES", (0.0,) * hidden.ROUNDS)

    def work():
        held = [made(6001, "0.0.0.0"), made(6002, "0.0.0.0")]
        seen = collect.collect(hidden=True)
        here = {one.port: one for one in seen.openings if one.netns.id == os.stat("/proc/self/ns/net").st_ino}
        close(*held)
        return here, seen.coverage.sources, os.getpid()

    here, sources, pid = in_namespace(work)
    assert set(here) == {6001, 6002}
    assert "bind sweep tcp, udp" in sources
    assert (here[6002].flags, here[6001].flags) == ((), ("hidden",))
    assert [owner.pid for owner in here[6001].owners] == [pid]
    assert any("bind(2)" in note for note in here[6001].notes)


@pytest.mark.root
def test_one_port_is_one_bind(monkeypatch):
    needs_root()

    def work():
        held = made(6001, "127.0.0.1")
        monkeypatch.setattr(hidden, "Kernel", lambda: Lying(6001))
        monkeypatch.setattr(hidden, "PAUSES", (0.0,) * hidden.ROUNDS)
        monkeypatch.setattr(sockets, "dump", lambda *_: sockets.Dump((), ("none",), ()))
        seen = collect.collect(frozenset((6001,)), hidden=True)
        held.close()
        return seen

    seen = in_namespace(work)
    assert [(one.key.split("/")[2], one.flags) for one in seen.openings] == [("6001", ("hidden",))]


def test_a_plain_look_binds_nothing():
    assert not any("bind" in source for source in collect.collect(frozenset((1,))).coverage.sources)


@pytest.mark.root
@pytest.mark.parametrize("only", ["0", "1"])
def test_a_sweep_means_both_families_whatever_sockets_take_by_themselves(only):
    needs_root()

    def work():
        with open("/proc/sys/net/ipv6/bindv6only", "w", encoding="ascii") as setting:
            setting.write(only)
        kept = []
        for family, port in ((socket.AF_INET, 7001), (socket.AF_INET6, 7003), (socket.AF_INET, 7005)):
            one = socket.socket(family)
            one.bind(("", port))
            kept.append(one)
        answers = [hidden.sweep(name, range(7000, 7008)) for name in ("tcp", "udp")]
        close(*kept)
        return answers

    busy = dict.fromkeys((7001, 7003, 7005), hidden.BUSY)
    assert in_namespace(work) == [(busy, ""), ({}, "")]

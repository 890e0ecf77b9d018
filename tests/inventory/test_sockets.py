"""The dump of a namespace: every trap as root and as nobody, and what happens when netlink, text or both fail."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import threading

import pytest
from tests.kit import sockets as kit
from tests.kit import traps as traps_kit
from tests.kit.netlink import FakeKernel, done, listener, message

from hb_engine.inventory.linux import diag, sockets
from hb_engine.inventory.linux.sockets import dump, dump_text
from hb_engine.model.errors import CannotLook
from hb_engine.wire.socket_row import Socket

FIELDS = ("transport", "family", "address", "port", "state", "ifindex", "v6only", "autobound", "protocol", "flags")
ANY, ANY6, LO = bytes(4), bytes(16), b"\x7f\0\0\1"
MAPPED = bytes(10) + b"\xff\xff\x7f\0\0\1"


def tcp(port, *flags, family="ipv4", address=ANY, state="listen", ifindex=0, v6only=None, autobound=False):
    return ("tcp", family, address, port, state, ifindex, v6only, autobound, 6, flags)


# What the traps of the kit must look like: trap, name of the inode among its facts, row.
EXPECTED = (
    ("in_flight", "inode", tcp(5001)),
    ("io_uring", "inode", tcp(5002)),
    ("private_table", "inode", tcp(5003)),
    ("dead_leader", "inode", tcp(5004)),
    ("mapped_ring", "inode", ("packet", "packet", b"", None, "tap", 0, None, False, 3, ("ring",))),
    ("bound_only", "inode", tcp(5007, state="bound")),
    ("multipath", "inode", tcp(5008, "mptcp")),
    ("shared", "inode", tcp(5009)),
    ("dual_stack", "inode", tcp(5010, family="ipv6", address=ANY6, v6only=False)),
    ("dual_stack", "only", tcp(5011, family="ipv6", address=ANY6, v6only=True)),
    ("plain_udp", "inode", ("udp", "ipv4", ANY, 5012, "unconnected", 0, None, False, 17, ())),
    ("light_udp", "inode", ("udplite", "ipv4", ANY, 5013, "unconnected", 0, None, False, 136, ())),
    ("on_device", "inode", tcp(5014, ifindex=1)),
    ("transparent", "inode", tcp(5015, "transparent")),
    ("mapped_address", "inode", tcp(5016, family="ipv6", address=MAPPED, v6only=False)),
    ("reuse_group", "inode", tcp(5018)),
    ("raw_ip", "inode", ("raw", "ipv4", ANY, None, "unconnected", 0, None, False, 6, ())),
    ("knock_filter", "inode", ("packet", "packet", b"", None, "tap", 0, None, False, 0x0800, ("filter",))),
)


def look_at_traps():
    """Facts of all traps, and the dump of their namespace as root and as nobody."""
    with kit.Lab() as lab:
        facts = {trap.__name__: lab.start(trap).facts for trap in traps_kit.TRAPS}
        inode = kit.netns_inode()
        return facts, dump(inode), kit.as_nobody(lambda: dump(inode)), dump_text(inode, "/proc/thread-self/net")


@pytest.fixture(scope="module")
def traps():
    kit.needs_root()
    return kit.in_namespace(look_at_traps)


def bound_is_listed():
    return diag.version(os.uname().release) >= diag.LISTS_BOUND


def row_of(found, inode):
    rows = [row for row in found.sockets if row.inode == inode]
    assert len(rows) == 1, rows
    return tuple(getattr(rows[0], field) for field in FIELDS)


@pytest.mark.root
@pytest.mark.parametrize(("trap", "name", "row"), EXPECTED, ids=[f"{trap}-{name}" for trap, name, _ in EXPECTED])
def test_each_trap_is_listed_once_with_its_facts(traps, trap, name, row):
    facts, root, _, _ = traps
    if "missing" in facts[trap] and name not in facts[trap]:
        pytest.skip(facts[trap]["missing"])
    if trap == "bound_only" and not bound_is_listed():
        pytest.skip("this kernel does not list bound sockets")
    assert row_of(root, facts[trap][name]) == row


@pytest.mark.root
@pytest.mark.parametrize(("trap", "name", "row"), EXPECTED, ids=[f"{trap}-{name}" for trap, name, _ in EXPECTED])
def test_nobody_sees_the_same_save_filters(traps, trap, name, row):
    facts, _, nobody, _ = traps
    if "missing" in facts[trap] and name not in facts[trap]:
        pytest.skip(facts[trap]["missing"])
    if trap == "bound_only" and not bound_is_listed():
        pytest.skip("this kernel does not list bound sockets")
    hidden = tuple(flag for flag in row[-1] if flag != "filter")
    assert row_of(nobody, facts[trap][name]) == (*row[:-1], hidden)


@pytest.mark.root
def test_both_members_of_a_reuse_group_are_listed(traps):
    _, root, nobody, text = traps
    for found in (root, nobody, text):
        assert len({row.inode for row in found.sockets if row.port == 5018}) == 2


@pytest.mark.root
def test_what_is_no_opening_or_lives_elsewhere_is_not_listed(traps):
    facts, root, _, _ = traps
    inodes = {row.inode for row in root.sockets}
    assert facts["connected_udp"]["inode"] not in inodes
    assert facts["other_namespace"]["inode"] not in inodes


@pytest.mark.root
def test_sockets_that_no_table_has_are_gaps(traps):
    facts, root, _, _ = traps
    for trap, what in (("vsock", "vsock sockets"), ("express_data_path", "xdp sockets")):
        listed = facts[trap].get("inode") in {row.inode for row in root.sockets}
        assert listed or "missing" in facts[trap] or what in {gap.what for gap in root.gaps}


@pytest.mark.root
def test_nobody_is_told_that_filters_were_hidden(traps):
    _, root, nobody, _ = traps
    assert "filters of packet sockets" not in {gap.what for gap in root.gaps}
    assert "filters of packet sockets" in {gap.what for gap in nobody.gaps}
    assert all(gap.remedy for gap in nobody.gaps)


@pytest.mark.root
def test_cookies_uids_and_cgroups_come_without_privileges(traps):
    facts, _, nobody, _ = traps
    one = next(row for row in nobody.sockets if row.inode == facts["shared"]["inode"])
    assert one.cookie > 0
    assert one.uid == 0
    assert one.cgroup > 0
    assert one.source == "sock_diag"


@pytest.mark.root
def test_text_lists_all_that_text_can(traps):
    facts, root, _, text = traps
    unknown = {facts["bound_only"]["inode"]} | {row.inode for row in root.sockets if row.family == "vsock"}
    assert {row.inode for row in text.sockets} == {row.inode for row in root.sockets} - unknown
    assert {row.source for row in text.sockets} == {"proc"}
    assert all(row.v6only is None and row.cgroup == 0 for row in text.sockets)
    assert "mptcp sockets" in {gap.what for gap in text.gaps}


@pytest.mark.root
def test_every_row_belongs_to_the_namespace_that_was_named(traps):
    _, root, _, _ = traps
    assert len({row.netns for row in root.sockets}) == 1
    assert root.sources[:2] == ("sock_diag tcp", "sock_diag udp")


# -- chosen ports


def chosen_ports():
    keep = [kit.udp(), kit.udp(7001), kit.tcp(), kit.tcp(7002), kit.udp(0, "::", family=socket.AF_INET6)]
    silent = socket.socket()
    silent.listen(1)  # listen() without bind(): the kernel chooses, as rpc.statd does
    keep.append(silent)
    return [kit.inode_of(one) for one in keep], dump(kit.netns_inode())


@pytest.mark.root
def test_ports_that_the_kernel_chose_are_told_from_services():
    kit.needs_root()
    inodes, found = kit.in_namespace(chosen_ports)
    by_inode = {row.inode: row.autobound for row in found.sockets}
    assert [by_inode[inode] for inode in inodes] == [True, False, True, False, True, True]


# -- an empty and a threaded namespace


@pytest.mark.root
def test_an_empty_namespace_is_empty():
    kit.needs_root()
    found = kit.in_namespace(lambda: dump(kit.netns_inode()))
    assert found.sockets == ()


def from_a_thread():
    answers = []

    def thread():
        kit.unshare(kit.CLONE_NEWNET)
        kit.loopback_up()
        one = kit.tcp(7003)
        answers.append((kit.inode_of(one), dump(1), dump_text(1, sockets.HERE)))

    worker = threading.Thread(target=thread)
    worker.start()
    worker.join()
    return answers[0]


@pytest.mark.root
def test_a_thread_in_another_namespace_sees_its_own_tables():
    kit.needs_root()
    inode, found, text = kit.in_namespace(from_a_thread)
    assert [row.inode for row in found.sockets] == [inode]
    assert [row.inode for row in text.sockets] == [inode]


def like_ss():
    """As many rows as ss prints for the same namespace."""
    keep = [kit.tcp(8000 + number, f"127.0.0.{number}") for number in range(1, 60)]
    keep += [kit.udp(8000 + number, f"127.0.0.{number}") for number in range(1, 40)]
    keep.append(kit.tcp(8100, "::1", family=socket.AF_INET6))
    text = subprocess.run(["ss", "-H", "-tuln"], capture_output=True, text=True, check=True).stdout
    return len(keep), len(text.splitlines()), len(dump(1).sockets)


@pytest.mark.root
def test_ss_counts_the_same():
    kit.needs_root()
    if not any(os.access(f"{folder}/ss", os.X_OK) for folder in os.environ.get("PATH", "").split(":")):
        pytest.skip("ss is not installed")
    made, theirs, ours = kit.in_namespace(like_ss)
    assert made == theirs == ours


# -- kernels and sandboxes that refuse


def tree(path, **tables):
    """A folder that looks like /proc/net."""
    for name, text in tables.items():
        file = path / name.replace("__", "/")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return str(path)


HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = (
    "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0\n"
)
NONE = "protocol  size sockets  memory\nTCP 1 {tcp} 0\nUDP 1 0 0\nXDP 1 {xdp} 0\nMPTCP 1 {mptcp} 0\nMPTCPv6 1 0 0\n"
QUIET = "PACKET 1 0 0\nRAW 1 0 0\nRAWv6 1 0 0\nUDP-Lite 1 0 0\nUDPLITEv6 1 0 0\n"


def counts(tcp=0, xdp=0, mptcp=0, extra=""):
    return NONE.format(tcp=tcp, xdp=xdp, mptcp=mptcp) + QUIET + extra


def no_netlink():
    raise CannotLook("no netlink socket of protocol 4: Protocol not supported")


def test_without_netlink_the_text_answers(tmp_path):
    root = tree(tmp_path, tcp=HEAD + ROW, udp=HEAD, protocols=counts(tcp=1))
    found = dump(9, root, no_netlink)
    assert [(row.port, row.source) for row in found.sockets] == [(80, "proc")]
    assert found.sources == ("proc tcp", "proc udp")
    assert found.gaps == ()


def test_without_netlink_and_text_all_are_gaps(tmp_path):
    found = dump(9, str(tmp_path), no_netlink)
    assert not found.sockets
    assert not found.sources
    assert {gap.what for gap in found.gaps} == {f"{family.word} sockets" for family in sockets.FAMILIES}
    assert all("Protocol not supported" in gap.why and gap.remedy for gap in found.gaps)


def test_a_table_that_was_cut_short_is_a_gap_and_no_half_answer(tmp_path):
    root = tree(tmp_path, tcp=HEAD + ROW + ROW[:60], udp=HEAD, protocols=counts(tcp=2))
    found = dump(9, root, no_netlink)
    assert found.sockets == ()
    assert [gap.what for gap in found.gaps] == ["tcp sockets"]
    assert "cut short" in found.gaps[0].why


def test_an_unreadable_table_is_a_gap(tmp_path):
    root = tree(tmp_path, udp=HEAD, protocols=counts())
    (tmp_path / "tcp").mkdir()
    found = dump(9, root, no_netlink)
    assert [gap.what for gap in found.gaps] == ["tcp sockets"]
    assert "Is a directory" in found.gaps[0].why


def test_a_refused_family_falls_back_alone(tmp_path):
    root = tree(tmp_path, tcp=HEAD + ROW, udp=HEAD, protocols=counts(tcp=1, extra="AF_VSOCK 1 0 0\n"))
    kernel = FakeKernel([done(errno.ENOENT)], *[[done()]] * 2, *[[done(errno.ENOENT)]] * 2, [done()])  # sctp, dccp
    found = dump(9, root, kernel.conversation)
    assert found.sources == ("proc tcp", "sock_diag udp", "sock_diag vsock")
    assert [row.port for row in found.sockets] == [80]
    assert found.gaps == ()


def test_a_kernel_that_always_truncates_falls_back_too(tmp_path):
    root = tree(tmp_path, tcp=HEAD + ROW, udp=HEAD, protocols=counts(tcp=1))
    kernel = FakeKernel(*[[listener(81)[:-4]]] * 100)
    found = dump(9, root, kernel.conversation)
    assert [(row.port, row.source) for row in found.sockets] == [(80, "proc")]
    assert "sock_diag tcp" not in found.sources


def test_a_dump_that_is_always_disturbed_falls_back_too(tmp_path):
    root = tree(tmp_path, tcp=HEAD + ROW, udp=HEAD, protocols=counts(tcp=1))
    kernel = FakeKernel(*[[message(20, bytes(72), flags=0x12), done()]] * 100)
    assert [row.source for row in dump(9, root, kernel.conversation).sockets] == ["proc"]


def test_counted_protocols_that_have_no_socket_are_not_asked_for(tmp_path):
    root = tree(tmp_path, protocols=counts() + "SCTP 1 0 0\nSCTPv6 1 0 0\nDCCP 1 0 0\nDCCPv6 1 0 0\n")
    kernel = FakeKernel(*[[done()]] * 100)
    found = dump(9, root, kernel.conversation)
    assert found.sources == ("sock_diag tcp", "sock_diag udp", "sock_diag vsock")


def test_protocols_that_the_kernel_lacks_are_no_gaps(tmp_path):
    root = tree(tmp_path, tcp=HEAD, udp=HEAD, protocols=counts())
    kernel = FakeKernel(*[[done(errno.ENOENT)]] * 100)
    assert dump(9, root, kernel.conversation).gaps == ()


def test_counted_sockets_that_nobody_lists_are_gaps(tmp_path):
    root = tree(tmp_path, tcp=HEAD, udp=HEAD, protocols=counts(xdp=1, extra="AF_VSOCK 1 0 0\n"))
    kernel = FakeKernel(*[[done(errno.ENOENT)]] * 100)
    gaps = dump(9, root, kernel.conversation).gaps
    assert [gap.what for gap in gaps] == ["xdp sockets", "vsock sockets"]
    assert all("no diagnosis module" in gap.why for gap in gaps)


def test_another_refusal_is_told_in_words(tmp_path):
    root = tree(tmp_path, tcp=HEAD, udp=HEAD, protocols=counts(xdp=1))
    kernel = FakeKernel(*[[done(errno.EPERM)]] * 100)
    (gap,) = dump(9, root, kernel.conversation).gaps
    assert "Operation not permitted" in gap.why


def test_without_ipv6_there_is_one_table_of_each_pair(tmp_path):
    root = tree(tmp_path, tcp=HEAD + ROW, udp=HEAD, udp6=HEAD, protocols=counts(tcp=1))
    assert len(dump_text(9, root).sockets) == 1


def test_sctp_from_text(tmp_path):
    eps = " ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS\n0 0 2 10 29 38412 0 4712 0.0.0.0 \n"
    root = tree(tmp_path, tcp=HEAD, udp=HEAD, sctp__eps=eps, protocols=counts(extra="SCTP 1 1 0\nSCTPv6 1 0 0\n"))
    found = dump_text(9, root)
    assert [(row.transport, row.port) for row in found.sockets] == [("sctp", 38412)]
    assert "proc sctp" in found.sources


# -- MPTCP


def plain(inode, port=5008, transport="tcp"):
    return Socket(transport, "ipv4", ANY, port, "listen", inode, 9, protocol=6)


def test_a_multipath_listener_is_one_row():
    merged = sockets._merged([plain(1), plain(2, 80), plain(3, transport="udp")], [plain(1), plain(3)])
    assert [(row.inode, row.transport, row.flags) for row in merged] == [
        (1, "tcp", ("mptcp",)),
        (2, "tcp", ()),
        (3, "udp", ()),
        (3, "tcp", ("mptcp",)),
    ]


def test_a_multipath_listener_without_port_adds_nothing():
    assert sockets._merged([plain(1)], [plain(2, 0)]) == [plain(1)]


# -- size


def many(number):
    kit.raise_descriptor_limit()
    keep = [kit.tcp(10000 + one % 20000, f"127.0.0.{1 + one // 20000}") for one in range(number)]
    found = dump(1)
    return len(keep), len(found.sockets), len({row.inode for row in found.sockets})


@pytest.mark.root
@pytest.mark.slow
def test_five_thousand_listeners_are_all_there():
    kit.needs_root()
    assert kit.in_namespace(many, 5000) == (5000, 5000, 5000)

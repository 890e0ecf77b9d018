"""Which part of the kernel listens: named only with proof, from real devices and from scripted answers."""

from __future__ import annotations

import errno
import os
from struct import Struct

import pytest
from tests.kit import sockets as kit
from tests.kit.netlink import FakeKernel, done, message, refusal

from hb_engine.inventory.linux import interfaces, kernel_files, kernel_services, namespaces, sockets
from hb_engine.inventory.linux.kernel_services import Facts, explain, gather, proof
from hb_engine.model.opening import Unowned
from hb_engine.wire import netlink
from hb_engine.wire.netlink import attribute
from hb_engine.wire.rtnetlink import Link
from hb_engine.wire.socket_row import Socket

U16, U32 = Struct("=H"), Struct("=I")


def udp(port):
    return Socket("udp", "ipv4", bytes(4), port, "unconnected", 1, 9)


def families(*names):
    rows = [attribute(1, U16.pack(40 + at)) + attribute(2, name.encode() + b"\0") for at, name in enumerate(names)]
    return [b"".join(message(16, bytes(4) + row) for row in rows) + done()]


def facts(tmp_path, links=(), generic=None, ipsec=None):
    generic = generic or FakeKernel(families())
    return gather(
        links, str(tmp_path), lambda: generic.conversation(netlink.GENERIC), lambda: ipsec.conversation(netlink.XFRM)
    )


# -- links


@pytest.mark.parametrize(
    ("kind", "port", "what"),
    [("vxlan", 4789, "VXLAN tunnel"), ("geneve", 6081, "GENEVE tunnel"), ("bareudp", 6635, "bare UDP tunnel")],
)
def test_tunnels_are_named_by_their_device(tmp_path, kind, port, what):
    found = facts(tmp_path, [Link(3, "t0", kind, ports=(port,))])
    assert explain(udp(port), found) == Unowned("kernel", what)
    assert proof(udp(port), found) == f"device t0 of kind {kind}"


def test_the_number_alone_names_nothing(tmp_path):
    found = facts(tmp_path, [Link(3, "t0", "vxlan", ports=(8472,))])
    for port in (4789, 6081, 51820, 4500, 2049):
        assert explain(udp(port), found) is None
        assert proof(udp(port), found) == ""


def test_the_transport_must_fit(tmp_path):
    found = facts(tmp_path, [Link(3, "t0", "vxlan", ports=(4789,))])
    assert explain(Socket("tcp", "ipv4", bytes(4), 4789, "listen", 1, 9), found) is None


def test_the_words_do_not_change_with_the_devices_name(tmp_path):
    """They enter keys, and overlay networks name their devices anew each time."""
    answers = {
        explain(udp(4789), facts(tmp_path, [Link(number, name, "vxlan", ports=(4789,))]))
        for number, name in ((3, "vx-001001-abcde"), (9, "flannel.1"))
    }
    assert answers == {Unowned("kernel", "VXLAN tunnel")}


def test_a_device_that_was_moved_explains_the_socket_it_left_behind(tmp_path):
    moved = facts(tmp_path, [Link(3, "t0", "vxlan", peer_netns=0, ports=(4789,))])
    assert explain(udp(4789), moved) is None  # its socket is not in the namespace where the device is now
    assert explain(udp(4789), Facts(), [moved]) == Unowned("kernel", "VXLAN tunnel")
    stayed = facts(tmp_path, [Link(3, "t0", "vxlan", ports=(4789,))])
    assert explain(udp(4789), Facts(), [stayed]) is None


# -- generic netlink and IPsec, scripted


def test_wireguard_is_asked_device_by_device(tmp_path):
    answer = message(40, bytes(4) + attribute(3, bytes(32)) + attribute(6, U16.pack(51820)))
    kernel = FakeKernel(families("wireguard"), [answer + done()])
    found = facts(tmp_path, [Link(7, "wg0", "wireguard"), Link(8, "eth0")], kernel)
    assert explain(udp(51820), found) == Unowned("kernel", "WireGuard")
    assert len(kernel.questions) == 2
    assert kernel.questions[1].endswith(attribute(1, U32.pack(7)))


def test_openvpn_peers_share_a_port(tmp_path):
    peer = attribute(2, attribute(12, (1194).to_bytes(2, "big")))
    kernel = FakeKernel(families("ovpn"), [message(40, bytes(4) + peer) + message(40, bytes(4) + peer) + done()])
    found = facts(tmp_path, [Link(7, "tun0", "ovpn")], kernel)
    assert explain(udp(1194), found) == Unowned("kernel", "OpenVPN data channel")
    assert len(found.claims) == 1


def test_fou_l2tp_and_multipath(tmp_path):
    kernel = FakeKernel(
        families("fou", "l2tp", "mptcp_pm"),
        [message(40, bytes(4) + attribute(1, (5555).to_bytes(2, "big")) + attribute(4, b"\2")) + done()],
        [message(41, bytes(4) + attribute(2, U16.pack(0)) + attribute(26, U16.pack(1701))) + done()],
        [message(42, bytes(4) + attribute(1, attribute(5, U16.pack(5678)))) + done()],
    )
    found = facts(tmp_path, (), kernel)
    assert [(claim.transport, claim.port, claim.what) for claim in found.claims] == [
        ("udp", 5555, "GUE tunnel"),
        ("udp", 1701, "L2TP tunnel"),
        ("tcp", 5678, "MPTCP path manager"),
    ]


def test_a_family_that_refuses_is_a_gap_and_the_others_go_on(tmp_path):
    kernel = FakeKernel(
        families("wireguard", "fou"),
        [refusal(errno.EPERM)],
        [message(41, bytes(4) + attribute(1, (5555).to_bytes(2, "big"))) + done()],
    )
    found = facts(tmp_path, [Link(7, "wg0", "wireguard")], kernel)
    assert [gap.what for gap in found.gaps] == ["ports of wireguard in the kernel"]
    assert [claim.port for claim in found.claims] == [5555]


def test_no_generic_netlink_is_a_gap(tmp_path):
    found = facts(tmp_path, [Link(3, "t0", "vxlan", ports=(4789,))], FakeKernel([refusal(errno.EPERM)]))
    assert [gap.remedy for gap in found.gaps] == ["run as root"]
    assert len(found.claims) == 1


def test_ipsec_is_asked_where_it_is_there(tmp_path):
    folder = tmp_path / "proc/net"
    folder.mkdir(parents=True)
    (folder / "xfrm_stat").write_text("")
    template = U16.pack(2) + (4500).to_bytes(2, "big") * 2 + bytes(18)
    kernel = FakeKernel([message(16, bytes(224) + attribute(4, template)) + done()])
    found = facts(tmp_path, ipsec=kernel)
    assert explain(udp(4500), found) == Unowned("kernel", "IPsec (ESP in UDP)")
    assert len(found.claims) == 1
    refused = facts(tmp_path, ipsec=FakeKernel([refusal(errno.EPERM)]))
    assert [gap.what for gap in refused.gaps] == ["IPsec's encapsulation ports"]


def test_files_count_too(tmp_path):
    folder = tmp_path / "proc/fs/nfsd"
    folder.mkdir(parents=True)
    (folder / "portlist").write_text("udp 2049\n")
    assert explain(udp(2049), facts(tmp_path)) == Unowned("kernel", "NFS server")


# -- this kernel


def tunnel():
    kit.ip("link", "add", "vx0", "type", "vxlan", "id", "3", "dstport", "8472")
    kit.ip("link", "set", "vx0", "up")
    held = kit.udp(9000)
    found = gather(interfaces.links())
    rows = [row for row in sockets.dump(1).sockets if row.transport == "udp"]
    return {(row.port, row.family): explain(row, found) for row in rows}, bool(held), found


@pytest.mark.root
def test_a_real_vxlan_device_is_named_and_a_process_is_not():
    kit.needs_root()
    words, _, found = kit.in_namespace(tunnel)
    assert words[8472, "ipv4"] == Unowned("kernel", "VXLAN tunnel")
    assert words[9000, "ipv4"] is None
    assert found.gaps == ()


def moved_tunnel():
    with kit.Lab() as lab:
        holder = lab.start(kit.idle_namespace)
        kit.ip("link", "add", "vx0", "type", "vxlan", "id", "3", "dstport", "8472")
        kit.ip("link", "set", "vx0", "netns", str(holder.pid))
        away = namespaces.open_seat(namespaces.Seat(holder.pid, holder.pid))
        with namespaces.entered(away):
            kit.ip("link", "set", "vx0", "up")
            other = gather(interfaces.links())
        here = gather(interfaces.links())
        rows = [row for row in sockets.dump(1).sockets if row.port == 8472]
        os.close(away)
    return [(explain(row, here), explain(row, here, [other])) for row in rows]


@pytest.mark.root
def test_a_real_vxlan_device_that_was_moved():
    kit.needs_root()
    answers = kit.in_namespace(moved_tunnel)
    assert answers
    assert set(answers) == {(None, Unowned("kernel", "VXLAN tunnel"))}


def path_manager():
    kit.ip("mptcp", "endpoint", "add", "127.0.0.1", "port", "5678", "signal")
    found = gather(interfaces.links())
    return [(row.port, explain(row, found)) for row in sockets.dump(1).sockets]


@pytest.mark.root
def test_a_real_listener_of_the_path_manager():
    kit.needs_root()
    assert (5678, Unowned("kernel", "MPTCP path manager")) in kit.in_namespace(path_manager)


@pytest.mark.root
def test_nobody_gets_facts_or_gaps():
    kit.needs_root()
    found = kit.in_namespace(lambda: kit.as_nobody(lambda: gather([Link(7, "wg0", "wireguard")])))
    assert all(gap.what and gap.why and gap.remedy for gap in found.gaps)


def test_a_claim_is_elsewhere_only_if_said():
    assert not kernel_files.Claim("udp", 1, "what", "proof").elsewhere
    assert kernel_services.explain(udp(1), Facts()) is None

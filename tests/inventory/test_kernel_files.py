"""Servers inside the kernel, by their files: recorded trees, half trees and nonsense."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import kernel_files
from hb_engine.inventory.linux.kernel_files import Claim
from hb_engine.wire.socket_row import Socket

CONFIG = "sys/kernel/config"


@pytest.fixture
def tree(tmp_path):
    """Write files below a root: tree({path: text}) returns the root; a path that ends in / is a folder."""

    def write(files):
        for path, text in files.items():
            place = tmp_path / path
            if path.endswith("/"):
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(tmp_path)

    return write


def ports(claims):
    return [(claim.transport, claim.port, claim.what) for claim in claims]


def live(*modules):
    return {f"sys/module/{module}/initstate": "live\n" for module in modules}


def test_an_empty_tree_claims_nothing(tmp_path):
    assert kernel_files.claims(str(tmp_path)) == []


def test_nfsd(tree):
    root = tree({"proc/fs/nfsd/portlist": "tcp 2049\nudp 2049\nrdma 20049\nnonsense\ntcp x\n"})
    assert ports(kernel_files.nfsd(root)) == [("tcp", 2049, "NFS server"), ("udp", 2049, "NFS server")]


def test_lockd_only_where_its_ports_are_fixed(tree):
    root = tree({"proc/sys/fs/nfs/nlm_tcpport": "32803\n", "proc/sys/fs/nfs/nlm_udpport": "0\n"})
    assert ports(kernel_files.lockd(root)) == [("tcp", 32803, "NFS lock manager")]


def test_nfs_callback(tree):
    root = tree({"sys/module/nfs/parameters/callback_tcpport": "32764\n"})
    assert ports(kernel_files.nfs_callback(root)) == [("tcp", 32764, "NFS client callback")]


def test_iscsi_portals(tree):
    np = f"{CONFIG}/target/iscsi/iqn.2003-01.org.linux-iscsi.box:disk/tpgt_1/np"
    root = tree({f"{np}/0.0.0.0:3260/": "", f"{np}/[::]:3261/": "", f"{CONFIG}/target/iscsi/discovery_auth/x": ""})
    assert ports(kernel_files.iscsi(root)) == [("tcp", 3260, "iSCSI target"), ("tcp", 3261, "iSCSI target")]


def test_nvme_needs_a_subsystem_and_tcp(tree):
    base = f"{CONFIG}/nvmet/ports"
    files: dict[str, str] = {}
    for number, kind, port in ((1, "tcp", "4420"), (2, "rdma", "4421"), (3, "tcp", "4422")):
        files |= {f"{base}/{number}/addr_trtype": f"{kind}\n", f"{base}/{number}/addr_trsvcid": f"{port}\n"}
    files |= {f"{base}/1/subsystems/disk/": "", f"{base}/2/subsystems/disk/": ""}
    assert ports(kernel_files.nvme(tree(files))) == [("tcp", 4420, "NVMe target")]


def test_ksmbd_with_and_without_a_port_of_its_own(tree):
    root = tree(live("ksmbd"))
    assert ports(kernel_files.ksmbd(root)) == [("tcp", 445, "SMB server (ksmbd)")]
    tree({"etc/ksmbd/ksmbd.conf": "[global]\n\tTCP port = 4450\n"})
    assert ports(kernel_files.ksmbd(root)) == [("tcp", 4450, "SMB server (ksmbd)")]


def test_a_configuration_without_its_module_proves_nothing(tree):
    root = tree({"etc/ksmbd/ksmbd.conf": "tcp port = 445\n", "etc/drbd.d/r0.res": "address 10.0.0.1:7789;\n"})
    assert kernel_files.claims(root) == []


RESOURCE = """resource r0 {
  on alpha { device /dev/drbd0;
    address   10.0.0.1:7789;
  }
  on beta {
    address ipv6 [fd00::2]:7790;
    meta-disk internal;
  }
  connection {
    host alpha address 10.0.0.1:7791;
  }
}
"""


def test_drbd(tree):
    root = tree({"proc/drbd": "version: 8.4", "etc/drbd.d/r0.res": RESOURCE, "etc/drbd.d/global_common.conf": "x"})
    assert [claim.port for claim in kernel_files.drbd(root)] == [7789, 7790, 7791]


def test_ocfs2_of_the_local_node(tree):
    base = f"{CONFIG}/cluster/web/node"
    root = tree(
        {
            f"{base}/a/local": "1\n", f"{base}/a/ipv4_port": "7777\n",
            f"{base}/b/local": "0\n", f"{base}/b/ipv4_port": "7778\n",
        }
    )  # fmt: skip
    assert ports(kernel_files.ocfs2(root)) == [("tcp", 7777, "OCFS2 cluster")]


def test_dlm_once_it_has_members(tree):
    base = f"{CONFIG}/dlm/cluster"
    root = tree({f"{base}/tcp_port": "21064\n", f"{base}/protocol": "0\n", f"{base}/comms/": ""})
    assert kernel_files.dlm(root) == []
    tree({f"{base}/comms/1/": ""})
    assert ports(kernel_files.dlm(root)) == [("tcp", 21064, "DLM")]
    tree({f"{base}/protocol": "1\n"})
    assert ports(kernel_files.dlm(root)) == [("sctp", 21064, "DLM")]


def test_sctp_over_udp(tree):
    assert ports(kernel_files.sctp_over_udp(tree({"proc/sys/net/sctp/udp_port": "9899\n"}))) == [
        ("udp", 9899, "SCTP over UDP")
    ]
    assert kernel_files.sctp_over_udp(tree({"proc/sys/net/sctp/udp_port": "0\n"})) == []


def test_rxrpc(tree):
    text = "Proto Local\nUDP   0.0.0.0:7001  1 0\nUDP6  [::]:7002 1\nUNKNOWN x\n"
    assert [claim.port for claim in kernel_files.rxrpc(tree({"proc/net/rxrpc/locals": text}))] == [7001, 7002]


def test_modules_with_one_port_must_be_live(tree):
    root = tree(
        live("rdma_rxe", "ip_vs") | {"sys/module/rds_tcp/initstate": "going\n", "sys/module/tipc/parameters/x": "1"}
    )
    assert ports(kernel_files.claims(root)) == [
        ("udp", 8848, "IPVS synchronisation"),
        ("udp", 4791, "RDMA over Ethernet (soft RoCE)"),
    ]


def test_a_claim_fits_one_transport_and_port():
    claim = Claim("tcp", 445, "SMB", "proof")
    assert claim.fits(Socket("tcp", "ipv4", bytes(4), 445, "listen", 1, 1))
    assert not claim.fits(Socket("udp", "ipv4", bytes(4), 445, "unconnected", 1, 1))
    assert not claim.fits(Socket("tcp", "ipv4", bytes(4), 446, "listen", 1, 1))


@pytest.mark.parametrize("text", ["0", "65536", "-1", "x", "", "99999999999999999999", "\u0663", "80x"])
def test_what_is_no_port(text):
    assert kernel_files._ports(text) == []


def test_a_pipe_in_place_of_a_file_does_not_hang(tmp_path):
    folder = tmp_path / "proc/fs/nfsd"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "portlist")
    assert kernel_files.nfsd(str(tmp_path)) == []


PATHS = {
    "nfsd": "proc/fs/nfsd/portlist",
    "lockd": "proc/sys/fs/nfs/nlm_tcpport",
    "rxrpc": "proc/net/rxrpc/locals",
    "drbd": "etc/drbd.d/r0.res",
    "ksmbd": "etc/ksmbd/ksmbd.conf",
}


@given(source=st.sampled_from(sorted(PATHS)), data=st.binary(max_size=200))
def test_any_bytes_in_a_file_claim_ports_or_nothing(tmp_path_factory, source, data):
    root = tmp_path_factory.mktemp("root")
    for path, content in {
        PATHS[source]: data,
        **{key: value.encode() for key, value in live("drbd", "ksmbd").items()},
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    assert all(0 < claim.port < 65536 for claim in getattr(kernel_files, source)(str(root)))

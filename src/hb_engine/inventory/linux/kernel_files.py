"""What files say of servers inside the kernel: NFS, iSCSI, NVMe, SMB, cluster stacks, AFS, IPVS and others.

Each source reads a few small files below a root and returns claims; one that is absent or unreadable claims nothing,
because an unnamed socket is a finding and a wrongly named one is a hiding place. A module counts as loaded only when
it says that it is live: built-in code has a folder in /sys/module whether it is used or not. Configuration files are
evidence of a port only beside a loaded module.

Sources: nfsd(7); Documentation/target, Documentation/filesystems/dlmfs.rst; fs/dlm/config.c; fs/ocfs2/cluster;
drivers/nvme/target/configfs.c; net/rxrpc/proc.c; net/netfilter/ipvs/ip_vs_sync.c; net/rds/tcp.h; net/tipc/udp_media.c.
"""

from __future__ import annotations

import os

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.socket_row import Socket

_LIMIT = 1 << 16
_CONFIG = "/sys/kernel/config"
# Modules that open one fixed port, and need no further file to prove it: transport, port, module, words.
_FIXED = (
    ("udp", 4791, "rdma_rxe", "RDMA over Ethernet (soft RoCE)"),
    ("tcp", 16385, "rds_tcp", "RDS over TCP"),
    ("udp", 6118, "tipc", "TIPC over UDP"),
    ("tcp", 988, "ksocklnd", "Lustre network"),
)


@record
class Claim:
    """A port that a fact names: the service in stable words, and the proof. `elsewhere`: in another namespace."""

    transport: str
    port: int
    what: str
    proof: str
    elsewhere: bool = False

    def fits(self, socket: Socket) -> bool:
        """Whether a socket has this transport and port."""
        return socket.transport == self.transport and socket.port == self.port


def claims(root: str = "") -> list[Claim]:
    """All claims of files below `root`. Nothing is raised."""
    return [claim for source in SOURCES for claim in source(root)]


def exists(root: str, path: str) -> bool:
    """Whether there is something at a path below the root."""
    return os.path.lexists(f"{root}{path}")


def nfsd(root: str) -> list[Claim]:
    """/proc/fs/nfsd/portlist: lines such as `tcp 2049` (rdma is no socket)."""
    found = []
    for line in _lines(root, "/proc/fs/nfsd/portlist"):
        transport, _, port = line.partition(" ")
        if transport in ("tcp", "udp") and port.strip().isdigit():
            found.append(Claim(transport, int(port), "NFS server", "/proc/fs/nfsd/portlist"))
    return found


def lockd(root: str) -> list[Claim]:
    """The NFS lock manager's fixed ports; 0 means that the kernel chose, and then nothing tells which."""
    found = []
    for transport in ("tcp", "udp"):
        path = f"/proc/sys/fs/nfs/nlm_{transport}port"
        found += [Claim(transport, port, "NFS lock manager", path) for port in _ports(_read(root, path))]
    return found


def nfs_callback(root: str) -> list[Claim]:
    """The NFSv4.0 client's callback port, where it is fixed."""
    path = "/sys/module/nfs/parameters/callback_tcpport"
    return [Claim("tcp", port, "NFS client callback", path) for port in _ports(_read(root, path))]


def iscsi(root: str) -> list[Claim]:
    """LIO's portals: /sys/kernel/config/target/iscsi/IQN/tpgt_N/np/ADDRESS:PORT."""
    found = []
    base = f"{_CONFIG}/target/iscsi"
    for name in _entries(root, base):
        for group in _entries(root, f"{base}/{name}"):
            for portal in _entries(root, f"{base}/{name}/{group}/np"):
                ports = _ports(portal.rpartition(":")[2])
                found += [Claim("tcp", port, "iSCSI target", f"portal {portal} in {base}") for port in ports]
    return found


def nvme(root: str) -> list[Claim]:
    """NVMe over TCP: /sys/kernel/config/nvmet/ports/N/addr_*. A port without subsystems does not listen."""
    found = []
    base = f"{_CONFIG}/nvmet/ports"
    for number in _entries(root, base):
        folder = f"{base}/{number}"
        if _read(root, f"{folder}/addr_trtype") == "tcp" and _entries(root, f"{folder}/subsystems"):
            ports = _ports(_read(root, f"{folder}/addr_trsvcid"))
            found += [Claim("tcp", port, "NVMe target", folder) for port in ports]
    return found


def ksmbd(root: str) -> list[Claim]:
    """The SMB server: its module, and the port of its configuration (445 unless `tcp port` says otherwise)."""
    if not _live(root, "ksmbd"):
        return []
    port = 445
    for line in _lines(root, "/etc/ksmbd/ksmbd.conf"):
        name, _, value = line.partition("=")
        if name.strip().lower() == "tcp port" and _ports(value):
            port = _ports(value)[0]
    return [Claim("tcp", port, "SMB server (ksmbd)", "module ksmbd is loaded")]


def drbd(root: str) -> list[Claim]:
    """DRBD's replication ports: addresses in /etc/drbd.d/*.res, beside the loaded module."""
    if not _live(root, "drbd") and not exists(root, "/proc/drbd"):
        return []
    found = []
    for name in _entries(root, "/etc/drbd.d"):
        if not name.endswith(".res"):
            continue
        for line in _lines(root, f"/etc/drbd.d/{name}"):
            words = line.rstrip("; {").split()
            if words and words[0] in ("address", "host") and ":" in words[-1]:
                ports = _ports(words[-1].rpartition(":")[2])
                found += [Claim("tcp", port, "DRBD", f"/etc/drbd.d/{name}") for port in ports]
    return found


def ocfs2(root: str) -> list[Claim]:
    """The cluster file system's node port: /sys/kernel/config/cluster/NAME/node/NODE, of the local node."""
    found = []
    for name in _entries(root, f"{_CONFIG}/cluster"):
        base = f"{_CONFIG}/cluster/{name}/node"
        for node in _entries(root, base):
            if _read(root, f"{base}/{node}/local") == "1":
                ports = _ports(_read(root, f"{base}/{node}/ipv4_port"))
                found += [Claim("tcp", port, "OCFS2 cluster", f"{base}/{node}") for port in ports]
    return found


def dlm(root: str) -> list[Claim]:
    """The distributed lock manager, once its cluster is set up: tcp_port (21064), over TCP or SCTP (protocol 1)."""
    base = f"{_CONFIG}/dlm/cluster"
    if not _entries(root, f"{base}/comms"):
        return []
    transport = "sctp" if _read(root, f"{base}/protocol") in ("1", "sctp") else "tcp"
    return [Claim(transport, port, "DLM", base) for port in _ports(_read(root, f"{base}/tcp_port"))]


def sctp_over_udp(root: str) -> list[Claim]:
    """RFC 6951: net.sctp.udp_port, 0 when off."""
    path = "/proc/sys/net/sctp/udp_port"
    return [Claim("udp", port, "SCTP over UDP", path) for port in _ports(_read(root, path))]


def ipvs(root: str) -> list[Claim]:
    """The load balancer's state synchronisation, while IPVS is there: 8848, unless set otherwise (unknown here)."""
    if not _live(root, "ip_vs"):
        return []
    return [Claim("udp", 8848, "IPVS synchronisation", "module ip_vs is loaded")]


def rxrpc(root: str) -> list[Claim]:
    """AF_RXRPC's local endpoints: /proc/net/rxrpc/locals, rows `UDP   0.0.0.0:7001 ...`."""
    found = []
    for line in _lines(root, "/proc/net/rxrpc/locals")[1:]:
        words = line.split()
        if len(words) > 1 and words[0].startswith("UDP"):
            ports = _ports(words[1].rpartition(":")[2])
            found += [Claim("udp", port, "RxRPC (AFS)", "/proc/net/rxrpc/locals") for port in ports]
    return found


def fixed(root: str) -> list[Claim]:
    """Loaded modules that open one port."""
    return [
        Claim(transport, port, what, f"module {module} is loaded")
        for transport, port, module, what in _FIXED
        if _live(root, module)
    ]


SOURCES = (
    nfsd, lockd, nfs_callback, iscsi, nvme, ksmbd, drbd, ocfs2, dlm, sctp_over_udp, ipvs, rxrpc, fixed,
)  # fmt: skip


def _live(root: str, module: str) -> bool:
    """Whether a loadable module is loaded and ready; built-in code has no such file."""
    return _read(root, f"/sys/module/{module}/initstate") == "live"


def _read(root: str, path: str) -> str:
    """A small file's text without surrounding blanks; "" where it cannot be read."""
    try:
        fd = os.open(f"{root}{path}", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        return os.read(fd, _LIMIT).decode("utf-8", "surrogateescape").strip()
    except OSError:
        return ""
    finally:
        os.close(fd)


def _lines(root: str, path: str) -> list[str]:
    return [line.strip() for line in _read(root, path).splitlines()]


def _entries(root: str, path: str) -> list[str]:
    try:
        return sorted(os.listdir(f"{root}{path}"))
    except OSError:
        return []


def _ports(text: str) -> list[int]:
    """A port as a list of one; empty for 0 (off, or chosen) and for anything that is no port."""
    digits = text.strip()
    return [int(digits)] if digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 65536 else []

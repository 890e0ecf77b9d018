"""What ss, lsof, netstat and psutil trip over: one maker for each trap, to be started in a tests.kit.sockets.Lab.

Each takes `ready` and `wait`: it makes its socket, tells what it made (port, inode, and the descriptor where one holds
it), and blocks. Where this kernel lacks a family, `missing` says so. TRAPS lists them all.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import socket
import struct
import threading

from tests.kit.sockets import CLONE_FILES, CLONE_NEWNET, inode_of, libc, netns_inode, packet, tcp, udp, unshare

IPPROTO_MPTCP, IPPROTO_UDPLITE = 262, 136
AF_XDP = 44
SYS_IO_URING_SETUP, SYS_IO_URING_REGISTER = 425, 427  # the same on all machines
SYS_EXIT = 60 if platform.machine() == "x86_64" else 93  # 93: asm-generic
KNOCK = ((0x28, 0, 0, 12), (0x15, 0, 3, 0x0800), (0x28, 0, 0, 36), (0x15, 0, 1, 8080), (6, 0, 0, 65535), (6, 0, 0, 0))


def in_flight(ready, wait):
    """A listener that sits in a unix socket's queue, held by no descriptor."""
    left, right = socket.socketpair()
    one = tcp(5001)
    inode = inode_of(one)
    socket.send_fds(left, [b"x"], [one.fileno()])
    one.close()
    ready(port=5001, inode=inode, queue=inode_of(right))
    wait()


def io_uring(ready, wait):
    """A listener registered with an io_uring whose descriptor was closed."""
    one = tcp(5002)
    inode = inode_of(one)
    ring = libc.syscall(SYS_IO_URING_SETUP, 8, ctypes.create_string_buffer(120))
    if ring < 0:
        ready(port=5002, inode=inode, missing="io_uring is switched off")
        wait()
        return
    result = libc.syscall(SYS_IO_URING_REGISTER, ring, 2, (ctypes.c_int * 1)(one.fileno()), 1)
    assert result == 0
    one.close()
    ready(port=5002, inode=inode, ring=ring)
    wait()


def private_table(ready, wait):
    """A listener in a thread that has a descriptor table of its own."""

    def thread():
        libc.unshare(CLONE_FILES)
        one = tcp(5003)
        ready(port=5003, inode=inode_of(one), tid=threading.get_native_id(), fd=one.fileno())
        wait()

    worker = threading.Thread(target=thread)
    worker.start()
    worker.join()


def dead_leader(ready, wait):
    """A listener whose process lives on in a thread after its first thread has exited."""
    one = tcp(5004)
    main = os.getpid()

    def thread():
        while _state(main) != "Z":
            os.sched_yield()
        ready(port=5004, inode=inode_of(one), tid=threading.get_native_id(), fd=one.fileno())
        wait()
        os._exit(0)

    threading.Thread(target=thread, daemon=True).start()
    libc.syscall(SYS_EXIT, 0)


def _state(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0]


def mapped_ring(ready, wait):
    """A packet socket whose ring is mapped and whose descriptors are closed."""
    one = packet()
    inode = inode_of(one)
    one.setsockopt(263, 5, struct.pack("IIII", 16384, 1, 2048, 8))  # SOL_PACKET, PACKET_RX_RING
    ring = mmap.mmap(one.fileno(), 16384, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
    one.close()
    for name in os.listdir("/proc/self/fd"):  # Python's mmap keeps a duplicate
        if os.path.exists(f"/proc/self/fd/{name}") and os.readlink(f"/proc/self/fd/{name}") == f"socket:[{inode}]":
            os.close(int(name))
    ready(inode=inode)
    wait()
    assert ring


def other_namespace(ready, wait):
    """A listener that was opened in another network namespace, to which its holder did not move."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    unshare(CLONE_NEWNET)
    one = tcp(5006)
    netns = netns_inode()
    assert libc.setns(home, CLONE_NEWNET) == 0
    os.close(home)
    ready(port=5006, inode=inode_of(one), netns=netns, fd=one.fileno())
    wait()


def bound_only(ready, wait):
    """A TCP socket that is bound and does not listen."""
    one = tcp(5007, listen=False)
    ready(port=5007, inode=inode_of(one), fd=one.fileno())
    wait()


def multipath(ready, wait):
    """An MPTCP listener."""
    one = tcp(5008, protocol=IPPROTO_MPTCP)
    ready(port=5008, inode=inode_of(one), fd=one.fileno())
    wait()


def shared(ready, wait):
    """A listener that three processes hold."""
    one = tcp(5009)
    children = []
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            wait()
            os._exit(0)
        children.append(pid)
    ready(port=5009, inode=inode_of(one), children=children)
    wait()
    for pid in children:
        os.waitpid(pid, 0)


def dual_stack(ready, wait):
    """[::] twice: once for both families, once for IPv6 only."""
    both = tcp(5010, "::", family=socket.AF_INET6, v6only=0)
    only = tcp(5011, "::", family=socket.AF_INET6, v6only=1)
    ready(inode=inode_of(both), only=inode_of(only))
    wait()


def plain_udp(ready, wait):
    """A UDP service on a port of its choice."""
    one = udp(5012)
    ready(port=5012, inode=inode_of(one))
    wait()


def connected_udp(ready, wait):
    """A UDP client: no opening."""
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.connect(("127.0.0.1", 9))
    ready(port=one.getsockname()[1], inode=inode_of(one), fd=one.fileno())
    wait()


def light_udp(ready, wait):
    """A UDP-Lite service."""
    try:
        one = udp(5013, protocol=IPPROTO_UDPLITE)
    except OSError as error:
        ready(missing=f"no UDP-Lite here: {error}")
    else:
        ready(port=5013, inode=inode_of(one))
    wait()


def on_device(ready, wait):
    """A listener bound to lo with SO_BINDTODEVICE."""
    one = tcp(5014, device="lo")
    ready(port=5014, inode=inode_of(one), fd=one.fileno())
    wait()


def transparent(ready, wait):
    """A listener with IP_TRANSPARENT, as TPROXY uses."""
    one = tcp(5015, options=((socket.SOL_IP, 19),))
    ready(port=5015, inode=inode_of(one), fd=one.fileno())
    wait()


def mapped_address(ready, wait):
    """A listener on ::ffff:127.0.0.1, which is IPv4's loopback."""
    one = tcp(5016, "::ffff:127.0.0.1", family=socket.AF_INET6, v6only=0)
    ready(port=5016, inode=inode_of(one), fd=one.fileno())
    wait()


def vsock(ready, wait):
    """A listener for the hypervisor's own socket family."""
    try:
        one = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        one.bind((socket.VMADDR_CID_ANY, 5017))
        one.listen(1)
    except OSError as error:
        ready(missing=f"no vsock here: {error}")
    else:
        ready(port=5017, inode=inode_of(one), fd=one.fileno())
    wait()


def reuse_group(ready, wait):
    """Two processes with a listener each on one port, by SO_REUSEPORT."""
    one = tcp(5018, options=((socket.SOL_SOCKET, socket.SO_REUSEPORT),))
    two = tcp(5018, options=((socket.SOL_SOCKET, socket.SO_REUSEPORT),))
    pid = os.fork()
    (one if pid else two).close()
    if pid == 0:
        wait()
        os._exit(0)
    two_inode = inode_of(two)
    ready(port=5018, inode=two_inode, child=pid, fd=two.fileno())
    wait()
    os.waitpid(pid, 0)


def raw_ip(ready, wait):
    """A raw socket that hears all TCP."""
    one = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    ready(inode=inode_of(one), fd=one.fileno())
    wait()


def express_data_path(ready, wait):
    """An AF_XDP socket."""
    try:
        one = socket.socket(AF_XDP, socket.SOCK_RAW, 0)
    except OSError as error:
        ready(missing=f"no AF_XDP here: {error}")
    else:
        ready(inode=inode_of(one), fd=one.fileno())
    wait()


def knock_filter(ready, wait):
    """A packet socket that waits for one kind of packet, as BPFDoor does."""
    one = packet(0x0800, KNOCK)
    ready(inode=inode_of(one), fd=one.fileno())
    wait()


TRAPS = (
    in_flight,
    io_uring,
    private_table,
    dead_leader,
    mapped_ring,
    other_namespace,
    bound_only,
    multipath,
    shared,
    dual_stack,
    plain_udp,
    connected_udp,
    light_udp,
    on_device,
    transparent,
    mapped_address,
    vsock,
    reuse_group,
    raw_ip,
    express_data_path,
    knock_filter,
)

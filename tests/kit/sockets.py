"""Awkward sockets, made on purpose and cleaned up: for every test that must see or attribute them.

`in_namespace(work)` runs a function in a child process with a network namespace of its own and hands back what it
returns. `Lab` starts holders (processes that hold a socket in some unusual way) and ends them, even if the test dies:
a holder lives as long as the lab's pipe is open. A maker runs in its holder, says what it made through `ready`, and
blocks in `wait`. tests/kit/traps.py has the makers of sockets that other tools trip over.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pickle
import resource
import socket
import struct
import subprocess
import sys
import threading
import traceback

import pytest

libc = ctypes.CDLL(None, use_errno=True)
CLONE_FILES, CLONE_NEWNET = 0x400, 0x40000000
NOBODY = 65534
IPPROTO_MPTCP, IPPROTO_UDPLITE = 262, 136
AF_XDP = 44
SYS_IO_URING_SETUP, SYS_IO_URING_REGISTER, SYS_EXIT = (
    425,
    427,
    60,
)  # x86-64 has the last; others are the same everywhere


def needs_root():
    """Skip the test where namespaces cannot be made."""
    if os.geteuid() != 0:
        pytest.skip("needs root: it makes network namespaces")


# -- running in a namespace


def in_namespace(work, *args, uid=None):
    """What work(*args) returns (picklable), run in a child in a new network namespace with lo up.

    An exception of the child fails the test with its traceback. With `uid` the child drops to that user, and to no
    groups, after the namespace is made; what it imports must have been imported before.
    """

    def enter():
        unshare(CLONE_NEWNET)
        loopback_up()
        if uid is not None:
            become(uid)
        return work(*args)

    return in_child(enter)


def in_child(work):
    """What work() returns, run in a forked child."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        code = 1
        try:
            _send(writer, _outcome(work))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as answers:
            data = answers.read()
    finally:
        os.waitpid(pid, 0)
    assert data, "the child ended without an answer"
    good, value = pickle.loads(data)  # noqa: S301 - our own child wrote it
    if good == "skip":
        pytest.skip(value)
    assert good, f"in the child:\n{value}"
    return value


def as_nobody(work):
    """What work() returns, run in a child without privileges in the same namespaces."""

    def drop():
        become(NOBODY)
        return work()

    return in_child(drop)


def become(uid):
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def unshare(flags):
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING


def ip(*words):
    """Run ip(8); skips the test where it is not installed or this kernel lacks what is asked."""
    try:
        subprocess.run(["ip", *words], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("ip is not installed")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"ip {' '.join(words)}: {error.stderr.decode(errors='replace').strip()}")


def netns_inode(path="/proc/thread-self/ns/net"):
    return os.stat(path).st_ino


def raise_descriptor_limit():
    """As many descriptors as this process may have; returns how many."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def _outcome(work):
    try:
        return True, work()
    except pytest.skip.Exception as reason:
        return "skip", str(reason)
    except BaseException:  # noqa: BLE001 - the parent raises it again, as text
        return False, traceback.format_exc()


def _send(writer, value):
    with os.fdopen(writer, "wb") as answers:
        pickle.dump(value, answers)


# -- plain sockets


def tcp(port=0, host="", *, family=socket.AF_INET, protocol=0, v6only=None, device=None, options=(), listen=True):
    """A TCP listener (or, with listen=False, a bound socket)."""
    one = socket.socket(family, socket.SOCK_STREAM, protocol)
    if v6only is not None:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    if device:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode() + b"\0")
    for level, name in options:
        one.setsockopt(level, name, 1)
    one.bind((host, port))
    if listen:
        one.listen(4)
    return one


def udp(port=0, host="", *, family=socket.AF_INET, protocol=0, v6only=None):
    """A UDP socket; port 0 lets the kernel choose."""
    one = socket.socket(family, socket.SOCK_DGRAM, protocol)
    if v6only is not None:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    one.bind((host, port))
    return one


def packet(ethertype=0x0003, program=()):
    """A packet socket, with a classic BPF program if one is given: (code, jt, jf, k) for each instruction."""
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ethertype))
    if program:
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
        one.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    return one


def inode_of(one):
    return os.fstat(one.fileno()).st_ino


# -- holders


class Holder:
    """A process that holds something: its pid, and what its maker said."""

    def __init__(self, pid, facts) -> None:
        self.pid = pid
        self.facts = facts


class Lab:
    """Starts holders and ends them. Use it in a with statement, inside in_namespace()."""

    def __enter__(self) -> Lab:  # noqa: PYI034 - Self is in typing, and nothing is derived from Lab
        self._reader, self._writer = os.pipe()
        self.holders: dict[str, Holder] = {}
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._writer)  # all holders wake up and end
        os.close(self._reader)
        for holder in self.holders.values():
            os.waitpid(holder.pid, 0)

    def start(self, maker, *args):
        """Start a holder: maker(ready, wait, *args) runs in it. Returns it once it is ready."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(self._writer)
            os.close(reader)
            self._hold(maker, writer, args)
        os.close(writer)
        with os.fdopen(reader, "rb") as answers:
            data = answers.readline()
        holder = Holder(pid, pickle.loads(bytes.fromhex(data.decode()))) if data else None  # noqa: S301 - as above
        if holder is None:
            os.waitpid(pid, 0)
            raise AssertionError(f"{maker.__name__} ended before it was ready")
        self.holders[maker.__name__] = holder
        return holder

    def _hold(self, maker, writer, args):
        def ready(**facts):
            os.write(writer, pickle.dumps(facts).hex().encode() + b"\n")

        def wait():
            os.read(self._reader, 1)

        try:
            maker(ready, wait, *args)
        except BaseException:  # noqa: BLE001 - the parent sees that it never was ready; the reason goes to stderr
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(0)


# -- namespaces to look into


def idle_namespace(ready, wait):
    """A process in a network namespace of its own, with one listener."""
    unshare(CLONE_NEWNET)
    loopback_up()
    one = tcp(6001)
    ready(netns=netns_inode(), inode=inode_of(one), port=6001)
    wait()


def idle_thread(ready, wait):
    """A process with a thread in a network namespace of its own, with one listener."""

    def thread():
        unshare(CLONE_NEWNET)
        loopback_up()
        one = tcp(6002)
        ready(netns=netns_inode(), inode=inode_of(one), port=6002, tid=threading.get_native_id())
        wait()

    worker = threading.Thread(target=thread)
    worker.start()
    worker.join()

"""Networks of namespaces: for everything that sends packets, with no packet outside of what a test made.

A Network makes namespaces with names of its own, joins them with veth pairs, loads nftables rules into them, and runs
servers and other work inside; leaving the with statement ends and removes all of it. It needs root, ip(8) and, for
firewalls, nft(8); where one is missing the test skips and says so.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import select
import shutil
import socket
import struct
import subprocess

import pytest
from tests.kit.sockets import in_child, ip, needs_root

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
SO_RCVBUFFORCE = 33
QUICK = {
    "net.ipv6.conf.all.accept_dad": "0",
    "net.ipv6.conf.default.accept_dad": "0",
    "net.ipv6.conf.default.dad_transmits": "0",
}
_numbers = itertools.count(1)


class Network:
    """Namespaces by short names. Use it in a with statement."""

    def __init__(self) -> None:
        needs_root()
        self._tag = f"hbt{os.getpid() % 100000}x{next(_numbers)}"
        self._made: list[str] = []
        self._pids: list[int] = []
        self._reader, self._writer = os.pipe()

    def __enter__(self) -> Network:  # noqa: PYI034 - Self is in typing, and nothing is derived from Network
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._writer)  # all servers wake up and end
        os.close(self._reader)
        for pid in self._pids:
            os.waitpid(pid, 0)
        for name in self._made:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    def add(self, *names: str) -> None:
        """Make namespaces: loopback is up, IPv6 addresses are usable at once, dead neighbours are given up soon."""
        for name in names:
            full = self.name(name)
            ip("netns", "add", full)
            self._made.append(full)
            self.ip(name, "link", "set", "lo", "up")
            for key, value in QUICK.items():
                self.set(name, key, value)

    def name(self, short: str) -> str:
        """The full name of a namespace."""
        return f"{self._tag}{short}"

    def ip(self, name: str, *words: str) -> None:
        """Run ip(8) in a namespace."""
        ip("-n", self.name(name), *words)

    def set(self, name: str, key: str, value: str) -> None:
        """Set a sysctl in a namespace."""
        self.run(name, _write, "/proc/sys/" + key.replace(".", "/"), value)

    def join(self, one: str, first: str, other: str, second: str, *addresses: tuple[str, str]) -> None:
        """A veth pair: device `first` in `one`, `second` in `other`; for each pair an address with prefix on each."""
        self.ip(one, "link", "add", first, "type", "veth", "peer", "name", second, "netns", self.name(other))
        for name, device in ((one, first), (other, second)):
            self.ip(name, "link", "set", device, "up")
            for version in (4, 6):  # three questions a second apart are usual
                self.run(name, _write, f"/proc/sys/net/ipv{version}/neigh/{device}/retrans_time_ms", "100")
        for here, there in addresses:
            for name, device, address in ((one, first, here), (other, second, there)):
                self.ip(name, "address", "add", address, "dev", device, *(["nodad"] if ":" in address else []))

    def firewall(self, name: str, hook: str, *rules: str) -> None:
        """Add nftables rules to a namespace, for both versions of IP: at `hook` (input, output, forward)."""
        if not shutil.which("nft"):
            pytest.skip("nft is not installed")
        chain = "\n".join([f"type filter hook {hook} priority 0", *rules])
        done = subprocess.run(
            ["ip", "netns", "exec", self.name(name), "nft", "-f", "-"],
            input=f"table inet {hook} {{\nchain rules {{\n{chain}\n}}\n}}\n",
            text=True, capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"this kernel lacks what the firewall needs: {done.stderr.strip().splitlines()[0]}")

    def enter(self, name: str) -> None:
        """Put this thread into a namespace. For children only: there is no way back."""
        with open(f"/run/netns/{self.name(name)}", "rb") as file:
            if libc.setns(file.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def run(self, name: str, work, *args):
        """What work(*args) returns, run in a child in a namespace; its exception fails the test."""

        def inside():
            self.enter(name)
            return work(*args)

        return in_child(inside)

    def serve(self, name: str, server, *args) -> None:
        """Run server(ready, ends, *args) in a child in a namespace, until the with statement ends.

        It calls ready() once; `ends` is a descriptor that becomes readable at the end. Comes back when it is ready.
        """
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(self._writer)
                os.close(reader)
                self.enter(name)
                server(lambda: os.write(writer, b"1"), self._reader, *args)
                code = 0
            finally:
                os._exit(code)
        os.close(writer)
        self._pids.append(pid)
        with os.fdopen(reader, "rb") as said:
            assert said.read(1) == b"1", f"{server.__name__} ended before it was ready"

    def listen(self, name: str, ports, family=socket.AF_INET6) -> None:
        """Listen on TCP ports of all addresses."""
        self.serve(name, listener, sorted(ports), family)


def _write(path: str, value: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(value)


def listener(ready, ends, ports, family=socket.AF_INET6):
    """Listens on ports, and takes no connection: the kernel answers for it."""
    kept = []
    for port in ports:
        one = socket.socket(family, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.bind(("", port))
        one.listen(128)
        kept.append(one)
    ready()
    os.read(ends, 1)


def udp_echo(ready, ends, ports, elsewhere=()):
    """Answers datagrams with what they hold; for ports in `elsewhere` from another port."""
    sockets = {}
    for port in (*ports, *elsewhere):
        one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.bind(("", port))
        sockets[one.fileno()] = (one, port)
    other = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    ready()
    while True:
        readable, _, _ = select.select([ends, *sockets], [], [])
        if ends in readable:
            return
        for number in readable:
            one, port = sockets[number]
            data, place = one.recvfrom(4096)
            (other if port in elsewhere else one).sendto(b"you said " + data, place)


def frames(ready, ends, device, answer):
    """Gives every frame that arrives on a device to answer(frame); what that returns (a list) is sent back."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as one:
        one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 25)
        one.bind((device, 3))
        ready()
        while True:
            readable, _, _ = select.select([ends, one], [], [])
            if ends in readable:
                return
            frame, place = one.recvfrom(2048)
            if place[2] == 4:  # our own
                continue
            for reply in answer(frame):
                one.send(reply)


def total(data: bytes) -> int:
    """The checksum of RFC 1071, word by word: slow, and written without looking at hb's own."""
    if len(data) % 2:
        data += b"\0"
    number = 0
    for at in range(0, len(data), 2):
        number += data[at] << 8 | data[at + 1]
        number = (number & 0xFFFF) + (number >> 16)
    return ~number & 0xFFFF


def pseudo(source: bytes, target: bytes, protocol: int, payload: bytes) -> bytes:
    """What a checksum of TCP, UDP or ICMPv6 covers."""
    if len(source) == 4:
        return source + target + struct.pack("!BBH", 0, protocol, len(payload)) + payload
    return source + target + struct.pack("!IxxxB", len(payload), protocol) + payload


def packet4(source: bytes, target: bytes, protocol: int, payload: bytes, options: bytes = b"") -> bytes:
    """An IPv4 packet."""
    length = 20 + len(options)
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x40 | length // 4, 0, length + len(payload), 7, 0, 64, protocol, 0, source, target
    ) + options  # fmt: skip
    return head[:10] + struct.pack("!H", total(head)) + head[12:] + payload


def tcp_answer(frame: bytes, flags: int, *, ack_plus: int = 1, window: int = 0, options: bytes = b"") -> bytes | None:
    """A frame that answers an IPv4 SYN's frame; None for what is no SYN. `options` are those of IP."""
    if frame[12:14] != b"\x08\0" or frame[23] != 6 or frame[47] & 0x12 != 2:
        return None
    there, here = frame[26:30], frame[30:34]
    source, port, number = struct.unpack_from("!HHI", frame, 34)
    bare = struct.pack("!HHIIBBHHH", port, source, 1000, (number + ack_plus) & 0xFFFFFFFF, 5 << 4, flags, window, 0, 0)
    check = total(pseudo(here, there, 6, bare))
    segment = bare[:16] + struct.pack("!H", check) + bare[18:]
    return frame[6:12] + frame[:6] + b"\x08\0" + packet4(here, there, 6, segment, options)

"""A way with a delay between two network namespaces: two TUN devices, and a process that passes packets on late.

    python bench/relay.py NAMESPACE NAMESPACE MILLISECONDS

The devices are called hbtun0 in both; it prints "ready" when they are up, and ends with its standard input. Not every
kernel has netem, and a relay in Python passes some 100,000 packets a second: a bottleneck too, as real ways have one.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import time
from collections import deque

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from hb_engine.inventory.linux.syscalls import setns

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
NAME = "hbtun0"
QUEUE = 2000  # packets that a device holds before the relay has read them
NETWORKS = (("10.98.0.1", "10.98.0.2"), ("10.98.0.2", "10.98.0.1"))


def tun(namespace: str, own: str, peer: str) -> int:
    """A TUN device in a namespace, with its address; the descriptor that packets come from and go to."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    setns(there)
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", NAME.encode(), IFF_TUN | IFF_NO_PI))
    setns(home)
    for words in (
        ["addr", "add", own, "peer", peer, "dev", NAME],
        ["link", "set", NAME, "up", "txqueuelen", str(QUEUE)],
    ):
        subprocess.run(["ip", "-n", namespace, *words], check=True)
    return device


def relay(devices: tuple[int, int], delay: float) -> None:
    """Pass packets on, each `delay` seconds after it came, until standard input ends."""
    other = {devices[0]: devices[1], devices[1]: devices[0]}
    due: deque[tuple[float, int, bytes]] = deque()
    poll = select.epoll()
    for number in (*devices, 0):
        poll.register(number, select.EPOLLIN | select.EPOLLHUP)
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else 1.0
        for number, _ in poll.poll(min(wait, 1.0)):
            if number == 0:
                return
            try:
                for _ in range(64):
                    due.append((time.monotonic() + delay, other[number], os.read(number, 2048)))
            except BlockingIOError:
                continue
        now = time.monotonic()
        while due and due[0][0] <= now:
            _, to, packet = due.popleft()
            try:
                os.write(to, packet)
            except OSError:  # its queue is full: a packet is lost, as on any way
                continue


if __name__ == "__main__":
    first, second, milliseconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    ends = (tun(first, *NETWORKS[0]), tun(second, *NETWORKS[1]))
    print("ready", flush=True)
    relay(ends, milliseconds / 1000)

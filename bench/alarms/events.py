"""What happens to the machine: ordinary days, on which nobody should be woken, and twelve kinds of change and more.

An event is a function that changes a World; EVENTS has for each whether somebody should be told, and as what hb is
expected to tell it. Those that are prepared do something before the first look too.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.alarms.world import SERVERS, World, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENTS = 500
PYTHON = "/usr/bin/python3"
LISTENER = """
import socket, sys, time
kind = socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM
one = socket.socket(socket.AF_INET, kind)
one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
one.bind((sys.argv[2], int(sys.argv[3])))
if kind == socket.SOCK_STREAM:
    one.listen()
print("ready", flush=True)
time.sleep(600)
"""
TAP = """
import socket, time
one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
print("ready", flush=True)
time.sleep(600)
"""


@dataclass(frozen=True)
class Event:
    """`alarm` tells whether somebody should be told; `kind` is hb's word for it."""

    name: str
    happens: Callable[[World], None]
    alarm: bool
    kind: str = ""


def _script(world: World, name: str, code: str, *words: str, before: list[str] | None = None) -> None:
    """Run a Python program that says when it is ready."""
    child = subprocess.Popen(
        [*(before or []), PYTHON, "-I", "-c", code, *words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    world.running[name] = child
    if child.stdout is None or child.stdout.readline() != b"ready\n":
        raise RuntimeError(f"{name} did not get ready")


# -- ordinary days


def restart_all(world: World) -> None:
    for name in SERVERS:
        world.restart(name)


def started_in_another_order(world: World) -> None:
    for name in SERVERS:
        world.stop(name)
    for name in reversed(SERVERS):
        world.start(name)


def more_workers(world: World) -> None:
    world.restart("nginx", workers="5")


def upgraded_in_place(world: World) -> None:
    """The file is another one under the same name, and the server runs it."""
    # An overlay of this mount namespace: the machine's own files stay as they are.
    ram = os.path.join(world.folder, "ram")
    os.mkdir(ram)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", ram], check=True)
    folders = [os.path.join(ram, name) for name in ("upper", "work")]
    for folder in folders:
        os.mkdir(folder)
    options = f"lowerdir=/usr/bin,upperdir={folders[0]},workdir={folders[1]}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, "/usr/bin"], check=True)
    real = os.path.realpath("/usr/bin/redis-server")
    shutil.copy2(real, f"{real}.new")
    os.rename(f"{real}.new", real)
    world.restart("redis-server")


def backlog(world: World) -> None:
    """A busy server: connections wait, and netstat's Recv-Q says so."""
    child = world.running["memcached"]
    child.send_signal(signal.SIGSTOP)
    for _ in range(3):
        world.kept.append(socket.create_connection(("127.0.0.1", 11211)))
    wait_for(lambda: _queue(11211) > 0, "a backlog")


def _queue(port: int) -> int:
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in file.readlines()[1:]:
            words = line.split()
            if int(words[1].rpartition(":")[2], 16) == port and words[3] == "0A":
                return int(words[4].rpartition(":")[2], 16)
    return 0


def clients(world: World) -> None:
    """Connections out, and UDP sockets of clients, on ports that the kernel chose."""
    for _ in range(CLIENTS // 2):
        world.kept.append(socket.create_connection(("10.20.30.40", 1883)))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.sendto(b"", ("127.0.0.1", 5353))
        world.kept.append(udp)


def chosen_port(world: World) -> None:
    """An agent that lets the kernel choose its port gets another one."""
    old = world.kept.pop(0)
    world.kept.append(socket.create_server(("127.0.0.1", 0)))
    old.close()


# -- what somebody should be told


def new(world: World) -> None:
    world.run("stranger", ["/usr/bin/socat", "TCP-LISTEN:4444,reuseaddr,fork", "PIPE"], 4444)


def new_udp(world: World) -> None:
    _script(world, "stranger", LISTENER, "udp", "0.0.0.0", "40000")


def gone(world: World) -> None:
    world.stop("nginx")


def widened(world: World) -> None:
    world.restart("redis-server", bind="0.0.0.0")


def widened_ipv6(world: World) -> None:
    world.restart("redis-server", bind="127.0.0.1 ::")


def owner_changed(world: World) -> None:
    world.stop("nginx")
    world.run("impostor", ["/usr/bin/socat", "TCP-LISTEN:8080,reuseaddr,fork", "PIPE"], 8080)


def look_alike(world: World) -> None:
    """A program of the same name, from a folder where no package puts any."""
    path = os.path.join(world.folder, "redis-server")
    shutil.copy2(os.path.realpath("/usr/bin/redis-server"), path)
    world.restart("redis-server", exe=path)


def deleted(world: World) -> None:
    """A program that is on no disk any more."""
    path = "/dev/shm/redis-server"
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/dev/shm"], check=True)
    shutil.copy2(os.path.realpath("/usr/bin/redis-server"), path)
    world.restart("redis-server", exe=path)
    os.unlink(path)


def shared_port(world: World) -> None:
    """A second program takes a share of the connections (SO_REUSEPORT)."""
    _script(world, "impostor", LISTENER, "tcp", "0.0.0.0", "8080")


def speaks_else(world: World) -> None:
    world.restart("shim", says="SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")


def expired(world: World) -> None:
    world.run("guest", ["/usr/bin/socat", "TCP-LISTEN:9999,bind=127.0.0.1,fork", "PIPE"], 9999)


def out_of_window(world: World) -> None:
    world.run("backup", ["/usr/bin/socat", "TCP-LISTEN:8873,bind=127.0.0.1,fork", "PIPE"], 8873)


def forbidden(world: World) -> None:
    world.run("telnetd", ["/usr/bin/socat", "TCP-LISTEN:23,reuseaddr,fork", "PIPE"], 23)


def in_a_container(world: World) -> None:
    """A listener in a network namespace of its own."""
    _script(world, "boxed", LISTENER, "tcp", "0.0.0.0", "3333", before=["unshare", "--net"])


def tap(world: World) -> None:
    _script(world, "tap", TAP)


def redirect(_: World) -> None:
    """The packet filter hands a port to redis, which listens on loopback alone."""
    chain = "chain pre {\n type nat hook prerouting priority dstnat;\n tcp dport 8443 redirect to :6379\n }"
    subprocess.run(["nft", "-f", "-"], input=f"table ip hb_alarms {{\n {chain}\n}}\n", text=True, check=True)


EVENTS = (
    Event("every server restarted", restart_all, alarm=False),
    Event("started in another order", started_in_another_order, alarm=False),
    Event("more workers of one server", more_workers, alarm=False),
    Event("a server upgraded in place", upgraded_in_place, alarm=False),
    Event("connections wait in a backlog", backlog, alarm=False),
    Event(f"{CLIENTS} clients of TCP and UDP", clients, alarm=False),
    Event("an agent on another port of the kernel's choice", chosen_port, alarm=False),
    Event("a new listener", new, alarm=True, kind="new"),
    Event("a new UDP service on a high port", new_udp, alarm=True, kind="new"),
    Event("a required server is gone", gone, alarm=True, kind="gone"),
    Event("loopback became every address", widened, alarm=True, kind="widened"),
    Event("loopback became every address, IPv6 only", widened_ipv6, alarm=True, kind="widened"),
    Event("another program has the port", owner_changed, alarm=True, kind="owner-changed"),
    Event("a look-alike from a folder has the port", look_alike, alarm=True, kind="owner-changed"),
    Event("the program that listens is deleted", deleted, alarm=True, kind="owner-changed"),
    Event("a second program shares the port", shared_port, alarm=True, kind="owner-changed"),
    Event("another protocol on the port", speaks_else, alarm=True, kind="speaks-else"),
    Event("a permission that has ended", expired, alarm=True, kind="expired"),
    Event("open outside of its hours", out_of_window, alarm=True, kind="out-of-window"),
    Event("a forbidden port", forbidden, alarm=True, kind="forbidden"),
    Event("a listener in a container's namespace", in_a_container, alarm=True, kind="new"),
    Event("a packet tap", tap, alarm=True, kind="new"),
    Event("a redirect in the packet filter", redirect, alarm=True, kind="new"),
)


def prepare(world: World) -> None:
    """What stands before the first look: the servers, and an agent on a port that the kernel chose."""
    world.begin()
    world.kept.append(socket.create_server(("127.0.0.1", 0)))

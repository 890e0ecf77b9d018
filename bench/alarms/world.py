"""A small machine: nginx, redis, memcached, mosquitto and dnsmasq as Debian has them, in namespaces of their own.

It runs inside of `unshare --net --pid --fork --mount-proc --mount`, as pid 1, so that all of it ends with it. Its only
interface is loopback, on which an address like any machine's stands too.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

NEEDS = {
    "nginx": "nginx-light",
    "redis-server": "redis-server",
    "memcached": "memcached",
    "mosquitto": "mosquitto",
    "dnsmasq": "dnsmasq-base",
    "socat": "socat",
    "netstat": "net-tools",
}
PATIENCE = 20.0  # seconds until a server must listen
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err; user www-data; worker_processes {workers};
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/www; proxy_temp_path {folder}/www; fastcgi_temp_path {folder}/www;
  uwsgi_temp_path {folder}/www; scgi_temp_path {folder}/www;
  server {{ listen {listen}; return 200 "hello\\n"; }}
}}
"""


class World:
    """The servers of this machine, by name, and what else an event starts."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="hb-world-")
        os.chmod(self.folder, 0o755)  # noqa: S103 -- servers that gave up their rights read their files there
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kept: list[socket.socket] = []
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        subprocess.run(["ip", "address", "add", "10.20.30.40/24", "dev", "lo"], check=True)

    def begin(self) -> None:
        """Start everything that belongs there."""
        for name in SERVERS:
            self.start(name)

    def start(self, name: str, **how: str) -> None:
        """Start a server by its name, and wait until it listens."""
        command, port = SERVERS[name](self, how)
        self.run(name, command, port)

    def run(self, name: str, command: list[str], port: int, transport: str = "tcp") -> None:
        """Start a program that will listen on a port, and wait until it does."""
        log = open(os.path.join(self.folder, f"{name}.log"), "wb")  # noqa: SIM115 -- the child keeps it
        self.running[name] = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder
        )
        log.close()
        wait_for(lambda: listens(port, transport), f"{name} on {transport}/{port}")

    def stop(self, name: str) -> None:
        """End a server, and wait for its port."""
        self.running[name].send_signal(signal.SIGCONT)  # one that was stopped would not hear of its end
        self.running[name].terminate()
        self.running.pop(name).wait(PATIENCE)

    def restart(self, name: str, **how: str) -> None:
        """End and start a server: other pids, other inodes."""
        self.stop(name)
        self.start(name, **how)

    def end(self) -> None:
        """End what runs."""
        for name in list(self.running):
            self.stop(name)
        for one in self.kept:
            one.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def listens(port: int, transport: str = "tcp") -> bool:
    """Whether anything has that port, by /proc/net."""
    for table in (transport, f"{transport}6"):
        with open(f"/proc/net/{table}", encoding="ascii") as file:
            for line in file.readlines()[1:]:
                words = line.split()
                if int(words[1].rpartition(":")[2], 16) == port and words[3] in ("0A", "07"):
                    return True
    return False


def wait_for(done: Callable[[], bool], what: str) -> None:
    """Wait until something is so. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def _shim(world: World, how: dict[str, str]) -> tuple[list[str], int]:
    path = os.path.join(world.folder, "shim.txt")
    with open(path, "w", encoding="ascii", newline="") as file:
        file.write(how.get("says", "HTTP/1.1 200 OK\r\nServer: shim\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
    return ["/usr/bin/socat", "TCP-LISTEN:7000,bind=127.0.0.1,fork,reuseaddr", f"SYSTEM:cat {path}"], 7000


def _nginx(world: World, how: dict[str, str]) -> tuple[list[str], int]:
    os.makedirs(os.path.join(world.folder, "www"), exist_ok=True)  # nginx gives it to its user
    path = os.path.join(world.folder, "nginx.conf")
    with open(path, "w", encoding="ascii") as file:
        listen = how.get("listen", "0.0.0.0:8080 reuseport")
        file.write(NGINX.format(folder=world.folder, listen=listen, workers=how.get("workers", "2")))
    return [how.get("exe", "/usr/sbin/nginx"), "-c", path], 8080


def _redis(_: World, how: dict[str, str]) -> tuple[list[str], int]:
    bind = how.get("bind", "127.0.0.1")
    exe = how.get("exe", "/usr/bin/redis-server")
    return [exe, "--port", "6379", "--bind", bind, "--save", "", "--protected-mode", "no"], 6379


def _memcached(*_: object) -> tuple[list[str], int]:
    return ["/usr/bin/memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", "11211", "-m", "8"], 11211


def _mosquitto(world: World, _: dict[str, str]) -> tuple[list[str], int]:
    path = os.path.join(world.folder, "mosquitto.conf")
    with open(path, "w", encoding="ascii") as file:
        file.write("listener 1883 10.20.30.40\nallow_anonymous true\nuser nobody\n")
    return ["/usr/sbin/mosquitto", "-c", path], 1883


def _dnsmasq(*_: object) -> tuple[list[str], int]:
    listen = ["--listen-address=127.0.0.1", "--bind-interfaces", "--port=5353", "--no-resolv", "--no-hosts"]
    return ["/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", *listen], 5353


SERVERS: dict[str, Callable[[World, dict[str, str]], tuple[list[str], int]]] = {
    "nginx": _nginx,
    "redis-server": _redis,
    "memcached": _memcached,
    "mosquitto": _mosquitto,
    "dnsmasq": _dnsmasq,
    "shim": _shim,
}

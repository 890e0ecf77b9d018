"""Two network namespaces with a way between them, and hosts at its far end: what scanners are measured on.

Everything is made here and ends with the with statement: namespaces, addresses, listeners, rules, a relay.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

HERE = os.path.dirname(os.path.abspath(__file__))
NEAR, FAR = "hbb-near", "hbb-far"
NEAR_ADDRESS = "10.97.0.1"
DELAYED = "10.98.0.2"  # the far end by the relay
LISTEN = """
import resource, socket, sys
ports = [int(port) for port in sys.argv[1].split(",")]
resource.setrlimit(resource.RLIMIT_NOFILE, (len(ports) + 64, len(ports) + 64))
held = []
for port in ports:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("", port))
    one.listen(128)
    held.append(one)
print("ready", flush=True)
sys.stdin.read()
"""


def sample(count: int, seed: int = 1703) -> list[int]:
    """So many ports, the same ones in every run."""
    return sorted(random.Random(seed).sample(range(1, 65536), count))  # noqa: S311 -- no secret


class Network:
    """A scanner's namespace and a target's, with `hosts` addresses there and listeners on `ports`."""

    def __init__(self, hosts: int = 1, ports: list[int] | None = None) -> None:
        self.ports = ports or []
        self.addresses = [f"10.97.1.{number + 1}" for number in range(hosts)]
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        self._remove()
        for name in (NEAR, FAR):
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("link", "add", "hbb0", "netns", NEAR, "type", "veth", "peer", "name", "hbb1", "netns", FAR)
        ip("-n", NEAR, "addr", "add", f"{NEAR_ADDRESS}/16", "dev", "hbb0")
        for address in self.addresses:
            ip("-n", FAR, "addr", "add", f"{address}/16", "dev", "hbb1")
        ip("-n", NEAR, "link", "set", "hbb0", "up")
        ip("-n", FAR, "link", "set", "hbb1", "up")
        if self.ports:
            self._start(FAR, [sys.executable, "-c", LISTEN, ",".join(map(str, self.ports))])
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            if process.stdin:
                process.stdin.close()  # which is what they wait for
            process.wait()
        self._remove()

    def _start(self, namespace: str, command: list[str]) -> None:
        words = ["ip", "netns", "exec", namespace, *command] if namespace else command
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._processes.append(process)
        if not process.stdout or process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{' '.join(command[:3])} did not come up")

    def delay(self, milliseconds: float) -> str:
        """Another way to the far end, with a delay each way; its address."""
        self._start("", [sys.executable, os.path.join(HERE, "relay.py"), NEAR, FAR, str(milliseconds)])
        return DELAYED

    def rules(self, incoming: str = "", outgoing: str = "") -> None:
        """What the far end does with packets: nftables statements for each way."""
        table = (
            "flush ruleset\ntable inet hbb {\n"
            f"chain in {{\n type filter hook input priority 0\n {incoming}\n}}\n"
            f"chain out {{\n type filter hook output priority 0\n {outgoing}\n}}\n}}\n"
        )
        command = ["ip", "netns", "exec", FAR, "nft", "-f", "-"]
        subprocess.run(command, input=table, text=True, check=True)

    def loss(self, percent: int) -> None:
        """Lose so many packets each way."""
        drop = f"numgen random mod 100 < {percent} drop"
        self.rules(drop, drop)

    def limited_refusals(self, rate: int, percent: int) -> None:
        """So many resets a second at most, and loss each way."""
        drop = f"numgen random mod 100 < {percent} drop"
        self.rules(drop, f"tcp flags & rst == rst limit rate over {rate}/second drop\n {drop}")

    def hardware(self) -> str:
        """The far end's hardware address."""
        told = subprocess.run(
            ["ip", "-n", FAR, "-br", "link", "show", "hbb1"], capture_output=True, text=True, check=True
        )
        return told.stdout.split()[2]

    def _remove(self) -> None:
        for name in (NEAR, FAR):
            if os.path.exists(f"/run/netns/{name}"):
                ip("netns", "del", name)


def ip(*words: str) -> None:
    """One ip command."""
    subprocess.run(["ip", *words], check=True)


def near(command: list[str]) -> list[str]:
    """A command as it runs beside the scanner."""
    return ["ip", "netns", "exec", NEAR, *command]

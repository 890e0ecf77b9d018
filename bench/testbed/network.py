"""Network namespaces on one bridge: hbt-scan asks, hbt-NAME answers, hbt-hub carries. No route leads out of them.

The bridge stands in a namespace of its own, so the machine's network does not change: no interface, no address, no
route. A run takes the first free prefix (hbt, hbt2 ...) and holds it through an abstract socket, which the kernel
lets go with the process; what a killed run left under that prefix is swept first. Needs root and iproute2.
"""

from __future__ import annotations

import os
import socket
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

NAMESPACES = "/run/netns"
SCANNER = "10.77.0.1"
PREFIXES = ("hbt", *(f"hbt{number}" for number in range(2, 10)))


def address_of(number: int) -> str:
    """The address of the bed's server number 1, 2 ... Raises ValueError beyond the 250 that one octet holds."""
    if not 1 <= number <= 250:
        raise ValueError(f"server number {number}: 1 to 250 have an address")
    return f"10.77.{number}.2"


def ip(*words: str, lines: str = "") -> None:
    """Run ip(8), or a batch of its lines. Raises RuntimeError with what it said."""
    command = ["ip", *words, *(["-batch", "-"] if lines else [])]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Network:
    """The namespaces of one bed, for as long as the with statement lasts."""

    def __init__(self, names: Iterable[str]) -> None:
        self.addresses = {name: address_of(number) for number, name in enumerate(names, 1)}
        self.prefix, self.held = "", socket.socket(socket.AF_UNIX)

    def __enter__(self) -> Self:
        self.prefix = self._take()
        try:
            self.sweep()
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.sweep()
        finally:
            self.held.close()

    def name(self, of: str) -> str:
        """The namespace of a server, or of `scan`."""
        return f"{self.prefix}-{of}"

    def inside(self, of: str) -> list[str]:
        """The words that run a command in that namespace, with the machine's own file system."""
        return ["nsenter", f"--net={NAMESPACES}/{self.name(of)}", "--"]

    def sweep(self) -> None:
        """Delete the namespaces of this prefix, and with them their interfaces."""
        there = os.listdir(NAMESPACES) if os.path.isdir(NAMESPACES) else []
        mine = [name for name in there if name.startswith(f"{self.prefix}-")]
        if mine:
            ip(lines="".join(f"netns delete {name}\n" for name in mine))

    def _take(self) -> str:
        for prefix in PREFIXES:
            try:
                self.held.bind(f"\0hb-testbed-{prefix}")
            except OSError:
                continue
            return prefix
        raise RuntimeError(f"{len(PREFIXES)} test beds are up already")

    def _make(self) -> None:
        cells = ["hub", "scan", *self.addresses]
        ip(lines="".join(f"netns add {self.name(cell)}\n" for cell in cells))
        hub = self.name("hub")
        lines = ["link set lo up", "link add bridge type bridge forward_delay 0", "link set bridge up"]
        for number, cell in enumerate(cells[1:]):
            lines += [
                f"link add port{number} type veth peer name eth0 netns {self.name(cell)}",
                f"link set port{number} master bridge up",
            ]
        ip("-n", hub, lines="\n".join(lines) + "\n")
        for cell, address in (("scan", SCANNER), *self.addresses.items()):
            own = f"link set lo up\naddress add {address}/16 dev eth0\nlink set eth0 up\n"
            ip("-n", self.name(cell), lines=own)

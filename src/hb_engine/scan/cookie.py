"""The number that only we know: a SYN's sequence number, by which its answer is told from anybody's.

A table of random numbers by port, and one random number for each host: a SYN-ACK or a reset must acknowledge their
sum of bits (exclusive or) plus one, an ICMP error must quote it. Guessing has a chance of one in four billion a packet.
The random bytes are given, so that tests know them.
"""

from __future__ import annotations

from struct import Struct

NEEDED = 4 * 65536  # random bytes for the ports; four more for each host
MASK = 0xFFFFFFFF


class Cookies:
    """Sequence numbers for the cells of `hosts` hosts from NEEDED + 4 * hosts random bytes."""

    __slots__ = ("hosts", "ports")

    def __init__(self, hosts: int, random: bytes) -> None:
        words = Struct(f"={65536 + hosts}I").unpack_from(random)
        self.ports, self.hosts = words[:65536], words[65536:]

    def number(self, cell: int) -> int:
        """The sequence number of a cell's SYN."""
        return int(self.ports[cell & 0xFFFF] ^ self.hosts[cell >> 16])

    def acknowledged(self, cell: int, acknowledgement: int) -> bool:
        """Whether an answer acknowledges our SYN, and so comes from somebody who saw it."""
        return (acknowledgement - 1) & MASK == self.number(cell)

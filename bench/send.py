"""How many SYNs a second hb's packet line sends to one address, as fast as it can: prints the number.

    python bench/send.py ADDRESS

Only for a namespace whose far end drops everything: there is no pace here, and nothing listens to loss.
"""

from __future__ import annotations

import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))

from hb_engine.scan.board import Board
from hb_engine.scan.cookie import NEEDED, Cookies
from hb_engine.scan.linux.packets import Packets, Ports
from hb_engine.scan.linux.ways import Way, Ways

TOTAL, BATCH = 1_000_000, 4096


def main() -> None:
    """Send TOTAL SYNs."""
    target = socket.inet_aton(sys.argv[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"", (sys.argv[1], 9))  # has the kernel ask for the neighbour
    hardware, ends = None, time.monotonic() + 2
    with Ways() as ways:
        way = ways.way(target)
        if not isinstance(way, Way):
            sys.exit(f"no way: {way}")
        while not hardware and time.monotonic() < ends:
            hardware = ways.hardware([way]).get((way.device.index, way.hop))
    if not hardware:
        sys.exit("no neighbour")
    ports = Ports(1)
    board = Board([target], range(1, 65536))
    line = Packets(board, Cookies(1, os.urandom(NEEDED + 4)), [way], ports, clock=time.monotonic, stamp=1)
    line.frame([hardware])
    cells = list(range(1, 65536))
    sent, began = 0, time.perf_counter()
    while sent < TOTAL:
        at = sent % (65535 - BATCH)
        sent += line.ask(cells[at : at + BATCH], 0)
    took = time.perf_counter() - began
    line.close()()
    ports.close()
    print(sent / took)


if __name__ == "__main__":
    main()

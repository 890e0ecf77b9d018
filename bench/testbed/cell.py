"""The first process of a server's cell: closes the cell around itself, starts the server, waits, and takes all with it.

It is process 1 of a process namespace, so when it ends the kernel ends every process of the server, daemons that walked
away included. It ends when its standard input does, which is when the bed ends, however that ends. On standard output
it tells the bed, one line of JSON each: started, died (a command that should have stayed), failed (start raised).
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback

from bench.testbed.place import Place, enclose


def main(name: str, address: str, scratch: str, *unpacked: str) -> None:
    """Called by bed.py only, through unshare(1)."""
    module = importlib.import_module(f"bench.testbed.servers.{name}")  # before /tmp is covered: it may stand there
    place = Place(name, address)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        enclose(place, scratch, list(unpacked))
        socket.sethostname(name)
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", "w") as file:
            file.write("0")  # servers that start as their own users may still have port 25
        module.start(place)
    except BaseException:
        tell("failed", traceback.format_exc(limit=-2))
        raise
    tell("started", "")
    while not select.select([0, reader], [], [])[0].count(0):
        os.read(reader, 4096)
        reap(place)


def reap(place: Place) -> None:
    """Collect who ended. Most are grandchildren, whom nobody misses."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid in place.children:
            tell("died", f"{' '.join(place.children.pop(pid))[:120]}: status {os.waitstatus_to_exitcode(status)}")


def tell(what: str, detail: str) -> None:
    """One line for the bed."""
    print(json.dumps([what, detail]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

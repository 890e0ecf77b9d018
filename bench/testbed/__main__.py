"""python -m bench.testbed: up, check, install, measure. As root, on Debian.

up [SERVER...]       starts the servers, prints where each answers, and keeps them until Ctrl-C
check [SERVER...]    starts them, says which came up and which did not, and ends them; 1 where one did not
install              installs what is missing, and says what cannot be had
measure [SERVER...]  hb and nmap -sV against all of them
"""

from __future__ import annotations

import os
import signal
import sys

from bench.testbed.bed import Bed
from bench.testbed.kit import load_all
from bench.testbed.packages import install, wanted


def main(words: list[str]) -> int:
    """Run one of the commands; its exit status."""
    command, only = (words or ["help"])[0], words[1:]
    if command not in ("up", "check", "install", "measure"):
        print(__doc__)
        return 2
    if os.geteuid() != 0:
        print("the test bed needs root: it makes namespaces and runs servers as their own users")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the with statements end
    try:
        return {"up": up, "check": check, "install": fetch, "measure": measure}[command](only)
    except KeyboardInterrupt:
        return 130


def fetch(_: list[str]) -> int:
    """Install what is missing."""
    reasons = install(wanted(load_all().values()))
    for name, reason in reasons.items():
        print(f"{name}: {reason}")
    return 1 if reasons else 0


def check(only: list[str]) -> int:
    """Whether every server comes up."""
    with Bed(*only, tell=lambda line: print(line, flush=True)) as bed:
        print(f"{len(bed.up)} servers are up, {len(bed.failed)} are not: {', '.join(bed.failed) or '-'}", flush=True)
        return 1 if bed.failed else 0


def up(only: list[str]) -> int:
    """All servers, until Ctrl-C."""
    with Bed(*only, tell=lambda line: print(line, file=sys.stderr, flush=True)) as bed:
        for standing in bed.up.values():
            for port in standing.server.listens:
                what = "/".join(port.names) or "(nothing provable)"
                inside = " in TLS" if port.tls else ""
                print(f"{standing.address:12} {port.transport}/{port.port:<6} {standing.name:16} {what}{inside}")
        print(f"from outside: {' '.join(bed.inside())} COMMAND. Ctrl-C ends all.", flush=True)
        signal.pause()
    return 0


def measure(only: list[str]) -> int:
    """The scanners, side by side."""
    from bench.testbed.measure import report

    print(report(tuple(only)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""python -m bench.testbed: real servers to measure scanners against. As root, on Debian.

up [SERVER...]       starts the servers, prints where each answers, and keeps them until Ctrl-C
check [SERVER...]    starts them, says which came up and which did not, and ends them; 1 where one did not
install              installs what is missing, and says what cannot be had
measure [SERVER...]  hb and nmap -sV against all of them; --scanner NAME for some of the ways to run them
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

from bench.testbed.bed import Bed
from bench.testbed.kit import load_all, names
from bench.testbed.measure import SCANNERS, report
from bench.testbed.packages import install, wanted


def main(words: list[str]) -> int:
    """Run one of the commands; its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.testbed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("up", "check", "install", "measure"))
    parser.add_argument("server", nargs="*", help="some of them only")
    parser.add_argument("--scanner", action="append", choices=tuple(SCANNERS), help="of measure")
    asked = parser.parse_args(words)
    unknown = [server for server in asked.server if server not in names()]
    if unknown:
        parser.error(f"no such server: {', '.join(unknown)}; there are {', '.join(names())}")
    if os.geteuid() != 0:
        parser.error("the test bed needs root: it makes namespaces and runs servers as their own users")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the with statements end
    try:
        return {"up": up, "check": check, "install": fetch, "measure": measure}[asked.command](asked)
    except KeyboardInterrupt:
        return 130


def fetch(_: argparse.Namespace) -> int:
    """Install what is missing."""
    reasons = install(wanted(load_all().values()))
    for name, reason in reasons.items():
        print(f"{name}: {reason}")
    return 1 if reasons else 0


def check(asked: argparse.Namespace) -> int:
    """Whether every server comes up."""
    with Bed(*asked.server, tell=lambda line: print(line, flush=True)) as bed:
        print(f"{len(bed.up)} servers are up, {len(bed.failed)} are not: {', '.join(bed.failed) or '-'}", flush=True)
        return 1 if bed.failed else 0


def up(asked: argparse.Namespace) -> int:
    """All servers, until Ctrl-C."""
    with Bed(*asked.server, tell=_aside) as bed:
        for standing in bed.up.values():
            for port in standing.server.listens:
                what = "/".join(port.names) or "(nothing provable)"
                inside = " in TLS" if port.tls else ""
                print(f"{standing.address:12} {port.transport}/{port.port:<6} {standing.name:16} {what}{inside}")
        print(f"from outside: {' '.join(bed.inside())} COMMAND. Ctrl-C ends all.", flush=True)
        signal.pause()
    return 0


def measure(asked: argparse.Namespace) -> int:
    """The scanners, side by side."""
    print(report(tuple(asked.server), tuple(asked.scanner or SCANNERS), _aside))
    return 0


def _aside(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

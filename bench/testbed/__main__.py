"""python -m bench.testbed: real servers to measure scanners against. As root, on Debian.

up [SERVER...]       starts the servers, prints where each answers, and keeps them until Ctrl-C
check [SERVER...]    starts them, says which came up and which did not, and ends them; 1 where one did not
install              installs what is missing, and says what cannot be had
measure [SERVER...]  hb and nmap -sV against all of them; --scanner NAME for some of the ways to run them, --page FILE
                     for a page of the documentation
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
import sys
import time

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
    parser.add_argument("--page", metavar="FILE", help="of measure: what it says is written there as well")
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
    told = report(tuple(asked.server), tuple(asked.scanner or SCANNERS), _aside)
    print(told)
    if asked.page:
        with open(asked.page, "w", encoding="utf-8") as file:
            file.write(page(told))
    return 0


def page(told: str) -> str:
    """A measurement as a page: what was measured, on what, and how it came about."""
    version = subprocess.run(["nmap", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"Linux {platform.release()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""# Benchmarks of identification

Made by `make bench` on {day}: {machine}, as root. Peer: {version}.

Real servers from Debian packages, each in a network namespace of its own, as `bench/testbed/servers/` declares them.
Versions are those of the installed packages, asked of them when the bed was built, and count only as far as the server
tells them to a stranger. Each scanner runs once, one after the other, on the same bed, in
two forms: one run over all hosts with every port of any of them, or ("by host") one run a host, many at once.

{told.rstrip()}
"""


def _aside(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

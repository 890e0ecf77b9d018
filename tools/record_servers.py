#!/usr/bin/env python3
"""Record what real servers open, each in the unit that its package has, for the tests of packs.

    sudo .venv/bin/python tools/record_servers.py > bed.json

tests/baseline/packs/servers.json holds these openings, and those of servers that were started the same way with their
packages' own configuration, which is for this machine only: chronyd, cupsd, dhclient and more.

The test bed starts each server in namespaces of its own; its processes are moved into a control group named after its
unit, which is where hb reads units from. Nothing is started on this machine's own addresses, and all of it is taken
away again. Ports that only the test bed gives servers (KEPT_BELOW and more) are left out. It needs root, the packages
and cgroups v1 (the named hierarchy of systemd) or v2 to write into.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from typing import Any

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEPT_BELOW = 20000  # ports from here on are the test bed's, unless the kernel chose them
HOME = {"id": 4026531840, "name": "", "kind": "host"}
UNITS = {
    "apache": "apache2.service",
    "avahi": "avahi-daemon.service",
    "bind": "named.service",
    "chrony": "chrony.service",
    "cups": "cups.service",
    "dnsmasq": "dnsmasq.service",
    "dovecot": "dovecot.service",
    "exim": "exim4.service",
    "haproxy": "haproxy.service",
    "lighttpd": "lighttpd.service",
    "mariadb": "mariadb.service",
    "memcached": "memcached.service",
    "nginx": "nginx.service",
    "node_exporter": "prometheus-node-exporter.service",
    "openssh": "ssh.service",
    "openvpn": "openvpn-server@server.service",
    "pgbouncer": "pgbouncer.service",
    "postfix": "postfix@-.service",
    "postgresql": "postgresql@15-main.service",
    "redis": "redis-server.service",
    "rpcbind": "rpcbind.service",
    "snmpd": "snmpd.service",
    "spamd": "spamd.service",
    "unbound": "unbound.service",
}


def main() -> int:
    """Start the servers, look, write the inventory to stdout. Returns 1 where some did not come up."""
    sys.path[:0] = [TOP, os.path.join(TOP, "src")]
    from bench.testbed.bed import Bed  # on the path since a line ago

    made: list[str] = []
    try:
        with Bed(*UNITS, tell=lambda line: print(line, file=sys.stderr)) as bed:
            spaces = set()
            for name in bed.up:
                process = bed.cells[name].process
                if process is not None:
                    made.append(unit_folder(UNITS[name]))
                    move(process.pid, made[-1])
                    spaces.add(os.stat(f"/proc/{process.pid}/ns/net").st_ino)
            seen = look()
            failed = bool(bed.failed)
    finally:
        for folder in made:
            os.rmdir(folder)
        with contextlib.suppress(OSError):  # systemd's own, where there is systemd
            os.rmdir(os.path.dirname(made[0])) if made else None
    json.dump(told(seen, spaces), sys.stdout)
    print()
    return 1 if failed else 0


def unit_folder(unit: str) -> str:
    """A control group for a unit, where systemd would have it."""
    top = "/sys/fs/cgroup/systemd" if os.path.isdir("/sys/fs/cgroup/systemd") else "/sys/fs/cgroup"
    folder = os.path.join(top, "system.slice", unit)
    os.makedirs(folder)
    return folder


def move(pid: int, folder: str) -> None:
    """Put the descendants of a process into a control group; those that end meanwhile are not missed."""
    for child in below(pid):
        try:
            with open(os.path.join(folder, "cgroup.procs"), "w", encoding="ascii") as file:
                file.write(str(child))
        except OSError as error:
            print(f"pid {child}: {error.strerror}", file=sys.stderr)


def below(pid: int) -> list[int]:
    """The descendants of a process, by /proc/PID/task/TID/children (proc(5))."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                for child in map(int, file.read().split()):
                    found += [child, *below(child)]
    except OSError:
        pass  # it has ended
    return found


def look() -> dict[str, Any]:
    """What hb sees of this machine and all of its namespaces."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from hb_engine.faces.cli.main import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-I", "-S", "-c", code, os.path.join(TOP, "src"), "ls", "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def told(seen: dict[str, Any], spaces: set[int]) -> dict[str, Any]:
    """The openings of the servers' namespaces as if they were the host's own, without what differs from run to run."""
    kept = [one for one in seen["openings"] if one["netns"]["id"] in spaces and is_own(one)]
    host = {**seen["host"], "name": "servers", "kernel": "", "boot_id": "", "machine": "", "addresses": []}
    coverage = {**seen["coverage"], "gaps": []}
    return {**seen, "host": host, "coverage": coverage, "openings": [plain(one) for one in kept]}


def is_own(one: dict[str, Any]) -> bool:
    """Whether the server has this port of its own accord."""
    return one["port"] is None or one["port"] < KEPT_BELOW or one["ephemeral"]


def plain(one: dict[str, Any]) -> dict[str, Any]:
    """One opening, its owners cut to two."""
    owners = [{**owner, "parents": [], "cmdline": [], "origin": None} for owner in one["owners"][:2]]
    key = one["key"].rpartition("/")[0] + "/host"
    return {
        **one,
        "key": key,
        "netns": HOME,
        "owners": owners,
        "inodes": [],
        "registered": [],
        "notes": [],
        "verdict": None,
    }


if __name__ == "__main__":
    sys.exit(main())

"""What each tool would tell of a change: the same policy, as far as the tool can say it.

hb       hb.d, `hb check`
Wazuh    rule 533 of its default rules: netstat's output through the agent's own sed, an alarm where it differs
osquery  the differential results of its pack incident-response, `select * from listening_ports`: an alarm for each row
         that is added or removed. osquery is not packaged here: the rows are made from /proc, with its columns
ODK      osquery-defense-kit's query of unexpected listeners: its exceptions are keys (port, protocol, user, name), here
         those of the first look; UDP above 1024 is left out, as it is there; rows made as above
goss     goss 0.4, `goss validate`, run where it is installed: ports with addresses, and the processes that must run
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HB = [sys.executable, "-I", "-S", os.path.join(TOP, "hb_engine")]
RULES = """\
schema = "hb/1"

[[require]]
id = "web"
listen = "tcp/8080 on public"
by = "pkg:nginx* or exe:/usr/sbin/nginx"
speaks = "http"
why = "The shop"
owner = "web"
severity = "high"

[[require]]
id = "cache"
listen = "tcp/6379 on loopback"
by = "pkg:redis*"
speaks = "redis"
why = "Sessions"
owner = "web"

[[require]]
id = "memory"
listen = "tcp/11211 on loopback"
by = "exe:/usr/bin/memcached"
why = "Fragments of pages"
owner = "web"

[[require]]
id = "messages"
listen = "tcp/1883 on private"
by = "exe:/usr/sbin/mosquitto"
why = "Sensors"
owner = "iot"

[[require]]
id = "names"
listen = "tcp/5353 on loopback, udp/5353 on loopback"
by = "exe:/usr/sbin/dnsmasq"
why = "Names of containers"
owner = "net"

[[require]]
id = "shim"
listen = "tcp/7000 on loopback"
by = "exe:/usr/bin/socat*"
speaks = "http"
why = "Old clients"
owner = "web"

[[allow]]
id = "agent"
listen = "tcp/ephemeral on loopback"
by = "exe:*python3*"
why = "The agent's control port"
owner = "ops"

[[allow]]
id = "guest"
listen = "tcp/9999 on loopback"
by = "exe:/usr/bin/socat*"
why = "A migration"
owner = "ops"
until = 2026-01-31

[[allow]]
id = "backup"
listen = "tcp/8873 on loopback"
by = "exe:/usr/bin/socat*"
why = "The nightly copy"
owner = "ops"

[[window]]
name = "no hour at all this year"
rules = ["backup"]
start = 2020-01-01
end = 2020-01-02

[[forbid]]
id = "telnet"
listen = "tcp/23"
why = "Clear text"
owner = "security"
severity = "critical"
"""
# The agent's own command, as its default configuration has it (ossec.conf); rule 533 compares its output (check_diff).
WAZUH = r"""netstat -tulpn | sed 's/\([[:alnum:]]\+\)\ \+[[:digit:]]\+\ \+[[:digit:]]\+\ \+\(.*\):\([[:digit:]]*\)\ \+\([0-9\.\:\*]\+\).\+\ \([[:digit:]]*\/[[:alnum:]\-]*\).*/\1 \2 == \3 == \4 \5/' | sort -k 4 -g | sed 's/ == \(.*\) ==/:\1/' | sed 1,2d"""  # noqa: E501 -- as it is
GOSS = {
    "port": {
        "tcp:8080": {"listening": True, "ip": ["0.0.0.0"]},
        "tcp:6379": {"listening": True, "ip": ["127.0.0.1"]},
        "tcp:11211": {"listening": True, "ip": ["127.0.0.1"]},
        "tcp:1883": {"listening": True, "ip": ["10.20.30.40"]},
        "tcp:5353": {"listening": True, "ip": ["127.0.0.1"]},
        "udp:5353": {"listening": True, "ip": ["127.0.0.1"]},
        "tcp:7000": {"listening": True, "ip": ["127.0.0.1"]},
        "tcp:9999": {"listening": False},
        "tcp:8873": {"listening": False},
        "tcp:23": {"listening": False},
    },
    "process": {
        name: {"running": True} for name in ("nginx", "redis-server", "memcached", "mosquitto", "dnsmasq", "socat")
    },
    "http": {
        "http://127.0.0.1:8080/": {"status": 200, "timeout": 2000},
        "http://127.0.0.1:7000/": {"status": 200, "timeout": 2000},
    },
}

TABLES = (("tcp", "6", "0A"), ("tcp6", "6", "0A"), ("udp", "17", "07"), ("udp6", "17", "07"))


class Peers:
    """The first look of every tool, and what each makes of the second."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._prepare()
        self.netstat, self.rows = wazuh(), rows()
        self.known = {key(row) for row in self.rows if counts(row)}

    def _prepare(self) -> None:
        os.makedirs(os.path.join(self.folder, "hb.d"))
        with open(os.path.join(self.folder, "hb.d", "rules.toml"), "w", encoding="utf-8") as file:
            file.write(RULES)
        with open(os.path.join(self.folder, "goss.json"), "w", encoding="utf-8") as file:
            json.dump(GOSS, file)
        os.environ.update(XDG_STATE_HOME=self.folder, XDG_CACHE_HOME=self.folder, HB_HISTORY=f"{self.folder}/h.db")

    def told(self) -> dict[str, Any]:
        """What each tool tells now; None where it is not installed."""
        now = rows()
        fresh = {key(row) for row in now if counts(row)} - self.known
        return {
            "hb": hb(self.folder),
            "Wazuh 533": wazuh() != self.netstat,
            "osquery pack": now != self.rows,
            "ODK": bool(fresh),
            "goss": goss(self.folder),
        }


def hb(folder: str) -> list[str]:
    """The kinds of drift that hb check tells."""
    line = [*HB, "check", "--baseline", os.path.join(folder, "hb.d"), "--json"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode not in (0, 1, 2) or not done.stdout:
        raise RuntimeError(done.stderr)
    report = json.loads(done.stdout)
    if report["kind"] == "error":
        raise RuntimeError(report["message"])
    told = [one for one in report["verdicts"] if one["state"] == "drift"]
    return [one["difference"] for one in told]


def wazuh() -> str:
    """What rule 533 compares."""
    done = subprocess.run(["bash", "-c", WAZUH], capture_output=True, text=True, errors="replace", check=True)
    return done.stdout


def goss(folder: str) -> bool | None:
    """Whether goss fails; None where it is not installed."""
    program = shutil.which("goss")
    if program is None:
        return None
    line = [program, "-g", os.path.join(folder, "goss.json"), "validate", "--format", "silent"]
    return subprocess.run(line, capture_output=True, check=False).returncode != 0


def rows() -> set[tuple[str, ...]]:
    """osquery's listening_ports, from /proc: pid, port, protocol, family, address, fd, socket, path, user."""
    sockets = _holders()
    found: set[tuple[str, ...]] = set()
    for pid, space in _spaces().items():
        for table, protocol, state in (
            ("tcp", "6", "0A"),
            ("tcp6", "6", "0A"),
            ("udp", "17", "07"),
            ("udp6", "17", "07"),
        ):
            for line in _lines(f"/proc/{pid}/net/{table}"):
                words = line.split()
                if words[3] == state:
                    address, _, port = words[1].rpartition(":")
                    holder, fd, path, name = sockets.get(words[9], ("-1", "-1", "", ""))
                    family = "10" if table.endswith("6") else "2"
                    found.add(
                        (
                            holder,
                            str(int(port, 16)),
                            protocol,
                            family,
                            address,
                            fd,
                            words[9],
                            path,
                            words[7],
                            name,
                            space,
                        )
                    )
    return found


def key(row: tuple[str, ...]) -> tuple[object, ...]:
    """ODK's key of a listener: min(port, 32768), protocol, min(uid, 500), name."""
    return min(int(row[1]), 32768), row[2], min(int(row[8]), 500), row[9]


def counts(row: tuple[str, ...]) -> bool:
    """Whether ODK looks at a row: not at UDP above 1024, where clients are."""
    return row[2] == "6" or int(row[1]) <= 1024


def _spaces() -> dict[str, str]:
    """A process for each network namespace."""
    found: dict[str, str] = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            found.setdefault(os.readlink(f"/proc/{pid}/ns/net"), pid)
        except OSError:
            continue
    return {pid: space for space, pid in found.items()}


def _holders() -> dict[str, tuple[str, str, str, str]]:
    """pid, fd, path and name by a socket's inode."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for pid in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
        try:
            for fd in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{fd}")
                if target.startswith("socket:["):
                    with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                        name = file.read().strip()
                    found.setdefault(target[8:-1], (pid, fd, os.readlink(f"/proc/{pid}/exe"), name))
        except OSError:
            continue
    return found


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="ascii") as file:
            return file.readlines()[1:]
    except OSError:
        return []

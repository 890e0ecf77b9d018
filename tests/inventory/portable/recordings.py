"""Recordings for tests: whole machines from data/, and small ones in a few words."""

from __future__ import annotations

import json
import os
from typing import Any

DATA = os.path.join(os.path.dirname(__file__), "data")
MACHINES = {
    "macos_user": "darwin",
    "macos_root": "darwin",
    "windows_user": "windows",
    "windows_admin": "windows",
}
V6 = {"darwin": 30, "windows": 23, "linux": 10}
NOW = 1_795_300_000.0


def machine(name: str) -> Any:
    """The document of a recorded machine."""
    with open(os.path.join(DATA, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def document(system: str = "darwin", *connections: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A small machine: an ordinary process 7, and the given sockets."""
    made = {
        "format": "hb-psutil/1",
        "system": system,
        "host": "box",
        "release": "a release",
        "kernel": "1",
        "boot_time": NOW - 100,
        "psutil": "6.1.0",
        "privileged": True,
        "listed_at": NOW,
        "ephemeral": [49152, 65535],
        "interfaces": [[1, "lo0"], [11, "en0"]],
        "connections": list(connections),
        "denied": [],
        "processes": [process()],
    }
    return {**made, **changes}


def socket(address: str = "0.0.0.0", port: int = 80, **changes: Any) -> dict[str, Any]:
    """A TCP listener of process 7; the family follows from the address, of macOS unless `system` says otherwise."""
    family = V6[changes.pop("system", "darwin")] if ":" in address else 2
    made = {"fd": 5, "family": family, "type": 1, "laddr": [address, port], "raddr": [], "status": "LISTEN", "pid": 7}
    return {**made, **changes}


def udp(address: str = "0.0.0.0", port: int = 53, **changes: Any) -> dict[str, Any]:
    return socket(address, port, **{"type": 2, "status": "NONE", **changes})


def process(pid: int = 7, **changes: Any) -> dict[str, Any]:
    made = {
        "pid": pid,
        "name": "httpd",
        "exe": "/usr/sbin/httpd",
        "exe_there": True,
        "cmdline": ["httpd", "-D"],
        "username": "root",
        "uid": 0,
        "ppid": 1,
        "create_time": NOW - 50,
        "services": [],
    }
    return {**made, **changes}

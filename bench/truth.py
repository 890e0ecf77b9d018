"""Who sees which awkward socket, and who names its owner: hb, ss, lsof, netstat and psutil on the same traps.

The traps are tests/kit/traps.py, in a network namespace of their own; every tool runs in that namespace, as root, with
the options that show the most. A tool sees a socket when its port (or, for sockets without ports, its inode) stands in
the output; it names the owner when the holder's pid stands in the same row. Where a trap has several holders, one is
not enough.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Row = tuple[str, set[int]]  # the text of a row, and the pids in it

PSUTIL = """
import psutil
for one in psutil.net_connections("all"):
    if one.laddr and hasattr(one.laddr, "port"):
        print(f"port={one.laddr.port} pid={one.pid}")
"""
TOOLS: dict[str, list[list[str]]] = {
    "ss": [["ss", "-H", "-a", "-n", "-p", "-e", "-t", "-u", "-w", "-0", "-M", "--vsock", "--xdp", "-T"]],
    "lsof": [["lsof", "-nP"], ["lsof", "-nP", "-K"]],  # -K alone leaves out what has no threads
    "netstat": [["netstat", "-a", "-n", "-p", "-e", "--tcp", "--udp", "--udplite", "--raw"]],
    "psutil": [[sys.executable, "-c", PSUTIL]],
}


def rows(tool: str) -> list[Row]:
    """The rows of a peer's output with the pids it names."""
    found: list[Row] = []
    for command in TOOLS[tool]:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        found += [(line, _pids(tool, line)) for line in done.stdout.splitlines()]
    return found


def _pids(tool: str, line: str) -> set[int]:
    if tool == "lsof":
        fields = line.split()
        return {int(fields[1])} if len(fields) > 1 and fields[1].isdigit() else set()
    if tool == "netstat":
        return {int(pid) for pid in re.findall(r"\s(\d+)/", line)}
    return {int(pid) for pid in re.findall(r"pid=(\d+)", line)}


def of_hb(hb: list[str]) -> list[dict[str, Any]]:
    """The openings of hb ls --all --json."""
    done = subprocess.run([*hb, "ls", "--all", "--json"], capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)["openings"]
    return found


def seen_by_peer(tool: str, found: list[Row], port: int | None, inode: int) -> list[Row]:
    """The rows of a peer that can only be this socket."""
    marks = [rf"\bino:{inode}\b", rf"\b{inode}\b"] if port is None else [rf"[:\]=]{port}\b"]
    if port is not None and tool in ("ss", "lsof", "netstat"):
        marks.append(rf"\bino:{inode}\b")
    return [row for row in found if any(re.search(mark, row[0]) for mark in marks)]


def verdict(rows_seen: list[Row], holders: set[int]) -> str:
    """owner, seen, or - for one trap."""
    if not rows_seen:
        return "-"
    named = set().union(*[pids for _, pids in rows_seen])
    return "owner" if holders and holders <= named else "some owners" if holders & named else "seen"


def hb_verdict(openings: list[dict[str, Any]], inode: int, holders: set[int]) -> str:
    """The same for hb, by the inode."""
    rows_seen: list[Row] = [
        (one["key"], {owner["pid"] for owner in one["owners"]}) for one in openings if inode in one["inodes"]
    ]
    return verdict(rows_seen, holders)


def table(hb: list[str], work: Callable[..., Any]) -> list[str]:
    """Lines of a Markdown table. `work` is tests.kit.sockets.in_namespace."""
    answers: list[tuple[str, dict[str, str]]] = work(_measure, hb)
    names = ["hb", *TOOLS]
    lines = ["| socket | " + " | ".join(names) + " |", "|" + " --- |" * (len(names) + 1)]
    lines += [f"| {trap} | " + " | ".join(found[name] for name in names) + " |" for trap, found in answers]
    return lines


def _measure(hb: list[str]) -> list[tuple[str, dict[str, str]]]:
    from tests.kit.sockets import Lab
    from tests.kit.traps import TRAPS, raw_ip

    answers = []
    with Lab() as lab:
        holders = {trap: lab.start(trap) for trap in TRAPS}
        openings, found = of_hb(hb), {tool: rows(tool) for tool in TOOLS}
        for trap, holder in holders.items():
            if "missing" in holder.facts or trap.__name__ == "connected_udp":
                continue
            inode, port = holder.facts["inode"], holder.facts.get("port", 6 if trap is raw_ip else None)
            pids = {holder.pid, *holder.facts.get("children", ())}
            row = {tool: verdict(seen_by_peer(tool, found[tool], port, inode), pids) for tool in TOOLS}
            what = (trap.__doc__ or trap.__name__).splitlines()[0].rstrip(".")
            answers.append((what, {"hb": hb_verdict(openings, inode, pids), **row}))
    return answers


if __name__ == "__main__":
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, here)
    from tests.kit.sockets import in_namespace

    print("\n".join(table([os.path.join(here, "hb")], in_namespace)))

"""`python -m bench.alarms [measure] [--page FILE]`: every event in a world of its own; a table of alarms."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

from bench.alarms.events import EVENTS, Event, prepare
from bench.alarms.peers import TOP, Peers
from bench.alarms.world import NEEDS, World

UNSHARE = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--mount"]
PAGE = os.path.join(TOP, "docs", "benchmarks-alarms.md")
LIMIT = 180  # seconds for one event
TOOLS = ("hb", "Wazuh 533", "osquery pack", "ODK", "goss")


def inside(number: int) -> None:
    """In the namespaces: prepare, look, let it happen, ask everybody; the answers as a line of JSON."""
    world = World()
    try:
        prepare(world)
        peers = Peers(os.path.join(world.folder, "peers"))
        before = peers.told()
        EVENTS[number].happens(world)
        print(json.dumps({"before": before, "after": peers.told()}))
    finally:
        world.end()


def measured() -> list[tuple[Event, dict[str, Any]]]:
    """Every event's answers. Raises RuntimeError for one that did not happen."""
    found = []
    for number, event in enumerate(EVENTS):
        line = [*UNSHARE, sys.executable, "-m", "bench.alarms", "inside", str(number)]
        done = subprocess.run(line, capture_output=True, text=True, cwd=TOP, timeout=LIMIT, check=False)
        if done.returncode:
            raise RuntimeError(f"{event.name}: {done.stderr[-2000:]}")
        answers = json.loads(done.stdout.splitlines()[-1])
        if answers["before"]["hb"] or answers["before"]["goss"]:
            raise RuntimeError(f"{event.name}: an alarm before anything happened: {answers['before']}")
        print(f"{event.name:52} {answers['after']}", flush=True)
        found.append((event, answers["after"]))
    return found


def page(found: list[tuple[Event, dict[str, Any]]]) -> str:
    """The page, with the score of each tool."""
    shown = [tool for tool in TOOLS if any(answers[tool] is not None for _, answers in found)]
    lines = [
        "# Alarms: the same policy and the same events",
        "",
        "Written by `python -m bench.alarms`. Real servers (nginx, redis, memcached, mosquitto, dnsmasq) run in",
        "namespaces of their own; each event happens to a machine of its own. What each tool is given, and which of",
        "them are run for real, stands in bench/alarms/peers.py: hb, goss and Wazuh's command (netstat and sed) are;",
        "osquery is not packaged for this system, so its rows are made from /proc, with its columns.",
        "",
        f"| event | should | {' | '.join(shown)} |",
        f"|---|---|{'---|' * len(shown)}",
    ]
    for event, answers in found:
        cells = [_cell(tool, event, answers[tool]) for tool in shown]
        lines.append(f"| {event.name} | {'alarm' if event.alarm else 'quiet'} | {' | '.join(cells)} |")
    quiet, loud = [sum(event.alarm is alarm for event, _ in found) for alarm in (False, True)]
    false = [f"{sum(bool(a[tool]) and not e.alarm for e, a in found)} of {quiet}" for tool in shown]
    missed = [f"{sum(not a[tool] and e.alarm for e, a in found)} of {loud}" for tool in shown]
    named = sum(e.alarm and e.kind in (a["hb"] or ()) for e, a in found)
    lines += [f"| **false alarms** | | {' | '.join(false)} |", f"| **missed** | | {' | '.join(missed)} |", ""]
    lines += [f"hb names the kind of {named} of {loud} as it should; the others tell that something differs.", ""]
    return "\n".join(lines)


def _cell(tool: str, event: Event, told: Any) -> str:
    if told is None:
        return "not installed"
    words = ", ".join(sorted(set(told))) if tool == "hb" and told else "alarm" if told else "quiet"
    return words if bool(told) is event.alarm else f"**{words}**"


def main(words: list[str]) -> int:
    """Measure, or be one of the worlds."""
    if words[:1] == ["inside"]:
        inside(int(words[1]))
        return 0
    missing = [package for program, package in NEEDS.items() if not shutil.which(program)]
    if missing or os.geteuid() != 0:
        print(
            f"needs root, and {' '.join(missing) or 'nothing else'} (apt install {' '.join(missing)})", file=sys.stderr
        )
        return 2
    text = page(measured())
    with open(words[words.index("--page") + 1] if "--page" in words else PAGE, "w", encoding="utf-8") as file:
        file.write(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""make bench: hb against ss, lsof, netstat and psutil in the same run; writes docs/benchmarks.md.

Whole commands are timed, Python's start included, in turns. Every machine is made here and ends with the run: processes
in this session, listeners in a network namespace of their own. Needs root for the peers to show owners.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
sys.path.insert(0, TOP)

from tests.kit.sockets import in_namespace

from bench.machines import Crowd, Listeners, peak_memory
from bench.timing import Contest
from bench.truth import table

HB = os.path.join(TOP, "hb")
PYTHON = os.path.join(TOP, ".venv", "bin", "python")
PSUTIL = [PYTHON, "-c", "import psutil; psutil.net_connections('inet')"]
PEERS = {"ss -tulpn": ["ss", "-tulpn"], "lsof -nP -i": ["lsof", "-nP", "-i"], "netstat -tulpn": ["netstat", "-tulpn"]}
LISTING = {"hb ls --json": [HB, "ls", "--json"]}
REFUSED = "hb ls --json, BPF refused"
HEAD = "| command | median ms | best ms |\n| --- | --- | --- |"


def main() -> int:
    """Measure everything, write the page, print it."""
    if os.geteuid() != 0:
        print("make bench needs root: without it ss and lsof name no owners, and nothing is compared")
        return 2
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    parts = [head(rounds), crowd(rounds), quiet(rounds), port(rounds), curve(max(3, rounds // 3)), truth()]
    page = "\n\n".join(parts) + "\n"
    with open(os.path.join(TOP, "docs", "benchmarks.md"), "w", encoding="utf-8") as file:
        file.write(page)
    print(page)
    return 0


def head(rounds: int) -> str:
    """What was measured, on what, by which command."""
    versions = [_first_line(command) for command in (["ss", "-V"], ["lsof", "-v"], ["netstat", "-V"])]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"Linux {platform.release()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""# Benchmarks

Made by `make bench` on {day}: {machine}, as root. Peers: {"; ".join(filter(None, versions))}.

Whole commands are timed, Python's start included, {rounds} rounds in turns, output thrown away. hb's own memory of
package owners and kernel offsets is warm after the first rounds, which are not counted; so are the kernel's caches,
which the peers live on."""


def crowd(rounds: int) -> str:
    """3,000 processes with 20 descriptors each."""
    psutil = {"psutil.net_connections": PSUTIL}
    with Crowd(3000, 20):
        contest = Contest({**LISTING, REFUSED: LISTING["hb ls --json"], **PEERS, **psutil}, {REFUSED: {"HB_BPF": "no"}})
        contest.run(rounds)
        memory = peak_memory(LISTING["hb ls --json"])
    listed = contest.ratio("hb ls --json", "ss -tulpn")
    told = (
        f"`hb ls --json` takes **{listed:.2f}** of ss (goal 0.20) and"
        f" **{contest.ratio('hb ls --json', 'lsof -nP -i'):.2f}** of lsof (goal 0.10);"
        f" with BPF refused **{contest.ratio(REFUSED, 'ss -tulpn'):.2f}** of ss (goal 1.3)."
        f" Peak memory {memory / 1024:.1f} MiB (goal 40)."
    )
    return "\n".join(["## 3,000 processes with 20 descriptors each, 300 listeners\n", HEAD, *contest.rows(), "", told])


def quiet(rounds: int) -> str:
    """The machine as it is."""
    contest = Contest({**LISTING, **PEERS}).run(rounds)
    return "\n".join(["## A quiet machine\n", HEAD, *contest.rows(), "", "Goal for `hb ls --json`: 80 ms."])


def port(rounds: int) -> str:
    """hb port 1703, piped and on a terminal."""
    bare = "python3 -I -S -c pass"
    command = f"{HB} port 1703"
    piped, shown = "hb port 1703, piped", "hb port 1703, on a terminal"
    contest = Contest(
        {
            bare: [PYTHON, "-I", "-S", "-c", "pass"],
            piped: [HB, "port", "1703"],
            shown: ["script", "-qec", command, "/dev/null"],
            "script (makes the terminal)": ["script", "-qec", "true", "/dev/null"],
        },
        {shown: {"TERM": "xterm-256color"}},
    ).run(rounds)
    ratio = contest.ratio(piped, bare)
    told = f"Piped it takes **{ratio:.1f}** times a bare interpreter (goal 4); on a terminal the goal is 150 ms."
    return "\n".join(["## hb port 1703\n", HEAD, *contest.rows(), "", told])


def curve(rounds: int) -> str:
    """The cost of listeners."""
    lines = [
        "## The cost of listeners\n",
        "| listeners | hb ls --json ms | ss -tulpn ms | ratio | hb MiB |",
    ]
    lines.append("| --- | --- | --- | --- | --- |")
    lines += [in_namespace(_listeners, count, rounds) for count in (1000, 10_000, 60_000)]
    return "\n".join(lines)


def _listeners(count: int, rounds: int) -> str:
    with Listeners(count):
        contest = Contest({**LISTING, "ss -tulpn": PEERS["ss -tulpn"]}).run(rounds, warm=1)
        memory = peak_memory(LISTING["hb ls --json"])
    hb, ss = contest.median("hb ls --json") * 1e3, contest.median("ss -tulpn") * 1e3
    return f"| {count:,} | {hb:.0f} | {ss:.0f} | {hb / ss:.2f} | {memory / 1024:.0f} |"


def truth() -> str:
    """Who sees what."""
    told = (
        "`owner`: listed, and every holder named. `some owners`: not all of them. `seen`: listed without its owner."
        " `-`: not listed."
    )
    return "\n".join(["## Truth: awkward sockets\n", told, "", *table([HB], in_namespace)])


def _first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if any(c.isdigit() for c in line)]
    return lines[0] if lines else ""


if __name__ == "__main__":
    sys.exit(main())

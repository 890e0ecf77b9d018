"""make bench: hb serve under load, every port's page, and what pages weigh; writes docs/benchmarks-pages.md.

    python -m bench.pages                 everything; the pages of all ports in all languages take about half an hour
    python -m bench.pages --every 64      every 64th port
    python -m bench.pages --seconds 10    a shorter load

It runs inside namespaces of its own, on a small machine with real servers (bench/alarms/world.py).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import Any

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "src"), TOP]

from bench.alarms.world import World
from bench.pages import load, nu, peers, weight

PAGE = os.path.join(TOP, "docs", "benchmarks-pages.md")
INSIDE = "HB_BENCH_INSIDE"
RULES = """schema = "hb/1"
[[allow]]
id = "web"
listen = "tcp/80, tcp/443"
by = "exe:*nginx"
why = "The shop"
owner = "team-web"
"""
WEIGHED = (
    "/",
    "/map",
    "/machines",
    "/drift",
    "/baseline",
    "/register",
    "/ports",
    "/ports/1703",
    "/ports/80",
    "/search?q=ssh",
)
MADE = (
    "By `make bench` (`python -m bench.pages`), on {} with {} processors, Linux {}, Python {}. The load comes from the "
    "same machine."
)
LOAD = (
    "`hb serve` on a small machine with real servers, which it looks at every five seconds meanwhile; wrk asks for {} "
    "different pages and documents in turn, in six languages, over 20 connections, each of which waits a random time "
    "between an answer and its next question."
)
EVERY = (
    "Pages of ports by transport, in each language. Each is parsed by expat, which forgives nothing, with its ids, "
    "references, addresses and times; of each distinct skeleton (elements, attributes, closed vocabularies) one page "
    "is given to the Nu checker."
)


def every(step: int, tools: str) -> dict[str, Any]:
    """All pages, by as many processes as there are processors; what Nu says of each distinct skeleton."""
    count = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [sys.executable, "-m", "bench.pages.every"]
        children = [
            subprocess.Popen([*command, str(number * step), str(count * step), folder], stdout=subprocess.PIPE, cwd=TOP)
            for number in range(count)
        ]
        parts = [json.loads(child.communicate()[0]) for child in children]
        seconds = time.perf_counter() - start
        checked, wrong, problem = nu.check(folder, tools)
    statuses: Counter[str] = Counter()
    for part in parts:
        statuses.update(part["statuses"])
    return {
        "pages": sum(part["pages"] for part in parts),
        "bytes": sum(part["bytes"] for part in parts),
        "largest": max(part["largest"] for part in parts),
        "rendering": sum(part["rendering"] for part in parts),
        "statuses": dict(statuses),
        "faults": [fault for part in parts for fault in part["faults"]],
        "skeletons": len(set().union(*[part["skeletons"] for part in parts])),
        "seconds": seconds,
        "checked": checked,
        "wrong": wrong,
        "problem": problem,
    }


def loaded(seconds: int) -> dict[str, Any]:
    """hb serve at 200 requests a second, while it looks every five seconds; and as fast as it goes."""
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "hb.d")
        os.mkdir(rules)
        with open(os.path.join(rules, "web.toml"), "w", encoding="utf-8") as file:
            file.write(RULES)
        environment = {"HB_BASELINE": rules, "HB_HISTORY": os.path.join(folder, "history.db")}
        subprocess.run([sys.executable, "-m", "hb_engine", "record", "--quiet"], check=True,
                       env={**os.environ, **environment, "PYTHONPATH": os.path.join(TOP, "src")})  # fmt: skip
        served = load.Served("--every", "5", environment=environment)
        try:
            served.wait()
            load.measure(served, rate=100, seconds=5)
            steady = load.measure(served, rate=200, seconds=seconds)
            full = load.measure(served, rate=0, seconds=max(5, seconds // 3))
            weights = {path: weight.weigh(served, path) for path in WEIGHED}
        finally:
            status = served.end()
    return {"steady": steady, "full": full, "weights": weights, "status": status}


def page(load_: dict[str, Any], pages: dict[str, Any] | None) -> str:
    """The page of figures."""
    steady, full = load_["steady"], load_["full"]
    lines = [
        "# Pages, measured",
        "",
        MADE.format(platform.machine(), os.cpu_count(), platform.release(), platform.python_version()),
        "",
        "## Under load",
        "",
        LOAD.format(len(load.PATHS)),
        "",
        "| | asked a second | p50 ms | p90 ms | p99 ms | p99.9 ms | max ms | errors |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
        _row("200 requests a second", steady),
        _row("as fast as it goes", full),
        "",
        "The goal is a p99 under 25 ms at 200 requests a second.",
        "",
        "## What a first visit weighs",
        "",
        "Bytes that travel for HTML, style and scripts, not compressed, without pictures. The goal is under 100 kB.",
        "",
        "| page | HTML | with style and scripts |",
        "| --- | --: | --: |",
        *[f"| `{path}` | {html:,} | {html + rest:,} |" for path, (html, rest) in load_["weights"].items()],
        "",
    ]
    return "\n".join([*lines, *(_every(pages) if pages else []), *peers.table()])


def _row(name: str, found: dict[str, Any]) -> str:
    wrong = found["errors"] + found["not2xx"]
    times = " | ".join(f"{found[key]:.1f}" for key in ("p50", "p90", "p99", "p999", "max"))
    return f"| {name} | {found['rate']:.0f} | {times} | {wrong} |"


def _every(found: dict[str, Any]) -> list[str]:
    nu_told = found["problem"] or f"{found['checked']} pages checked, {len(found['wrong'])} messages"
    return [
        "## Every port's page",
        "",
        EVERY,
        "",
        "| what | found |",
        "| --- | --: |",
        f"| pages asked | {found['pages']:,} |",
        f"| answered with 200 | {found['statuses'].get('200', 0):,} |",
        f"| with any fault | {len(found['faults']):,} |",
        f"| distinct skeletons | {found['skeletons']:,} |",
        f"| Nu checker | {nu_told} |",
        f"| largest page, bytes | {found['largest']:,} |",
        f"| milliseconds a page, of one processor | {found['rendering'] / found['pages'] * 1e3:.2f} |",
        f"| minutes for all | {found['seconds'] / 60:.1f} |",
        "",
    ]


def main(line: list[str]) -> int:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="ask for every Nth port; 0 leaves them out")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--tools", default=os.path.join(tempfile.gettempdir(), "hb-bench-pages"))
    parser.add_argument("--page", default="")
    asked = parser.parse_args(line)
    if not os.environ.get(INSIDE):
        nu.fetch(asked.tools, nu.PACKAGE)  # where that fails, the page says so
        command = [
            "unshare",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "--mount",
            sys.executable,
            "-m",
            "bench.pages",
        ]
        return subprocess.run([*command, *line], env={**os.environ, INSIDE: "1"}, cwd=TOP, check=False).returncode
    world = World()
    try:
        world.begin()
        under = loaded(asked.seconds)
    finally:
        world.end()
    print(json.dumps(under, indent=1))
    pages = every(asked.every, asked.tools) if asked.every else None
    if pages:
        print(json.dumps({**pages, "faults": pages["faults"][:20], "wrong": pages["wrong"][:20]}, indent=1))
    if asked.page:
        with open(asked.page, "w", encoding="utf-8") as file:
            file.write(page(under, pages))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

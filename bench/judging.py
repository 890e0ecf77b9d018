"""make bench: a fleet's openings held against rules, and one host's; writes docs/benchmarks-judging.md.

The fleet is bench/fleet.py's: every host and every opening another, drift planted where it is known, and every word
checked against the one that was planned. What a fleet's machines send is unpickled from bytes as it would come, and
that is timed apart; what is timed as judging begins with records and ends with words. Children do the work and tell
what they took, so that peaks of memory are theirs alone.
"""

from __future__ import annotations

import gc
import io
import json
import os
import pickle
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TOP, "src"), TOP]

from bench import fleet

PAGE = os.path.join(TOP, "docs", "benchmarks-judging.md")
HOSTS, RULES = 100_000, 2000
Found = dict[str, Any]  # what a child tells
STEP = 50  # hosts that are in memory at a time
ONCE = 15  # fresh processes, for what one host takes
CURVE_RULES = (20, 200, 2000, 20_000, 100_000)
CURVE_HOSTS = (1, 10, 100, 1000, 10_000)


# -- children ------------------------------------------------------------------------------------------------------


def part(first: int, last: int, rules: int, unique: bool) -> Found:
    """Judge the hosts from one number to another; seconds by what they went into, and words."""
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.baseline.deciding.rules import Rules

    baseline = fleet.baseline(rules, unique=unique)
    gc.disable()  # as hb does
    clock = time.perf_counter
    start = clock()
    ready = Rules(baseline, fleet.NOW)
    made = read = cpu = 0.0
    judged = clock() - start
    words: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    wrong = openings = 0
    for begin in range(first, last, STEP):
        end = min(last, begin + STEP)
        start = clock()
        data = io.BytesIO(fleet.stream(begin, end, unique=unique))
        made += clock() - start
        start = clock()
        hosts = [pickle.load(data) for _ in range(begin, end)]  # noqa: S301 (made here, a line above)
        read += clock() - start
        start, busy = clock(), time.process_time()
        said = [(Decider(baseline, host, fleet.NOW, shared=ready), found) for host, found in hosts]
        told = [[decider.decide(opening).word for opening, _ in found] for decider, found in said]
        judged += clock() - start
        cpu += time.process_time() - busy
        for (_, found), host_words in zip(hosts, told, strict=True):
            plan = [word for _, word in found]
            words.update(host_words)
            planned.update(plan)
            wrong += rules >= fleet.LEAST and sum(one != other for one, other in zip(plan, host_words, strict=True))
            openings += len(plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "made": made,
        "read": read,
        "judged": judged,
        "cpu": cpu,
        "openings": openings,
        "words": words,
        "planned": planned,
        "wrong": wrong,
        "peak": peak,
    }


def ways(rules: int) -> Found:
    """Microseconds for each opening in three ways: every rule held, found by an index, and remembered words besides."""
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.baseline.deciding.rules import Rules

    baseline = fleet.baseline(rules)
    gc.disable()
    found = {}
    for way, hosts in (("walk", 3), ("index", 150), ("memory", 150)):
        data = io.BytesIO(fleet.stream(0, hosts))
        seen = [pickle.load(data) for _ in range(hosts)]  # noqa: S301 (made here, a line above)
        ready = Rules(baseline, fleet.NOW)
        ready.memory.can_remember = way == "memory"
        start = time.perf_counter()
        for host, openings in seen:
            decider = Decider(baseline, host, fleet.NOW, shared=ready)
            decide = decider.explain if way == "walk" else decider.decide
            for opening, _ in openings:
                decide(opening)
        found[way] = (time.perf_counter() - start) / (hosts * fleet.OPENINGS) * 1e6
    return found


def reports(hosts: int, rules: int) -> Found:
    """What hb check makes of a fleet: whole reports, one after the other, with everything that differs."""
    from hb_engine.baseline.deciding.decide import Decider
    from hb_engine.baseline.deciding.rules import Rules
    from hb_engine.judge.drift import report
    from hb_engine.model.baseline import Lock
    from hb_engine.model.inventory import Coverage, Inventory

    baseline = fleet.baseline(rules)
    gc.disable()
    ready = Rules(baseline, fleet.NOW)
    took, verdicts = 0.0, 0
    for begin in range(0, hosts, STEP):
        data = io.BytesIO(fleet.stream(begin, begin + STEP))
        seen = [pickle.load(data) for _ in range(STEP)]  # noqa: S301 (made here, a line above)
        looks = [Inventory(host, fleet.NOW, Coverage(True), tuple([one for one, _ in found])) for host, found in seen]
        start = time.perf_counter()
        for look in looks:
            decider = Decider(baseline, look.host, fleet.NOW, shared=ready)
            verdicts += len(report(look, decider, Lock()).verdicts)
        took += time.perf_counter() - start
    return {"us": took / (hosts * fleet.OPENINGS) * 1e6, "verdicts": verdicts, "hosts": hosts}


def cold(rules: int, text: str) -> Found:
    """One host's openings in a process that has judged nothing yet: milliseconds with everything that it takes."""
    host, openings = pickle.loads(fleet.stream(7, 8))  # noqa: S301 (made here)
    baseline = None if text else fleet.baseline(rules)
    clock = time.perf_counter
    start = clock()
    if baseline is None:
        from hb_engine.baseline.language.parse import read

        files = []
        for name in sorted(os.listdir(text)):
            with open(os.path.join(text, name), encoding="utf-8") as file:
                files.append((name, file.read()))
        parsed = read(files, lambda _: None)
        baseline = parsed.baseline
        errors = [problem for problem in parsed.problems if problem.level == "error"]
        assert not errors, errors[:3]
    parsing = clock() - start
    from hb_engine.baseline.deciding.decide import Decider

    decider = Decider(baseline, host, fleet.NOW)
    words = [decider.decide(opening).word for opening, _ in openings]
    took = clock() - start
    assert rules < fleet.LEAST or words == [word for _, word in openings], Counter(words)
    return {"ms": took * 1000, "parsing": parsing * 1000, "rules": len(baseline.rules)}


# -- the parent ----------------------------------------------------------------------------------------------------


def child(*words: object) -> subprocess.Popen[str]:
    """This file again, to do one part."""
    command = [sys.executable, os.path.abspath(__file__), "child", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def told(started: subprocess.Popen[str]) -> Found:
    """What a child tells at its end."""
    said = started.communicate()[0]
    if started.returncode:
        raise SystemExit(f"a part of the measurement failed: {started.args!r}")
    found: Found = json.loads(said)
    return found


def whole(hosts: int, rules: int, processes: int, *, unique: bool = False) -> Found:
    """A fleet judged by some processes at a time; seconds of the slowest, and memory of all."""
    edges = [hosts * number // processes for number in range(processes + 1)]
    start = time.perf_counter()
    running = [child("part", a, b, rules, int(unique)) for a, b in pairwise(edges)]
    parts = [told(each) for each in running]
    wall = time.perf_counter() - start
    sums = {name: max(each[name] for each in parts) for name in ("made", "read", "judged")}
    words: Counter[str] = Counter()
    for each in parts:
        words.update(each["words"])
    return {
        **sums,
        "cpu": sum(each["cpu"] for each in parts),
        "wall": wall,
        "openings": sum(each["openings"] for each in parts),
        "wrong": sum(each["wrong"] for each in parts),
        "peak": sum(each["peak"] for each in parts) + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "words": words,
    }


def one(rules: int, text: str = "") -> list[Found]:
    """One host in fresh processes, one after the other."""
    return [told(child("cold", rules, text)) for _ in range(ONCE)]


def row(name: str, found: Found) -> str:
    """A fleet as a line of a table."""
    each = found["cpu"] / found["openings"] * 1e6
    return (
        f"| {name} | {found['openings']:,} | {found['judged']:.2f} | {found['cpu']:.2f} | {each:.1f} "
        f"| {found['read']:.2f} | {found['peak'] / 1024:.0f} | {found['wrong']} |"
    )


HEAD = (
    "| load | openings | judging s | processor s | us each | unpickling s | peak MiB, all processes | wrong words |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def main() -> int:
    """Measure everything, write the page, print it."""
    hosts = int(sys.argv[1]) if len(sys.argv) > 1 else HOSTS
    cores = os.cpu_count() or 1
    text = written(RULES)
    full = whole(hosts, RULES, cores)
    never = whole(hosts // 10, RULES, cores, unique=True)
    single = whole(hosts // 20, RULES, 1)
    records, files = one(RULES), one(RULES, text)
    rules = [(count, whole(200, count, 1), one(count)) for count in CURVE_RULES]
    crowds = [(count, whole(count, RULES, 1)) for count in CURVE_HOSTS if count < hosts]
    shutil.rmtree(text)
    page = "\n\n".join(
        [
            head(),
            fleets(hosts, cores, full, never, single),
            alone(records, files),
            three_ways(told(child("ways", RULES)), told(child("reports", max(STEP, hosts // 100), RULES))),
            curve_of_rules(rules),
            curve_of_hosts(crowds),
        ]
    )
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page + "\n")
    print(page)
    return 0


def written(rules: int) -> str:
    """The fleet's baseline as a folder of files."""
    import tempfile

    from hb_engine.baseline.blocks import block, condition
    from hb_engine.model.record import replace

    folder = tempfile.mkdtemp(prefix="hb-bench-")
    found = fleet.baseline(rules)
    with open(os.path.join(folder, "fleet.toml"), "w", encoding="utf-8") as file:
        file.write('schema = "hb/1"\n\n[defaults]\nrequire = []\n\n')
        for role in found.roles:
            chosen = f'when = "{condition(role.when)}"' if role.when else 'hosts = ["*"]'
            file.write(f'[[role]]\nname = "{role.name}"\n{chosen}\n\n')
        file.write('[[window]]\nname = "nightly"\nrules = ["night"]\nevery = "Mon-Sun 01:00-04:00 UTC"\n\n')
        file.write("\n".join([block(replace(rule, by_text="")) for rule in found.rules]))
    return folder


def head() -> str:
    """What was measured, on what, by which command."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"Linux {platform.release()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""# Benchmarks of judging

Made by `make bench` on {day}: {machine}.

The fleet is made up by `bench/fleet.py`: {fleet.SERVICES} services in {fleet.ROLES} roles, of which a host has up to
three; {fleet.OPENINGS} openings each, with pids, inodes, start times, addresses, package versions and containers of
their own, ephemeral ports among them; two in a thousand openings are planted drift of six kinds. Every word is checked
against the one that was planned. Records are unpickled from bytes, which is timed apart; judging begins with records
and ends with words."""


def fleets(hosts: int, cores: int, full: Found, never: Found, single: Found) -> str:
    """The figures of fleets."""
    counts = ", ".join(f"{count:,} {word}" for word, count in sorted(full["words"].items(), key=lambda each: -each[1]))
    return "\n".join(
        [
            f"## {hosts:,} hosts against {RULES:,} rules\n",
            HEAD,
            row(f"{hosts:,} hosts, {cores} processes", full),
            row(f"{hosts // 20:,} hosts, one process", single),
            row(f"{hosts // 10:,} hosts of which no opening is like another, {cores} processes", never),
            "",
            f"Words: {counts}.",
            "",
            f"With making and unpickling the records the whole run took {full['wall']:.0f} s. Where no opening is like",
            "another, no word is ever found again: a rule asks for a name that every process has another of.",
            "",
            "Judging is the slowest process's time on the clock; what all had of the processor stands beside.",
            "Goal: at most 60 s and 2,048 MiB for 100,000 hosts.",
        ]
    )


def alone(records: list[Found], files: list[Found]) -> str:
    """The figures of one host."""
    lines = [f"## One host of {fleet.OPENINGS} openings, in a fresh process\n"]
    lines += ["| from | rules | median ms | worst ms | of it reading |", "| --- | --- | --- | --- | --- |"]
    for name, runs in (("records", records), ("the text of hb.d", files)):
        times = [run["ms"] for run in runs]
        parsing = statistics.median(run["parsing"] for run in runs)
        lines.append(
            f"| {name} | {runs[0]['rules']:,} | {statistics.median(times):.1f} | {max(times):.1f} | {parsing:.1f} |"
        )
    return "\n".join(
        [*lines, "", f"{ONCE} processes each; imports are counted, Python's start is not. Goal: below 50 ms."]
    )


def three_ways(each: Found, whole_reports: Found) -> str:
    """What the index and the memory are worth, and what is made of words."""
    made = f"whole reports of {whole_reports['hosts']:,} hosts, as `hb check` makes them"
    return "\n".join(
        [
            f"## Ways to a word, {RULES:,} rules, one process\n",
            "| way | us an opening |",
            "| --- | --- |",
            f"| every rule held against every opening (what `hb explain` does) | {each['walk']:.0f} |",
            f"| rules found by place and owner | {each['index']:.1f} |",
            f"| the same, and words remembered by what they depend on | {each['memory']:.1f} |",
            f"| {made} | {whole_reports['us']:.1f} |",
            "",
            "Each begins with nothing remembered. A report adds what lock, history and judge say, and a list of rules.",
        ]
    )


def curve_of_rules(found: list[tuple[int, Found, list[Found]]]) -> str:
    """As rules grow."""
    lines = ["## As rules grow\n", "| rules | one host, cold, ms | 200 hosts, us an opening | peak MiB |"]
    lines.append("| --- | --- | --- | --- |")
    for count, crowd, single in found:
        cold_ms = statistics.median(run["ms"] for run in single)
        each = crowd["judged"] / crowd["openings"] * 1e6
        lines.append(f"| {count:,} | {cold_ms:.1f} | {each:.1f} | {crowd['peak'] / 1024:.0f} |")
    return "\n".join(
        [
            *lines,
            "",
            "Making all rules ready is counted in both. With fewer than the fleet needs, words are not checked.",
        ]
    )


def curve_of_hosts(found: list[tuple[int, Found]]) -> str:
    """As hosts grow."""
    lines = [f"## As hosts grow, {RULES:,} rules, one process\n", HEAD]
    lines += [row(f"{count:,} hosts", crowd) for count, crowd in found]
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        kind, *words = sys.argv[2:]
        if kind == "part":
            result = part(int(words[0]), int(words[1]), int(words[2]), words[3] == "1")
        elif kind == "cold":
            result = cold(int(words[0]), words[1] if len(words) > 1 else "")
        else:
            result = ways(int(words[0])) if kind == "ways" else reports(int(words[0]), int(words[1]))
        print(json.dumps(result))
        raise SystemExit(0)
    raise SystemExit(main())

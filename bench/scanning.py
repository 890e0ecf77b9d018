"""make bench: hb scan against nmap and masscan over veth, in the same run; writes docs/benchmarks-scan.md.

Whole commands are timed, Python's start included, in turns. A run in which a scanner misses an open port is counted,
since a fast answer that is not true is none. Needs root. The test bed of real servers is measured by bench/testbed.
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from xml.etree import ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
sys.path.insert(0, TOP)

from bench.networks import NEAR_ADDRESS, Network, near, sample

HB = os.path.join(TOP, "hb")
OPEN = sample(200)
RATES = (1_000_000, 300_000, 100_000, 30_000)  # of masscan, the fastest first
SPARE = "10.97.200.200"  # an address that is nobody's: at the machine's own, its kernel resets what masscan begins
WAIT = 1  # seconds that masscan waits for late answers, instead of ten
PATIENCE = 60  # seconds, after which a peer is ended


class Runs:
    """Wall times of one scanner in one place, and what it missed or made up."""

    def __init__(self, name: str) -> None:
        self.name, self.times = name, list[float]()
        self.missed, self.invented, self.given_up = 0, 0, 0

    def add(self, took: float, found: set[tuple[str, int]], wanted: set[tuple[str, int]]) -> None:
        self.times.append(took)
        self.missed += len(wanted - found)
        self.invented += len(found - wanted)

    @property
    def median(self) -> float:
        return statistics.median(self.times) if self.times else float("nan")

    def row(self, base: Runs | None) -> str:
        if self.given_up and not self.times:
            return f"| {self.name} | over {PATIENCE} | | | |"
        ratio = f"{base.median / self.median:.2f}" if base and base is not self and base.times else ""
        return (
            f"| {self.name} | {self.median:.2f} | {min(self.times):.2f} to {max(self.times):.2f} "
            f"| {self.missed} missed, {self.invented} made up in {len(self.times)} | {ratio} |"
        )


def hb(addresses: list[str], runs: Runs, wanted: set[tuple[str, int]], *more: str) -> None:
    """One scan by hb."""
    command = near([HB, "scan", "-p", "all", "--no-identify", "--yes", "--json", *more, *addresses])
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    took = time.perf_counter() - start
    document = json.loads(done.stdout)
    found = {
        (host["address"], port["port"])
        for host in document["hosts"]
        for port in host["ports"]
        if port["state"] == "open"
    }
    runs.add(took, found, wanted)


def nmap(addresses: list[str], runs: Runs, wanted: set[tuple[str, int]]) -> None:
    """One scan by nmap."""
    command = near(["nmap", "-n", "-Pn", "-sS", "-p-", "-oX", "-", *addresses])
    start = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        runs.given_up += 1
        return
    took = time.perf_counter() - start
    found = set()
    for host in ET.fromstring(done.stdout).iter("host"):  # noqa: S314 -- nmap's own, of this run
        address = next(one.attrib["addr"] for one in host.iter("address") if one.attrib["addrtype"] == "ipv4")
        for port in host.iter("port"):
            if next(port.iter("state")).attrib["state"] == "open":
                found.add((address, int(port.attrib["portid"])))
    runs.add(took, found, wanted)


def masscan(addresses: list[str], runs: Runs, wanted: set[tuple[str, int]], hardware: str, rate: int) -> None:
    """One scan by masscan, which has to be told where the target is on the link."""
    words = [
        "masscan",
        "-p1-65535",
        "--rate",
        str(rate),
        "--wait",
        str(WAIT),
        "-e",
        "hbb0",
        "--source-ip",
        SPARE,
    ]
    command = near([*words, "--router-mac", hardware, "-oL", "-", *addresses])
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    took = time.perf_counter() - start
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("open")]
    runs.add(took, {(words[3], int(words[2])) for words in lines}, wanted)


def best_masscan(addresses: list[str], wanted: set[tuple[str, int]], hardware: str) -> Runs:
    """masscan at the fastest of RATES at which three runs miss nothing; at the slowest, if it misses some there."""
    for rate in RATES:
        runs = Runs(f"masscan --rate {rate:,} --wait {WAIT}")
        for _ in range(3):
            masscan(addresses, runs, wanted, hardware, rate)
            if runs.missed:
                break
        if not runs.missed:
            return runs
    return runs


COLUMNS = "| scanner | median s | range s | open ports in all runs | hb takes of it |"
HEAD = f"{COLUMNS}\n| --- | --- | --- | --- | --- |"


def one_host(rounds: int) -> str:
    """65,535 ports of one host."""
    with Network(1, OPEN) as network:
        return _contest("65,535 TCP ports of one host, 200 open", network, network.addresses, rounds,
                        "Goal: 0.7 of nmap, 0.3 of masscan, no port missed in 20 runs.", peers=True)  # fmt: skip


def many_hosts(rounds: int) -> str:
    """65,535 ports of 16 hosts."""
    with Network(16, OPEN) as network:
        return _contest("65,535 TCP ports of 16 hosts", network, network.addresses, rounds,
                        "Goal: at most 0.35 of nmap.")  # fmt: skip


def hard_ways(rounds: int, peers: int) -> list[str]:
    """Loss, delay, and limited resets."""
    sections = []
    with Network(1, OPEN) as network:
        network.loss(2)
        sections.append(_contest("2 % of packets lost each way", network, network.addresses, rounds,
                                 "Goal: no open port missed in 20 runs.", nmaps=peers))  # fmt: skip
        network.rules("", "tcp flags & rst == rst limit rate over 2000/second drop")
        sections.append(_contest("A target that sends 2,000 resets a second at most", network, network.addresses,
                                 rounds, "Goal: no open port missed in 20 runs.", nmaps=1))  # fmt: skip
        network.limited_refusals(300, 3)
        sections.append(_contest("300 resets a second at most, and 3 % lost each way", network, network.addresses,
                                 rounds, f"nmap is ended after {PATIENCE} s.", nmaps=1))  # fmt: skip
        network.rules()
        address = network.delay(20)
        sections.append(_contest("20 ms of delay each way, by a relay", network, [address], rounds,
                                 "Goal: no open port missed in 20 runs.", nmaps=peers))  # fmt: skip
    return sections


def _contest(
    title: str,
    network: Network,
    addresses: list[str],
    rounds: int,
    goal: str,
    *,
    peers: bool = False,
    nmaps: int | None = None,
) -> str:
    wanted = {(address, port) for address in addresses for port in OPEN}
    ours, theirs = Runs("hb scan -p all --no-identify"), Runs("nmap -n -Pn -sS -p-")
    for number in range(rounds):
        hb(addresses, ours, wanted)
        if number < (rounds if nmaps is None else nmaps):
            nmap(addresses, theirs, wanted)
    every = [ours, theirs]
    if peers:
        every.append(best_masscan(addresses, wanted, network.hardware()))
    print(title, [run.row(None) for run in every], flush=True)
    rows = [ours.row(None), *[_against(ours, run) for run in every[1:]]]
    return "\n".join([f"## {title}\n", HEAD, *rows, "", goal])


def _against(ours: Runs, peer: Runs) -> str:
    return peer.row(ours)


def speed(rounds: int) -> str:
    """Packets a second, where the far end drops all of them."""
    with Network(1) as network:
        network.rules("drop")
        rows = [f"| hb's packet line, two rings | {_ours(network, rounds):,.0f} |"]
        rows.append(f"| masscan, --rate 10,000,000 | {_masscan_rate(network):,.0f} |")
        rows.append(f"| zmap, --rate=0 | {_zmap_rate(network):,.0f} |")
    head = "| sender | packets a second |\n| --- | --- |"
    told = (
        "hb's line sends at this rate only where answers show that nothing is lost; where nothing answers, as here, a "
        "scan keeps to 50,000 a second on the link and 10,000 beyond."
    )
    return "\n".join(["## Packets a second, all dropped at the far end\n", head, *rows, "", told])


def _ours(network: Network, rounds: int) -> float:
    code = os.path.join(HERE, "send.py")
    told = [
        subprocess.run(near([sys.executable, code, network.addresses[0]]), capture_output=True, text=True, check=True)
        for _ in range(max(3, rounds // 4))
    ]
    return statistics.median(float(one.stdout) for one in told)


def _masscan_rate(network: Network) -> float:
    words = ["masscan", "-p1-16", "--rate", "10000000", "--wait", "0", "-e", "hbb0", "--source-ip", NEAR_ADDRESS]
    command = near([*words, "--router-mac", network.hardware(), "10.97.0.0/16"])
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return 65536 * 16 / (time.perf_counter() - start)


def _zmap_rate(network: Network) -> float:
    words = ["zmap", "-p", "80", "-i", "hbb0", "-G", network.hardware(), "-S", NEAR_ADDRESS, "--rate=0", "-c", "0"]
    more = ["-b", "/dev/null", "-o", "/dev/null", "-P", "8", "10.97.0.0/16"]
    done = subprocess.run(near([*words, *more]), capture_output=True, text=True, check=False, timeout=120)
    sent = re.findall(r"send: (\d+) .*?\(([\d.]+) ?([KMG]?)p/s avg\)", done.stderr)
    done_lines = [line for line in sent if line]
    if not done_lines:
        return float("nan")
    _, rate, unit = done_lines[-1]
    return float(rate) * {"": 1, "K": 1e3, "M": 1e6, "G": 1e9}[unit]


def head(rounds: int) -> str:
    """What was measured, on what."""
    versions = []
    for command in (["nmap", "--version"], ["masscan", "--version"], ["zmap", "--version"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if any(c.isdigit() for c in line)]
        versions += lines[:1]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"Linux {platform.release()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""# Benchmarks of hb scan

Made by `make bench` on {day}: {machine}, as root. Peers: {"; ".join(versions)}.

Scanner and target are two network namespaces on one machine with a veth pair between them: the target's answers are
made on the same cores. Whole commands are timed, {rounds} rounds in turns."""


def main() -> int:
    """Measure everything, write the page, print it."""
    if os.geteuid() != 0:
        print("make bench needs root: scanners of packets do")
        return 2
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    parts = [head(rounds), one_host(rounds), many_hosts(max(3, rounds // 4)), *hard_ways(rounds, 1)]
    parts.append(speed(rounds))
    page = "\n\n".join(parts) + "\n"
    with open(os.path.join(TOP, "docs", "benchmarks-scan.md"), "w", encoding="utf-8") as file:
        file.write(page)
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""hb scan against nmap -sV on the test bed: names, versions, time, strange ports, and what must not receive a byte.

nmap runs as a person would run it, once over all hosts with every port that any of them has; and in the way that is
kindest to it, one nmap a host, each with that host's own ports, many at once. The faster of the two is its time; for
names and versions the better. hb is run in both forms too. All run in the scanner's namespace, on the same bed,
one after the other, and what raw ports received is looked at after each.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from bench.testbed.bed import TOP, Bed, version_of
from bench.testbed.sayings import Saying, of_hb, of_nmap
from bench.testbed.scoring import NONE, RIGHT, Port, Row, Score, rows, total, worse_elsewhere
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from bench.testbed.bed import Standing

    Scanner: TypeAlias = Callable[[list[str], list[Port]], dict[tuple[str, str, int], Saying]]

HB = os.path.join(TOP, "hb")
AT_ONCE = 64
LONGEST = 3600.0  # seconds


@record
class Run:
    """One scanner over the whole bed. `touched` are the raw ports that received bytes, with how many."""

    scanner: str
    seconds: float
    judged: tuple[Row, ...]
    touched: tuple[tuple[str, int], ...]
    dead: tuple[str, ...]  # servers that ended while it ran

    @property
    def score(self) -> Score:
        """Its rows summed up."""
        return total(list(self.judged))


@record
class Measured:
    """Everything of one measurement. `failed` are servers that did not come up, with the reason."""

    servers: int
    runs: tuple[Run, ...]
    failed: tuple[tuple[str, str], ...]

    def run(self, scanner: str) -> Run:
        """The run of hb, nmap, or nmap by host. Raises KeyError."""
        return {run.scanner: run for run in self.runs}[scanner]

    @property
    def peer(self) -> Run:
        """nmap's faster run."""
        return min((run for run in self.runs if run.scanner.startswith("nmap")), key=lambda run: run.seconds)

    @property
    def ratio(self) -> float:
        """hb's time as a part of nmap's, in its faster form."""
        return self.run("hb").seconds / self.peer.seconds

    def told(self) -> list[str]:
        """hb's time against each form of nmap, and against its own by host, where both were run."""
        took = {run.scanner: run.seconds for run in self.runs}
        pairs = (("hb", "nmap"), ("hb", "nmap by host"), ("hb by host", "nmap by host"))
        return [
            f"{one} takes **{took[one] / took[other]:.2f}** of the time of {other}."
            for one, other in pairs
            if one in took and other in took
        ]


def ports_of(standing: Standing) -> list[Port]:
    """What is true of each port of a server that is up."""
    server = standing.server
    found = []
    for listen in server.listens:
        packages = listen.behind or (server.versioned,)
        versions = tuple(version_of(server, package) for package in packages)
        found.append(Port(standing.name, standing.address, listen, versions))
    return found


def words_for(ports: Iterable[Port]) -> str:
    """Ports as nmap and hb alike take them: T:22,80,U:53."""
    keys = {port.key[1:] for port in ports}
    parts = [
        f"{letter}:{','.join(str(number) for number in numbers)}"
        for letter, transport in (("T", "tcp"), ("U", "udp"))
        if (numbers := sorted(port for over, port in keys if over == transport))
    ]
    return ",".join(parts)


# -- scanners: each takes the words that enter the scanner's namespace and all ports, and gives what was said


def nmap(inside: list[str], ports: list[Port]) -> dict[tuple[str, str, int], Saying]:
    """One run over all hosts with the union of their ports, TCP and UDP."""
    return _nmap(inside, ports)


def nmap_by_host(inside: list[str], ports: list[Port]) -> dict[tuple[str, str, int], Saying]:
    """One run a host with its own ports, many at once."""
    return _by_host(_nmap, inside, ports)


def hb_by_host(inside: list[str], ports: list[Port]) -> dict[tuple[str, str, int], Saying]:
    """The same form for hb."""
    return _by_host(hb, inside, ports)


def _by_host(scan: Scanner, inside: list[str], ports: list[Port]) -> dict[tuple[str, str, int], Saying]:
    hosts: dict[str, list[Port]] = {}
    for port in ports:
        hosts.setdefault(port.address, []).append(port)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = pool.map(lambda of_one: scan(inside, of_one), hosts.values())
        return {key: saying for part in parts for key, saying in part.items()}


def _nmap(inside: list[str], ports: list[Port]) -> dict[tuple[str, str, int], Saying]:
    how = [f"-s{'S' if over == 'tcp' else 'U'}" for over in sorted({port.listen.transport for port in ports})]
    addresses = sorted({port.address for port in ports})
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        command = ["nmap", "-n", "-Pn", "-sV", *how, "-p", words_for(ports), "-oX", file.name, *addresses]
        _run([*inside, *command])
        return of_nmap(file.read().decode("utf-8", "replace"))


def hb(inside: list[str], ports: list[Port]) -> dict[tuple[str, str, int], Saying]:
    """One run over all hosts with the union of their ports."""
    addresses = sorted({port.address for port in ports})
    said = _run([*inside, HB, "scan", *addresses, "-p", words_for(ports), "--json", "--yes"])
    return of_hb(json.loads(said))


def _run(command: list[str]) -> str:
    """What a scanner printed. Raises RuntimeError with its own words when it had trouble; 1 is findings."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


SCANNERS: dict[str, Scanner] = {"hb": hb, "hb by host": hb_by_host, "nmap": nmap, "nmap by host": nmap_by_host}


def measure(
    only: tuple[str, ...] = (),
    scanners: tuple[str, ...] = tuple(SCANNERS),
    tell: Callable[[str], object] = lambda _: None,
) -> Measured:
    """Build the bed and run the scanners over it. `only` names servers; none is all. Needs root."""
    with Bed(*only, tell=tell) as bed:
        ports = [port for standing in bed.up.values() for port in ports_of(standing)]
        runs = []
        for scanner in scanners:
            before = _received(bed)
            tell(f"{scanner} begins")
            start = time.perf_counter()
            said = SCANNERS[scanner](bed.inside(), ports)
            took = time.perf_counter() - start
            after = _received(bed)
            touched = tuple((port, size - before[port]) for port, size in after.items() if size > before[port])
            runs.append(Run(scanner, took, tuple(rows(ports, said)), touched, tuple(bed.dead())))
            tell(f"{scanner} took {took:.1f} s")
        return Measured(len(bed.up), tuple(runs), tuple(bed.failed.items()))


def _received(bed: Bed) -> dict[str, int]:
    """How many bytes each port that must stay untouched has received so far."""
    return {
        f"{standing.name} {listen.transport}/{listen.port}": len(standing.received(listen))
        for standing in bed.up.values()
        for listen in standing.server.listens
        if listen.untouched
    }


# -- as text


def summary(measured: Measured) -> list[str]:
    """A Markdown table, one column a scanner, and the ratio."""
    runs = measured.runs
    scores = [run.score for run in runs]
    lines = [
        ("", [run.scanner for run in runs]),
        ("---", ["---"] * len(runs)),
        ("wall time, s", [f"{run.seconds:.1f}" for run in runs]),
        ("names right", [_part(score.names_right, score.names) for score in scores]),
        ("versions right, of those revealed", [_part(score.versions_right, score.versions) for score in scores]),
        ("products right", [_part(score.products_right, score.products) for score in scores]),
        ("seen to be inside TLS, and named", [_part(score.tls_right, score.tls) for score in scores]),
        ("names right on strange ports", [_part(score.strange_right, score.strange) for score in scores]),
        ("right at home, not on a strange port", [str(len(worse_elsewhere(list(run.judged)))) for run in runs]),
        ("names guessed from the port alone", [str(score.guesses) for score in scores]),
        ("names wrong", [str(score.wrong) for score in scores]),
        ("versions made up", [str(score.made_up) for score in scores]),
        ("names given where nothing can be proved", [f"{score.lies} of {score.unprovable}" for score in scores]),
        ("bytes sent to raw printers and serial lines", [str(sum(size for _, size in run.touched)) for run in runs]),
        ("servers that ended meanwhile", [", ".join(run.dead) or "0" for run in runs]),
    ]
    return [f"| {head} | {' | '.join(cells)} |" for head, cells in lines]


def table(measured: Measured) -> list[str]:
    """A Markdown table, one row a port: what each scanner said of it."""
    runs = measured.runs
    head = ["server", "port", "truth", *(run.scanner for run in runs)]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for judged in zip(*(run.judged for run in runs), strict=True):
        port = judged[0].port
        strange = ", strange" if port.listen.strange else ""
        truth = f"{port.listen.names[0] if port.listen.names else 'nothing provable'} {' / '.join(port.versions)}"
        cells = [port.server, f"{port.listen.transport}/{port.listen.port}{strange}", truth, *map(_cell, judged)]
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return lines


def _cell(row: Row) -> str:
    said = " ".join(filter(None, (row.said.name, row.said.product, row.said.version))) or "-"
    if row.said.guessed and row.said.name:
        said += "?"
    marks = [f"name {row.name}"] if row.name != RIGHT else []
    marks += [f"version {row.version}"] if row.version not in ("", RIGHT) and row.name != NONE else []
    return f"{said} ({', '.join(marks)})" if marks else said


def _part(some: int, whole: int) -> str:
    return f"{some} of {whole}, {100 * some / whole:.1f} %" if whole else "-"


def report(
    only: tuple[str, ...] = (),
    scanners: tuple[str, ...] = tuple(SCANNERS),
    tell: Callable[[str], object] = lambda _: None,
) -> str:
    """Measure, and say everything as Markdown."""
    return written(measure(only, scanners, tell))


def written(measured: Measured) -> str:
    """A measurement as Markdown: the summary, then port by port, then what did not come up."""
    lines = [f"{measured.servers} servers, {len(measured.runs[0].judged)} ports.", "", *summary(measured), ""]
    lines += [*measured.told(), ""]
    lines += [*table(measured), ""]
    lines += [f"{name} did not come up: {reason.splitlines()[0]}" for name, reason in measured.failed]
    return "\n".join(lines)

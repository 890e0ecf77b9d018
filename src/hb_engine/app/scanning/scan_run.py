"""A scan that is carried out: group by group, swept, identified, and written down; until its end, or until Ctrl-C.

It introduces the scan room to the identify room and tells a watcher how far it is. What is known when somebody says to
stop is the answer, and says of itself that it is not all.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.app.scanning.breaking import Breaking
from hb_engine.app.scanning.scan import Done, Found, Planned, Progress
from hb_engine.model.answer import Answer, Scan, ScannedHost, ScanStats
from hb_engine.model.errors import BadInput, CannotLook, DataError
from hb_engine.model.inventory import Gap
from hb_engine.model.record import replace
from hb_engine.registry.assignments import Registry
from hb_engine.scan import log, ports, resume, survey
from hb_engine.scan.hosts import Outcome, Target
from hb_engine.scan.job import Job
from hb_engine.scan.pace import GENTLE, Limits
from hb_engine.scan.sweep import MOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.looking.naming import Namer
    from hb_engine.app.scanning.scan import Watch

FEW_UDP, ROUNDS = 300, 6  # so few UDP ports are asked so often where they are silent: each time something else
NEVER_UP = "gave no answer to the first questions and were asked nothing else; --every-host asks all ports of all"


class Run:
    """One scan on its way. `watch` is told of progress, of open ports and of hosts."""

    def __init__(self, planned: Planned, watch: Watch) -> None:
        self._planned, self._watch = planned, watch
        self._request = planned.request
        self._short = Registry.open(folders.data()).short
        self._began, self._opened = time.monotonic(), 0
        self._breaking = Breaking()
        self._hosts: list[ScannedHost] = []
        self._outcomes: list[Outcome] = []
        self._namer: Namer | None = None
        self._complete = True
        self._gaps: list[Gap] = []

    def run(self) -> Scan:
        """All of it, between two records in the log."""
        started_at, name = time.time(), os.urandom(4).hex()
        gap = self._log(self._started(name, started_at))
        outcome = "failed"
        try:
            self._ask()
            outcome = "complete" if self._complete else "interrupted"
        finally:
            hosts = len(self._hosts)
            self._log(log.ended(name, time.time(), outcome, hosts=hosts, open=self._opened, sent=self._counted.sent))
        return Scan(
            tuple(self._hosts),
            self._stats(),
            started_at,
            time.time(),
            self._request.words or self._request.targets,
            (*self._planned.gaps, *([gap] if gap else []), *self._gaps, *self._left_out()),
            self._complete,
        )

    def _started(self, name: str, at: float) -> dict[str, object]:
        request, planned = self._request, self._planned
        return log.started(
            name,
            at,
            log.who(dict(os.environ)),
            planned.allowed,
            words=request.words or request.targets,
            tcp=ports.as_text(planned.ports.tcp),
            udp=ports.as_text(planned.ports.udp),
            engine=planned.engine,
            shard=list(request.shard),
        )

    def _log(self, event: dict[str, object]) -> Gap | None:
        return log.append(folders.state(), event)

    def _ask(self) -> None:
        seen = self._survey = self._surveyed()
        if self._request.resume:
            seen.known = resume.load(self._request.resume, self._key)
        with self._breaking as breaking:
            try:
                for group in seen.groups(time.time, self._on_open, self._on_progress):
                    self._outcomes += group
                    self._complete = not breaking.asked
                    self._name([outcome.host() for outcome in group])
                    if breaking.asked:
                        self._complete = False
                        break
            except CannotLook as error:
                if not self._outcomes:
                    raise
                self._broken(error.message, error.remedy)
        for message in seen.counted.broken:
            self._broken(message, "See ip link.")
        if self._request.resume:
            self._save(self._request.resume, seen)

    def _broken(self, message: str, remedy: str) -> None:
        """What is known is the answer, and says that it is not all."""
        self._complete = False
        self._gaps.append(Gap("what was not asked any more", message, remedy))

    def _save(self, path: str, seen: survey.Survey) -> None:
        """Write down what is known: what an earlier run found out of hosts that this one did not come to, too."""
        there = {outcome.target.address for outcome in self._outcomes}
        earlier = [outcome for address, outcome in seen.known.items() if address not in there]
        try:
            resume.save(path, self._key, [*self._outcomes, *earlier], complete=self._complete)
        except DataError as error:
            self._gaps.append(Gap("the file to go on from", error.message, error.remedy))

    @property
    def _counted(self) -> survey.Counted:
        return self._survey.counted if hasattr(self, "_survey") else survey.Counted()

    @property
    def _key(self) -> str:
        """What a file to resume must agree in."""
        planned = self._planned
        return f"{planned.targets.addresses!r} {planned.ports!r} {self._request.shard}"

    def _surveyed(self) -> survey.Survey:
        request, addresses, udp = self._request, self._planned.allowed.addresses, self._planned.ports.udp
        limits = GENTLE if request.gentle else Limits()
        if request.rate:
            limits = Limits(
                min(limits.start, request.rate), min(limits.most, request.rate), min(limits.blind, request.rate)
            )
        job = Job(
            "tcp",
            (),
            limits,
            int.from_bytes(os.urandom(2), "big"),
            time.monotonic,
            os.urandom,
            shard=request.shard,
            every_host=request.every_host,
            stop=lambda: self._breaking.asked,
            payloads=self._naming().payloads if udp else lambda _: (b"",),
            least=ROUNDS if 0 < len(udp) <= FEW_UDP else 0,
            most=request.tries or MOST,
        )
        return survey.Survey(addresses.count, self._target, self._planned.ports, self._planned.engine, job)

    def _target(self, number: int) -> Target:
        addresses = self._planned.allowed.addresses
        text, (_, _, zone) = addresses.text_at(number), addresses.at(number)
        return Target(addresses.packed_at(number), text, self._planned.targets.names.get(text, ()), _zone(zone))

    def _naming(self) -> Namer:
        if self._namer is None:
            from hb_engine.app.looking.naming import Namer as Made  # brings all probes along
            from hb_engine.identify.question import Settings

            slow = self._request.gentle
            settings = Settings(parallel=16, per_host=1, udp_anywhere=True) if slow else Settings(udp_anywhere=True)
            self._namer = Made(
                self._short, settings, allowed=self._request.allow, random=os.urandom, clock=time.time,
                opinions=self._planned.opinions,
            )  # fmt: skip
        return self._namer

    def _name(self, hosts: list[ScannedHost]) -> None:
        """Identify what is open, where that is wanted and nobody said to stop."""
        answers = [answer for host in hosts for answer in host.answers if answer.state in ("open", "open|filtered")]
        wanted = self._request.identify and self._complete and bool(answers)
        opened = sum(self._naming().asks(answer) for answer in answers) if wanted else 0
        if opened:
            done = 0

            def tell(address: str, answer: Answer) -> None:
                nonlocal done
                done += 1
                self._watch(Found(address, answer))
                self._progress("services", done, opened)

            with self._breaking.paused():
                hosts, whole = self._naming().named(hosts, tell)
            self._complete = self._complete and whole
            self._breaking.asked = self._breaking.asked or not whole
        else:
            hosts = [self._plain(host) for host in hosts]
        for host in hosts:
            self._hosts.append(host)
            self._watch(Done(host))

    def _plain(self, host: ScannedHost) -> ScannedHost:
        """A host with registered names only."""
        answers = []
        for answer in host.answers:
            full = replace(answer, registered=self._short(answer.transport, answer.port))
            answers.append(replace(full, held="not-asked") if answer.state == "open" else full)
            if answer.state == "open":
                self._watch(Found(host.address, answers[-1]))
        return replace(host, answers=tuple(answers))

    def _on_open(self, _address: bytes, _transport: str, _port: int) -> None:
        self._opened += 1

    def _on_progress(self, done: int, total: int) -> None:
        self._progress("ports", done, total)

    def _progress(self, phase: str, done: int, total: int) -> None:
        seconds = time.monotonic() - self._began
        eta = seconds * (total - done) / done if done and total else None
        self._watch(Progress(phase, done, total, self._opened, seconds, eta))

    def _stats(self) -> ScanStats:
        counted = self._counted
        seconds = time.monotonic() - self._began
        return ScanStats(
            self._planned.engine, counted.sent, counted.answered, counted.dropped, counted.again, seconds, counted.lost
        )

    def _left_out(self) -> list[Gap]:
        """Hosts that were given up after their first silence, and hosts that were never come to."""
        silent = sum(host.up is None and any(rest.reason == "not-asked" for rest in host.rest) for host in self._hosts)
        gaps = [Gap(f"{silent} silent addresses", NEVER_UP, "")] if silent else []
        never = self._planned.allowed.addresses.count - len(self._hosts)
        if never > 0:
            again = f"--resume {self._request.resume}" if self._request.resume else "--resume FILE, next time,"
            gaps.append(
                Gap(f"{never} addresses", "the scan was ended before their turn", f"{again} goes on from there.")
            )
        return gaps


def _zone(name: str) -> int:
    """The number of the interface behind %name, 0 for none. Raises BadInput."""
    if not name:
        return 0
    import socket  # link-local targets only

    try:
        return int(name) if name.isdigit() else socket.if_nametoindex(name)
    except OSError as error:
        raise BadInput(f"this machine has no interface {name!r}", "ip link lists them.") from error

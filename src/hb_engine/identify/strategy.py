"""What to ask a port next, from what it said so far: confirm first, then listen, speak, and only then try around.

A strategy is pure: it yields rounds of jobs, is told their outcomes, and knows no socket and no clock. Its order is
the room's reason to be: the expected protocol's own talk on the first connection (the only one, where it is right);
then a short listen, a GET on that connection and a TLS ClientHello beside it; then the bundle of protocols that clients
begin, from one purse of seconds; at last, after all other ports were told, a long listen. It refuses to let a likeness
win over a proof, to speak first where servers punish that, and to go on where a proof was given.
"""

from __future__ import annotations

from hb_engine.identify import talks
from hb_engine.identify.care import fragile, may_ask
from hb_engine.identify.carrier import Job, whole
from hb_engine.identify.kit import Ask, Peer, Reply
from hb_engine.identify.loading import wants_tls
from hb_engine.identify.rank import COMMON_UDP, ordered
from hb_engine.identify.rounds import Later, Round
from hb_engine.identify.tally import Tally
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hb_engine.identify.carrier import Outcome
    from hb_engine.identify.loading import Library, Module
    from hb_engine.identify.question import Question, Settings

LANES = 4  # connections that one port gets at once
QUIET = 0.1  # a greeting is over when it pauses so long
PAUSE = 0.5  # an answer that does not end as its protocol would is over when it pauses so long
CROWD = 12  # unknown ports of one host, from which on each gets a smaller purse
FIRST = 1.0  # of waiting for the likelier answers to an unknown port


@record
class Host:
    """What is known of the host as a whole when one of its ports is asked."""

    printer: bool = False
    everything: bool = False  # it answers on every port
    unknown: int = 0  # ports that nobody could name so far


def grace(rtt: float) -> float:
    """How long a server that speaks first may take, before we speak."""
    return min(max(3 * rtt + 0.05, 0.15), 0.4)


class Strategy:
    """One port's questions. `steps` yields Round and Later; `tally` has what became of them."""

    def __init__(
        self,
        question: Question,
        library: Library,
        settings: Settings,
        host: Callable[[], Host],
        peer: Callable[[bool], Peer],
    ) -> None:
        self.question, self.library, self.settings, self._host = question, library, settings, host
        self._make_peer = peer
        self.nonces: list[str] = []  # that this port was sent, in hex
        self.tally = Tally(question)
        self._tried: set[tuple[str, bool]] = set()
        self._made: set[tuple[str, bool]] = set()
        self._silent: list[Module] = []
        self._hinted: set[str] = set()
        self._at_home: set[str] = set()

    def steps(self) -> Iterator[Round | Later]:
        """The rounds, one after the other. Look at the tally when it is over."""
        if self.question.transport == "udp":
            yield from self._udp()
            return
        mine = self._candidates()
        self._at_home = {module.file for module, _ in mine}
        if fragile("tcp", self.question.port):
            yield from self._carefully(mine)
        else:
            yield from self._tcp(mine)
            yield from self._versions()

    # -- the parts of a visit

    def _carefully(self, mine: list[tuple[Module, bool]]) -> Iterator[Round]:
        """One talk over one connection where a byte could do harm, and only if somebody allowed it."""
        if not mine:
            self.tally.untouched = fragile("tcp", self.question.port)
            return
        yield self._round([self._job(*mine[0])])

    def _tcp(self, mine: list[tuple[Module, bool]]) -> Iterator[Round | Later]:
        tally = self.tally
        shy = self._host().printer
        if shy and not mine and not self._tls_expected():
            yield Later()
            yield self._round([self._listening(self.settings.slow or None, idle=True)])
            yield from self._offer(tally.greeting, tls=False, kept=False, only_words=True)
            return
        patient = bool(mine) and not mine[0][1] and mine[0][0].probe.speaks == "server"
        if mine or self._tls_expected():
            yield self._round([self._job(*mine[0]) if mine else self._tls(self.settings.wait)])
            yield from self._parrot()
        if not tally.settled and tally.refused < 2 and not tally.in_tls and not tally.betrays_tls:
            yield from self._greeting(patient=patient)
        if tally.settled or tally.wrapped or tally.refused >= 2 or shy:
            return
        if not tally.in_tls:
            yield from self._around(mine[1:], tls=False)
        if tally.in_tls and not tally.settled:
            yield from self._inside(mine)
        if not tally.settled and not patient and self.settings.slow:
            yield Later()
            yield from self._slowly()

    def _greeting(self, *, patient: bool) -> Iterator[Round | Later]:
        """Listen, on a connection that is left open; a server that hangs up at once is asked once more."""
        tally = self.tally
        patient = patient and not tally.hangups
        if patient and not tally.greeting:
            yield Later()
        if not tally.greeting:
            wait = max(self.settings.slow, self.settings.wait) if patient else None
            yield self._round([self._listening(wait, idle=patient, keep=True)])
            if tally.hangups == 1 and not tally.greeting:
                yield self._round([self._listening(None, keep=True)])
            kept = True
        else:
            kept = False
        if tally.greeting:
            yield from self._offer(tally.greeting, tls=False, kept=kept)

    def _offer(self, greeting: Reply, *, tls: bool, kept: bool, only_words: bool = False) -> Iterator[Round]:
        """A greeting that was heard, to every talk that begins by listening. `only_words`: nothing may be answered."""
        jobs: list[Job] = []
        for module in self._open_to(tls=tls):
            if module.probe.speaks == "client":
                continue
            says = self._would(module, greeting, tls=tls)
            if says == "on":
                jobs.append(self._job(module, tls, kept=kept and not jobs, unread=greeting if not jobs else b""))
        self._hints(greeting)
        if jobs and not self.tally.settled and not only_words:
            yield self._round(jobs, lanes=LANES, purse=self.settings.budget * LANES)

    def _around(self, likely: list[tuple[Module, bool]], *, tls: bool) -> Iterator[Round]:
        """GET, TLS, then everything that could be: most likely first."""
        jobs = []
        soon = min(FIRST, self.settings.wait)
        if (web := self._web()) and (web.file, tls) not in self._tried:
            jobs.append(self._job(web, tls, kept=True, wait=soon, pause=PAUSE))
        if not tls and ("tls", True) not in self._tried:
            jobs.append(self._tls(soon))
        for module, inside in likely:
            if inside == tls and module is not web and (module.file, tls) not in self._tried:
                jobs.append(self._job(module, tls, wait=soon, pause=PAUSE))
        if not self._host().everything:
            named = [job.label for job in jobs]
            rest = [module for module in self._open_to(tls=tls) if self._begins(module)]
            rest = [module for module in ordered(rest, self.question.port) if module.file not in named]
            jobs += [self._job(module, tls, brisk=True, pause=PAUSE) for module in rest]
        purse = self.settings.budget * LANES / (4 if self._host().unknown > CROWD else 1)
        if jobs:
            this = self._round(jobs, lanes=LANES, purse=purse)
            this.prefer([jobs[0].label, *self._hinted])
            this.prefer(["tls"] if self.tally.betrays_tls else [])
            yield this
        yield from self._parrot()

    def _inside(self, mine: list[tuple[Module, bool]]) -> Iterator[Round]:
        """The same inside TLS: what the handshake agreed on, a greeting, a GET, everything that could be."""
        tally = self.tally
        if not tally.alpn:
            yield self._round([self._h2()])
        if tally.h2 and not tally.alpn:
            tally.alpn = "h2"
        agreed = [module for module in self.library.agreed(tally.alpn) if (module.file, True) not in self._tried]
        if agreed:
            yield self._round([self._job(module, True, kept=tally.alpn not in ("h2", "http/1.1")) for module in agreed])
        if tally.settled or tally.alpn == "h2":
            return
        if not tally.inner_heard:
            yield self._round([self._listening(None, tls=True, keep=True, kept=not agreed)])
        if tally.inner:
            yield from self._offer(tally.inner, tls=True, kept=True)
        if not tally.settled:
            likely = [pair for pair in mine if pair[1]]
            likely += [(module, True) for module in self.library.at("tcp", self.question.port)]
            yield from self._around([pair for pair in likely if may_ask(pair[0].probe, self.question)], tls=True)

    def _slowly(self) -> Iterator[Round]:
        """The last try: a long listen; beside it, with patience, what was met by silence, and what is met rarely."""
        tls, slow = self.tally.in_tls, self.settings.slow
        jobs = [self._listening(slow, tls=tls, idle=True)]
        web = self._web()
        if web and web in self._silent:
            jobs.append(self._job(web, tls, wait=slow))
        if not self.tally.spoke:
            jobs.append(self._tls(slow))
            again = [module for module in self._silent if module is not web]
            jobs += [self._job(module, tls) for module in again[: round(slow / self.settings.wait)]]
        rare = [module for module in self._open_to(tls=tls, rare=True) if self._begins(module)]
        rare = [] if self._host().everything else rare
        jobs += [self._job(module, tls, brisk=True, pause=PAUSE) for module in ordered(rare, self.question.port)]
        yield self._round(jobs, lanes=LANES + 1, purse=slow * LANES)
        if self.tally.late and not self.tally.settled:
            yield from self._offer(self.tally.late, tls=tls, kept=False)

    def _parrot(self) -> Iterator[Round]:
        """Whether a peer that gave us our own words back does so with any words."""
        if self.tally.echoes and not self.tally.parrot_asked:
            self.tally.parrot_asked = True
            peer = self._peer(False)
            self.tally.parrot_line = talks.parrot_line(peer)
            yield self._round([Job("parrot", talks.parrot(peer), self.tally.in_tls, wait=self._usual)])

    def _udp(self) -> Iterator[Round]:
        known = [module for module, _ in self._candidates()]
        self._at_home = {module.file for module in known}
        for module in (*self.library.at("udp", self.question.port), *self._expected()):
            self.tally.unprovable = self.tally.unprovable or module.probe.unprovable
        if not known and fragile("udp", self.question.port):
            self.tally.untouched = fragile("udp", self.question.port)
            return
        if not known and self.settings.udp_anywhere:
            found = [module for name in COMMON_UDP for module in self.library.named(name) if module.probe.udp]
            known = [module for module in found if may_ask(module.probe, self.question)]
        if known:
            yield self._round([self._job(module, False) for module in known], lanes=2)
        elif not self.tally.unprovable:
            self.tally.untouched = "no question is known that this port would be likely to answer"

    def _versions(self) -> Iterator[Round]:
        """Which versions of TLS are accepted, each on a connection of its own."""
        if not self.settings.versions or not (self.tally.tls or self.tally.broken_tls):
            return
        from hb_engine.identify import versions  # with the hellos of every version: only where TLS was met

        jobs = [
            Job(f"version {name}", versions.talk(self._peer(False), name), wait=self._usual)
            for name in versions.VERSIONS
        ]
        if self.tally.tls and self.tally.alpn in ("", "http/1.1"):
            jobs.append(self._h2())
        yield self._round(jobs, lanes=LANES)

    # -- jobs

    def _job(
        self,
        module: Module,
        tls: bool,
        *,
        kept: bool = False,
        unread: bytes = b"",
        wait: float | None = None,
        brisk: bool = False,
        pause: float = 0.0,
    ) -> Job:
        """A probe's talk. `brisk` waits for a first answer only as long as the round trip suggests."""
        self._made.add((module.file, tls))
        first = self._brisk if brisk else None
        if wait is not None:
            patience = wait
            first = lambda rtt: max(patience, 4 * rtt)  # noqa: E731
        return Job(
            module.file,
            module.talk(self._peer(tls)),
            tls,
            offers=self._offers(module),
            wait=self._usual,
            first=first,
            capped=brisk,
            quiet=pause,
            seconds=self.settings.talk,
            kept=kept,
            unread=unread,
        )

    def _usual(self, rtt: float) -> float:
        return max(self.settings.wait, 4 * rtt)

    def _brisk(self, rtt: float) -> float:
        return min(max(8 * rtt + 0.25, 0.3), self.settings.wait)

    def _listening(
        self, wait: float | None, *, tls: bool = False, idle: bool = False, keep: bool = False, kept: bool = False
    ) -> Job:
        patience = grace if wait is None else lambda _rtt: wait
        seconds = self.settings.talk + (wait or 0)
        return Job("listen", talks.listen(), tls, self._all_offers(), patience, shake=self._usual, quiet=QUIET,
                   seconds=seconds, kept=kept, keep=keep, idle=idle)  # fmt: skip

    def _tls(self, wait: float) -> Job:
        """A handshake that names what it can, and leaves the connection for what is to be said inside."""
        return Job("tls", talks.nothing(), True, self._all_offers(), lambda rtt: max(wait, 4 * rtt), keep=True,
                   seconds=self.settings.talk)  # fmt: skip

    def _h2(self) -> Job:
        """A handshake that offers HTTP/2, which no talk here would speak afterwards unless it says so."""
        return Job("alpn", talks.nothing(), True, (("h2", "http/1.1"), ()), self._usual)

    def _offers(self, module: Module) -> tuple[tuple[str, ...], ...]:
        """HTTP/1.1 is spoken by talks that name it, whatever else they stand for: h2 would be another language."""
        own = module.probe.alpn
        return (("http/1.1",), ()) if "http/1.1" in own else (own, ()) if own else ((),)

    def _all_offers(self) -> tuple[tuple[str, ...], ...]:
        every = tuple([name for name in self.library.alpn if name != "h2"])
        return (every, ("h2", *every), ())

    # -- which probes

    def _candidates(self) -> list[tuple[Module, bool]]:
        """The probes that this port is expected to answer, best first, and whether inside TLS."""
        question = self.question
        found: dict[tuple[str, bool], tuple[Module, bool]] = {}
        udp = question.transport == "udp"

        def add(module: Module, tls: bool) -> None:
            fits = module.probe.udp if udp else module.probe.tcp or module.probe.tls or not module.probe.udp
            if fits and may_ask(module.probe, question):
                found.setdefault((module.file, tls), (module, tls))

        for name in question.expected:
            for module in self.library.named(name):
                at_home = question.port in module.probe.tls and question.port not in module.probe.tcp
                add(module, not udp and (question.tls_expected or wants_tls(name) or at_home))
        if udp:
            for module in self.library.at("udp", question.port):
                add(module, False)
        else:
            for module in self.library.at("tls", question.port):
                add(module, True)
            for module in self.library.at("tcp", question.port):
                add(module, question.tls_expected)
        for name in question.asked:
            for module in self.library.named(name):
                add(module, False)
        return list(found.values())

    def _expected(self) -> Iterator[Module]:
        for name in self.question.expected:
            yield from self.library.named(name)

    def _tls_expected(self) -> bool:
        return self.question.tls_expected or any(wants_tls(name) for name in self.question.expected)

    def _open_to(self, *, tls: bool, rare: bool = False) -> list[Module]:
        """The probes that may be tried on any port and were not tried here; `rare`: those at home on few ports too."""
        return [
            module
            for module in self.library.modules
            if (rare or module.probe.anywhere or module.file in self._hinted)
            and (module.probe.tcp or module.probe.tls or not module.probe.udp)
            and (module.file, tls) not in self._tried
            and may_ask(module.probe, self.question)
        ]

    def _begins(self, module: Module) -> bool:
        """Whether it is worth a connection of its own: servers that speak first were listened to already."""
        return module.probe.speaks != "server" or module.file in self._hinted

    def _web(self) -> Module | None:
        """The probe whose GET makes most servers speak."""
        found = [module for module in self.library.named("http") if may_ask(module.probe, self.question)]
        return found[0] if found else None

    # -- what comes back

    def _peer(self, tls: bool) -> Peer:
        peer = self._make_peer(tls)
        self.nonces.append(peer.nonce.hex())
        return peer

    def _round(self, jobs: Iterable[Job], lanes: int = 1, purse: float | None = None) -> Round:
        return Round(jobs, self._told, lanes=lanes, purse=purse)

    def _told(self, this: Round, job: Job, outcome: Outcome) -> None:
        tally = self.tally
        if job.label not in ("listen", "parrot"):
            self._tried.add((job.label, job.tls))
        tally.note(job, outcome, at_home=job.label in self._at_home)
        if tally.settled and not job.label.startswith(("version", "alpn")):
            this.stop()
            return
        if job.label == "tls" and outcome.tls and not outcome.tls.problem:
            this.stop()
            return
        first = outcome.turns[0].reply if outcome.turns else Reply()
        if job.tls and (outcome.plain or outcome.tls):
            self._tried.add(("tls", True))
        if job.label == "listen":
            self._hints(first)  # what is offered a greeting begins with it
        elif first:
            self._follow(this, self._hints(first), tls=job.tls and not outcome.plain)
            this.prefer(["tls"] if tally.betrays_tls else [])
        elif first.ended == "silent":
            self._silent += [module for module in self.library.modules if module.file == job.label]

    def _follow(self, this: Round, hinted: set[str], *, tls: bool) -> None:
        """Hinted probes come next in this round, also those that it did not have."""
        this.prefer(hinted)
        known = [module for module in self.library.modules if module.file in hinted]
        this.add(
            self._job(module, tls, pause=PAUSE)
            for module in known
            if (module.file, tls) not in self._made | self._tried and may_ask(module.probe, self.question)
        )

    def _hints(self, reply: bytes) -> set[str]:
        """The probes that recognise an answer which was none of theirs."""
        for module in self.library.modules:
            try:
                if module.hint is not None and module.hint(reply):
                    self._hinted.add(module.file)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001  as in carrier.py: a fault of a probe is its own
                self.tally.broken(module.file, error)
        return self._hinted

    def _would(self, module: Module, greeting: Reply, *, tls: bool) -> str:
        """What a talk makes of a greeting: "no", "on" where it wants to go on, or "yes", which is a claim."""
        talk = module.talk(self._peer(tls))
        try:
            command = next(talk)
            if not isinstance(command, Ask) or command.send:
                return "no"
            fragment = b"\n" not in bytes(greeting) and greeting.ended == "silent" and not whole(command, greeting)
            ended = "" if whole(command, greeting) else greeting.ended
            talk.send(Reply.of(greeting, ended))
        except StopIteration as end:
            if end.value is None:
                return "on" if fragment else "no"
            self.tally.claim(end.value, module.file, self.tally.tls if tls else None)
            return "yes"
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001
            self.tally.broken(module.file, error)
            return "no"
        talk.close()
        return "on"

"""What to ask a port next, from what it said so far: confirm first, then listen, speak, and only then try around.

A strategy is pure: it yields rounds of jobs, is told their outcomes, and knows no socket and no clock. Its order is
the room's reason to be: the expected protocol's own talk on the first connection (the only one, where it is right);
then a short listen, a GET on that connection and a TLS ClientHello beside it; then the bundle of protocols that clients
begin, from one purse of seconds; at last, after all other ports were told, a long listen. It refuses to let a likeness
win over a proof, to speak first where servers punish that, and to go on where a proof was given.
"""

from __future__ import annotations

from hb_engine.identify.care import fragile
from hb_engine.identify.carrier import whole
from hb_engine.identify.choice import Choice
from hb_engine.identify.jobs import PAUSE, Jobs
from hb_engine.identify.kit import Ask, Reply
from hb_engine.identify.rank import COMMON_UDP, ordered
from hb_engine.identify.rounds import Later, Round
from hb_engine.identify.tally import Tally
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hb_engine.identify.carrier import Job, Outcome
    from hb_engine.identify.kit import Peer
    from hb_engine.identify.loading import Library, Module
    from hb_engine.identify.question import Question, Settings

LANES = 4  # connections that one port gets at once
FEW, SOME = 4, 12  # ports of one host that nobody could name yet: with more of them, each is worth less
CROWD = 4  # of them, from which on the purse of one gets smaller, down to
LEAST = 2.0  # seconds
FIRST, BRIEF = 1.0, 0.3  # seconds for the likelier answers of an unknown port, and of one among many
ASIDE = ("version", "alpn")  # what is asked beside, of a service that may have its name already


class Host:
    """What is known of a host as a whole, shared by the strategies of its ports."""

    __slots__ = ("everything", "printer", "unknown")

    def __init__(self, *, printer: bool = False, everything: bool = False, unknown: int = 0) -> None:
        self.printer = printer
        self.everything = everything  # it answers on every port
        self.unknown = unknown  # ports that are asked around, or could not be named by that


class Strategy:
    """One port's questions. `steps` yields Round and Later; `tally` has what became of them."""

    def __init__(
        self,
        question: Question,
        library: Library,
        settings: Settings,
        host: Host,
        peer: Callable[[bool], Peer],
    ) -> None:
        self.question, self.settings, self.host = question, settings, host
        self.choice = Choice(question, library)
        self.jobs = Jobs(library, settings, peer)
        self.tally = Tally(question)
        self._silent: list[Module] = []

    def steps(self) -> Iterator[Round | Later]:
        """The rounds, one after the other. Look at the tally when it is over."""
        why = fragile(self.question.transport, self.question.port)
        if why and not self.choice.likely:
            self.tally.untouched = why
            self._unprovable()
        elif self.question.transport == "udp":
            yield from self._udp()
        elif why:  # one talk over one connection where a byte could do harm, and only because somebody allowed it
            yield self._round([self.jobs.ask(*self.choice.likely[0])])
        elif self.host.printer and not self.choice.likely and not self.choice.tls_expected():
            yield from self._shyly()
        else:
            yield from self._tcp(self.choice.likely)
            yield from self._versions()

    # -- the parts of a visit

    def _shyly(self) -> Iterator[Round | Later]:
        """An unknown port of a printer: one connection, and not a byte."""
        yield Later()
        yield self._round([self.jobs.listen(self.settings.slow or None, idle=True)])
        yield from self._offer(self.tally.greeting, tls=False, kept=False, only_words=True)

    def _tcp(self, mine: list[tuple[Module, bool]]) -> Iterator[Round | Later]:
        tally = self.tally
        patient = bool(mine) and not mine[0][1] and mine[0][0].probe.speaks == "server"
        if mine or self.choice.tls_expected():
            yield self._round([self.jobs.ask(*mine[0]) if mine else self.jobs.tls(self.settings.wait)])
            yield from self._parrot()
        if not (tally.settled or tally.gone or tally.in_tls or tally.betrays_tls):
            yield from self._greeting(patient=patient)
        if tally.settled or tally.gone or self.host.printer:
            return
        self.host.unknown += 1
        if not tally.in_tls:
            yield from self._around(mine[1:], tls=False)
        if tally.in_tls and not tally.settled:
            yield from self._inside(mine)
        self.host.unknown -= tally.settled
        if not tally.settled and not patient and self.settings.slow:
            yield Later()
            yield from self._slowly()

    def _greeting(self, *, patient: bool) -> Iterator[Round | Later]:
        """Listen, on a connection that is left open; a server that hangs up at once is asked once more."""
        tally = self.tally
        heard_before = bool(tally.greeting)
        if not heard_before:
            wait = None
            if patient and not tally.hangups:
                yield Later()
                wait = max(self.settings.slow, self.settings.wait)
            yield self._round([self.jobs.listen(wait, idle=wait is not None, keep=True)])
            if tally.hangups == 1 and not tally.greeting:
                yield self._round([self.jobs.listen(keep=True)])
        if tally.greeting:
            yield from self._offer(tally.greeting, tls=False, kept=not heard_before)

    def _offer(self, greeting: Reply, *, tls: bool, kept: bool, only_words: bool = False) -> Iterator[Round]:
        """A greeting that was heard, to every talk that begins by listening. `only_words`: nothing may be answered."""
        listeners = [module for module in self.choice.anywhere(tls=tls) if greeting and module.probe.speaks != "client"]
        asking = [module for module in listeners if self._would(module, greeting, tls=tls)]
        self.choice.hints(greeting, self.tally.broken)
        if not asking or self.tally.settled or only_words:
            return
        first = self.jobs.ask(asking[0], tls, kept=kept, unread=greeting if kept else b"")
        yield self._round(
            [first, *[self.jobs.ask(module, tls) for module in asking[1:]]], LANES, self.settings.budget * LANES
        )

    def _around(self, likely: list[tuple[Module, bool]], *, tls: bool) -> Iterator[Round]:
        """GET, TLS, then everything that could be: most likely first."""
        choice, jobs = self.choice, list["Job"]()
        crowded = self.host.everything or self.host.unknown > CROWD
        soon = min(BRIEF if crowded else FIRST, self.settings.wait)
        web = choice.web()
        if web and (web.file, tls) not in choice.tried:
            jobs.append(self.jobs.ask(web, tls, kept=True, wait=soon, pause=PAUSE))
        if not tls and ("tls", True) not in choice.tried:
            jobs.append(self.jobs.tls(soon))
        for module, inside in likely:
            if inside == tls and module is not web and (module.file, tls) not in choice.tried:
                jobs.append(self.jobs.ask(module, tls, wait=soon, pause=PAUSE))
        if not self.host.everything:
            named = [job.label for job in jobs]
            rest = [module for module in choice.beginners(tls=tls) if module.file not in named]
            jobs += [self.jobs.ask(m, tls, brisk=True, pause=PAUSE) for m in ordered(rest, self.question.port)]
        if jobs:
            purse = self.settings.budget * LANES
            this = self._round(jobs, LANES, max(LEAST, purse * CROWD / self.host.unknown) if crowded else purse)
            this.prefer([jobs[0].label, *choice.hinted])
            this.prefer(["tls"] if self.tally.betrays_tls else [])
            yield this
        yield from self._parrot()

    def _inside(self, mine: list[tuple[Module, bool]]) -> Iterator[Round]:
        """The same inside TLS: what the handshake agreed on, a greeting, a GET, everything that could be."""
        tally = self.tally
        if not tally.alpn:
            yield self._round([self.jobs.h2()])
            tally.alpn = "h2" if tally.h2 else ""
        agreed = [m for m in self.choice.library.agreed(tally.alpn) if (m.file, True) not in self.choice.tried]
        if agreed:
            same = tally.alpn not in ("h2", "http/1.1")  # the open connection speaks what was agreed on there
            yield self._round([self.jobs.ask(module, True, kept=same) for module in agreed])
        if tally.alpn == "h2" and not tally.settled:
            words = "it chose h2 in the handshake (ALPN)"
            tally.claim(Identity("http", info="HTTP/2", evidence=words), "alpn", tally.tls)
        if not tally.settled and not tally.inner_heard:
            yield self._round([self.jobs.listen(tls=True, keep=True, kept=not agreed)])
        if not tally.settled and tally.inner:
            yield from self._offer(tally.inner, tls=True, kept=True)
        if not tally.settled:
            at_home = [(module, True) for module in self.choice.library.at("tcp", self.question.port)]
            likely = [pair for pair in (*mine, *at_home) if pair[1] and self.choice.allowed(pair[0])]
            yield from self._around(list(dict.fromkeys(likely)), tls=True)

    def _slowly(self) -> Iterator[Round]:
        """The last try: a long listen; beside it, with patience, what was met by silence, and what is met rarely.

        What mostly waits may be on more connections than others, so that all ports of a host wait at the same time.
        """
        tls, slow, others = self.tally.in_tls, self.settings.slow, 99 if self.host.everything else self.host.unknown
        jobs = [self.jobs.listen(slow, tls=tls, idle=True)]
        web = self.choice.web()
        if web and web in self._silent and others <= SOME:
            jobs.append(self.jobs.ask(web, tls, wait=slow, idle=True))
        if not self.tally.spoke and others <= SOME:
            jobs.append(self.jobs.tls(slow, idle=True))
        if not self.tally.spoke and others <= FEW:
            again = [module for module in self._silent if module is not web]
            jobs += [self.jobs.ask(module, tls) for module in again[: round(slow / self.settings.wait)]]
        if others <= FEW:
            rare = ordered(self.choice.beginners(tls=tls, rare=True), self.question.port)
            jobs += [self.jobs.ask(module, tls, brisk=True, pause=PAUSE) for module in rare]
        yield self._round(jobs, LANES + 1, slow * LANES / max(1, others))
        if self.tally.late and not self.tally.settled:
            yield from self._offer(self.tally.late, tls=tls, kept=False)

    def _parrot(self) -> Iterator[Round]:
        """Whether a peer that gave us our own words back does so with any words."""
        if self.tally.echoes and not self.tally.parrot_asked:
            self.tally.parrot_asked = True
            job, self.tally.parrot_line = self.jobs.parrot(self.tally.in_tls)
            yield self._round([job])

    def _udp(self) -> Iterator[Round]:
        known = [module for module, _ in self.choice.likely]
        self._unprovable()
        if not known and self.settings.udp_anywhere:
            found = [module for name in COMMON_UDP for module in self.choice.library.named(name) if module.probe.udp]
            known = [module for module in found if self.choice.allowed(module)]
        if known:
            yield self._round([self.jobs.ask(module, False) for module in known], lanes=2)
        elif not self.tally.unprovable:
            self.tally.untouched = "no question is known that this port would be likely to answer"

    def _unprovable(self) -> None:
        """The sentence of a protocol that answers no stranger, where one is at home here or expected."""
        question = self.question
        for module in (*self.choice.library.at(question.transport, question.port), *self.choice.expected()):
            self.tally.unprovable = self.tally.unprovable or module.probe.unprovable

    def _versions(self) -> Iterator[Round]:
        """Which versions of TLS are accepted, each on a connection of its own."""
        if self.settings.versions and (self.tally.tls or self.tally.broken_tls):
            beside = [self.jobs.h2()] if self.tally.tls and self.tally.alpn in ("", "http/1.1") else []
            yield self._round([*self.jobs.versions(), *beside], LANES)

    # -- what comes back

    def _round(self, jobs: Iterable[Job], lanes: int = 1, purse: float | None = None) -> Round:
        return Round(jobs, self._told, lanes=lanes, purse=purse)

    def _told(self, this: Round, job: Job, outcome: Outcome) -> None:
        tally, choice = self.tally, self.choice
        if job.label not in ("listen", "parrot"):
            choice.tried.add((job.label, job.tls))
        if job.tls and (outcome.plain or outcome.tls):
            choice.tried.add(("tls", True))
        tally.note(job, outcome, at_home=job.label in choice.at_home)
        if job.label.startswith(ASIDE):
            return
        handshake = job.label == "tls" and outcome.tls is not None and not outcome.tls.problem
        if tally.settled or handshake:
            this.stop()
            return
        first = outcome.turns[0].reply if outcome.turns else Reply()
        hinted = choice.hints(first, tally.broken) if first else []
        if hinted and job.label != "listen":
            self._follow(this, hinted, tls=job.tls and not outcome.plain)
        elif not first and first.ended == "silent":
            self._silent += [module for module in choice.library.modules if module.file == job.label]
        this.prefer(["tls"] if tally.betrays_tls else [])

    def _follow(self, this: Round, hinted: list[Module], *, tls: bool) -> None:
        """Hinted probes come next in this round, also those that it did not have."""
        this.prefer([module.file for module in hinted])
        over = self.jobs.made | self.choice.tried
        new = [module for module in hinted if (module.file, tls) not in over and self.choice.allowed(module)]
        this.add([self.jobs.ask(module, tls, pause=PAUSE) for module in new])

    def _would(self, module: Module, greeting: Reply, *, tls: bool) -> bool:
        """Whether a talk wants to go on from a greeting. One that names the service at once has its claim noted."""
        talk = module.talk(self.jobs.peer(tls))
        fragment = False
        try:
            command = next(talk)
            if not isinstance(command, Ask) or command.send:
                return False
            ended = "" if whole(command, greeting) else greeting.ended
            fragment = ended == "silent" and b"\n" not in bytes(greeting)  # its rest may be on the way
            talk.send(Reply.of(greeting, ended))
        except StopIteration as end:
            if end.value is not None:
                self.tally.claim(end.value, module.file, self.tally.tls if tls else None)
            return fragment and end.value is None
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  a fault of a probe must cost no more than this probe
            self.tally.broken(module.file, error)
            return False
        talk.close()
        return True

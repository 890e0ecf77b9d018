"""What to ask a port next, from what it said so far: confirm first, then listen, speak, and only then try around.

A strategy is pure: it yields rounds of jobs, is told their outcomes, and knows no socket and no clock. Its order is
the room's reason to be: the expected protocol's own talk on the first connection (the only one, where it is right);
then a short listen, a GET on that connection and a TLS ClientHello beside it; then the bundle of protocols that clients
begin, from one purse of seconds; at last, after all other ports were told, a long listen. It refuses to let a likeness
win over a proof, to speak first where servers punish that, and to go on where a proof was given.
"""

from __future__ import annotations

from hb_engine.identify.care import fragile
from hb_engine.identify.carrier import LISTENS, WAITS, whole
from hb_engine.identify.choice import Choice
from hb_engine.identify.jobs import PAUSE, Jobs
from hb_engine.identify.kit import Ask, Reply
from hb_engine.identify.rank import moved, near, ordered
from hb_engine.identify.rounds import Later, Round
from hb_engine.identify.tally import TLS_ALONE, Tally
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hb_engine.identify.carrier import Job, Outcome
    from hb_engine.identify.kit import Peer
    from hb_engine.identify.loading import Library, Module
    from hb_engine.identify.question import Question, Settings
    from hb_engine.identify.stream import Account

LANES = 3  # connections that one port gets at once where no answer is expected: ten new ones a second at most
ALONE = 3  # protocols of the port's own that are asked one after the other, before any two things are asked at once
FEW, SOME, MANY = 4, 12, 24  # ports of one host that nobody could name yet: with more of them, each is worth less
FIRST, BRIEF = 1.0, 0.5  # seconds for the likelier answers of an unknown port, and of one among many
AGAIN = 2  # hinted protocols that are asked once more, alone
LEAST = 1.5  # seconds of the purse of one port, with however many others
ROUNDS = 2  # how often the budget of one port is spent, on all ports of a host together
EARLY = ("smtp",)  # servers that punish who speaks before them: postscreen, greet_pause, exim's sync check
ASIDE = ("version", "alpn")  # what is asked beside, of a service that may have its name already


class Host:
    """What is known of a host as a whole, shared by the strategies of its ports."""

    __slots__ = ("everything", "printer", "strained", "unknown")

    def __init__(self, *, printer: bool = False, everything: bool = False, unknown: int = 0) -> None:
        self.printer = printer
        self.everything = everything  # it answers on every port
        self.strained = False  # it stopped to take connections while we asked
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
        self._asked_h2 = False
        self._open = question.transport == "tcp" and not fragile("tcp", question.port)  # for more than one talk

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
        yield self._round([self.jobs.listen(self.settings.slow or None, place=LISTENS)])
        yield from self._offer(self.tally.greeting, tls=False, kept=False, only_words=True)

    def _tcp(self, mine: list[tuple[Module, bool]]) -> Iterator[Round | Later]:
        tally = self.tally
        server_first = bool(mine) and not mine[0][1] and mine[0][0].probe.speaks == "server"
        patient = server_first and (self.question.sure or mine[0][0].probe.name in EARLY)
        yield from self._at_home(mine)
        if not (self._over or tally.in_tls or tally.betrays_tls or tally.tls_refused):
            yield from self._greeting(patient=patient, heard_out=server_first and not patient)
        if self._over or self.host.printer:
            return
        self.host.unknown += 1
        if not tally.in_tls:
            yield from self._around(mine[1:], tls=False)
        if tally.in_tls and not tally.settled:
            yield from self._inside(mine)
        self.host.unknown -= self._over
        if not self._over and not patient and self.settings.slow:
            yield Later()
            if not self._over:
                yield from self._slowly()

    @property
    def _over(self) -> bool:
        """Whether there is nothing more to be asked: it is proved, takes no connections, or refuses us in TLS."""
        web = self.choice.web()
        refused = self.tally.tls_refused and (web is None or (web.file, False) in self.choice.tried)
        return self.tally.settled or self.tally.gone or refused

    def _at_home(self, mine: list[tuple[Module, bool]]) -> Iterator[Round]:
        """What is expected, alone; while that is met by silence, the port's other protocols, one after the other.

        Servers with one worker serve one connection, and to them the second of two at once is silence.
        """
        if not mine:
            if self.choice.tls_expected():
                yield self._round([self.jobs.tls(self.settings.wait)])
                yield from self._parrot()
            return
        others = [pair for pair in mine[1:] if not pair[1] and pair[0].probe.speaks != "server"]
        for number, (module, tls) in enumerate([mine[0], *others][:ALONE]):
            wait = min(FIRST, self.settings.wait) if number else None
            yield self._round([self.jobs.ask(module, tls, wait=wait)])
            yield from self._parrot()
            if self._over or self.tally.spoke or self.tally.hangups or self.tally.refused:
                return

    def _greeting(self, *, patient: bool, heard_out: bool) -> Iterator[Round | Later]:
        """Listen, on a connection that is left open; a server that hangs up at once is asked once more.

        `heard_out`: it was listened to already, and may be spoken to.
        """
        tally = self.tally
        heard_before = bool(tally.greeting)
        if not heard_before and not (heard_out and not tally.hangups):
            wait = None
            if patient and not tally.hangups:
                yield Later()
                wait = max(self.settings.slow, self.settings.wait)
            yield self._round([self.jobs.listen(wait, place=WAITS if wait is None else LISTENS, keep=True)])
            if tally.hangups == 1 and not tally.greeting:
                yield self._round([self.jobs.listen(keep=True)])
        if tally.greeting:
            yield from self._offer(tally.greeting, tls=False, kept=not heard_before)

    def _offer(self, greeting: Reply, *, tls: bool, kept: bool, only_words: bool = False) -> Iterator[Round]:
        """A greeting that was heard, to every talk that begins by listening. `only_words`: nothing may be answered."""
        listeners = [
            module
            for module in self.choice.anywhere(tls=tls, rare=True)  # a greeting costs nothing
            if greeting and module.probe.speaks != "client"
        ]
        asking = [module for module in listeners if self._would(module, greeting, tls=tls)]
        self.choice.hints(greeting, self.tally.broken)
        if not asking or self.tally.settled or only_words:
            return
        first = self.jobs.ask(asking[0], tls, kept=kept, unread=greeting if kept else b"")
        yield self._round(
            [first, *[self.jobs.ask(module, tls) for module in asking[1:]]],
            LANES,
            lambda: self.settings.budget * LANES,
        )

    def _around(self, likely: list[tuple[Module, bool]], *, tls: bool) -> Iterator[Round]:
        """GET, TLS, then everything that could be: most likely first."""
        choice, jobs = self.choice, list["Job"]()
        soon = min(BRIEF if self.host.everything or self.host.unknown > SOME else FIRST, self.settings.wait)
        web = choice.web()
        if web and (web.file, tls) not in choice.tried:
            jobs.append(self.jobs.ask(web, tls, kept=True, wait=soon, pause=PAUSE, place=WAITS))
        if not tls and ("tls", True) not in choice.tried and not self.tally.tls_refused:
            jobs.append(self.jobs.tls(soon, place=WAITS))
        for module, inside in likely:
            if inside == tls and module is not web and (module.file, tls) not in choice.tried:
                jobs.append(self.jobs.ask(module, tls, wait=soon, pause=PAUSE, place=WAITS))
        patient = soon * len(jobs) if self.host.unknown <= SOME else 0.0  # what waits takes nothing from the others
        if not self.host.everything:
            named = [job.label for job in jobs]
            rest = [module for module in choice.beginners(tls=tls) if module.file not in named]
            jobs += [self.jobs.ask(m, tls, brisk=True, pause=PAUSE, place=WAITS) for m in self._ordered(rest)]
        if jobs:
            this = self._round(jobs, LANES, lambda: patient + self._share(self.settings.budget, ROUNDS))
            this.prefer([jobs[0].label, *choice.hinted])
            this.prefer(["tls"] if self.tally.betrays_tls else [])
            yield this
        yield from self._parrot()

    def _ordered(self, modules: Iterable[Module]) -> list[Module]:
        return ordered(modules, self.question.port)

    def _share(self, seconds: float, rounds: int) -> float:
        """What one port may spend of so many seconds on all lanes, while others of its host want the same."""
        fair = seconds * rounds * self.settings.waiting / max(1, self.host.unknown)
        return max(min(LEAST, seconds), min(seconds * LANES, fair))

    def _inside(self, mine: list[tuple[Module, bool]]) -> Iterator[Round]:
        """The same inside TLS: what the handshake agreed on, a greeting, a GET, everything that could be."""
        tally = self.tally
        if not tally.alpn:
            self._asked_h2 = True
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
        hinted = [module for module in self.choice.library.modules if module.file in self.choice.hinted]
        again = [module for module in hinted if (module.file, tls) in self.choice.tried][:AGAIN]
        if again:  # what was hinted and did not follow may have been kept from it by our other connections
            yield self._round([self.jobs.ask(module, tls) for module in again])
            if self._over:
                return
        jobs = [self.jobs.listen(slow, tls=tls, place=LISTENS)]
        web = self.choice.web()
        if web and web in self._silent and others <= MANY:
            jobs.append(self.jobs.ask(web, tls, wait=slow, place=LISTENS))
        if not self.tally.spoke and others <= SOME:
            jobs.append(self.jobs.tls(slow, place=LISTENS))
        waiters = len(jobs)
        if not self.tally.spoke and others <= FEW:
            again = [module for module in self._silent if module is not web]
            jobs += [self.jobs.ask(module, tls, place=WAITS) for module in again[: round(slow / self.settings.wait)]]
        if others <= MANY:
            left = self._ordered(self.choice.beginners(tls=tls, rare=True))
            left.sort(key=lambda module: not module.probe.anywhere and not near(self.question.port, module.probe.tcp))
            jobs += [self.jobs.ask(module, tls, brisk=True, pause=PAUSE, place=WAITS) for module in left]
        yield self._round(jobs, waiters + LANES, lambda: slow * waiters + self._share(slow, 1))
        if self.tally.late and not self.tally.settled:
            yield from self._offer(self.tally.late, tls=tls, kept=False)

    def _parrot(self) -> Iterator[Round]:
        """Whether a peer that gave us our own words back does so with any words."""
        if self.tally.echoes and not self.tally.parrot_asked:
            yield self._round([self._words_of_its_own()])

    def _words_of_its_own(self) -> Job:
        self.tally.parrot_asked = True
        job, self.tally.parrot_line = self.jobs.parrot(self.tally.in_tls)
        return job

    def _udp(self) -> Iterator[Round]:
        known = [module for module, _ in self.choice.likely]
        self._unprovable()
        at_home = bool(known)
        if not known and self.settings.udp_anywhere:
            known = [module for module in moved(self.choice.library, self.question.port) if self.choice.allowed(module)]
        if known:
            wait = None if at_home else min(FIRST, self.settings.wait)
            yield self._round([self.jobs.ask(module, False, wait=wait) for module in known], lanes=LANES)
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
            found, tls = self.tally.identity(), self.tally.tls
            web = tls is not None and (found is None or found.name in (TLS_ALONE, "http"))
            beside = [self.jobs.h2()] if web and self.tally.alpn in ("", "http/1.1") and not self._asked_h2 else []
            known = [tls.version] if tls else []
            yield self._round([*self.jobs.versions(known), *beside], LANES)

    # -- what comes back

    def _round(self, jobs: Iterable[Job], lanes: int = 1, purse: Callable[[], float] | None = None) -> Round:
        """A round of jobs; a host that did not take all our connections gets one at a time from then on."""
        return Round(jobs, self._told, lanes=1 if self.host.strained else lanes, purse=purse)

    def _told(self, this: Round, job: Job, outcome: Outcome) -> None:
        tally, choice = self.tally, self.choice
        if job.label not in ("listen", "parrot"):
            choice.tried.add((job.label, job.tls))
        if job.tls and (outcome.plain or outcome.tls):
            choice.tried.add(("tls", True))
        tally.note(job, outcome, at_home=job.label in choice.at_home)
        if job.label.startswith(ASIDE):
            return
        self.host.strained = self.host.strained or (tally.connected and outcome.refused in ("timeout", "refused"))
        handshake = job.label == "tls" and outcome.tls is not None and not outcome.tls.problem
        if self._over or handshake:
            this.stop()
            return
        if tally.echoes and not tally.parrot_asked and self._open:  # nothing is believed before this is known
            this.add([self._words_of_its_own()])
        first = outcome.turns[0].reply if outcome.turns else Reply()
        hinted = choice.hints(first, tally.broken) if first else []
        if hinted and job.label != "listen":
            self._follow(this, hinted, tls=job.tls and not outcome.plain)
        elif not first and first.ended == "silent" and not job.capped:
            self._silent += [module for module in choice.library.modules if module.file == job.label]
        this.prefer(["tls"] if tally.betrays_tls else [])

    def lost(self, account: Account) -> None:
        """What a job cost that was broken off, of which nothing else is told."""
        self.tally.spend(account)

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

"""Open ports into questions for the identify room, and its findings into answers: where scan and identify meet.

The two rooms are strangers: one knows which ports are open, the other what speaks there. The registry says what is
expected, so that each port is first asked for just that. It also lends the scan its UDP payloads: what a probe would
ask first is what makes its service answer.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer
from hb_engine.identify.loading import Library, load, wants_tls
from hb_engine.identify.question import Finding, Question, Settings
from hb_engine.identify.rank import moved, near
from hb_engine.judge.answers import Spoken, hold
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hb_engine.identify.loading import Module
    from hb_engine.identify.opinions import Opinions
    from hb_engine.model.answer import Answer, ScannedHost
    from hb_engine.model.identity import Identity
    from hb_engine.model.opening import Registered

    Found = Callable[[str, Answer], None]

NONCE = bytes(range(16))  # of payloads: a scan only looks whether something answers


class Namer:
    """Asks what speaks on open ports. `short(transport, port)` is what is registered; `allowed` are careful probes.

    `opinions` are databases of others, whose words are notes beside what hb found. `expects` are names by transport,
    address and port of what somebody who knows the machine says is there: only they allow bytes to fragile ports.
    """

    def __init__(
        self,
        short: Callable[[str, int], tuple[Registered, ...]],
        settings: Settings,
        *,
        allowed: tuple[str, ...] = (),
        random: Callable[[int], bytes],
        clock: Callable[[], float],
        opinions: Opinions | None = None,
        expects: Mapping[tuple[str, str, int], tuple[str, ...]] | None = None,
    ) -> None:
        self.library: Library = load()
        self._short, self._allowed, self._opinions = short, allowed, opinions
        self._expects = expects or {}
        self._settings = replace(settings, answers=True) if opinions else settings
        self._random, self._clock = random, clock
        self._payloads: dict[int, tuple[bytes, ...]] = {}
        self._elsewhere: dict[int, bool] = {}

    def payloads(self, port: int) -> tuple[bytes, ...]:
        """What a UDP port is sent, one after the other while it is silent: nothing at all is one of them.

        First what the protocol that is at home there is asked first, then what those are that people move elsewhere.
        """
        if port not in self._payloads:
            here = [module for module in self.library.at("udp", port) if self._may(module)]
            others = [module for module in moved(self.library, port) if self._may(module)]
            fragile = any(not self._may(module) for module in self.library.at("udp", port))
            questions = [_first_question(module, port) for module in (here if fragile else [*here, *others])]
            self._payloads[port] = tuple(dict.fromkeys([*filter(None, questions), b""]))
        return self._payloads[port]

    def _may(self, module: Module) -> bool:
        return module.probe.care == "safe" or module.probe.name in self._allowed

    def named(self, hosts: Iterable[ScannedHost], tell: Found) -> tuple[list[ScannedHost], bool]:
        """Hosts with the identities of their open ports, and whether all could be asked.

        `tell(address, answer)` is called for each as soon as it is known.
        """
        from hb_engine.identify.room import identify  # brings asyncio along

        known = list(hosts)
        questions = [self._question(host, answer) for host in known for answer in host.answers if self.asks(answer)]
        answers = {(host.address, a.transport, a.port): a for host in known for a in host.answers}

        def on_finding(finding: Finding) -> None:
            q = finding.question
            tell(q.address, self.held(answers[q.address, q.transport, q.port], finding))

        found = identify(
            questions, self._settings, seed=self._random(32), clock=self._clock, on_finding=on_finding,
            library=self.library,
        )  # fmt: skip
        compared, whole = self._compared(found)
        findings = {(f.question.address, f.question.transport, f.question.port): f for f in compared}
        return [self._host(host, findings) for host in known], whole and all(finding.complete for finding in found)

    def asks(self, answer: Answer) -> bool:
        """Whether an answer's port is worth asking what speaks there.

        A scan hears nothing of UDP services that answer from another port, as TFTP does: where one is at home or the
        number suggests it, silence is asked as well.
        """
        if answer.state == "open":
            return answer.transport in ("tcp", "udp")
        if answer.transport != "udp" or answer.state != "open|filtered":
            return False
        if answer.port not in self._elsewhere:
            near_by = [module for module in moved(self.library, answer.port) if near(answer.port, module.probe.udp)]
            likely = [module for module in (*self.library.at("udp", answer.port), *near_by) if self._may(module)]
            self._elsewhere[answer.port] = any(_answers_elsewhere(module, answer.port) for module in likely)
        return self._elsewhere[answer.port]

    def _question(self, host: ScannedHost, answer: Answer) -> Question:
        sure = self._expects.get((answer.transport, host.address, answer.port), ())
        # Alone where they are sure: a registered name beside them would be let through to a fragile port too.
        names = sure or [one.name for one in self._short(answer.transport, answer.port) if one.name]
        return Question(
            answer.transport,
            host.address,
            answer.port,
            host.names[0] if host.names else host.address,
            expected=tuple(names),
            asked=self._allowed,
            rtt=host.rtt,
            tls_expected=any(wants_tls(name) for name in names),
            sure=bool(sure),
            everything=any("answers for every port" in note for note in host.notes),
        )

    def _host(self, host: ScannedHost, findings: dict[tuple[str, str, int], Finding]) -> ScannedHost:
        answers = []
        for answer in host.answers:
            finding = findings.get((host.address, answer.transport, answer.port))
            answers.append(self.held(answer, finding) if finding else self.unasked(answer))
        return replace(host, answers=tuple(answers))

    def _compared(self, found: list[Finding]) -> tuple[list[Finding], bool]:
        """Findings with what others' databases say, and whether all were held against them; Ctrl-C ends just that.

        It is done now, when no connection waits while a pattern is tried.
        """
        if self._opinions is None:
            return found, True
        told = list[Finding]()
        try:
            for one in found:
                notes = self._opinions.notes(one.heard, one.identity, one.question.transport) if one.heard else ()
                told.append(replace(one, notes=(*one.notes, *notes)))
        except KeyboardInterrupt:
            return [*told, *found[len(told) :]], False
        finally:
            self._opinions.close()
        return told, True

    def held(self, answer: Answer, finding: Finding) -> Answer:
        """An answer with what was found, held against what is registered."""
        if answer.state != "open":
            if not finding.spoke:
                return self.unasked(answer)
            answer = replace(answer, state="open", reason="udp-response")
        full = replace(
            answer,
            registered=self._short(answer.transport, answer.port),
            identity=finding.identity,
            fingerprint=finding.fingerprint,
            notes=tuple(dict.fromkeys([*answer.notes, *_sentences(finding)])),
        )
        spoken = Spoken(
            finding.silent,
            finding.untouched,
            finding.unprovable,
            finding.spoke,
            finding.question.everything,
            self._at_home(answer, finding.identity),
        )
        return hold(full, spoken, self.means, tls_names=wants_tls)

    def _at_home(self, answer: Answer, identity: Identity | None) -> bool:
        """Whether a service is by custom on the port where it was found."""
        kinds = ("tcp", "tls") if answer.transport == "tcp" else ("udp",)
        modules = [module for kind in kinds for module in self.library.at(kind, answer.port)]
        return identity is not None and any(module.probe.name == identity.name for module in modules)

    def claimed(self, answer: Answer) -> Answer:
        """An answer that somebody else's scanner gave, held against what is registered."""
        full = self.unasked(answer)
        if answer.state != "open" or (answer.identity is None and answer.held):
            return full
        spoken = Spoken(untouched=answer.identity is None, at_home=self._at_home(answer, answer.identity))
        return hold(full, spoken, self.means, tls_names=wants_tls)

    def unasked(self, answer: Answer) -> Answer:
        """An answer of a port that was not asked, with what is registered there."""
        full = replace(answer, registered=self._short(answer.transport, answer.port))
        if answer.transport == "udp" and answer.state == "open|filtered":
            why = [module.probe.unprovable for module in self.library.at("udp", answer.port)]
            if any(why):
                note = next(sentence for sentence in why if sentence)
                return replace(full, held="unprovable", notes=(*full.notes, note))
        return full

    def means(self, name: str) -> frozenset[str]:
        """All names that mean what a name means."""
        modules = self.library.named(name)
        return frozenset([one.lower() for module in modules for one in (module.probe.name, *module.probe.names)])


def _first_question(module: Module, port: int) -> bytes:
    command = _first(module, port)
    return command.send if command else b""


def _answers_elsewhere(module: Module, port: int) -> bool:
    command = _first(module, port)
    return command is not None and command.other_port


def _first(module: Module, port: int) -> Ask | None:
    """What a probe asks first over UDP."""
    command = next(module.talk(Peer("udp", "hb.invalid", port, NONCE)), None) if module.probe.udp else None
    return command if isinstance(command, Ask) else None


def _sentences(finding: Finding) -> list[str]:
    said = list(finding.notes)
    if finding.unprovable and finding.identity is None:
        said.append(finding.unprovable)
    return said

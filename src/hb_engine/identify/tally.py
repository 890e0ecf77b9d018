"""What is known of one port so far: claims with their proofs, what was heard, what TLS told, and what went wrong.

The stronger kind of proof wins (model/identity.py, PROOFS); of equals, the first. Claims of a peer that repeats
whatever it is told count for nothing. It decides nothing about what is asked next; strategy.py reads it.
"""

from __future__ import annotations

from hb_engine.identify.carrier import LISTENS
from hb_engine.identify.kit import Reply
from hb_engine.identify.sense import CHANGES, EASY, changes
from hb_engine.identify.tls import is_fatal, is_tls
from hb_engine.model.identity import PROOFS, Identity, Tls
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.identify.carrier import Job, Outcome
    from hb_engine.identify.question import Question
    from hb_engine.identify.stream import Account

REFUSALS = {
    "refused": "the port refused the connection when it was to be identified",
    "timeout": "the port took no connection when it was to be identified",
    "unreachable": "the host could not be reached when the port was to be identified",
    "descriptors": "this machine had no socket left for the question",
}
BUSY = "it takes no connections just now: the first were opened, others were not answered"
OWN = "strategy"  # the label of faults that are no probe's
TLS_ALONE = "ssl"  # nmap's name for TLS of which nothing else is known
STRONG = ("nonce", "structure", "banner")
HUNG_UP = ("closed", "reset")
SHORT = 4  # bytes that come back by chance
SAID, SAID_BYTES = 8, 4096  # answers that a finding may carry, and bytes of each


class Tally:
    """One port's book."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.claims: list[Identity] = []
        self.faults: dict[str, str] = {}  # probe: what it did wrong
        self.heard: list[tuple[str, Reply]] = []  # for the fingerprint
        self.unasked: list[bool] = []  # whether each of those was said without a question
        self.greeting, self.inner, self.late = Reply(), Reply(), Reply()
        self.inner_heard = False
        self.greetings: list[bytes] = []
        self.tls: Tls | None = None
        self.broken_tls: Tls | None = None
        self.alert = False  # a hello was answered by one
        self.versions: list[str] = []
        self.alpn = ""  # what handshakes agreed on
        self.h2 = False
        self.hangups = self.refused = self.timeouts = 0
        self.connected = self.spoke = self.wrapped = False
        self.refusal = ""
        self.endless = self.drips = False
        self.echoes = self.parrot_asked = self.parrot_told = self.is_parrot = False
        self.parrot_line = b""
        self.untouched = self.unprovable = ""
        self.connections = self.sent = self.received = 0
        self.rtt = question.rtt

    # -- asked by the strategy

    @property
    def settled(self) -> bool:
        """Whether a claim was proved, and nothing speaks against believing it."""
        if self.echoes and not self.parrot_told:
            return False
        return any(claim.proof in STRONG and not _half(claim) for claim in self.claims)

    @property
    def betrays_tls(self) -> bool:
        """Whether something said in clear shows that TLS is spoken here."""
        alert = any(is_tls(reply) for question, reply in self.heard if not question.startswith("tls"))
        return alert or any(_wants_tls(claim) for claim in self.claims)

    @property
    def gone(self) -> bool:
        """Whether nothing is to be had here: it hangs up at once, or takes no connections any more."""
        return self.wrapped or self.refused >= 2 or self.timeouts >= 2

    @property
    def tls_refused(self) -> bool:
        """Whether TLS is spoken here, and not with us: an alert, or a handshake that fails on who needs TLS."""
        broken = self.broken_tls
        if self.tls or broken is None:
            return False
        return self.alert or broken.certificate is not None or any(_wants_tls(claim) for claim in self.claims)

    @property
    def in_tls(self) -> bool:
        """Whether a handshake came to its end."""
        return self.tls is not None

    # -- told by the strategy

    def note(self, job: Job, outcome: Outcome, *, at_home: bool = False) -> None:
        """Enter an outcome. `at_home`: the probe is expected here; others may claim nothing from silence."""
        self.spend(outcome)
        self.spoke = self.spoke or outcome.spoke
        if outcome.rtt:
            self.rtt = min(self.rtt or outcome.rtt, outcome.rtt)
        self.parrot_told = self.parrot_told or job.label == "parrot"
        if outcome.broke:
            self.faults.setdefault(job.label, outcome.broke)
        if outcome.refused:
            self.refused += 1
            self.timeouts += outcome.refused == "timeout"
            self.refusal = outcome.refused
            return
        self.connected, self.refused = True, 0
        if job.label.startswith("version "):
            self._version(job.label.partition(" ")[2], outcome)
            return
        if job.label == "alpn":
            self.h2 = bool(outcome.tls and outcome.tls.alpn == "h2")
            return
        self._handshake(outcome)
        self._replies(job, outcome)
        if outcome.identity and (at_home or any(turn.reply for turn in outcome.turns)):
            self.claim(outcome.identity, job.label, outcome.tls)

    def spend(self, account: Account | Outcome) -> None:
        """Add up what was spent."""
        self.connections += account.connections
        self.sent += account.sent
        self.received += account.received

    def claim(self, identity: Identity, label: str, tls: Tls | None = None) -> None:
        """A talk says what this is."""
        if not isinstance(identity, Identity):
            self.faults.setdefault(label, f"it returned {type(identity).__name__}")
        elif not self.is_parrot:
            self.claims.append(replace(identity, tls=tls) if tls and identity.tls is None else identity)
            if identity.name == TLS_ALONE:
                self.broken_tls = self.broken_tls or identity.tls

    def broken(self, label: str, error: Exception) -> None:
        """A probe raised."""
        self.faults.setdefault(label, f"{type(error).__name__}: {error}"[:200])

    # -- the end

    def identity(self) -> Identity | None:
        """The best claim; TLS itself where nobody named what is inside."""
        claims = [claim for claim in self.claims if not (changes(self.greetings) and claim.proof in EASY)]
        if self.tls:
            claims = [claim for claim in claims if claim.name != TLS_ALONE]
        if claims:
            best = min(claims, key=lambda claim: (_half(claim), _strength(claim)))
            if _wants_tls(best) and self.broken_tls:
                best = replace(best, tls=self.broken_tls)
        elif self.tls:
            best = Identity(TLS_ALONE, evidence=f"{self.tls.version} {self.tls.cipher}".strip(), tls=self.tls)
        elif self.broken_tls:
            finished = bool(self.broken_tls.certificate or self.versions or "alert" in self.broken_tls.problem)
            proof = "structure" if finished else "pattern"
            best = Identity(TLS_ALONE, proof=proof, evidence=self.broken_tls.problem, tls=self.broken_tls)
        else:
            return None
        return self._with_versions(best)

    def _with_versions(self, best: Identity) -> Identity:
        tls = best.tls
        if tls is None or tls.how != "implicit":
            return best
        known = [*self.versions, *([tls.version] if tls.version and tls.version not in self.versions else [])]
        version = tls.version or (self.versions[-1] if self.versions else "")
        told = replace(best, tls=replace(tls, version=version, versions=tuple(sorted(known, key=_age))))
        return replace(told, facts=(*told.facts, ("alpn", "h2"))) if self.h2 else told

    def said(self) -> tuple[tuple[str, bytes], ...]:
        """What was said first on each connection, without what came twice: (question, answer).

        The question is listen for what nobody asked for, or else the probe's; inside TLS with "tls " before it.
        """
        found = dict[tuple[str, bytes], None]()
        for (label, reply), unasked in zip(self.heard, self.unasked, strict=True):
            question = f"{'tls ' if label.startswith('tls ') else ''}listen" if unasked else label
            if reply:
                found[question, bytes(reply[:SAID_BYTES])] = None
        return tuple(found)[:SAID]

    def notes(self) -> Iterator[str]:
        """What a person should know beside the name, in sentences."""
        for label, fault in self.faults.items():
            yield f"hb's own strategy broke: {fault}" if label == OWN else f"the probe {label} broke: {fault}"
        if self.refusal and not self.connected:
            yield REFUSALS.get(self.refusal, self.refusal)
        if self.connected and (self.timeouts >= 2 or (self.refused >= 2 and not self.spoke)):
            yield BUSY
        if self.wrapped:
            yield "it takes connections and closes them at once, without a byte: an access list may do that"
        if self.is_parrot:
            yield "it repeats whatever it is sent"
        if self.endless:
            yield "it sends without end; a part was read"
        if self.drips:
            yield "it drips a few bytes at a time and never comes to a point, as tarpits do"
        if changes(self.greetings):
            yield CHANGES

    # -- what outcomes mean

    def _handshake(self, outcome: Outcome) -> None:
        tls = outcome.tls
        if tls is None or tls.how != "implicit":
            return
        if tls.version:
            self.tls = self.tls or tls
            self.alpn = self.alpn or tls.alpn
            return
        if self.broken_tls is None or tls.certificate:
            self.broken_tls = tls
        self.alert = self.alert or bool(outcome.turns and is_fatal(outcome.turns[0].reply))

    def _replies(self, job: Job, outcome: Outcome) -> None:
        for turn in outcome.turns:
            self.endless = self.endless or turn.reply.ended == "limit"
            if turn.sent and len(turn.sent) >= SHORT and turn.reply.startswith(turn.sent):
                self.echoes = True
        if not outcome.turns:
            return
        first = outcome.turns[0]
        inside = job.tls and not outcome.plain and bool(outcome.tls and outcome.tls.version)
        self.heard.append((f"{'tls ' if inside else ''}{job.label}", first.reply))
        self.unasked.append(not first.sent)
        if job.label == "parrot" and first.reply.startswith(self.parrot_line):
            self.is_parrot = True
            self.claims = [Identity("echo", proof="nonce", evidence="it repeats whatever it is sent")]
        if not first.sent:
            self._listened(job, first.reply, first.chunks)

    def _listened(self, job: Job, reply: Reply, chunks: int) -> None:
        if job.tls:
            self.inner, self.inner_heard = self.inner or reply, True
        elif job.place == LISTENS and reply and self.heard:
            self.late = reply
            self.greeting = self.greeting or reply
        else:
            self.greeting = self.greeting or reply
        if reply:
            self.greetings.append(bytes(reply[:200]))
            self.drips = self.drips or (chunks >= 4 and reply.ended == "silent" and len(reply) < 64 * chunks)
        elif reply.ended in HUNG_UP and not job.tls:
            self.hangups += 1
            self.wrapped = self.hangups >= 2 and not self.spoke

    def _version(self, name: str, outcome: Outcome) -> None:
        if outcome.result is not True:
            return
        self.versions.append(name)
        broken = self.broken_tls
        if self.tls or broken is None or broken.certificate or not outcome.turns:
            return
        from hb_engine.identify.tls import early_certificate

        self.broken_tls = replace(broken, certificate=early_certificate(outcome.turns[0].reply))


def _strength(claim: Identity) -> int:
    return PROOFS.index(claim.proof) if claim.proof in PROOFS else len(PROOFS)


def _half(claim: Identity) -> bool:
    """A claim that leaves open what is inside TLS."""
    return claim.name == TLS_ALONE or _wants_tls(claim)


def _wants_tls(claim: Identity) -> bool:
    """A web server that answered in clear only to say that it is to be spoken to in TLS: half an answer."""
    return claim.tls is None and any(name == "wants" for name, _ in claim.facts)


AGES = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")


def _age(version: str) -> int:
    return AGES.index(version) if version in AGES else len(AGES)

"""What a rule is made of: its declaration, the facts that it may look at, and the few questions that many rules ask.

A rule is a file in judge/rules/ with `RULE`, a declaration, and `judge(facts)`, a generator of reasons. It sees one
opening and what was known around it, all as plain values, so that the same rule judges this machine, a snapshot of last
week, or another host's inventory. A rule refuses to guess: what was not read (None, "") is never evidence.
"""

from __future__ import annotations

from hb_engine.model.assignment import Threat
from hb_engine.model.endpoint import narrower
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Opening, Registered
from hb_engine.model.record import record
from hb_engine.model.verdict import SEVERITIES, Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hb_engine.model.answer import Answer  # noqa: TC004 (a record keeps the names of types alone)
    from hb_engine.model.identity import Certificate, Identity
    from hb_engine.model.owner import Owner

    Judge = Callable[["Facts"], Iterator[Reason]]

OWN = ("0.0.0.0", "::", "*", "127.0.0.1", "::1")  # noqa: S104 -- nothing is bound here
QUOTE = 120  # characters of strangers' text in one sentence; all of it stands in the opening itself


@record
class Rule:
    """A rule's declaration. `severity` is its usual one; a reason may deviate, and says why in its evidence.

    `title` is one sentence of what the rule looks for; `false_positives` are the honest causes that look the same.
    A baseline's rule that covers an opening accepts what is said of it, but not what is `lasting`: evidence that what
    runs is not what was accepted. A lasting rule's remarks (info) are no such evidence.
    """

    name: str
    severity: str
    title: str
    false_positives: tuple[str, ...] = ()
    lasting: bool = False

    def reason(self, text: str, *evidence: str, remedy: str = "", severity: str = "") -> Reason:
        """A reason of this rule. `text` is a phrase about the opening, in lower case and without a full stop.

        Empty evidence is left out, so that a rule may pass what was not read.
        """
        return Reason(self.name, severity or self.severity, text, tuple(filter(None, evidence)), remedy)


@record
class Facts:
    """What a rule may look at: one opening, and what is known around it.

    `threats` are the listings that cover the port; `siblings` are the other openings of the same transport and port
    in the same network namespace; `packages_asked` tells whether this machine's package manager was asked who owns
    files: where it was not, "in no package" means nothing. `registered` overrides the opening's own. `now` is seconds
    since the epoch. `answer` is what the opening said, where it was asked; `first_seen` and `looking_since` are when
    history first shows this key, and when it begins; `local_ports` is the range that the kernel chooses ports from.
    """

    opening: Opening
    threats: tuple[Threat, ...] = ()
    siblings: tuple[Opening, ...] = ()
    registered: tuple[Registered, ...] = ()
    packages_asked: bool = False
    coverage: Coverage = Coverage(privileged=False)
    now: float | None = None
    answer: Answer | None = None
    first_seen: float | None = None
    looking_since: float | None = None
    local_ports: tuple[int, int] | None = None


@record
class Loaded:
    """A rule as it was found: its declaration and its function."""

    rule: Rule
    judge: Judge


def load(names: Iterable[str]) -> tuple[Loaded, ...]:
    """Import rules by the names of their files (spoken.tls_too_old for one in a folder), sorted.

    Raises AttributeError for a file that declares no rule.
    """
    return tuple([_load(name) for name in sorted(names)])


def _load(name: str) -> Loaded:
    module = __import__(f"hb_engine.judge.rules.{name}", fromlist=("RULE",))
    return Loaded(module.RULE, module.judge)


def words(text: str) -> frozenset[str]:
    """Names separated by spaces, for tables that a person can read."""
    return frozenset(text.split())


def milder(severity: str, steps: int = 1) -> str:
    """A severity some steps down, never below info."""
    return SEVERITIES[max(1, SEVERITIES.index(severity) - steps)]


def reach(opening: Opening) -> str:
    """How far an opening reaches, by its scope: every address of another network namespace is private at the widest."""
    return opening.scope if opening.netns.kind == "host" else narrower(opening.scope, "private")


def reaches_others(opening: Opening) -> bool:
    """Whether other machines can reach the opening: a TCP socket that is bound and does not listen takes nobody."""
    return reach(opening) in ("private", "public") and "not-listening" not in opening.flags


def serves_others(opening: Opening) -> bool:
    """Whether others can reach the opening and it waits for them: a UDP port that the kernel chose is a client's."""
    return reaches_others(opening) and not (opening.ephemeral and opening.transport != "tcp")


def spoken(facts: Facts) -> Identity | None:
    """What speaks behind the opening, as far as it was asked and could be named by more than its port's number."""
    identity = facts.answer.identity if facts.answer else None
    return identity if identity and identity.proof != "port" else None


def certificate_of(facts: Facts) -> Certificate | None:
    """The certificate that the opening presented, or None."""
    identity = spoken(facts)
    return identity.tls.certificate if identity and identity.tls else None


def over_loopback(opening: Opening) -> bool:
    """Whether asking the opening was done as this machine itself: a wildcard is asked over loopback."""
    return any(address.partition("%")[0] in OWN for address in opening.addresses)


def by_scope(opening: Opening, severity: str) -> str:
    """The severity where everyone can reach the opening; one step milder where only private networks can."""
    return severity if reach(opening) == "public" else milder(severity)


def place(opening: Opening) -> str:
    """Where an opening is, in words: tcp 1703, or packet on eth0."""
    if opening.port is not None:
        return f"{opening.transport} {opening.port}"
    return f"{opening.transport} on {opening.interface}" if opening.interface else opening.transport


def ask(opening: Opening) -> str:
    """The command that tells an opening's whole story."""
    return f"hb why {opening.port}" if opening.port is not None else "hb ls --wide"


def basename(path: str) -> str:
    """The last part of a path of either system, without " (deleted)"."""
    path = path.removesuffix(" (deleted)")
    return path[max(path.rfind("/"), path.rfind("\\")) + 1 :]


def program_of(owner: Owner) -> str:
    """What an owner runs, in lower case and without .exe: the executable's file name, else what it calls itself."""
    name = basename(owner.exe) if owner.exe else owner.comm
    return name.lower().removesuffix(".exe")


def running(owner: Owner) -> str:
    """The file that an owner runs, or "" where it could not be read."""
    return owner.exe.removesuffix(" (deleted)") if owner.exe else ""


def is_file(owner: Owner) -> bool:
    """Whether it is known which file on disk an owner runs or ran (a memfd and a kernel thread run none)."""
    return bool(owner.exe) and owner.exe_state in ("present", "replaced", "deleted")


def each_exe(owners: tuple[Owner, ...]) -> list[tuple[Owner, tuple[Owner, ...]]]:
    """Owners grouped by what they run, the first of each group before its group: 64 workers are one finding."""
    if len(owners) == 1:  # the usual case
        return [(owners[0], owners)]
    groups: dict[tuple[object, ...], list[Owner]] = {}
    for owner in owners:
        groups.setdefault((owner.exe or owner.comm, owner.exe_state, owner.script), []).append(owner)
    return [(group[0], tuple(group)) for group in groups.values()]


def who(owners: tuple[Owner, ...]) -> str:
    """Owners in words, for evidence: pid 4117 "kworker/u8:1" as root, and 3 more."""
    first = owners[0]
    more = f", and {len(owners) - 1} more" if len(owners) > 1 else ""
    user = f" as {quote(first.user)}" if first.user else ""
    return f'pid {first.pid} "{quote(first.comm)}"{user}{more}'


def quote(text: str) -> str:
    """Strangers' text, cut to a length that leaves the sentence readable. Escaping it is the faces' work."""
    return text if len(text) <= QUOTE else f"{text[: QUOTE - 3]}..."

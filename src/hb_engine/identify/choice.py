"""Which probes come into question for a port: those that are expected, those for anywhere, those that gave a hint.

Everything that care.py forbids is left out here, so that nobody later has to remember it. It refuses to order by
likelihood (rank.py) and to make anything of answers, but for handing them to the hints.
"""

from __future__ import annotations

from hb_engine.identify.care import may_ask
from hb_engine.identify.loading import wants_tls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hb_engine.identify.loading import Library, Module
    from hb_engine.identify.question import Question


class Choice:
    """The probes for one port. `hinted` are the names of those that recognised an answer."""

    def __init__(self, question: Question, library: Library) -> None:
        self.question, self.library = question, library
        self.hinted: set[str] = set()
        self.tried: set[tuple[str, bool]] = set()  # and whether inside TLS
        self.likely = self._likely()
        self.at_home = frozenset(module.file for module, _ in self.likely)

    def allowed(self, module: Module) -> bool:
        """Whether this probe may be sent here."""
        return may_ask(module.probe, self.question)

    def expected(self) -> Iterator[Module]:
        """The probes that the expected names mean, allowed or not."""
        for name in self.question.expected:
            yield from self.library.named(name)

    def tls_expected(self) -> bool:
        """Whether TLS is expected from the first byte, whatever is inside."""
        return self.question.tls_expected or any(wants_tls(name) for name in self.question.expected)

    def web(self) -> Module | None:
        """The probe whose GET makes most servers speak."""
        return next((module for module in self.library.named("http") if self.allowed(module)), None)

    def anywhere(self, *, tls: bool, rare: bool = False) -> list[Module]:
        """The probes that may be tried on any port and were not tried here; `rare`: those not meant for that, too."""
        return [
            module
            for module in self.library.modules
            if (rare or module.probe.anywhere or module.file in self.hinted)
            and _over_tcp(module)
            and (module.file, tls) not in self.tried
            and self.allowed(module)
        ]

    def beginners(self, *, tls: bool, rare: bool = False) -> list[Module]:
        """Those of `anywhere` that are worth a connection: servers that speak first were listened to already."""
        found = self.anywhere(tls=tls, rare=rare)
        return [module for module in found if module.probe.speaks != "server" or module.file in self.hinted]

    def hints(self, reply: bytes, broken: Callable[[str, Exception], None]) -> list[Module]:
        """The probes that recognise an answer which was none of theirs, with all that did so before."""
        for module in self.library.modules:
            try:
                if module.hint is not None and module.hint(reply):
                    self.hinted.add(module.file)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001  a fault of a probe must cost no more than this probe
                broken(module.file, error)
        return [module for module in self.library.modules if module.file in self.hinted]

    def _likely(self) -> list[tuple[Module, bool]]:
        """The probes that this port is expected to answer, best first, and whether inside TLS."""
        question, udp = self.question, self.question.transport == "udp"
        pairs: list[tuple[Module, bool]] = []
        for name in question.expected:
            for module in self.library.named(name):
                at_home = question.port in module.probe.tls and question.port not in module.probe.tcp
                pairs.append((module, not udp and (question.tls_expected or wants_tls(name) or at_home)))
        if udp:
            pairs += [(module, False) for module in self.library.at("udp", question.port)]
        else:
            pairs += [(module, True) for module in self.library.at("tls", question.port)]
            pairs += [(module, question.tls_expected) for module in self.library.at("tcp", question.port)]
        pairs += [(module, False) for name in question.asked for module in self.library.named(name)]
        found: dict[tuple[str, bool], tuple[Module, bool]] = {}
        for module, tls in pairs:
            if (module.probe.udp if udp else _over_tcp(module)) and self.allowed(module):
                found.setdefault((module.file, tls), (module, tls))
        return list(found.values())


def _over_tcp(module: Module) -> bool:
    return bool(module.probe.tcp or module.probe.tls or not module.probe.udp)

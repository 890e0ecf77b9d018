"""What nmap's lines say of the answers that hb has heard: at most one opinion, of the first line that fits.

hb asks its own questions. A greeting is held against the lines of the NULL probe, the answer to a GET against those of
GetRequest, in nmap's order: a probe's own lines, those of its fallbacks, those of NULL. An answer to another question
of ours is no answer to nmap's: it is held against the lines of the service that hb proved, and against all where nobody
knows. A softmatch counts only where no match does.
"""

from __future__ import annotations

from hb_engine.identify.opinions import nmap_probes, templates
from hb_engine.identify.opinions.opinion import NMAP, Asked, Opinion
from hb_engine.identify.opinions.patience import Slow, Unread, left

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hb_engine.identify.opinions.nmap_probes import Book, Line, Probe
    from hb_engine.identify.opinions.patience import Groups, Patience
    from hb_engine.identify.opinions.patterns import Pattern

ASKED_AS = {"listen": "NULL", "http": "GetRequest"}
SAME = {"https": "http", "http-proxy": "http", "netbios-ssn": "microsoft-ds"}  # one service by two names


class NmapOpinion:
    """A book with what is needed to look things up in it."""

    def __init__(self, book: Book, patience: Patience) -> None:
        self.book, self._patience = book, patience
        self._spelled: dict[str, list[tuple[Line, Pattern]]] = {}

    def asked(self, heard: Iterable[tuple[str, bytes]], name: str, transport: str) -> Asked:
        """The opinion about answers (label, bytes) of a port whose identity has this name ("" for none)."""
        soft: Opinion | None = None
        left_out = dict[str, None]()
        for label, answer in heard:
            lowered = answer.lower()
            for line, pattern in self._lines(label.split(" ")[-1], name, transport):
                if (line.soft and soft) or not pattern.possible(answer, lowered):
                    continue
                try:
                    groups = self._patience.match(pattern.spelled, line.flags, answer)
                except (Slow, Unread) as why:
                    left_out[left(f"{NMAP} line {line.number}", why)] = None
                    continue
                if groups is not None and not line.soft:
                    return Asked((_opinion(line, groups),), tuple(left_out))
                if groups is not None:
                    soft = _opinion(line, groups)
        return Asked((soft,) if soft else (), tuple(left_out))

    def _lines(self, label: str, name: str, transport: str) -> Iterator[tuple[Line, Pattern]]:
        """The lines that an answer to such a question is held against, in order."""
        asked = self.book.named(ASKED_AS.get(label, ""), transport)
        probes = self._with_fallbacks(asked) if asked else [p for p in self.book.probes if p.transport == transport]
        for probe in probes:
            for line, pattern in self._of(probe):
                if asked or not name or _same(line.service, name):
                    yield line, pattern

    def _with_fallbacks(self, probe: Probe) -> list[Probe]:
        names = [probe.name, *probe.fallback, *(["NULL"] if probe.transport == "tcp" else [])]
        found = [self.book.named(name, probe.transport) for name in dict.fromkeys(names)]
        return [one for one in found if one is not None]

    def _of(self, probe: Probe) -> list[tuple[Line, Pattern]]:
        key = f"{probe.transport} {probe.name}"
        if key not in self._spelled:
            self._spelled[key] = [(line, nmap_probes.spelled(line)) for line in probe.lines]
        return self._spelled[key]


def _same(service: str, name: str) -> bool:
    service = service.removeprefix("ssl/")
    return SAME.get(service, service) == SAME.get(name, name)


def _opinion(line: Line, groups: Groups) -> Opinion:
    def filled(template: str) -> str:
        return templates.fill(template, groups) if template else ""

    return Opinion(
        NMAP,
        line.service,
        filled(line.product),
        filled(line.version),
        filled(line.info),
        filled(line.system),
        filled(line.device),
        filled(line.hostname),
        tuple([cpe for cpe in (templates.fill_cpe(template, groups) for template in line.cpe) if cpe]),
        f"line {line.number}",
        line.soft,
    )

"""`hb scan --compare`: what answered from outside, beside what listens inside this machine; the gap is the finding.

Ports are compared only where both sides looked: those that the scan asked, on addresses that are this machine's own.
"""

from __future__ import annotations

from hb_engine.app.looking.look import look
from hb_engine.app.looking.own import KINDS, WILDCARDS, own_namespace
from hb_engine.model.compared import Compared
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.answer import Answer, Scan, ScannedHost
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

REMEDY = "Compare on the machine that was scanned: hb scan --compare 127.0.0.1, or --from a scan of it."


def compare(scan: Scan, inside: Inventory | None = None, own: frozenset[str] | None = None) -> tuple[Compared, ...]:
    """Both sides of each port that the scan asked on this machine's addresses. Raises BadInput if none is its own."""
    addresses = own_addresses() if own is None else own
    hosts = [host for host in scan.hosts if host.address.partition("%")[0] in addresses or _loops(host.address)]
    if not hosts:
        raise BadInput("none of the addresses that were scanned is this machine's", REMEDY)
    seen = look() if inside is None else inside
    here = [one for one in seen.openings if one.netns.id == own_namespace() or inside is not None]
    whole = not any("socket" in gap.what for gap in seen.coverage.gaps)
    return tuple([each for host in hosts for each in _of_host(host, here, whole=whole)])


def _loops(address: str) -> bool:
    return address.startswith("127.") or address == "::1"


def own_addresses() -> frozenset[str]:
    """The addresses of this machine's interfaces, as text."""
    from hb_engine.scan import addresses, attached  # the scan room knows them

    return frozenset([addresses.text(each.family, each.number) for each in attached.look()])


def _of_host(host: ScannedHost, here: list[Opening], *, whole: bool) -> Iterator[Compared]:
    answers = {(answer.transport, answer.port): answer for answer in host.answers}
    inside: dict[tuple[str, int], list[Opening]] = {}
    for opening in here:
        if opening.port is not None and opening.kind in KINDS.get(opening.transport, ()) and _reaches(opening, host):
            inside.setdefault((opening.transport, opening.port), []).append(opening)
    asked = _Asked(host)
    for place in sorted({*answers, *inside}, key=lambda one: (one[1], one[0])):
        transport, port = place
        answer, openings = answers.get(place), inside.get(place, [])
        state = answer.state if answer else asked.state(transport, port)
        if state is None or (not openings and state != "open"):
            continue
        word, sentence = _held(state, openings, whole=whole)
        yield Compared(transport, port, _inside(openings), _outside(answer, state), word, sentence, host.address)


def _reaches(opening: Opening, host: ScannedHost) -> bool:
    """Whether an opening is there for the address that was scanned."""
    version = "ipv6" if ":" in host.address else "ipv4"
    for address in opening.addresses:
        if address in WILDCARDS:
            if address == "*" or version in opening.families or (":" in address) == (":" in host.address):
                return True
        elif address == host.address.partition("%")[0]:
            return True
    return False


def _held(state: str, openings: list[Opening], *, whole: bool) -> tuple[str, str]:
    """The word and the sentence that two sides come to."""
    if not openings:
        known = "nothing that was seen listens there" if whole else "no listener was seen, but not all could be seen"
        why = "a redirect, a forward, or something that hides"
        return "no-listener", f"answers from outside, and {known}: {why}"
    if state == "open":
        return "agreed", ""
    if state == "closed":
        return "closed-outside", "listens here, and refuses from outside: a firewall that rejects, or another address"
    if state in ("filtered", "unreachable"):
        return "filtered", "listens here, and nothing comes back from outside: filtered on the way"
    return "not-known", "listens here, and from outside nobody can tell: it gave no answer"


def _inside(openings: list[Opening]) -> str:
    if not openings:
        return ""
    owners = [owner for opening in openings for owner in opening.owners]
    if not owners:
        return openings[0].unit or "listens, owner not seen"
    first = owners[0]
    return f"{first.comm} (pid {first.pid})" + (f" and {len(owners) - 1} more" if len(owners) > 1 else "")


def _outside(answer: Answer | None, state: str) -> str:
    if answer is None or answer.identity is None:
        return state
    identity = answer.identity
    words = [identity.name, identity.product, identity.version]
    return f"{state}, {' '.join(word for word in words if word)}"


class _Asked:
    """The states of ports that are told as ranges."""

    def __init__(self, host: ScannedHost) -> None:
        self._ranges: dict[str, list[tuple[int, int, str]]] = {}
        for rest in host.rest:
            for part in rest.ports.split(",") if rest.ports else ():
                first, _, last = part.partition("-")
                if first.isdigit() and (last or first).isdigit() and rest.reason != "not-asked":
                    self._ranges.setdefault(rest.transport, []).append((int(first), int(last or first), rest.state))

    def state(self, transport: str, port: int) -> str | None:
        """The state of a port, None where it was not asked."""
        found = [state for first, last, state in self._ranges.get(transport, ()) if first <= port <= last]
        return found[0] if found else None

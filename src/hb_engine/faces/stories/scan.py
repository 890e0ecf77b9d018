"""What answers from outside, as `hb scan` tells it: each host with its ports, the worst on top, then what it cost.

Hosts with an open port come first, each with a table of what it said port by port and the many that said the same in a
line. Hosts without one are counted, not listed, unless the scan had one host only. What was not asked, or not asked to
the end, is said in the footer with its remedy; a short answer never hides that it is a partial one.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Headline, Span, Table, command, line, mark
from hb_engine.faces.stories.answers import counted, counts, is_open, product, remarks, service, severity, worst
from hb_engine.faces.text import plural
from hb_engine.faces.words import gap, milliseconds
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.document import Block, Line
    from hb_engine.model.answer import Answer, Rest, Scan, ScannedHost

COLUMNS = (
    Column("", "severity"),
    Column("", "transport"),
    Column("port", align="right"),
    Column("state"),
    Column("speaks", flexible=True, least=8),
    Column("product", flexible=True, least=12),
    Column("", "remarks", flexible=True, least=0, flow=True),
)
FEW = 12  # hosts that are told without an open port, where there are no more than these
RANGES = 60  # characters of ranges that are shown; JSON has all
GAPS = 6  # as many are told here
NAMES = 3  # of a host in its headline
ALL = 65535  # ports of one transport


def tell(seen: Scan, now: float) -> Document:
    """The page. `now` is seconds since the epoch: certificates are held against it."""
    hosts = sorted(seen.hosts, key=lambda host: -SEVERITIES.index(worst(host, now)))  # stable: else as they were asked
    speaking = [host for host in hosts if any(is_open(answer) for answer in host.answers)]
    quiet = [host for host in hosts if host not in speaking] if len(hosts) < 4096 else _others(hosts)
    shown = [*speaking, *(quiet if len(seen.hosts) == 1 else ())]
    blocks: list[Block] = []
    for host in shown:
        blocks += [*_host(host, now), Blank()]
    return Document((*blocks, Fields(tuple([field for field in _footer(seen, shown, quiet, now) if field]))))


def _others(hosts: list[ScannedHost]) -> list[ScannedHost]:
    return [host for host in hosts if not any(is_open(answer) for answer in host.answers)]


# -- one host


def _host(host: ScannedHost, now: float) -> list[Block]:
    blocks: list[Block] = [Headline(_title(host), (Span(_reached(host), "dim"),))]
    answers = sorted(
        host.answers, key=lambda a: (-SEVERITIES.index(severity(a, now)), not is_open(a), a.port, a.transport)
    )
    if answers:
        blocks.append(Table(COLUMNS, tuple([_row(answer, now) for answer in answers]), header=False))
    fields = [Field("rest", tuple([_rest(each) for each in host.rest]))] if host.rest else []
    fields += [Field("note", tuple([line(note) for note in host.notes]), "medium")] if host.notes else []
    return [*blocks, Fields(tuple(fields))] if fields else blocks


def _title(host: ScannedHost) -> Line:
    names = [name for name in host.names if name != host.address]
    left: list[Span | str] = [Span(host.address, "strong")]
    left += (
        [f" \u00b7 {', '.join(names[:NAMES])}" + (f" and {len(names) - NAMES} more" if len(names) > NAMES else "")]
        if names
        else []
    )
    return line(*left, f" \u00b7 {counted(host)}")


def _reached(host: ScannedHost) -> str:
    """Up by what, in what time: up (syn-ack), 0.4 ms."""
    word = {True: "up", False: "down", None: "not known to be up"}[host.up]
    told = [f"{word} ({host.reason})" if host.reason else word]
    told += [host.mac] if host.mac else []
    told += [_brief(host.rtt)] if host.rtt is not None else []
    return ", ".join(told)


def _brief(seconds: float) -> str:
    """A time of travel: 412 \u00b5s would need more than ASCII, so 0.41 ms."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.01 else milliseconds(seconds)


def _row(answer: Answer, now: float) -> tuple[Line, ...]:
    grave = severity(answer, now)
    says = "; ".join(remarks(answer, now))
    return (
        (mark(grave),),
        line(answer.transport),
        line(str(answer.port)),
        (
            Span("" if is_open(answer) else answer.state, "dim", answer.state),
        ),  # most are open: eyes need no word for it
        _cell(service(answer), "strong" if grave in ("high", "critical") else ""),
        _cell(product(answer)),
        _cell(says),
    )


def _cell(text: str, style: str = "") -> Line:
    return (Span(text, style, text or "-"),)


def _rest(each: Rest) -> Line:
    """65,332 closed (reset), and which, where they can be read at a glance."""
    told = f"{each.transport}  {each.count:,} {'not asked' if each.reason == 'not-asked' else each.state}"
    told += f" ({each.reason})" if each.reason and each.reason != "not-asked" else ""
    ranges = f": {each.ports}" if each.ports and len(each.ports) <= RANGES else ""
    return line(told, Span(ranges, "dim")) if ranges else line(told)


# -- the footer


def _footer(seen: Scan, shown: list[ScannedHost], quiet: list[ScannedHost], now: float) -> list[Field | None]:
    return [_more(seen, shown, quiet), _cost(seen), _stopped(seen), _unseen(seen), _next(shown, now)]


def _more(seen: Scan, shown: list[ScannedHost], quiet: list[ScannedHost]) -> Field | None:
    """The hosts that are not shown, by why."""
    if not seen.hosts:
        return Field("hosts", (line("none answered, as far as was asked"),))
    left = [host for host in quiet if host not in shown] if len(shown) == 1 else quiet
    if not left:
        return None
    lines: list[Line] = []
    for up, words in ((True, "up, nothing open"), (None, "not known to be up"), (False, "down")):
        group = [host for host in left if host.up is up]
        if group:
            which = f": {', '.join([host.address for host in group])}" if len(group) <= FEW else ""
            asked = f" ({_asked(group)})" if up is True else ""
            lines.append(line(f"{plural(len(group), 'host')} {words}{asked}", Span(which, "dim")))
    return Field("more" if shown else "hosts", tuple(lines))


def _asked(group: list[ScannedHost]) -> str:
    """What hosts without an open port said instead, added up."""
    total: dict[str, int] = {}
    for host in group:
        for state, count in counts(host).items():
            total[state] = total.get(state, 0) + count
    told = [f"{count:,} {state}" for state, count in total.items()]
    return ", ".join(told) or "no port asked"


def _cost(seen: Scan) -> Field:
    stats = seen.stats
    who = "" if seen.scanner == "hb" else f"as {seen.scanner} saw it; "
    told = [f"{plural(len(seen.hosts), 'host')} in {_seconds(stats.seconds)}"]
    told += (
        [f"{stats.sent:,} packets sent, {stats.received:,} came back"]
        if stats.sent and stats.engine == "packet"
        else []
    )
    told += [f"{stats.sent:,} connections tried"] if stats.sent and stats.engine == "connect" else []
    told += [f"{stats.asked_again:,} asked again"] if stats.asked_again else []
    told += [f"{stats.loss:.1%} lost on the way"] if stats.loss else []
    told += [f"{stats.dropped:,} answers dropped here"] if stats.dropped else []
    return Field("cost", ((Span(f"{who}{', '.join(told)}", "dim"),),))


def _seconds(seconds: float) -> str:
    return milliseconds(seconds) if seconds < 100 else f"{int(seconds) // 60} min {int(seconds) % 60} s"


def _stopped(seen: Scan) -> Field | None:
    """That the scan did not come to its end, where no gap says so already."""
    if seen.complete or seen.gaps:
        return None
    return Field(
        "stopped", (line("before its end: a port that is not told of was not asked, or not to the end"),), "medium"
    )


def _unseen(seen: Scan) -> Field | None:
    if not seen.gaps:
        return None
    lines: list[Line] = [line(gap(each)) for each in seen.gaps[:GAPS]]
    left = len(seen.gaps) - len(lines)
    if left:
        lines.append((Span(f"and {plural(left, 'more gap')}: --json tells all", "dim"),))
    return Field("unseen", tuple(lines), "medium")


def _next(shown: list[ScannedHost], now: float) -> Field:
    """What the worst port is for, and what that machine itself would say of it; all ports, where none was open."""
    ranked = [(answer, host) for host in shown for answer in host.answers if is_open(answer)]
    if not ranked:
        alone = shown[0] if len(shown) == 1 and sum(counts(shown[0]).values()) < ALL else None
        return Field("next", ((command(f"hb scan {alone.address} -p all" if alone else "hb scan --help"),),))
    answer, host = max(ranked, key=lambda pair: SEVERITIES.index(severity(pair[0], now)))
    there = "" if host.address in ("127.0.0.1", "::1") else f" on {host.address}"
    return Field("next", (line(command(f"hb port {answer.port}"), "   ", command(f"hb why {answer.port}"), there),))

"""`hb ls`: every way in, one a line, filtered and sorted."""

from __future__ import annotations

from hb_engine.faces.cli.filters import ports, tests
from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.faces.stories.order import SORTS, in_order, is_noise
from hb_engine.model.endpoint import KINDS, TRANSPORTS
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.model.answer import Answer
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

FEW = 1000  # ports that are worth asking for one by one
VERB = Verb(
    "ls",
    "every way in, one a line",
    Argument("WORD", "words that must all occur in names, units, packages, executables, containers or services"),
    (
        Option("port", "ports and ranges", "p", "22,80,8000-9000", "list"),
        Option("transport", "transports", "t", "NAME,...", "list", TRANSPORTS),
        Option("process", "processes by name or pid; * stands for any letters", "", "NAME|PID,...", "list"),
        Option("user", "users by name or number, of the process or the socket", "u", "USER,...", "list"),
        Option(
            "scope",
            "loopback, link, private, public; link+ is it and wider, link- it and narrower",
            "s",
            "SCOPE",
            "list",
        ),
        Option("netns", "network namespaces by name or number; host, container, named or all", "", "NAME,...", "list"),
        Option("kind", "kinds of opening", "", "KIND,...", "list", KINDS),
        Option("identify", "ask each listener, over this machine's own addresses, what it speaks", "i"),
        Option("hidden", "bind to every port for a moment, to find those that no list of the kernel shows"),
        Option("all", "UDP clients and idle sockets too", "a"),
        Option("at", "what was open then, by hb record: 2d, yesterday, tuesday 14:00, 2026-11-24 14:00", "", "TIME"),
        Option("new", "what was first seen since a time, by hb record: since a day ago by itself"),
        Option("since", "with --new: the time", "", "TIME"),
        Option("host", "with --at and --new: a machine by name", "", "NAME"),
        Option("sort", "order, the port by default", "", "KEY", "text", SORTS),
        Option("reverse", "the other way round", "r"),
        Option("wide", "more columns: kind, start, unit, container, package, executable, command line", "w"),
        Option("no-header", "no titles above the columns"),
        JSON,
    ),
    (
        ("hb ls --scope link+", "what others can reach"),
        ("hb ls -t udp --sort started", "UDP, the youngest first"),
        ("hb ls nginx", "all that has to do with nginx"),
        ("hb ls --identify", "what really speaks behind each"),
        ("hb ls --at 'tuesday 14:00'", "what was open then"),
        ("hb ls --hidden", "and what hides; takes a second or two"),
        ("hb ls --json | jq '.openings[].key'", "the keys, for programs"),
    ),
    "UDP clients on a port of the kernel's choice, and sockets that are bound but do not listen, are shown with --all, "
    "or when --port or --kind asks for them. JSON always has them.",
)


def run(asked: Asked, output: Output) -> int:
    """List the openings. Returns 0, also where nothing matches; raises BadInput for impossible filters."""
    wanted = tests(asked)  # mistakes are told before anything is looked at
    if asked.text("at") or asked.flag("new") or asked.text("since") or asked.text("host"):
        from hb_engine.faces.cli import past  # most ask for what is open now

        if past.refuse(asked):
            return past.listing(asked, output, wanted)
    from hb_engine.app.looking.look import look  # help and mistakes need none of it

    seen = look(_few(ports(asked.many("port"))), hidden=asked.flag("hidden"))
    found = in_order(
        [opening for opening in seen.openings if all(test(opening) for test in wanted)],
        asked.text("sort") or "port",
        reverse=asked.flag("reverse"),
    )
    if asked.flag("json"):
        from hb_engine.faces.export.documents import inventory  # people need none of it

        spoken = _spoken(found, asked, output)
        if wanted:  # whoever reads it must not take what was left out for closed
            seen = replace(seen, coverage=replace(seen.coverage, partial=seen.coverage.partial or "filters"))
        output.write(inventory(replace(seen, openings=tuple(_judged(seen, found, spoken))), spoken))
        return 0
    from hb_engine.faces.stories.listing import footer, tell  # programs need none of it

    shown = [opening for opening in found if _is_shown(opening, asked)]
    spoken = _spoken(shown, asked, output)
    shown = _judged(seen, shown, spoken)
    from hb_engine.app.ruling.standing import standings  # as above

    ruled = standings(seen, spoken)
    wide, header = asked.flag("wide"), not asked.flag("no-header")
    output.show(tell(shown, output.now, wide=wide, header=header, spoken=spoken, standings=ruled))
    remark = footer(len(shown), len(found), len(seen.openings), seen.coverage)
    if remark:
        output.remark(remark)
    return 0


def _spoken(openings: list[Opening], asked: Asked, output: Output) -> dict[str, Answer] | None:
    """What they say when they are asked; None where nobody wants to know."""
    if not asked.flag("identify"):
        return None
    from hb_engine.app.looking import own  # brings all probes along
    from hb_engine.faces.cli.progress import bar, overwritten

    line, total, done = overwritten(output), sum(own.place_of(one) is not None for one in openings), 0

    def tell() -> None:
        nonlocal done
        done += 1
        line.show(f"asking {done} of {total} {bar(done / max(total, 1))}")

    try:
        return own.speaks(openings, tell=tell)
    finally:
        line.clear()


def _judged(seen: Inventory, openings: list[Opening], spoken: dict[str, Answer] | None) -> list[Opening]:
    """Openings with what their answers say against them."""
    if not spoken:
        return openings
    from hb_engine.app.looking.again import again  # only where somebody was asked

    return list(again(seen, openings, spoken))


def _few(ranges: tuple[tuple[int, int], ...]) -> frozenset[int] | None:
    """The ports to look at where only some were asked for: fewer owners have to be found then."""
    if not ranges or sum([last - first for first, last in ranges]) > FEW:
        return None
    return frozenset([port for first, last in ranges for port in range(first, last + 1)])


def _is_shown(opening: Opening, asked: Asked) -> bool:
    """Noise is shown when it was asked for by its place or kind: an empty answer there would be false."""
    return asked.flag("all") or bool(asked.many("port") or asked.many("kind")) or not is_noise(opening)

"""`hb scan TARGET...`: what answers from outside, what really speaks there, held against what is registered.

What it asks and whether it may is decided by app/scanning/scan.py; here a person's words become a request, a plan that
is large is shown and confirmed, and what was found goes to the screen, to programs and to files. It refuses to send
anything before every option has been read and every file that is to be written has been made.
"""

from __future__ import annotations

import sys

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.scanning.scan import Planned, Request
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.faces.cli.sinks import Sink
    from hb_engine.model.answer import Scan
    from hb_engine.model.compared import Compared

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
VERB = Verb(
    "scan",
    "what answers from outside, and what really speaks there",
    Argument("TARGET", "addresses, names, networks (10.0.0.0/24), ranges (10.0.0.1-20), IPv6"),
    (
        Option("ports", "ports, ranges, names, top:1000, all", "p", "22,80-90,ssh,top:100"),
        Option("udp", "UDP ports too, in the same words", "u", "53,161,top:50"),
        Option("top", "the commonest so many ports: short for --ports top:N", "", "N", "int", low=1, high=65535),
        Option("file", "files with targets, one a line", "", "FILE,...", "list"),
        Option("exclude", "targets that are never asked; this always wins", "", "TARGET,...", "list"),
        Option("ipv4", "IPv4 addresses only", "4"),
        Option("ipv6", "IPv6 addresses only", "6"),
        Option("engine", "how to ask", "", "NAME", choices=("auto", "packet", "connect")),
        Option("every-host", "ask all ports of every address, even where nothing answered the first questions"),
        Option("no-identify", "ports only: no byte is sent to what is open"),
        Option(
            "ask",
            "careful protocols that may be asked where they are not registered, such as modbus",
            "",
            "NAME,...",
            "list",
        ),
        Option("nmap-probes", "a second opinion from your own copy of nmap-service-probes", "", "FILE"),
        Option("recog", "a second opinion from your own copy of Recog's XML", "", "FOLDER"),
        Option(
            "rate",
            "at most so many packets a second; the pace is adaptive below that",
            "",
            "N",
            "int",
            low=1,
            high=100_000_000,
        ),
        Option("gentle", "slowly, for old networks and fragile devices"),
        Option("tries", "how often a silent port is asked at most", "", "N", "int", low=1, high=20),
        Option("shard", "one part of several, each pair of host and port in exactly one", "", "I/N"),
        Option("resume", "a file that keeps the place: made if it is not there, gone on from if it is", "", "FILE"),
        Option("yes", "do not ask before a large scan", "y"),
        Option("compare", "this machine: hold what answers, or answered (--from), against what listens inside"),
        Option("from", "results of hb, nmap (XML), masscan or naabu (JSON) instead of a scan; - is stdin", "", "FILE"),
        Option("ndjson", "one JSON object a line, while it runs"),
        Option("xml", "nmap's XML; - is stdout", "", "FILE"),
        Option("csv", "a table for spreadsheets; - is stdout", "", "FILE"),
        JSON,
    ),
    (
        ("hb scan 10.0.0.5", "one host, the commonest ports"),
        ("hb scan 10.0.0.0/24 -p all -u top:50", "a network, every TCP port and the commonest UDP ports"),
        ("hb scan 10.0.0.0/24 --xml scan.xml --csv scan.csv", "for other tools, besides the page"),
        ("hb scan --from scan.xml", "what nmap found, held against what is registered"),
        ("hb scan --compare 127.0.0.1", "this machine from both sides"),
        ("hb scan --from seen.json --compare", "what another machine saw of this one, beside its inside"),
        (
            "hb scan 10.0.0.0/16 --shard 2/8 --resume part2.hb",
            "the second of eight machines' parts, to be gone on with",
        ),
    ),
    "Only private networks and what stands in your scope file are asked (hb scope); a large scan shows its plan and "
    "asks first. Ctrl-C shows what is known so far. Printers, serial ports and industrial devices get no byte "
    "unless their protocol is named by --ask. A finding is a mark other than a circle, or a gap.",
)


def run(asked: Asked, output: Output) -> int:
    """Scan, or read a scan. Returns 0, 1 with findings, 130 after Ctrl-C; raises BadInput, CannotLook, DataError."""
    _check(asked)
    if asked.text("from"):
        return _read(asked, output)
    request = _request(asked)
    from hb_engine.app.scanning import scan as recipe  # help and mistakes need none of it

    plan = recipe.plan(request)
    _consent(plan, asked, output)
    sinks = _sinks(asked, output)
    try:
        seen, stopped = _scan(plan, request, asked, output)
        compared = recipe.compare(seen) if asked.flag("compare") and not stopped else None
        _tell(seen, compared, asked, output, sinks)
    finally:
        for sink in sinks.values():
            sink.drop()
    if stopped:
        _hint(request, output)
        return INTERRUPTED
    return _status(seen, compared, output.now)


# -- what a person asks for


def _check(asked: Asked) -> None:
    """What cannot be asked together. Raises BadInput."""
    screens = [name for name in ("json", "ndjson") if asked.flag(name)]
    screens += [name for name in ("xml", "csv") if asked.text(name) == "-"]
    if len(screens) > 1:
        raise BadInput(f"--{screens[0]} and --{screens[1]} cannot both go to stdout", "Give one of them a file.")
    if asked.flag("ipv4") and asked.flag("ipv6"):
        raise BadInput("-4 and -6 leave nothing to ask", "Leave both out for both.")
    if asked.text("ports") and asked.number("top") is not None:
        raise BadInput(
            "--ports and --top both say which ports", f"Type --ports top:{asked.number('top')},... for both."
        )
    if asked.text("from"):
        other = next((name for name in ("ports", "udp", "resume", "shard") if asked.text(name)), "")
        if asked.words or asked.many("file") or other:
            raise BadInput(
                "--from reads a scan, and makes none", f"Leave {f'--{other}' if other else 'the targets'} out."
            )
    elif not asked.words and not asked.many("file"):
        raise BadInput(
            "hb scan needs TARGET: an address, a name, a network or a range", "Usage: hb scan [OPTIONS] TARGET..."
        )


def _request(asked: Asked) -> Request:
    """The options as the recipe takes them. Raises BadInput."""
    from hb_engine.app.scanning.scan import Request  # help and mistakes need none of it

    top = asked.number("top")
    return Request(
        targets=asked.words,
        files=asked.many("file"),
        exclude=asked.many("exclude"),
        ports=f"top:{top}" if top is not None else asked.text("ports") or None,
        udp=asked.text("udp") or None,
        engine=asked.text("engine") or "auto",
        identify=not asked.flag("no-identify"),
        rate=asked.number("rate"),
        gentle=asked.flag("gentle"),
        shard=_shard(asked.text("shard")),
        resume=asked.text("resume") or None,
        yes=asked.flag("yes"),
        compare=asked.flag("compare"),
        nmap_probes=asked.text("nmap-probes") or None,
        recog=asked.text("recog") or None,
        allow=asked.many("ask"),
        tries=asked.number("tries"),
        family=4 if asked.flag("ipv4") else 6 if asked.flag("ipv6") else 0,
        every_host=asked.flag("every-host"),
        words=_words(asked),
    )


def _words(asked: Asked) -> tuple[str, ...]:
    """The command line, for the record; its targets where hb was not started by one."""
    return ("hb", *sys.argv[1:]) if sys.argv[1:2] == [VERB.name] else ("hb", VERB.name, *asked.words)


def _shard(text: str) -> tuple[int, int]:
    if not text:
        return 1, 1
    from hb_engine.scan.plan import shard_of  # rarely asked for

    part = shard_of(text)
    return part.number, part.of


def _sinks(asked: Asked, output: Output) -> dict[str, Sink]:
    """The files that will be written, made now. Raises BadInput."""
    from hb_engine.faces.cli.sinks import Sink

    found: dict[str, Sink] = {}
    try:
        for name in ("xml", "csv"):
            if asked.text(name):
                found[name] = Sink(asked.text(name), output)
    except BadInput:
        for sink in found.values():
            sink.drop()
        raise
    return found


# -- consent


def _consent(plan: Planned, asked: Asked, output: Output) -> None:
    """Show a large plan and ask. Raises BadInput where the answer is not yes, or where nobody can be asked."""
    if not plan.needs_consent or asked.flag("yes"):
        return
    from hb_engine.faces.document import Document, Paragraph, Span, line

    told = [Paragraph(line(Span("This scan is large. ", "strong"), text)) if not index else Paragraph(line(text), 1)
            for index, text in enumerate(plan.sentences)]  # fmt: skip
    output.remark(Document(tuple(told)))
    if not (output.watched and _is_terminal(sys.stdin)):
        raise BadInput("a scan of this size needs a yes, and nobody can be asked here", "Say --yes, or ask for less.")
    if not _yes(output):
        raise BadInput("nothing was asked", "Ask for fewer targets or ports, or say yes.")


def _yes(output: Output) -> bool:
    if output.stderr is not None:
        output.stderr.write("Scan? [y/N] ")
        output.stderr.flush()
    return sys.stdin.readline(16).strip().lower() in ("y", "yes")


def _is_terminal(stream: Any) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


# -- the scan


def _scan(plan: Planned, request: Request, asked: Asked, output: Output) -> tuple[Scan, bool]:
    """Scan, drawing how far it is, and whether it was stopped."""
    from hb_engine.app.scanning import scan as recipe
    from hb_engine.faces.cli.watching import Watching

    watching = Watching(output, lines=asked.flag("ndjson"))
    watching.begin(request.words)
    try:
        seen = recipe.run(plan, watch=watching)
    except KeyboardInterrupt:
        seen = watching.so_far(request.words)
    finally:
        watching.clear()
    watching.end(seen)
    return seen, not seen.complete


def _hint(request: Request, output: Output) -> None:
    """How to go on after Ctrl-C."""
    from hb_engine.faces.document import Document, Paragraph, command, line

    kept = f"hb scan --resume {request.resume}" if request.resume else ""
    told = line("stopped; go on with the same targets and ports and   ", command(kept)) if kept else line(
        "stopped; with --resume FILE the next scan can be gone on with")  # fmt: skip
    output.remark(Document((Paragraph(told),)))


# -- what was read


def _read(asked: Asked, output: Output) -> int:
    from hb_engine.app.scanning import scan as recipe  # help and mistakes need none of it

    sinks = _sinks(asked, output)
    try:
        seen = recipe.read("/dev/stdin" if asked.text("from") == "-" else asked.text("from"))
        if asked.flag("ndjson"):
            from hb_engine.faces.export.scan_json import Lines

            lines = Lines(output.write)
            lines.start(seen.asked, seen.started_at, seen.scanner)
            lines.end(seen)
        compared = recipe.compare(seen) if asked.flag("compare") else None
        _tell(seen, compared, asked, output, sinks)
    finally:
        for sink in sinks.values():
            sink.drop()
    return _status(seen, compared, output.now)


# -- what is told


def _tell(
    seen: Scan, compared: tuple[Compared, ...] | None, asked: Asked, output: Output, sinks: dict[str, Sink]
) -> None:
    """To files first: they are what cannot be had again from the screen."""
    if "xml" in sinks:
        from hb_engine.faces.export import nmap_xml

        sinks["xml"].write(nmap_xml.scan(seen))
    if "csv" in sinks:
        from hb_engine.faces.export import scan_csv

        sinks["csv"].write(scan_csv.scan(seen))
    if asked.flag("json"):
        from hb_engine.faces.export import scan_json  # people need none of it

        output.write(scan_json.scan(seen, compared))
    elif not asked.flag("ndjson") and "-" not in (asked.text("xml"), asked.text("csv")):
        from hb_engine.faces.document import Blank, Document
        from hb_engine.faces.stories import compared as both
        from hb_engine.faces.stories import scan as story  # programs need none of it

        page = story.tell(seen, output.now)
        output.show(page if compared is None else Document((*both.tell(compared).blocks, Blank(), *page.blocks)))


def _status(seen: Scan, compared: tuple[Compared, ...] | None, now: float) -> int:
    """1 where a mark is other than a circle, or something could not be seen."""
    from hb_engine.faces.stories.answers import worst
    from hb_engine.faces.stories.compared import severity

    quiet = ("none", "info")
    grave = [worst(host, now) for host in seen.hosts] + [severity(each) for each in compared or ()]
    return 1 if seen.gaps or any(each not in quiet for each in grave) else 0

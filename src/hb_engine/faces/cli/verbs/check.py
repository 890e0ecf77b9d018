"""`hb check`: is what is open what should be open? What differs, why probably, and what to type next.

What is decided is app/ruling/check.py's; here a person's words become a question, and the answer a page, a
document or an exit status. It refuses to look at anything before every option has been read and the file that is to be
written was made.
"""

from __future__ import annotations

from time import perf_counter

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.faces.exits import DEFAULT, STYLES, status
from hb_engine.faces.exits import trouble as code_of_trouble
from hb_engine.model.errors import BadInput, DataError, HbError
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.faces.cli.sinks import Sink
    from hb_engine.model.report import Report

OWN = ("table", "json", "ndjson")  # formats that are not files in export/reports
VERB = Verb(
    "check",
    "is what is open what should be open? drift, its probable cause, and what to do",
    Argument("FILE", "inventories (hb ls --json, hb snapshot) instead of this machine; - is stdin"),
    (
        Option("baseline", "the folder of rules", "", "DIR"),
        Option("pack", "packs of rules besides", "", "NAME,...", "list"),
        Option("role", "roles that the machines have besides", "", "NAME,...", "list"),
        Option("fail-on", "the least severity of drift that fails; none: no", "", "SEVERITY", choices=SEVERITIES),
        Option("exit", "whose exit statuses: a shell's, a monitor's, Terraform's", "", "STYLE", choices=STYLES),
        Option("format", "table, json, ndjson, csv, junit, markdown, nagios, prometheus, sarif ...", "", "NAME"),
        Option("output", "a file instead of stdout; - is stdout", "o", "FILE"),
        Option("no-ask", "ask nothing what it speaks, even where a rule wants to know"),
        Option("no-hidden", "do not bind to every port for a moment, to find those that no list shows; a second less"),
        Option("all", "debt, notes and what is muted or accepted too, and every row", "a"),
        JSON,
    ),
    (
        ("hb check", "this machine against hb.d"),
        ("hb check --pack debian", "a first look, without any rules of one's own"),
        ("hb check --fail-on high --format nagios", "for a monitoring system, its exit statuses too"),
        ("hb check web-*.hbsnap --format sarif -o drift.sarif", "many machines, for a code host"),
    ),
    "Exit status: 0 as expected, 1 drift, 2 trouble, or no drift and something that a rule needs could not be seen; "
    "with --format nagios a monitor's, unless --exit says another. "
    "Where there is no baseline yet, hb learn --now makes one of what is open.",
)  # fmt: skip


NOBODY = (
    "A scan tells only of hosts that answered: scan again, with -Pn where they answer no ping, or name other files."
)


def run(asked: Asked, output: Output) -> int:
    """Hold what is open against the baseline. Returns the exit status in the style that was asked for."""
    # Whoever asks for a monitor's line has a monitor, which goes by the status.
    style = asked.text("exit") or ("nagios" if asked.text("format") == "nagios" else "plain")
    try:
        return _run(asked, output, style)
    except HbError as error:
        from hb_engine.faces.cli.main import trouble  # only in trouble

        if asked.text("format") == "nagios" and not asked.text("output"):  # a plugin's answer is its first line
            from hb_engine.faces.export.reports.nagios import unknown

            output.write(unknown(error.message))
        trouble(error, ["--json"] if asked.flag("json") else [], output)
        return code_of_trouble(style)


def mistaken(words: list[str]) -> int:
    """The exit status of a line that is no question, in the style that it names: to Terraform 2 would be drift."""
    named = _given(words, "--exit") or [name for name in _given(words, "--format") if name == "nagios"]
    return code_of_trouble(named[0]) if named and named[0] in STYLES else code_of_trouble()


def _given(words: list[str], option: str) -> list[str]:
    """What stands behind an option on a line that was not parsed."""
    pairs = zip(words, [*words[1:], ""], strict=True)
    return [after if word == option else word[len(option) + 1 :] for word, after in pairs if word.startswith(option)]


def _run(asked: Asked, output: Output, style: str) -> int:
    write = _writer(asked)
    sink = _sink(asked, output)
    from hb_engine.app.ruling.check import Wanted, check  # help and mistakes need none of it

    wanted = Wanted(
        asked.words,
        asked.text("baseline"),
        asked.many("pack"),
        asked.many("role"),
        ask=not asked.flag("no-ask"),
        hidden=not asked.flag("no-hidden"),
    )
    begun = perf_counter()
    try:
        reports = check(wanted, _progress(output))
        took = perf_counter() - begun
        if not reports:
            raise DataError("no machine was seen in these files, so nothing was checked", NOBODY)
        if write is None:
            _show(reports, asked, output, sink, took)
        else:
            text = write(reports, output.now)
            sink.write(text) if sink else output.write(text)
    finally:
        if sink:
            sink.drop()
    return status(reports, asked.text("fail-on") or DEFAULT, style)


def _writer(asked: Asked) -> Callable[[Sequence[Report], float], str] | None:
    """What makes the text in the format that was asked for; None for a page. Raises BadInput for what is none."""
    name = asked.text("format") or ("json" if asked.flag("json") else "table")
    if asked.flag("json") and name != "json":
        raise BadInput(f"--json and --format {name} are two formats", "Ask for one of them.")
    if name == "table":
        return None
    if name in OWN:
        return _own(name)
    from hb_engine import __version__
    from hb_engine.faces.export import reports

    if name not in reports.names():
        raise _unknown(name, [*OWN, *reports.names()])
    module = reports.load(name)
    more = {"fail_on": asked.text("fail-on") or DEFAULT} if module.FORMAT.graded else {}
    return lambda found, now: module.write(found, __version__, now, **more)


def _own(name: str) -> Callable[[Sequence[Report], float], str]:
    from hb_engine.faces.export import report_json  # people need none of it

    if name == "json":
        return lambda found, _: report_json.whole(found)
    return lambda found, _: "".join(report_json.lines(found))


def _unknown(name: str, known: list[str]) -> BadInput:
    from hb_engine.model.nearest import nearest  # only when something was mistyped

    meant = nearest(name, known)
    remedy = f"Did you mean {meant}?" if meant else f"It is one of {', '.join(known)}."
    return BadInput(f"--format cannot be {name!r}", remedy)


def _sink(asked: Asked, output: Output) -> Sink | None:
    path = asked.text("output")
    if not path:
        return None
    from hb_engine.faces.cli.sinks import Sink  # most answers go to the screen

    return Sink(path, output)


def _show(reports: tuple[Report, ...], asked: Asked, output: Output, sink: Sink | None, took: float) -> None:
    from hb_engine.faces.stories.report import tell  # programs need none of it
    from hb_engine.faces.words import milliseconds

    every, time = asked.flag("all"), milliseconds(took)
    if sink and sink.path != "-":
        from hb_engine.faces.cli.plain import render

        sink.write(render(tell(reports, output.now, every=every, took=time)))
    elif every:
        output.show(tell(reports, output.now, every=True, took=time))
    else:
        output.show_fitting(lambda rows: tell(reports, output.now, rows, took=time))


def _progress(output: Output) -> Callable[[str, int, int], None]:
    """A line on stderr that says what is asked or read; where nobody sees it, nothing."""
    from hb_engine.faces.cli.progress import bar, overwritten

    drawn = overwritten(output)

    def tell(what: str, done: int, total: int) -> None:
        if done >= total:
            drawn.clear()
        else:
            drawn.show(f"{what} {done} of {total} {bar(done / max(total, 1))}")

    return tell

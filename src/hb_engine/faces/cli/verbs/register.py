"""`hb register`: ports, protocols and services with their owners and needs, as auditors ask for them."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.register import Register
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.faces.document import Document

DEFAULT = "html"
VERB = Verb(
    "register",
    "the register of ports, protocols and services",
    Argument(
        "SNAPSHOT", "files of other machines (hb snapshot, hb ls --json, scans); this machine where there is none"
    ),
    (
        Option("output", "write to this file instead of standard output", "o", "FILE"),
        Option(
            "format", "html, csv, markdown or json; by the end of the file's name where it is not said", "f", "NAME"
        ),
        Option(
            "baseline", "the folder of rules; by default $HB_BASELINE, hb.d above here, /etc/hb-engine/hb.d", "", "DIR"
        ),
        Option("role", "roles that the machine has besides those that its rules give it", "", "NAME,...", "list"),
        JSON,
    ),
    (
        ("hb register -o register.html", "a page to read, print and file"),
        ("hb register -o register.csv", "a table for spreadsheets"),
        ("hb register -o fleet.html snapshots/*.json", "one register of many machines"),
        ("hb register --format markdown > REGISTER.md", "for a wiki or a repository"),
    ),
    "A row is a rule: ports, reach, business need, owner, approval, day of review, what is insecure, what limits that, "
    "and what is open under it; rules of packs that are about nothing here are counted only. What is open and no rule "
    "allows as it is stands first. It is evidence for PCI DSS "
    "4.0.1, 1.2.5 (identified, approved, needed), 1.2.6 (security features) and 1.2.7 (review every six months), and "
    "for NIST SP 800-53 CM-7. Whatever it says, the exit status is 0: hb check judges.",
)


def run(asked: Asked, output: Output) -> int:
    """Write the register. Returns 0; raises BadInput, CannotLook, DataError."""
    from hb_engine.faces.export import register as formats  # help needs none of it

    path = asked.text("output")
    format_ = formats.load(_format(asked, path))  # mistakes are told before anything is looked at
    from hb_engine import __version__
    from hb_engine.app.ruling.register import make
    from hb_engine.faces.cli.sinks import STDOUT, Sink

    sink = Sink(path or STDOUT, output)
    try:
        made = make(asked.words, asked.text("baseline"), output.now, asked.many("role"))
        sink.write(format_.write(made, __version__))
    finally:
        sink.drop()
    if path and path != STDOUT:
        output.remark(_written(path, made))
    return 0


def _format(asked: Asked, path: str) -> str:
    """The format's name. Raises BadInput where --json and --format contradict each other."""
    name = asked.text("format")
    if not asked.flag("json"):
        return name or _by_ending(path)
    if name not in ("", "json"):
        raise BadInput(f"--json and --format {name} are two formats", "Say one of them.")
    return "json"


def _by_ending(path: str) -> str:
    from hb_engine.faces.export import register as formats  # as above

    found = [name for name in formats.names() if path.lower().endswith(formats.load(name).FORMAT.ending)]
    return found[0] if found else DEFAULT


def _written(path: str, made: Register) -> Document:
    from hb_engine.faces.document import Document, Paragraph, Span, line  # only where something was written
    from hb_engine.faces.export.registering import numbers
    from hb_engine.faces.text import joined, plural

    told = [f"{number} {label}" for label, number, bad in numbers(made) if bad and number]
    what = f"{path}: {plural(len(made.allowed), 'rule')}, {plural(len(made.machines), 'machine')}"
    return Document((Paragraph(line(what, Span(f"; {joined(told)}" if told else "", "dim"), ".")),))

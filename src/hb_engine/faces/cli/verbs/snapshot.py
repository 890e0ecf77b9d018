"""`hb snapshot`: everything that a look shows, in one file that hb check, hb diff and others read again."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Option, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "snapshot",
    "keep all that a look shows in a file",
    None,
    (
        Option("output", "the file, HOST-TIME.hbsnap by itself; - is stdout", "o", "FILE"),
        Option("identify", "ask each listener what it speaks, too", "i"),
        JSON,
    ),
    (
        ("hb snapshot", "a file in this folder"),
        ("hb snapshot -o before.hbsnap", "one by name"),
        ("hb check before.hbsnap", "is what was open what should be open?"),
        ("hb snapshot -o -", "to stdout, as through ssh from another machine"),
    ),
    "The file is that of hb ls --json, whole, readable for its owner only: it has command lines in it.",
)


def run(asked: Asked, output: Output) -> int:
    """Write the file. Returns 0; raises CannotLook, DataError for a file that cannot be written."""
    from hb_engine.app.looking import snapshot  # help and mistakes need none of it
    from hb_engine.faces.export.documents import inventory

    taken = snapshot.take(identify=asked.flag("identify"))
    text = inventory(taken.look, taken.spoken)
    if asked.text("output") == "-":
        output.write(text)
        return 0
    path = snapshot.write(asked.text("output") or snapshot.name(taken.look), text)
    if asked.flag("json"):
        from hb_engine.faces.export import history_json  # people need none of it

        output.write(history_json.snapshot(taken.look, path))
        return 0
    from hb_engine.faces.document import Document, Paragraph, Span, line  # programs need none of it
    from hb_engine.faces.text import plural

    said = f"{plural(len(taken.look.openings), 'opening')} of {taken.look.host.name} in {path}"
    output.show(Document((Paragraph(line(Span(said, "strong"))),)))
    return 0

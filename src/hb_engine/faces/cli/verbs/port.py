"""`hb port N|NAME`: what a port is for, what has been linked with it, and what this machine has there now."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput, HbError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.looking.port import Found
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.model.assignment import Pressure

VERB = Verb(
    "port",
    "what a port is for, what has been linked with it, what is there now",
    Argument("PORT|NAME", "a port, tcp/1703, a service's name, or words of its description", least=1),
    (
        Option(
            "pressure", "ask SANS ISC how hard the Internet scans it: the one thing here that goes out to the network"
        ),
        Option("wide", "every row and claim with its source, and what the port means on other systems", "w"),
        JSON,
    ),
    (
        ("hb port 1703", "the page of a port"),
        ("hb port postgresql", "by name"),
        ("hb port secure shell", "by words of the description"),
    ),
    "The data comes with hb; hb update fetches the registry's own. Nothing found is exit status 1.",
)


def run(asked: Asked, output: Output) -> int:
    """Show the page or the matches. Returns 1 if nothing was found, 2 if the pressure asked for could not be had."""
    from hb_engine.app.looking.port import page  # help and mistakes need none of it

    found = page(" ".join(asked.words))
    pressed, trouble = _pressure(found) if asked.flag("pressure") else (None, None)
    if asked.flag("json"):
        from hb_engine.faces.export import documents  # people need none of it

        output.write(documents.port(found, pressed))
    else:
        from hb_engine.faces.stories.port import tell  # programs need none of it

        told = f"{trouble.message}. {trouble.remedy}" if trouble else ""
        output.show(tell(found, wide=asked.flag("wide"), pressed=pressed, trouble=told))
    if trouble and asked.flag("json"):
        _remark(trouble, output)
    return 2 if trouble else 0 if found.page or found.matches else 1


def _pressure(found: Found) -> tuple[tuple[tuple[Pressure, ...], str] | None, HbError | None]:
    """The pressure, or why there is none: the rest of the page is worth showing either way."""
    if found.page is None:
        return None, BadInput("pressure is known of ports, not of names", "Ask for one port: hb port N --pressure.")
    from hb_engine.app.looking.port import pressure  # rarely asked for

    try:
        return pressure(found.page.port), None
    except HbError as error:
        return None, error


def _remark(trouble: HbError, output: Output) -> None:
    from hb_engine.faces.document import Document, Paragraph, line  # only in trouble

    output.remark(Document((Paragraph(line(f"hb: {trouble.message}. {trouble.remedy}")),)))

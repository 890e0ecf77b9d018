"""`hb propose`: rules from what was seen, as TOML, for a person to read and keep."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "propose",
    "rules from what was seen, for a person to keep or not",
    Argument("FILE", "inventories (hb snapshot, hb ls --json) of any number of machines, instead of this one"),
    (
        Option(
            "presence",
            "in how many percent of looks it must have been, 90 by default",
            "",
            "N",
            "int",
            low=1,
            high=100,
        ),
        Option("days", "only so many days of history", "", "N", "int", low=1, high=3650),
        Option("owner", "who answers for what is proposed; hb lint warns of nobody", "", "NAME"),
        Option("from", "rules out of another tool's file: goss", "", "FILE"),
        Option("write", "add the rules to this file of the baseline", "", "NAME"),
        Option("baseline", "the folder of the rules", "", "DIR"),
        JSON,
    ),
    (
        ("hb propose", "what history and a look would have allowed"),
        ("hb propose *.hbsnap > hb.d/fleet.toml", "of many machines: those that are alike become roles"),
        ("hb propose --from goss.yaml", "what goss tests, as rules"),
    ),
    "One rule for each owner and transport, with its ports and how far they reach. Never proposed is what looks "
    "dangerous: programs and scripts of no package, deleted or replaced files, folders that others may write to, taps, "
    "hidden openings, unknown owners; nor what came within the last day, or was seldom there. Each is listed with the "
    "reason. The rules are a person's to keep: their `why` tells what was seen, not what for.",
)


def run(asked: Asked, output: Output) -> int:
    """Propose. Returns 0; 1 where there was nothing to propose. Raises BadInput, CannotLook, DataError."""
    if asked.text("from") and asked.words:
        raise BadInput("--from and inventories are two sources", "Say one of them.")
    from hb_engine.app.changing.propose import Wanted, propose  # help and mistakes need none of it

    usual = Wanted()
    wanted = Wanted(
        asked.words,
        asked.text("from"),
        asked.text("baseline"),
        asked.text("owner") or usual.owner,
        asked.number("presence") or usual.presence,
        asked.number("days"),
    )
    done = propose(wanted, write=asked.text("write"))
    if asked.flag("json"):
        from hb_engine.faces.export import flow as export  # people need none of it

        output.write(export.proposed(done))
        return 0 if done.rules else 1
    if not done.written:
        output.write(done.text)
    from hb_engine.faces.stories import proposed as story  # programs need none of it

    output.remark(story.tell(done))
    return 0 if done.rules else 1

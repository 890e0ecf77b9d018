"""`hb accept`: one opening, one decision, one block of text in the baseline."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.baseline.accepting import Wish
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "accept",
    "write the rule that allows or forbids what is open",
    Argument(
        "KEY|PORT|NAME",
        "an opening's key as hb ls --json and hb check tell it, tcp/8080, or who holds it: nginx",
        least=1,
        most=1,
    ),
    (
        Option("why", "what it is needed for; every rule says it", "", "TEXT"),
        Option("owner", "who answers for it; every rule says it", "", "NAME"),
        Option("for", "it ends by itself after so long", "", "8h"),
        Option("until", "it ends with this day, or at this time", "", "DATE"),
        Option("review", "somebody should confirm it after so long, or by a day", "", "180d|DATE"),
        Option("host", "only on this machine; * stands for any letters", "", "NAME"),
        Option("role", "only on machines of this role", "", "NAME"),
        Option(
            "on", "the widest scope that is allowed, or the narrowest that is forbidden", "", "SCOPE", "text", SCOPES
        ),
        Option("forbid", "it must not be open; needs nothing that is open there"),
        Option(
            "accepts", "evidence by which it looks suspicious, and which is known to be right", "", "RULE,...", "list"
        ),
        Option("file", "the file of the baseline that the rule goes into, accepted.toml by default", "", "NAME"),
        Option("baseline", "the folder of the rules", "", "DIR"),
        Option("dry-run", "write nothing, only show the rule and what it would decide"),
        JSON,
    ),
    (
        ("hb accept tcp/8080 --why 'the shop' --owner web", "what listens there is expected from now on"),
        ("hb accept tcp/9000 --why debugging --owner alice --for 8h", "until tonight"),
        ("hb accept tcp/23 --forbid --why 'no telnet' --owner sec", "must never be open, by whomever"),
    ),
    "The rule names the place and who holds it, as narrowly as lasts: another program on the same port is not covered. "
    "One block is added to the end of one file; everything else in it stays as it is. Without --why and --owner, and "
    "for what looks suspicious without --accepts, nothing is written.",
)


def run(asked: Asked, output: Output) -> int:
    """Write the rule. Returns 0; raises BadInput for mistakes and what is refused, CannotLook, DataError."""
    wanted = wish(asked, output.now)
    from hb_engine.app.changing.accept import accept  # help and mistakes need none of it

    done = accept(
        asked.words[0],
        wanted,
        baseline=asked.text("baseline"),
        file=asked.text("file"),
        dry=asked.flag("dry-run"),
    )
    if asked.flag("json"):
        from hb_engine.faces.export import flow as export  # people need none of it

        output.write(export.accepted(done))
        return 0
    from hb_engine.faces.stories import accepted as story  # programs need none of it

    output.show(story.tell(done, output.now))
    return 0


def wish(asked: Asked, now: float) -> Wish:
    """What is wanted of the rule. Raises BadInput for what is missing and for times that are past."""
    from hb_engine.baseline import accepting  # help needs none of it

    missing = [f"--{name}" for name in ("why", "owner") if not asked.text(name).strip()]
    if missing:
        told = {"--why": "what it is needed for", "--owner": "who answers for it"}
        raise BadInput(f"a rule says {' and '.join([told[name] for name in missing])}", f"Say {' and '.join(missing)}.")
    if asked.text("host") and asked.text("role"):
        raise BadInput("--host and --role both say for whom it is", "Say one of them.")
    return accepting.Wish(
        asked.text("why").strip(),
        asked.text("owner").strip(),
        "forbid" if asked.flag("forbid") else "allow",
        accepting.end_of(asked.text("for"), asked.text("until"), now),
        accepting.review_of(asked.text("review"), now),
        asked.text("host"),
        asked.text("role"),
        asked.text("on"),
        asked.many("accepts"),
    )

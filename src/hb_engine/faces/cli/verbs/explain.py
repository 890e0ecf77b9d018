"""`hb explain`: every rule that was held against what is open on a port, what came of each, and what decided."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.explain import Explanation
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "explain",
    "the whole decision on a port: every rule that is about it, in order, and what decided",
    Argument(
        "PORT|NAME|KEY", "a port, tcp/443, udp/ephemeral, a name, or a key as hb check prints it", least=1, most=1
    ),
    (
        Option("baseline", "the folder of rules", "", "DIR"),
        Option("pack", "packs of rules besides", "", "NAME,...", "list"),
        Option("role", "roles that this machine has besides", "", "NAME,...", "list"),
        Option("no-ask", "ask nothing what it speaks, even where a rule wants to know"),
        Option("all", "rules for other places and other machines too", "a"),
        JSON,
    ),
    (
        ("hb explain tcp/443", "what is open there, and which rule says what of it"),
        ("hb explain nginx", "by process, unit or package"),
        ("hb explain tcp/23", "for a closed port: what the rules would say if it were open"),
    ),
    "Exit status: 0 as expected, 1 drift, 2 trouble, or something that a rule needs could not be seen.",
)


def run(asked: Asked, output: Output) -> int:
    """Tell how it was decided. Returns 1 for drift, 2 where what decides could not be seen, else 0."""
    from hb_engine.app.ruling import explain as app  # help and mistakes need none of it
    from hb_engine.app.ruling.check import Wanted

    wanted = Wanted((), asked.text("baseline"), asked.many("pack"), asked.many("role"), not asked.flag("no-ask"))
    found = app.explain(asked.words[0], wanted)
    if asked.flag("json"):
        from hb_engine.faces.export import deciding_json  # people need none of it

        output.write(deciding_json.explanation(found))
    else:
        from hb_engine.faces.stories.explain import tell  # programs need none of it

        output.show(tell(found, every=asked.flag("all")))
    return status(found)


def status(found: Explanation) -> int:
    """The exit status of what was found."""
    states = {one.state for each in found.explained for one in each.verdicts} | {one.state for one in found.missing}
    return 1 if "drift" in states else 2 if "unseen" in states else 0

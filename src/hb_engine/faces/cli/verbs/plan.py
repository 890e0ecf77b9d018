"""`hb plan`: what an edit of the rules changes on the last inventories, before it is committed."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "plan",
    "what an edit of the rules changes: what becomes expected, what becomes drift, by which rule",
    Argument("FILE", "inventories (hb ls --json, hb snapshot) instead of this machine; - is stdin"),
    (
        Option("baseline", "the folder of rules as edited", "", "DIR"),
        Option("against", "another folder of rules, or a commit; HEAD where nothing is said", "", "DIR|COMMIT"),
        Option("role", "roles that the machines have besides", "", "NAME,...", "list"),
        Option("all", "every change, not only the first of each rule", "a"),
        JSON,
    ),
    (
        ("hb plan", "the rules as edited against those that are committed, on this machine"),
        ("hb plan web-*.hbsnap", "on many machines"),
        ("hb plan --against HEAD~3", "against an older commit"),
        ("hb plan --against ../old/hb.d", "against another folder, without git"),
    ),
    "Nothing is written, and nothing is asked what it speaks. Exit status: 0 where the edit makes nothing wrong, 1 "
    "where it makes new violations, 2 trouble.",
)


def run(asked: Asked, output: Output) -> int:
    """Tell what changes. Returns 1 for new violations, else 0."""
    from hb_engine.app.ruling import plan as app  # help and mistakes need none of it

    found = app.plan(asked.text("baseline"), asked.text("against"), asked.words, asked.many("role"))
    if asked.flag("json"):
        from hb_engine.faces.export import deciding_json  # people need none of it

        output.write(deciding_json.plan(found))
    else:
        from hb_engine.faces.stories.plan import tell  # programs need none of it

        output.show(tell(found, every=asked.flag("all")))
    return 1 if found.violations else 0

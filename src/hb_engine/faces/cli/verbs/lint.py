"""`hb lint`: what is wrong with the rules, before anything is judged by them."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "lint",
    "what is wrong with the baseline's files",
    Argument("PATH", "files or folders of rules; without any, the baseline that hb check would use"),
    (
        Option("baseline", "the folder of the baseline", "b", "DIR"),
        Option("strict", "warnings are errors too"),
        Option("schema", "print the JSON Schema of the language, for editors"),
        JSON,
    ),
    (
        ("hb lint", "the baseline here, or this machine's"),
        ("hb lint hb.d/web.toml", "one file, read together with its folder"),
        ("hb lint --strict --json", "for a pipeline"),
        ("hb lint --schema > hb.schema.json", "for an editor that completes and checks"),
    ),
    "All problems are told, each with its file, line and column and with what was probably meant. Exit status 0: "
    "nothing is wrong, or only warnings; 1: errors, or with --strict warnings; 2: something could not be read at all.",
)


def run(asked: Asked, output: Output) -> int:
    """Tell what is wrong. Raises BadInput where there is nothing to read."""
    if asked.flag("schema"):
        if asked.words or asked.flag("strict") or asked.text("baseline"):
            raise BadInput("--schema prints the language's schema, and reads no files", "Type hb lint --schema alone.")
        output.write(schema())
        return 0
    if asked.words and asked.text("baseline"):
        raise BadInput("paths and --baseline name the same thing", "Leave one of them out.")
    from hb_engine.app.ruling.lint import lint  # help and mistakes need none of it

    found = lint(asked.words, baseline=asked.text("baseline"), now=output.now)
    if asked.flag("json"):
        from hb_engine.faces.export.lint_json import document  # people need none of it

        output.write(document(found))
    else:
        from hb_engine.faces.stories.lint import page  # programs need none of it

        output.show(page(found, output.width() if output.terminal else None))
    return 1 if found.count("error") or (asked.flag("strict") and found.count("warning")) else 0


def schema() -> str:
    """The JSON Schema, as a file of its own would have it."""
    import json  # once in the life of an editor's settings

    from hb_engine.baseline.language.schema import json_schema

    return json.dumps(json_schema(), indent=2) + "\n"

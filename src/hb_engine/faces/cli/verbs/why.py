"""`hb why PORT`: who opened it, how it came to be, what is odd about it, and what to do next."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

VERB = Verb(
    "why",
    "the story of a port or a process: who, how it came to be, what is odd, what to do",
    Argument("PORT|NAME", "a port, tcp/1703, a registered name, a process or a unit", least=1),
    (Option("no-ask", "do not connect to the port to hear what speaks there"), JSON),
    (
        ("hb why 1703", "every opening on the port, or that there is none"),
        ("hb why udp/53", "one transport only"),
        ("hb why nginx", "by process or unit"),
    ),
    "Nothing is run or changed: commands are for you to read first. What listens is asked, over this machine's own "
    "addresses, what it speaks. Closed means closed as far as was asked.",
)


def run(asked: Asked, output: Output) -> int:
    """Tell the story. Returns 0, also for a closed port: closed is an answer."""
    from hb_engine.app.looking.why import why  # help and mistakes need none of it

    story = why(" ".join(asked.words), ask=not asked.flag("no-ask"))
    if asked.flag("json"):
        from hb_engine.faces.export import documents  # people need none of it

        output.write(documents.why(story))
        return 0
    from hb_engine.faces.stories.why import tell  # programs need none of it

    output.show(tell(story, output.now))
    return 0

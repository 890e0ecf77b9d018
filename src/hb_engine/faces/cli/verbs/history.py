"""`hb history`: when a port was open, between which looks it opened and closed, and who held it last."""

from __future__ import annotations

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.faces.cli.times import past
from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.remembering.history import Story
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output

SINCE = "7d"  # that changes are told for, where nobody says
VERB = Verb(
    "history",
    "when a port was open and who held it; alone, what changed",
    Argument("PORT|NAME", "a port, tcp/1703, or words that must all occur in names, units, packages, executables"),
    (
        Option("since", "from a time on: 2d, yesterday, 2026-11-24 14:00; for changes 7d by itself", "", "TIME"),
        Option("all", "changes of UDP clients and idle sockets too", "a"),
        Option("host", "a machine by name, where there are looks of several", "", "NAME"),
        JSON,
    ),
    (
        ("hb history", "what changed in the last seven days"),
        ("hb history 6379", "every time that the port was open, and by whom"),
        ("hb history udp/53 --since 30d", "one transport, not what closed earlier"),
        ("hb history nginx", "all that has to do with nginx"),
        ("hb ls --at 'tuesday 14:00'", "what was open then"),
    ),
    "Nothing is known between two looks: a port opened, or closed, between the times that are told. hb record keeps a "
    "look. Exit status 1 where nothing was found.",
)


def run(asked: Asked, output: Output) -> int:
    """Show changes or spans. Returns 1 where there are none; raises BadInput, DataError."""
    given = asked.text("since")
    since = past(given or SINCE, output.now) if given or not asked.words else None
    from hb_engine.app.remembering import history  # help and mistakes need none of it

    host, words = asked.text("host"), asked.words
    if not words:
        told = history.changes(since or 0.0, host)
    else:
        transport, port = _place(words)
        told = history.spans(transport, port, host, since or 0.0)
        told = told if transport or port is not None else _filtered(told, asked)
    what = " ".join(words)
    if asked.flag("json"):
        from hb_engine.faces.export import history_json  # people need none of it

        output.write(history_json.story(told, what, since))
    else:
        from hb_engine.faces.stories import history as story  # programs need none of it

        if words:
            output.show(story.spans(told, what, output.now))
        else:
            output.show(story.changes(told, since or 0.0, output.now, everything=asked.flag("all")))
    return 0 if told.spans or told.changes or not words else 1


def _place(words: tuple[str, ...]) -> tuple[str, int | None]:
    """Transport and port of tcp/1703, 1703 or vsock; nothing where words are meant."""
    if len(words) != 1:
        return "", None
    transport, slash, number = words[0].lower().rpartition("/")
    if words[0].lower() in TRANSPORTS:
        return words[0].lower(), None
    if not (number.isascii() and number.isdigit() and len(number) < 11) or (slash and transport not in TRANSPORTS):
        return "", None
    from hb_engine.faces.cli.filters import ports  # says what is no port

    if transport != "vsock":
        ports((number,))
    return transport, int(number)


def _filtered(told: Story, asked: Asked) -> Story:
    from hb_engine.faces.cli.filters import tests  # a port needs none of it

    wanted = tests(asked)
    return replace(told, spans=tuple([span for span in told.spans if all(test(span.opening) for test in wanted)]))

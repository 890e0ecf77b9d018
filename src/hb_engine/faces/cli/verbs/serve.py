"""`hb serve`: what hb knows as pages in a browser, for whoever started it.

Here a line becomes sockets, an account and a place, every mistake told before anything is looked at; staff.supervise
makes the processes, faces/web/serving.py serves. It refuses to listen where other machines reach.
"""

from __future__ import annotations

import os
import sys

from hb_engine.faces.cli.options import JSON, Argument, Option, Verb
from hb_engine.model.errors import BadInput, CannotLook, HbError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socket import socket

    from hb_engine.app.hub.questions import Place
    from hb_engine.app.hub.wires import Wires
    from hb_engine.faces.cli.options import Asked
    from hb_engine.faces.cli.output import Output
    from hb_engine.faces.web.guard.privileges import Account
    from hb_engine.faces.web.serving import Link, Started
    from hb_engine.model.opening import Opening

PORT, EVERY = 1703, 60
LOOKS = "The page looks as hb does: as root it sees all, as you what you may see."
VERB = Verb(
    "serve",
    "pages for a browser on this machine: every port, what is open here, drift",
    Argument("FILE", "other machines besides this one: snapshots, and scans of them"),
    (
        Option("port", "the port to listen on, 1703 by default; 0: one that is free", "p", "PORT", "int", (), 0, 65535),
        Option("listen", "a loopback address: 127.0.0.1 by default, ::1, or localhost for both", "", "ADDRESS"),
        Option("write", "a second link, for those who decide: what is decided is written to the rules"),
        Option("every", "seconds between looks, 60 by default", "", "SECONDS", "int", (), 5, 86400),
        Option("baseline", "the folder of rules", "", "DIR"),
        Option("record", "begin a history where there is none; one that is there is kept up in any case"),
        Option("user", "whom the process that serves becomes, started by root; nobody by default", "", "NAME"),
        Option("no-drop", "started by root: the process that serves stays root"),
        JSON,
    ),
    (
        ("hb serve", "prints a link that lets one browser in"),
        ("hb serve --write", "and a link for deciding what may be open"),
        ("hb serve db-*.hbsnap", "with machines that were looked at elsewhere"),
    ),
    "A link is good once, for 15 minutes; Enter prints a fresh one, and so does kill -USR1. On Linux a session is its "
    "user's: others of this machine do not get in. Addresses that other machines reach are refused: over ssh, "
    "ssh -L 1703:127.0.0.1:1703 HOST brings the pages of another machine here. "
    "From a checkout: make hub, once, installs what pages need into .venv beside hb.",
)  # fmt: skip


def run(asked: Asked, output: Output) -> int:
    """Serve until a signal comes. Returns 0; raises BadInput, CannotLook, DataError."""
    from hb_engine.app.hub import staff  # help and mistakes need none of it
    from hb_engine.faces.web.guard import listening

    where, to = listening.addresses(asked.text("listen") or listening.DEFAULT), _account(asked)
    place, port = _place(asked), asked.number("port")
    _packages()
    try:
        sockets = listening.listen(where, PORT if port is None else port)
    except listening.Taken as error:
        raise _held(error, port or PORT) from error
    teller = Teller(output, os.getpid(), json=asked.flag("json"))

    def web(wires: Wires) -> int:
        return _web(sockets, teller, place, to, wires)

    try:
        every = float(asked.number("every") or EVERY)
        return staff.supervise(web, place, every, recording=asked.flag("record"))
    finally:
        for one in sockets:
            one.close()


def _web(sockets: list[socket], teller: Teller, place: Place, to: Account | None, wires: Wires) -> int:
    """In a process of its own: what it loads, no other has."""
    from hb_engine.faces.web.serving import Web

    return Web(sockets, teller, writing=place.writing, to=to)(wires)


def _packages() -> None:
    from hb_engine.faces.web.guard import packages

    packages.find()


def _account(asked: Asked) -> Account | None:
    from hb_engine.faces.web.guard import privileges

    name = asked.text("user")
    if name and asked.flag("no-drop"):
        raise BadInput("--user and --no-drop are two things", "Ask for one of them.")
    if not privileges.is_root():
        if name:
            raise BadInput("only root can become another user", "Leave --user out.")
        return None
    return None if asked.flag("no-drop") else privileges.account(name or privileges.USER)


def _place(asked: Asked) -> Place:
    """What is looked at, absolutely named: processes that serve leave the folder that hb was started in."""
    from hb_engine.app.hub.questions import Place
    from hb_engine.app.looking.inputs import Files
    from hb_engine.app.ruling import baseline

    if "-" in asked.words:
        raise BadInput("standard input can be read once, and files are read again", "Name a file.")
    Files(asked.words)  # raises for a name that was mistyped
    folder = asked.text("baseline")
    if folder:
        folder = os.path.abspath(baseline.existing(folder))
    return Place(asked.flag("write"), folder, tuple([os.path.abspath(word) for word in asked.words]))


def _held(error: HbError, port: int) -> HbError:
    """Who has the port, as hb itself tells it."""
    from hb_engine.app.looking.look import look

    try:
        openings = [one for one in look(frozenset({port})).openings if one.transport == "tcp" and one.port == port]
    except HbError:
        openings = []
    told = [text for one in openings if (text := _holder(one))]
    if not told:
        return CannotLook(f"{error.message}, and who has it could not be seen", error.remedy)
    serving = [owner.pid for one in openings for owner in one.owners if "serve" in owner.cmdline]
    remedy = f"If that is hb serve, kill -USR1 {serving[0]} has it print a fresh link. " if serving else ""
    return CannotLook(f"{error.message}: {'; '.join(dict.fromkeys(told))}", f"{remedy}{error.remedy}")


def _holder(opening: Opening) -> str:
    if not opening.owners:
        return f"by a process of {opening.user or f'uid {opening.uid}'}" if opening.uid is not None else ""
    owner = opening.owners[0]
    return f"by {owner.comm}, pid {owner.pid}" + (f", of {owner.unit}" if owner.unit else "")


class Teller:
    """Says where the pages are: lines for people, one document with --json. Links stand alone on their lines."""

    def __init__(self, output: Output, pid: int, *, json: bool) -> None:
        self._output, self._pid, self._json = output, pid, json
        self.watched = not json and output.terminal and _is_typed_at()
        if json:  # loaded while it can be: who serves may not be able to read it later
            import hb_engine.faces.export.serving_json  # noqa: F401

    def started(self, started: Started, links: tuple[Link, ...]) -> None:
        """Pages are served from now on."""
        if self._json:
            from hb_engine.faces.export import serving_json  # people need none of it

            self._output.write(serving_json.started(started, links, self._pid))
            return
        lines = [f"hb serves {' and '.join(started.urls)}, process {self._pid}; Ctrl-C ends it."]
        if started.untold:
            lines.append(f"Users are not told apart: {started.untold}. Whoever has a link is let in.")
        elif started.users:
            lines.append(f"Only for {' and '.join(started.users)} of this machine.")
        self._say([*lines, *_listed(links), self._how()])

    def fresh(self, links: tuple[Link, ...]) -> None:
        """New links were asked for."""
        if self._json:
            from hb_engine.faces.export import serving_json  # as above

            self._output.write(serving_json.fresh(links))
            return
        self._say(_listed(links))

    def failed(self, error: HbError) -> None:
        """Nothing will be served."""
        from hb_engine.faces.cli.main import trouble  # only in trouble

        trouble(error, ["--json"] if self._json else [], self._output)

    def _how(self) -> str:
        key = "Enter prints a fresh link" if self.watched else f"kill -USR1 {self._pid} prints a fresh link"
        return f"A link is good once, for 15 minutes. {key}."

    def _say(self, lines: list[str]) -> None:
        from hb_engine.faces.text import escape  # names of users are anybody's

        self._output.write("\n".join([escape(line) for line in lines]) + "\n")


def _listed(links: tuple[Link, ...]) -> list[str]:
    words = {"read": "To look:", "write": "To decide:"}
    return [line for link in links for line in (words[link.right], f"  {link.url}")]


def _is_typed_at() -> bool:
    try:
        return sys.stdin is not None and os.isatty(0)
    except OSError:
        return False

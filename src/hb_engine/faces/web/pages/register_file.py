"""The register as a file: for spreadsheets, a wiki, programs, and one page that is filed as it is."""

from __future__ import annotations

from hb_engine import __version__
from hb_engine.faces.export import register as formats
from hb_engine.faces.web.decisions.registered import FORMATS, registered
from hb_engine.faces.web.page import Answer, Ask, File, NotThere, Page
from hb_engine.wire.dates import iso_day

PAGE = Page("/register.csv", also=("/register.md", "/register.json", "/register.html"))


async def show(ask: Ask) -> Answer:
    """The file. Raises NotThere where nothing is held against rules."""
    made = registered(ask.hub, ask.sight)
    if made is None:
        raise NotThere(
            ask.language.say("There is no register: nothing is held against a baseline."),
            ask.language.say("Begin with hb learn --now."),
        )
    name, media = FORMATS[ask.here]
    text = formats.load(name).write(made, __version__)
    ending = ask.here.rpartition(".")[2]
    return File(text.encode("utf-8", "backslashreplace"), media, f"register-{iso_day(made.made_at)}.{ending}")

"""A link that did not let anybody in: why not, and how to come by another.

The gate uses links up, and leads here where one is none, without its token. It refuses to say of a token that was never
given out more than that.
"""

from __future__ import annotations

import os

from hb_engine.faces.web.guard.links import EXPIRED, FOREIGN, UNKNOWN, USED
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown

PAGE = Page("/enter/{why:str}", right="none")
WHY = {
    UNKNOWN: (
        mark("That is no link of this hb serve"),
        mark("It may have been cut, or printed before hb serve was started again."),
    ),
    USED: (
        mark("The link has been used"),
        mark("Each link lets one browser in, once. If that was not yours, end its session: the sessions are listed."),
    ),
    EXPIRED: (mark("The link is too old"), mark("A link is good for 15 minutes.")),
    FOREIGN: (
        mark("The link is for another user"),
        mark("It is for the user of this machine who started hb serve. The link is still good."),
    ),
}


async def show(ask: Ask) -> Answer:
    """The page of a reason. Raises NotThere for what is none."""
    why = ask.params["why"]
    if why not in WHY:
        raise NotThere(
            ask.language.say("There is no such page."), ask.language.say("Search for a port, a service or a machine.")
        )
    title, lead = WHY[why]
    values = {"title": ask.language.say(title), "lead": ask.language.say(lead), "pid": os.getppid()}
    return Shown("enter.html", values, 401)

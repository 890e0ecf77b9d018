"""A person says whether a port's page was useful: counted on this machine, and told to nobody."""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Moved, NotThere, Page
from hb_engine.faces.web.ports import address, asking
from hb_engine.model.errors import BadInput

PAGE = Page("/ports/{port:str}/useful", method="POST")


async def show(ask: Ask) -> Answer:
    """Count it, and lead back to the page. Raises NotThere for what is no port, BadInput for what is no answer."""
    port = address.number(ask.params["port"])
    if port is None:
        raise NotThere(f"there is no port {ask.params['port'][:40]!r}", address.NUMBERS)
    said = ask.form.get("useful")
    if said not in ("yes", "no"):
        raise BadInput("whether the page was useful is yes or no", "Use the buttons at the end of the page.")
    await ask.hub.ask("useful", port=port, useful=said == "yes")
    asking.memory(ask.hub).forget("useful-count")
    transport = ask.form.get("transport", "")
    after = f"/{transport}" if transport in address.TRANSPORTS else ""
    return Moved(f"/ports/{port}{after}?thanks={said}#useful")

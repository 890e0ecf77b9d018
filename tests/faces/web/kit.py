"""Pages asked without a server: a site over a sight made by hand, and answers that a test chooses.

site = kit.site(answers={"machine-past": lambda **words: PAST})
with kit.client(site) as browser: browser.get("/ports/1703")
"""

from __future__ import annotations

from typing import Any

from litestar.testing import TestClient
from tests.faces import judged
from tests.faces.kit import HOST, LOOK
from tests.faces.kit import NOW as NOW  # noqa: PLC0414 -- tests take the time from here with the rest

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web.guard.gate import Gate
from hb_engine.faces.web.guard.sessions import Session, Sessions, digest
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.site import Site
from hb_engine.model.errors import BadInput
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

REGISTRY, THREATS = Registry.open(), Threats.open()
READER = Session(digest("reader-secret"), "read", 0, "reader-token", "root", NOW)
WRITER = Session(digest("writer-secret"), "write", 0, "writer-token", "root", NOW)
SECRETS = {READER: "reader-secret", WRITER: "writer-secret"}
MACHINE = Machine(HOST.name, LOOK, judged.DRIFTED)
OTHER = Machine("db-3", LOOK, judged.OTHER, "db-3.json")
SIGHT = Sight(1, NOW, (MACHINE, OTHER))
ADDRESS, COOKIE = "http://127.0.0.1:1703", "hb_1703"


def site(sight: Sight = SIGHT, answers: dict[str, Callable[..., Any]] | None = None, *, writing: bool = True) -> Site:
    """A site that shows a sight; what is asked of the process with rights is answered by `answers`."""
    known = answers or {}

    async def answer(question: str, **words: Any) -> Any:
        if question not in known:
            raise BadInput(f"there is no question {question!r}", "")
        return known[question](**words)

    hub = Hub(REGISTRY, THREATS, answer, writing=writing, clock=lambda: NOW)
    hub.show(sight)
    return Site(hub, Gate(Sessions((READER, WRITER))))


async def nobody(question: str, **_words: Any) -> Any:
    """In the place of the process with rights, where a test asks it nothing."""
    raise AssertionError(question)


def client(of: Site, session: Session | None = READER) -> TestClient[Any]:
    """A browser with a session; none for a stranger. What it sends comes from pages of ours, as its Origin says."""
    cookies = {COOKIE: SECRETS[session]} if session else {}
    made: TestClient[Any] = TestClient(of.app, base_url=ADDRESS, cookies=cookies, raise_server_exceptions=False)
    made.headers["origin"] = ADDRESS
    return made

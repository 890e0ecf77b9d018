"""What a page is: a file with PAGE and show(), asked by whoever may, in one of the languages.

    PAGE = Page("/ports/{port:str}")
    async def show(ask: Ask) -> Answer: ...

The loader lists the folder. A page with method POST changes something: its form has been read, bounded and its token
checked before show() is called. Trouble is raised as model/errors.py has it; NotThere is a page that there is not.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.guard.sessions import Session, Sessions
from hb_engine.faces.web.language import Language
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.web.hub import Hub

LONGEST = 200  # characters of a value in an address or a search that are looked at


class NotThere(BadInput):
    """A page, port, machine or rule that there is not; answered with 404."""


class NoSession(BadInput):
    """Whoever asks did not come by the link; answered with 401."""


class NoRight(BadInput):
    """The session may look and not decide; answered with 403."""


@record
class Page:
    """Where a page is, without its language: a Litestar path. `nav` is its name in the menu, a message id.

    `right` is what a session needs: read, write, or none for a page that anybody may see. `also` are further paths.
    """

    path: str
    method: str = "GET"
    right: str = "read"
    nav: str = ""
    order: int = 0  # of the menu, where it has a name there
    also: tuple[str, ...] = ()


@record
class Shown:
    """A template with its values."""

    template: str
    values: dict[str, Any]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@record
class Moved:
    """Another address of ours, without its language, to go on with (303 See Other)."""

    to: str
    headers: tuple[tuple[str, str], ...] = ()


@record
class File:
    """Bytes of a kind; `name` makes it a download."""

    body: bytes
    media: str
    name: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


Answer: TypeAlias = Shown | Moved | File


class Ask:
    """What a page is asked: by whom, in which language, about what. `params` are parts of the address, `query` what
    stands after ?, `form` what was filled in (POST): text by name, cut to LONGEST (form values: 4000) characters."""

    __slots__ = ("form", "hub", "language", "now", "params", "path", "query", "session", "sessions", "theme")

    def __init__(
        self,
        hub: Hub,
        language: Language,
        session: Session | None,
        *,
        path: str,
        params: dict[str, str],
        query: dict[str, str],
        form: dict[str, str],
        now: float,
        theme: str = "system",
        sessions: Sessions | None = None,
    ) -> None:
        self.hub, self.language, self.session, self.path = hub, language, session, path
        self.params, self.query, self.form, self.now = params, query, form, now
        self.theme, self.sessions = theme, sessions

    @property
    def sight(self) -> Sight:
        """What is shown now: one value for the whole of a page."""
        return self.hub.sight

    @property
    def may_write(self) -> bool:
        """Whether whoever asks may have decisions written."""
        return self.session is not None and self.session.right == "write"

    @property
    def here(self) -> str:
        """The address of this page, without its language and without what stands after ?."""
        own = self.language.url("/").rstrip("/")
        rest = self.path[len(own) :] if f"{self.path}/".startswith(f"{own}/") else self.path
        return "/" + rest.lstrip("/")  # //host would be another host's address (RFC 3986 4.2)

    def url(self, path: str) -> str:
        """An address of ours in the language of this page."""
        return self.language.url(path)

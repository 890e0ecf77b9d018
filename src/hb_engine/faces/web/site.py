"""The application: every file of pages/ in every language, the API, the assets, and the pages of trouble.

A page is reached under its own path in English, and under /xx/... in the other languages. Who may ask is guard/'s
business; what a page shows is the page's.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler

from hb_engine.faces.web import themes
from hb_engine.faces.web.api.problems import is_for_programs, problem
from hb_engine.faces.web.assets import Assets
from hb_engine.faces.web.guard.gate import Gate, check_token, session_of
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import CODES, language
from hb_engine.faces.web.page import LONGEST, Answer, Ask, Moved, NoRight, NoSession, Page, Shown
from hb_engine.faces.web.rendering import Renderer
from hb_engine.faces.web.troubles import told
from hb_engine.model.errors import BadInput, HbError

HERE = os.path.dirname(os.path.abspath(__file__))
FORM = 1 << 16  # bytes of a form
VALUE = 4000  # characters of one of its values
FIELDS = 64

Show = Callable[[Ask], Awaitable[Answer]]


def load(folder: str) -> tuple[Any, ...]:
    """The modules of a folder beside this file, by its files."""
    found = sorted(one.name for one in iter_modules([os.path.join(HERE, folder)]))
    return tuple([import_module(f"hb_engine.faces.web.{folder}.{name}") for name in found])


class Site:
    """All that is served, and the ASGI application that serves it."""

    def __init__(self, hub: Hub, gate: Gate) -> None:
        self.hub, self.gate, self.assets = hub, gate, Assets()
        self.pages = load("pages")
        self.renderers = {code: Renderer(language(code), self.assets) for code in CODES}
        menu = sorted([one.PAGE for one in self.pages if one.PAGE.nav], key=lambda page: page.order)
        self.menu = tuple(menu)
        handlers: list[Any] = [
            self._page(one.PAGE, path, one.show, code)
            for one in self.pages
            for path in (one.PAGE.path, *one.PAGE.also)
            for code in CODES
        ]
        handlers += [self._assets(), *[handler for one in load("api") for handler in getattr(one, "HANDLERS", ())]]
        self.litestar = Litestar(
            handlers,
            openapi_config=None,
            logging_config=None,
            exception_handlers={Exception: self._failed},
            state=_state(self),
            debug=False,
        )

    @property
    def app(self) -> Any:
        """The application behind its gate."""
        return self.gate.before(self.litestar)

    def render(self, ask: Ask, shown: Shown) -> Response[bytes]:
        """A page's HTML."""
        values = {"ask": ask, "menu": self.menu, "session": ask.session, "sight": ask.sight, **shown.values}
        body = self.renderers[ask.language.code].render(shown.template, values)
        headers = {"content-language": ask.language.code, **dict(shown.headers)}
        return Response(body.encode(), media_type="text/html", status_code=shown.status, headers=headers)

    def _page(self, page: Page, at: str, show: Show, code: str) -> HTTPRouteHandler:
        async def serve(request: Request[Any, Any, Any]) -> Response[Any]:
            ask = self.asked(request, code, {})
            try:
                _permit(page, ask)  # before anything is waited for: strangers are not
                if page.method == "POST":
                    ask.form = await form_of(request)
                    check_token(ask.session, ask.form, request)
                return self._answer(ask, await show(ask))
            except HbError as error:
                return problem(error) if is_for_programs(ask.path) else self.render(ask, told(ask, error))

        path = language(code).url(at) if at != "/" or code == "en" else f"/{code}"
        name = f"{code}:{page.method}:{at}"
        method: Any = page.method
        made = HTTPRouteHandler(path, http_method=method, name=name, status_code=200)
        return made(serve)

    def asked(self, request: Request[Any, Any, Any], code: str, form: dict[str, str]) -> Ask:
        """What a request asks: everything of it that strangers chose is bounded here."""
        query = parse_qsl(request.scope["query_string"][:4096].decode("latin-1"), keep_blank_values=True)
        return Ask(
            self.hub,
            language(code),
            session_of(request.scope),
            path=request.scope["path"],
            params={name: str(value)[:LONGEST] for name, value in request.path_params.items()},
            query={name[:LONGEST]: value[:LONGEST] for name, value in query[:FIELDS]},
            form=form,
            now=self.hub.clock(),
            theme=themes.chosen(request.cookies.get(themes.COOKIE, "")),
            sessions=self.gate.sessions,
        )

    def _answer(self, ask: Ask, answer: Answer) -> Response[Any]:
        if isinstance(answer, Shown):
            return self.render(ask, answer)
        if isinstance(answer, Moved):
            return Response(b"", status_code=303, headers={"location": ask.url(answer.to), **dict(answer.headers)})
        headers = dict(answer.headers)
        if answer.name:
            headers["content-disposition"] = f'attachment; filename="{answer.name}"'
        return Response(answer.body, media_type=answer.media, status_code=answer.status, headers=headers)

    def _assets(self) -> HTTPRouteHandler:
        async def serve(request: Request[Any, Any, Any]) -> Response[bytes]:
            found = self.assets.find(request.path_params["digest"], request.path_params["name"])
            if found is None:
                return Response(b"no such file", media_type="text/plain", status_code=404)
            body, headers = found.sent(request.headers.get("accept-encoding", ""))
            return Response(body, media_type=found.media, headers=headers)

        return HTTPRouteHandler("/assets/{digest:str}/{name:str}", http_method="GET")(serve)

    def _failed(self, request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        """A page for whatever went wrong before, or in, a page of ours."""
        if is_for_programs(request.scope["path"]):
            return problem(error)
        first = request.scope["path"].lstrip("/").partition("/")[0]
        ask = self.asked(request, first if first in CODES else "en", {})
        return self.render(ask, told(ask, error))


async def form_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """A form's fields (application/x-www-form-urlencoded). Raises BadInput for one too large, or of another kind."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM:
            raise BadInput("the form is too large", "Say it in fewer words: 64 kB are taken.")
    if body and kind != "application/x-www-form-urlencoded":
        raise BadInput("that is no form", "Use the form on the page.")
    fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)[:FIELDS]
    return {name[:LONGEST]: value[:VALUE] for name, value in fields}


def _permit(page: Page, ask: Ask) -> None:
    if page.right != "none" and ask.session is None:
        raise NoSession("these pages are for whoever started them", "Use the link that hb serve printed.")
    if page.right == "write" and not ask.may_write:
        raise NoRight(
            "this session may look, and not decide",
            "Start hb serve --write, and come by the second link that it prints.",
        )


def _state(site: Site) -> Any:
    from litestar.datastructures import State  # one value of it

    return State({"site": site, "hub": site.hub})

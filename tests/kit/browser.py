"""A real browser before real pages: a site served by uvicorn on a loopback port of the kernel's choice, and Chromium.

with browser.chromium() as driven, browser.served(kit.site()) as address:
    with browser.opened(driven, address) as page: page.goto(f"{address}/ports/1703")

A page that is opened so has a session, collects what its console says and whatever it failed to load, and asks
nothing but loopback: no other name or address is found. Chromium is Debian's; where there is none, tests skip.
"""

from __future__ import annotations

import http.client
import os
import socket
import threading
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PROGRAM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--font-render-hinting=none",
    # Routes of Playwright would do the same, and switch off the browser's cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 20_000  # milliseconds that a page may take on a machine that is busy with other things


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window. Skips the test where there is none."""
    if not os.path.exists(PROGRAM):
        pytest.skip(f"there is no {PROGRAM}: Debian's package is chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as player:
        started = player.chromium.launch(executable_path=PROGRAM, args=list(ARGUMENTS))
        try:
            yield started
        finally:
            started.close()


@contextmanager
def served(site: Any) -> Iterator[str]:
    """A site on a loopback port of the kernel's choice: its address, http://127.0.0.1:PORT."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(site.app, lifespan="off", log_level="critical", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="pages")
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def opened(
    driven: Browser,
    address: str,
    secret: str = "",
    *,
    scheme: str = "light",
    width: int = 1280,
    height: int = 800,
    scripts: bool = True,
    strict: bool = True,
) -> Iterator[Any]:
    """A tab with a session's secret, in a colour scheme and a width. `strict` obeys the pages' content security policy.

    `page.complaints` is a list of what the console said, and of what could not be loaded.
    """
    settings: dict[str, Any] = {"color_scheme": scheme}
    context = driven.new_context(
        **settings,
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        bypass_csp=not strict,
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    try:
        if secret:  # sessions of two servers on one host have cookies of two names: ports do not keep them apart
            name = f"hb_{address.rpartition(':')[2]}"
            context.add_cookies([{"name": name, "value": secret, "url": address, "httpOnly": True}])
        context.set_default_timeout(PATIENCE)
        page: Any = context.new_page()
        page.complaints = []
        page.on("console", lambda said: _complain(page, said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: _complain(page, str(error)))
        page.on("requestfailed", lambda request: _failed(page, request))
        yield page
    finally:
        context.close()


def _failed(page: Any, request: Any) -> None:
    # A stream ends when its page does, and so does what a page was asking for when it was left.
    if request.resource_type != "eventsource" and request.failure != "net::ERR_ABORTED":
        _complain(page, f"{request.url}: {request.failure}")


def _complain(page: Any, said: str) -> None:
    page.complaints.append(said)


def fetched(address: str, path: str, secret: str = "") -> tuple[int, dict[str, str], bytes]:
    """What a server answers to GET, without a browser: status, headers by their small names, body."""
    place = urlsplit(address)
    asked = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE / 1000)
    try:
        asked.request("GET", path, headers={"Cookie": f"hb_{place.port}={secret}"} if secret else {})
        said = asked.getresponse()
        return said.status, {name.lower(): value for name, value in said.getheaders()}, said.read()
    finally:
        asked.close()

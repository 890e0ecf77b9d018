"""Every port's page in every language: answered with 200, well-formed, and valid HTML.

A page of 20 kB cannot be given to the Nu checker a million times. So each page is parsed by expat, which forgives
nothing: pages of hb are XML too. What makes HTML valid or not is, besides, which elements stand in which, with which
attributes and which values of closed vocabularies: the page's skeleton. Each distinct skeleton is given to the Nu
checker once. What differs within a skeleton is checked on every page: ids that are there twice, references to ids that
are not there, addresses with characters that no address has, times that are none.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "src"), TOP]

CODES = ("en", "ro", "de", "fr", "es", "ja")
# Attributes whose values the checker knows by name; of the others only that they are there is part of the skeleton.
CLOSED = frozenset(
    (
        "type",
        "rel",
        "scope",
        "role",
        "method",
        "enctype",
        "hreflang",
        "lang",
        "http-equiv",
        "autocomplete",
        "media",
        "preserveAspectRatio",
        "translate",
        "dir",
        "aria-live",
        "aria-current",
        "aria-expanded",
        "aria-hidden",
        "aria-haspopup",
        "aria-sort",
        "aria-pressed",
        "aria-atomic",
        "inputmode",
        "spellcheck",
        "tabindex",
        "target",
        "xmlns",
        "viewBox",
        "width",
        "height",
    )
)
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "list", "form", "headers")
ADDRESSES = ("href", "src", "action", "formaction")
ADDRESS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*\Z")  # RFC 3986
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z|P[0-9TDHMS.]+\Z")


class Page:
    """One page, parsed: its skeleton, and what is wrong with it, a sentence each."""

    def __init__(self, body: bytes) -> None:
        self.faults: list[str] = []
        self._parts: list[str] = []
        self._ids: set[str] = set()
        self._wanted: set[str] = set()
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        try:
            parser.Parse(body, True)
        except expat.ExpatError as error:
            self.faults.append(f"not well-formed: {error}")
        self.faults += [f"nothing has the id {name!r}" for name in sorted(self._wanted - self._ids)]
        self.skeleton = hashlib.sha256("".join(self._parts).encode()).hexdigest()

    def _start(self, name: str, given: list[str]) -> None:
        told = [name]
        for key, value in zip(given[::2], given[1::2], strict=True):
            told.append(f"{key}={value}" if key in CLOSED else f"{key}={bool(value)}")
            self._check(key, value)
        self._parts.append(f"<{' '.join(told)}>")

    def _end(self, name: str) -> None:
        self._parts.append(f"</{name}>")

    def _check(self, key: str, value: str) -> None:
        if key == "id":
            if value in self._ids or not value or " " in value:
                self.faults.append(f"the id {value!r} is there twice, or is none")
            self._ids.add(value)
        elif key in REFERENCES:
            self._wanted.update(value.split())
        elif key in ADDRESSES:
            if value.startswith("#") and len(value) > 1:
                self._wanted.add(value[1:])
            if not ADDRESS.match(value):
                self.faults.append(f"{value!r} is no address")
        elif key == "datetime" and not TIME.match(value):
            self.faults.append(f"{value!r} is no time")


class Browser:
    """Asks an ASGI application without a network. `cookie` is that of a session."""

    def __init__(self, app: Any, cookie: str) -> None:
        self.app = app
        self.headers = [(b"host", b"127.0.0.1:1703"), (b"cookie", cookie.encode())]

    async def get(self, path: str) -> tuple[int, bytes]:
        """The status and the body of an address."""
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": self.headers, "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 1703), "state": {},
        }  # fmt: skip
        told: dict[str, Any] = {"body": b""}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
            else:
                told["body"] += message.get("body", b"")

        await self.app(scope, receive, send)
        return told["status"], told["body"]


def paths(first: int, step: int) -> Iterator[str]:
    """The addresses of the pages of each port and transport, in each language."""
    for port in range(first, 65536, step):
        for code in CODES:
            for transport in ("tcp", "udp"):
                yield f"{'' if code == 'en' else f'/{code}'}/ports/{port}/{transport}"


def keep(path: str, body: bytes) -> None:
    """Put a page into a file."""
    with open(path, "wb") as file:
        file.write(body)


async def ask(browser: Browser, first: int, step: int, folder: str) -> dict[str, Any]:
    """Ask for a part of all pages; what came. A page of each skeleton is put into a folder."""
    found: dict[str, Any] = {"pages": 0, "bytes": 0, "largest": 0, "statuses": Counter(), "faults": [], "skeletons": {}}
    start, spent = time.perf_counter(), 0.0
    for path in paths(first, step):
        before = time.perf_counter()
        status, body = await browser.get(path)
        spent += time.perf_counter() - before
        page = Page(body)
        found["pages"] += 1
        found["bytes"] += len(body)
        found["largest"] = max(found["largest"], len(body))
        found["statuses"][status] += 1
        if status != 200 or page.faults:
            found["faults"].append((path, status, page.faults[:3]))
        if page.skeleton not in found["skeletons"]:
            found["skeletons"][page.skeleton] = path
            keep(os.path.join(folder, f"{page.skeleton}.html"), body)
    found.update(seconds=time.perf_counter() - start, rendering=spent)
    return found


def part(first: int, step: int, folder: str) -> dict[str, Any]:
    """A process's part of all pages, on a site of its own, over the machine that the tests have."""
    from tests.faces.web import kit

    site = kit.site(answers=kit.ANSWERS) if hasattr(kit, "ANSWERS") else kit.site()
    browser = Browser(site.app, f"{kit.COOKIE}={kit.SECRETS[kit.READER]}")
    return asyncio.run(ask(browser, first, step, folder))


if __name__ == "__main__":  # one of the processes: first, step, folder
    import json

    made = part(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    json.dump({**made, "statuses": dict(made["statuses"])}, sys.stdout)

"""One browser and one server for all of these tests, over the sight of the kit, and every page that links lead to."""

from __future__ import annotations

import functools
import os
import re

import pytest
from tests.faces.web import kit
from tests.kit import browser as harness

from hb_engine.app.hub import questions
from hb_engine.app.hub.questions import Place
from hb_engine.model.errors import CannotLook

ASIDE = ("pressure", "why", "decide", "undo")  # they ask the Internet, look at this machine, or write
PLACES = ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
MOST = 400  # addresses that are followed
LINK = re.compile(rb'(?:href|src|data-src|action)="(/[^"#]*)"')


def _aside(**_: object):
    raise CannotLook("tests do not look here", "Run hb serve on a machine of your own.")


@pytest.fixture(scope="package")
def answers(tmp_path_factory):
    """The real answers to questions, over empty folders; those that reach further say that they cannot look."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        for name in PLACES:
            patch.setenv(name, str(home))
        place = Place(writing=True)

        def told(name):
            answer = questions.load(name)[1]
            return lambda **words: answer(place, **words)

        yield {name: _aside if name in ASIDE else told(name) for name in questions.names()}


@pytest.fixture(scope="module")
def chromium():
    """A browser for a module: while one is driven, this thread has its event loop, and no other test could have one."""
    with harness.chromium() as found:
        yield found


@pytest.fixture(scope="package")
def site(answers):
    return kit.site(answers=answers)


@pytest.fixture(scope="package")
def address(site):
    with harness.served(site) as found:
        yield found


@pytest.fixture(scope="package")
def reader():
    return kit.SECRETS[kit.READER]


@pytest.fixture(scope="package")
def writer():
    return kit.SECRETS[kit.WRITER]


@pytest.fixture(scope="module")
def opened(chromium, address, writer):
    """A tab of whoever may write: opened(scheme="dark", width=360)."""
    return functools.partial(harness.opened, chromium, address, writer)


@pytest.fixture(scope="package")
def pages(site, address, writer):
    """One address of every page that is HTML, by its path as the page declares it; and those that no link leads to."""
    wanted = {one.PAGE.path for one in site.pages if one.PAGE.method == "GET"}
    known = {path: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)) for path in wanted}
    found: dict[str, str] = {}
    waiting, seen = ["/", "/ports/1703"], set[str]()
    while waiting and len(seen) < MOST:
        at = waiting.pop(0)
        path = next((one for one, shape in known.items() if shape.fullmatch(at.partition("?")[0])), None)
        if at in seen or path is None or (path in found and "{" in path):
            continue
        seen.add(at)
        status, headers, body = harness.fetched(address, at, writer)
        if status == 200:
            found.setdefault(path, at)
            waiting += [link.decode().replace("&amp;", "&") for link in LINK.findall(body)] if _is_page(headers) else []
    html = {path: at for path, at in found.items() if _is_page(harness.fetched(address, at, writer)[1])}
    return Pages(html, wanted - set(found))


class Pages:
    """What the crawl found: `html` by path; `lost` are pages that no link leads to, or that do not answer 200."""

    def __init__(self, html: dict[str, str], lost: set[str]) -> None:
        self.html, self.lost = html, lost


def _is_page(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").startswith("text/html")


@pytest.fixture(scope="package")
def shown(tmp_path_factory):
    """Where screenshots are kept: the folder that HB_SCREENS names, else one of pytest's."""
    folder = os.environ.get("HB_SCREENS") or str(tmp_path_factory.mktemp("screens"))
    os.makedirs(folder, exist_ok=True)
    return folder

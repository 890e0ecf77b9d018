"""A stream tells what changed, in numbers and in words of the page's language, and ends when it should."""

from __future__ import annotations

import asyncio
import functools
import json
import time
from typing import Any

import pytest
from tests.faces.web import kit

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.api import events
from hb_engine.faces.web.api.events import Difference, Streams, difference, sentence, stream
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import language
from hb_engine.model.record import replace

PATIENCE = 30.0  # seconds after which a test gives up; none waits for them
ENGLISH = language("en")
OFFSET = time.localtime(kit.NOW).tm_gmtoff
LESS = replace(kit.SIGHT, number=2, machines=(kit.MACHINE,))


def run(coroutine):
    async def bounded():
        async with asyncio.timeout(PATIENCE):
            return await coroutine

    return asyncio.run(bounded())


def parsed(text):
    """The events of some text: (id, event, data), as HTML 9.2.6 reads them; comments and retry are left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "data" in fields:
            found.append((fields.get("id"), fields.get("event"), json.loads(fields["data"])))
    return found


def hub_of():
    """A hub that shows the sight of the kit."""
    made = Hub(kit.REGISTRY, kit.THREATS, kit.nobody, clock=lambda: kit.NOW)
    made.show(kit.SIGHT)
    return made


@functools.cache
def _site():
    return kit.site()


def site_of():
    """The site, made once, over a hub of its own."""
    made = _site()
    made.hub = hub_of()
    return made


def begun(hub, *, last="", holds=lambda: True, beat=PATIENCE, spoken=ENGLISH):
    return stream(hub, Streams(), spoken, last, holds, beat=beat)


# -- one stream


def test_the_number_of_now_comes_at_once():
    async def one():
        told = begun(hub_of())
        text = await anext(told)
        await told.aclose()
        return text

    text = run(one())
    assert text.startswith(f"retry: {events.RETRY}\n\n")
    assert parsed(text) == [("1", "sight", {"number": 1, "taken_at": int(kit.NOW), "offset": OFFSET, "text": ""})]


@pytest.mark.parametrize(("last", "count"), [("1", 0), ("0", 1), ("", 1), ("one", 1), ("1 ", 1)])
def test_who_has_seen_it_is_not_told_again(last, count):
    async def one():
        told = begun(hub_of(), last=last)
        text = await anext(told)
        await told.aclose()
        return text

    assert len(parsed(run(one()))) == count


def test_a_change_is_told_in_counts_and_in_words():
    async def one():
        hub = hub_of()
        told = begun(hub)
        await anext(told)
        hub.show(LESS)
        text = await anext(told)
        await told.aclose()
        return text

    ((number, word, data),) = parsed(run(one()))
    gone = len(kit.OTHER.seen.openings)
    assert (number, word, data["unseen"], data["opened"]) == ("2", "sight", gone, 0)
    assert data["text"] == f"{gone} are no longer seen."


def test_a_look_that_shows_nothing_new_is_no_change():
    async def one():
        hub = hub_of()
        told = begun(hub, beat=0.01)
        await anext(told)
        hub.show(replace(kit.SIGHT, taken_at=kit.NOW + 30))
        text = await anext(told)
        await told.aclose()
        return text

    text = run(one())
    assert text.startswith(": hb\n")
    assert parsed(text) == [(None, "beat", {"number": 1, "taken_at": int(kit.NOW) + 30, "offset": OFFSET})]


@pytest.mark.parametrize("end", ["hub", "session"])
def test_it_ends_with_the_hub_and_with_the_session(end):
    async def one():
        hub, holding = hub_of(), [True]
        told = begun(hub, holds=lambda: holding[0])
        await anext(told)
        waiting = asyncio.ensure_future(anext(told, None))
        await asyncio.sleep(0)
        if end == "hub":
            hub.close()
        else:
            holding[0] = False
            hub.show(LESS)  # of which a session that is over hears nothing
        return await waiting

    assert run(one()) is None


# -- counts and words


def test_counts_are_by_machine_and_key():
    assert difference(kit.SIGHT, kit.SIGHT) == Difference(drift=difference(kit.SIGHT, kit.SIGHT).drift)
    assert difference(LESS, kit.SIGHT).opened == difference(kit.SIGHT, LESS).unseen > 0
    assert difference(Sight(0, 0.0), Sight(1, 0.0)) == Difference()


def test_openings_of_one_key_count_each():
    """Sockets on ports that the kernel chose, of one program, have one key."""
    seen = kit.MACHINE.seen
    twice = replace(kit.MACHINE, seen=replace(seen, openings=(*seen.openings, seen.openings[0])))
    more = replace(kit.SIGHT, machines=(twice, kit.OTHER))
    assert difference(kit.SIGHT, more).opened == difference(more, kit.SIGHT).unseen == 1


def test_another_verdict_is_a_change():
    seen = kit.MACHINE.seen
    worse = replace(seen.openings[0], verdict=replace(seen.openings[0].verdict, severity="critical"))
    better = replace(seen.openings[0], verdict=replace(seen.openings[0].verdict, severity="none"))
    sights = [
        replace(kit.SIGHT, machines=(replace(kit.MACHINE, seen=replace(seen, openings=(one, *seen.openings[1:]))),))
        for one in (worse, better)
    ]
    assert difference(*sights).changed == 1


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (Difference(), "What is shown has changed."),
        (Difference(drift=3), "What is shown has changed."),
        (Difference(whole=True), ""),
        (Difference(opened=1), "One more way in."),
        (Difference(opened=1200, unseen=1), "1,200 more ways in. One is no longer seen."),
        (Difference(changed=2), "2 are judged otherwise."),
    ],
)
def test_what_is_said(what, told):
    assert sentence(what, ENGLISH) == told


def test_what_changed_is_counted_once_for_all_streams(monkeypatch):
    counted = []

    def counting(*pair):
        counted.append(pair)
        return Difference(opened=len(counted))

    monkeypatch.setattr(events, "difference", counting)
    streams = Streams()
    assert streams.difference(kit.SIGHT, LESS) == streams.difference(kit.SIGHT, LESS) == Difference(opened=1)
    assert len(counted) == 1
    streams.difference(LESS, replace(LESS, number=3))
    assert streams.difference(kit.SIGHT, LESS) == Difference(opened=3)  # old ones are not kept for ever


# -- over HTTP


class Browser:
    """One request to the whole site, without a server."""

    def __init__(self, site, path="/events", secret=kit.SECRETS[kit.READER], headers=(), query=b"") -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.first = True
        cookie = [(b"cookie", f"{kit.COOKIE}={secret}".encode())] if secret else []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1:1703"), *cookie, *headers],
            "server": ("127.0.0.1", 1703),
            "client": ("127.0.0.1", 50_000),
        }
        self.task = asyncio.ensure_future(site.app(scope, self.receive, self.sent.put))

    async def receive(self):
        if self.first:
            self.first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def status(self):
        start = await self.sent.get()
        self.headers = dict(start["headers"])
        return start["status"]

    async def text(self):
        return (await self.sent.get())["body"].decode()

    async def leave(self):
        self.gone.set()
        await self.task


def test_a_stream_is_a_stream_and_is_kept_by_nobody():
    async def one():
        browser = Browser(site_of())
        assert await browser.status() == 200
        text = await browser.text()
        await browser.leave()
        return browser.headers, text

    headers, text = run(one())
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"] == b"no-store"
    assert parsed(text)[0][:2] == ("1", "sight")


def test_last_event_id_is_honoured():
    async def one():
        site = site_of()
        browser = Browser(site, headers=[(b"last-event-id", b"1")])
        assert await browser.status() == 200
        first = await browser.text()
        site.hub.show(LESS)
        second = await browser.text()
        await browser.leave()
        return first, second

    first, second = run(one())
    assert (parsed(first), parsed(second)[0][0]) == ([], "2")


def test_a_stranger_gets_none():
    async def one():
        browser = Browser(site_of(), secret="")
        return await browser.status(), await browser.text()

    status, text = run(one())
    assert (status, "link" in text) == (401, True)


def test_the_ninth_stream_of_a_session_is_refused_until_one_has_ended():
    async def one():
        site = site_of()
        browsers = [Browser(site) for _ in range(events.MOST)]
        assert [await browser.status() for browser in browsers] == [200] * events.MOST
        ninth = Browser(site)
        assert await ninth.status() == 429
        assert "streams already" in await ninth.text()
        assert ninth.headers[b"retry-after"] == b"60"
        other = Browser(site, secret=kit.SECRETS[kit.WRITER])
        assert await other.status() == 200  # it is another session's first
        for browser in [browsers.pop(), other]:
            assert await browser.text()
            await browser.leave()
        again = Browser(site)
        assert await again.status() == 200
        for browser in [*browsers, again]:
            await browser.leave()

    run(one())


def test_streams_end_when_the_hub_closes():
    async def one():
        site = site_of()
        browser = Browser(site)
        await browser.status()
        await browser.text()
        site.hub.close()
        while (await browser.sent.get()).get("more_body", False):
            pass
        await browser.leave()

    run(one())


@pytest.mark.parametrize("query", [b"language=xx", b"language=" + b"x" * 5000, b"", b"language=../../etc"])
def test_a_language_that_there_is_not_is_english(query):
    async def one():
        site = site_of()
        browser = Browser(site, query=query)
        assert await browser.status() == 200
        await browser.text()
        site.hub.show(LESS)
        text = await browser.text()
        await browser.leave()
        return text

    assert "no longer seen" in run(one())

"""Pages are renewed when what they show has changed, and nobody is interrupted: focus, what is open, what was typed."""

from __future__ import annotations

import asyncio

import pytest
from tests.faces.web import kit
from tests.kit import browser as harness

from hb_engine.faces.web.api.events import STREAMS
from hb_engine.model.record import replace

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.slow

BEFORE = """
<p id="lead">two</p>
<ul id="list"><li id="a"><a href="#a">a</a></li><li id="b"><a href="#b">b</a></li></ul>
<details id="more"><summary>more</summary><p>inside</p></details>
<form id="begun"><input id="why" name="why" value=""/><button>send</button></form>
<form id="idle"><input id="token" name="token" value="old"/></form>
"""
AFTER = """
<p id="lead" class="news">three</p>
<ul id="list"><li id="c"><a href="#c">c</a></li><li id="a"><a href="#a">a, changed</a></li><li id="b"><a href="#b">b</a></li></ul>
<details id="more"><summary>more</summary><p>inside, changed</p></details>
<form id="begun"><p>somebody else has decided</p></form>
<form id="idle"><input id="token" name="token" value="new"/></form>
"""  # noqa: E501 -- a list as it is served
PAGE = '<!DOCTYPE html><html><head><title>x</title></head><body><div id="box" data-live="box">{}</div></body></html>'


class Served:
    """A site whose hub a test may have show things, from its own thread."""

    def __init__(self, site) -> None:
        self.site, self.address = site, ""
        self.loop: asyncio.AbstractEventLoop | None = None

    @property
    def hub(self):
        return self.site.hub

    @property
    def app(self):
        inside = self.site.app

        async def noticed(scope, receive, send):
            self.loop = asyncio.get_running_loop()
            await inside(scope, receive, send)

        return noticed

    def do(self, what):
        """Something in the loop of the server, done when this returns."""

        async def done():
            what()

        assert self.loop is not None, "nobody has asked it yet"
        asyncio.run_coroutine_threadsafe(done(), self.loop).result(30)

    def show(self, number, machines=kit.SIGHT.machines, **more):
        self.do(lambda: self.hub.show(replace(kit.SIGHT, number=number, machines=machines, **more)))


@pytest.fixture
def served(chromium):
    made = Served(kit.site())
    with harness.served(made) as address:
        made.address = address
        yield made
        made.do(made.hub.close)


@pytest.fixture
def page(chromium, served, reader):
    with harness.opened(chromium, served.address, reader) as made:
        yield made


def connected(page):
    """Wait until the stream is there."""
    with page.expect_response(lambda said: "/events" in said.url):
        page.reload()


def test_what_is_open_by_now_is_shown_without_a_reload_and_said_politely(page, served):
    served_only = replace(kit.MACHINE, seen=replace(kit.MACHINE.seen, openings=()))
    page.goto(f"{served.address}/machines")
    connected(page)
    page.evaluate("window.unloaded = false")
    assert page.get_by_role("link", name="db-3").count() > 0
    served.show(2, (served_only,))
    expect(page.locator("#live-said")).to_contain_text("no longer seen")
    expect(page.locator("#machines")).not_to_contain_text("db-3")
    assert page.evaluate("window.unloaded") is False
    assert page.locator("#live-said").get_attribute("aria-live") == "polite"
    assert page.complaints == []


def test_what_a_person_is_at_stays(page, served):
    """A link with the focus, details that are open, a form that was begun: all in a part that is renewed."""
    page.goto(f"{served.address}/ports/1703")
    connected(page)
    page.evaluate(
        "html => { document.querySelector('main').innerHTML = '<div id=\"box\" data-live=\"box\">' + html + '</div>' }",
        BEFORE,
    )
    page.locator("#more summary").click()
    page.locator("#why").fill("because")
    page.locator("#a a").focus()
    page.evaluate("window.kept = document.querySelector('#a a')")
    page.route("**/ports/1703", lambda route: route.fulfill(body=PAGE.format(AFTER), content_type="text/html"))
    served.show(2)
    expect(page.locator("#lead")).to_have_text("three")
    found = page.evaluate(
        """() => ({
            focus: document.activeElement === window.kept, text: window.kept.textContent,
            order: [...document.querySelectorAll('#list li')].map((one) => one.id),
            open: document.getElementById('more').open,
            inside: document.querySelector('#more p').textContent,
            typed: document.getElementById('why').value,
            idle: document.getElementById('token').getAttribute('value'),
            lead: document.getElementById('lead').className,
        })"""
    )
    assert found == {
        "focus": True,
        "text": "a, changed",
        "order": ["c", "a", "b"],
        "open": True,
        "inside": "inside, changed",
        "typed": "because",
        "idle": "new",
        "lead": "news",
    }


def test_markup_of_a_stranger_is_text_after_renewal_too(page, served):
    evil = '<img src=x onerror="window.hurt = 1">'
    page.goto(f"{served.address}/machines")
    connected(page)
    served.show(2, (*kit.SIGHT.machines, replace(kit.OTHER, name=evil)))
    expect(page.locator("#machines")).to_contain_text("onerror")
    assert page.evaluate("[window.hurt, document.querySelectorAll('img[onerror]').length]") == [None, 0]


def test_when_hb_is_away_a_quiet_line_says_since_when_and_goes_when_it_is_back(chromium, reader):
    made = Served(kit.site())
    with harness.served(made) as address, harness.opened(chromium, address, reader) as page:
        page.clock.install()
        page.goto(f"{address}/ports/1703")
        connected(page)
        assert page.locator("#live-away").is_hidden()
        page.context.set_offline(True)
        made.do(made.hub.close)  # its streams end, and no other is reached
        page.clock.run_for(10_000)
        expect(page.locator("#live-away")).to_be_visible()
        said = page.locator("#live-away").inner_text()
        assert "hb has not answered since" in said
        assert "{" not in said
        made.do(lambda: setattr(made.hub, "closed", False))
        page.context.set_offline(False)
        page.clock.run_for(200_000)
        expect(page.locator("#live-away")).to_be_hidden()
        made.do(made.hub.close)


@pytest.mark.parametrize(("status", "told"), [(401, True), (200, False)])
def test_a_stream_that_is_refused_is_not_called_no_answer(page, served, status, told):
    """hb serve was started anew and knows no such session; or the page is there, and there is no stream to spare."""
    page.clock.install()
    page.goto(f"{served.address}/ports/1703")
    page.route("**/events*", lambda route: route.fulfill(status=status if status != 200 else 503, body=""))
    connected(page)
    page.route("**/ports/1703", lambda route: route.fulfill(status=status, body=PAGE.format(AFTER)))
    with page.expect_response(lambda said: said.url.endswith("/ports/1703")):
        page.clock.run_for(30_000)
    page.clock.run_for(30_000)
    away = page.locator("#live-away")
    if told:
        expect(away).to_contain_text("press Enter")
        expect(away).not_to_contain_text("not answered")
    else:
        expect(away).to_be_hidden()


def test_a_window_that_nobody_sees_holds_no_stream(page, served):
    page.goto(f"{served.address}/ports/1703")
    connected(page)
    count = STREAMS[served.hub]._count
    assert sum(count.values()) == 1
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    page.evaluate(hide % "true" + "document.dispatchEvent(new Event('visibilitychange'))")
    served.show(2)  # a stream that is gone is noticed at the latest when something is told
    while sum(count.values()):
        page.wait_for_timeout(10)
    with page.expect_response(lambda said: "/events" in said.url):
        page.evaluate(hide % "false" + "document.dispatchEvent(new Event('visibilitychange'))")
    assert sum(count.values()) == 1


def test_without_scripts_a_page_is_as_good(chromium, served, reader):
    with harness.opened(chromium, served.address, reader, scripts=False) as page:
        page.goto(f"{served.address}/machines")
        assert page.get_by_role("link", name="db-3").count() > 0
        assert page.locator("#live-away").is_hidden()
        assert page.complaints == []

"""A page for every port: valid in every language, whatever stands on it, and never a stranger's markup."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from tests.faces.kit import HOSTILE, NOW, hostile_look, unprivileged
from tests.faces.web import kit
from tests.kit import html

from hb_engine.app.hub.questions.port_past import Looked, PortPast
from hb_engine.app.hub.questions.ports_past import PortsPast
from hb_engine.app.hub.scanned import Kept
from hb_engine.app.hub.sight import NOTHING, Machine, Sight
from hb_engine.app.hub.votes import Votes
from hb_engine.faces.web.language import CODES
from hb_engine.model.assignment import Pressure
from hb_engine.model.history import Span
from hb_engine.registry.pressure import Look

ODD = (0, 1, 2, 51, 80, 443, 585, 757, 1021, 1703, 2010, 2049, 3000, 6000, 6010, 6063, 6379, 9, 9899, 11023, 40123,
       49151, 49152, 65535)  # fmt: skip
DAYS = tuple([Pressure(f"2026-11-{day:02}", day * 7 if day != 9 else None, day, day) for day in range(1, 23)])
PAST = PortPast(
    1703,
    "",
    (Span("web-17", kit.MACHINE.seen.openings[3], NOW - 180, NOW, NOW - 400),),
    (Looked("web-17", NOW - 9e6, NOW),),
)
ANSWERS: dict[str, Any] = {
    "useful-count": lambda: (Votes(1703, 3, 1),),
    "pressure-kept": lambda port: Kept(
        port, Look(port, DAYS, fetched_at=NOW - 60) if port == 1703 else None, True, (1703,)
    ),
    "ports-past": lambda: PortsPast((1703,), ()),
    "port-past": lambda **_: PAST,
}


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site(answers=ANSWERS)) as made:
        yield made


def url(code, path):
    return path if code == "en" else f"/{code}{path}"


def page(browser, path, status=200):
    said = browser.get(path)
    assert said.status_code == status
    assert html.complaints(said.content) == []
    assert len(said.content) < 100_000
    return said.text


@pytest.mark.parametrize("port", ODD)
def test_odd_ports_have_good_pages(browser, port):
    text = page(browser, f"/ports/{port}")
    assert f'<h1 translate="no">{port}' in text
    for transport in ("tcp", "udp"):
        page(browser, f"/ports/{port}/{transport}")


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_ports_here_and_there_have_good_pages_in_every_language(browser, code):
    chosen = random.Random(code)  # noqa: S311 - the same ones each time
    for port in (*chosen.sample(range(65536), 40), *ODD):
        ending = chosen.choice(["", "/tcp", "/udp", "/sctp"])
        text = page(browser, url(code, f"/ports/{port}{ending}"))
        assert f'<html lang="{code}"' in text


def test_what_is_there_now_stands_first_with_its_rule_and_its_past(browser):
    text = page(browser, "/ports/1703")
    assert (
        text.index('id="here"') < text.index('id="registered"') < text.index('id="linked"') < text.index('id="check"')
    )
    assert "Open on 2 of 2 machines. No rule allows it." in text
    assert "the look before, at" in text
    assert "hb.d/web.toml:31:10" in page(browser, "/ports/6379")


def test_sections_without_anything_to_say_are_left_out(browser):
    assert 'id="linked"' not in page(browser, "/ports/757")
    zero = page(browser, "/ports/0")
    assert not any(f'id="{name}"' in zero for name in ("here", "pressure", "check", "questions"))


def test_scans_are_a_picture_with_a_table_and_a_name(browser):
    text = page(browser, "/ports/1703")
    assert text.count('class="port-bar"') == len(DAYS)
    assert "SANS Technology Institute" in text
    assert '<th scope="row">2026-11-22</th>' in text
    assert 'action="/ports/22/pressure"' in page(browser, "/ports/22")


def test_without_an_address_the_page_says_how_and_has_no_button():
    answers = {**ANSWERS, "pressure-kept": Kept}
    with kit.client(kit.site(answers=answers)) as browser:
        text = page(browser, "/ports/1703")
    assert "HB_MAIL=you@example.org hb serve" in text
    assert 'action="/ports/1703/pressure"' not in text


def test_outside_links_are_plain_links(browser):
    found = [
        one for one in html.read(page(browser, "/ports/22").encode()).all("a") if one.get("href").startswith("http")
    ]
    assert {one.get("rel") for one in found} == {"noreferrer"}
    assert any(one.get("href") == "https://www.rfc-editor.org/rfc/rfc4251" for one in found)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/ports/01703", "/ports/1703"),
        ("/ports/hb-engine", "/ports/1703"),
        ("/ports/1703/TCP", "/ports/1703/tcp"),
        ("/ro/ports/ssh", "/ro/ports/22"),
        ("/ports/x11", "/search?q=x11"),
    ],
)
def test_other_ways_to_write_it(browser, path, to):
    said = browser.get(path, follow_redirects=False)
    assert (said.status_code, said.headers["location"]) == (303, to)


@pytest.mark.parametrize(
    "path",
    ["/ports/65536", "/ports/-1", "/ports/abc", "/ports/0x16", "/ports/1703/xyz",
     "/ports/\uff11\uff17\uff10\uff13", "/ports/%00",
     "/ports/1703/tcp%20", "/ports/" + "9" * 300, "/de/ports/65536", "/ports/%3Cscript%3E"],
)  # fmt: skip
def test_what_there_is_not_says_what_to_do(browser, path):
    text = page(browser, path, 404)
    assert "<script>" not in text


@pytest.mark.parametrize(
    "sight",
    [
        NOTHING,
        Sight(9, NOW, (Machine("blind", unprivileged()),)),
        Sight(9, NOW, tuple([Machine(f"m{n}", kit.MACHINE.seen) for n in range(120)])),
        Sight(
            9,
            NOW,
            (Machine("hostile", hostile_look()), *[Machine(name, hostile_look(), source=name) for name in HOSTILE]),
        ),
    ],
    ids=["nothing", "unprivileged", "many", "hostile"],
)
def test_whatever_was_seen_the_page_is_good(sight):
    with kit.client(kit.site(sight)) as browser:
        for port in (22, 1703, 2000, 2001, 2005, 2010, 9):
            text = page(browser, f"/ports/{port}") if len(sight.machines) < 100 else browser.get(f"/ports/{port}").text
            assert "\u202e" not in text
            assert "\x1b" not in text


def test_a_machine_that_nobody_could_look_at_is_not_called_closed():
    with kit.client(kit.site(NOTHING)) as browser:
        text = page(browser, "/ports/22")
    assert "Nobody has looked at a machine yet." in text
    assert "closed" not in text.split('id="registered"')[0].split("<main")[1].lower()


def test_the_document_is_beside_it(browser):
    text = page(browser, "/ports/1703")
    assert '<link rel="alternate" type="application/json" href="/ports/1703.json"/>' in text
    assert json.loads(browser.get("/ports/1703.json").text)["port"] == 1703


def test_it_takes_a_session():
    with kit.client(kit.site(), None) as stranger:
        assert stranger.get("/ports/1703").status_code == 401
        assert stranger.get("/ports/1703.json").status_code == 401

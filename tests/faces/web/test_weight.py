"""What a first visit weighs: HTML, style and scripts, not packed; of one machine, of a crowded one, and of thousands.

The inline picture of the map is not counted, as no picture is; everything else is.
"""

from __future__ import annotations

import re

import pytest
from tests.faces.kit import NOW
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.model.record import replace

MOST = 100_000  # bytes
PARTS = re.compile(r'(?:src|href)="(/assets/[^"]+\.(?:css|js))"')
MAP = re.compile(r'<svg class="map".*?</svg>', re.DOTALL)
HERE = "a-machine-with-a-name-0"
PATHS = (
    *("/", "/map", "/machines", f"/machines/{HERE}", f"/machines/{HERE}/changes", "/drift", "/baseline", "/register"),
    *("/ports", "/ports/80", "/ports/1024", "/search", "/sessions", "/api", "/ja/ports", "/ja/ports/80", "/ro/drift"),
)


def machine(number, openings):
    """A machine with so many openings, each with a process and a port of its own."""
    shown, told = kit.MACHINE.seen, kit.MACHINE.report
    made = [
        replace(
            one,
            port=(1024 + 7 * at + number) % 65536,
            owners=tuple([replace(owner, pid=10_000 + at, comm=f"{owner.comm}{at % 997}") for owner in one.owners]),
        )
        for at, one in zip(range(openings), shown.openings * (openings // len(shown.openings) + 1), strict=False)
    ]
    host = replace(shown.host, name=f"a-machine-with-a-name-{number}")
    seen = replace(shown, openings=tuple(made), host=host)
    return Machine(host.name, seen, replace(told, host=host), f"{host.name}.json" if number else "")


SIGHTS = {
    "a machine": lambda: Sight(1, NOW, (machine(0, 40), machine(1, 40))),
    "5,000 openings": lambda: Sight(1, NOW, (machine(0, 5000),)),
    "1,000 machines": lambda: Sight(1, NOW, tuple([machine(number, 12) for number in range(1000)])),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SIGHTS)
def test_no_page_is_heavy(name):
    heavy, site = {}, kit.site(SIGHTS[name]())
    with kit.client(site) as browser:
        browser.headers["accept-encoding"] = "identity"
        weights = {
            part: len(browser.get(part).content) for path in PATHS for part in PARTS.findall(browser.get(path).text)
        }
        for path in PATHS:
            said = browser.get(path)
            assert said.status_code == 200
            weight = len(MAP.sub("", said.text).encode()) + sum(weights[part] for part in set(PARTS.findall(said.text)))
            if weight > MOST:
                heavy[path] = weight
    assert heavy == {}


def test_nothing_heavy_is_loaded_before_it_is_asked_for():
    with kit.client(kit.site()) as browser:
        parts = {path: PARTS.findall(browser.get(path).text) for path in ("/", "/ports/22", "/map", "/drift")}
    assert not any("htmx" in part for found in parts.values() for part in found)  # search.js fetches it
    assert {path for path, found in parts.items() if any("/map.js" in part for part in found)} == {"/map"}
    assert {path for path, found in parts.items() if any("/ports.css" in part for part in found)} == {"/ports/22"}

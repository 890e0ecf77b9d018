"""One transport of a port: the same page, about that transport alone."""

from __future__ import annotations

import pytest
from tests.faces.web import kit
from tests.kit import html


@pytest.fixture(scope="module")
def browser():
    with kit.client(kit.site()) as made:
        yield made


def test_it_tells_of_its_transport_alone(browser):
    tcp, udp = (browser.get(f"/ports/1703/{name}").text for name in ("tcp", "udp"))
    assert "Exploiter" in tcp
    assert "Exploiter" not in udp
    assert "/proc" not in udp
    assert "kworker" not in udp.split("<main")[1].split('id="registered"')[0]
    assert "ss -Hlntp" in tcp
    assert "ss -Hlnup" in udp


@pytest.mark.parametrize("transport", ["tcp", "udp", "sctp", "dccp"])
def test_every_transport_has_a_good_page(browser, transport):
    said = browser.get(f"/ports/9/{transport}")
    assert said.status_code == 200
    assert html.complaints(said.content) == []
    current = [one.get("href") for one in html.read(said.content).all("a") if one.get("aria-current") == "page"]
    assert f"/ports/9/{transport}" in current


@pytest.mark.parametrize("transport", ["xyz", "icmp", "tcp,udp", "%20", "1"])
def test_no_other_transport_has_one(browser, transport):
    assert browser.get(f"/ports/9/{transport}").status_code == 404

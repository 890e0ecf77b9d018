"""The names of all ports, over HTTP: compressed, and kept for ever under their own address."""

from __future__ import annotations

import re

from tests.faces.web import kit

from hb_engine.faces.web.assets import KEPT
from hb_engine.faces.web.map.names import digest_of

DIGEST = digest_of(kit.REGISTRY, kit.THREATS)


def test_it_is_json_that_comes_compressed():
    with kit.client(kit.site()) as browser:
        answer = browser.get(f"/map/data.json?v={DIGEST}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 100_000
    assert answer.headers["cache-control"] == KEPT
    assert {*answer.json()} == {"names", "threats"}


def test_another_address_leads_to_it_and_is_not_kept():
    with kit.client(kit.site()) as browser:
        for address in ("/map/data.json", "/map/data.json?v=0", "/map/data.json?v=%00"):
            assert browser.get(address).headers["cache-control"] == "no-cache"


def test_the_page_asks_for_it():
    with kit.client(kit.site()) as browser:
        (address,) = re.findall(r'data-names="([^"]+)"', browser.get("/map").text)
        assert address == f"/map/data.json?v={DIGEST}"
        assert browser.get(address).status_code == 200

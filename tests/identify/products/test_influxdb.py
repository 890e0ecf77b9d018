"""InfluxDB is known by its header."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.influxdb import recognise


@pytest.mark.parametrize("version", ["1.8.10", "v1.8.10"])
def test_its_header(version):
    found = page("204 No Content", f"X-Influxdb-Version: {version}\nX-Influxdb-Build: OSS", path="/ping")
    assert outcome(recognise(found)) == ("http", "InfluxDB", "1.8.10")
    assert seen(recognise, found).info == "OSS"


@pytest.mark.parametrize("near", [page(headers="X-Influxdb-Build: OSS"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

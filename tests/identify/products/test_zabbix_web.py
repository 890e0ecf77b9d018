"""The pages of Zabbix name their author.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.zabbix_web import recognise

META = '<meta name="Author" content="Zabbix SIA" />'


@pytest.mark.parametrize(
    "found", [page(headers="Set-Cookie: zbx_session=x", body=META), page(body=META + '<a href="zabbix.php?action=x">')]
)
def test_its_pages(found):
    assert outcome(recognise(found)) == ("http", "Zabbix web interface", "")


@pytest.mark.parametrize("near", [page(body=META), page(headers="Set-Cookie: zbx_session=x"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

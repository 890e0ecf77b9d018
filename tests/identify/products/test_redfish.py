"""A management controller tells its version of Redfish at the service root."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.redfish import PRODUCT, likely, recognise

ROOT = {
    "@odata.id": "/redfish/v1/",
    "RedfishVersion": "1.13.0",
    "Vendor": "HPE",
    "Product": "ProLiant DL380",
    "UUID": "u",
}


def test_the_service_root():
    named = seen(recognise, page(body=ROOT, path=PRODUCT.asks))
    assert outcome(named) == ("http", "HPE ProLiant DL380", "")
    assert (named.info, named.facts) == ("Redfish 1.13.0", (("instance", "u"),))


def test_a_root_without_a_maker():
    body = {"@odata.id": "/redfish/v1", "RedfishVersion": "1.0.0"}
    assert outcome(recognise(page(body=body))) == ("http", "Redfish service", "")


ERROR = {"error": {"@Message.ExtendedInfo": [{"@odata.type": "/redfish/v1/$metadata#Message.1.0.0.Message"}]}}


@pytest.mark.parametrize(
    "found",
    [
        page(headers="Server: HPE-iLO-Server/1.30"),
        page(body="<title>iDRAC9 - Login</title>"),
        page("404 Not Found", "", ERROR),
    ],
)
def test_where_it_is_likely(found):
    assert likely(found)
    assert not likely(BLOG)


@pytest.mark.parametrize("near", [page(body={"RedfishVersion": "1"}), page(body={"@odata.id": "/redfish/v1/"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

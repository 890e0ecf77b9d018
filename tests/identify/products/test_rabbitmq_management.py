"""The pages of RabbitMQ are known by title and script.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.rabbitmq_management import recognise

BODY = '<title>RabbitMQ Management</title><script src="js/sammy-0.7.6.min.js"></script>'


def test_its_page():
    named = seen(recognise, page(headers="Server: Cowboy", body=BODY))
    assert outcome(named) == ("http", "RabbitMQ management", "")
    assert named.info == "Cowboy"


@pytest.mark.parametrize("near", [page(body="<title>RabbitMQ Management</title>"), page(body=BODY[36:]), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""The pages of RabbitMQ's management plugin on 15672. Source: rabbitmq_management, priv/www/index.html."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("RabbitMQ Management")


def recognise(page: Page) -> Identity | None:
    """Its title, with the script that only its page loads."""
    if title(page) != "RabbitMQ Management" or b'src="js/sammy-' not in page.body:
        return None
    return application("RabbitMQ management", evidence="RabbitMQ Management", info=page.header("server"))

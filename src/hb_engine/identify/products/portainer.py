"""Portainer, pages for containers, tells its version to anybody. Specification: Portainer API, /api/status."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Portainer", asks="/api/status", ports=(9443,))


def likely(page: Page) -> bool:
    """Its page."""
    return title(page) == "Portainer"


def recognise(page: Page) -> Identity | None:
    """Version beside the number of the instance; or its page."""
    version = told(page.json(), "Version")
    if version and told(page.json(), "InstanceID"):
        return application("Portainer", version, evidence="Version, InstanceID", cpe="portainer:portainer")
    if likely(page) and b'ng-app="portainer"' in page.body:
        return application("Portainer", evidence='ng-app="portainer"', cpe="portainer:portainer")
    return None

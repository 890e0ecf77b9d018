"""Consul, a register of services. Specification: Consul HTTP API, /v1/agent/self."""

from __future__ import annotations

from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Consul", asks="/v1/agent/self", ports=(8500, 8501))


def likely(page: Page) -> bool:
    """Its root leads to its pages by Go's own redirect, or says that there are none."""
    return page.body.startswith(b"Consul Agent") or (
        page.header("location") == "/ui/" and page.body == b'<a href="/ui/">Moved Permanently</a>.\n\n'
    )


def recognise(page: Page) -> Identity | None:
    """Config with Datacenter and Version; or the words of an agent without pages."""
    version = told(page.json(), "Config", "Version")
    if version and told(page.json(), "Config", "Datacenter"):
        facts = (
            ("datacenter", told(page.json(), "Config", "Datacenter")),
            ("instance", told(page.json(), "Config", "NodeName")),
        )
        return application("Consul", version, evidence="Config.Version", cpe="hashicorp:consul", facts=facts)
    if page.body.startswith(b"Consul Agent: UI disabled"):
        return application("Consul", evidence=text(page.body))
    return None

"""SonarQube tells its version to anybody. Specification: SonarQube Web API, api/server/version."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("SonarQube", asks="/api/server/version")


def likely(page: Page) -> bool:
    """Its page."""
    return title(page) == "SonarQube" or b'content="SonarQube"' in page.body


def recognise(page: Page) -> Identity | None:
    """Nothing but a version, at its own place."""
    version = text(page.body) if page.path == PRODUCT.asks and len(page.body) < 40 else ""
    if not version[:1].isdigit() or version.strip("0123456789.") or "." not in version:
        return None
    return application("SonarQube", version, evidence="api/server/version", cpe="sonarsource:sonarqube")

"""Apache Tomcat: the version under its error pages and in the title of its welcome page.

Source: org.apache.catalina.valves.ErrorReportValve (showServerInfo).
"""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Apache Tomcat", server=True)
UNDER = b"<h3>Apache Tomcat/"


def recognise(page: Page) -> Identity | None:
    """Its name and version as a heading under an error, or as the whole title of its first page."""
    version = between(page.body, UNDER, b"</h3>")
    named = title(page)
    if not version and named.startswith("Apache Tomcat/"):
        version = named.removeprefix("Apache Tomcat/").partition(" ")[0]
    number, _, maker = version.partition(" ")
    if not number[:1].isdigit():
        return None
    evidence = f"Apache Tomcat/{version}"
    return application("Apache Tomcat", number, evidence=evidence, cpe="apache:tomcat", info=maker.strip("()"))

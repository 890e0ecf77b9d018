"""The Docker Engine's API, on TCP 2375 in clear, 2376 with certificates. Specification: Engine API, /version."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, product_of, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Docker", asks="/version", ports=(2375, 2376))


def likely(page: Page) -> bool:
    """Its Server header, its JSON about a page that is not there, or Podman's plain words about it."""
    if page.status == 404 and page.body == b"Not Found\n" and page.header("x-content-type-options") == "nosniff":
        return True
    return page.header("server").startswith(("Docker/", "Libpod/")) or told(page.json(), "message") == "page not found"


def recognise(page: Page) -> Identity | None:
    """ApiVersion with MinAPIVersion (Podman answers the same, and says so), or the Server header with Api-Version."""
    document = page.json()
    api = told(document, "ApiVersion")
    if api and told(document, "MinAPIVersion"):
        podman = page.header("server").startswith("Libpod/")
        return application(
            "Podman" if podman else "Docker",
            told(document, "Version"),
            evidence=f"ApiVersion {api}",
            service="docker",
            cpe="podman_project:podman" if podman else "docker:engine",
            info=f"API {api}",
            facts=(("kernel", told(document, "KernelVersion")), ("arch", told(document, "Arch"))),
        )
    name, version, rest = product_of(page.header("server"))
    if name != "Docker" or not page.header("api-version"):
        return None
    return application("Docker", version, evidence=line_of(page), service="docker", cpe="docker:engine", info=rest)

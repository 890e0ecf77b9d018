"""Applications behind HTTP: one application, one file, with PRODUCT and recognise(page).

recognise() looks at a page and gives an Identity, or None where the page does not prove its application: a field of
JSON, a header that nobody else sends, a form of that application; never a loose word, which any blog may contain.
A product that tells its version elsewhere names one path for that; it is asked only where the first page, or the port,
makes the product likely (likely(page), Product.ports), and at most MOST paths are asked of one port. It refuses to log
in, to send a cookie, and to do more than GET: nothing that a log would call an attempt.
"""

from __future__ import annotations

from hb_engine.identify.webserver import describe
from hb_engine.model.identity import Identity
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator  # noqa: TC004  # a record's annotations stay text
    from typing import Any

    from hb_engine.identify.http import Page  # noqa: TC004
    from hb_engine.identify.kit import Command

    # Gets another page of the same server: its path, and what came, if it was HTTP.
    Fetch = Callable[[str], Generator[Command, Any, Page | None]]

MOST = 3  # further paths that are asked of one port


@record
class Product:
    """An application. `asks` is the path that proves it or tells its version, `ports` those where it is at home.

    server: it is a server or framework that others build on, and is named only where no application is.
    """

    name: str
    asks: str = ""
    ports: tuple[int, ...] = ()
    server: bool = False


@record
class Module:
    """A product with what it can do. `likely` says of a first page whether asking further is worth it."""

    file: str
    product: Product
    recognise: Callable[[Page], Identity | None]
    likely: Callable[[Page], bool] | None = None


def load(made: list[Module] = []) -> list[Module]:  # noqa: B006  # the folder is listed once
    """All products, applications first. A file there that is no product is an error, and tests find it."""
    if not made:
        import pkgutil  # lists folders and zip archives alike
        from importlib import import_module

        for found in pkgutil.iter_modules(__path__):
            module = import_module(f"{__name__}.{found.name}")
            made.append(Module(found.name, module.PRODUCT, module.recognise, getattr(module, "likely", None)))
        made.sort(key=lambda each: each.product.server)
    return made


def identify(page: Page, fetch: Fetch) -> Generator[Command, Any, Identity]:
    """The identity that a first page proves, and what at most MOST further pages add to it."""
    modules = load()
    claimed = next(((each, named) for each in modules if (named := each.recognise(page))), None)
    if claimed and (claimed[1].version or not claimed[0].product.asks) and not claimed[0].product.server:
        return joined(claimed[1], page)
    for path in _paths(page, modules, claimed[0] if claimed else None):
        further = yield from fetch(path)
        if further is None:
            continue
        for each in modules:
            if each.product.asks == path and (named := each.recognise(further)):
                return joined(named, page)
    return joined(claimed[1], page) if claimed else describe(page)


def joined(named: Identity, page: Page) -> Identity:
    """What a product says of itself, with the facts of the first page, and its server's words where it has none."""
    base = describe(page)
    own = dict(named.facts)
    facts = named.facts + tuple([fact for fact in base.facts if fact[0] not in own])
    return replace(named, facts=facts, system=named.system or base.system, guarded=named.guarded or base.guarded)


def _paths(page: Page, modules: list[Module], claimed: Module | None) -> list[str]:
    """The paths worth asking: of the product that is named already, of likely ones, of those at home on this port."""
    asking = [each for each in modules if each.product.asks and each.product.asks != page.path]
    likely = [each for each in asking if each.likely and each.likely(page)]
    home = [each for each in asking if page.port in each.product.ports]
    first = [claimed] if claimed in asking and claimed else []
    return list(dict.fromkeys([each.product.asks for each in (*first, *likely, *home)]))[:MOST]

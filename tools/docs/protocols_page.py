"""docs/reference/protocols.md: every protocol that hb can ask, and every application that it knows behind HTTP.

All of it is read from the declarations and the docstrings of identify/probes and identify/products; a kind of care that
has no meaning here is an error.
"""

from __future__ import annotations

import sys

from tools.docs.markdown import cell, code, head, join, table

from hb_engine.identify import care, products
from hb_engine.identify.kit import CARE
from hb_engine.identify.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.identify.kit import Probe
    from hb_engine.identify.loading import Module
    from hb_engine.identify.products import Module as Application

LEAD = """What `hb scan`, `hb why` and `hb ls --identify` can name, and what they send for it. No probe sends a
password, and none writes. What is registered or at home on a port is asked there first; other ports get the protocols
that are worth trying anywhere, most likely first ([why](../why/0009-confirm-first.md)). Which ports a scan asks is
another list, with [its own sources](../../src/hb_engine/scan/data/PROVENANCE.md)."""
ASKED = {
    "safe": "where it is at home, expected, or worth trying",
    "asked": "only where it is registered or expected, or where a person names it (`--ask`)",
    "never": "by nobody: not a byte of it is sent",
}
SPEAKS = {
    "client": "the client: nothing comes before a question",
    "server": "the server: it is listened to before any byte is sent",
    "either": "either side",
}


def page() -> str:
    """The page. Raises LookupError for a kind of care, or a first speaker, that has no meaning here."""
    modules = sorted(load().modules, key=lambda module: module.probe.name.lower())
    known = products.load()
    _check(modules)
    parts = [
        head("Protocols", "the declarations in `src/hb_engine/identify/probes/` and `products/`", LEAD),
        f"{len(modules)} protocols, and {len(known)} applications behind HTTP.",
        table(["protocol", "at home on", "speaks first", "asked"], [_row(module.probe) for module in modules]),
        "## The words of the table",
        table(["speaks first", ""], list(SPEAKS.items())),
        table(["asked", ""], list(ASKED.items())),
        *_fragile(),
    ]
    for module in modules:
        parts += _protocol(module)
    return join([*parts, *_applications(known)])


def _check(modules: Sequence[Module]) -> None:
    """Raise LookupError for a word that no table here explains."""
    for known, words in ((ASKED, CARE), (SPEAKS, [module.probe.speaks for module in modules])):
        lacking = [word for word in words if word not in known]
        if lacking:
            raise LookupError(f"tools/docs/protocols_page.py does not say what {lacking[0]!r} means")


def _row(probe: Probe) -> tuple[str, str, str, str]:
    asked = "cannot be proved" if probe.unprovable else probe.care
    return f"[{probe.name}](#{_anchor(probe.name)})", _homes(probe), probe.speaks, asked


def _homes(probe: Probe) -> str:
    """The ports of a probe, by how it is carried."""
    kinds = (("TCP", probe.tcp), ("TLS", probe.tls), ("UDP", probe.udp))
    return "; ".join([f"{kind} {', '.join(map(str, ports))}" for kind, ports in kinds if ports])


def _fragile() -> list[str]:
    """The ports that get no byte, with the reason."""
    rows = [(", ".join(entry.transports).upper(), _ranges(entry.ports), entry.why) for entry in care.TABLE]
    told = (
        "No byte is sent to these, whatever may be at home there, unless somebody who knows the machine expects it or"
    )
    return ["## Ports that get no byte", f"{told} a person names the protocol (`--ask`).",
            table(["transport", "ports", "since"], rows)]  # fmt: skip


def _ranges(ports: Sequence[range]) -> str:
    return ", ".join([f"{one[0]} to {one[-1]}" if len(one) > 1 else str(one[0]) for one in ports])


def _protocol(module: Module) -> list[str]:
    probe = module.probe
    facts = [f"Source: [{module.file}.py](../../src/hb_engine/identify/probes/{module.file}.py)."]
    if probe.names:
        facts.append(f"Also registered as {', '.join(map(code, probe.names))}.")
    if probe.alpn:
        facts.append(f"In TLS it is agreed on as {', '.join(map(code, probe.alpn))}.")
    return [f"## {probe.name}", _doc(module.talk.__module__), probe.unprovable, " ".join(facts)]


def _applications(known: Sequence[Application]) -> list[str]:
    rows = [
        (
            f"[{one.product.name}](../../src/hb_engine/identify/products/{one.file}.py)",
            ", ".join(map(str, one.product.ports)),
            code(one.product.asks),
            cell(_doc(one.recognise.__module__)),
        )
        for one in sorted(known, key=lambda one: one.product.name.lower())
    ]
    told = (
        "Known by the first page, or by one path more: it is asked where the page or the port makes the application "
        f"likely, and at most {products.MOST} paths of one port."
    )
    return ["## Applications behind HTTP", told, table(["application", "at home on", "path", "which is"], rows)]


def _doc(name: str) -> str:
    """What a module says of itself."""
    return (sys.modules[name].__doc__ or "").strip()


def _anchor(name: str) -> str:
    """The name of a heading, as GitHub makes it."""
    return "".join([c for c in name.lower() if c.isalnum() or c in "-_ "]).replace(" ", "-")

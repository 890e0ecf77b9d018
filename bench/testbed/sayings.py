"""What a scanner said of a port, out of its own output: nmap's XML (xmloutputversion 1.05), and hb's JSON (hb/1).

A name that comes from the port's number alone is a guess, whoever makes it: nmap's method="table", hb's proof "port".
This module knows formats, not what is right.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET  # written by the nmap that was just run
from typing import Any

from hb_engine.model.record import record

NOTHING = ("", "unknown", "tcpwrapped")  # nmap's words for: it did not say


@record
class Saying:
    """One open port's service in a scanner's words. `rest` is whatever else it said, in which a version may hide."""

    state: str = ""
    name: str = ""
    product: str = ""
    version: str = ""
    tls: bool = False
    guessed: bool = False
    rest: str = ""


SILENCE = Saying()


def of_nmap(text: str) -> dict[tuple[str, str, int], Saying]:
    """(address, transport, port) -> Saying. Raises ElementTree.ParseError for what is no XML."""
    found = {}
    for host in ET.fromstring(text).iter("host"):  # noqa: S314
        address = _get(host.find("address"), "addr")
        for port in host.iter("port"):
            key = (address, _get(port, "protocol"), int(_get(port, "portid")))
            found[key] = _of_nmaps_port(port)
    return found


def _of_nmaps_port(port: ET.Element) -> Saying:
    state, service = _get(port.find("state"), "state"), port.find("service")
    if service is None:
        return Saying(state)
    name = _get(service, "name")
    scripts = " ".join(_get(script, "output") for script in port.iter("script"))
    return Saying(
        state,
        "" if name in NOTHING else name,
        _get(service, "product"),
        _get(service, "version"),
        _get(service, "tunnel") == "ssl",
        _get(service, "method") != "probed",
        f"{name} {_get(service, 'product')} {_get(service, 'extrainfo')} {scripts}",
    )


def _get(element: ET.Element | None, name: str) -> str:
    return (element.get(name) if element is not None else None) or ""


def of_hb(document: dict[str, Any]) -> dict[tuple[str, str, int], Saying]:
    """(address, transport, port) -> Saying, of a document of kind scan. Raises ValueError for another kind."""
    if document.get("schema") != "hb/1" or document.get("kind") != "scan":
        raise ValueError(f"no scan of hb/1: {document.get('schema')}, {document.get('kind')}")
    return {
        (host["address"], port["transport"], port["port"]): _of_hbs_port(port)
        for host in document["hosts"]
        for port in host["ports"]
    }


def _of_hbs_port(port: dict[str, Any]) -> Saying:
    service = port.get("service")
    if not service:
        return Saying(port["state"])
    name, product, version = (service.get(word) or "" for word in ("name", "product", "version"))
    info = f"{name} {product} {service.get('info') or ''}"
    return Saying(port["state"], name, product, version, bool(service.get("tls")), service.get("proof") == "port", info)

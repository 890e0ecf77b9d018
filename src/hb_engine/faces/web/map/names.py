"""What every port is called and has been linked with, as compact JSON for the map's script: fetched once, then kept.

    {"names": [step, "tcp", "ssh", step, "tcp, udp", "domain", ...], "threats": [first, last, "BPFDoor ...", ...]}

A step counts from the port before, since small numbers that come again compress well. It refuses to know what is open.
"""

from __future__ import annotations

import functools
import gzip
import hashlib

from hb_engine.faces.web.map.base import base_of
from hb_engine.faces.web.map.hilbert import PORTS
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats
from hb_engine.wire import json_text

MOST = 3  # names that are told of a port or a range
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")


@functools.lru_cache(maxsize=2)
def packed(registry: Registry, threats: Threats) -> bytes:
    """The document, compressed with gzip (RFC 1952) and without a time in it: the same facts are the same bytes."""
    told = {"names": _names(registry, base_of(registry, threats).flags), "threats": _threats(threats)}
    return gzip.compress(json_text.document(lambda quote: json_text.value(told, quote)).encode(), 9, mtime=0)


def digest_of(registry: Registry, threats: Threats) -> str:
    """What the document's address changes with."""
    return _digest(packed(registry, threats))


@functools.lru_cache(maxsize=2)
def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]


def _names(registry: Registry, flags: bytes) -> list[int | str]:
    found: list[int | str] = []
    before = 0
    for port in range(PORTS):
        if flags[port] & 7:
            transports = [one for one in TRANSPORTS if any(row.name for row in registry.short(one, port))]
            names = dict.fromkeys([row.name for one in transports for row in registry.short(one, port) if row.name])
            found += [port - before, ", ".join(transports), _few(list(names))]
            before = port
    return found


def _threats(threats: Threats) -> list[int | str]:
    """Runs of ports that the same claims are about."""
    found: list[tuple[int, int, str]] = []
    for port in range(PORTS):
        claims = threats.threats(port)
        if claims:
            told = _few(list(dict.fromkeys([one.name for one in claims])))
            if found and found[-1][1:] == (port - 1, told):
                found[-1] = (found[-1][0], port, told)
            else:
                found.append((port, port, told))
    return [part for run in found for part in run]


def _few(names: list[str]) -> str:
    return ", ".join(names[:MOST]) + (f" +{len(names) - MOST}" if len(names) > MOST else "")

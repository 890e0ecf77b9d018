"""Which ports to ask first: hb's own ranking, packaged, with every other port after it in the order of its number.

Where it comes from, and that it is judgement and not measurement, is told by data/PROVENANCE.md. This module refuses to
know what a port is for: the registry does.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TRANSPORTS = ("tcp", "udp")
FILE = "top.tsv"
MAGIC = "#hb-top\t1"
REINSTALL = "Install hb again: the file comes with it."
_known: dict[str, tuple[int, ...]] = {}


def order(transport: str) -> tuple[int, ...]:
    """Every port of 1 to 65535, the commonest of the transport first. Raises DataError for a damaged installation."""
    if transport not in _known:
        for name, first in read(_packaged()).items():
            ranked = frozenset(first)
            _known[name] = (*first, *[port for port in range(1, 65536) if port not in ranked])
    return _known[transport]


def ranked(transport: str) -> int:
    """How many ports have a rank of their own; the others follow by number. Raises DataError."""
    return len(read(_packaged())[transport])


def first(transport: str, count: int) -> tuple[int, ...]:
    """The commonest ports, as many as asked for. Raises DataError."""
    return order(transport)[:count]


def read(data: bytes) -> dict[str, list[int]]:
    """The ranking of each transport from the bytes of the file. Raises DataError for one that is not whole."""
    lines = data.decode("ascii", "replace").splitlines()
    rows = [line.split("\t") for line in lines[1:-1]]
    if not lines or lines[0] != MAGIC or lines[-1] != f"#end\t{len(rows)}":
        raise DataError(f"the packaged {FILE} is not whole", REINSTALL)
    found: dict[str, list[int]] = {transport: [] for transport in TRANSPORTS}
    for row in rows:
        if len(row) < 2 or row[0] not in found or not row[1].isdigit() or not 0 < int(row[1][:6]) < 65536:
            raise DataError(f"the packaged {FILE} has a row that is no port", REINSTALL)
        found[row[0]].append(int(row[1]))
    if any(len(set(ports)) != len(ports) for ports in found.values()):
        raise DataError(f"the packaged {FILE} names a port twice", REINSTALL)
    return found


def _packaged() -> bytes:
    """The file, from disk or out of a zip archive."""
    loader: Any = __spec__.loader if __spec__ else None
    try:
        data: bytes = loader.get_data(os.path.join(os.path.dirname(__file__), "data", FILE))
    except OSError as error:
        raise DataError(f"the packaged {FILE} cannot be read: {error.strerror or error}", REINSTALL) from error
    return data

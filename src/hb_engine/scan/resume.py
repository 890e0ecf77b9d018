"""A scan that was interrupted, in a file: what is known of each host, so that the rest can be asked another day.

One JSON document, written whole or not at all (a new file, renamed). It says which scan it is of; another one's is
refused. Rows of codes are kept as compressed bytes; the file is read with bounds, as any file is that may have been
changed. Identities are not kept: they are asked again, since services change faster than ports.
"""

from __future__ import annotations

import errno
import os

from hb_engine.model.errors import BadInput, DataError
from hb_engine.scan.board import MEANINGS, SILENT, UNASKED, Shape
from hb_engine.scan.hosts import Outcome, Target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

SCHEMA = "hb/1"
KIND = "scan-state"
LARGEST = 1 << 30  # bytes of a file
OTHER = "Name another file, or type the same targets, ports and shard as then."


def save(path: str, key: str, outcomes: Iterable[Outcome], *, complete: bool) -> None:
    """Write what is known; a scan that is complete needs no file, and takes its own away. Raises DataError."""
    import json

    if complete:
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise DataError(f"{path!r} could not be removed: {error.strerror}", "The scan is complete.") from error
        return
    document = {"schema": SCHEMA, "kind": KIND, "of": _digest(key), "hosts": [_host(one) for one in outcomes]}
    beside = f"{path}.{os.getpid()}.new"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        if os.path.lexists(beside) and error.errno != errno.EEXIST:
            os.unlink(beside)
        raise DataError(f"{path!r} could not be written: {error.strerror}", "Name a place that has room.") from error


def load(path: str, key: str) -> dict[bytes, Outcome]:
    """What an earlier run of the same scan knew, by address; empty where there is no file yet.

    Raises DataError for a file that is broken, BadInput for another scan's.
    """
    import json

    try:
        if os.path.getsize(path) > LARGEST:
            raise DataError(f"{path!r} is too large for a scan's state", OTHER)
        with open(path, encoding="ascii") as file:
            document = json.load(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DataError(f"{path!r} cannot be read: {error.strerror}", OTHER) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path!r} is not the state of a scan: {error}", OTHER) from error
    if not isinstance(document, dict) or (document.get("schema"), document.get("kind")) != (SCHEMA, KIND):
        raise DataError(f"{path!r} is not the state of a scan", OTHER)
    if document.get("of") != _digest(key):
        raise BadInput(f"{path!r} is the state of another scan", OTHER)
    try:
        known = [_outcome(one) for one in document["hosts"]]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DataError(f"{path!r} is damaged: {error}", OTHER) from error
    return {outcome.target.address: outcome for outcome in known}


def _digest(key: str) -> str:
    import hashlib

    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _host(outcome: Outcome) -> dict[str, Any]:
    import zlib

    target = outcome.target
    return {
        "address": target.address.hex(),
        "text": target.text,
        "names": list(target.names),
        "zone": target.zone,
        "up": outcome.up,
        "reason": outcome.reason,
        "rtt": outcome.rtt,
        "mac": outcome.mac,
        "started_at": outcome.started_at,
        "rows": {
            name: [list(ports), zlib.compress(_to_ask(codes)).hex()] for name, (ports, codes) in outcome.rows.items()
        },
        "shapes": [[name, port, one.ttl, one.window, one.header] for (name, port), one in outcome.shapes.items()],
    }


def _to_ask(codes: bytes) -> bytes:
    """Codes as another run wants them: what was never asked is silent there."""
    return bytes(codes).replace(bytes([UNASKED]), bytes([SILENT]))


def _outcome(kept: dict[str, Any]) -> Outcome:
    names = tuple([str(name) for name in kept["names"]])
    target = Target(bytes.fromhex(kept["address"]), str(kept["text"]), names, int(kept["zone"]))
    if len(target.address) not in (4, 16):
        raise ValueError("an address has 4 or 16 bytes")
    outcome = Outcome(target, float(kept["started_at"]))
    outcome.up = kept["up"] if isinstance(kept["up"], bool) else None
    outcome.reason, outcome.mac = str(kept["reason"]), str(kept["mac"])
    outcome.rtt = None if kept["rtt"] is None else float(kept["rtt"])
    for transport, (ports, packed) in kept["rows"].items():
        if transport not in ("tcp", "udp"):
            raise ValueError(f"{transport} is no transport that is scanned")
        outcome.rows[transport] = _row([int(port) for port in ports], bytes.fromhex(packed))
    for transport, port, ttl, window, header in kept["shapes"]:
        outcome.shapes[str(transport), int(port)] = Shape(int(ttl), int(window), int(header))
    return outcome


def _row(ports: list[int], packed: bytes) -> tuple[list[int], bytes]:
    import zlib

    try:
        codes = zlib.decompressobj().decompress(packed, 65537)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(codes) != len(ports) or not all(0 <= port < 65536 for port in ports) or not set(codes) <= set(MEANINGS):
        raise ValueError("ports and codes do not agree")
    return ports, codes

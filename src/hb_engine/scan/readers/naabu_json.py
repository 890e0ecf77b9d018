"""naabu's lines (-json): an object for each open port, with a service where -sV was given.

naabu tells of open ports only. What it names, it names by nmap's patterns. Fields are those of its result structure
(naabu, pkg/result and pkg/runner/output.go); the port is a number, in older versions an object.
"""

from __future__ import annotations

from hb_engine.model.answer import Answer, Scan, ScannedHost
from hb_engine.model.identity import Identity, Tls
from hb_engine.scan import fields
from hb_engine.scan.fields import Format, Hosts, wrong
from hb_engine.scan.records import records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = Format("naabu", "naabu's JSON lines")
TEXTS = ("product", "version", "extra_info", "os_type", "device_type")


def claims(head: bytes) -> bool:
    """Whether the first object has an address and one port, and is not masscan's."""
    first = head.split(b"\n")[0]
    return first.startswith(b"{") and b'"ip"' in first and b'"port"' in first and b'"rec_type"' not in first


def read(data: bytes) -> Scan:
    """The scan. Raises DataError with the line of an object that is none."""
    hosts, cut = Hosts(), 0
    for record, line, whole in records(data):
        if not whole:
            cut = line
            break
        place = f"line {line}"
        address = fields.address(record.get("ip"), place)
        name = fields.text(record.get("host"), place, 255)
        mac = fields.text(record.get("mac_address"), place, 32).lower()
        at = fields.moment(record.get("timestamp"), place)
        known = hosts.host(address)
        hosts.put(
            ScannedHost(
                address,
                (name,) if name not in ("", address) else (),
                up=True,
                reason=known.reason,
                mac=mac or known.mac,
                started_at=at,
                ended_at=at,
            )
        )
        hosts.answer(address, _answer(record, place))
    return fields.scan_of(hosts, "naabu", gaps=(fields.broken_off(cut),) if cut else (), complete=not cut)


def _answer(record: dict[str, Any], place: str) -> Answer:
    port = record.get("port")
    if isinstance(port, dict):  # before 2.1: {"Port": 80, "Protocol": 0, "TLS": false}
        port = port.get("Port", port.get("port"))
    number = fields.whole(port, place, 0, 65535)
    transport = fields.transport(record.get("protocol") or "tcp", place)
    identity = _identity(record, place)
    reason = "syn-ack" if transport == "tcp" else "udp-response"
    held = fields.held(identity, identified=bool(record.get("service_fp")), spoke=True)
    return Answer(transport, number, "open", reason, identity=identity, held=held)


def _identity(record: dict[str, Any], place: str) -> Identity | None:
    """The service, where naabu asked for one; TLS alone is no name."""
    name = fields.text(record.get("name"), place, fields.WORD)
    inside = record.get("tls") is True or record.get("tunnel") == "ssl"
    if not name:
        return None
    cpes = record.get("cpes") or []
    if not isinstance(cpes, list):
        raise wrong(place, "cpes is not an array")
    product, version, info, system, device = [fields.text(record.get(key), place, 200) for key in TEXTS]
    return Identity(
        name,
        product,
        version,
        info,
        system=system,
        device=device,
        cpe=tuple([fields.text(each, place, 200) for each in cpes[:16]]),
        proof="pattern",
        evidence="naabu matched it",
        tls=Tls() if inside else None,
    )

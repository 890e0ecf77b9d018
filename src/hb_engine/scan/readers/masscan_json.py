"""masscan's JSON (-oJ) and its lines (-oD): a record a port, and one more for each banner.

The array is written record by record, with commas where they happened to fall (none after the first, one before the
bracket, `{finished: 1}` in old versions), and without an end where masscan was stopped: records are therefore read one
by one, and commas and brackets between them mean nothing. Banners are other people's bytes as masscan escaped them.
"""

from __future__ import annotations

from hb_engine.model.answer import Answer, Scan
from hb_engine.model.errors import DataError
from hb_engine.scan import fields
from hb_engine.scan.fields import Format, Hosts, wrong
from hb_engine.scan.masscan import with_banner
from hb_engine.scan.records import records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = Format("masscan", "masscan's JSON")


def claims(head: bytes) -> bool:
    """Whether the first record has an address with ports, or a type of record."""
    start = head.lstrip(b"[, \t\r\n")
    return start.startswith(b"{") and b'"ip"' in start and (b'"ports"' in start or b'"rec_type"' in start)


def read(data: bytes) -> Scan:
    """The scan. Raises DataError with the line of a record that is none."""
    hosts, cut, banners = Hosts(), 0, False
    for record, line, whole in records(data):
        if not whole:
            cut = line
            break
        place = f"line {line}"
        address = fields.address(record.get("ip"), place)
        hosts.seen_at(address, fields.seconds(record.get("timestamp"), place))
        for port in _ports(record, place):
            banners |= "service" in port
            _put(hosts, address, port, place)
    gaps = (fields.broken_off(cut),) if cut else ()
    found = fields.scan_of(hosts, "masscan", gaps=gaps, complete=not cut)
    if not found.hosts:
        raise DataError("the file holds no host", "masscan writes what answers; nothing did, or it was stopped.")
    return found


def _ports(record: dict[str, Any], place: str) -> list[dict[str, Any]]:
    """The ports of a record of either form."""
    if "rec_type" not in record:
        ports = record.get("ports")
        if not isinstance(ports, list) or not all(isinstance(port, dict) for port in ports):
            raise wrong(place, "ports is not an array of objects")
        return ports
    told = record.get("data")
    if not isinstance(told, dict):
        raise wrong(place, "data is not an object")
    port = {"port": record.get("port"), "proto": record.get("proto")}
    if record["rec_type"] == "status":
        return [{**port, **{name: told.get(name) for name in ("status", "reason", "ttl")}}]
    return [{**port, "service": {"name": told.get("service_name"), "banner": told.get("banner")}}]


def _put(hosts: Hosts, address: str, port: dict[str, Any], place: str) -> None:
    """One port's record: a state, or a banner of a port that is open for having said it."""
    protocol = fields.word(port.get("proto"), place)
    if protocol not in fields.TRANSPORTS:  # icmp, arp: hosts that answered, without a port
        return
    number = fields.whole(port.get("port"), place, 0, 65535)
    before = hosts.said(address, protocol, number)
    if "service" not in port:
        ttl = fields.whole(port.get("ttl") or 0, place, 0, 255) or None
        state, reason = fields.state(port.get("status"), place), fields.word(port.get("reason"), place)
        if before is None or before.identity is None:
            hosts.answer(
                address, Answer(protocol, number, state, reason, ttl, held="not-asked" if state == "open" else "")
            )
        return
    service = port["service"]
    if not isinstance(service, dict):
        raise wrong(place, "service is not an object")
    answer = before or Answer(protocol, number, "open", "syn-ack" if protocol == "tcp" else "udp-response")
    name, banner = fields.text(service.get("name"), place, fields.WORD), fields.text(service.get("banner"), place)
    hosts.answer(address, with_banner(answer, name, banner))

"""hb's own scans: the document of `hb scan --json`, and the lines of --ndjson.

Schema hb/1, kinds scan, scan-start, scan-port, scan-host and scan-end, as docs/reference/json.md has them. The lines of
a scan that was interrupted have no scan-end, and are read as far as they go; of two lines for a port the later counts.
Fields that this version does not know are passed over: hb/1 may gain some.
"""

from __future__ import annotations

from hb_engine.model.answer import HELD, Answer, Rest, Scan, ScannedHost, ScanStats
from hb_engine.model.identity import PROOFS, Certificate, Identity, Tls
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Registered
from hb_engine.model.record import replace
from hb_engine.scan import fields
from hb_engine.scan.fields import Format, Hosts, wrong
from hb_engine.scan.records import document, records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = Format("hb", "hb's own JSON and NDJSON")
LARGEST = 1 << 53  # what JSON's numbers hold exactly
TEXTS = ("name", "product", "version", "info", "hostname", "system", "device")  # of a service
STARTTLS = ("", "offered", "required", "absent")


def claims(head: bytes) -> bool:
    """Whether it begins as a document of schema hb/1."""
    return head.startswith(b"{") and b'"schema"' in head[:64] and b'"hb/1"' in head[:64]


def read(data: bytes) -> Scan:
    """The scan. Raises DataError with the line, and the field, that is not what it should be."""
    head = data[:256]
    if b'"scan-' in head:
        return _lines(data)
    whole = document(data)
    if not isinstance(whole, dict) or whole.get("kind") != "scan":
        raise wrong("the file", "is a document of hb, and not of a scan")
    hosts = Hosts()
    for place, host in _each(whole, "hosts", "hosts"):
        hosts.put(_host(host, place))
    return _scan(whole, hosts, {})


def answer(told: Any, place: str) -> Answer:
    """One port of a document that was loaded already, as hb ls --identify has them too. Raises DataError."""
    return _answer(_object(told, place), place)


def _lines(data: bytes) -> Scan:
    hosts, start, end, cut, last = Hosts(), {}, None, 0, 1
    for record, line, whole in records(data):
        last, cut = line, 0 if whole else line
        place, kind = f"line {line}", record.get("kind")
        if kind == "scan-start":
            start = record
        elif kind == "scan-port":
            address = fields.address(record.get("address"), place)
            hosts.answer(address, _answer(_object(record.get("port"), f"{place}: port"), f"{place}: port"))
        elif kind == "scan-host":
            hosts.put(_host(record, place))
        elif kind == "scan-end":
            end = record
    if end is not None:
        return _scan(end, hosts, start)
    place = "scan-start"
    asked = tuple(_texts(start, "asked", place))
    gaps = (fields.broken_off(cut or last),)
    return fields.scan_of(hosts, _scanner(start, place), gaps=gaps, complete=False, asked=asked)


def _scan(told: dict[str, Any], hosts: Hosts, start: dict[str, Any]) -> Scan:
    gaps = tuple([Gap(*_words(gap, place, ("what", "why", "remedy"))) for place, gap in _each(told, "gaps", "gaps")])
    return Scan(
        tuple(hosts.all()),
        _stats(_object(told.get("stats"), "stats"), "stats"),
        fields.moment(told.get("started_at", start.get("started_at")), "started_at"),
        fields.moment(told.get("ended_at"), "ended_at"),
        _texts(told, "asked", "asked"),
        gaps,
        _flag(told, "complete", "complete"),
        _scanner(told, "scanner"),
    )


def _scanner(told: dict[str, Any], place: str) -> str:
    return fields.text(told.get("scanner"), place, fields.WORD) or "hb"


def _stats(told: dict[str, Any], place: str) -> ScanStats:
    names = ("sent", "received", "dropped", "asked_again")
    sent, received, dropped, again = [_number(told, name, f"{place}.{name}") or 0 for name in names]
    engine, loss = fields.text(told.get("engine"), f"{place}.engine", fields.WORD), told.get("loss")
    seconds = fields.seconds(told.get("seconds"), f"{place}.seconds")
    lost = None if loss is None else fields.seconds(loss, f"{place}.loss")
    return ScanStats(engine, sent, received, dropped, again, seconds, lost)


def _host(told: dict[str, Any], place: str) -> ScannedHost:
    up = told.get("up")
    if up not in (True, False, None):
        raise wrong(f"{place}.up", "is not true, false or null")
    return ScannedHost(
        fields.address(told.get("address"), f"{place}.address"),
        _texts(told, "names", place),
        up,
        fields.word(told.get("reason"), f"{place}.reason"),
        tuple([_answer(port, where) for where, port in _each(told, "ports", place)]),
        tuple([_rest(each, where) for where, each in _each(told, "rest", place)]),
        fields.text(told.get("mac"), f"{place}.mac", 32),
        _seconds(told, "rtt", place),
        _texts(told, "notes", place),
        fields.moment(told.get("started_at"), f"{place}.started_at"),
        fields.moment(told.get("ended_at"), f"{place}.ended_at"),
    )


def _rest(told: dict[str, Any], place: str) -> Rest:
    return Rest(
        fields.transport(told.get("transport"), f"{place}.transport"),
        fields.state(told.get("state"), f"{place}.state"),
        fields.word(told.get("reason"), f"{place}.reason"),
        fields.whole(told.get("count"), f"{place}.count", 0, 65536),
        fields.ranges(told.get("ports"), f"{place}.ports"),
    )


def _answer(told: dict[str, Any], place: str) -> Answer:
    held = fields.word(told.get("held"), f"{place}.held")
    if held and held not in HELD:
        raise wrong(f"{place}.held", f"is none of {', '.join(HELD)}")
    service = told.get("service")
    names = ("name", "description", "status")
    entries = [Registered(*_words(entry, where, names)) for where, entry in _each(told, "registered", place)]
    return Answer(
        fields.transport(told.get("transport"), f"{place}.transport"),
        fields.whole(told.get("port"), f"{place}.port", 0, 65535),
        fields.state(told.get("state"), f"{place}.state"),
        fields.word(told.get("reason"), f"{place}.reason"),
        _number(told, "ttl", f"{place}.ttl"),
        _seconds(told, "rtt", place),
        tuple(entries),
        None if service is None else _identity(_object(service, f"{place}.service"), f"{place}.service"),
        held,
        fields.text(told.get("mismatch"), f"{place}.mismatch"),
        fields.text(told.get("fingerprint"), f"{place}.fingerprint"),
        _texts(told, "notes", place),
    )


def _identity(told: dict[str, Any], place: str) -> Identity:
    proof = fields.word(told.get("proof"), f"{place}.proof")
    starttls = fields.word(told.get("starttls"), f"{place}.starttls")
    if proof not in PROOFS or starttls not in STARTTLS:
        raise wrong(place, "has a proof, or a starttls, that hb does not know")
    texts = {name: fields.text(told.get(name), f"{place}.{name}") for name in TEXTS}
    found = Identity(
        "",
        cpe=_texts(told, "cpe", place),
        proof=proof,
        evidence=fields.text(told.get("evidence"), f"{place}.evidence", 200),
        guarded=_flag(told, "guarded", f"{place}.guarded"),
        starttls=starttls,
        tls=None if told.get("tls") is None else _tls(_object(told["tls"], f"{place}.tls"), f"{place}.tls"),
        facts=tuple([_pair(fact, where) for where, fact in _each(told, "facts", place)]),
    )
    return replace(found, **texts)


def _pair(told: dict[str, Any], place: str) -> tuple[str, str]:
    name, said = _words(told, place, ("name", "text"))
    return name, said


def _tls(told: dict[str, Any], place: str) -> Tls:
    version, cipher, alpn, how, problem = _words(told, place, ("version", "cipher", "alpn", "how", "problem"))
    shown = told.get("certificate")
    met = None if shown is None else _certificate(_object(shown, f"{place}.certificate"), f"{place}.certificate")
    return Tls(version, cipher, alpn, how, _texts(told, "versions", place), met, problem)


def _certificate(told: dict[str, Any], place: str) -> Certificate:
    subject, issuer, sha256, serial, key, signature = _words(
        told, place, ("subject", "issuer", "sha256", "serial", "key", "signature")
    )
    begin, end = [int(fields.moment(told.get(name), f"{place}.{name}")) for name in ("not_before", "not_after")]
    alone = _flag(told, "self_signed", f"{place}.self_signed")
    return Certificate(subject, issuer, _texts(told, "names", place), begin, end, sha256, serial, key, signature, alone)


# -- fields


def _object(item: Any, place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise wrong(place, "is not an object")
    return item


def _each(told: dict[str, Any], name: str, place: str) -> list[tuple[str, dict[str, Any]]]:
    """The objects of an array, each with its place; an absent array is an empty one."""
    found = told.get(name, [])
    at = name if place == name else f"{place}.{name}"
    if not isinstance(found, list):
        raise wrong(at, "is not an array")
    return [(f"{at}[{index}]", _object(each, f"{at}[{index}]")) for index, each in enumerate(found)]


def _texts(told: dict[str, Any], name: str, place: str) -> tuple[str, ...]:
    found = told.get(name, [])
    if not isinstance(found, list):
        raise wrong(f"{place}.{name}", "is not an array")
    return tuple([fields.text(each, f"{place}.{name}[{index}]") for index, each in enumerate(found)])


def _words(told: Any, place: str, names: tuple[str, ...]) -> list[str]:
    return [fields.text(told.get(name), f"{place}.{name}") for name in names]


def _flag(told: dict[str, Any], name: str, place: str) -> bool:
    found = told.get(name, False)
    if not isinstance(found, bool):
        raise wrong(place, "is not true or false")
    return found


def _number(told: dict[str, Any], name: str, place: str) -> int | None:
    found = told.get(name)
    return None if found is None else fields.whole(found, place, 0, LARGEST)


def _seconds(told: dict[str, Any], name: str, place: str) -> float | None:
    found = told.get(name)
    return None if found is None else fields.seconds(found, f"{place}.{name}")

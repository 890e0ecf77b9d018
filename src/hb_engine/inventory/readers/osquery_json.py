"""osquery's results about listening_ports: osqueryi --json, a snapshot of a scheduled query, or its differential log.

Differential lines add and remove rows, so that a log read from its beginning tells the state at its end; hosts are told
apart by hostIdentifier. Source: osquery's documentation of logging, and its table listening_ports (joined with
processes, users or docker_containers as packs do: pid, name, path, username ...). Numbers may be texts. It refuses
results of other tables: rows without port and protocol.
"""

from __future__ import annotations

from hb_engine.inventory.reading import LINE, Format, Seen, inventory, packed
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Gap, Host
from hb_engine.model.owner import Container, Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hb_engine.model.inventory import Inventory

    Row = dict[str, Any]

FORMAT = Format("osquery", "osquery's results of listening_ports, as JSON")
PROTOCOLS = {"6": "tcp", "17": "udp", "132": "sctp", "136": "udplite", "33": "dccp"}
SOURCE = "osquery listening_ports (a file)"
BEYOND = Gap(
    "SCTP, DCCP, raw and packet sockets, UDP clients told from services, redirects, packages and units",
    "osquery's table listening_ports does not tell of them",
    "hb snapshot on the machine itself",
    "owners pkg signed unit cgroup script container image"
    " sctp dccp raw packet vsock forward redirect tap tunnel tcp:bound ephemeral",
)
SPACES = Gap(
    "which sockets belong to containers",
    "osquery lists the sockets of other network namespaces among the host's",
    "hb snapshot on the machine itself",
    "netns",
)
CUT = Gap("the end of the log", "its last line breaks off", "Read the whole file.", "any")
FROM_THE_MIDDLE = Gap(
    "what was open before this log begins",
    "it is differential, and removes rows that it never added",
    "Read the log from its beginning, or a snapshot query's.",
    "any",
)


def claims(head: bytes) -> bool:
    """Whether it is an array or lines of objects with osquery's words."""
    if not head.startswith((b"{", b"[")) or b'"schema"' in head:
        return False
    return any(word in head for word in (b'"hostIdentifier"', b'"calendarTime"')) or (
        b'"port"' in head
        and b'"protocol"' in head
        and (b'"address"' in head or b'"pid"' in head)
        and b'"ip"' not in head
    )


def read(data: bytes, name: str, at: float) -> tuple[Inventory, ...]:
    """An inventory for each host. Raises DataError with the line of what is no result of this table."""
    rows: dict[str, dict[str, Row]] = {}
    times: dict[str, float] = {}
    gaps: dict[str, dict[Gap, None]] = {}
    for entry, line, whole in _entries(data):
        if not whole:
            for each in gaps.values() or (gaps.setdefault(name, {}),):
                each[CUT] = None
            rows.setdefault(next(iter(gaps)), {})
            continue
        host = _text(entry.get("hostIdentifier") or entry.get("host_identifier")) or name
        known, told = rows.setdefault(host, {}), gaps.setdefault(host, {})
        times[host] = _time(entry, times.get(host, at) if "columns" in entry or "snapshot" in entry else at)
        if not _apply(entry, known, line):
            told[FROM_THE_MIDDLE] = None
    found = []
    for host, known in rows.items():
        sockets = [seen for row in known.values() if (seen := _socket(row))]
        given = (*gaps[host], *_unasked({one.transport for one in sockets}), SPACES, BEYOND)
        found.append(inventory(Host(host, ""), times.get(host, at), SOURCE, given, sockets))
    if not found:
        raise DataError("the file holds no result of osquery", "Schedule SELECT * FROM listening_ports.")
    return tuple(found)


def _unasked(kinds: set[str]) -> tuple[Gap, ...]:
    """The kinds of sockets without a row: results do not tell which table or protocol their query was about."""
    missing = [kind for kind in ("tcp", "udp") if kind not in kinds]
    why = "no row is of them, and nobody can tell whether the query was about them"
    return (Gap(f"{' and '.join(missing)} sockets", why, BEYOND.remedy, " ".join(missing)),) if missing else ()


def _entries(data: bytes) -> Iterator[tuple[Row, int, bool]]:
    """Objects with their lines: of an array, or one behind the other; the last may break off."""
    from json import JSONDecodeError, loads  # a file is read once

    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if text.lstrip().startswith("["):
        try:
            whole = loads(text)
        except (JSONDecodeError, RecursionError) as error:
            raise DataError(f"line {getattr(error, 'lineno', 1)}: this is not JSON, or breaks off", "") from error
        for row in whole:
            if not isinstance(row, dict):
                raise DataError("the array holds something else than rows", "Keep the output of osqueryi --json.")
            yield row, 1, True
        return
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = loads(line)
        except (JSONDecodeError, RecursionError, ValueError) as error:
            if number == len(lines):
                yield {}, number, False
                return
            raise DataError(f"line {number}: this is not JSON", "Keep osquery's results log as it is.") from error
        if not isinstance(entry, dict):
            raise DataError(f"line {number}: this is no object", "Keep osquery's results log as it is.")
        yield entry, number, True


def _apply(entry: Row, known: dict[str, Row], line: int) -> bool:
    """Bring a host's rows up to date; False where a row was removed that nobody had added."""
    action, columns, snapshot = entry.get("action"), entry.get("columns"), entry.get("snapshot")
    batch = entry.get("diffResults")
    if isinstance(batch, dict):
        lost = sum(known.pop(_key(row), None) is None for row in _rows(batch, "removed", line))
        known.update({_key(row): row for row in _rows(batch, "added", line)})
        return not lost
    if isinstance(snapshot, list):
        known.clear()
        known.update({_key(row): row for row in snapshot if _is_row(row, line)})
        return True
    if columns is None and action is None:
        if _is_row(entry, line):
            known[_key(entry)] = entry
        return True
    if not isinstance(columns, dict):
        raise DataError(f"line {line}: the result has no columns", "Keep osquery's results log as it is.")
    if not _is_row(columns, line):
        return True
    if action == "removed":
        return known.pop(_key(columns), None) is not None
    known[_key(columns)] = columns
    return True


def _rows(batch: Row, name: str, line: int) -> list[Row]:
    rows = batch.get(name)
    return [row for row in rows if _is_row(row, line)] if isinstance(rows, list) else []


def _is_row(row: object, line: int) -> bool:
    """Whether it is a row of a socket with a port. Raises DataError for one of another table."""
    if not isinstance(row, dict) or "port" not in row or not {"protocol", "proto"} & row.keys():
        raise DataError(
            f"line {line}: a row has no port and protocol", "Query listening_ports; other tables tell of no opening."
        )
    return _number(row["port"]) not in (None, 0)  # 0: a UNIX socket


def _key(row: Row) -> str:
    return "|".join([f"{name}={row[name]}" for name in sorted(row)])


def _socket(row: Row) -> Seen | None:
    protocol = _text(row.get("protocol", row.get("proto"))).lower()
    transport = PROTOCOLS.get(protocol, protocol if protocol in PROTOCOLS.values() else "")
    port, address = _number(row.get("port")), _text(row.get("address"))
    if not transport or port is None or not 0 < port < 65536:
        return None
    if not packed(address):
        address = "::" if _text(row.get("family")) == "10" else "0.0.0.0"  # noqa: S104 -- nothing is bound here
    owner = _owner(row)
    owners, inode = (owner,) if owner else (), _number(row.get("socket"))
    return Seen(transport, address, port, listening=transport != "udp", owners=owners, inode=inode)


def _owner(row: Row) -> Owner | None:
    """The process of a row; -1 is osquery's word for one that it could not see."""
    pid = _number(row.get("pid"))
    if pid is None or pid <= 0:
        return None
    path = _text(row.get("path")) if not _text(row.get("path")).startswith("@") else ""
    line = _text(row.get("cmdline"))
    box = _text(row.get("container_id") or row.get("docker_container_id"))
    return Owner(
        pid,
        comm=_text(row.get("name") or row.get("process_name"))[:64],
        exe=path or None,
        exe_state="present" if path else "unreadable",
        cmdline=(line,) if line else (),
        uid=_number(row.get("uid")),
        user=_text(row.get("username") or row.get("user"))[:64],
        container=Container("docker", box[:64], image=_text(row.get("image"))[:200]) if box else None,
    )


def _time(entry: Row, otherwise: float) -> float:
    at = _number(entry.get("unixTime", entry.get("unix_time")))
    return float(at) if at else otherwise


def _text(value: object) -> str:
    return str(value)[:LINE] if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _number(value: object) -> int | None:
    text = _text(value).strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None

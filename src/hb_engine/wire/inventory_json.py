"""Inventories out of the JSON that `hb ls --json` writes (schema hb/1, kind inventory): a saved listing is a snapshot.

A file may have been edited, cut short or made by somebody else: it is bounded, every field has its type, words from
closed lists are from them, and what is wrong is a DataError that names the field by its path. Fields that this version
does not know are passed over, and those that an older version did not write take their defaults. `key`, `thread` and
the verdict's `word` follow from the rest and are not believed. Writing what was read gives the same text again.

History reads thousands of openings, so a path is put together only where something is wrong: each level catches the
error of the one below and adds its own name.
"""

from __future__ import annotations

from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.errors import DataError
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening, Registered, Unowned
from hb_engine.model.owner import EXE_STATES, Ancestor, Container, Hold, Origin, Owner, Package
from hb_engine.model.verdict import SEVERITIES, Judgement, Reason
from hb_engine.wire.dates import seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Made = TypeVar("Made")

SCHEMA = "hb/1"
LARGEST = 256 << 20  # characters of a document: 100,000 openings take 150 million
MOST = 1 << 20  # items of any array
DEEPEST = 1 << 53  # the largest whole number that every reader of JSON holds exactly
WORD = 64  # characters of a word
NETNS_KINDS = ("host", "named", "container", "private")
AGAIN = "Write it again with hb ls --json, or hb snapshot."
# A document that does not say what was asked: whatever is not in it may be there all the same.
UNTOLD = Coverage(privileged=False, gaps=(Gap("what was asked", "the file does not say it (coverage)", AGAIN, "any"),))


class _Wrong(Exception):
    """A field that is not what it should be: its path so far, and what is wrong with it."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(what)
        self.path, self.what = path, what


def read(text: str) -> Inventory:
    """The inventory in a document. Raises DataError, with the path of the field, for what is none."""
    return inventory(loaded(text))


def loaded(text: str) -> Any:
    """A document of JSON, bounded. Raises DataError for what is none."""
    if len(text) > LARGEST:
        raise DataError(f"the document is larger than {LARGEST >> 20} MiB", "No machine's inventory is.")
    from json import loads  # a file is read once; hb ls reads none

    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        where = f", line {line} column {column}" if line else ""
        raise DataError(f"this is not JSON, or not whole{where}", AGAIN) from error


def inventory(told: Any) -> Inventory:
    """The inventory in a document that was loaded already. Raises DataError as `read` does."""
    try:
        return _inventory(told)
    except _Wrong as wrong:
        raise DataError(f"{wrong.path or 'the document'} {wrong.what}", AGAIN) from None


def opening(told: Any) -> Opening:
    """One opening of a document that was loaded already. Raises DataError."""
    try:
        return _opening(_is_object(told))
    except _Wrong as wrong:
        raise DataError(f"{wrong.path or 'the opening'} {wrong.what}", AGAIN) from None


def coverage(told: Any) -> Coverage:
    """What was asked, of a document that was loaded already. Raises DataError."""
    try:
        return _coverage(_is_object(told))
    except _Wrong as wrong:
        raise DataError(f"{wrong.path or 'the coverage'} {wrong.what}", AGAIN) from None


def _inventory(told: Any) -> Inventory:
    told = _is_object(told)
    if told.get("schema") != SCHEMA:
        raise _Wrong("schema", f"is not {SCHEMA}: this is no document of hb, or one of a newer hb")
    if told.get("kind") != "inventory":
        raise _Wrong("kind", "is not inventory: this is another document of hb")
    taken_at = _time(told, "taken_at")
    if taken_at is None:
        raise _Wrong("taken_at", "is missing")
    if "openings" not in told:
        raise _Wrong("openings", "is missing")
    return Inventory(
        _one(told, "host", _host) or Host("", ""),
        taken_at,
        (_one(told, "coverage", _coverage) if told.get("coverage") else None) or UNTOLD,
        _each(told, "openings", _opening),
    )


def _host(told: dict[str, Any]) -> Host:
    ports = told.get("local_ports")
    if ports is not None:
        ports = _numbers(told, "local_ports", 65535)
        if len(ports) != 2:
            raise _Wrong("local_ports", "is not a first and a last port")
    return Host(
        _text(told, "name"),
        _text(told, "system"),
        _text(told, "kernel"),
        _text(told, "boot_id"),
        _text(told, "machine"),
        _text(told, "os"),
        _texts(told, "addresses"),
        _texts(told, "labels"),
        ports,
    )


def _coverage(told: dict[str, Any]) -> Coverage:
    return Coverage(
        _flag(told, "privileged") is True, _texts(told, "sources"), _each(told, "gaps", _gap), _text(told, "partial")
    )


def _gap(told: dict[str, Any]) -> Gap:
    return Gap(_text(told, "what"), _text(told, "why"), _text(told, "remedy"), _text(told, "about"))


def _opening(told: dict[str, Any]) -> Opening:
    return Opening(
        _listed(told, "kind", KINDS),
        _listed(told, "transport", TRANSPORTS),
        _number(told, "port", 65535) if told.get("transport") != "vsock" else _number(told, "port"),
        _texts(told, "addresses"),
        _words(told, "families"),
        _listed(told, "scope", SCOPES),
        _one(told, "netns", _netns) or Netns(0),
        _text(told, "interface"),
        _each(told, "owners", _owner),
        _one(told, "unowned", _unowned),
        _number(told, "uid"),
        _text(told, "user"),
        _text_or_none(told, "unit"),
        _one(told, "container", _container),
        _flag(told, "ephemeral") is True,
        _texts(told, "flags"),
        _texts(told, "notes"),
        _numbers(told, "inodes"),
        _each(told, "registered", _registered),
        _one(told, "verdict", _verdict),
        _text(told, "protocol"),
    )


def _owner(told: dict[str, Any]) -> Owner:
    return Owner(
        _whole(told, "pid"),
        _text(told, "comm"),
        _text_or_none(told, "exe"),
        _listed(told, "exe_state", EXE_STATES) if "exe_state" in told else "present",
        _texts(told, "cmdline"),
        _number(told, "uid"),
        _text(told, "user"),
        _time(told, "started_at"),
        _text_or_none(told, "unit"),
        _one(told, "container", _container),
        _each(told, "parents", _ancestor),
        _one(told, "origin", _origin),
        _one(told, "package", _package),
        _text_or_none(told, "script"),
        _one(told, "script_package", _package),
        _each(told, "holds", _hold),
    )


def _netns(told: dict[str, Any]) -> Netns:
    return Netns(_whole(told, "id"), _text(told, "name"), _listed(told, "kind", NETNS_KINDS))


def _unowned(told: dict[str, Any]) -> Unowned:
    return Unowned(_word(told, "reason"), _text(told, "detail"))


def _registered(told: dict[str, Any]) -> Registered:
    return Registered(_text(told, "name"), _text(told, "description"), _word(told, "status") or "assigned")


def _verdict(told: dict[str, Any]) -> Judgement:
    return Judgement(_listed(told, "severity", SEVERITIES), _each(told, "reasons", _reason))


def _reason(told: dict[str, Any]) -> Reason:
    severity = _listed(told, "severity", SEVERITIES)
    return Reason(_text(told, "rule"), severity, _text(told, "text"), _texts(told, "evidence"), _text(told, "remedy"))


def _package(told: dict[str, Any]) -> Package:
    verified, detail = _flag(told, "verified"), _text(told, "detail")
    return Package(_text(told, "name"), _text(told, "version"), _text(told, "manager"), verified, detail)


def _container(told: dict[str, Any]) -> Container:
    name, image, pod = _text(told, "name"), _text(told, "image"), _text(told, "pod")
    return Container(_text(told, "runtime"), _text(told, "id"), name, image, pod)


def _ancestor(told: dict[str, Any]) -> Ancestor:
    return Ancestor(_whole(told, "pid"), _text(told, "comm"), _time(told, "started_at"), _texts(told, "cmdline"))


def _origin(told: dict[str, Any]) -> Origin:
    return Origin(
        _text(told, "kind"), _text(told, "name"), _text(told, "user"), _text(told, "remote"), _time(told, "at")
    )


def _hold(told: dict[str, Any]) -> Hold:
    return Hold(_text(told, "how"), _text(told, "detail"))


# -- fields: absent and null are the same


def _is_object(item: Any) -> Any:
    if item.__class__ is not dict:
        raise _Wrong("", "is not an object")
    return item


def _one(told: dict[str, Any], name: str, make: Callable[[dict[str, Any]], Made]) -> Made | None:
    item = told.get(name)
    if item is None:
        return None
    try:
        return make(item if item.__class__ is dict else _is_object(item))
    except _Wrong as wrong:
        raise _Wrong(_joined(name, wrong.path), wrong.what) from None


def _each(told: dict[str, Any], name: str, make: Callable[[dict[str, Any]], Made]) -> tuple[Made, ...]:
    items = told.get(name)
    if not items:
        return () if items is None or items.__class__ is list else _no_array(name)
    if items.__class__ is not list or len(items) > MOST:
        _no_array(name)
    made: list[Made] = []
    try:
        for item in items:
            made.append(make(item if item.__class__ is dict else _is_object(item)))  # noqa: PERF401 - the place, if one fails
    except _Wrong as wrong:
        raise _Wrong(_joined(f"{name}[{len(made)}]", wrong.path), wrong.what) from None
    return tuple(made)


def _joined(place: str, path: str) -> str:
    return f"{place}.{path}" if path else place


def _no_array(name: str) -> tuple[Any, ...]:
    raise _Wrong(name, f"is not an array of at most {MOST} items")


def _text(told: dict[str, Any], name: str) -> str:
    item: Any = told.get(name, "")
    if item.__class__ is not str:
        if item is None:
            return ""
        raise _Wrong(name, "is not a text")
    return item


def _text_or_none(told: dict[str, Any], name: str) -> str | None:
    item = told.get(name)
    if item is not None and item.__class__ is not str:
        raise _Wrong(name, "is not a text or null")
    return item


def _texts(told: dict[str, Any], name: str) -> tuple[str, ...]:
    items = told.get(name)
    if not items:
        return () if items is None or items.__class__ is list else _no_array(name)
    if items.__class__ is not list or len(items) > MOST:
        _no_array(name)
    for place, item in enumerate(items):
        if item.__class__ is not str:
            raise _Wrong(f"{name}[{place}]", "is not a text")
    return tuple(items)


def _word(told: dict[str, Any], name: str) -> str:
    """A word of a list that may grow: letters, digits and dashes, which need no quoting."""
    item = _text(told, name)
    if item and not (len(item) <= WORD and item.isascii() and item.replace("-", "").isalnum()):
        raise _Wrong(name, "is not a word")
    return item


def _words(told: dict[str, Any], name: str) -> tuple[str, ...]:
    items = _texts(told, name)
    for place, item in enumerate(items):
        if not (len(item) <= WORD and item.isascii() and item.isalnum()):
            raise _Wrong(f"{name}[{place}]", "is not a word")
    return items


def _listed(told: dict[str, Any], name: str, words: tuple[str, ...]) -> str:
    item = told.get(name)
    if item.__class__ is not str or item not in words:
        raise _Wrong(name, f"is none of {', '.join(words)}")
    return item


def _number(told: dict[str, Any], name: str, most: int = DEEPEST) -> int | None:
    item = told.get(name)
    if item is not None and (item.__class__ is not int or not 0 <= item <= most):
        raise _Wrong(name, f"is not a whole number from 0 to {most}")
    return item


def _whole(told: dict[str, Any], name: str) -> int:
    item = _number(told, name)
    if item is None:
        raise _Wrong(name, "is missing")
    return item


def _numbers(told: dict[str, Any], name: str, most: int = DEEPEST) -> Any:
    items = told.get(name)
    if items is not None and (items.__class__ is not list or len(items) > MOST):
        _no_array(name)
    for place, item in enumerate(items or ()):
        if item.__class__ is not int or not 0 <= item <= most:
            raise _Wrong(f"{name}[{place}]", f"is not a whole number from 0 to {most}")
    return tuple(items or ())


def _flag(told: dict[str, Any], name: str) -> bool | None:
    item = told.get(name)
    if item is not None and item is not True and item is not False:
        raise _Wrong(name, "is not true, false or null")
    return item


_times: dict[str, int] = {}  # texts already read: processes of one boot start in the same seconds


def _time(told: dict[str, Any], name: str) -> float | None:
    item = told.get(name)
    if item is None:
        return None
    known = _times.get(item) if item.__class__ is str else None
    if known is None:
        known = seconds_of(item) if item.__class__ is str and len(item) <= WORD else None
        if known is None:
            raise _Wrong(name, "is not a time such as 2026-11-22T14:02:11Z")
        if len(_times) > 4096:
            _times.clear()
        _times[item] = known
    return float(known)

"""Podman keeps containers in containers/storage: overlay-containers/containers.json has names and images of all of
them.

Pods are only in its database, SQLite since podman 4.8 (db.sql); the older BoltDB is not read, so pods of such hosts
stay unnamed. Rootless users have the same tree in their homes. The database is opened immutable: hb takes no lock and
leaves no file. Sources: containers/storage drivers and store.go; libpod sqlite_state_internal.go (schema);
containers-storage.conf(5).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.containers import first_json, homes, read_bytes, text
from hb_engine.model.errors import CannotLook, DataError
from hb_engine.model.owner import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

RUNTIME = ("podman", "libpod")
DRIVERS = ("overlay", "vfs", "btrfs", "zfs")


def find(identifier: str, root: str) -> Container | None:
    """The container of that id; None where no storage has it. Raises CannotLook or DataError."""
    for storage in storages(root):
        found = _from_database(identifier, storage) or _from_storage(identifier, storage)
        if found:
            return found
    return None


def storages(root: str) -> Iterator[str]:
    """Where containers/storage stands: graphroot of storage.conf, the default, and every home's."""
    for conf in ("etc/containers/storage.conf", "usr/share/containers/storage.conf"):
        named = _graphroot(os.path.join(root, conf))
        if named:
            yield os.path.join(root, named.lstrip("/"))
            break
    yield os.path.join(root, "var/lib/containers/storage")
    yield from (f"{home}/.local/share/containers/storage" for home in homes(root))


def listed(identifier: str, storage: str) -> Any:
    """The entry of a container in containers.json, with its metadata undone; None for none. CRI-O's are here too."""
    for driver in DRIVERS:
        for name in ("containers.json", "volatile-containers.json"):
            entries = first_json([f"{storage}/{driver}-containers/{name}"])
            for entry in entries if isinstance(entries, list) else ():
                if text(entry, "id") == identifier:
                    return {**entry, "metadata": _undo(text_long(entry, "metadata"))}
    return None


def text_long(value: Any, key: str) -> str:
    """A text that is itself a document: bounded by its file only."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _undo(document: str) -> Any:
    import json

    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        return {}


def _from_storage(identifier: str, storage: str) -> Container | None:
    entry = listed(identifier, storage)
    if entry is None:
        return None
    names = entry.get("names")
    name = text(entry["metadata"], "name") or (text(names[0]) if isinstance(names, list) and names else "")
    return Container(runtime="podman", id=identifier, name=name, image=text(entry["metadata"], "image-name"))


def _from_database(identifier: str, storage: str) -> Container | None:
    """One row of db.sql. A database that is being changed may look corrupt for a moment: containers.json is asked
    then.
    """
    path = f"{storage}/db.sql"
    if not os.path.lexists(path):
        return None
    import sqlite3
    from urllib.parse import quote

    query = (
        "SELECT c.Name, p.Name, c.JSON FROM ContainerConfig c LEFT JOIN PodConfig p ON p.ID = c.PodID WHERE c.ID = ?"
    )
    try:
        connection = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro&immutable=1", uri=True)
        try:
            row = connection.execute(query, (identifier,)).fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    if row is None:
        return None
    image = text(_undo(row[2] if isinstance(row[2], str) else ""), "rootfsImageName")
    return Container(runtime="podman", id=identifier, name=text(row[0]), image=image, pod=text(row[1]))


def _graphroot(path: str) -> str:
    """graphroot = "..." of storage.conf, without a TOML parser: one line is all that is wanted."""
    try:
        data = read_bytes(path)
    except (FileNotFoundError, CannotLook, DataError):
        return ""
    for line in data.decode("utf-8", "replace").split("\n"):
        key, _, value = line.partition("=")
        if key.strip() == "graphroot":
            return value.partition("#")[0].strip().strip("\"'")
    return ""

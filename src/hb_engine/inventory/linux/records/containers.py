"""Containers that were made, started or ended, by what their runtimes keep on disk.

Docker keeps the times of each in its configuration; podman and CRI-O that of its making; containerd a folder for each
that runs, whose age is that of its start. No daemon is asked. Sources: moby daemon/container; containers/storage
store.go; containerd core/runtime/v2.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.containers import at, first_json, names_in, text
from hb_engine.inventory.linux.logs import Clock
from hb_engine.inventory.linux.records import Record
from hb_engine.model.errors import CannotLook, HbError
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.inventory.linux.records import Told
    from hb_engine.model.owner import Container

RECORD = Record("container", ("/var/lib/docker/containers", "/var/lib/containers/storage", "/run/containerd"))
NEVER = "0001-"  # how Docker writes a time that has not come
TIMES = (("Created",), "was made"), (("State", "StartedAt"), "was started"), (("State", "FinishedAt"), "ended")


def events(root: str, since: float) -> Told:
    """What happened to containers since a time, and what may not be looked at."""
    found: list[Event] = []
    gaps: list[Gap] = []
    for tell in (_docker, _storage, _containerd):
        try:
            found += [event for event in tell(root) if event.at >= since]
        except HbError as error:
            gaps.append(Gap("what happened to containers", error.message, error.remedy or "run hb as root", "facts"))
    return tuple(found), tuple(gaps)


def _event(when: float, box: Container, said: str, source: str) -> Event:
    name = box.name or box.id[:12]
    image = f" ({box.image})" if box.image else ""
    return Event(when, "container", f"container {name}{image} {said}", source, name)


def _docker(root: str) -> Iterator[Event]:
    from hb_engine.inventory.linux.containers import docker

    names_in(os.path.join(root, "var/lib/docker/containers"))  # raises where it may not be listed
    clock = Clock(root)
    for identifier, config in docker.every(root):
        box = docker.container(identifier, config)
        for keys, said in TIMES:
            written = text(at(config, *keys))
            when = clock.iso(_micro(written)) if written and not written.startswith(NEVER) else None
            if when is not None:
                yield _event(when, box, said, f"config.v2.json of {identifier[:12]}")


def _micro(written: str) -> str:
    """A time of Go's: nine digits behind the second are more than anybody reads."""
    head, point, rest = written.partition(".")
    digits = rest.rstrip("Zz+-:0123456789") if not rest[:1].isdigit() else rest
    fraction = digits[: next((i for i, letter in enumerate(digits) if not letter.isdigit()), len(digits))]
    return f"{head}{point}{fraction[:6]}{rest[len(fraction) :]}" if point else written


def _storage(root: str) -> Iterator[Event]:
    """Podman's and CRI-O's."""
    from hb_engine.inventory.linux.containers import podman

    clock = Clock(root)
    for storage in podman.storages(root):
        for driver in podman.DRIVERS:
            path = f"{storage}/{driver}-containers/containers.json"
            try:
                entries = first_json([path])
            except CannotLook:
                continue
            for entry in entries if isinstance(entries, list) else ():
                when, identifier = clock.iso(_micro(text(entry, "created"))), text(entry, "id")
                box = podman.find(identifier, root) if when is not None and identifier else None
                if box and when is not None:
                    yield _event(when, box, "was made", "containers.json")


def _containerd(root: str) -> Iterator[Event]:
    from hb_engine.inventory.linux.containers import containerd

    for folder in containerd.tasks(root):
        for namespace in names_in(folder):
            for identifier in names_in(f"{folder}/{namespace}"):
                try:
                    when = os.stat(f"{folder}/{namespace}/{identifier}").st_mtime
                    box = containerd.find(identifier, root)
                except (OSError, HbError):
                    continue
                if box:
                    yield _event(when, box, "was started", f"containerd's task {identifier[:12]}")

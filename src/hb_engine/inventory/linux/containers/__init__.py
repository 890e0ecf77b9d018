"""Names of containers, from what their runtimes keep on disk: no daemon is asked, no socket opened, no client run.

One runtime, one file: RUNTIME names it (the words that cgroups.container_of may say of it), `find(id, root)` looks.
Adding a runtime is adding a file. Everything read here was written by someone else and some of it by strangers: sizes
are bounded, and a file that cannot be used becomes a Gap beside a container that still has its runtime and id.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.processes import slurp
from hb_engine.model.errors import CannotLook, DataError, HbError
from hb_engine.model.inventory import Gap
from hb_engine.model.owner import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Runtime(Protocol):
        """What each file of this folder declares."""

        RUNTIME: tuple[str, ...]
        find: Callable[[str, str], Container | None]


LIMIT = 8 << 20  # of one file
TEXT = 512  # of one name


def resolve(runtime: str, identifier: str, root: str = "/", pod: str = "") -> tuple[Container, Gap | None]:
    """A container with its name, image and pod, and why they are empty where they are.

    `runtime` is what the cgroup suggests; "" asks every runtime. `pod` (Kubernetes' pod uid) stands in for a pod's name
    that was not found. Never raises for what is on disk.
    """
    problems: list[HbError] = []
    for module in _candidates(runtime):
        try:
            found = module.find(identifier, root)
        except HbError as error:
            problems.append(error)
            continue
        if found:
            return found, None
    name = identifier if len(identifier) < 32 else ""  # LXC and machined have names for ids
    empty = Container(runtime=runtime or "unknown", id=identifier, name=name, pod=pod)
    what = f"{'image' if name else 'name and image'} of {empty.runtime} container {identifier[:12]}"
    if problems:
        return empty, Gap(what, problems[0].message, problems[0].remedy, "owners")
    why = "none of the files where its runtime keeps names has it (another data folder, or it was removed)"
    return empty, Gap(what, why, "ask the runtime, for example docker ps or crictl ps", "owners")


def network_owner(path: str, root: str = "/") -> Container | None:
    """The container that a network namespace's file (/run/docker/netns/4f...) belongs to, where a runtime keeps that.

    For namespaces in which no process is left to ask. A runtime that keeps it declares network_owner(path, root).
    """
    for module in loaded():
        found: Container | None = getattr(module, "network_owner", lambda *_: None)(path, root)
        if found:
            return found
    return None


def address_owner(address: str, root: str = "/") -> Container | None:
    """The container that has an address, where a runtime keeps that: for what a firewall's rules lead to one.

    A runtime that keeps it declares address_owner(address, root).
    """
    for module in loaded():
        found: Container | None = getattr(module, "address_owner", lambda *_: None)(address, root)
        if found:
            return found
    return None


def loaded() -> list[Runtime]:
    """Every runtime of this folder, by name."""
    return [_module(name) for name in _names()]


def _candidates(runtime: str) -> list[Runtime]:
    """The file of that name, else each that claims the word; all for a runtime that nobody claims."""
    plain = runtime.replace("-", "")
    names = _names()
    if plain in names:
        return [_module(plain)]
    modules = [_module(name) for name in names]
    return [module for module in modules if runtime in module.RUNTIME] or modules


def _names() -> list[str]:
    """The modules of this folder; in a zip there is no folder, and pkgutil (5 ms, rarely paid) can look."""
    try:
        files = os.listdir(__path__[0])
    except OSError:
        from pkgutil import iter_modules

        return sorted(module.name for module in iter_modules(__path__))
    return sorted(name[:-3] for name in files if name.endswith(".py") and not name.startswith("_"))


def _module(name: str) -> Runtime:
    from importlib import import_module

    module: Any = import_module(f"{__name__}.{name}")
    return module  # type: ignore[no-any-return]


# -- what the files of this folder share
# ---------------------------------------------------------------------------------


def read_json(path: str) -> Any:
    """The value of a JSON file. Raises FileNotFoundError where there is none, CannotLook where it may not be read,
    DataError where it is no JSON, half-written or over 8 MiB."""
    import json

    data = read_bytes(path)
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise DataError(
            f"{path} holds no complete JSON ({len(data)} bytes)", "it may have been read while written: ask again"
        ) from None


def read_bytes(path: str) -> bytes:
    """A bounded file. Raises FileNotFoundError, CannotLook, or DataError over 8 MiB."""
    try:
        data = slurp(path, LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name that no file can have
        raise FileNotFoundError(path) from None
    except OSError as error:
        remedy = "run as root" if isinstance(error, PermissionError) else ""
        raise CannotLook(f"{path} could not be read: {os.strerror(error.errno or 0)}", remedy) from None
    if len(data) > LIMIT:
        raise DataError(f"{path} is larger than {LIMIT >> 20} MiB", "hb does not read it")
    return data


def first_json(paths: list[str]) -> Any:
    """The first of some JSON files that exists; None for none. Raises as read_json does."""
    for path in paths:
        try:
            return read_json(path)
        except FileNotFoundError:
            continue
    return None


def names_in(folder: str) -> list[str]:
    """What a folder holds, sorted; [] where there is none. Raises CannotLook where it may not be listed."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError, ValueError):  # as above
        return []
    except OSError as error:
        raise CannotLook(f"{folder} could not be listed: {os.strerror(error.errno or 0)}", "run as root") from None


def at(value: Any, *keys: str) -> Any:
    """A value deep in JSON, None where anything on the way is missing or is no object."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value: Any, *keys: str) -> str:
    """A text deep in JSON, bounded; "" where it is missing or is no text."""
    found = at(value, *keys) if keys else value
    return found[:TEXT] if isinstance(found, str) else ""


def pod_name(namespace: str, name: str) -> str:
    """namespace/name as the model has pods; "" without a name."""
    return f"{namespace}/{name}" if namespace and name else name


def homes(root: str) -> list[str]:
    """Home folders by /etc/passwd, beneath root, for runtimes that run without root; each once."""
    try:
        lines = slurp(os.path.join(root, "etc/passwd"), LIMIT).decode("utf-8", "surrogateescape").split("\n")
    except OSError:
        return []
    found = [fields[5] for fields in (line.split(":") for line in lines) if len(fields) == 7 and len(fields[5]) > 1]
    return [os.path.join(root, home.lstrip("/")) for home in dict.fromkeys(found) if home.startswith("/")]

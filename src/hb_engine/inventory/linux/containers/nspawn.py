"""systemd-nspawn registers its containers with machined, which keeps them in /run/systemd/machines; the unit has the
name.

The image is the folder or file that it runs from. Virtual machines register in the same place and are no containers.
Sources: systemd-nspawn(1), machinectl(1) (search path of images), machined's files (KEY=value, private but
unchanged).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.cgroups import unescape
from hb_engine.inventory.linux.containers import read_bytes
from hb_engine.model.owner import Container

RUNTIME = ("systemd-nspawn", "nspawn", "machine")
IMAGES = (
    "etc/machines",
    "run/machines",
    "var/lib/machines",
    "var/lib/container",
    "usr/local/lib/machines",
    "usr/lib/machines",
)


def find(identifier: str, root: str) -> Container | None:
    """The machine of that name; None where machined and the folders of images know none. Raises CannotLook or
    DataError.
    """
    if not identifier or "/" in identifier or identifier.startswith("."):
        return None
    try:
        values = _values(read_bytes(os.path.join(root, "run/systemd/machines", identifier)))
    except FileNotFoundError:
        values = {}
    if values.get("CLASS", "container") != "container":
        return None
    image = values.get("ROOT", "") or _image(identifier, root)
    if not values and not image:
        return None
    service = values.get("SERVICE") or "systemd-nspawn"
    runtime = "lxc" if "lxc" in service else "systemd-nspawn"
    return Container(runtime=runtime, id=identifier, name=identifier, image=image[:512])


def _image(name: str, root: str) -> str:
    for folder in IMAGES:
        for candidate in (name, f"{name}.raw"):
            if os.path.lexists(os.path.join(root, folder, candidate)):
                return f"/{folder}/{candidate}"
    return ""


def _values(data: bytes) -> dict[str, str]:
    pairs = (
        line.partition("=") for line in data.decode("utf-8", "surrogateescape").split("\n") if not line.startswith("#")
    )
    return {key: unescape(value) for key, equals, value in pairs if equals}

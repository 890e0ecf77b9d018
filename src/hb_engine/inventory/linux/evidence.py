"""What only a story needs: digest and size of what really runs, its unit's file, and its user in a user namespace.

The bytes are read through /proc/PID/exe, so they are those of the running program, whatever stands at its path by now.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux import units, users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.opening import Opening
    from hb_engine.model.owner import Owner

LIMIT = 1 << 30  # bytes; what is larger is named by its size alone


def of(opening: Opening) -> dict[str, str]:
    """Sentences by name: size, sha256, unit file, inside. Of the first owner; what cannot be read is left out."""
    if not opening.owners:
        return {}
    owner = opening.owners[0]
    return {**_file(owner), **_unit(owner.unit), **_user(owner)}


def _file(owner: Owner) -> dict[str, str]:
    from hashlib import sha256  # only for stories

    try:
        with open(f"/proc/{owner.pid}/exe", "rb") as file:
            size = os.fstat(file.fileno()).st_size
            found = {"size": _size(size)}
            if size <= LIMIT:
                digest = sha256()
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                found["sha256"] = digest.hexdigest()
            return found
    except OSError:
        return {}


def _unit(unit: str | None) -> dict[str, str]:
    path = units.Units().find(unit) if unit else None
    return {"unit file": path} if path else {}


def _user(owner: Owner) -> dict[str, str]:
    """Who a user is in a user namespace of its own: the root of a rootless container is nobody's root outside."""
    said = users.inside(owner.pid, owner.uid) if owner.uid is not None else ""
    return {"inside": said} if said else {}


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.0f} KiB" if size < 1 << 20 else f"{size / (1 << 20):.1f} MiB"

"""`hb update`: IANA's own table, fetched into the person's data folder."""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.model.errors import DataError
from hb_engine.registry import update as registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.registry.update import UpdateResult as UpdateResult  # noqa: PLC0414 -- the faces know this room


def update(progress: Callable[[int, int | None], None] | None = None) -> UpdateResult:
    """Bring the registry up to date. Raises Unreachable, TooSoon, DataError; the data from before stays in use."""
    folder = folders.data()
    if folder is None:
        raise DataError("there is no home folder to keep the registry in", "Set XDG_DATA_HOME.")
    url = os.environ.get("HB_IANA") or registry.IANA
    return registry.update(folder, url=url, mail=os.environ.get("HB_MAIL", ""), progress=progress)

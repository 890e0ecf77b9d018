"""Cron tables that were changed: the system's, its folders of scripts, and users' own. Source: cron(8), crontab(5)."""

from __future__ import annotations

import os

from hb_engine.inventory.linux.changes import below
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

TABLE = "etc/crontab"
FOLDERS = ("etc/cron.d", "etc/cron.hourly", "etc/cron.daily", "etc/cron.weekly", "etc/cron.monthly")
USERS = ("var/spool/cron/crontabs", "var/spool/cron")  # Debian's; others'
RECORD = Record("cron", (f"/{TABLE}", *[f"/{one}" for one in (*FOLDERS, *USERS)]))


def events(root: str, since: float) -> Told:
    """Changed tables since a time, and what may not be looked at."""
    found = [change for folder in FOLDERS for change in below(root, folder, since)[0]]
    told = [Event(one.at, "cron", f"/{one.path} changed", f"/{one.path}", one.path.rpartition("/")[2]) for one in found]
    told += _table(root, since)
    seen: set[str] = set()
    for folder in USERS:
        for change in below(root, folder, since, tuple(f"{other}" for other in USERS if other != folder))[0]:
            user = change.path.rpartition("/")[2]
            if user not in seen and not user.startswith(("tmp.", ".")):
                seen.add(user)
                told.append(Event(change.at, "cron", f"the crontab of {user} changed", f"/{change.path}", user, user))
    return tuple(told), _unread(root)


def _table(root: str, since: float) -> list[Event]:
    try:
        at = os.stat(os.path.join(root, TABLE)).st_mtime
    except OSError:
        return []
    return [Event(at, "cron", f"/{TABLE} changed", f"/{TABLE}", "crontab")] if at >= since else []


def _unread(root: str) -> tuple[Gap, ...]:
    for folder in USERS:
        try:
            os.listdir(os.path.join(root, folder))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            why = f"/{folder} may not be listed: {error.strerror}"
            return (Gap("whether users' cron tables changed", why, "run hb as root", "facts"),)
    return ()

"""Files of configuration that were changed: all of /etc, with the package that a file belongs to where dpkg knows.

Left out is what machines write by themselves (caches, resolvers, links of alternatives), and what other records tell
(units, cron tables). Who changed a file is in no inode; a login or a sudo at that time is told by the record of logins.
Source: deb-conffiles(5); hier(7).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.changes import below
from hb_engine.inventory.linux.processes import slurp
from hb_engine.inventory.linux.records import Record
from hb_engine.model.event import Event
from hb_engine.model.inventory import Gap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.linux.records import Told

FOLDERS = ("etc", "usr/local/etc", "opt/etc")
RECORD = Record("config", tuple([f"/{one}" for one in FOLDERS]))
LEAVE = tuple(
    [f"etc/{name}" for name in (
        *("ld.so.cache", "mtab", "resolv.conf", "adjtime", "machine-id", "hostname", "motd", "issue", "alternatives"),
        *(".pwd.lock", "passwd-", "group-", "shadow-", "gshadow-", "subuid-", "subgid-", "systemd", "crontab"),
        *("cron.d", "cron.hourly", "cron.daily", "cron.weekly", "cron.monthly", "rc0.d", "rc1.d", "rc2.d", "rc3.d"),
        *("rc4.d", "rc5.d", "rc6.d", "rcS.d", "ssl/certs", "ca-certificates.conf", "fonts", "X11", "console-setup"),
        *("hb-engine", "skel", "bash_completion.d", "logrotate.d", "profile.d", "magic", "mime.types", "apt"),
        *("dpkg", "emacs"),
    )]
)  # fmt: skip
ASIDE = (".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-bak", ".rpmnew", ".rpmsave", ".swp", "~", ".bak", ".lock")
INFO = "var/lib/dpkg/info"
LIMIT = 1 << 20  # bytes of one package's list


def events(root: str, since: float) -> Told:
    """Changed files since a time, and what could not be looked at."""
    found, gaps = [], []
    for folder in FOLDERS:
        changes, whole = below(root, folder, since, LEAVE)
        found += [change for change in changes if not change.link and not change.path.endswith(ASIDE)]
        if not whole:
            why = "there are more files than hb looks at"
            gaps.append(Gap(f"some changes below /{folder}", why, f"find /{folder} -newermt shows them", "facts"))
    if not found:
        return (), tuple(gaps)
    owners = _owners(root, {f"/{change.path}" for change in found})
    told = [
        Event(
            change.at,
            "config",
            f"/{change.path} {'changed' if change.content else 'was put there, or got other rights'}",
            f"/{change.path}",
            owners.get(f"/{change.path}", ""),
        )
        for change in found
    ]
    return tuple(told), tuple(gaps)


def _owners(root: str, wanted: set[str]) -> dict[str, str]:
    """The packages of some files, by dpkg's lists of configuration files."""
    folder = os.path.join(root, INFO)
    found: dict[str, str] = {}
    try:
        names = [name for name in os.listdir(folder) if name.endswith(".conffiles")]
    except OSError:
        return {}
    for name in names:
        try:
            text = slurp(os.path.join(folder, name), LIMIT).decode("utf-8", "surrogateescape")
        except OSError:
            continue
        package = name.removesuffix(".conffiles").partition(":")[0]
        found.update(dict.fromkeys(wanted.intersection(text.split("\n")), package))
    return found

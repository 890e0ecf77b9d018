"""What version a server really has: the installed package knows, and says it when the bed is built.

Debian's version numbers (deb-version(7)) carry an epoch and a revision that no server tells a stranger; `upstream`
takes them off, and what a repackaging added. Nothing here runs a program: texts in, texts out.
"""

from __future__ import annotations

import re

REPACKED = re.compile(r"[+~.]?(dfsg|ds|really|repack|git|debian).*$")
NUMBER = re.compile(r"\d+(?:\.\d+)+[a-z]?\d*")
PARTS = {"major": 1, "minor": 2}


def upstream(version: str) -> str:
    """The version that the authors gave: 1:9.2p1-2+deb12u10 is 9.2p1, 3.8.0+dfsg-11 is 3.8.0."""
    without_epoch = version.partition(":")[2] or version
    without_revision = without_epoch.rpartition("-")[0] or without_epoch
    really = without_revision.partition("+really")[2]
    return re.sub(r"[+~].*$", "", REPACKED.sub("", really or without_revision))


def told(version: str, reveals: str) -> tuple[str, ...]:
    """What a stranger can learn of a package's version, as it may be said: all of upstream's, or its beginning.

    `reveals` is as in a Listen: upstream, minor, major, a form with {}, or empty for nothing.
    """
    if not reveals:
        return ()
    whole = upstream(version)
    if "{}" in reveals:
        return reveals.format(whole), whole
    if reveals == "upstream":
        return (whole,)
    return ".".join(whole.split(".")[: PARTS[reveals]]), whole  # who finds out more has found out enough


def says(claim: str, truth: str) -> bool:
    """Whether a claimed version is the true one. What follows it may be a packager's: 9.2p1 Debian 2+deb12u10.

    MariaDB's greeting begins with 5.5.5-, for the sake of old MySQL clients; a scanner that repeats that has read the
    version all the same.
    """
    claim = claim.removeprefix("5.5.5-").removeprefix("v")
    if not truth or not claim.startswith(truth):
        return False
    rest = claim[len(truth) :]
    return not rest or not (rest[0].isdigit() or (rest[0] == "." and rest[1:2].isdigit()))


def contradicts(claim: str, version: str) -> bool:
    """Whether a claim names a version number that is not the package's: worse than to say nothing.

    "9.6.0 or later" is true of 15.20, and says little.
    """
    number = NUMBER.search(claim.removeprefix("5.5.5-"))
    if not number:
        return False
    whole = upstream(version)
    if "or later" in claim:
        return _numbers(number[0]) > _numbers(whole)
    return not (whole.startswith(number[0]) or says(number[0], whole))


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]

"""LXC and what is built on it, LXD and Incus: the cgroup has the name itself, so the files only add whose it is and its
image.

Plain LXC writes into its config how the container was made. LXD and Incus keep backup.yaml in the container's folder;
its image.description is one line, read without a YAML parser. Projects: the cgroup says <project>_<name>, "default"
unsaid. Sources: lxc.container.conf(5), lxc templates, lxd and incus internal/server/instance (backup.yaml).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.containers import homes, read_bytes
from hb_engine.model.owner import Container

RUNTIME = ("lxc", "lxd", "incus")
SERVERS = (  # who, and where it keeps its containers
    ("incus", "var/lib/incus/containers"),
    ("lxd", "var/snap/lxd/common/lxd/containers"),
    ("lxd", "var/lib/lxd/containers"),
)


def find(identifier: str, root: str) -> Container | None:
    """The container of that name; None where nobody keeps one of it. Raises CannotLook or DataError."""
    if not identifier or "/" in identifier or identifier.startswith("."):
        return None
    for server, folder in SERVERS:
        if os.path.lexists(os.path.join(root, folder, identifier)):
            path = os.path.join(root, folder, identifier, "backup.yaml")
            return Container(runtime=server, id=identifier, name=identifier, image=_described(path))
    for folder in (os.path.join(root, "var/lib/lxc"), *(f"{home}/.local/share/lxc" for home in homes(root))):
        try:
            config = read_bytes(f"{folder}/{identifier}/config")
        except FileNotFoundError:
            continue
        return Container(runtime="lxc", id=identifier, name=identifier, image=made_from(config))
    return None


def made_from(config: bytes) -> str:
    """What lxc-create wrote down: "debian bookworm amd64" of the download template's parameters, else the template's
    name.
    """
    template = ""
    for line in config.decode("utf-8", "replace").split("\n"):
        if line.startswith("# Parameters passed to the template:"):
            words = line.partition(":")[2].split()
            chosen = [words[place + 1] for place, word in enumerate(words[:-1]) if word in _DOWNLOAD]
            if chosen:
                return " ".join(chosen)[:512]
        elif line.startswith("# Template used to create this container:"):
            template = os.path.basename(line.partition(":")[2].strip()).removeprefix("lxc-")
    return template[:512]


_DOWNLOAD = ("-d", "--dist", "-r", "--release", "-a", "--arch")


def _described(path: str) -> str:
    """The image.description of a backup.yaml; "" where it has none."""
    try:
        data = read_bytes(path)
    except FileNotFoundError:
        return ""
    for line in data.decode("utf-8", "replace").split("\n"):
        key, _, value = line.strip().partition(":")
        if key == "image.description":
            return value.strip().strip("\"'")[:512]
    return ""

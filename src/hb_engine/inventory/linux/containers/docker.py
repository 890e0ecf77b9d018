"""Docker keeps each container in <data-root>/containers/<id>/config.v2.json, which only root may read.

The data root is /var/lib/docker, unless /etc/docker/daemon.json says otherwise; rootless daemons keep theirs in the
user's home. Under cri-dockerd the labels name the pod. Source: moby daemon/container (Container, its json tags),
dockerd(8).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.containers import at, homes, names_in, pod_name, read_json, text
from hb_engine.model.errors import HbError
from hb_engine.model.owner import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

RUNTIME = ("docker", "moby")


def find(identifier: str, root: str) -> Container | None:
    """The container of that id; None where no data root has it. Raises CannotLook or DataError."""
    for folder in _data_roots(root):
        try:
            return container(identifier, read_json(f"{folder}/containers/{identifier}/config.v2.json"))
        except FileNotFoundError:
            continue
    return None


def container(identifier: str, config: Any) -> Container:
    """What its configuration says of a container."""
    labels = at(config, "Config", "Labels")
    return Container(
        runtime="docker",
        id=identifier,
        name=text(labels, "io.kubernetes.container.name") or text(config, "Name").lstrip("/"),
        image=text(config, "Config", "Image"),
        pod=pod_name(text(labels, "io.kubernetes.pod.namespace"), text(labels, "io.kubernetes.pod.name")),
    )


def address_owner(address: str, root: str) -> Container | None:
    """The container that has an address in one of its networks. Unreadable containers are passed over."""
    for identifier, config in every(root):
        networks = at(config, "NetworkSettings", "Networks")
        ends = list(networks.values()) if isinstance(networks, dict) else []
        ends.append(at(config, "NetworkSettings"))
        if any(address in (text(end, "IPAddress"), text(end, "GlobalIPv6Address")) for end in ends if address):
            return container(identifier, config)
    return None


def network_owner(path: str, root: str) -> Container | None:
    """The container whose network namespace is bound at a path (/run/docker/netns/4f...), by its SandboxKey.

    For namespaces in which no process is left to ask. Unreadable containers are passed over: another may be the one.
    """
    wanted = os.path.basename(path)
    for identifier, config in every(root):
        if wanted and os.path.basename(text(config, "NetworkSettings", "SandboxKey")) == wanted:
            return container(identifier, config)
    return None


def every(root: str) -> Iterator[tuple[str, Any]]:
    """Every container that can be read, by its id."""
    for folder in _data_roots(root):
        try:
            names = names_in(f"{folder}/containers")
        except HbError:
            continue
        for identifier in names:
            try:
                yield identifier, read_json(f"{folder}/containers/{identifier}/config.v2.json")
            except (FileNotFoundError, HbError):
                continue


def _data_roots(root: str) -> Iterator[str]:
    """The configured data root (data-root, formerly graph), the default, the snap's, and those of rootless daemons."""
    try:
        settings = read_json(os.path.join(root, "etc/docker/daemon.json"))
    except (FileNotFoundError, HbError):
        settings = None  # the default is then the better guess, and find() says when it fails
    named = text(settings, "data-root") or text(settings, "graph")
    folders = [named, "/var/lib/docker", "/var/snap/docker/common/var-lib-docker"]
    yield from (os.path.join(root, folder.lstrip("/")) for folder in dict.fromkeys(folders) if folder)
    yield from (f"{home}/.local/share/docker" for home in homes(root))

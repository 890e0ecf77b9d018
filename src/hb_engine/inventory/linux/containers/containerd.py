"""containerd keeps the OCI bundle of each running container under its state folder: .../<namespace>/<id>/config.json.

Kubernetes writes name, image and pod into the bundle's annotations; nerdctl its own, and a folder of names besides.
The image of a nerdctl container is only in containerd's BoltDB, which is not read. Namespace "moby" is Docker's: its
own files say more. Sources: containerd pkg/cri/annotations, containerd's runtime.v2 task folders, nerdctl pkg/labels
and pkg/namestore.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.containers import at, first_json, names_in, pod_name, read_bytes, text
from hb_engine.model.errors import CannotLook, DataError
from hb_engine.model.owner import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

RUNTIME = ("containerd", "nerdctl")
STATES = ("run/containerd", "run/k3s/containerd", "var/snap/microk8s/common/run/containerd", "run/k0s/containerd")
TASKS = ("io.containerd.runtime.v2.task", "io.containerd.runtime.v1.linux")


def find(identifier: str, root: str) -> Container | None:
    """The container of that id in any namespace; None where no bundle is. Raises CannotLook or DataError."""
    for folder in tasks(root):
        for namespace in names_in(folder):
            bundle = first_json([f"{folder}/{namespace}/{identifier}/config.json"])
            if bundle is not None:
                return _container(identifier, bundle, namespace, root)
    return None


def tasks(root: str) -> Iterator[str]:
    """The folders in which containerd keeps what runs, by namespace."""
    for state in STATES:
        for task in TASKS:
            yield os.path.join(root, state, task)


def _container(identifier: str, bundle: Any, namespace: str, root: str) -> Container:
    notes = at(bundle, "annotations")
    sandbox = text(notes, "io.kubernetes.cri.container-type") == "sandbox"
    name = text(notes, "io.kubernetes.cri.container-name") or text(notes, "nerdctl/name")
    return Container(
        runtime="containerd",
        id=identifier,
        name=name or ("POD" if sandbox else _nerdctl_name(identifier, namespace, root)),
        image=text(notes, "io.kubernetes.cri.image-name") or text(notes, "io.kubernetes.cri.podsandbox.image-name"),
        pod=pod_name(text(notes, "io.kubernetes.cri.sandbox-namespace"), text(notes, "io.kubernetes.cri.sandbox-name")),
    )


def _nerdctl_name(identifier: str, namespace: str, root: str) -> str:
    """nerdctl's name store: <data>/<hash of the address>/names/<namespace>/<name> holds the id. A courtesy: "" on any
    doubt.
    """
    try:
        data = os.path.join(root, "var/lib/nerdctl")
        for address in names_in(data):
            folder = f"{data}/{address}/names/{namespace}"
            for name in names_in(folder):
                if read_bytes(f"{folder}/{name}").strip() == identifier.encode():
                    return name
    except (FileNotFoundError, CannotLook, DataError):
        return ""
    return ""

"""CRI-O keeps bundles in containers/storage: overlay-containers/<id>/userdata/config.json, with names in annotations.

The run folder has a copy for running containers. Source: cri-o pkg/annotations (io.kubernetes.cri-o.*), the kubelet's
labels.
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.containers import at, first_json, pod_name, text
from hb_engine.inventory.linux.containers.podman import DRIVERS, listed, storages
from hb_engine.model.owner import Container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RUNTIME = ("cri-o", "crio")


def find(identifier: str, root: str) -> Container | None:
    """The container of that id; None where CRI-O has none. Raises CannotLook or DataError."""
    bases = [os.path.join(root, "run/containers/storage"), *storages(root)]
    names = [f"{base}/{driver}-containers/{identifier}/userdata/config.json" for base in bases for driver in DRIVERS]
    notes = at(first_json(names), "annotations")
    if text(notes, "io.kubernetes.cri-o.ContainerID") or text(notes, "io.kubernetes.cri-o.ContainerType"):
        return _container(identifier, notes)
    return _from_list(identifier, bases[1:])


def _container(identifier: str, notes: Any) -> Container:
    namespace = text(notes, "io.kubernetes.pod.namespace") or text(notes, "io.kubernetes.cri-o.Namespace")
    pod = text(notes, "io.kubernetes.pod.name") or text(notes, "io.kubernetes.cri-o.KubeName")
    return Container(
        runtime="cri-o",
        id=identifier,
        name=text(notes, "io.kubernetes.container.name") or text(notes, "io.kubernetes.cri-o.ContainerName"),
        image=text(notes, "io.kubernetes.cri-o.ImageName") or text(notes, "io.kubernetes.cri-o.Image"),
        pod=pod_name(namespace, pod),
    )


def _from_list(identifier: str, bases: list[str]) -> Container | None:
    """containers.json, whose metadata has the container's name and the pod's in one word:
    k8s_NAME_POD_NAMESPACE_UID_N.
    """
    for base in bases:
        entry = listed(identifier, base)
        metadata = entry["metadata"] if entry else None
        if not text(metadata, "pod-name"):
            continue
        words = text(metadata, "container-name").split("_") or [""]
        complete = len(words) == 6 and words[0] == "k8s"
        return Container(
            runtime="cri-o",
            id=identifier,
            name=words[1] if complete else text(metadata, "container-name"),
            image=text(metadata, "image-name"),
            pod=pod_name(words[3], words[2]) if complete else "",
        )
    return None

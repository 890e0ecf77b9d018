"""CRI-O's bundles and, where they are gone, the storage's list."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from hb_engine.inventory.linux.containers import crio
from hb_engine.model.errors import DataError
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
find: Any = crio.find


ID = "13" * 32
UID = "aaaa2b4a-f398-41c0-928b-049e1cc4ec40"
NOTES = {
    "io.kubernetes.container.name": "app",
    "io.kubernetes.pod.name": "web-7d9",
    "io.kubernetes.pod.namespace": "shop",
    "io.kubernetes.pod.uid": UID,
    "io.kubernetes.cri-o.ContainerID": ID,
    "io.kubernetes.cri-o.ContainerName": f"k8s_app_web-7d9_shop_{UID}_0",
    "io.kubernetes.cri-o.ContainerType": "container",
    "io.kubernetes.cri-o.ImageName": "quay.io/shop/app:2",
    "io.kubernetes.cri-o.Image": "ab" * 32,
    "io.kubernetes.cri-o.SandboxID": "44" * 32,
}
APP = Container("cri-o", ID, "app", "quay.io/shop/app:2", "shop/web-7d9")


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as file:
        file.write(data if isinstance(data, str) else json.dumps(data))
    return full


@pytest.mark.parametrize("base", ["run/containers/storage", "var/lib/containers/storage"])
def test_a_container_by_its_bundle(tmp_path, base):
    put(tmp_path, f"{base}/overlay-containers/{ID}/userdata/config.json", {"annotations": NOTES})
    assert find(ID, str(tmp_path)) == APP


def test_a_sandbox(tmp_path):
    notes = {**NOTES, "io.kubernetes.container.name": "POD", "io.kubernetes.cri-o.ContainerType": "sandbox"}
    put(tmp_path, f"run/containers/storage/overlay-containers/{ID}/userdata/config.json", {"annotations": notes})
    assert (find(ID, str(tmp_path)).name, find(ID, str(tmp_path)).pod) == ("POD", "shop/web-7d9")


def test_cri_os_own_annotations_where_the_kubelets_are_missing(tmp_path):
    notes = {key: value for key, value in NOTES.items() if "cri-o" in key and not key.endswith("ImageName")}
    notes |= {"io.kubernetes.cri-o.Namespace": "shop", "io.kubernetes.cri-o.KubeName": "web-7d9"}
    put(tmp_path, f"run/containers/storage/overlay-containers/{ID}/userdata/config.json", {"annotations": notes})
    assert find(ID, str(tmp_path)) == Container("cri-o", ID, f"k8s_app_web-7d9_shop_{UID}_0", "ab" * 32, "shop/web-7d9")


def test_podmans_bundles_are_not_cri_os(tmp_path):
    put(
        tmp_path,
        f"var/lib/containers/storage/overlay-containers/{ID}/userdata/config.json",
        {"annotations": {"io.container.manager": "libpod"}},
    )
    assert find(ID, str(tmp_path)) is None


def listing(name):
    metadata = {
        "pod-name": "k8s_web-7d9_shop",
        "pod-id": "44" * 32,
        "image-name": "quay.io/shop/app:2",
        "container-name": name,
    }
    return [{"id": ID, "names": [name], "metadata": json.dumps(metadata)}]


def test_a_container_by_the_list(tmp_path):
    path = "var/lib/containers/storage/overlay-containers/containers.json"
    put(tmp_path, path, listing(f"k8s_app_web-7d9_shop_{UID}_0"))
    assert find(ID, str(tmp_path)) == APP
    put(tmp_path, path, listing("odd"))
    assert find(ID, str(tmp_path)) == Container("cri-o", ID, "odd", "quay.io/shop/app:2")


def test_podmans_entries_are_not_cri_os(tmp_path):
    entry = [{"id": ID, "names": ["web"], "metadata": json.dumps({"image-name": "nginx", "name": "web"})}]
    put(tmp_path, "var/lib/containers/storage/overlay-containers/containers.json", entry)
    assert find(ID, str(tmp_path)) is None


def test_nothing_there(tmp_path):
    assert find(ID, str(tmp_path)) is None


def test_half_a_bundle_is_an_error(tmp_path):
    put(tmp_path, f"run/containers/storage/overlay-containers/{ID}/userdata/config.json", '{"annotations": {')
    with pytest.raises(DataError):
        find(ID, str(tmp_path))

"""containerd's bundles: Kubernetes' annotations, nerdctl's names, and the state folders of its distributions."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from hb_engine.inventory.linux.containers import containerd
from hb_engine.model.errors import DataError
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
find: Any = containerd.find


ID = "6a" * 32
TASK = "io.containerd.runtime.v2.task"
ANNOTATIONS = {
    "io.kubernetes.cri.container-name": "hostname",
    "io.kubernetes.cri.container-type": "container",
    "io.kubernetes.cri.image-name": "docker.io/library/nginx:1.27",
    "io.kubernetes.cri.sandbox-id": "44" * 32,
    "io.kubernetes.cri.sandbox-name": "web-64df67bd8b-xmzhv",
    "io.kubernetes.cri.sandbox-namespace": "default",
    "io.kubernetes.cri.sandbox-uid": "005f082b-5fd9-4650-8ef4-473e63bc2d13",
}


def bundle(annotations):
    process = {"args": ["nginx"], "env": ["SECRET=hunter2"], "cwd": "/"}
    linux = {"cgroupsPath": f"kubepods-burstable-pod005f.slice:cri-containerd:{ID}", "namespaces": [{"type": "pid"}]}
    return {
        "ociVersion": "1.2.0",
        "process": process,
        "root": {"path": "rootfs"},
        "annotations": annotations,
        "linux": linux,
    }


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as file:
        file.write(data if isinstance(data, str) else json.dumps(data))
    return full


@pytest.mark.parametrize(
    "state",
    [
        f"run/containerd/{TASK}",
        "run/containerd/io.containerd.runtime.v1.linux",
        f"run/k3s/containerd/{TASK}",
        f"var/snap/microk8s/common/run/containerd/{TASK}",
        f"run/k0s/containerd/{TASK}",
    ],
)
def test_a_container_of_a_pod(tmp_path, state):
    put(tmp_path, f"{state}/k8s.io/{ID}/config.json", bundle(ANNOTATIONS))
    found = find(ID, str(tmp_path))
    assert found == Container(
        "containerd", ID, "hostname", "docker.io/library/nginx:1.27", "default/web-64df67bd8b-xmzhv"
    )


def test_a_sandbox_is_called_pod(tmp_path):
    notes = {key: value for key, value in ANNOTATIONS.items() if "container-name" not in key and "image" not in key}
    notes |= {"io.kubernetes.cri.container-type": "sandbox", "io.kubernetes.cri.podsandbox.image-name": "pause:3.10"}
    put(tmp_path, f"run/containerd/{TASK}/k8s.io/{ID}/config.json", bundle(notes))
    found = find(ID, str(tmp_path))
    assert (found.name, found.image, found.pod) == ("POD", "pause:3.10", "default/web-64df67bd8b-xmzhv")


def test_nerdctl_by_annotation(tmp_path):
    put(
        tmp_path,
        f"run/containerd/{TASK}/default/{ID}/config.json",
        bundle({"nerdctl/name": "web", "nerdctl/hostname": "h"}),
    )
    assert find(ID, str(tmp_path)) == Container("containerd", ID, "web")


def test_nerdctl_by_its_folder_of_names(tmp_path):
    put(tmp_path, f"run/containerd/{TASK}/default/{ID}/config.json", bundle(None))
    put(tmp_path, "var/lib/nerdctl/1935db59/names/default/other", "00" * 32)
    put(tmp_path, "var/lib/nerdctl/1935db59/names/default/web", ID)
    put(tmp_path, "var/lib/nerdctl/1935db59/names/elsewhere/wrong", ID)
    assert find(ID, str(tmp_path)).name == "web"


def test_a_bundle_that_names_nothing(tmp_path):
    put(tmp_path, f"run/containerd/{TASK}/moby/{ID}/config.json", bundle({}))
    assert find(ID, str(tmp_path)) == Container("containerd", ID)


def test_no_bundle(tmp_path):
    assert find(ID, str(tmp_path)) is None
    os.makedirs(tmp_path / f"run/containerd/{TASK}/k8s.io")
    assert find(ID, str(tmp_path)) is None


def test_nothing_of_the_environment_is_kept(tmp_path):
    put(tmp_path, f"run/containerd/{TASK}/k8s.io/{ID}/config.json", bundle(ANNOTATIONS))
    assert "hunter2" not in repr(find(ID, str(tmp_path)))


def test_half_a_bundle_is_an_error(tmp_path):
    put(tmp_path, f"run/containerd/{TASK}/k8s.io/{ID}/config.json", json.dumps(bundle(ANNOTATIONS))[:-9])
    with pytest.raises(DataError):
        find(ID, str(tmp_path))

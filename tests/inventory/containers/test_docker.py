"""Docker's config.v2.json as dockerd 20 to 28 write it, wherever the data root is."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from hb_engine.inventory.linux.containers import docker
from hb_engine.model.errors import DataError
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
find: Any = docker.find
network_owner: Any = docker.network_owner
address_owner: Any = docker.address_owner


ID = "4f" * 32
PAUSE = "9c" * 32

CONFIG = {
    "StreamConfig": {},
    "State": {
        "Running": True,
        "Paused": False,
        "Pid": 4117,
        "ExitCode": 0,
        "StartedAt": "2026-11-22T14:02:11.123456789Z",
    },
    "ID": ID,
    "Created": "2026-11-22T14:02:10.5Z",
    "Managed": False,
    "Path": "/docker-entrypoint.sh",
    "Args": ["nginx", "-g", "daemon off;"],
    "Config": {
        "Hostname": "4f4f4f4f4f4f",
        "ExposedPorts": {"80/tcp": {}},
        "Env": ["SECRET=hunter2"],
        "Cmd": ["nginx", "-g", "daemon off;"],
        "Image": "nginx:1.27",
        "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.service": "web"},
    },
    "Image": "sha256:" + "ab" * 32,
    "NetworkSettings": {
        "Bridge": "",
        "SandboxID": "cd" * 32,
        "SandboxKey": "/var/run/docker/netns/cdcdcdcdcdcd",
        "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]},
    },
    "Name": "/shop-web-1",
    "Driver": "overlay2",
    "OS": "linux",
    "RestartCount": 0,
}

KUBERNETES = {
    "Name": "/k8s_app_web-7d9_default_9a3e8c5f-0b1d-4c7e-8f2a-1b2c3d4e5f60_0",
    "Config": {
        "Image": "sha256:" + "ab" * 32,
        "Labels": {
            "io.kubernetes.container.name": "app",
            "io.kubernetes.docker.type": "container",
            "io.kubernetes.pod.name": "web-7d9",
            "io.kubernetes.pod.namespace": "default",
            "io.kubernetes.pod.uid": "9a3e8c5f-0b1d-4c7e-8f2a-1b2c3d4e5f60",
        },
    },
}


@pytest.fixture
def root(tmp_path):
    put(tmp_path, f"var/lib/docker/containers/{ID}/config.v2.json", CONFIG)
    return str(tmp_path)


def put(root, path, value):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as file:
        json.dump(value, file)


def test_name_and_image(root):
    assert find(ID, root) == Container(runtime="docker", id=ID, name="shop-web-1", image="nginx:1.27")


def test_nothing_of_its_environment_is_kept(root):
    assert "hunter2" not in repr(find(ID, root))


def test_a_container_of_a_pod(root):
    put(root, f"var/lib/docker/containers/{PAUSE}/config.v2.json", KUBERNETES)
    found = find(PAUSE, root)
    assert (found.name, found.pod) == ("app", "default/web-7d9")


@pytest.mark.parametrize("key", ["data-root", "graph"])
def test_another_data_root(tmp_path, key):
    put(tmp_path, "etc/docker/daemon.json", {key: "/srv/docker"})
    put(tmp_path, f"srv/docker/containers/{ID}/config.v2.json", CONFIG)
    assert find(ID, str(tmp_path)).name == "shop-web-1"


def test_a_broken_daemon_json_leaves_the_default(root):
    path = os.path.join(root, "etc/docker/daemon.json")
    os.makedirs(os.path.dirname(path))
    with open(path, "w") as file:
        file.write("{broken")
    assert find(ID, root).name == "shop-web-1"


@pytest.mark.parametrize("folder", ["var/snap/docker/common/var-lib-docker", "home/ann/.local/share/docker"])
def test_snaps_and_rootless_daemons(tmp_path, folder):
    with open(os.path.join(tmp_path, "passwd"), "w") as file:
        file.write("ann:x:1000:1000::/home/ann:/bin/sh\n")
    os.makedirs(tmp_path / "etc")
    os.rename(tmp_path / "passwd", tmp_path / "etc/passwd")
    put(tmp_path, f"{folder}/containers/{ID}/config.v2.json", CONFIG)
    assert find(ID, str(tmp_path)).image == "nginx:1.27"


def test_another_id_is_none(root):
    assert find(PAUSE, root) is None


def test_half_a_file_is_an_error(root):
    path = os.path.join(root, f"var/lib/docker/containers/{ID}/config.v2.json")
    os.truncate(path, 200)
    with pytest.raises(DataError):
        find(ID, root)


def test_the_owner_of_a_network(root):
    assert network_owner("/var/run/docker/netns/cdcdcdcdcdcd", root).name == "shop-web-1"
    assert network_owner("/run/docker/netns/cdcdcdcdcdcd", root).name == "shop-web-1"
    assert network_owner("", root) is None


def test_the_owner_of_an_address(tmp_path):
    for at, (identifier, networks) in enumerate(
        (
            (
                ID,
                {
                    "bridge": {"IPAddress": "172.17.0.2", "GlobalIPv6Address": "fd00::2"},
                    "db": {"IPAddress": "172.18.0.5"},
                },
            ),
            (PAUSE, {"bridge": {"IPAddress": ""}}),
        )
    ):
        folder = tmp_path / "var/lib/docker/containers" / identifier
        folder.mkdir(parents=True)
        config = {"Name": f"/box{at}", "Config": {"Image": "nginx"}, "NetworkSettings": {"Networks": networks}}
        (folder / "config.v2.json").write_text(json.dumps(config))
    broken = tmp_path / "var/lib/docker/containers" / ("00" * 32)
    broken.mkdir()
    (broken / "config.v2.json").write_text("{")
    for address in ("172.17.0.2", "fd00::2", "172.18.0.5"):
        assert address_owner(address, str(tmp_path)).name == "box0"
    assert address_owner("172.17.0.3", str(tmp_path)) is None
    assert address_owner("", str(tmp_path)) is None
    assert address_owner("172.17.0.2", str(tmp_path / "nowhere")) is None

"""Podman's storage and databases: names by containers.json, pods by db.sql, rootful and rootless."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import Any

import pytest

from hb_engine.inventory.linux.containers import podman
from hb_engine.model.errors import DataError
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
find: Any = podman.find


ID, OTHER, POD = "4f" * 32, "9c" * 32, "7b" * 32
STORAGE = "var/lib/containers/storage"

METADATA = {
    "image-name": "docker.io/library/nginx:latest",
    "image-id": "ab" * 32,
    "name": "web",
    "created-at": 1795363200,
    "mountlabel": "",
}
ENTRY = {
    "id": ID,
    "names": ["web"],
    "image": "ab" * 32,
    "layer": "cd" * 32,
    "metadata": json.dumps(METADATA),
    "created": "2026-11-22T14:02:10.5Z",
    "flags": {"MountLabel": "", "ProcessLabel": ""},
}


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as file:
        file.write(data if isinstance(data, str) else json.dumps(data))
    return full


def database(path, pod=POD):
    """The tables of libpod's SQLite state, with the columns that it gives them."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "CREATE TABLE PodConfig (ID TEXT PRIMARY KEY NOT NULL, Name TEXT UNIQUE NOT NULL, JSON TEXT NOT NULL)"
        )
        connection.execute(
            "CREATE TABLE ContainerConfig "
            "(ID TEXT PRIMARY KEY NOT NULL, Name TEXT UNIQUE NOT NULL, PodID TEXT, JSON TEXT NOT NULL)"
        )
        connection.execute("INSERT INTO PodConfig VALUES (?, 'shop', '{}')", (POD,))
        config = json.dumps({"id": ID, "name": "web", "rootfsImageName": "docker.io/library/nginx:latest", "pod": pod})
        connection.execute("INSERT INTO ContainerConfig VALUES (?, 'web', ?, ?)", (ID, pod, config))
    connection.close()


def test_names_and_images_by_storage(tmp_path):
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", [{"id": OTHER}, ENTRY])
    assert find(ID, str(tmp_path)) == Container("podman", ID, "web", "docker.io/library/nginx:latest")
    assert find("0" * 64, str(tmp_path)) is None


@pytest.mark.parametrize("path", ["vfs-containers/containers.json", "overlay-containers/volatile-containers.json"])
def test_other_drivers_and_volatile_containers(tmp_path, path):
    put(tmp_path, f"{STORAGE}/{path}", [ENTRY])
    assert find(ID, str(tmp_path)).name == "web"


def test_metadata_that_is_no_json_leaves_the_name(tmp_path):
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", [{**ENTRY, "metadata": "{"}])
    assert find(ID, str(tmp_path)) == Container("podman", ID, "web")
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", [{"id": ID, "names": None, "metadata": 7}])
    assert find(ID, str(tmp_path)) == Container("podman", ID)


def test_pods_by_the_database(tmp_path):
    database(str(tmp_path / STORAGE / "db.sql"))
    assert find(ID, str(tmp_path)) == Container("podman", ID, "web", "docker.io/library/nginx:latest", "shop")


def test_a_container_without_a_pod(tmp_path):
    database(str(tmp_path / STORAGE / "db.sql"), pod=None)
    assert find(ID, str(tmp_path)).pod == ""


def test_a_container_that_the_database_lacks_is_looked_for_in_storage(tmp_path):
    database(str(tmp_path / STORAGE / "db.sql"))
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", [{**ENTRY, "id": OTHER}])
    assert find(OTHER, str(tmp_path)).name == "web"


@pytest.mark.parametrize("data", ["", "not a database" * 100])
def test_a_corrupt_database_leaves_storage(tmp_path, data):
    put(tmp_path, f"{STORAGE}/db.sql", data)
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", [ENTRY])
    assert find(ID, str(tmp_path)).name == "web"


def test_the_database_is_left_as_it_was(tmp_path):
    path = str(tmp_path / STORAGE / "db.sql")
    database(path)
    before = os.stat(path).st_mtime_ns
    find(ID, str(tmp_path))
    assert os.listdir(tmp_path / STORAGE) == ["db.sql"]
    assert os.stat(path).st_mtime_ns == before


def test_a_path_with_marks_of_a_uri(tmp_path):
    root = tmp_path / "odd?#%20 name"
    database(str(root / STORAGE / "db.sql"))
    assert find(ID, str(root)).name == "web"


def test_rootless_users_have_their_own_storage(tmp_path):
    put(tmp_path, "etc/passwd", "ann:x:1000:1000::/home/ann:/bin/sh\n")
    put(tmp_path, "home/ann/.local/share/containers/storage/overlay-containers/containers.json", [ENTRY])
    assert find(ID, str(tmp_path)).name == "web"


def test_storage_conf_names_another_place(tmp_path):
    put(tmp_path, "etc/containers/storage.conf", '[storage]\n# graphroot = "/no"\ngraphroot = "/srv/c"  # here\n')
    put(tmp_path, "srv/c/overlay-containers/containers.json", [ENTRY])
    assert find(ID, str(tmp_path)).name == "web"


def test_half_a_list_is_an_error(tmp_path):
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", json.dumps([ENTRY])[:100])
    with pytest.raises(DataError):
        find(ID, str(tmp_path))


@pytest.mark.parametrize("value", [{}, None, 7, ["x", None, {"id": 7}]])
def test_lists_of_another_shape_have_nobody(tmp_path, value):
    put(tmp_path, f"{STORAGE}/overlay-containers/containers.json", value)
    assert find(ID, str(tmp_path)) is None

"""What all runtimes share: who is asked; what becomes of files that are corrupt, huge, missing or not ours to read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.sockets import NOBODY, as_nobody, become

from hb_engine.inventory.linux import containers
from hb_engine.inventory.linux.cgroups import PARENTS, SCOPES
from hb_engine.inventory.linux.containers import (
    LIMIT,
    at,
    homes,
    pod_name,
    read_json,
    text,
)
from hb_engine.model.errors import CannotLook, DataError
from hb_engine.model.owner import Container

# As Any: a None that a test did not expect fails the test, and needs no assertion of its own.
loaded: Any = containers.loaded
network_owner: Any = containers.network_owner
resolve: Any = containers.resolve


ID = "4f" * 32
CONFIG = f"var/lib/docker/containers/{ID}/config.v2.json"


def put(root, path, data):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(data if isinstance(data, bytes) else json.dumps(data).encode())
    return full


def test_every_file_of_the_folder_is_a_runtime():
    modules = loaded()
    assert {module.__name__.rpartition(".")[2] for module in modules} == {
        *("containerd", "crio", "docker", "lxc", "nspawn", "podman")
    }
    for module in modules:
        assert module.RUNTIME
        assert callable(module.find)


def test_every_word_that_cgroups_says_is_claimed():
    claimed = {word for module in loaded() for word in module.RUNTIME}
    assert {*SCOPES.values(), *PARENTS.values(), "lxc", "systemd-nspawn"} <= claimed


def test_a_runtime_that_is_not_known_is_looked_for_everywhere(tmp_path):
    put(tmp_path, CONFIG, {"Name": "/web", "Config": {"Image": "nginx"}})
    assert resolve("", ID, str(tmp_path)) == (Container("docker", ID, "web", "nginx"), None)
    assert resolve("garden", ID, str(tmp_path))[0].name == "web"


def test_a_known_runtime_is_the_only_one_asked(tmp_path):
    put(tmp_path, CONFIG, {"Name": "/web"})
    found, gap = resolve("podman", ID, str(tmp_path))
    assert (found, found.name) == (Container("podman", ID), "")
    assert "podman container 4f4f4f4f4f4f" in gap.what


def test_a_container_that_nobody_keeps_is_a_gap(tmp_path):
    found, gap = resolve("docker", ID, str(tmp_path), pod="some-uid")
    assert found == Container("docker", ID, pod="some-uid")
    assert gap.why
    assert gap.remedy


def test_a_container_whose_id_is_its_name_lacks_only_its_image(tmp_path):
    found, gap = resolve("lxc", "web", str(tmp_path))
    assert found == Container("lxc", "web", "web")
    assert gap.what == "image of lxc container web"


@pytest.mark.parametrize("data", [b"", b"{", b'{"Name": "/we', b"\xff\xfe\0", b"[" * 100000, b"nul"])
def test_corrupt_files_are_a_gap_and_a_container_without_a_name(tmp_path, data):
    put(tmp_path, CONFIG, data)
    found, gap = resolve("docker", ID, str(tmp_path))
    assert found == Container("docker", ID)
    assert "holds no complete JSON" in gap.why


def test_a_file_that_is_too_large_is_a_gap(tmp_path):
    path = put(tmp_path, CONFIG, b"")
    os.truncate(path, LIMIT + 1)
    assert "larger than 8 MiB" in resolve("docker", ID, str(tmp_path))[1].why


@pytest.mark.parametrize(
    "value",
    [None, 1, "x", [], [1], {"Name": 7, "Config": []}, {"Name": {}, "Config": {"Image": ["x"], "Labels": "y"}}],
)
def test_json_of_another_shape_is_a_container_without_a_name(tmp_path, value):
    put(tmp_path, CONFIG, value)
    assert resolve("docker", ID, str(tmp_path)) == (Container("docker", ID), None)


@given(
    st.dictionaries(
        st.sampled_from("abc"), st.none() | st.text(max_size=3) | st.dictionaries(st.text("b"), st.integers())
    )
)
def test_any_json_may_be_asked_for_anything(value):
    assert isinstance(text(value, "a", "b"), str)
    at(value, "a", "b", "c")


def test_a_name_is_bounded(tmp_path):
    put(tmp_path, CONFIG, {"Name": "/" + "x" * 100000})
    assert len(resolve("docker", ID, str(tmp_path))[0].name) < 1000


@pytest.mark.root
def test_what_only_root_may_read_is_a_gap_for_others(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root to become somebody else")
    put(tmp_path, CONFIG, {"Name": "/web"})
    os.chmod(tmp_path / "var/lib/docker", 0o700)
    for folder in [tmp_path, *list(tmp_path.parents)[:2]]:  # pytest's own folders, and no further
        os.chmod(folder, 0o711)  # noqa: S103  others must get through to what is shut
    if not as_nobody(lambda: os.access(os.path.dirname(containers.__file__), os.R_OK | os.X_OK)):
        pytest.skip("the checkout lies where only root can read, and the runtimes' files are read on demand")
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid == 0:
        become(NOBODY)
        found, gap = resolve("docker", ID, str(tmp_path))
        os.write(mouth, f"{found.name}|{gap.why}|{gap.remedy}".encode())
        os._exit(0)
    os.close(mouth)
    answer = os.read(ear, 4096).decode()
    os.close(ear)
    os.waitpid(pid, 0)
    assert answer.startswith("|")
    assert answer.endswith("could not be read: Permission denied|run as root")


def test_errors_of_reading(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_json(str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError):
        read_json(put(tmp_path, "file", b"") + "/beneath")
    with pytest.raises(CannotLook):
        read_json(str(tmp_path))
    with pytest.raises(DataError):
        read_json(put(tmp_path, "file", b"{]"))


def test_homes_are_those_of_passwd(tmp_path):
    put(
        tmp_path,
        "etc/passwd",
        b"a:x:1:1::/home/a:/bin/sh\nb:x:2:2::/home/a:/bin/sh\nc:x:3:3::/:/x\nbad\nd:x:4:4::rel:/x\n",
    )
    assert homes(str(tmp_path)) == [f"{tmp_path}/home/a"]
    assert homes(str(tmp_path / "absent")) == []


def test_names_of_pods():
    assert pod_name("default", "web-1") == "default/web-1"
    assert pod_name("", "web-1") == "web-1"
    assert pod_name("default", "") == ""


def test_a_network_without_processes_has_its_container(tmp_path):
    settings = {"NetworkSettings": {"SandboxKey": "/var/run/docker/netns/4f3c2b1a0d9e"}}
    put(tmp_path, CONFIG, {"Name": "/web", **settings})
    put(tmp_path, f"var/lib/docker/containers/{'9c' * 32}/config.v2.json", b"{corrupt")
    assert network_owner("/run/docker/netns/4f3c2b1a0d9e", str(tmp_path)).name == "web"
    assert network_owner("/run/docker/netns/other", str(tmp_path)) is None


def test_an_address_is_asked_of_every_runtime_that_keeps_it(tmp_path):
    settings = {"Networks": {"bridge": {"IPAddress": "172.17.0.2"}}}
    put(tmp_path, CONFIG, {"Name": "/web", "NetworkSettings": settings})
    found = containers.address_owner("172.17.0.2", str(tmp_path))
    assert found
    assert found.name == "web"
    assert containers.address_owner("172.17.0.9", str(tmp_path)) is None


def test_the_folder_is_found_within_a_zip_too(tmp_path):
    """hb.pyz has no folder to list."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(containers.__file__))))
    with zipfile.ZipFile(tmp_path / "hb.pyz", "w") as archive:
        for folder, _, files in os.walk(package):
            for name in files:
                if name.endswith(".py"):
                    path = os.path.join(folder, name)
                    archive.write(path, os.path.join("hb_engine", os.path.relpath(path, package)))
    code = "from hb_engine.inventory.linux.containers import loaded; print(len(loaded()))"
    environment = {"PYTHONPATH": str(tmp_path / "hb.pyz"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "6\n"


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_names_that_no_file_can_have_are_not_there(tmp_path, name):
    """Ids and folders come out of files that users keep in their homes."""
    assert containers.names_in(f"{tmp_path}/{name}") == []
    with pytest.raises(FileNotFoundError):
        containers.read_json(f"{tmp_path}/{name}")
    assert containers.first_json([f"{tmp_path}/{name}"]) is None

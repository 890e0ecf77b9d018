"""What happened to containers, by files as their runtimes write them."""

from __future__ import annotations

import json
import os

import pytest

from hb_engine.inventory.linux.records import containers

NOON = 1_795_608_000.0  # 2026-11-25 12:00:00 UTC
ID = "4f" * 32


def put(root, path, value):
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_text(json.dumps(value))
    return full


def told(root, since=NOON - 60):
    found, gaps = containers.events(str(root), since)
    assert gaps == ()
    return [(one.at - NOON, one.subject, one.text) for one in found]


def test_dockers_container_was_made_started_and_ended(tmp_path):
    state = {"StartedAt": "2026-11-25T12:00:01.123456789Z", "FinishedAt": "0001-01-01T00:00:00Z"}
    config = {
        "Name": "/shop",
        "Config": {"Image": "nginx:1.27"},
        "Created": "2026-11-25T13:00:00.5+01:00",
        "State": state,
    }
    put(tmp_path, f"var/lib/docker/containers/{ID}/config.v2.json", config)
    (made, started) = told(tmp_path)
    assert made == (0.5, "shop", "container shop (nginx:1.27) was made")
    assert started[0] == pytest.approx(1.123456)
    assert started[2].endswith("was started")
    assert told(tmp_path, NOON + 60) == []


def test_podmans_was_made(tmp_path):
    metadata = json.dumps({"name": "web", "image-name": "docker.io/library/nginx:1.27"})
    entry = {"id": ID, "names": ["web"], "created": "2026-11-25T12:00:00.987654321Z", "metadata": metadata}
    put(tmp_path, "var/lib/containers/storage/overlay-containers/containers.json", [entry, {"id": 7}, "x"])
    ((at, name, text),) = told(tmp_path)
    assert (at, name) == (pytest.approx(0.987654), "web")
    assert text == "container web (docker.io/library/nginx:1.27) was made"


def test_containerds_task_is_as_old_as_its_folder(tmp_path):
    folder = "run/containerd/io.containerd.runtime.v2.task/k8s.io"
    notes = {"io.kubernetes.cri.container-name": "api", "io.kubernetes.cri.image-name": "api:3"}
    put(tmp_path, f"{folder}/{ID}/config.json", {"annotations": notes})
    os.utime(tmp_path / folder / ID, (NOON + 5, NOON + 5))
    assert told(tmp_path) == [(5.0, "api", "container api (api:3) was started")]


def test_files_that_are_broken_or_strange_are_passed_over_or_told(tmp_path):
    for name, config in (("a", {}), ("b", {"Created": 7}), ("c", {"Created": "yesterday"}), ("d", [])):
        put(tmp_path, f"var/lib/docker/containers/{name}/config.v2.json", config)
    (tmp_path / "var/lib/docker/containers/e").mkdir()
    (tmp_path / "var/lib/docker/containers/e/config.v2.json").write_text("{")
    assert told(tmp_path, 0.0) == []
    broken = tmp_path / "var/lib/containers/storage/overlay-containers/containers.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("[")
    (gap,) = containers.events(str(tmp_path), 0.0)[1]
    assert gap.what == "what happened to containers"

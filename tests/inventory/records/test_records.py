"""The folder of records: each file declares itself, and none is listed anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from hb_engine.inventory.linux import records
from hb_engine.model.event import EVENTS


def test_each_declares_a_record_and_can_be_asked_of_an_empty_machine(tmp_path):
    loaded = records.load()
    assert len({declared.name for declared, _ in loaded}) == len(loaded) == len(records.names()) > 6
    for declared, tell in loaded:
        assert declared.name.split()[0] in EVENTS, declared
        assert all(file.startswith("/") for file in declared.files)
        assert tell(str(tmp_path), 0.0) == ((), ()), declared


@pytest.mark.slow
def test_each_tells_of_this_machine_what_it_promises():
    for _, tell in records.load():
        found, gaps = tell("/", 1.7e9)
        for event in found[:500]:
            assert event.kind in EVENTS
            assert event.at >= 1.7e9
            assert event.text
            assert event.source
            assert "\n" not in event.text
        assert all(gap.what and gap.why and gap.remedy and gap.about == "facts" for gap in gaps)


@pytest.mark.slow
def test_the_folder_is_found_within_a_zip_too(tmp_path):
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(records.__file__))))
    with zipfile.ZipFile(tmp_path / "hb.pyz", "w") as archive:
        for folder, _, files in os.walk(os.path.join(package, "inventory")):
            for name in files:
                if name.endswith(".py"):
                    path = os.path.join(folder, name)
                    archive.write(path, os.path.join("hb_engine", os.path.relpath(path, package)))
        for folder in ("", "model"):
            for name in os.listdir(os.path.join(package, folder)):
                if name.endswith(".py"):
                    archive.write(os.path.join(package, folder, name), os.path.join("hb_engine", folder, name))
    code = "from hb_engine.inventory.linux import records; print(*records.names())"
    environment = {"PYTHONPATH": str(tmp_path / "hb.pyz"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.split() == records.names()

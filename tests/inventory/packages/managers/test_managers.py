"""The loader lists the folder, and each manager keeps to the pattern."""

from __future__ import annotations

import sys
import zipfile
from importlib import invalidate_caches

import pytest

from hb_engine.inventory.linux.packages import managers
from hb_engine.inventory.linux.packages.records import Found, Manager, Question
from hb_engine.inventory.linux.packages.root import Root


def test_names_are_those_of_the_folder():
    assert managers.names() == ["apk", "dpkg", "pacman", "rpm"]


def test_each_has_a_declaration_and_a_function():
    for name, (manager, find) in zip(managers.names(), managers.load(), strict=True):
        assert isinstance(manager, Manager)
        assert manager.name == name
        assert all(path.startswith("/") for path in (*manager.databases, *manager.stamps))
        assert callable(find)


@pytest.mark.parametrize("name", managers.names())
def test_a_tree_without_its_database_has_no_answers(name, tmp_path):
    find = dict(zip(managers.names(), managers.load(), strict=True))[name][1]
    found = find(Question(Root(str(tmp_path)), ["/usr/bin/x"]))
    assert isinstance(found, Found)
    assert found.records == {}


def test_inside_a_zip_file_the_folder_is_listed_the_other_way(tmp_path, monkeypatch):
    archive = tmp_path / "packed.zip"
    with zipfile.ZipFile(archive, "w") as target, open(managers.__file__, encoding="utf-8") as source:
        target.writestr("packed/__init__.py", source.read())
        target.writestr("packed/zypp.py", "MANAGER, find = 1, 2\n")
    monkeypatch.syspath_prepend(str(archive))
    invalidate_caches()
    packed = __import__("packed")
    try:
        assert packed.names() == ["zypp"]
        assert packed.load() == ((1, 2),)
    finally:
        for module in [name for name in sys.modules if name.startswith("packed")]:
            del sys.modules[module]

"""Folders of formats: listed, loaded, and a name that no file has is refused with what there is."""

from __future__ import annotations

import sys
from zipfile import ZipFile

import pytest

from hb_engine.faces.export import formats, generators, register, reports
from hb_engine.model.errors import BadInput


@pytest.mark.parametrize("package", [reports, generators, register], ids=lambda each: each.__name__.rsplit(".", 1)[-1])
def test_every_format_has_the_name_of_its_file(package):
    found = formats.names(package)
    assert found == tuple(sorted(found))
    assert [formats.load(package, name).FORMAT.name for name in found] == list(found)


@pytest.mark.parametrize("name", ["", "no", "__init__", "os", "../csv", "csv.py", "\udcff", "c\u0455v"])
def test_other_names_are_refused(name):
    with pytest.raises(BadInput, match="there is no format"):
        formats.load(reports, name)


def test_an_archive_is_listed_too(tmp_path, monkeypatch):
    with ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("hb_zipped_formats/__init__.py", "")
        archive.writestr("hb_zipped_formats/one.py", "FORMAT = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path / "x.zip"))
    package = __import__("hb_zipped_formats")
    try:
        assert formats.names(package) == ("one",)
        assert formats.load(package, "one").FORMAT == 1
    finally:
        for name in ("hb_zipped_formats", "hb_zipped_formats.one"):
            sys.modules.pop(name, None)

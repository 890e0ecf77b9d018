"""hb's own documents, one or many."""

from __future__ import annotations

import pytest
from tests.faces.kit import LOOK

from hb_engine.faces.export.documents import inventory
from hb_engine.inventory import reading
from hb_engine.inventory.readers import hb_json
from hb_engine.model.errors import DataError

TEXT = inventory(LOOK)


def test_a_snapshot_goes_there_and_back():
    (seen,) = hb_json.read(TEXT.encode(), "file", 0.0)
    assert inventory(seen) == TEXT
    assert seen.host.name == LOOK.host.name


def test_many_machines_one_a_line():
    assert len(hb_json.read((TEXT * 3).encode(), "file", 0.0)) == 3


def test_it_is_told_by_its_content():
    assert reading.read(TEXT.encode(), "x", 0.0)[0].host.name == LOOK.host.name
    assert not hb_json.claims(b'{"schema": "hb/1", "kind": "scan"')
    assert not hb_json.claims(b"[]")


def test_one_document_over_many_lines():
    spread = TEXT.replace(', "openings"', ',\n "openings"')
    assert hb_json.read(spread.encode(), "x", 0.0)[0].host.name == LOOK.host.name


def test_what_is_wrong_is_told_with_its_line():
    with pytest.raises(DataError) as caught:
        hb_json.read((TEXT + '{"schema": "hb/1"}\n').encode(), "x", 0.0)
    assert caught.value.message.startswith("line 2: ")
    with pytest.raises(DataError):
        hb_json.read(b"\xff\xfe", "x", 0.0)

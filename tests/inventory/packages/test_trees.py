"""The builder of trees never writes to the machine that the tests run on."""

from __future__ import annotations

import pytest
from tests.inventory.packages.trees import Dpkg, link, put


@pytest.mark.parametrize("absolute", [True, False])
def test_links_that_lead_out_are_refused(tmp_path, absolute):
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir()
    link(tree, "/usr/bin", str(outside) if absolute else "../../outside")
    for write in (
        lambda: put(tree, "/usr/bin/dash", b"dash"),
        lambda: put(tree, "/usr/bin/new/dash", b"dash"),
        lambda: link(tree, "/usr/bin/sh", "dash"),
        lambda: Dpkg(tree).package("dash", {"/usr/bin/dash": b"dash"}),
    ):
        with pytest.raises(AssertionError, match="outside"):
            write()
    assert list(outside.iterdir()) == []


def test_a_link_at_the_very_place_is_refused(tmp_path):
    precious = put(tmp_path, "/precious", b"precious")
    link(tmp_path / "tree", "/usr/bin/tool", str(precious))
    with pytest.raises(AssertionError, match="outside"):
        put(tmp_path / "tree", "/usr/bin/tool", b"tool")
    assert precious.read_bytes() == b"precious"


def test_links_inside_are_followed(tmp_path):
    link(tmp_path, "/bin", "usr/bin")
    put(tmp_path, "/usr/bin/x", b"1")
    put(tmp_path, "/bin/x", b"2")
    assert (tmp_path / "usr/bin/x").read_bytes() == b"2"

"""Kubernetes refuses in its own form, and tells its version at one place.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.kubernetes import likely, recognise

REFUSED = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": 403,
           "reason": "Forbidden", "message": 'forbidden: User "system:anonymous" cannot get path "/"'}  # fmt: skip
VERSION = {
    "major": "1",
    "minor": "27",
    "gitVersion": "v1.27.3+k3s1",
    "gitCommit": "fe9604ca",
    "platform": "linux/amd64",
}


def test_a_refusal():
    named = seen(recognise, page("403 Forbidden", "", REFUSED))
    assert outcome(named) == ("http", "Kubernetes API", "")
    assert named.guarded
    assert likely(page("403 Forbidden", "", REFUSED))


def test_its_version():
    named = seen(recognise, page(body=VERSION, path="/version"))
    assert outcome(named) == ("http", "Kubernetes API", "1.27.3+k3s1")
    assert named.info == "linux/amd64"


@pytest.mark.parametrize("near", [page(body={"kind": "Status"}), page(body={"gitVersion": "v1"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None
    assert not likely(near)

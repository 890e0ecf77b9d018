"""MinIO names itself, with a request's number.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.minio import recognise


def test_a_refusal():
    named = seen(
        recognise,
        page("403 Forbidden", "Server: MinIO\nX-Amz-Request-Id: 17A", "<Error><Code>AccessDenied</Code></Error>"),
    )
    assert outcome(named) == ("http", "MinIO", "")
    assert named.guarded


def test_old_ones_tell_their_release():
    named = seen(recognise, page(headers="Server: MinIO/RELEASE.2020-01-03T19-12-21Z\nX-Amz-Request-Id: 17A"))
    assert outcome(named) == ("http", "MinIO", "RELEASE.2020-01-03T19-12-21Z")


@pytest.mark.parametrize("near", [page(headers="Server: MinIO"), page(headers="X-Amz-Request-Id: 17A"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

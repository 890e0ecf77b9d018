"""Proxmox is known by its server and its title.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.proxmox import recognise


@pytest.mark.parametrize(
    ("headers", "body", "name"),
    [
        (
            "Server: pve-api-daemon/3.0",
            "<title>n1 - Proxmox Virtual Environment</title>",
            "Proxmox Virtual Environment",
        ),
        ("", "<title>n1 - Proxmox Backup Server</title>\nProxmox = {\n", "Proxmox Backup Server"),
    ],
)
def test_its_page(headers, body, name):
    named = seen(recognise, page(headers=headers, body=body))
    assert outcome(named) == ("http", name, "")
    assert named.facts == (("instance", "n1"),)


@pytest.mark.parametrize(
    "near",
    [page(headers="Server: pve-api-daemon/3.0"), page(body="<title>x - Proxmox Virtual Environment</title>"), BLOG],
)
def test_what_is_near(near):
    assert recognise(near) is None

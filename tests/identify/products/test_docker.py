"""Docker's API tells its version; Podman's says that it is Podman's."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.docker import likely, recognise

VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux", "Arch": "amd64",
           "KernelVersion": "6.1.0"}  # fmt: skip


@pytest.mark.parametrize(
    ("server", "name"), [("Docker/20.10.24 (linux)", "Docker"), ("Libpod/4.3.1 (linux)", "Podman"), ("x", "Docker")]
)
def test_its_version(server, name):
    named = seen(recognise, page(headers=f"Server: {server}", body=VERSION, path="/version", port=2375))
    assert outcome(named) == ("docker", name, "20.10.24")
    assert named.info == "API 1.41"


def test_its_headers():
    found = page("404 Not Found", "Server: Docker/20.10.24 (linux)\nApi-Version: 1.41", {"message": "page not found"})
    assert outcome(recognise(found)) == ("docker", "Docker", "20.10.24")
    assert likely(found)
    assert likely(page("404 Not Found", "X-Content-Type-Options: nosniff", "Not Found\n"))
    assert not likely(BLOG)


@pytest.mark.parametrize("near", [page(headers="Server: Docker/20.10"), page(body={"ApiVersion": "1.41"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

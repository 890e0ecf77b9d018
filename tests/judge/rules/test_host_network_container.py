"""A container on the host's network is a remark; one with a network of its own is none."""

from __future__ import annotations

import pytest
from tests.judge.builders import BOX, facts, heard, opening, owner, stray

from hb_engine.judge.rules import host_network_container as rule
from hb_engine.model.opening import Netns
from hb_engine.model.owner import Container
from hb_engine.model.record import replace

BOXED = stray("/app/server", container=BOX)


@pytest.mark.parametrize(
    ("box", "name"),
    [
        (BOX, "shop-cache-1"),
        (replace(BOX, name="", pod="kube-system/proxy"), "kube-system/proxy"),
        (Container("podman", "ab" * 32), "abababababab"),
    ],
)
def test_it_speaks(box, name):
    it = opening(8000, replace(BOXED, container=box))
    assert heard(rule, it) == [("info", f"the container {name} listens on the host's own network")]


@pytest.mark.parametrize(
    "it",
    [
        opening(8000, BOXED, netns=Netns(7, "shop", "container")),
        opening(8000, BOXED, scope="loopback"),
        opening(8000, BOXED, flags=("not-listening",)),
        opening(51234, BOXED, transport="udp", kind="bound", ephemeral=True),
        opening(8080, owner("/usr/bin/docker-proxy")),
        opening(8000, owners=(), container=BOX),
    ],
)
def test_it_is_silent(it):
    assert heard(rule, it) == []


def test_it_names_the_image():
    (reason,) = rule.judge(facts(opening(8000, BOXED)))
    assert reason.evidence[0].endswith("of docker shop-cache-1, image docker.io/library/redis:7")
    (bare,) = rule.judge(facts(opening(8000, replace(BOXED, container=Container("lxc", "web")))))
    assert bare.evidence[0].endswith("of lxc web")

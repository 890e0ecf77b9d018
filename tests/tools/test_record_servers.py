"""What is recorded of servers is theirs, as the host's own, and nothing that differs from run to run."""

from __future__ import annotations

import os

from tests.baseline.seen import SSH, WEB, inventory, owner

from hb_engine.faces.export import documents
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace
from hb_engine.wire.inventory_json import inventory as read
from tools import record_servers


def seen(*openings):
    import json

    return json.loads(documents.inventory(inventory(*openings)))


def test_only_the_servers_namespaces_and_own_ports_are_kept():
    away = Netns(7, "cell", "named")
    mine = replace(WEB, netns=away, owners=(owner(cmdline=("nginx",)), owner(pid=2), owner(pid=3)))
    beds = replace(WEB, netns=away, port=40443)
    chosen = replace(beds, ephemeral=True)
    found = record_servers.told(seen(mine, beds, chosen, SSH), {7})
    assert [one["key"] for one in found["openings"]] == [
        "tcp/public/443/unit:nginx.service/host", "tcp/public/ephemeral/unit:nginx.service/host",
    ]  # fmt: skip
    kept = read(found)
    assert kept.host.name == "servers"
    assert (kept.openings[0].netns.kind, len(kept.openings[0].owners)) == ("host", 2)
    assert (kept.openings[0].owners[0].cmdline, kept.openings[0].owners[0].parents) == ((), ())


def test_descendants_are_found():
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    os.close(reader)
    try:
        assert pid in record_servers.below(os.getpid())
    finally:
        os.close(writer)
        os.waitpid(pid, 0)
    assert pid not in record_servers.below(os.getpid())
    assert record_servers.below(0) == []


def test_every_server_that_is_recorded_is_in_the_bed():
    servers = os.path.join(
        os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "bench/testbed/servers"
    )
    assert {f"{name}.py" for name in record_servers.UNITS} <= set(os.listdir(servers))

"""Openings and machines for what baselines are asked of: ordinary servers, and those that only look like them."""

from __future__ import annotations

from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner, Package

NOW = 1795356311.0  # 2026-11-22 14:05:11 UTC
DAY = 86400.0
HOME = Netns(4026531840)
HOST = Host("web-17", "Debian GNU/Linux 12 (bookworm)", machine="m1", os="debian-12", addresses=("192.0.2.17",))


def pkg(name, version="1.0", verified=True):
    return Package(name, version, "dpkg", verified)


def owner(exe="/usr/sbin/nginx", package="nginx", unit="nginx.service", **more):
    fields = {"pid": 100, "comm": (exe or "").rpartition("/")[2][:15], "user": "root", "uid": 0, **more}
    return Owner(exe=exe, package=pkg(package) if package else None, unit=unit, **fields)


def opening(port=443, *owners, transport="tcp", scope="public", **more):
    address = {"public": "0.0.0.0", "private": "10.0.0.5", "link": "169.254.1.1", "loopback": "127.0.0.1"}[scope]
    fields = {"kind": "listener" if transport == "tcp" else "bound", "netns": HOME, **more}
    return Opening(
        transport=transport, port=port, addresses=(address,), families=("ipv4",), scope=scope, owners=owners, **fields
    )


SSH = opening(22, owner("/usr/sbin/sshd", "openssh-server", "ssh.service"))
WEB = opening(443, owner())
DB = opening(5432, owner("/usr/lib/postgresql/15/bin/postgres", "postgresql-15", "postgresql@15-main.service",
                         user="postgres", uid=105), scope="loopback")  # fmt: skip


def inventory(*openings, host=HOST, at=NOW, privileged=True):
    return Inventory(host, at, Coverage(privileged, ("sock_diag tcp", "dpkg")), tuple(openings))

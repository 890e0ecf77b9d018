"""Zabbix's agent, open to all who ask."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

ZABBIX = Listen(10050, ("zabbix-agent", "zabbix"), product="Zabbix", reveals="upstream")
SERVER = Server(packages=("zabbix-agent",), listens=(ZABBIX, ZABBIX.also(20050)))


def start(place: Place) -> None:
    """One process a port."""
    for port in (10050, 20050):
        lines = ["Server=0.0.0.0/0", "LogType=console", f"ListenPort={port}", f"PidFile=/run/{port}.pid", "AllowRoot=1"]
        file = place.write(f"{port}.conf", "\n".join([*lines, "Hostname=zabbix", "StartAgents=2", ""]))
        place.spawn("zabbix_agentd", "-f", "-c", file)

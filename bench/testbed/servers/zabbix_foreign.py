"""Zabbix's agent that answers another server only: it hangs up on everybody else."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

ZABBIX = Listen(10050, (), tolerated=("zabbix-agent", "zabbix", "tcpwrapped"))
SERVER = Server(packages=("zabbix-agent",), listens=(ZABBIX,))


def start(place: Place) -> None:
    """Its server has an address that nobody has (RFC 5737)."""
    lines = [
        "Server=192.0.2.1",
        "LogType=console",
        "PidFile=/run/zabbix.pid",
        "AllowRoot=1",
        "Hostname=zabbix",
        "StartAgents=2",
    ]
    place.spawn("zabbix_agentd", "-f", "-c", place.write("zabbix.conf", "\n".join(lines) + "\n"))

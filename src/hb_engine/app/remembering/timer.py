"""How a machine has itself looked at every five minutes: a systemd service with its timer, and a line for cron.

Text only: hb installs nothing. The service is closed off as far as a look allows (systemd.exec(5)): it reads /proc and
enters network namespaces, so it keeps the capabilities for that and the host's own view, and may write its folder only.
"""

from __future__ import annotations

import os
import sys

from hb_engine.model.record import record

MINUTES = 5
SERVICE = """\
[Unit]
Description=hb: keep a look at what is open on this machine

[Service]
Type=oneshot
ExecStart={command} record --quiet
StateDirectory=hb-engine
StateDirectoryMode=0700
CacheDirectory=hb-engine
Environment=HB_HISTORY=/var/lib/hb-engine/history.db XDG_CACHE_HOME=/var/cache
UMask=0077
Nice=10
IOSchedulingClass=idle
TimeoutStartSec=2min
CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_SYS_ADMIN CAP_NET_ADMIN CAP_BPF CAP_PERFMON
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
PrivateDevices=yes
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6 AF_PACKET
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service setns bpf
"""
TIMER = """\
[Unit]
Description=hb: keep a look every {minutes} minutes

[Timer]
OnBootSec=1min
OnCalendar=*:0/{minutes}
RandomizedDelaySec=20
Persistent=no

[Install]
WantedBy=timers.target
"""


@record
class Timer:
    """The two files, by the names that they go under, and the line for cron."""

    service: str
    timer: str
    cron: str
    folder: str = "/etc/systemd/system"
    name: str = "hb-record"


def timer(command: str = "") -> Timer:
    """The files for a command, the one that runs now where none is given."""
    words = command or own_command()
    return Timer(
        SERVICE.format(command=_for_systemd(words)),
        TIMER.format(minutes=MINUTES),
        f"*/{MINUTES} * * * * root {words.replace('%', chr(92) + '%')} record --quiet",
    )


def own_command() -> str:
    """How this hb is called by an absolute path; hb found on PATH where that cannot be told."""
    called = sys.argv[0] if sys.argv else ""
    if os.path.basename(called) in ("hb", "hb.pyz") and os.path.exists(called):
        return os.path.abspath(called)
    starter = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 4, "hb"))
    return starter if os.path.isfile(starter) else "/usr/bin/hb"


def _for_systemd(path: str) -> str:
    """A path as ExecStart takes it: % and $ doubled, in quotes where there are blanks (systemd.service(5))."""
    text = path.replace("%", "%%").replace("$", "$$")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if any(c in text for c in " \t\"'\\;") else text

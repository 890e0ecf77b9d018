"""UDP: a thousand datagrams for one."""

from __future__ import annotations


def peer(server, data, sender, seen):
    for number in range(1000):
        server.sendto(b"answer %d" % (number // 500), sender)
        seen.sent += 1

"""Real sweeps for tests: outcomes made, an engine run over them, and what it said, in words."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import time

from hb_engine.scan import plain
from hb_engine.scan.board import meaning
from hb_engine.scan.hosts import Outcome, Target
from hb_engine.scan.job import Job
from hb_engine.scan.pace import Limits

LINK = (("10.77.0.1/24", "10.77.0.2/24"), ("fd77::1/64", "fd77::2/64"))
V4, V6 = "10.77.0.2", "fd77::2"


def outcome(text, zone=0):
    return Outcome(Target(ipaddress.ip_address(text).packed, text, (), zone), 0.0)


def job(ports, transport="tcp", **others):
    clock = others.pop("clock", time.monotonic)
    return Job(transport, tuple(ports), others.pop("limits", Limits()), 5, clock, os.urandom, **others)


def swept(engine, texts, ports, *, zone=0, transport="tcp", **others):
    """Outcomes of a sweep by "packet" or "connect", and what was told of it."""
    outcomes = [outcome(text, zone) for text in texts]
    told = sweeper(engine)(outcomes, job(ports, transport, **others))
    return outcomes, told


def sweeper(engine):
    if engine == "connect":
        return plain.sweep
    from hb_engine.scan.linux import engine as packets  # Linux only

    return packets.sweep


def states(one, transport="tcp"):
    """Ports by state and reason."""
    found: dict[tuple[str, str], list[int]] = {}
    ports, codes = one.rows[transport]
    for port, code in zip(ports, codes, strict=True):
        found.setdefault(meaning(code, transport), []).append(port)
    return {words: sorted(ports) for words, ports in found.items()}


def pair(network, ports=(22, 80, 443)):
    """Namespaces a and b with a link between them, and listeners in b."""
    network.add("a", "b")
    network.join("a", "v0", "b", "v1", *LINK)
    if ports:
        network.listen("b", ports)


def no_limits(network, name):
    """Have a namespace's kernel send as many errors of ICMP as it is asked for, where it lets us."""
    for key, value in (
        ("net.ipv4.icmp_ratelimit", "0"), ("net.ipv6.icmp.ratelimit", "0"),
        ("net.ipv4.icmp_msgs_per_sec", "100000"), ("net.ipv4.icmp_msgs_burst", "10000"),
    ):  # fmt: skip
        with contextlib.suppress(AssertionError):  # the last two are the whole machine's before Linux 6.18
            network.set(name, key, value)

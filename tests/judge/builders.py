"""Openings, owners and packages in a few words, for tests of the judge: ordinary, unless a test names what is odd."""

from __future__ import annotations

from typing import Any

from hb_engine.judge.kit import Facts
from hb_engine.model.answer import Answer
from hb_engine.model.assignment import Threat
from hb_engine.model.identity import Certificate, Identity, Tls
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Container, Owner, Package
from hb_engine.model.record import replace

HOST = Netns(4026531840)
NOW = 1_795_000_000
BOX = Container("docker", "4f1d" * 16, name="shop-cache-1", image="docker.io/library/redis:7")
WIDE = {"loopback": "127.0.0.1", "link": "fe80::1", "private": "192.168.1.7", "public": "0.0.0.0"}


def package(name: str = "nginx-common", **changes: Any) -> Package:
    return replace(Package(name, "1.22.1-9", "dpkg", verified=True), **changes)


def owner(exe: str | None = "/usr/sbin/nginx", **changes: Any) -> Owner:
    """A packaged process that runs as root; comm and cmdline follow from its file unless they are given."""
    name = (exe or "unread").rpartition("/")[2]
    made = Owner(
        4117, comm=name[:15], exe=exe, cmdline=(exe,) if exe else (), uid=0, user="root", package=package(f"{name}-pkg")
    )
    return replace(made, **changes)


def stray(exe: str | None = "/srv/app/server", **changes: Any) -> Owner:
    """A process that runs a file of no package."""
    return owner(exe, package=None, **changes)


def opening(port: int | None = 80, *owners: Owner, scope: str = "public", **changes: Any) -> Opening:
    """A TCP listener of some owners, nginx unless others are given."""
    made = Opening(
        "listener",
        "tcp",
        port,
        (WIDE[scope],),
        ("ipv4",),
        scope,
        HOST,
        owners=owners or (owner(),),
        inodes=(1000,),
    )
    return replace(made, **changes)


def facts(of: Opening, **changes: Any) -> Facts:
    """Facts of a machine whose packages were asked, looked at by root."""
    made = Facts(of, packages_asked=True, coverage=Coverage(privileged=True), now=float(NOW))
    return replace(made, **changes)


def answer(name: str = "http", *, held: str = "unregistered", mismatch: str = "", **identity: Any) -> Answer:
    """An answer of an open port behind which a service was named; further words are of its Identity."""
    return Answer("tcp", 80, "open", "syn-ack", identity=Identity(name, **identity), held=held, mismatch=mismatch)


def tls(*versions: str, how: str = "implicit", **changes: Any) -> Tls:
    """TLS of which these versions were seen to be accepted, the oldest first."""
    return replace(Tls(versions[-1] if versions else "", "", "", how, versions), **changes)


def certificate(**changes: Any) -> Certificate:
    """An ordinary certificate, valid for 90 days, of which 60 are left at the time of facts()."""
    made = Certificate(
        "CN=www.example.org",
        "CN=R11, O=Let's Encrypt",
        ("www.example.org",),
        NOW - 30 * 86400,
        NOW + 60 * 86400,
        key="EC P-256",
        signature="sha256WithRSAEncryption",
    )
    return replace(made, **changes)


def threat(name: str = "Exploiter", port: int = 1703, **changes: Any) -> Threat:
    made = Threat(name, "tcp", port, port, "trojan", "listen", "medium", "an old list")
    return replace(made, **changes)


def heard(rule: Any, of: Opening, **changes: Any) -> list[tuple[str, str]]:
    """What a rule module says of an opening: pairs of severity and text."""
    return [(reason.severity, reason.text) for reason in rule.judge(facts(of, **changes))]


def severities(rule: Any, of: Opening, **changes: Any) -> list[str]:
    return [severity for severity, _ in heard(rule, of, **changes)]

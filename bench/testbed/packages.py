"""What the test bed needs of Debian: which packages are missing, how they are installed, which versions there are.

Every package that cannot be had is named with apt's reason; nothing is dropped in silence. Packages that exclude one
another (mail and FTP servers) are not installed: they are downloaded and unpacked into a cache, and laid over the one
server's file system that asked for them. Nothing starts by itself: a policy-rc.d that refuses is put up for the time of
an installation where there is none.
"""

from __future__ import annotations

import contextlib
import glob
import os
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.testbed.kit import Server

TOOLS = ("nmap", "iproute2", "util-linux", "openssl")  # what the bed itself runs
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=5", "-y", "-qq", "--no-install-recommends"]
POLICY = "/usr/sbin/policy-rc.d"
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "hb-testbed")


def wanted(servers: Iterable[Server]) -> list[str]:
    """All packages to install, each once, in order."""
    return list(dict.fromkeys([*TOOLS, *(package for server in servers for package in server.packages)]))


def installed(names: Iterable[str]) -> dict[str, str]:
    """Those that are installed, with their versions."""
    asked = list(names)
    if not asked:
        return {}
    form = "${Package}\t${db:Status-Status}\t${Version}\n"
    done = subprocess.run(["dpkg-query", "-W", "-f", form, *asked], capture_output=True, text=True, check=False)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: version for name, status, version in rows if status == "installed"}


def install(names: Iterable[str]) -> dict[str, str]:
    """Install what is missing: all at once, and where apt refuses that, one by one. Reasons by package that failed."""
    asked = list(names)
    missing = [name for name in asked if name not in installed(asked)]
    if not missing:
        return {}
    with _nothing_starts():
        if not _apt("install", *missing):
            return {}
        reasons = {name: _apt("install", name) for name in missing}
    return {name: reason for name, reason in reasons.items() if reason}


def unpack(name: str) -> str:
    """The folder with a package's files, downloaded if it is not there yet. Raises RuntimeError with apt's reason."""
    folder = os.path.join(CACHE, name)
    if os.path.exists(os.path.join(folder, "VERSION")):
        return folder
    os.makedirs(folder, exist_ok=True)
    reason = _apt("download", name, folder=folder)
    archives = glob.glob(os.path.join(folder, "*.deb"))
    if reason or not archives:
        raise RuntimeError(f"{name} cannot be downloaded: {reason}")
    subprocess.run(["dpkg-deb", "-x", archives[0], folder], check=True)
    asked = subprocess.run(["dpkg-deb", "-f", archives[0], "Version"], capture_output=True, text=True, check=True)
    os.unlink(archives[0])
    with open(os.path.join(folder, "VERSION"), "w", encoding="utf-8") as file:
        file.write(asked.stdout)
    return folder


def version_unpacked(name: str) -> str:
    """The version of an unpacked package."""
    with open(os.path.join(CACHE, name, "VERSION"), encoding="utf-8") as file:
        return file.read().strip()


def _apt(verb: str, *names: str, folder: str | None = None) -> str:
    """Run apt-get; its reason, if it failed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        [*APT, verb, *names], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    errors = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return "" if done.returncode == 0 else " ".join(errors) or f"apt-get ended with {done.returncode}"


@contextlib.contextmanager
def _nothing_starts() -> Iterator[None]:
    if os.path.exists(POLICY):
        yield
        return
    with open(POLICY, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 101\n")
    os.chmod(POLICY, 0o755)  # noqa: S103 -- it is a script
    try:
        yield
    finally:
        os.unlink(POLICY)

"""OpenSSH, sshd(8), on its own port and far from it."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SSH = Listen(22, ("ssh",), product="OpenSSH", reveals="upstream")
SERVER = Server(packages=("openssh-server",), listens=(SSH, SSH.also(40022)))


def start(place: Place) -> None:
    """One sshd, two ports."""
    key = place.path("key")
    place.run("ssh-keygen", "-qN", "", "-t", "ed25519", "-f", key)
    place.make("/run/sshd")
    ports = ["-p", "22", "-p", "40022"]
    place.spawn("/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", key, *ports, "-o", "PidFile=none")

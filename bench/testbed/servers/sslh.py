"""sslh(8): SSH, HTTP and TLS on one port, told apart by what the client says first."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

BOTH = Listen(443, ("ssh", "http", "https"), reveals="upstream", behind=("openssh-server", "lighttpd"))
SERVER = Server(packages=("sslh", "openssh-server", "lighttpd"), listens=(BOTH, BOTH.also(40444)))


def start(place: Place) -> None:
    """What stands behind has loopback only. Who says nothing for two seconds gets SSH."""
    key = place.path("key")
    place.run("ssh-keygen", "-qN", "", "-t", "ed25519", "-f", key)
    place.make("/run/sshd")
    place.spawn(
        "/usr/sbin/sshd",
        "-D",
        "-e",
        "-f",
        "/dev/null",
        "-h",
        key,
        "-o",
        "ListenAddress=127.0.0.1",
        "-o",
        "PidFile=none",
    )
    web = 'server.port = 80\nserver.bind = "127.0.0.1"\nserver.document-root = "/tmp"\n'
    place.spawn("lighttpd", "-D", "-f", place.write("lighttpd.conf", web))
    ends = ["--ssh", "127.0.0.1:22", "--http", "127.0.0.1:80", "--on-timeout", "ssh", "--timeout", "2"]
    place.spawn("sslh-select", "-f", "-n", "-p", f"{place.address}:443", "-p", f"{place.address}:40444", *ends)

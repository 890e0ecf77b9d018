"""xrdp(8): RDP."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

RDP = Listen(3389, ("ms-wbt-server", "rdp"), product="xrdp")
SERVER = Server(packages=("xrdp",), listens=(RDP, RDP.also(43389)))


def start(place: Place) -> None:
    """Its own configuration, with another certificate. One process a port."""
    certificate, key = place.certificate()
    with open("/etc/xrdp/xrdp.ini", encoding="utf-8") as file:
        text = file.read()
    text = text.replace("certificate=\n", f"certificate={certificate}\n").replace("key_file=\n", f"key_file={key}\n")
    place.make("/run/xrdp")
    place.run("xrdp-keygen", "xrdp", "/etc/xrdp/rsakeys.ini")
    for port in ("3389", "43389"):
        file_of_port = place.write(f"{port}.ini", text.replace("port=3389\n", f"port={port}\n"))
        place.spawn(
            "unshare", "--mount", "sh", "-c", f"mount -t tmpfs run /run && exec xrdp --nodaemon --config {file_of_port}"
        )

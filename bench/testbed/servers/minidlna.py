"""MiniDLNA: UPnP over HTTP; its Server header has its version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(8200, ("upnp", "http"), product="MiniDLNA", reveals="upstream")
SERVER = Server(packages=("minidlna",), listens=(HTTP,))


def start(place: Place) -> None:
    """No media."""
    place.make("/run/minidlna")
    media, folder = place.make("media"), place.make("/tmp/minidlna")
    lines = [f"media_dir={media}", f"db_dir={folder}", f"log_dir={folder}", "port=8200", "network_interface=eth0"]
    file = place.write("minidlna.conf", "\n".join([*lines, "inotify=no", "friendly_name=testbed", ""]))
    place.spawn("minidlnad", "-S", "-f", file, "-P", "/run/minidlna/pid")

"""TigerVNC: RFB without a password, and with one far from its port."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

VNC = Listen(5900, ("vnc",))
SERVER = Server(packages=("tigervnc-standalone-server", "tigervnc-tools"), listens=(VNC, VNC.also(45900)))


def start(place: Place) -> None:
    """Two displays."""
    place.make("/tmp/.X11-unix", mode=0o1777)
    screen = ["-geometry", "64x64", "-depth", "16"]
    place.spawn("Xtigervnc", ":8", "-rfbport", "5900", "-SecurityTypes", "None", *screen)
    secret = place.path("secret")
    place.run("sh", "-c", f"tigervncpasswd -f > {secret}", data="nobody-has-this\n")
    place.spawn("Xtigervnc", ":9", "-rfbport", "45900", "-SecurityTypes", "VncAuth", "-PasswordFile", secret, *screen)

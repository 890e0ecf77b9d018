"""X11 over TCP: open to all (-ac), whose release number is 1.VERSION, and closed."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

OPEN = Listen(6009, ("X11", "x11"), product="X.Org", reveals="1.{}")
SERVER = Server(packages=("xvfb",), listens=(OPEN, Listen(6010, ("X11", "x11")), OPEN.also(36000)))


def start(place: Place) -> None:
    """Display n is port 6000 + n."""
    place.make("/tmp/.X11-unix", mode=0o1777)
    screen = ["-listen", "tcp", "-nolisten", "unix", "-screen", "0", "64x64x16"]
    place.spawn("Xvfb", ":9", "-ac", *screen)
    place.spawn("Xvfb", ":10", *screen)
    place.spawn("Xvfb", ":30000", "-ac", *screen)

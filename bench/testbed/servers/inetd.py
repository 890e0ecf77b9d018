"""The internal services of inetd: echo, discard, chargen, daytime and time (RFC 862 to 868)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

ECHO = Listen(7, ("echo",))
DAYTIME = Listen(13, ("daytime",))
CHARGEN = Listen(19, ("chargen",))
TIME = Listen(37, ("time",))
DISCARD = Listen(9, (), tolerated=("discard",))  # takes everything, says nothing
SERVER = Server(
    packages=("inetutils-inetd",),
    listens=(ECHO, ECHO.over("udp"), DISCARD, DAYTIME, DAYTIME.over("udp"), CHARGEN, TIME, TIME.over("udp")),
)


def start(place: Place) -> None:
    """Internal services only."""
    kinds = {"tcp": "stream tcp nowait", "udp": "dgram udp wait"}
    lines = [f"{port.port} {kinds[port.transport]} root internal {NAMES[port.port]}\n" for port in SERVER.listens]
    place.write("/etc/services", "".join(f"{name} {port}/{over}\n" for port, name in NAMES.items() for over in kinds))
    lines = [line.replace(line.split()[0], NAMES[int(line.split()[0])], 1) for line in lines]
    place.spawn("inetutils-inetd", "-d", place.write("inetd.conf", "".join(lines)))


NAMES = {7: "echo", 9: "discard", 13: "daytime", 19: "chargen", 37: "time"}

"""p910nd(8), a raw print server: whatever arrives is printed. The printer here is a file, and it must stay empty."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

PRINTER = Listen(9100, (), untouched="printed", tolerated=("jetdirect", "hp-pdl-datastr", "pdl-datastream", "printer"))
SERVER = Server(
    packages=("p910nd",), listens=(PRINTER, Listen(9101, (), untouched="printed.1", tolerated=("jetdirect", "printer")))
)


def start(place: Place) -> None:
    """Port 9100 + n."""
    place.make("/var/lock/p910nd")
    for number, name in enumerate(("printed", "printed.1")):
        place.spawn("p910nd", "-d", "-f", place.write(name, ""), str(number))

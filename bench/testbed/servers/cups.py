"""CUPS, cupsd(8): two numbers of its version in Server."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IPP = Listen(631, ("ipp", "http"), product="CUPS", reveals="minor")
SERVER = Server(packages=("cups-daemon",), listens=(IPP, IPP.also(40631)))

CONFIGURATION = """
Listen 0.0.0.0:631
Listen 0.0.0.0:40631
ServerAlias *
DefaultAuthType None
WebInterface No
Browsing No
<Location />
  Order allow,deny
  Allow all
</Location>
"""

FILES = """
FileDevice No
SystemGroup root
AccessLog stderr
ErrorLog stderr
PageLog stderr
"""


def start(place: Place) -> None:
    """No printers. Its paths are below this cell's own /etc and /var."""
    place.make("/run/cups")
    place.write("/etc/cups/cups-files.conf", FILES)
    place.write("/etc/cups/cupsd.conf", CONFIGURATION)
    place.spawn("cupsd", "-f")

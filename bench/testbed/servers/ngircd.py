"""ngIRCd, ngircd.conf(5): to a stranger who has not registered it tells no version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IRC = Listen(6667, ("irc",), product="ngircd")
SERVER = Server(packages=("ngircd",), listens=(IRC, IRC.also(46667)))

CONFIGURATION = """
[Global]
Name = irc.testbed.invalid
Info = test bed
Listen = 0.0.0.0
Ports = 6667, 46667
ServerUID = irc
ServerGID = irc
[Options]
Ident = no
PAM = no
DNS = no
"""


def start(place: Place) -> None:
    """No ident, no DNS: nobody answers either here."""
    place.spawn("ngircd", "-n", "-f", place.write("ngircd.conf", CONFIGURATION))

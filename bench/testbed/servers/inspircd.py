"""InspIRCd, inspircd(1)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IRC = Listen(6667, ("irc",), product="InspIRCd")
SERVER = Server(packages=("inspircd",), listens=(IRC, IRC.also(46668)))

CONFIGURATION = """
<server name="irc.testbed.invalid" description="test bed" network="testbed" id="97K">
<admin name="nobody" nick="nobody" email="nobody@testbed.invalid">
<bind address="" port="6667" type="clients">
<bind address="" port="46668" type="clients">
<connect allow="*" resolvehostnames="no">
<pid file="/run/inspircd/pid">
<log method="file" target="/dev/stderr" type="* -USERINPUT -USEROUTPUT" level="default">
"""


def start(place: Place) -> None:
    """One server, two ports."""
    place.make("/run/inspircd", user="irc")
    file = place.write("inspircd.conf", CONFIGURATION)
    place.spawn("inspircd", "--nofork", "--nolog", "--config", file, user="irc")

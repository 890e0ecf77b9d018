"""Icecast, icecast2(1)."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

HTTP = Listen(8000, ("http",), product="Icecast", reveals="upstream")
SERVER = Server(packages=("icecast2",), listens=(HTTP, HTTP.also(48000)))

CONFIGURATION = """<icecast>
<authentication><source-password>none</source-password><admin-user>admin</admin-user>
<admin-password>nobody-has-this</admin-password></authentication>
<hostname>icecast.testbed.invalid</hostname>
<listen-socket><port>8000</port></listen-socket>
<listen-socket><port>48000</port></listen-socket>
<paths><basedir>/usr/share/icecast2</basedir><logdir>/tmp</logdir><webroot>/usr/share/icecast2/web</webroot>
<adminroot>/usr/share/icecast2/admin</adminroot></paths>
<logging><accesslog>-</accesslog><errorlog>-</errorlog><loglevel>2</loglevel></logging>
</icecast>
"""


def start(place: Place) -> None:
    """No streams. It refuses to run as root."""
    place.spawn("icecast2", "-c", place.write("icecast.xml", CONFIGURATION), user="icecast2")

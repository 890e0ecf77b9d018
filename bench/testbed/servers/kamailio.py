"""Kamailio, kamailio(8): SIP over UDP and TCP; its Server header has the version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

SIP = Listen(5060, ("sip", "sip-proxy"), product="Kamailio", reveals="upstream")
SERVER = Server(packages=("kamailio",), listens=(SIP, SIP.over("udp"), SIP.also(45060), SIP.also(45060).over("udp")))

CONFIGURATION = """#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
server_signature=yes
listen=udp:{address}:5060
listen=tcp:{address}:5060
listen=udp:{address}:45060
listen=tcp:{address}:45060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
request_route {{
  sl_send_reply("404", "Nobody Here");
}}
"""


def start(place: Place) -> None:
    """Whatever is asked, nobody is here."""
    place.make("/run/kamailio")
    file = place.write("kamailio.cfg", CONFIGURATION.format(address=place.address))
    place.spawn("kamailio", "-DD", "-E", "-m", "8", "-M", "2", "-f", file, "-Y", "/run/kamailio")

"""Prosody: XMPP for clients and servers; its stream header has no version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

XMPP = Listen(5222, ("xmpp", "jabber", "xmpp-client"), product="Prosody")
SERVER = Server(
    packages=("prosody",),
    listens=(
        XMPP,
        Listen(5269, ("xmpp", "jabber", "xmpp-server"), product="Prosody"),
        Listen(5223, ("xmpp", "jabber", "xmpp-client"), product="Prosody", tls=True),
        XMPP.also(45222),
    ),
)

CONFIGURATION = """
pidfile = "/run/prosody/prosody.pid"
data_path = "/tmp/prosody"
daemonize = false
modules_enabled = {{ "tls", "saslauth", "disco", "posix", "dialback", "version" }}
c2s_ports = {{ 5222, 45222 }}
c2s_direct_tls_ports = {{ 5223 }}
interfaces = {{ "0.0.0.0" }}
certificates = "/mnt"
ssl = {{ certificate = "{certificate}", key = "{key}" }}
c2s_direct_tls_ssl = {{ certificate = "{certificate}", key = "{key}" }}
log = {{ info = "*console" }}
VirtualHost "localhost"
VirtualHost "{address}"
"""


def start(place: Place) -> None:
    """A host by the name of the address, since strangers know no other."""
    certificate, key = place.certificate()
    place.make("/run/prosody", user="prosody")
    place.make("/tmp/prosody", user="prosody")
    text = CONFIGURATION.format(address=place.address, certificate=certificate, key=key)
    place.spawn("prosody", "-F", "--config", place.write("prosody.cfg.lua", text), user="prosody")

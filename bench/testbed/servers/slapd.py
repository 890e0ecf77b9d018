"""OpenLDAP, slapd(8): its root DSE has no version. In clear and inside TLS."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

LDAP = Listen(389, ("ldap",), product="OpenLDAP")
SERVER = Server(
    packages=("slapd",),
    listens=(LDAP, Listen(636, ("ldap", "ldaps"), product="OpenLDAP", tls=True), LDAP.also(40389)),
)

CONFIGURATION = """
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
database mdb
suffix "dc=testbed,dc=invalid"
directory {folder}
"""


def start(place: Place) -> None:
    """An empty database of its own."""
    certificate, key = place.certificate()
    folder = place.make("database")
    file = place.write("slapd.conf", CONFIGURATION.format(certificate=certificate, key=key, folder=folder))
    place.spawn("slapd", "-d", "0", "-h", "ldap://:389 ldap://:40389 ldaps://:636", "-f", file)

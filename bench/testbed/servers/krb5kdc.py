"""MIT Kerberos, krb5kdc(8), over UDP and TCP."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

KERBEROS = Listen(88, ("kerberos-sec", "kerberos"))
SERVER = Server(
    packages=("krb5-kdc", "krb5-user"),
    listens=(KERBEROS, KERBEROS.over("udp"), KERBEROS.also(40088), KERBEROS.also(40088).over("udp")),
)

CLIENT = """
[libdefaults]
default_realm = TESTBED.INVALID
"""
CONFIGURATION = """
[kdcdefaults]
kdc_listen = 88, 40088
kdc_tcp_listen = 88, 40088
[realms]
TESTBED.INVALID = {
  database_name = /tmp/kdc/principal
  key_stash_file = /tmp/kdc/stash
}
"""


def start(place: Place) -> None:
    """An empty realm."""
    place.make("/tmp/kdc")
    place.write("/etc/krb5.conf", CLIENT)
    environment = {"KRB5_KDC_PROFILE": place.write("kdc.conf", CONFIGURATION)}
    place.run("kdb5_util", "create", "-s", "-P", "nobody-has-this", "-r", "TESTBED.INVALID", environment=environment)
    place.spawn("krb5kdc", "-n", environment=environment)

"""strongSwan: IKE over UDP. It answers a first proposal, and refuses it."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

IKE = Listen(500, ("isakmp", "ike"), transport="udp")
SERVER = Server(packages=("strongswan-starter", "strongswan-charon"), listens=(IKE,))

CONFIGURATION = """
conn any
  left=%any
  right=%any
  authby=secret
  keyexchange=ike
  auto=add
"""


def start(place: Place) -> None:
    """Anybody's proposal is looked at, and nobody has the secret."""
    place.write("/etc/ipsec.conf", CONFIGURATION)
    place.write("/etc/ipsec.secrets", ': PSK "nobody-has-this"\n', mode=0o600)
    place.spawn("ipsec", "start", "--nofork")

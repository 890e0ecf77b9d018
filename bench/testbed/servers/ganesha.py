"""NFS-Ganesha: NFS 3 and 4 with its mount protocol, registered with rpcbind."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

NFS = Listen(2049, ("nfs",))
SERVER = Server(
    packages=("nfs-ganesha", "nfs-ganesha-mem", "rpcbind"),
    listens=(NFS, NFS.over("udp"), Listen(111, ("rpcbind",)), Listen(20048, ("mountd",))),
)

CONFIGURATION = """
NFS_CORE_PARAM { NFS_Port = 2049; MNT_Port = 20048; Enable_NLM = false; Enable_RQUOTA = false; }
EXPORT { Export_Id = 1; Path = "/"; Pseudo = "/testbed"; Access_Type = RO; FSAL { Name = MEM; } }
"""


def start(place: Place) -> None:
    """An empty export that lives in memory."""
    place.make("/run/ganesha")
    place.make("/var/lib/nfs/ganesha")
    place.make("/run/rpcbind", user="_rpc")
    place.spawn("rpcbind", "-f", "-w")
    file = place.write("ganesha.conf", CONFIGURATION)
    place.spawn("ganesha.nfsd", "-F", "-L", "/dev/stderr", "-f", file, "-p", "/run/ganesha/pid")

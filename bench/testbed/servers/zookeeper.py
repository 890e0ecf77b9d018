"""ZooKeeper: of its four-letter words only srvr is allowed by default, and that has the version."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

ZOOKEEPER = Listen(2181, ("zookeeper",), product="ZooKeeper", reveals="upstream")
SERVER = Server(
    packages=("zookeeper", "default-jre-headless"), listens=(ZOOKEEPER, ZOOKEEPER.also(42181)), patience=120
)

CLASSES = "/etc/zookeeper/conf:/usr/share/java/*:/usr/share/zookeeper/*"


def start(place: Place) -> None:
    """One process a port, without the admin page."""
    for port in (2181, 42181):
        text = f"dataDir=/tmp/{port}\nclientPort={port}\nadmin.enableServer=false\ntickTime=2000\n"
        file = place.write(f"{port}.cfg", text)
        main = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
        place.spawn("java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CLASSES, main, file)

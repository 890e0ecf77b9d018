"""PostgreSQL: tells its version after authentication only."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

POSTGRESQL = Listen(5432, ("postgresql",), product="PostgreSQL")
SERVER = Server(packages=("postgresql-15",), listens=(POSTGRESQL, POSTGRESQL.also(45432)), patience=120)

PROGRAMS = "/usr/lib/postgresql/15/bin/"


def start(place: Place) -> None:
    """Two clusters, since a server has one port. Hosts other than this one have no entry in pg_hba.conf."""
    for port in (5432, 45432):
        data = place.make(f"/tmp/{port}", user="postgres", mode=0o700)
        place.run(
            f"{PROGRAMS}initdb",
            "-D",
            data,
            "--no-sync",
            "-A",
            "scram-sha-256",
            "--pwfile=/etc/hostname",
            user="postgres",
        )
        room = ["-c", "shared_buffers=8MB", "-c", "fsync=off", "-c", "unix_socket_directories=/tmp"]
        place.spawn(f"{PROGRAMS}postgres", "-D", data, "-h", "*", "-p", str(port), *room, user="postgres")

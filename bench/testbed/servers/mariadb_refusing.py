"""MariaDB that lets no host in: it answers with an error packet and hangs up; no version is told."""

from __future__ import annotations

from bench.testbed.kit import Listen, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bench.testbed.place import Place

MYSQL = Listen(3306, ("mysql",), product="MariaDB")
SERVER = Server(packages=("mariadb-server",), listens=(MYSQL,), patience=120)

ROOM = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--performance-schema=0"]


def start(place: Place) -> None:
    """Fresh databases know root@localhost alone, so a stranger's host has no account."""
    place.make("/run/mysqld", user="mysql")
    data = place.make("/tmp/mariadb", user="mysql")
    place.run("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=mysql", "--skip-test-db", *ROOM)
    place.spawn("mariadbd", "--no-defaults", f"--datadir={data}", "--user=mysql", "--bind-address=0.0.0.0", *ROOM)
